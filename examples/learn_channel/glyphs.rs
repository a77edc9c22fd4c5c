//! What glyphs look like, and how alike two of them are.

use ab_glyph::{Font, FontVec};

pub const SIDE: usize = 32;
const PIXELS: usize = SIDE * SIDE;
/// Directions of a stroke's edge, and cells of 4 × 4 pixels they are counted in.
const DIRECTIONS: usize = 8;
const CELLS: usize = 8;

pub type Picture = [f32; PIXELS];

/// Draws a character in its em box: the place in the box tells 日 from 曰.
pub fn draw(font: &FontVec, c: char) -> Picture {
    let mut picture = [0.0; PIXELS];
    let scale = font.height_unscaled() / font.units_per_em().unwrap_or(1000.0) * SIDE as f32;
    let glyph = font.glyph_id(c).with_scale_and_position(scale, ab_glyph::point(0.0, 0.88 * SIDE as f32));
    if let Some(outline) = font.outline_glyph(glyph) {
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, cover| {
            let (x, y) = (x as i32 + corner.x as i32, y as i32 + corner.y as i32);
            let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
            if inside {
                picture[y as usize * SIDE + x as usize] += cover;
            }
        });
    }
    picture
}

/// The pictures are compared at half their size.
const SMALL: usize = SIDE / 2;

/// What is compared of a glyph.
pub struct Look {
    /// The blurred picture, small, normalised, as it stands and moved by one pixel each way.
    pub moved: Vec<Vec<f32>>,
    /// Edge directions, normalised.
    pub edges: Vec<f32>,
    /// Ink, and ink made thicker by one pixel, a bit for each pixel.
    ink: [u64; PIXELS / 64],
    thick: [u64; PIXELS / 64],
    inked: f32,
}

impl Look {
    pub fn of(picture: &Picture) -> Look {
        let soft = blur(picture);
        let moves = [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)];
        let moved = moves.map(|(x, y)| centred(&halved(&shift(&soft, x, y)))).to_vec();
        let dark: Vec<bool> = picture.iter().map(|v| *v > 0.4).collect();
        let bits = |f: &dyn Fn(usize) -> bool| {
            let mut bits = [0; PIXELS / 64];
            (0..PIXELS).filter(|i| f(*i)).for_each(|i| bits[i / 64] |= 1 << (i % 64));
            bits
        };
        let (ink, thick) = (bits(&|i| dark[i]), bits(&|i| around(i).any(|k| dark[k])));
        let inked = dark.iter().filter(|v| **v).count().max(1) as f32;
        Look { moved, edges: normal(edges(&soft)), ink, thick, inked }
    }

    /// Share of this glyph's ink that has none of the other's nearby.
    fn alone(&self, other: &Look) -> f32 {
        let lonely: u32 = self.ink.iter().zip(&other.thick).map(|(ink, near)| (ink & !near).count_ones()).sum();
        lonely as f32 / self.inked
    }
}

fn halved(picture: &Picture) -> Vec<f32> {
    let corner = |i: usize| (i / SMALL * 2) * SIDE + i % SMALL * 2;
    let four = |at: usize| picture[at] + picture[at + 1] + picture[at + SIDE] + picture[at + SIDE + 1];
    (0..SMALL * SMALL).map(|i| four(corner(i))).collect()
}

fn around(i: usize) -> impl Iterator<Item = usize> {
    let (x, y) = (i % SIDE, i / SIDE);
    let rows = y.saturating_sub(1)..(y + 2).min(SIDE);
    rows.flat_map(move |y| (x.saturating_sub(1)..(x + 2).min(SIDE)).map(move |x| y * SIDE + x))
}

fn at(picture: &Picture, x: i32, y: i32) -> f32 {
    let side = SIDE as i32;
    if (0..side).contains(&x) && (0..side).contains(&y) { picture[(y * side + x) as usize] } else { 0.0 }
}

fn each(f: impl Fn(i32, i32) -> f32) -> Picture {
    std::array::from_fn(|i| f((i % SIDE) as i32, (i / SIDE) as i32))
}

/// A Gaussian of about one pixel.
fn blur(picture: &Picture) -> Picture {
    const WEIGHTS: [f32; 5] = [0.06, 0.24, 0.40, 0.24, 0.06];
    let rows = each(|x, y| (-2..=2).zip(WEIGHTS).map(|(d, w)| w * at(picture, x + d, y)).sum());
    each(|x, y| (-2..=2).zip(WEIGHTS).map(|(d, w)| w * at(&rows, x, y + d)).sum())
}

