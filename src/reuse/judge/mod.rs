//! Judgement: which of the passages that stand somewhere else as well were printed twice by mistake, or printed again.
//!
//! A repeat is not a copy by its length: set phrases of more than forty characters come back in one issue, and so do
//! column introductions, credits and the parallel articles of a statute. A block is judged by how much of it the union
//! of its sources covers; a passage inside a block by whether it is torn out of a sentence, or runs over the end of one,
//! as a set phrase never does. What stands in many places is standing text, whatever it looks like.

mod parts;
mod shape;

use super::page::{Break, Page};
use super::piece::{Differences, Hand, Piece};
use super::{ADDS, ALIKE, union};
use parts::{Broken, Used};
use shape::Shape;
use std::ops::{Add, Range};

/// Shortest block, in folded characters, that is judged as a whole.
pub const SHORTEST_BLOCK: usize = 18;
/// Share of a block that its sources must cover together; a few characters may always be missing, because an alignment
/// does not reach a misreading at the very end.
const COVERED: f64 = 0.92;
const MISSING: usize = 5;
/// Most sources that one copied block is put together from.
const SOURCES: usize = 3;
/// Shortest passage that is part of a story printed again.
const SHORTEST_STORY: usize = 14;
/// From here on a passage with a reworded place is a passage printed again, below it another sentence.
const LONG: usize = 60;
/// Shortest copied passage inside a block that runs over a sentence's end, and how much of it stands on either side.
const SHORTEST_PASSAGE: usize = 28;
const BESIDE_END: usize = 8;
/// So near to the edge of a block a piece counts as reaching it.
const EDGE: usize = 3;
/// Least similarity of pieces that meet inside sentences.
const FAITHFUL: f64 = 0.95;

/// A copied passage.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Number of the copying block among the bodies of its page.
    pub body: usize,
    /// The passage, in folded characters.
    pub range: Range<usize>,
    /// Whether it is the whole block.
    pub whole: bool,
    /// Share of the block that the sources cover.
    pub coverage: f64,
    /// Its sources, in the order of the copy.
    pub pieces: Vec<Piece>,
}

/// In how many places a passage stands, itself counted, as an archive knows it; `None` where nothing is known.
pub type Spread<'a> = &'a dyn Fn(&Range<usize>) -> Option<u32>;

/// A page under judgement.
pub struct Judge<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its number, as in its own pieces.
    pub issue: usize,
    /// How often passages stand anywhere.
    pub spread: Spread<'a>,
    /// Whether errors alone are asked for, in an issue by itself: what it says twice may be its subject, so that length
    /// proves nothing.
    pub alone: bool,
}

