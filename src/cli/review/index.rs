//! The list of the issues on the desk, for a tray of several.

use super::desk::Desk;
use crate::cli::say;
use kanwu::emit::html::escaped;
use kanwu::rule::Lang;
use std::fmt::Write;

/// The page.
pub fn page(desks: &[Desk], lang: Lang) -> String {
    let (code, title) = match lang {
        Lang::Zh => ("zh-CN", "勘误单"),
        Lang::En => ("en", "Errata"),
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=stylesheet href=\"/style.css\">\n<link rel=stylesheet href=\"/side.css\">\n</head>\n<body>\n\
         <header class=masthead><p class=kicker>{title}</p><h1>{}</h1></header>\n<main>\n<ol class=issues>\n",
        say::review_issues(desks.len(), lang),
    );
    for (n, desk) in desks.iter().enumerate() {
        let progress = match desk.progress() {
            Some(progress) => say::review_progress(progress.waiting, progress.settled, lang),
            None => "…".to_owned(),
        };
        // Writing into a string does not fail.
        let _ = writeln!(
            out,
            "<li><a href=\"/issue/{}\"><b>{}</b> <small>{progress}</small></a></li>",
            n + 1,
            escaped(desk.id())
        );
    }
    out.push_str("</ol>\n</main>\n</body>\n</html>\n");
    out
}
