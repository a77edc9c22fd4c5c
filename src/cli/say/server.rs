//! What `kanwu review` says.

use super::{both, make};
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::rule::Lang;
use std::io;
use std::net::SocketAddr;

/// The address, in one line; `alone` where no other machine can reach it.
pub fn review_open(address: &str, alone: bool, lang: Lang) -> String {
    match (lang, alone) {
        (Lang::Zh, true) => format!("在浏览器里逐条定：{address}　按 Ctrl-C 结束"),
        (Lang::Zh, false) => format!("在浏览器里逐条定：{address}　别的电脑拿到这个网址也能定；按 Ctrl-C 结束"),
        (Lang::En, true) => format!("Review in the browser: {address}  Ctrl-C ends it"),
        (Lang::En, false) => {
            format!("Review in the browser: {address}  anybody with this address may decide; Ctrl-C ends it")
        }
    }
}

/// The browser could not be opened.
pub fn no_browser(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "没能打开浏览器，请自己打开上面的网址。",
        Lang::En => "The browser could not be opened: please open the address yourself.",
    }
}

/// The answer to somebody without the token.
pub fn review_no_token(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "请用 kanwu review 打印的网址打开这一页；那个网址每次启动都不同。",
        Lang::En => "Open this page by the address that kanwu review printed; it is another one at every start.",
    }
}

/// The heading of the list.
pub fn review_issues(n: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{n} 期"),
        Lang::En => format!("{n} issues"),
    }
}

/// How far an issue is.
pub fn review_progress(waiting: usize, settled: usize, lang: Lang) -> String {
    match (lang, waiting, settled) {
        (Lang::Zh, 0, _) => "已全部定完".to_owned(),
        (Lang::Zh, n, 0) => format!("待定 {n} 条"),
        (Lang::Zh, n, done) => format!("待定 {n} 条，已定 {done} 处"),
        (Lang::En, 0, _) => "all decided".to_owned(),
        (Lang::En, n, 0) => format!("{n} to decide"),
        (Lang::En, n, done) => format!("{n} to decide, {done} decided"),
    }
}

/// The server cannot listen.
pub fn cannot_listen(at: SocketAddr, why: &io::Error) -> Error {
    make(
        ErrorKind::Usage,
        both(format!("{at}：开不了：{}", reason_zh(why)), format!("{at}: cannot listen: {why}")),
        both("换一个 --port，或不写 --port，由程序选", "choose another --port, or leave it out to have a free one"),
    )
}
