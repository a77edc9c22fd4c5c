//! Serial numbers of sections, in the order of official documents: 一、 （一） 1. （1） ①, and the 第…章, 第…条 of laws.
//!
//! The order is that of 党政机关公文格式 (GB/T 9704-2012, 7.3.3).

use super::marks::{is_close_round, is_open_round};

/// A serial number at the start of a text, in bytes of that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// Rank, as in [`super::Serial::rank`].
    pub rank: u8,
    /// The number.
    pub number: u32,
    /// Length with its marks.
    pub len: usize,
}

/// Reads the serial number that a text begins with.
pub(crate) fn read(text: &str) -> Option<Read> {
    let first = text.chars().next()?;
    match first {
        '第' => statute(text),
        '(' | '（' => bracketed(text),
        '0'..='9' | '０'..='９' => dotted(text),
        '①'..='⑳' => Some(Read { rank: 5, number: first as u32 - '①' as u32 + 1, len: first.len_utf8() }),
        '㈠'..='㈩' => Some(Read { rank: 2, number: first as u32 - '㈠' as u32 + 1, len: first.len_utf8() }),
        '⑴'..='⒇' => Some(Read { rank: 4, number: first as u32 - '⑴' as u32 + 1, len: first.len_utf8() }),
        _ if han_digit(first).is_some() => counted(text),
        _ => None,
    }
}

/// Which of 编章节条 a rank-0 serial counts; `None` for other serials.
pub(crate) fn unit(serial: &str) -> Option<char> {
    serial.chars().last().filter(|c| matches!(c, '编' | '章' | '节' | '条'))
}

/// `第十一条`
fn statute(text: &str) -> Option<Read> {
    let rest = text.strip_prefix('第')?;
    let (number, n) = any_number(rest)?;
    let unit = rest.get(n..)?.chars().next()?;
    matches!(unit, '编' | '章' | '节' | '条').then_some(Read {
        rank: 0,
        number,
        len: '第'.len_utf8() + n + unit.len_utf8(),
    })
}

/// `（一）`, `（1）`
fn bracketed(text: &str) -> Option<Read> {
    let open = text.chars().next().filter(|c| is_open_round(*c))?;
    let rest = text.get(open.len_utf8()..)?;
    let (number, n, rank) = match han_number(rest) {
        Some((number, n)) => (number, n, 2),
        None => digits(rest).map(|(number, n)| (number, n, 4))?,
    };
    let close = rest.get(n..)?.chars().next().filter(|c| is_close_round(*c))?;
    (number < 100).then_some(Read { rank, number, len: open.len_utf8() + n + close.len_utf8() })
}

/// `1.`, `1．`, `1、`; not `10.15` and not `2019.`
fn dotted(text: &str) -> Option<Read> {
    let (number, n) = digits(text)?;
    let rest = text.get(n..)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '.' | '．' | '、'))?;
    let after = rest.get(mark.len_utf8()..)?.chars().next();
    let counts = number < 100 && !after.is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
    counts.then_some(Read { rank: 3, number, len: n + mark.len_utf8() })
}

/// `一、`
fn counted(text: &str) -> Option<Read> {
    let (number, n) = han_number(text)?;
    let mark = text.get(n..)?.chars().next().filter(|c| *c == '、')?;
    let after = text.get(n + mark.len_utf8()..)?.chars().next();
    // 一、二年 and 三、四线 are ranges of numbers, not serials.
    let counts = number < 100 && !after.is_some_and(|c| han_digit(c).is_some_and(|d| d == number + 1 && d < 10));
    counts.then_some(Read { rank: 1, number, len: n + mark.len_utf8() })
}

/// A number in either script: its value and length.
pub(crate) fn any_number(text: &str) -> Option<(u32, usize)> {
    han_number(text).or_else(|| digits(text))
}

/// Up to four decimal digits of either width.
fn digits(text: &str) -> Option<(u32, usize)> {
    let (mut value, mut len) = (0, 0);
    for (i, c) in text.chars().enumerate() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            _ => break,
        };
        if i == 4 {
            return None;
        }
        value = value * 10 + digit;
        len += c.len_utf8();
    }
    (len > 0).then_some((value, len))
}

/// A Han number below a thousand, `十一`, `二十`, `一百零三`.
fn han_number(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut ones, mut len) = (0u32, None, 0);
    for c in text.chars() {
        match c {
            '十' => total += ones.take().unwrap_or(1) * 10,
            '百' => total += ones.take()? * 100,
            '零' | '〇' => ones = None,
            _ => match han_digit(c) {
                Some(_) if ones.is_some() => return None,
                Some(d) => ones = Some(d),
                None => break,
            },
        }
        len += c.len_utf8();
        if len > 15 {
            return None;
        }
    }
    let value = total + ones.unwrap_or(0);
    (value > 0).then_some((value, len))
}

fn han_digit(c: char) -> Option<u32> {
    "一二三四五六七八九十".chars().position(|d| d == c).map(|i| i as u32 + 1)
}

/// Writes a number the way 一、 and 第一条 do, below a thousand.
pub(crate) fn han(number: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: u32| DIGITS.get(n as usize % 10).copied().unwrap_or("");
    let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
    let mut out = String::new();
    if hundreds > 0 {
        out.push_str(digit(hundreds));
        out.push('百');
    }
    match (hundreds, tens) {
        (0, 0) => {}
        (_, 0) if ones > 0 => out.push('零'),
        (_, 0) => {}
        (0, 1) => out.push('十'),
        _ => {
            out.push_str(digit(tens));
            out.push('十');
        }
    }
    out.push_str(digit(ones));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_is_read() {
        let cases = [
            ("第十一条 开办", 0, 11, "第十一条"),
            ("一、总体要求", 1, 1, "一、"),
            ("(三)深化", 2, 3, "(三)"),
            ("（二十一）其他", 2, 21, "（二十一）"),
            ("1.促进", 3, 1, "1."),
            ("12、办理", 3, 12, "12、"),
            ("（1）主体", 4, 1, "（1）"),
            ("②流程", 5, 2, "②"),
        ];
        for (text, rank, number, serial) in cases {
            assert_eq!(read(text), Some(Read { rank, number, len: serial.len() }), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_serials() {
        for text in
            ["10.15万", "2019年", "一、二年级", "三年来", "（2019年10月17日）", "第三次", "3.5%", "一方面", "（）", ""]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn han_numbers_round_trip() {
        for n in 1..1000 {
            let text = han(n);
            assert_eq!(han_number(&text), Some((n, text.len())), "{text}");
        }
    }
}
