//! Made-up pages whose order is known: columns, headlines over some of them or all, articles side by side, a leaning scan.

use super::*;
use crate::reader::sheet::Word;
use proptest::prelude::*;

/// Type of 20 pixels on lines 28 apart, in columns of 12 characters with 1.5 characters of white between.
const EM: f32 = 20.0;
const PITCH: f32 = 28.0;
const WIDE: f32 = 12.0 * EM;
const GUTTER: f32 = 1.5 * EM;

fn line(name: String, bbox: [f32; 4]) -> Line {
    let bbox = Some(BBox(bbox));
    Line { bbox, words: vec![Word { text: name, bbox, ..Word::default() }] }
}

/// A line of body type of so many characters. Engines pad boxes, by a fifth of the type here.
fn body(name: &str, x: f32, y: f32, ems: usize) -> Line {
    let text = name.chars().chain(std::iter::repeat('文')).take(ems.max(name.chars().count())).collect();
    line(text, [x - 2.0, y - 4.0, x + ems as f32 * EM + 2.0, y + EM + 4.0])
}

/// A headline in twice the body size, in the middle of a stretch.
fn headline(name: &str, x: f32, width: f32, y: f32, ems: usize) -> Line {
    let size = 2.0 * EM;
    let text: String = name.chars().chain(std::iter::repeat('题')).take(ems).collect();
    let from = x + (width - ems as f32 * size) / 2.0;
    line(text, [from, y - 6.0, from + ems as f32 * size, y + size + 6.0])
}

/// Made-up articles write their lines in the order in which they are read, and say how far down they reach.
#[derive(Default)]
struct Maker {
    lines: Vec<Line>,
}

impl Maker {
    /// An article of so many lines in so many columns below a headline, with a byline.
    fn article(&mut self, nth: usize, x: f32, y: f32, columns: usize, lines: usize) -> f32 {
        let width = columns as f32 * WIDE + (columns - 1) as f32 * GUTTER;
        self.lines.push(headline(&format!("题{nth}"), x, width, y, 5));
        let y = y + 3.0 * EM;
        let byline = format!("记者{nth}");
        self.lines.push(body(&byline, x + (width - 5.0 * EM) / 2.0, y, 5));
        self.columns(nth, x, y + 1.6 * EM, columns, lines)
    }

    fn columns(&mut self, nth: usize, x: f32, y: f32, columns: usize, lines: usize) -> f32 {
        // Columns are set even; the last may be a line short.
        let high = lines.div_ceil(columns);
        for n in 0..(high * columns - nth % 2) {
            let (column, row) = (n / high, n % high);
            let (indent, ems) = match n % 5 {
                0 => (2.0, 10),
                4 => (0.0, 7),
                _ => (0.0, 12),
            };
            let x = x + column as f32 * (WIDE + GUTTER) + indent * EM;
            self.lines.push(body(&format!("文{nth}之{n}行"), x, y + row as f32 * PITCH, ems));
        }
        y + high as f32 * PITCH
    }

    /// The same lines, shaken into another order, on a page that leans.
    fn sheet(&self, seed: u64, skew: f32) -> Sheet {
        let mut lines = self.lines.clone();
        let mut state = seed | 1;
        for n in (1..lines.len()).rev() {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            lines.swap(n, (state >> 33) as usize % (n + 1));
        }
        for line in &mut lines {
            if let Some(BBox([l, t, r, b])) = line.bbox {
                // The page is turned by a small angle; the box is the upright one around the turned line.
                let (x, y, foot) = (skew * t, skew * l, skew * r);
                line.bbox = Some(BBox([l - x, t + y.min(foot), r - x, b + y.max(foot)]));
            }
        }
        Sheet { skew, regions: vec![Region { lines, ..Region::default() }], ..Sheet::default() }
    }
}

fn said(regions: &[Region]) -> Vec<String> {
    let lines = regions.iter().flat_map(|r| &r.lines);
    lines.map(|l| l.words.iter().map(|w| w.text.as_str()).collect()).collect()
}

fn check(page: &Maker, seed: u64, skew: f32) {
    let mut sheet = page.sheet(seed, skew);
    arrange(&mut sheet);
    let expected = said(&[Region { lines: page.lines.clone(), ..Region::default() }]);
    assert_eq!(said(&sheet.regions), expected);
}

