//! Text as it comes out of OCR, made up: Han, digits, Latin, marks of both widths, everything a line can begin with, line
//! ends of every kind, invisible characters and what vision models leave behind.

#![allow(dead_code, reason = "each test program draws some of these")]

use proptest::prelude::*;
use proptest::sample::select;

/// A run of Han characters, common ones for the most part.
fn han() -> impl Strategy<Value = String> {
    let common = "的一是在了和有大这主中人上为们地个用工时要动国产以我到他会作来分生对于学下级就年阶义发成部民可出能方进同行面说种过命度革而多子后自社加小机也经力线本电高量长党得实家定深法表着水理化争现所二起政三好十战无农使性前等反体合斗路图把结第里正新开论之物从当两些还天资事队批如应形想制心样干都向变关点育重其思与间内去因件日利相由压员气业代全组数果期导平各基或月毛然问比展那它最及外没看治提五解系林者米群头意只明四道马认次文通但条较克又公孔领军流入接席位情运器并飞原油放立题质指建区验活众很教决特此常石强极土少已根共直团统式转别造切九你取西持总料连任志观调七么山程百报更见必真保热委手改管处己将修支识病象几先老光专什六型具示复安带每东增则完风回南广劳轮科北打积车计给节做务被整联步类集号列温装即毫知轴研单色坚据速防史拉世设达尔场织历花受求传口断况采精金界品判参层止边清至万确究书";
    let common: Vec<char> = common.chars().collect();
    proptest::collection::vec(
        prop_oneof![40 => select(common), 1 => select(vec!['口', '曰', '〇', '⼀', '﨑', '𠀀', '團', '國'])],
        1..14,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

/// What stands between or beside Han characters.
fn other() -> impl Strategy<Value = String> {
    let pieces = vec![
        "，",
        "。",
        "、",
        "；",
        "：",
        "？",
        "！",
        "“",
        "”",
        "‘",
        "’",
        "（",
        "）",
        "《",
        "》",
        "〔",
        "〕",
        "……",
        "——",
        "·",
        ",",
        ".",
        ";",
        ":",
        "?",
        "!",
        "\"",
        "'",
        "(",
        ")",
        "[",
        "]",
        "...",
        "--",
        "一一",
        "-",
        "/",
        "%",
        "$",
        "*",
        "**",
        "`",
        "2019年10月23日",
        "10.15万",
        "64-69公斤级",
        "3+3",
        "12:30",
        "1,000",
        "(一)",
        "一、",
        "1.",
        "①",
        "第三版",
        "下转第3版",
        "上接第1版",
        "中发〔2018〕43号",
        "（记者 王某）",
        "□本报记者 张某某",
        "本报10月22日讯",
        "星期三",
        "五大产业",
        "五个方面",
        "https://example.com/a?b=c",
        "a@example.com",
        "&nbsp;",
        "<br>",
        "<table><tr><td>",
        "$64\\sim69$",
        "![](p.png)",
        "```",
        "GDP",
        "５Ｇ",
        "Ａ",
        "l00",
        "1O",
        " ",
        "  ",
        "　",
        "\u{A0}",
        "\t",
        "\0",
        "\u{200B}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{1}",
        "\u{FFFD}",
        "锟斤拷",
        "é",
        "Ã©",
        "ａ",
        "𝟏",
        "\u{E000}",
        "👍",
        "e\u{301}",
        "\u{2028}",
        "\u{85}",
    ];
    select(pieces).prop_map(str::to_owned)
}

fn line_end() -> impl Strategy<Value = String> {
    select(vec!["\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\r\n\r\n", "\n\r", "\n \n"]).prop_map(str::to_owned)
}

fn line() -> impl Strategy<Value = String> {
    let mark =
        select(vec!["", "", "", "", "", "# ", "## ", "### ", "- ", "> ", "| ", "　　", "□"]).prop_map(str::to_owned);
    let piece = prop_oneof![4 => han(), 3 => other()];
    (mark, proptest::collection::vec(piece, 0..10)).prop_map(|(mark, pieces)| mark + &pieces.concat())
}

/// A whole text; now and then a line stands twice.
pub fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec((line(), line_end(), any::<u8>()), 0..14).prop_map(|lines| {
        let mut out = String::new();
        for (i, (line, end, again)) in lines.iter().enumerate() {
            let line = if *again < 24 && i > 0 { &lines[usize::from(*again) % i].0 } else { line };
            out.push_str(line);
            out.push_str(end);
        }
        out
    })
}

/// A clause of six to twenty-three Han characters, now and then with a figure in it.
fn clause() -> impl Strategy<Value = String> {
    let figure = select(vec!["", "", "", "12", "10.15万", "2019年", "（2017）", "“十三五”", "《办法》"]);
    (plain(4, 14), figure, plain(2, 10)).prop_map(|(a, figure, b)| a + figure + &b)
}

fn plain(least: usize, most: usize) -> impl Strategy<Value = String> {
    let chars: Vec<char> = "的一在了和有大这中人上为们地用工时要动国产以到会作来分生对学下级年阶成部民可出能方进行面种过命度革多子后社加经力线本高量长得实家定深法表理化争现所起政三好战农使性前反体合路图把结第里正新开论".chars().collect();
    proptest::collection::vec(select(chars), least..most).prop_map(|chars| chars.into_iter().collect())
}

/// A paragraph as print has it, half of its marks half width.
fn paragraph() -> impl Strategy<Value = String> {
    let mark = select(vec!["，", ",", "、", "；", ";", "。", "：", ":", "。", "，"]);
    let end = select(vec!["。", "。", "。", ".", "！", "？", "。”", "。）", ")"]);
    (proptest::collection::vec((clause(), mark), 0..8), clause(), end).prop_map(|(clauses, last, end)| {
        clauses.into_iter().flat_map(|(c, m)| [c, m.to_owned()]).collect::<String>() + &last + end
    })
}

/// A page of a paper: headlines, bylines, numbered heads, furniture, and paragraphs, many of them cut in two or more.
pub fn page() -> impl Strategy<Value = String> {
    let head = prop_oneof![
        (select(vec!["# ", "## ", "### ", ""]), plain(6, 18)).prop_map(|(mark, head)| mark.to_owned() + &head),
        select(vec!["一、", "（二）", "(三)", "1.", "2. ", "第三条 ", "①"])
            .prop_flat_map(|serial| plain(4, 12).prop_map(move |head| serial.to_owned() + &head)),
        select(vec![
            "□本报记者 王大方",
            "本报讯（记者 李小民）",
            "（下转第3版）",
            "(上接第1版)",
            "责任编辑：王大方",
            "第2版 要闻",
            "2019年10月23日 星期三",
            "——在会上的讲话"
        ])
        .prop_map(str::to_owned),
    ];
    let text = (paragraph(), proptest::collection::vec((any::<u16>(), select(vec!["\n\n", "\n", "\n", "\r\n"])), 0..4))
        .prop_map(|(text, cuts)| {
            let mut out = text;
            for (at, end) in cuts {
                let bounds: Vec<usize> = out.char_indices().map(|(i, _)| i).collect();
                let at = bounds.get(usize::from(at) % bounds.len().max(1)).copied().unwrap_or(0);
                out.insert_str(at, end);
            }
            out
        });
    let part = prop_oneof![1 => head, 3 => text];
    proptest::collection::vec((part, select(vec!["\n\n", "\n\n", "\n"])), 1..16)
        .prop_map(|parts| parts.into_iter().flat_map(|(part, end)| [part, end.to_owned()]).collect())
}
