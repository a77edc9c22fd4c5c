//! A character n-gram model, used where it lies. When it is opened only what is asked most is laid out anew, some
//! megabytes in some milliseconds: the [pairs] from both sides, and a filter over the runs of three.
//!
//! Pairs are held as they are, so that one can ask which symbols may follow another; longer runs by their hashes alone.
//! The probabilities are interpolated Kneser-Ney in the modified form (Chen and Goodman 1998) written as a back-off model:
//! `p(w | h)` is stored for the runs that were kept, and otherwise `bow(h) · p(w | h')` with `h'` one symbol shorter. A run is
//! known only by 16 bits of a hash within a row that its first bits choose (Talbot and Osborne 2007 call such a table a
//! randomised language model): a run that was not kept is taken for one that was about once in four thousand questions, and
//! no text can be read back. Its probability and its back-off together are one byte, the number of the nearest of 256 values
//! that were chosen for the runs of its length (vector quantization, Linde, Buzo and Gray 1980).
//!
//! # The file
//!
//! All numbers little-endian.
//!
//! | part | |
//! |---|---|
//! | `KWLM`, format number (u32, 2) | |
//! | order N, number of characters, row bits of each order from 3 on, runs of each order from 2 on | u32 each |
//! | the characters in the order of their symbols, from 2 on | u16 each |
//! | probability, back-off of each symbol | u16, i16 |
//! | for each order from 2 on: its 256 values, each a probability and a back-off (0 for the last order) | u16, i16 each |
//! | where each row begins (one more than there are rows); of pairs there is a row for each first symbol | u32 each |
//! | row by row, rising within a row: the second symbols of pairs, the marks of longer runs | u16 each |
//! | the numbers of their values | u8 each |
//! | a note in UTF-8: what it was made from | to the end |
//!
//! A probability `q` stands for `10^(-q/1000)`, a back-off `q` for `10^(q/1000)`.

mod pairs;

pub use pairs::Neighbours;

use super::symbols::{FIRST, Symbol, UNKNOWN, Vocabulary};
use pairs::Pairs;

pub(super) const MAGIC: &[u8; 4] = b"KWLM";
pub(super) const FORMAT: u32 = 2;
/// Longest run of symbols that a model may hold.
pub const MAX_ORDER: usize = 6;
/// Values that stand for those of all runs of one length.
pub(super) const VALUES: usize = 256;
/// Steps of a stored probability and of a stored back-off in one power of ten.
pub(super) const STEPS: f32 = 1000.0;

/// log10 of the probability of a run after its first symbols, and of its back-off.
pub(super) type Value = (f32, f32);

/// The runs of one length from three on.
#[derive(Clone, Debug)]
struct Order<'m> {
    bits: u32,
    rows: &'m [u8],
    marks: &'m [u8],
    /// For each run the number of its value.
    numbers: &'m [u8],
    values: Vec<Value>,
    /// For runs of three one bit for each beginning of a hash, by [`FILTERED`] bits longer than that of a row: what has
    /// no bit was not kept, and needs no look into far memory. Empty for longer runs.
    filter: Vec<u64>,
}

/// Places whose runs [`Model::fetch`] brings near.
const FETCHED: usize = 3;

/// See [`Order::filter`]: a run that was not kept has a bit by chance about once in five questions; a larger table would lie
/// further away.
const FILTERED: u32 = 6;

/// A model.
#[derive(Clone, Debug, Default)]
pub struct Model<'m> {
    vocabulary: Vocabulary,
    /// The value of each symbol by itself.
    singles: Vec<Value>,
    pairs: Pairs<'m>,
    orders: Vec<Order<'m>>,
    note: &'m str,
}

/// Why bytes are no model: where in the file, and what is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The first bytes are not those of a model.
    NoModel,
    /// It has another format number.
    Format(u32),
    /// It ends too early or its numbers do not fit together, at this byte.
    Damaged(usize),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Broken::NoModel => write!(f, "not a kanwu language model (it does not begin with KWLM)"),
            Broken::Format(n) => write!(f, "language model of format {n}, this program reads format {FORMAT}"),
            Broken::Damaged(at) => write!(f, "language model is damaged at byte {at}"),
        }
    }
}

