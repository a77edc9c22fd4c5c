//! Tables of figures for a terminal.

/// Lines of columns: the first to the left, the others to the right.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let lines: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let widths: Vec<usize> =
        (0..head.len()).map(|i| lines.iter().filter_map(|l| l.get(i)).map(|c| width(c)).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(i, (cell, wide))| {
            let room = " ".repeat(wide - width(cell).min(*wide));
            if i == 0 { format!("{cell}{room}") } else { format!("{room}{cell}") }
        });
        out += cells.collect::<Vec<_>>().join("  ").trim_end();
        out.push('\n');
    }
    out
}

/// Columns that a text takes: Han characters and full-width marks take two.
pub fn width(text: &str) -> usize {
    text.chars().map(breadth).sum()
}

/// Columns that a character takes.
pub fn breadth(c: char) -> usize {
    let narrow = ('\u{2000}'..='\u{2E7F}').contains(&c) && !('\u{231A}'..='\u{23FF}').contains(&c);
    if (('\u{1100}'..='\u{FFDC}').contains(&c) && !narrow) || c >= '\u{20000}' { 2 } else { 1 }
}

/// A share as a percentage.
pub fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |s| format!("{:.1}%", s * 100.0))
}

/// A number with two decimals.
pub fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.2}"))
}

/// A number with four decimals.
pub fn fine(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.4}"))
}
