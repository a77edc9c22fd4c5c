#!/usr/bin/env bash
# Drives the review page in a browser. Needs node, npm and Chromium (Debian: nodejs npm chromium); says so and leaves
# where one is missing. tests/browser/run.sh [KANWU_BINARY] [FOLDER_FOR_SCREENSHOTS]
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
kanwu="$(realpath "${1:-$here/../../target/release/kanwu}")"
shots="${2:+$(realpath -m "$2")}"
export CHROMIUM="${CHROMIUM:-$(command -v chromium || command -v chromium-browser || true)}"
for tool in node npm "${CHROMIUM:-chromium}"; do
    if ! command -v "$tool" >/dev/null; then
        echo "browser tests skipped: there is no $tool"
        exit 0
    fi
done
cd "$here"
if [ ! -d node_modules/playwright-core ] && ! npm ci --no-audit --no-fund --silent; then
    echo "browser tests skipped: playwright-core cannot be installed"
    exit 0
fi
exec node run.mjs "$kanwu" $shots
