//! Makes `model/channel.bin` again: which characters look or sound alike (see `model/README.md`).
//!
//!     cargo run --release --example learn_channel -- model/channel.bin CHARACTERS.tsv SERIF.ttc SANS.ttc CONFUSIONS.tsv ...
//!
//! CHARACTERS lists the characters of the written standard: code point, character, readings with tone marks. The fonts
//! are collections whose third face is the simplified Chinese one (Noto CJK). CONFUSIONS are tables with a heading line
//! that names the columns `ocr`, `count`, and `truth` or `ref`. It prints how many confusions that it did not learn from
//! stand among the most alike glyphs.

use ab_glyph::FontVec;
use fit::Fit;
use glyphs::{Look, draw};
use kanwu::lm::channel::Channel;
use kanwu::text::is_han;
use rayon::prelude::*;
use rows::{Inventory, Known, compared};
use sounds::Readings;
use std::collections::BTreeMap;

mod fit;
mod glyphs;
mod rows;
mod sounds;

type Failure = Box<dyn std::error::Error>;

/// Written character, true character: how often.
type Confusions = BTreeMap<(char, char), u32>;

/// The face of a Noto CJK collection that draws simplified Chinese: JP, KR, SC, TC, HK.
const FACE: u32 = 2;
fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let mut next = |what: &'static str| args.next().ok_or(what);
    let target = next("which file shall be written?")?;
    let standard = std::fs::read_to_string(next("where is the list of characters?")?)?;
    let fonts = [open(&next("where is the serif font?")?)?, open(&next("where is the sans font?")?)?];
    let mut confusions = Confusions::new();
    for path in args {
        read_confusions(&std::fs::read_to_string(path)?, &mut confusions);
    }
    let readings = Readings::read(&standard);
    let inventory = Inventory::of(&readings, &confusions);
    let looks: Vec<[Look; 2]> =
        inventory.all.par_iter().map(|c| fonts.each_ref().map(|font| Look::of(&draw(font, *c)))).collect();
    let close: Vec<Vec<usize>> = (0..looks.len()).into_par_iter().map(|i| compared(i, &looks, &inventory)).collect();
    println!("{} characters, {} may be proposed", inventory.all.len(), inventory.proposed.len());

    let known = Known { inventory: &inventory, looks: &looks, close: &close, confusions: &confusions };
    let held_out = Fit::learn(&known, |a, b| split(a, b) == 0);
    known.report(&held_out, |a, b| split(a, b) == 1);
    let fit = Fit::learn(&known, |_, _| true);
    let draft = known.table(&fit, &readings);
    let bytes = draft.write();
    let (mut entries, mut rows) = (0, 0);
    let channel = Channel::read(Box::leak(bytes.clone().into_boxed_slice())).ok_or("the table cannot be read")?;
    for c in channel.characters() {
        rows += 1;
        entries += channel.near(c).count();
    }
    println!("{rows} rows, {entries} entries, {} bytes", bytes.len());
    std::fs::write(target, bytes)?;
    Ok(())
}

fn open(path: &str) -> Result<FontVec, Failure> {
    Ok(FontVec::try_from_vec_and_index(std::fs::read(path)?, FACE)?)
}

fn read_confusions(table: &str, into: &mut Confusions) {
    let mut lines = table.lines();
    let heading: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let column = |names: &[&str]| heading.iter().position(|h| names.contains(h));
    let (Some(written), Some(truth), Some(count)) = (column(&["ocr"]), column(&["truth", "ref"]), column(&["count"]))
    else {
        return;
    };
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let one = |i: usize| {
            let mut chars = fields.get(i)?.chars();
            chars.next().filter(|c| chars.next().is_none() && is_han(*c))
        };
        if let (Some(a), Some(b)) = (one(written), one(truth)) {
            let count = fields.get(count).and_then(|n| n.parse::<u32>().ok()).unwrap_or(1);
            *into.entry((a, b)).or_default() += count;
        }
    }
}

/// Which half of the confusions a pair belongs to, whatever its direction.
fn split(a: char, b: char) -> u64 {
    let hash = [a.min(b), a.max(b)].iter().fold(0xCBF2_9CE4_8422_2325u64, |h, c| {
        (h ^ u64::from(*c as u32)).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23)
    });
    (hash >> 40) & 1
}
