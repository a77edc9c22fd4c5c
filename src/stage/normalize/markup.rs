//! What a vision model writes around the text: tags, entities, LaTeX, code fences, emphasis, links, image lines. It is
//! taken away before the characters themselves are looked at; what it marks up stays.

use super::context::{after, before, is_space};
use super::{Rule, Switches, html, latex, steady};
use crate::document::View;
use crate::finding::Draft;
use crate::stage::{Context, Stage};
use crate::text::{ViewSpan, is_han};
use std::borrow::Cow;

/// Takes markup away. Runs before [`super::Normalize`], which reads what is left.
pub struct Markup;

impl Stage for Markup {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let on = Switches::new(cx.rules);
        let mut out = read(view.text(), on.clone());
        steady::hold(view.text(), &mut out, |then| read(then, on));
        out
    }
}

/// The pass over any text.
pub(super) fn read(text: &str, on: Switches) -> Vec<Draft> {
    let mut pass = Pass { text, on, out: Vec::new(), line_end: 0, closing: Vec::new() };
    pass.run();
    pass.out
}

/// The state of the pass.
pub(super) struct Pass<'a> {
    pub text: &'a str,
    on: Switches,
    out: Vec<Draft>,
    line_end: usize,
    /// The closing stars of each emphasis at hand.
    closing: Vec<usize>,
}

/// Emphasis within emphasis, at most.
const NESTED: usize = 8;

/// Bytes that markup begins with.
static TRIGGER: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"<&$\\`*![";
    let mut i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = true;
        i += 1;
    }
    table
};

