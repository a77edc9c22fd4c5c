//! Headlines and headings that end in a full stop (GB/T 15834-2011 B.4.1).

use crate::document::View;
use crate::finding::Draft;
use crate::outline::BlockKind;
use crate::stage::Context;
use crate::text::ViewSpan;

/// Characters of a heading. What is longer is a paragraph that was marked as one.
const LONGEST: usize = 40;

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT073") else { return };
    for block in &view.outline().blocks {
        let heading = block.kind == BlockKind::Headline || block.kind == BlockKind::Heading && block.serial.is_none();
        // Only what is marked as a heading is surely one; a short paragraph is not.
        if !heading || !block.line.of(view.text()).starts_with('#') {
            continue;
        }
        let text = block.text.of(view.text());
        let Some(words) = text.strip_suffix('。') else { continue };
        if words.chars().count() <= LONGEST && !words.contains(['。', '！', '？', '；']) {
            drafts.push(Draft::suggest(rule, ViewSpan::new(block.text.start + words.len(), block.text.end), ""));
        }
    }
}