/// The hash of a run that ends in `symbol`; grown to the left by [`longer`].
#[inline]
pub(super) fn hash_of(symbol: Symbol) -> u64 {
    (u64::from(symbol) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of the run one symbol longer to the left.
#[inline]
pub(super) fn longer(hash: u64, symbol: Symbol) -> u64 {
    let mixed = (hash ^ (u64::from(symbol) + 0x1_0001)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 29)
}

/// A hash with its bits spread evenly.
#[inline]
fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0x94D0_49BB_1331_11EB)
}

/// The row and the mark of a hash.
#[inline]
pub(super) fn place(hash: u64, bits: u32) -> (usize, u16) {
    let spread = spread(hash);
    ((spread >> (64 - bits)) as usize, (spread >> (48 - bits)) as u16)
}

#[inline]
fn u32_at(bytes: &[u8], i: usize) -> Option<u32> {
    bytes.get(4 * i..4 * i + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// Where a run would stand if it was kept: its mark and its row.
#[derive(Clone, Copy, Debug)]
struct Sought {
    mark: u16,
    from: usize,
    to: usize,
}

impl Order<'_> {
    /// The same with its filter.
    fn filtered(mut self) -> Self {
        self.filter = vec![0; 1 << (self.bits + FILTERED - 6)];
        for (row, words) in self.filter.chunks_exact_mut(1 << (FILTERED - 6)).enumerate() {
            let at = |row| u32_at(self.rows, row).map_or(0, |n| 2 * n as usize);
            for mark in self.marks.get(at(row)..at(row + 1)).unwrap_or(&[]).chunks_exact(2) {
                let beginning = usize::from(u16::from_le_bytes([mark[0], mark[1]]) >> (16 - FILTERED));
                words[beginning / 64] |= 1 << (beginning % 64);
            }
        }
        self
    }

    /// Whether the run with this hash may have been kept.
    #[inline]
    fn may(&self, hash: u64) -> bool {
        let bit = spread(hash) >> (64 - self.bits - FILTERED);
        self.filter.get((bit / 64) as usize).is_none_or(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The number of the run with this hash.
    #[inline]
    fn find(&self, hash: u64) -> Option<usize> {
        self.found(self.sought(hash)?)
    }

    /// Where to look for a hash. Asked for many of them before any is looked for, the waiting for memory overlaps.
    #[inline]
    fn sought(&self, hash: u64) -> Option<Sought> {
        let (row, mark) = place(hash, self.bits);
        Some(Sought { mark, from: u32_at(self.rows, row)? as usize, to: u32_at(self.rows, row + 1)? as usize })
    }

    /// What stands where a run is looked for first; it brings all near that is said of it.
    #[inline]
    fn glance(&self, sought: &Sought) -> u8 {
        let at = sought.from + sought.guess();
        let read = |part: &[u8], i: usize| part.get(i).copied().unwrap_or(0);
        read(self.marks, 2 * at) ^ read(self.numbers, at)
    }

    /// The value of a run.
    #[inline]
    fn value(&self, run: usize) -> Value {
        value(self.numbers, &self.values, run)
    }

    /// Reads a run of each, and depends on none: so they come from far memory together and not one after another.
    #[inline]
    fn touch<'s>(&self, sought: impl Iterator<Item = &'s Sought>) {
        std::hint::black_box(sought.fold(0u8, |all, s| all ^ self.glance(s)));
    }

    /// The number of the run, looked for on both sides of where its mark leads one to expect it.
    #[inline]
    fn found(&self, sought: Sought) -> Option<usize> {
        let row = self.marks.get(2 * sought.from..2 * sought.to)?.as_chunks::<2>().0;
        let mark = |i: usize| row.get(i).map(|m| u16::from_le_bytes(*m));
        let mut at = sought.guess();
        while let Some(before) = at.checked_sub(1).filter(|i| mark(*i).is_some_and(|m| m >= sought.mark)) {
            at = before;
        }
        while mark(at).is_some_and(|m| m < sought.mark) {
            at += 1;
        }
        mark(at).filter(|m| *m == sought.mark).map(|_| sought.from + at)
    }
}

impl Sought {
    /// The place in its row where a mark stands if all marks are equally far apart.
    #[inline]
    fn guess(&self) -> usize {
        ((self.to.saturating_sub(self.from) as u64 * u64::from(self.mark)) >> 16) as usize
    }
}

/// The value of a run.
#[inline]
fn value<V: Copy + Default>(numbers: &[u8], values: &[V], run: usize) -> V {
    let number = numbers.get(run).copied().unwrap_or(0);
    values.get(usize::from(number)).copied().unwrap_or_default()
}

/// The values of a part of a file.
fn values(stored: &[u8]) -> Vec<Value> {
    let value = |[a, b, c, d]: &[u8; 4]| {
        (f32::from(u16::from_le_bytes([*a, *b])) / -STEPS, f32::from(i16::from_le_bytes([*c, *d])) / STEPS)
    };
    stored.as_chunks::<4>().0.iter().map(value).collect()
}

/// What a model remembers of the symbols before a place: the back-offs of the runs that end there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct State {
    /// `backoffs[n]` is that of the run of `n + 1` symbols; 0 (one, as a logarithm) where it was not kept.
    backoffs: [f32; MAX_ORDER],
    /// Length of the longest kept run that ends here.
    pub matched: u8,
}

/// A reader of a file's bytes.
struct Cursor<'m> {
    bytes: &'m [u8],
    at: usize,
}