impl Judge<'_> {
    /// The copied passages of the page. `shelves` holds the pieces of each body.
    pub fn copies(&self, shelves: &mut [Vec<Piece>]) -> Vec<Copy> {
        let used = Used::new(self.issue, shelves);
        let broken = Broken::new(self.page, shelves);
        let whole: Vec<Option<Copy>> =
            shelves.iter_mut().enumerate().map(|(body, shelf)| self.block(body, shelf, &broken)).collect();
        let mut out = Vec::new();
        for body in 0..shelves.len() {
            match &whole[body] {
                Some(copy) if !self.is_furniture(copy, shelves, &broken) => out.push(copy.clone()),
                Some(_) => {}
                None => out.extend(self.passages(body, &shelves[body], &whole, &used, &broken)),
            }
        }
        out
    }

    /// Whether the whole block is put together from what stands elsewhere.
    fn block(&self, number: usize, pieces: &mut [Piece], broken: &Broken) -> Option<Copy> {
        let body = self.page.bodies.get(number)?;
        let length = body.range.len();
        if length < SHORTEST_BLOCK {
            return None;
        }
        // Long and faithful sources first, the earlier one of equals.
        pieces.sort_by_key(|p| (std::cmp::Reverse(p.hit.equal), p.issue, p.hit.original.start, p.hit.copy.start));
        let mut chosen: Vec<Piece> = Vec::new();
        for piece in pieces.iter().take(LOOKED_AT) {
            let covered = union(chosen.iter().map(|p| p.hit.copy.clone()), 0);
            let news = piece.hit.copy.len() - overlap(&covered, &piece.hit.copy);
            if news >= ADDS && chosen.len() < SOURCES {
                chosen.push(piece.clone());
            }
        }
        let covered: usize = union(chosen.iter().map(|p| p.hit.copy.clone()), 3).iter().map(Range::len).sum();
        let coverage = covered as f64 / length as f64;
        chosen.sort_by_key(|p| p.hit.copy.start);
        let copy = Copy { body: number, range: body.range.clone(), whole: true, coverage, pieces: chosen };
        let enough = coverage >= COVERED || length - covered.min(length) <= MISSING;
        (enough && self.is_error(&copy, broken)).then_some(copy)
    }

    /// Whether a covered block is a copy, or one of the repeats that belong in print.
    fn is_error(&self, copy: &Copy, broken: &Broken) -> bool {
        let equal: usize = copy.pieces.iter().map(|p| p.hit.equal).sum();
        let total: usize = copy.pieces.iter().map(|p| p.hit.original.len().max(p.hit.copy.len())).sum();
        if (equal as f64) < ALIKE * total as f64 || self.stands_in_more_than(STANDING, &copy.range) {
            return false;
        }
        match copy.pieces.as_slice() {
            [only] if broken.has(copy.body, only) => true,
            _ if is_template(&copy.pieces) => false,
            [only] => only.hit.copy.len() >= SHORTEST_BLOCK && self.is_same(only),
            // Set phrases and an author's own summary meet anywhere; a page read twice is torn at the edges of its blocks
            // or in mid-sentence.
            several => {
                let phrase = |p: &Piece| {
                    let common = p.hit.copy.len() < SHORTEST_PASSAGE && self.stands_in_more_than(FEW, &p.hit.copy);
                    common && !self.shape(p).torn
                };
                several.windows(2).all(|seam| is_torn(&seam[0], &seam[1])) && !several.iter().any(phrase)
            }
        }
    }

    /// Whether a block is the same as its only source, and not a sentence that is said again in other words or of another
    /// person.
    fn is_same(&self, piece: &Piece) -> bool {
        match (piece.differences.hand(), piece.hit.copy.len()) {
            (Hand::Engine, _) => true,
            (Hand::Unclear, length) => length >= SHORTEST_PASSAGE || piece.differences.all() == 1,
            (Hand::Nobody, length) => length >= SHORTEST_PASSAGE || self.is_no_formula(piece, length),
            (Hand::Editor, length) => {
                piece.differences.reworded == 0 || length >= LONG || length >= 40 && piece.hit.similarity() >= 0.9
            }
        }
    }

    /// Whether a short block that stands elsewhere word for word is a copy: it was torn out of a sentence there, or it is a
    /// sentence that stands nowhere else. Two papers that report alike have such sentences too, shorter ones.
    fn is_no_formula(&self, piece: &Piece, length: usize) -> bool {
        let Some(places) = (self.spread)(&piece.hit.copy) else { return true };
        let shape = self.shape(piece);
        // A name or a title stands inside a clause; a copy is cut where clauses end.
        let clauses = piece.around.0.min(piece.around.1) >= Break::Clause && length >= 20 && places <= 2;
        let torn = shape.torn && (places <= 2 || places <= FEW && length >= 24);
        torn || shape.here && (shape.sentences || clauses) || shape.sentences && places <= 2 && length >= 24
    }

    /// Whether a block that is a copy opens or closes its article as the same words open or close another, and its
    /// neighbour is no copy as well: a column does that. Of a story printed again the next paragraph follows.
    fn is_furniture(&self, copy: &Copy, shelves: &[Vec<Piece>], broken: &Broken) -> bool {
        let ([only], Some(body)) = (copy.pieces.as_slice(), self.page.bodies.get(copy.body)) else { return false };
        let one_article = only.issue == self.issue && only.article == body.article;
        let known = (self.spread)(&copy.range);
        let rare = known.is_some_and(|places| places < COLUMN || copy.range.len() > LONGEST_COLUMN);
        if one_article || rare && !self.alone || broken.has(copy.body, only) {
            return false;
        }
        let (before, after) = self.accompanied(copy.body, only, shelves);
        body.first && only.at_edge.0 && !after || body.last && only.at_edge.1 && !before
    }

    /// Whether the block before, and the one after, was copied from the neighbour of the source as well.
    fn accompanied(&self, body: usize, piece: &Piece, shelves: &[Vec<Piece>]) -> (bool, bool) {
        let near = |own: Option<usize>, other: Option<usize>| {
            let (Some(own), Some(other)) = (own, other) else { return false };
            let same = |p: &Piece| {
                let all = self.page.bodies.get(own).map_or(0, |b| b.range.len());
                let (hit, enough) = (p.hit.copy.len(), SHORTEST_BLOCK.max(all / 2));
                p.issue == piece.issue && p.body == other && hit >= enough
            };
            shelves.get(own).is_some_and(|shelf| shelf.iter().any(same))
        };
        let before = near(body.checked_sub(1), piece.body.checked_sub(1));
        (before, near(body.checked_add(1), piece.body.checked_add(1)))
    }

    /// Copied passages inside a block that is otherwise its own.
    fn passages(
        &self,
        number: usize,
        pieces: &[Piece],
        whole: &[Option<Copy>],
        used: &Used,
        broken: &Broken,
    ) -> Vec<Copy> {
        let mut out: Vec<Copy> = Vec::new();
        let Some(body) = self.page.bodies.get(number) else { return out };
        for piece in pieces.iter().take(LOOKED_AT) {
            let range = piece.hit.copy.clone();
            let known = out.iter().any(|c| c.range.start < range.end && range.start < c.range.end);
            let broken = broken.has(number, piece);
            if known || piece.hit.similarity() < ALIKE || !broken && is_template(std::slice::from_ref(piece)) {
                continue;
            }
            let coverage = range.len() as f64 / body.range.len().max(1) as f64;
            // Of a story printed again the first paragraph has another dateline, and often another lead.
            let lead = body.first && piece.at_edge.0 && piece.issue != self.issue && range.len() >= SHORTEST_STORY;
            let next = whole.get(number + 1).and_then(Option::as_ref).and_then(|copy| copy.pieces.first());
            let story = lead && next.is_some_and(|p| p.issue == piece.issue && p.body == piece.body + 1);
            if story || broken || self.is_copied(piece) && (!self.alone || !used.is_pattern(number, piece)) {
                out.push(Copy { body: number, range, whole: false, coverage, pieces: vec![piece.clone()] });
            }
        }
        out
    }

    /// Whether a passage inside a block was copied, and is not what one says often.
    fn is_copied(&self, piece: &Piece) -> bool {
        let shape = self.shape(piece);
        let places = (self.spread)(&piece.hit.copy);
        if shape.is_said_again(piece, places) {
            return false;
        }
        if self.alone {
            places.is_none_or(|places| places < COLUMN) && shape.is_mistake(piece)
        } else {
            shape.is_reprint(piece, places.unwrap_or(1))
        }
    }

    /// How a passage stands in its sentence, here and where it comes from.
    fn shape(&self, piece: &Piece) -> Shape {
        let range = &piece.hit.copy;
        let (before, after) = (self.page.before(range.start), self.page.before(range.end));
        // An engine may read a full stop as a comma.
        let least = if piece.differences.hand() == Hand::Engine { Break::Clause } else { Break::Half };
        let ends = |a: Break, b: Break| a.max(b) >= Break::Half && a.min(b) >= least;
        let torn = before >= Break::Sentence && piece.around.0 == Break::None
            || after >= Break::Sentence && piece.around.1 == Break::None;
        let here = piece.issue == self.issue;
        // Where one paper says a sentence twice, the second time more may follow.
        let more = here
            && !self.alone
            && after.min(piece.around.1) >= Break::Clause
            && after.max(piece.around.1) >= Break::Half;
        let sentences = ends(before, piece.around.0) && (ends(after, piece.around.1) || more);
        let over = self.runs_over_an_end(range);
        let goes_on = after == Break::Clause && piece.around.1 == Break::Clause;
        let phrase = goes_on && !torn && !sentences && !over;
        Shape { here, torn, sentences, over, phrase }
    }

    fn stands_in_more_than(&self, places: u32, range: &Range<usize>) -> bool {
        (self.spread)(range).is_some_and(|n| n > places)
    }

    /// Whether a sentence ends inside the range, well away from its ends.
    fn runs_over_an_end(&self, range: &Range<usize>) -> bool {
        let inner = (range.start + BESIDE_END)..range.end.saturating_sub(BESIDE_END);
        inner.start < inner.end && self.page.has_inside(inner, Break::Sentence)
    }
}

