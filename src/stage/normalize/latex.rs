//! LaTeX that an engine left for figures and units: `$64\sim69$` reads 64～69.

/// Bytes of a formula at most: longer ones are mathematics, not a figure.
const LONGEST: usize = 120;

/// The formula that begins at `at` (`$…$`, `\(…\)`): its end, and how it reads in plain text. `None` where there is no
/// formula, or one that plain text cannot give.
pub(super) fn formula(text: &str, at: usize) -> Option<(usize, String)> {
    let tail = text.get(at..)?;
    let (open, close) =
        [("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")].into_iter().find(|(o, _)| tail.starts_with(o))?;
    let body = &tail[open.len()..];
    let limit = body.char_indices().map(|(i, _)| i).take_while(|i| *i <= LONGEST).last()?;
    let window = body.get(..limit + body.get(limit..)?.chars().next()?.len_utf8())?;
    let long = window.find(close)?;
    let inner = window.get(..long)?;
    if inner.contains('\n') || inner.trim().is_empty() || !is_formula(inner, open) {
        return None;
    }
    let plain = plain(inner.trim())?;
    Some((at + open.len() + long + close.len(), plain))
}

/// Whether what stands between two dollar signs is a formula and not two prices.
fn is_formula(inner: &str, open: &str) -> bool {
    let command = inner.contains(['\\', '^', '_']);
    let figure = inner.bytes().all(|b| b.is_ascii_digit() || b".,%+-=<>/ ".contains(&b)) && !inner.ends_with(' ');
    open != "$" || command || figure
}

/// Commands that have a character.
const COMMANDS: &[(&str, &str)] = &[
    ("sim", "～"),
    ("times", "×"),
    ("pm", "±"),
    ("div", "÷"),
    ("cdot", "·"),
    ("approx", "≈"),
    ("leq", "≤"),
    ("le", "≤"),
    ("geq", "≥"),
    ("ge", "≥"),
    ("neq", "≠"),
    ("rightarrow", "→"),
    ("to", "→"),
    ("circ", "°"),
    ("degree", "°"),
    ("alpha", "α"),
    ("beta", "β"),
    ("mu", "μ"),
    ("Omega", "Ω"),
    ("ldots", "……"),
    ("cdots", "……"),
    ("dots", "……"),
    ("quad", " "),
    ("bullet", "·"),
    ("square", "□"),
    ("Box", "□"),
    ("triangle", "△"),
    ("star", "☆"),
    ("prime", "′"),
    ("text", ""),
    ("mathrm", ""),
    ("mathbf", ""),
    ("textbf", ""),
    ("textit", ""),
    ("mathit", ""),
    ("rm", ""),
    ("bf", ""),
    ("left", ""),
    ("right", ""),
    ("displaystyle", ""),
];

/// How a formula reads in plain text; `None` where a command is unknown.
fn plain(inner: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let long = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
                if long == 0 {
                    let sign = rest.chars().next()?;
                    rest = &rest[sign.len_utf8()..];
                    match sign {
                        '%' | '$' | '#' | '&' | '_' | '{' | '}' => out.push(sign),
                        ',' | ';' | ' ' | '!' | ':' => {}
                        _ => return None,
                    }
                    continue;
                }
                let name = rest.get(..long)?;
                out.push_str(COMMANDS.iter().find(|(n, _)| *n == name)?.1);
                rest = rest[long..].trim_start_matches(' ');
            }
            '^' => rest = raise(rest, &mut out)?,
            '{' | '}' | '_' => {}
            '~' => out.push(' '),
            _ => out.push(c),
        }
    }
    Some(out.replace("°C", "℃").replace("° C", "℃"))
}

/// What follows `^`: a figure is raised, a degree sign stays as it is.
fn raise<'t>(rest: &'t str, out: &mut String) -> Option<&'t str> {
    let (body, after) = match rest.strip_prefix('{') {
        Some(group) => group.split_once('}')?,
        None if rest.starts_with('\\') => return Some(rest),
        None => rest.split_at(rest.chars().next()?.len_utf8()),
    };
    let body = body.trim();
    if body.starts_with('\\') {
        out.push_str(&plain(body)?);
        return Some(after);
    }
    for c in body.chars() {
        out.push(match c {
            '0'..='9' => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c as usize - '0' as usize)?,
            '-' => '⁻',
            '+' => '⁺',
            _ => return None,
        });
    }
    Some(after)
}