impl<'m> Cursor<'m> {
    fn take(&mut self, count: usize) -> Result<&'m [u8], Broken> {
        let end = self.at.checked_add(count).ok_or(Broken::Damaged(self.at))?;
        let part = self.bytes.get(self.at..end).ok_or(Broken::Damaged(self.at))?;
        self.at = end;
        Ok(part)
    }

    fn number(&mut self) -> Result<u32, Broken> {
        u32_at(self.take(4)?, 0).ok_or(Broken::Damaged(self.at))
    }
}

impl<'m> Model<'m> {
    /// A model over the bytes of its file. Only the vocabulary is copied.
    pub fn read(bytes: &'m [u8]) -> Result<Self, Broken> {
        if bytes.get(..4) != Some(MAGIC) {
            return Err(Broken::NoModel);
        }
        let mut file = Cursor { bytes, at: 4 };
        let format = file.number()?;
        if format != FORMAT {
            return Err(Broken::Format(format));
        }
        let (order, characters) = (file.number()? as usize, file.number()? as usize);
        if !(2..=MAX_ORDER).contains(&order) || characters >= usize::from(Symbol::MAX) {
            return Err(Broken::Damaged(8));
        }
        let bits: Vec<u32> = (3..=order).map(|_| file.number()).collect::<Result<_, _>>()?;
        let runs: Vec<usize> = (2..=order).map(|_| file.number().map(|n| n as usize)).collect::<Result<_, _>>()?;
        let letters = file.take(2 * characters)?;
        let letters = letters.chunks_exact(2).map(|c| char::from_u32(u32::from(u16::from_le_bytes([c[0], c[1]]))));
        let vocabulary = Vocabulary::new(letters.map(|c| c.unwrap_or('\u{FFFD}')));
        let symbols = characters + usize::from(FIRST);
        let singles = values(file.take(4 * symbols)?);
        let (mut pairs, mut orders) = (Pairs::default(), Vec::new());
        for (i, runs) in runs.into_iter().enumerate() {
            let bits = i.checked_sub(1).and_then(|i| bits.get(i)).copied();
            if bits.is_some_and(|b| !(1..=30).contains(&b)) {
                return Err(Broken::Damaged(file.at));
            }
            let values = values(file.take(4 * VALUES)?);
            let rows = file.take(4 * (bits.map_or(symbols, |b| 1 << b) + 1))?;
            let marks = file.take(runs.checked_mul(2).ok_or(Broken::Damaged(file.at))?)?;
            let numbers = file.take(runs)?;
            match bits {
                None => pairs = Pairs::new(symbols, rows, marks, numbers, &values),
                Some(bits) => {
                    let order = Order { bits, rows, marks, numbers, values, filter: Vec::new() };
                    orders.push(if orders.is_empty() { order.filtered() } else { order });
                }
            }
        }
        let note = std::str::from_utf8(bytes.get(file.at..).unwrap_or(&[])).map_err(|_| Broken::Damaged(file.at))?;
        Ok(Model { vocabulary, singles, pairs, orders, note })
    }

    /// The characters it knows.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Longest run, in symbols.
    pub fn order(&self) -> usize {
        self.orders.len() + 2
    }

    /// Number of runs kept of each length from 1 on.
    pub fn runs(&self) -> Vec<usize> {
        let short = [self.singles.len(), self.pairs.count()];
        short.into_iter().chain(self.orders.iter().map(|o| o.numbers.len())).collect()
    }

