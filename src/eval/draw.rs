//! Drawing a sample that is the same on every machine.
//!
//! The numbers are those of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, *Fast splittable pseudorandom number
//! generators*, OOPSLA 2014), started at the seed. The draw is the front of a Fisher–Yates shuffle: place `i` trades with
//! a place from `i` on, which is the high half of the 128-bit product of the next number and how many places are left
//! (D. Lemire, 2019, without the rejection: the bias is below 2⁻⁴⁰ for any file that fits a disk).

/// Which `count` of `of` things are drawn, in ascending order; all of them where `count` is `None` or too large.
pub fn draw(of: usize, count: Option<usize>, seed: u64) -> Vec<usize> {
    let mut places: Vec<usize> = (0..of).collect();
    let Some(count) = count.filter(|c| *c < of) else { return places };
    let mut numbers = SplitMix64(seed);
    for i in 0..count {
        places.swap(i, i + numbers.below(of - i));
    }
    places.truncate(count);
    places.sort_unstable();
    places
}

/// The generator: the same numbers everywhere and always. The field is the seed to start from.
pub struct SplitMix64(pub u64);

impl SplitMix64 {
    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 where the bound is 0.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.draw()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The first outputs of the reference implementation for the seed 1234567.
        let mut numbers = SplitMix64(1_234_567);
        let first = [numbers.draw(), numbers.draw(), numbers.draw()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn a_draw_is_the_same_every_time_and_holds_no_place_twice() {
        let drawn = draw(1000, Some(50), 7);
        assert_eq!(drawn, draw(1000, Some(50), 7));
        assert_ne!(drawn, draw(1000, Some(50), 8));
        assert!(drawn.len() == 50 && drawn.windows(2).all(|w| w[0] < w[1]) && drawn[49] < 1000);
        assert_eq!(draw(3, Some(9), 7), [0, 1, 2]);
        assert_eq!(draw(3, None, 7), [0, 1, 2]);
        assert!(draw(0, Some(9), 7).is_empty());
    }
}
