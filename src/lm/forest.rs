//! A decision learned from examples: many small trees, each of which asks the same few questions of every case and adds
//! what its answers are worth (gradient boosting, Friedman 2001, with the symmetric trees of Prokhorenkova et al. 2018).
//!
//! # The file
//!
//! Little-endian: `KWF2`, number of forests (u32); for each: number of features, depth, number of trees (u32 each), the sum
//! that it starts from (f32); for each tree: its features (u8 each), its thresholds (f32 each), what a step is worth (f32), the
//! worth of its leaves in steps (i8 each, the answer to the first question is the lowest bit of a leaf's number).

/// Deepest tree.
pub const MAX_DEPTH: usize = 8;

const MAGIC: &[u8; 4] = b"KWF2";
/// The most steps that a leaf is worth.
const STEPS: f32 = 127.0;

/// One tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Which feature each question is about, and whether it is greater than what.
    pub questions: Vec<(u8, f32)>,
    /// What the answers are worth, in log-odds: `1 << questions.len()` of them.
    pub leaves: Vec<f32>,
}

/// Trees whose answers add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    /// Number of features of a case.
    pub features: usize,
    /// The sum to start from.
    pub start: f32,
    /// The trees.
    pub trees: Vec<Tree>,
}

impl Forest {
    /// The log-odds (natural logarithm) of a case.
    pub fn score(&self, case: &[f32]) -> f32 {
        self.trees.iter().fold(self.start, |sum, tree| sum + tree.worth(case))
    }
}

impl Tree {
    /// The number of the leaf that a case comes to.
    #[inline]
    pub fn leaf(&self, case: &[f32]) -> usize {
        let answer = |(feature, least): &(u8, f32)| case.get(usize::from(*feature)).is_some_and(|v| v > least);
        self.questions.iter().enumerate().fold(0, |leaf, (n, q)| leaf | usize::from(answer(q)) << n)
    }

    /// What a step of its leaves is worth in the file.
    fn step(&self) -> f32 {
        self.leaves.iter().fold(0.0f32, |most, leaf| most.max(leaf.abs())) / STEPS
    }

    #[inline]
    fn worth(&self, case: &[f32]) -> f32 {
        self.leaves.get(self.leaf(case)).copied().unwrap_or(0.0)
    }
}

/// A forest laid out for speed: its questions and leaves lie side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flat {
    start: f32,
    depth: usize,
    questions: Vec<(u8, f32)>,
    leaves: Vec<f32>,
    /// For each [`STRIDE`] trees the most that they and all after them can add.
    most: Vec<f32>,
}

/// So many trees are asked before it is seen whether the rest can still matter.
const STRIDE: usize = 10;

impl Flat {
    /// The same forest, flat.
    pub fn new(forest: &Forest) -> Self {
        let depth = forest.trees.iter().map(|t| t.questions.len()).max().unwrap_or(0).min(MAX_DEPTH);
        let mut flat = Flat { start: forest.start, depth, ..Flat::default() };
        for tree in &forest.trees {
            // A question that is answered no whatever the case fills a tree up.
            let questions = tree.questions.iter().copied().chain(std::iter::repeat(NO));
            flat.questions.extend(questions.take(depth));
            flat.leaves.extend(tree.leaves.iter().copied().chain(std::iter::repeat(0.0)).take(1 << depth));
        }
        let mut most = 0.0;
        for strides in flat.leaves.chunks(STRIDE << depth).rev() {
            let trees = strides.chunks(1 << depth);
            most += trees.map(|t| t.iter().copied().fold(f32::NEG_INFINITY, f32::max)).sum::<f32>();
            flat.most.push(most);
        }
        flat.most.reverse();
        flat
    }

    /// The log-odds of a case, `None` where they are below `least`.
    pub fn score(&self, case: &[f32], least: f32) -> Option<f32> {
        let mut padded = [0.0f32; 256];
        let count = case.len().min(padded.len());
        padded[..count].copy_from_slice(&case[..count]);
        // For the depth that the carried forests have the questions of a tree are asked without a loop.
        match self.depth {
            6 => self.sum(least, |questions| leaf(&padded, questions.first_chunk::<6>().unwrap_or(&[NO; 6]))),
            _ => self.sum(least, |questions| leaf(&padded, questions)),
        }
    }