    /// What the file says of itself.
    pub fn note(&self) -> &'m str {
        self.note
    }

    /// log10 of the probability of a symbol by itself.
    #[inline]
    pub fn single(&self, symbol: Symbol) -> f32 {
        self.singles.get(usize::from(symbol)).map_or(-7.5, |s| s.0)
    }

    /// log10 of the back-off of a symbol by itself.
    #[inline]
    pub fn backoff(&self, symbol: Symbol) -> f32 {
        self.singles.get(usize::from(symbol)).map_or(0.0, |s| s.1)
    }

    /// log10 of the probability of the symbol at `at` after those before it in `text`, given what the model remembers of
    /// the place before (`State::default()` at the first symbol), and what it remembers after it.
    ///
    /// With a run its beginning was kept: none is longer than the one that ends before, and this symbol.
    #[inline]
    pub fn next(&self, text: &[Symbol], at: usize, before: &State) -> (f32, State) {
        let symbol = text.get(at).copied().unwrap_or(UNKNOWN);
        let (mut log, mut after) = self.alone(symbol);
        if let Some(left) = at.checked_sub(1).and_then(|i| text.get(i))
            && let Some(found) = self.pairs.find(*left, symbol)
        {
            after.matched = 2;
            (log, after.backoffs[1]) = self.pairs.value(found);
            let mut hash = longer(hash_of(symbol), *left);
            for (n, order) in self.orders.iter().take(usize::from(before.matched).saturating_sub(1)).enumerate() {
                let Some(left) = at.checked_sub(n + 2).and_then(|i| text.get(i)) else { break };
                hash = longer(hash, *left);
                if !order.may(hash) {
                    break;
                }
                let Some(found) = order.find(hash) else { break };
                let (own, backoff) = order.value(found);
                log = own;
                after.matched += 1;
                after.backoffs.get_mut(n + 2).into_iter().for_each(|place| *place = backoff);
            }
        }
        (log + self.given_up(before, &after), after)
    }

    /// Brings near what [`Model::next`] will ask of the symbols at `at` and after it: all of it at once, where one question
    /// after another would each wait for far memory. `matched` is the length of the longest kept run before `at`.
    pub fn fetch(&self, text: &[Symbol], at: usize, matched: u8) {
        let mut asked = [None; FETCHED * (MAX_ORDER - 2)];
        let mut places = asked.iter_mut();
        // The length of the longest run that may end before the place.
        let mut longest = usize::from(matched);
        for at in at..at + FETCHED {
            let Some([left, symbol]) = at.checked_sub(1).and_then(|i| text.get(i..at + 1)) else { break };
            if longest == 0 || !self.pairs.has(*left, *symbol) {
                longest = 1;
                continue;
            }
            let mut hash = longer(hash_of(*symbol), *left);
            let reach = longest - 1;
            longest = 2;
            for (n, order) in self.orders.iter().take(reach).enumerate() {
                let Some(left) = at.checked_sub(n + 2).and_then(|i| text.get(i)) else { break };
                hash = longer(hash, *left);
                if !order.may(hash) {
                    break;
                }
                longest += 1;
                places.next().into_iter().for_each(|place| *place = order.sought(hash).map(|s| (order, s)));
            }
        }
        std::hint::black_box(asked.iter().flatten().fold(0u8, |all, (order, sought)| all ^ order.glance(sought)));
    }

    #[inline]
    fn alone(&self, symbol: Symbol) -> (f32, State) {
        let (log, backoff) = self.singles.get(usize::from(symbol)).copied().unwrap_or((-7.5, 0.0));
        let mut state = State { matched: 1, backoffs: [0.0; MAX_ORDER] };
        state.backoffs[0] = backoff;
        (log, state)
    }

    /// The longest context whose run with the symbol was not kept, and those above it, give their back-off.
    #[inline]
    fn given_up(&self, before: &State, after: &State) -> f32 {
        let (from, to) = (usize::from(after.matched), usize::from(before.matched).min(self.order() - 1));
        before.backoffs.get(from.saturating_sub(1)..to).map_or(0.0, |b| b.iter().sum())
    }

    /// What [`Model::next`] says of every symbol of a row. Order by order, so that one answer need not wait for another.
    pub fn follow(&self, text: &[Symbol]) -> (Vec<f32>, Vec<State>) {
        let (mut scores, mut states) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
        for (score, state) in text.iter().map(|s| self.alone(*s)) {
            scores.push(score);
            states.push(state);
        }
        let mut hashes = vec![0; text.len()];
        for at in 1..text.len() {
            if let Some(found) = self.pairs.find(text[at - 1], text[at]) {
                states[at].matched = 2;
                (scores[at], states[at].backoffs[1]) = self.pairs.value(found);
                hashes[at] = longer(hash_of(text[at]), text[at - 1]);
            }
        }
        let mut asked: Vec<(usize, Sought)> = Vec::with_capacity(text.len());
        for (n, order) in self.orders.iter().enumerate() {
            let known = n as u8 + 2;
            asked.clear();
            for at in n + 2..text.len() {
                if states[at].matched == known && states[at - 1].matched == known {
                    hashes[at] = longer(hashes[at], text[at - n - 2]);
                    if order.may(hashes[at]) {
                        asked.extend(order.sought(hashes[at]).map(|s| (at, s)));
                    }
                }
            }
            order.touch(asked.iter().map(|(_, sought)| sought));
            for (at, sought) in &asked {
                let Some(found) = order.found(*sought) else { continue };
                let (own, backoff) = order.value(found);
                scores[*at] = own;
                states[*at].matched = known + 1;
                states[*at].backoffs.get_mut(n + 2).into_iter().for_each(|place| *place = backoff);
            }
        }
        for at in 1..text.len() {
            scores[at] += self.given_up(&states[at - 1], &states[at]);
        }
        (scores, states)
    }

    /// log10 of the probability of `second` after `first`, whatever stands before.
    pub fn after_one(&self, first: Symbol, second: Symbol) -> f32 {
        match self.pairs.find(first, second) {
            Some(found) => self.pairs.value(found).0,
            None => self.single(second) + self.backoff(first),
        }
    }

    /// [`Model::after_one`] where those before `second` are at hand ([`Model::before`]): for many first symbols this asks
    /// one row of the table, and not one for each.
    #[inline]
    pub fn onto(&self, first: Symbol, second: Symbol, before: Neighbours) -> f32 {
        before.log(first).unwrap_or_else(|| self.single(second) + self.backoff(first))
    }

    /// Whether the run of symbols was kept; runs of one always are.
    pub fn knows(&self, run: &[Symbol]) -> bool {
        match run {
            [] | [_] => true,
            [first, second] => self.pairs.find(*first, *second).is_some(),
            [before @ .., last] => {
                let hash = before.iter().rev().fold(hash_of(*last), |h, s| longer(h, *s));
                self.orders.get(before.len() - 2).is_some_and(|o| o.find(hash).is_some())
            }
        }
    }

    /// Whether a run of three may have been kept: `false` is sure, and `true` is by chance in one of five that were not.
    #[inline]
    pub fn may_know(&self, [a, b, c]: [Symbol; 3]) -> bool {
        self.orders.first().is_some_and(|o| o.may(longer(longer(hash_of(c), b), a)))
    }

    /// Which of some runs of three were kept: `each` is told the numbers of those that were.
    pub fn known_threes(&self, runs: impl Iterator<Item = [Symbol; 3]>, mut each: impl FnMut(usize)) {
        let Some(order) = self.orders.first() else { return };
        // As many at a time as memory is asked for at once.
        const BATCH: usize = 24;
        let mut runs = runs.map(|[a, b, c]| {
            let hash = longer(longer(hash_of(c), b), a);
            order.may(hash).then(|| order.sought(hash)).flatten()
        });
        let mut first = 0;
        loop {
            let mut asked = [None; BATCH];
            let mut count = 0;
            for (place, sought) in asked.iter_mut().zip(runs.by_ref()) {
                *place = sought;
                count += 1;
            }
            order.touch(asked.iter().flatten());
            for (n, sought) in asked.iter().enumerate() {
                if sought.is_some_and(|s| order.found(s).is_some()) {
                    each(first + n);
                }
            }
            first += BATCH;
            if count < BATCH {
                return;
            }
        }
    }

    /// The symbols that are known to follow a symbol.
    #[inline]
    pub fn after(&self, first: Symbol) -> Neighbours<'_> {
        self.pairs.after.of(first)
    }

    /// The symbols that are known to go before a symbol.
    #[inline]
    pub fn before(&self, second: Symbol) -> Neighbours<'_> {
        self.pairs.before.of(second)
    }

    /// log10 of the probability of every symbol of a row but the first, each after those before it; 0 for the first.
    pub fn scores(&self, text: &[Symbol]) -> Vec<f32> {
        let mut scores = self.follow(text).0;
        scores.iter_mut().take(1).for_each(|first| *first = 0.0);
        scores
    }
}
