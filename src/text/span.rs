//! Half-open byte spans that know which text they count in.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// Unit marker: bytes of the immutable source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InSource;

/// Unit marker: bytes of the text as it stands after some layers of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InView;

/// A half-open range of bytes, `start <= end`, in the text that the unit `U` names.
///
/// An insertion is an empty span.
pub struct Span<U> {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    unit: PhantomData<U>,
}

/// A span of the source text.
pub type SourceSpan = Span<InSource>;
/// A span of a view.
pub type ViewSpan = Span<InView>;

impl<U> Span<U> {
    /// The span from `start` to `end`; an `end` before `start` is taken as `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end: end.max(start), unit: PhantomData }
    }

    /// The empty span at `at`.
    pub fn at(at: usize) -> Self {
        Span::new(at, at)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether this is a place between two bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same numbers as a standard range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The text of this span.
    ///
    /// Returns the empty string where the span does not fit the text: the library never panics on data.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the byte offset lies inside.
    pub fn holds(self, at: usize) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the two share at least one byte, or one is an insertion strictly inside the other.
    pub fn overlaps(self, other: Self) -> bool {
        if self.is_empty() && other.is_empty() {
            self.start == other.start
        } else {
            self.start < other.end && other.start < self.end
        }
    }

    /// Whether `next` lies behind this span without sharing a byte or, for two insertions, the place.
    pub fn makes_room_for(self, next: Self) -> bool {
        self.end <= next.start && !self.overlaps(next)
    }

    /// The smallest span that holds both.
    pub fn hull(self, other: Self) -> Self {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }
}

// Derives would ask the same traits of the unit marker; a span is plain numbers whatever they count.
impl<U> Clone for Span<U> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<U> Copy for Span<U> {}
impl<U> Default for Span<U> {
    fn default() -> Self {
        Span::at(0)
    }
}
impl<U> PartialEq for Span<U> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}
impl<U> Eq for Span<U> {}
impl<U> PartialOrd for Span<U> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<U> Ord for Span<U> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}
impl<U> std::hash::Hash for Span<U> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
impl<U> fmt::Debug for Span<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
