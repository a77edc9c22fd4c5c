#!/usr/bin/env bash
# Makes the tables of docs/QUALITY.md anew.
#
#   docs/quality.sh BENCH CASES
#
# BENCH is the folder of issues with planted defects (dev/input, dev/twin, dev/pure and score.py), CASES the folder of
# one-line cases with run.py. Neither is part of this repository; docs/QUALITY.md says what they are.
set -euo pipefail
bench=${1:?the folder of issues with planted defects} cases=${2:?the folder of cases}
cargo build --release --quiet
kanwu=target/release/kanwu
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

section() { printf '\n## %s\n\n```\n' "$1"; }
section "The real issue"
"$kanwu" clean --quiet input --output "$out/seed"
python3 "$bench/score.py" --seed-gold tests/seed/gold-dev.jsonl --source input/2019-10-23.md --out "$out/seed/2019-10-23"
printf '```\n'
section "Cases"
python3 "$cases/run.py" "$kanwu" || true
printf '```\n'
for set in input twin pure; do
  section "Planted defects: $set"
  "$kanwu" clean --quiet "$bench/dev/$set" --output "$out/$set"
  gold=$bench/dev/${set}_defects
  [ "$set" != input ] || gold=$bench/dev/defects
  python3 "$bench/score.py" --gold "$gold" --input "$bench/dev/$set" --out "$out/$set"
  printf '```\n'
done