/// Most pieces of a block that are looked at.
const LOOKED_AT: usize = 64;
/// What stands in more places than this is standing text: a masthead, the words above a column, a set phrase.
pub const STANDING: u32 = 16;
/// Short passages that stand in more places than this are phrases.
const FEW: u32 = 4;
/// The words above or below a column have stood in so many places at least.
const COLUMN: u32 = 4;
/// And have so many characters at most.
const LONGEST_COLUMN: usize = 100;

/// Whether two pieces meet where a page tears: at the end of the first one's block, at the beginning of the second
/// one's, or inside a sentence of either. Pieces with many small differences are parallel wording, not a tear.
fn is_torn(left: &Piece, right: &Piece) -> bool {
    let end_of_block = left.whole.end - left.hit.original.end.min(left.whole.end);
    let start_of_block = right.hit.original.start - right.whole.start.min(right.hit.original.start);
    let edge = end_of_block <= EDGE || start_of_block <= EDGE;
    let faithful = left.hit.similarity().min(right.hit.similarity()) >= FAITHFUL;
    edge || faithful && !left.sentence.1 && !right.sentence.0
}

/// Whether the differences are other figures in the same words: a standard sentence, not a copy.
fn is_template(pieces: &[Piece]) -> bool {
    let differences = pieces.iter().map(|p| p.differences).fold(Differences::default(), Add::add);
    let numbers: usize = pieces.iter().map(|p| p.numbers).sum();
    let (figures, others) = (differences.figures, differences.all() - differences.figures);
    figures > others && figures * 3 >= numbers || figures > 0 && others == 0 && figures * 2 >= numbers
}

fn overlap(covered: &[Range<usize>], range: &Range<usize>) -> usize {
    covered.iter().map(|r| r.end.min(range.end).saturating_sub(r.start.max(range.start))).sum()
}