fn shift(picture: &Picture, by_x: i32, by_y: i32) -> Picture {
    each(|x, y| at(picture, x - by_x, y - by_y))
}

fn centred(picture: &[f32]) -> Vec<f32> {
    let mean = picture.iter().sum::<f32>() / picture.len() as f32;
    normal(picture.iter().map(|v| v - mean).collect())
}

fn normal(mut values: Vec<f32>) -> Vec<f32> {
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    values.iter_mut().for_each(|v| *v /= length);
    values
}

/// Histograms of edge directions (Dalal and Triggs 2005), each edge shared among the four cells around it; square roots.
fn edges(picture: &Picture) -> Vec<f32> {
    let mut counts = vec![0.0f32; CELLS * CELLS * DIRECTIONS];
    for y in 0..SIDE as i32 {
        for x in 0..SIDE as i32 {
            let dx = at(picture, x + 1, y) - at(picture, x - 1, y);
            let dy = at(picture, x, y + 1) - at(picture, x, y - 1);
            let strength = dx.hypot(dy);
            let angle = dy.atan2(dx).rem_euclid(std::f32::consts::PI) / std::f32::consts::PI * DIRECTIONS as f32;
            let (low, part) = (angle.floor() as usize % DIRECTIONS, angle.fract());
            let (cx, cy) = ((x as f32 - 1.5) / 4.0, (y as f32 - 1.5) / 4.0);
            for (ox, oy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                let (kx, ky) = (cx.floor() as i32 + ox, cy.floor() as i32 + oy);
                let inside = (0..CELLS as i32).contains(&kx) && (0..CELLS as i32).contains(&ky);
                if inside {
                    let share = (1.0 - (cx - kx as f32).abs()) * (1.0 - (cy - ky as f32).abs()) * strength;
                    let cell = (ky as usize * CELLS + kx as usize) * DIRECTIONS;
                    counts[cell + low] += share * (1.0 - part);
                    counts[cell + (low + 1) % DIRECTIONS] += share * part;
                }
            }
        }
    }
    counts.iter().map(|v| v.sqrt()).collect()
}

pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    for (x, y) in a.chunks_exact(16).zip(b.chunks_exact(16)) {
        for k in 0..16 {
            lanes[k] += x[k] * y[k];
        }
    }
    lanes.iter().sum()
}

/// Likenesses of two glyphs in one font: the picture, its edges, the edges of the part that agrees best (half the
/// glyph or more), of the rest, the ink that stands alone (more, less), the difference in ink.
pub const LIKENESSES: usize = 7;

pub fn likeness(a: &Look, b: &Look) -> [f32; LIKENESSES] {
    let moved = b.moved.iter().map(|m| dot(&a.moved[0], m)).fold(-1.0, f32::max);
    let (part, rest) = best_part(&a.edges, &b.edges);
    let (alone, other) = (a.alone(b), b.alone(a));
    let ink = (a.inked / b.inked).ln().abs();
    [moved, dot(&a.edges, &b.edges), part, rest, alone.max(other), alone.min(other), ink]
}

/// How well the part of two glyphs agrees that agrees best, and what is left of them: four or five eighths from the
/// left, the right, the top or the bottom.
fn best_part(a: &[f32], b: &[f32]) -> (f32, f32) {
    // Products and lengths of each column and row of cells.
    let (mut columns, mut rows) = ([[0.0f32; 3]; CELLS], [[0.0f32; 3]; CELLS]);
    for (i, (x, y)) in a.chunks_exact(DIRECTIONS).zip(b.chunks_exact(DIRECTIONS)).enumerate() {
        let sums = x.iter().zip(y).fold([0.0; 3], |s: [f32; 3], (x, y)| [s[0] + x * y, s[1] + x * x, s[2] + y * y]);
        for k in 0..3 {
            columns[i % CELLS][k] += sums[k];
            rows[i / CELLS][k] += sums[k];
        }
    }
    let agreement = |cells: &[[f32; 3]]| {
        let sum = cells.iter().fold([0.0; 3], |s: [f32; 3], c| [s[0] + c[0], s[1] + c[1], s[2] + c[2]]);
        sum[0] / (sum[1] * sum[2]).sqrt().max(1e-3)
    };
    let mut best = (-1.0, 0.0);
    for cells in [&columns, &rows] {
        for cut in [3, 4, 5] {
            let (first, last) = (agreement(&cells[..cut]), agreement(&cells[cut..]));
            for (large, small, size) in [(first, last, cut), (last, first, CELLS - cut)] {
                if size >= CELLS / 2 && large > best.0 {
                    best = (large, small);
                }
            }
        }
    }
    best
}