proptest! {
    // Always the same pages, so that a build fails by what was changed and by nothing else.
    #![proptest_config(ProptestConfig {
        cases: 96,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_191_023),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Articles one below the other, each over all columns of the page or a number of its own.
    #[test]
    fn articles_below_each_other(
        articles in prop::collection::vec((2usize..6, 12usize..60), 1..5), seed: u64, skew in -0.02f32..0.02,
    ) {
        let mut page = Maker::default();
        let mut y = 100.0;
        for (n, (columns, lines)) in articles.into_iter().enumerate() {
            y = page.article(n, 80.0, y, columns, lines) + 1.5 * EM;
        }
        check(&page, seed, skew);
    }

    /// Two articles side by side, each under a headline of its own, and one below both.
    #[test]
    fn articles_side_by_side(
        left in 2usize..4, right in 2usize..4, lines in 20usize..60, other in 20usize..60, seed: u64, skew in -0.01f32..0.01,
    ) {
        let mut page = Maker::default();
        let foot = page.article(1, 80.0, 100.0, left, lines);
        let x = 80.0 + left as f32 * (WIDE + GUTTER);
        let foot = foot.max(page.article(2, x, 100.0, right, other));
        page.article(3, 80.0, foot + 2.0 * EM, left + right, 40);
        check(&page, seed, skew);
    }

    /// Any boxes at all: every line is given once, and the order does not depend on the order of the file.
    #[test]
    fn nothing_is_lost(boxes in prop::collection::vec(prop::array::uniform4(0u16..500), 0..80), seed: u64) {
        let mut page = Maker::default();
        for (n, [x, y, w, h]) in boxes.into_iter().enumerate() {
            // No two boxes are the same: such have no order but that of the file.
            let (x, y) = (f32::from(x) + n as f32 / 128.0, f32::from(y));
            page.lines.push(line(format!("行{n}"), [x, y, x + f32::from(w), y + f32::from(h) / 8.0]));
        }
        let (mut one, mut other) = (page.sheet(seed, 0.0), page.sheet(seed.wrapping_add(77), 0.0));
        arrange(&mut one);
        arrange(&mut other);
        prop_assert_eq!(said(&one.regions), said(&other.regions));
        let mut words: Vec<String> = one.regions.iter().flat_map(|r| &r.lines).flat_map(|l| &l.words).map(|w| w.text.clone()).collect();
        let mut all: Vec<String> = page.lines.iter().flat_map(|l| &l.words).map(|w| w.text.clone()).collect();
        words.sort();
        all.sort();
        prop_assert_eq!(words, all);
    }
}

#[test]
fn a_headline_over_two_of_three_columns() {
    let mut page = Maker::default();
    page.article(1, 80.0, 100.0, 2, 30);
    page.columns(2, 80.0 + 2.0 * (WIDE + GUTTER), 100.0, 1, 19);
    check(&page, 5, 0.0);
}

#[test]
fn a_headline_cut_in_two_by_a_space() {
    let mut page = Maker::default();
    let width = 4.0 * WIDE + 3.0 * GUTTER;
    let (left, right) = (
        headline("题前", 80.0, width - 9.0 * EM, 100.0, 6),
        headline("题后", 80.0 + 16.0 * EM, width - 16.0 * EM, 100.0, 4),
    );
    page.lines.extend([left, right]);
    page.columns(1, 80.0, 160.0, 4, 40);
    let mut sheet = page.sheet(3, 0.0);
    arrange(&mut sheet);
    assert_eq!(sheet.regions.first().map(|r| r.lines.len()), Some(1));
    assert!(said(&sheet.regions)[0].starts_with("题前") && said(&sheet.regions)[0].contains("题后"));
}

#[test]
fn a_vertical_headline_stands_beside_its_columns() {
    let mut page = Maker::default();
    page.lines.push(line("竖排的标题".to_owned(), [80.0, 100.0, 120.0, 340.0]));
    page.columns(1, 150.0, 100.0, 3, 24);
    check(&page, 9, 0.0);
}

#[test]
fn boxes_that_are_none() {
    let mut page = Maker::default();
    for (n, bbox) in [[f32::NAN; 4], [f32::INFINITY, 0.0, 1.0, 1.0], [5.0, 5.0, 1.0, 1.0], [0.0; 4], [1e30; 4]]
        .into_iter()
        .enumerate()
    {
        page.lines.push(line(format!("行{n}"), bbox));
    }
    let mut sheet = page.sheet(1, 0.0);
    arrange(&mut sheet);
    assert_eq!(sheet.regions.iter().flat_map(|r| &r.lines).count(), 5);
}

#[test]
fn a_page_of_many_boxes() {
    let mut page = Maker::default();
    // A staircase, the worst there is for cuts, and a grid.
    for n in 0..50_000 {
        let step = n as f32 * 3.0;
        page.lines.push(line("文".to_owned(), [step, step, step + 20.0, step + 20.0]));
        let (x, y) = ((n % 250) as f32 * 40.0, 20_000.0 + (n / 250) as f32 * 25.0);
        page.lines.push(line("文".to_owned(), [x, y, x + 20.0, y + 20.0]));
    }
    let mut sheet = page.sheet(2, 0.0);
    let start = std::time::Instant::now();
    arrange(&mut sheet);
    assert!(start.elapsed().as_secs() < 20);
}