impl Pass<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| TRIGGER[*b as usize])) {
            at += skip;
            let told = self.out.len();
            let next = match bytes[at] {
                b'<' => html::tags(self, at),
                b'&' => html::entity(self, at),
                b'$' | b'\\' => self.formula(at),
                b'`' => self.backticks(at),
                b'*' => self.stars(at),
                b'!' => self.image(at),
                _ => self.link(at),
            }
            .max(at + 1);
            self.closing.retain(|closing| *closing >= at);
            // What would swallow the end of an emphasis that has begun is no markup: it is left as it stands.
            let swallowed = bytes[at] != b'*' && self.closing.iter().any(|closing| (at..next).contains(closing));
            if swallowed {
                self.out.truncate(told);
            }
            at = if swallowed { at + 1 } else { next };
        }
    }

    /// Reports what is taken away or put in its place.
    pub fn safe(&mut self, rule: Rule, start: usize, end: usize, text: impl Into<Cow<'static, str>>) {
        if let Some(id) = self.on.id(rule) {
            self.out.push(Draft::safe(id, ViewSpan::new(start, end), text));
        }
    }

    /// The rest of the line from a place on.
    pub fn rest_of_line(&mut self, at: usize) -> &str {
        let bytes = self.text.as_bytes();
        if self.line_end < at {
            self.line_end = at;
        }
        if self.line_end == at || self.line_end > bytes.len() {
            let rest = bytes.get(at..).unwrap_or(&[]);
            self.line_end = at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        }
        self.text.get(at..self.line_end).unwrap_or("")
    }

    fn line_start(&self, at: usize) -> bool {
        self.text.get(..at).is_none_or(|head| head.is_empty() || head.ends_with(['\n', '\r']))
    }

    /// `$64\sim69$`, `\%`, `\*`
    fn formula(&mut self, at: usize) -> usize {
        if let Some((end, plain)) = latex::formula(self.text, at) {
            self.safe(Rule::Latex, at, end, plain);
            return end;
        }
        let next = after(self.text, at + 1);
        match next {
            Some('%') if self.text.get(at..).is_some_and(|t| t.starts_with('\\')) => {
                self.safe(Rule::Latex, at, at + 1, "");
                at + 2
            }
            Some('*' | '_' | '#' | '~' | '|' | '-' | '+' | '[' | ']' | '(' | ')' | '<' | '>' | '$')
                if self.text.get(at..).is_some_and(|t| t.starts_with('\\')) && !self.is_latin_beside(at) =>
            {
                self.safe(Rule::Escape, at, at + 1, "");
                at + 2
            }
            Some('.')
                if self.text.get(at..).is_some_and(|t| t.starts_with('\\'))
                    && before(self.text, at).is_some_and(|c| c.is_ascii_digit()) =>
            {
                self.safe(Rule::Escape, at, at + 1, "");
                at + 2
            }
            _ => at + 1,
        }
    }

    /// Whether a Latin letter stands before a backslash, as in a path.
    fn is_latin_beside(&self, at: usize) -> bool {
        before(self.text, at).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '\\' | ':'))
    }

    /// A fence of three backticks on a line of its own; a code span stays.
    fn backticks(&mut self, at: usize) -> usize {
        let run = self.text.as_bytes().get(at..).unwrap_or(&[]).iter().take_while(|b| **b == b'`').count();
        if run < 3 || !self.line_start(at) {
            let rest = self.rest_of_line(at + run);
            return at + run + rest.find('`').filter(|_| run == 1).map_or(0, |i| i + 1);
        }
        let language = self.rest_of_line(at + run).trim();
        let plain = matches!(language, "" | "markdown" | "md" | "text" | "txt" | "plaintext" | "html" | "latex");
        let end = self.line_end.max(at + run);
        if plain {
            let bytes = self.text.as_bytes();
            let next = match (bytes.get(end), bytes.get(end + 1)) {
                (Some(b'\r'), Some(b'\n')) => end + 2,
                (Some(_), _) => end + 1,
                (None, _) => end,
            };
            self.safe(Rule::Fence, at, next, "");
            return next;
        }
        // A program's own text: nothing in it is a newspaper's.
        let rest = self.text.get(end..).unwrap_or("");
        rest.find("\n```").map_or(end, |i| end + i + 4)
    }

    /// `**x**` and `*x*`
    fn stars(&mut self, at: usize) -> usize {
        let run = self.text.as_bytes().get(at..).unwrap_or(&[]).iter().take_while(|b| **b == b'*').count();
        let inner = at + run;
        if self.closing.contains(&at) {
            return inner;
        }
        if run > 3
            || self.closing.len() >= NESTED
            || before(self.text, at).is_some_and(|c| c.is_ascii_alphanumeric() || c == '\\')
        {
            return inner;
        }
        let rest = self.rest_of_line(inner);
        if rest.starts_with(is_space) || rest.is_empty() {
            return inner;
        }
        let Some(long) = close_of(rest, run) else { return inner };
        let body = rest.get(..long).unwrap_or("");
        let fits = !body.is_empty()
            && !body.ends_with(is_space)
            && body.chars().any(|c| is_han(c) || run > 1 && c.is_alphanumeric());
        if !fits {
            return inner;
        }
        self.safe(Rule::Emphasis, at, inner, "");
        self.safe(Rule::Emphasis, inner + long, inner + long + run, "");
        // Markup inside the emphasis is looked at; the closing marks are passed when they come.
        self.closing.push(inner + long);
        inner
    }

    /// `![…](…)`
    fn image(&mut self, at: usize) -> usize {
        let Some((label, end)) = self.bracketed(at + 1) else { return at + 1 };
        let alt = self.text.get(label.0..label.1).unwrap_or("");
        if alt.chars().any(is_han) && !matches!(alt, "图片" | "图像" | "图" | "照片" | "插图") {
            return end;
        }
        let line = self.line_start(at) && after(self.text, end).is_none();
        let next = if line { end + line_end_length(self.text, end) } else { end };
        self.safe(Rule::Image, at, next, "");
        next
    }

    /// `[x](u)`
    fn link(&mut self, at: usize) -> usize {
        let Some((label, end)) = self.bracketed(at) else { return at + 1 };
        if label.0 == label.1 {
            return end;
        }
        self.safe(Rule::Link, at, label.0, "");
        self.safe(Rule::Link, label.1, end, "");
        end
    }

    /// `[label](target)` from the `[` on: the span of the label, and the end of it all. The target is an address: it has
    /// no Han and no space.
    fn bracketed(&mut self, at: usize) -> Option<((usize, usize), usize)> {
        /// Bytes of a label or a target at most; bounds the work at each bracket.
        const LONGEST: usize = 400;
        let bytes = self.text.as_bytes();
        if bytes.get(at) != Some(&b'[') {
            return None;
        }
        let window = bytes.get(at..bytes.len().min(at + LONGEST))?;
        let close = at + window.iter().position(|b| matches!(b, b']' | b'\n'))?;
        if bytes.get(close) != Some(&b']') || bytes.get(close + 1) != Some(&b'(') {
            return None;
        }
        let target = bytes.get(close + 2..bytes.len().min(close + 2 + LONGEST))?;
        let long = target.iter().position(|b| matches!(b, b')' | b'\n'))?;
        let end = close + 2 + long;
        let address = self.text.get(close + 2..end)?;
        let is_address = !address.is_empty() && address.is_ascii() && address.contains(['.', '/', '#', ':']);
        (bytes.get(end) == Some(&b')') && is_address).then_some(((at + 1, close), end + 1))
    }
}

/// Where a run of exactly `run` stars closes in a line.
fn close_of(line: &str, run: usize) -> Option<usize> {
    /// Bytes of an emphasis at most; bounds the work at each star.
    const LONGEST: usize = 600;
    let bytes = line.as_bytes();
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    let mut at = 0;
    while let Some(skip) = memchr::memchr(b'*', bytes.get(at..)?) {
        at += skip;
        let long = bytes[at..].iter().take_while(|b| **b == b'*').count();
        if long == run {
            return Some(at);
        }
        at += long;
    }
    None
}

/// The length of the line end at a place.
pub(super) fn line_end_length(text: &str, at: usize) -> usize {
    let tail = text.get(at..).unwrap_or("");
    if tail.starts_with("\r\n") { 2 } else { usize::from(tail.starts_with(['\n', '\r'])) }
}
