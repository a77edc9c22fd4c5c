//! Passages inside a block: what tells a copy from what one says again.

use super::{FEW, LONG, SHORTEST_PASSAGE};
use crate::reuse::piece::{Hand, Piece};

/// How a passage stands in its sentence.
pub struct Shape {
    /// It comes from the same issue.
    pub here: bool,
    /// One text begins or ends a sentence where the other is in the middle of a clause.
    pub torn: bool,
    /// It is whole sentences in both.
    pub sentences: bool,
    /// A sentence ends inside it.
    pub over: bool,
    /// In both texts a comma follows and the sentence goes on, each in its own way: that is how a set phrase stands.
    pub phrase: bool,
}

/// What stands like a set phrase and was misread is a copy from here on: phrases are set anew each time.
const MISREAD_PHRASE: usize = 28;

impl Shape {
    /// Whether a passage that stands in so many places is another sentence in much the same words, or a set phrase in one.
    pub fn is_said_again(&self, piece: &Piece, places: Option<u32>) -> bool {
        let (differences, length) = (piece.differences, piece.hit.copy.len());
        let rare = places.is_some_and(|places| places <= 2);
        // One slip in a sentence that its own issue says once more is a misreading.
        let spoilt = self.here && self.sentences && rare && differences.all() == 1 && length >= 20;
        let changed = differences.reworded + differences.odd + differences.figures;
        if length < SHORTEST_PASSAGE && changed > usize::from(self.here && self.torn || spoilt) {
            return true;
        }
        let enough = match differences.hand() {
            Hand::Nobody | Hand::Engine => 0,
            Hand::Unclear if self.here && self.sentences => 0,
            Hand::Unclear if self.torn || rare && self.over => SHORTEST_PASSAGE,
            Hand::Unclear if rare && self.here => 36,
            Hand::Unclear if rare => 40,
            Hand::Unclear => 48,
            // Words put otherwise in a passage of several sentences that stands once more.
            Hand::Editor if rare && self.over && differences.figures == 0 && differences.reworded <= 3 => 40,
            Hand::Editor => LONG,
        };
        let more_than_phrase = if rare && differences.hand() == Hand::Engine { MISREAD_PHRASE } else { LONG };
        length < enough || self.phrase && length < more_than_phrase
    }

    /// Whether a passage of one issue is a mistake: what an issue says twice may be its subject, so that length proves nothing.
    pub fn is_mistake(&self, piece: &Piece) -> bool {
        let length = piece.hit.copy.len();
        // A paper sets a sentence of the article above it, or in its midst, as a block of its own.
        let set_apart = piece.hit.original.len() * 5 >= piece.whole.len() * 4;
        let whole = self.torn && length >= 24 || self.sentences && length >= 20 && !set_apart;
        whole && piece.differences.hand() != Hand::Editor || self.over && length >= SHORTEST_PASSAGE
    }

    /// Whether a passage that stands in so many places of an archive was printed again.
    ///
    /// The figures are those of an archive of newspapers in which copies were planted: of the passages that meet them
    /// nine in ten were planted or are runs of thirty equal characters.
    pub fn is_reprint(&self, piece: &Piece, places: u32) -> bool {
        let Shape { here, torn, sentences, over, .. } = *self;
        let shaped = torn || sentences || over;
        let length = piece.hit.copy.len();
        match (piece.differences.hand(), length) {
            (_, 40..) => places <= 9,
            (Hand::Engine, 28..) => places <= FEW,
            (Hand::Engine, 20..) => places <= FEW && shaped || places <= 2 && (here || length >= 24),
            (Hand::Engine, _) => places <= 2 && here && (torn || sentences),
            (_, 34..) => places <= FEW || shaped && places <= 9,
            (_, 28..) => places <= FEW && torn || places <= 2 || places <= 3 && here && sentences,
            (_, 24..) => places <= 2 && torn || places <= 3 && here && sentences,
            (_, 20..) => places <= 2 && here && sentences,
            _ => false,
        }
    }
}