    #[inline(always)]
    fn sum(&self, least: f32, leaf: impl Fn(&[(u8, f32)]) -> usize) -> Option<f32> {
        let mut sum = self.start;
        let strides = self.leaves.chunks(STRIDE << self.depth).zip(&self.most).enumerate();
        for (stride, (leaves, most)) in strides {
            // Rounding may not decide.
            if sum + most < least - 0.01 {
                return None;
            }
            for (n, leaves) in leaves.chunks_exact(1 << self.depth).enumerate() {
                let from = (stride * STRIDE + n) * self.depth;
                let questions = self.questions.get(from..from + self.depth).unwrap_or(&[]);
                sum += leaves.get(leaf(questions)).copied().unwrap_or(0.0);
            }
        }
        (sum >= least).then_some(sum)
    }
}

/// A question that is answered no whatever the case.
const NO: (u8, f32) = (0, f32::INFINITY);

/// The number of the leaf that a case comes to.
#[inline(always)]
fn leaf(case: &[f32; 256], questions: &[(u8, f32)]) -> usize {
    let answer = |(feature, least): &(u8, f32)| usize::from(case[usize::from(*feature)] > *least);
    questions.iter().enumerate().fold(0, |leaf, (n, q)| leaf | answer(q) << n)
}

fn steps(leaf: f32, step: f32) -> i8 {
    if step > 0.0 { (leaf / step).round().clamp(-STEPS, STEPS) as i8 } else { 0 }
}

/// Writes forests down; the worth of a leaf is rounded to a step of its tree.
pub fn write(forests: &[Forest]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend((forests.len() as u32).to_le_bytes());
    for forest in forests {
        let depth = forest.trees.first().map_or(0, |t| t.questions.len());
        for n in [forest.features, depth, forest.trees.len()] {
            out.extend((n as u32).to_le_bytes());
        }
        out.extend(forest.start.to_le_bytes());
        for tree in &forest.trees {
            out.extend(tree.questions.iter().map(|q| q.0));
            tree.questions.iter().for_each(|q| out.extend(q.1.to_le_bytes()));
            let step = tree.step();
            out.extend(step.to_le_bytes());
            out.extend(tree.leaves.iter().map(|leaf| steps(*leaf, step) as u8));
        }
    }
    out
}

/// Reads what [`write`] wrote; `None` where the bytes are anything else.
pub fn read(bytes: &[u8]) -> Option<Vec<Forest>> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let mut take = |count: usize| {
        let (part, tail) = rest.split_at_checked(count)?;
        rest = tail;
        Some(part)
    };
    let number = |part: &[u8]| part.try_into().ok().map(u32::from_le_bytes).and_then(|n| usize::try_from(n).ok());
    let float = |part: &[u8]| part.try_into().ok().map(f32::from_le_bytes).filter(|f| f.is_finite());
    let mut forests = Vec::new();
    for _ in 0..number(take(4)?)? {
        let (features, depth, trees) = (number(take(4)?)?, number(take(4)?)?, number(take(4)?)?);
        if depth > MAX_DEPTH {
            return None;
        }
        let mut forest = Forest { features, start: float(take(4)?)?, trees: Vec::new() };
        for _ in 0..trees {
            let asked = take(depth)?.to_vec();
            let least: Vec<f32> = take(4 * depth)?.chunks_exact(4).map(float).collect::<Option<_>>()?;
            let step = float(take(4)?)?;
            let leaves = take(1 << depth)?.iter().map(|leaf| f32::from(*leaf as i8) * step).collect();
            forest.trees.push(Tree { questions: asked.into_iter().zip(least).collect(), leaves });
        }
        forests.push(forest);
    }
    Some(forests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let tree = Tree { questions: vec![(0, 0.5), (1, -1.0)], leaves: vec![0.0, 63.0, -2.0, 127.0] };
        let forest = Forest { features: 2, start: -0.5, trees: vec![tree] };
        assert_eq!(forest.score(&[1.0, 0.0]), 126.5);
        assert_eq!(forest.score(&[0.0, -2.0]), -0.5);
        let flat = Flat::new(&forest);
        assert_eq!(flat.score(&[1.0, 0.0], f32::NEG_INFINITY), Some(126.5));
        assert_eq!(flat.score(&[0.0, -2.0], -0.5), Some(-0.5));
        assert_eq!(flat.score(&[1.0, 0.0], 126.6), None);
        let bytes = write(std::slice::from_ref(&forest));
        assert_eq!(read(&bytes), Some(vec![forest]));
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), None, "{cut}");
        }
    }
}
