//! Files of sentences: `id TAB source TAB target`, a sentence a line; or `source TAB target` throughout.

/// One sentence with its correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in the file; its line where the file gives none.
    pub id: String,
    /// As it stands.
    pub source: String,
    /// As it should read; the same where nothing is wrong.
    pub target: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Its sentences, in order.
    pub rows: Vec<Row>,
    /// Lines that are none, from 1, and what is wrong with each.
    pub bad: Vec<(usize, BadLine)>,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadLine {
    /// It has this many fields: not three, nor two as the file's first good line has.
    Fields(usize),
    /// Source or target is empty.
    Empty,
    /// It is not UTF-8.
    Encoding,
}

/// Reads the bytes of a file. Blank lines, a byte-order mark and a first line `id source target` are passed over;
/// CR LF ends a line as LF does. A bad line is left out and named. Whether there are ids is what the first line of two or
/// three fields says.
pub fn parse(bytes: &[u8]) -> Rows {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut out = Rows::default();
    let mut ids = None;
    for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match row(line, number + 1, &mut ids) {
            _ if line.iter().all(u8::is_ascii_whitespace) => {}
            Ok(row) if number == 0 && is_header(&row) => {}
            Ok(row) => out.rows.push(row),
            Err(why) => out.bad.push((number + 1, why)),
        }
    }
    out
}

/// The sentence of a line; `ids` is whether the lines have ids, once that is known.
fn row(line: &[u8], number: usize, ids: &mut Option<bool>) -> Result<Row, BadLine> {
    let line = std::str::from_utf8(line).map_err(|_| BadLine::Encoding)?;
    let fields: Vec<&str> = line.split('\t').collect();
    let (id, source, target) = match fields.as_slice() {
        [id, source, target] if *ids != Some(false) => ((*id).to_owned(), *source, *target),
        [source, target] if *ids != Some(true) => (number.to_string(), *source, *target),
        other => return Err(BadLine::Fields(other.len())),
    };
    *ids = Some(fields.len() == 3);
    if source.trim().is_empty() || target.trim().is_empty() {
        return Err(BadLine::Empty);
    }
    Ok(Row { id, source: source.to_owned(), target: target.to_owned() })
}

fn is_header(row: &Row) -> bool {
    row.source.eq_ignore_ascii_case("source") && row.target.eq_ignore_ascii_case("target")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_lines_are_read_and_bad_ones_named() {
        let file = "\u{FEFF}id\tsource\ttarget\r\n1\t两案\t两岸\r\n\r\n2\t只有两栏\n3\t\t空\n4\t长了长了\t长了\n";
        let mut bytes = file.as_bytes().to_vec();
        bytes.extend(b"5\t\xff\tx\n");
        let read = parse(&bytes);
        let ids: Vec<&str> = read.rows.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["1", "4"]);
        assert_eq!(read.rows[0].target, "两岸");
        let bare = parse("两案\t两岸\n1\t长了\t长了\n".as_bytes());
        assert_eq!((bare.rows[0].id.as_str(), bare.rows[0].source.as_str()), ("1", "两案"));
        assert_eq!(bare.bad, [(2, BadLine::Fields(3))]);
        assert_eq!(read.bad, [(4, BadLine::Fields(2)), (5, BadLine::Empty), (7, BadLine::Encoding)]);
    }
}
