//! Dashes, ellipses, range marks and the point between the parts of a foreign name.

use super::Rule;
use super::characters::half_width;
use super::context::{Side, after, before, words_after, words_before};
use super::marks::is_digit;
use super::scan::Scan;
use crate::text::is_han;

/// Ellipses of one paragraph that stand for a whole paragraph left out: twelve dots (GB/T 15834-2011 4.11).
const WHOLE_PARAGRAPH: usize = 4;

/// Strokes of a dash at most; a longer row is a rule across the page.
const LONGEST_DASH: usize = 4;

impl Scan<'_> {
    /// The length in bytes of the run of `mark` at `at`, and the number of marks.
    fn run_of(&self, at: usize, mark: char) -> (usize, usize) {
        let count = self.text.get(at..).unwrap_or("").chars().take_while(|c| *c == mark).count();
        (count * mark.len_utf8(), count)
    }

    /// `…`
    pub fn ellipsis(&mut self, at: usize) -> usize {
        let (long, count) = self.run_of(at, '…');
        let end = at + long;
        if count != 2 && count != WHOLE_PARAGRAPH && self.line().is_chinese() {
            self.safe(Rule::Ellipsis, at, end, "……");
        }
        end
    }

    /// Whether a stroke between two places is a dash of Chinese text: Han on one side, and on the other the same or the
    /// end of the line. Marks are passed over, for those beside it may change their width today.
    fn is_dash(&self, at: usize, end: usize) -> bool {
        let fits = |s| matches!(s, Side::Chinese | Side::Edge);
        let (left, right) = (words_before(self.text, at), words_after(self.text, end));
        fits(left) && fits(right) && (left, right) != (Side::Edge, Side::Edge)
    }

    /// `-- ― ─ ━ ⸺ －－`, and `—` too often: a row of strokes of any kind is one dash.
    pub fn strokes(&mut self, at: usize) -> usize {
        let stroke = |c: &char| matches!(c, '-' | '－' | '—' | '―' | '─' | '━' | '⸺' | '⸻');
        let run = self.text.get(at..).unwrap_or("").chars().take_while(stroke);
        let (count, end) = run.fold((0, at), |(n, end), c| (n + 1, end + c.len_utf8()));
        let written = self.text.get(at..end).unwrap_or("");
        let whole = count >= 2 || written.starts_with(['⸺', '⸻']);
        if whole && count <= LONGEST_DASH && written != "——" && self.is_dash(at, end) {
            self.safe(Rule::Dash, at, end, "——");
        }
        end.max(at + 1)
    }

    /// `－ ‐ ‑` between figures or letters.
    pub fn full_hyphen(&mut self, at: usize, mark: char) -> usize {
        let end = at + mark.len_utf8();
        let joint = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if joint(before(self.text, at)) && joint(after(self.text, end)) {
            self.safe(Rule::FullWidthSign, at, end, "-");
            return end;
        }
        if mark == '－' { self.strokes(at) } else { end }
    }

    /// `＋ ＝ ／` between figures or letters.
    pub fn full_sign(&mut self, at: usize, mark: char) -> usize {
        let end = at + mark.len_utf8();
        let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if figure(before(self.text, at))
            && figure(after(self.text, end))
            && let Some(form) = half_width(mark)
        {
            self.safe(Rule::FullWidthSign, at, end, form);
        }
        end
    }

    /// `~ ∼ 〜` between two figures or two names.
    pub fn tilde(&mut self, at: usize, width: usize) -> usize {
        let end = at + width;
        let (left, right) = (before(self.text, at), after(self.text, end));
        let figure = |c: char| is_digit(c) || matches!(c, '%' | '％' | '‰' | '℃' | '°') || is_han(c);
        let starts = |c: char| is_digit(c) || is_han(c) || matches!(c, '-' | '+' | '−');
        let home = left.is_some_and(|c| !c.is_ascii())
            || right.is_some_and(is_han)
            || self.line().is_chinese()
            || !self.is_ascii_word(at);
        if left.is_some_and(figure) && right.is_some_and(starts) && home {
            self.safe(Rule::Tilde, at, end, "～");
        }
        end
    }

    /// Whether letters stand in the ASCII run before a place, as in an address.
    fn is_ascii_word(&self, at: usize) -> bool {
        let head = self.bytes.get(at.saturating_sub(40)..at).unwrap_or(&[]);
        head.iter().rev().take_while(|b| b.is_ascii_graphic()).any(|b| b.is_ascii_alphabetic() || *b == b'/')
    }

    /// `• ・ ･ ‧ ∙ ⋅` between the parts of a name or a date.
    pub fn interpunct(&mut self, at: usize, mark: char) -> usize {
        let end = at + mark.len_utf8();
        let (left, right) = (before(self.text, at), after(self.text, end));
        let both = |f: fn(char) -> bool| left.is_some_and(f) && right.is_some_and(f);
        if mark != '●' && (both(is_han) || both(|c| c.is_ascii_digit())) {
            self.safe(Rule::Interpunct, at, end, "·");
        }
        end
    }
}
