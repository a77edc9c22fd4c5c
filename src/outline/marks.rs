//! Marks as the outline and the layout stage see them: half and full width alike, because both are asked before and
//! after the marks have been put into one form.

use crate::text::is_han;

/// Opening round bracket.
pub(crate) fn is_open_round(c: char) -> bool {
    matches!(c, '(' | '（')
}

/// Closing round bracket.
pub(crate) fn is_close_round(c: char) -> bool {
    matches!(c, ')' | '）')
}

/// Colon.
pub(crate) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// A mark that opens a pair.
pub(crate) fn is_opening(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '［' | '〔' | '【' | '《' | '〈' | '“' | '‘' | '「' | '『')
}

/// A mark that closes a pair.
pub(crate) fn is_closing(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '］' | '〕' | '】' | '》' | '〉' | '”' | '’' | '」' | '』')
}

/// A mark inside a sentence that asks for more: 逗号 and 顿号.
pub(crate) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、')
}

/// A mark that may end a paragraph of its own right: full stop, question and exclamation mark, semicolon, ellipsis.
pub(crate) fn is_final(c: char) -> bool {
    matches!(c, '。' | '．' | '！' | '!' | '？' | '?' | '；' | ';' | '…' | '｡')
}

/// The last character that carries weight: closing quotation marks and brackets and spaces are looked through.
pub(crate) fn last_mark(text: &str) -> Option<char> {
    text.chars().rev().find(|c| !c.is_whitespace() && !is_closing(*c) && *c != '"' && *c != '\'')
}

/// Whether a text ends as a finished sentence does: its last mark, closing quotation marks and brackets aside, is a
/// final one, or it closes a quotation or bracket that holds one.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let mut chars = text.chars().rev().filter(|c| !c.is_whitespace());
    match last_mark(text) {
        Some('.') => {
            // A half-width full stop ends a sentence behind a Han character or a letter, not behind a digit.
            let before = chars.by_ref().skip_while(|c| *c != '.').nth(1);
            before.is_some_and(|c| is_han(c) || c.is_alphabetic() || is_closing(c))
        }
        Some(c) => is_final(c),
        None => false,
    }
}

/// Whether a text ends in a structural or coordinating word that another must follow: no heading and no paragraph ends
/// so. Words that merely end in such a character (参与, 目的) do not count.
pub(crate) fn leans(text: &str) -> bool {
    const WORDS: [&str; 12] =
        ["参与", "祥和", "饱和", "总和", "缓和", "温和", "平和", "调和", "名将", "火把", "目的", "标的"];
    text.ends_with(['的', '和', '与', '或', '将', '把', '被', '而', '但']) && !WORDS.iter().any(|w| text.ends_with(w))
}

/// Removes outer white space, the ideographic one included, and says where the rest begins.
pub(crate) fn trim_at(text: &str) -> (usize, &str) {
    let rest = text.trim_start();
    (text.len() - rest.len(), rest.trim_end())
}

/// The place of the bracket that the last character, a closing round bracket, closes, within the last `most` bytes.
pub(crate) fn open_of_last_round(text: &str, most: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().rev() {
        if text.len() - at > most {
            return None;
        }
        if is_close_round(c) {
            depth += 1;
        } else if is_open_round(c) {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        } else if depth == 0 {
            return None;
        }
    }
    None
}

/// Number of characters, counted no further than `most`.
pub(crate) fn count_up_to(text: &str, most: usize) -> usize {
    // No character is longer than four bytes.
    if text.len() >= most * 4 { most } else { text.chars().count().min(most) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_marks_are_looked_through() {
        for text in ["完成了。", "“走吧！”", "（已经完成。）", "去哪里?\"", "（一）开办申请书；", "Done.", "好……"]
        {
            assert!(ends_sentence(text), "{text}");
        }
        for text in ["完成", "《规定》", "一、", "增长3.", "人：", ""] {
            assert!(!ends_sentence(text), "{text}");
        }
    }

    #[test]
    fn the_bracket_of_the_end_is_found() {
        assert_eq!(open_of_last_round("好。（旗（县）办）", 90), Some("好。".len()));
        assert_eq!(open_of_last_round("好。（办公室", 90), None);
        assert_eq!(open_of_last_round("好）", 90), None);
    }
}
