//! What `kanwu archive` says.

use super::{both, count, grouped, make, megabytes};
use crate::cli::archive::Totals;
use kanwu::archive::{Added, Archive, FORMAT};
use kanwu::error::{Error, ErrorKind};
use kanwu::rule::Lang;
use std::path::{Path, PathBuf};

// ── what may go wrong ──

/// No issue anywhere.
pub fn nothing_to_add(paths: &[PathBuf]) -> Error {
    let names = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>();
    make(
        ErrorKind::Usage,
        both(
            format!("{} 里没有可以收入索引的稿件", names.join("、")),
            format!("there is no issue to add in {}", names.join(", ")),
        ),
        both(
            "把一期报纸的 .md 或 .txt 文件（或装着各版文件的文件夹）放进去，再运行一次",
            "put the .md or .txt file of an issue (or a folder with its pages) there and run again",
        ),
    )
}

/// An issue that is not in the archive.
pub fn not_in_archive(dir: &Path, id: &str) -> Error {
    let dir = dir.display();
    make(
        ErrorKind::Input,
        both(format!("索引 {dir} 里没有 {id} 这一期"), format!("there is no issue {id} in the archive {dir}")),
        both(
            "`kanwu archive info --issues` 列出索引里的各期",
            "`kanwu archive info --issues` lists the issues in the archive",
        ),
    )
}

/// A fault of the program in one issue.
pub fn fault_in_adding(issue: &Path, what: &str) -> Error {
    let issue = issue.display();
    make(
        ErrorKind::Internal,
        both(
            format!("{issue}：程序出错，这一期没有收入索引（{what}）"),
            format!("{issue}: a fault of kanwu, this issue was not added ({what})"),
        ),
        both(
            "这是 kanwu 的毛病，不是稿件的；请带上这一行和稿件报告",
            "this is a bug in kanwu, not in the issue; please report this line with the issue",
        ),
    )
}

/// What is wrong with an amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAmount {
    /// The unit is none that is known.
    Unit,
    /// It is none, or too small.
    TooLittle,
}

impl BadAmount {
    /// What to write instead.
    pub fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (BadAmount::Unit, Lang::Zh) => "单位可以是 KiB、MiB、GiB、KB、MB、GB，如 512MiB",
            (BadAmount::Unit, Lang::En) => "the unit may be KiB, MiB, GiB, KB, MB or GB, as in 512MiB",
            (BadAmount::TooLittle, Lang::Zh) => "要写整数，至少 8MiB，如 512MiB、1GiB",
            (BadAmount::TooLittle, Lang::En) => "a whole number of at least 8MiB is needed, such as 512MiB or 1GiB",
        }
    }
}

impl std::fmt::Display for BadAmount {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.text(Lang::En))
    }
}

impl std::error::Error for BadAmount {}

// ── what was done ──

/// The line of an issue that was added.
pub fn issue_added(id: &str, added: Added, characters: u64, lang: Lang) -> String {
    let again = added == Added::Replaced;
    match lang {
        Lang::Zh => format!("{id}  {characters} 字，{}", if again { "已更新" } else { "已收入" }),
        Lang::En => {
            let what = if again { "replaced" } else { "added" };
            format!("{id}  {}, {what}", count(characters as usize, "character"))
        }
    }
}

/// The line of an issue that failed.
pub fn issue_not_added(id: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{id}  未收入"),
        Lang::En => format!("{id}  not added"),
    }
}

/// The closing summary; `issues` are in the archive now.
pub fn added_to_archive(totals: &Totals, issues: usize, lang: Lang) -> String {
    let characters = grouped(totals.characters as usize);
    let mut out = match lang {
        Lang::Zh => format!(
            "新收 {} 期，更新 {} 期，共 {characters} 字；未变 {} 期。",
            totals.new, totals.replaced, totals.unchanged
        ),
        Lang::En => format!(
            "{} added, {} replaced, {characters} characters in all; {} unchanged.",
            count(totals.new, "issue"),
            totals.replaced,
            totals.unchanged
        ),
    };
    if totals.failed > 0 {
        out += &match lang {
            Lang::Zh => format!("{} 期没有收入，原因见上。", totals.failed),
            Lang::En => format!(" {} could not be added, see above.", count(totals.failed, "issue")),
        };
    }
    out + &match lang {
        Lang::Zh => format!("\n索引现有 {issues} 期。"),
        Lang::En => format!("\nThe archive holds {}.", count(issues, "issue")),
    }
}

/// What was forgotten; `issues` are left.
pub fn forgotten(forgotten: usize, issues: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("移出 {forgotten} 期，索引现有 {issues} 期。\n"),
        Lang::En => {
            format!("{} forgotten; the archive holds {}.\n", count(forgotten, "issue"), count(issues, "issue"))
        }
    }
}

/// What is in an archive.
pub fn about_archive(dir: &Path, archive: &Archive, lang: Lang) -> String {
    let dir = dir.display();
    let issues = grouped(archive.issues().len());
    let characters = grouped(archive.issues().iter().map(|i| i.characters as usize).sum());
    let files = grouped(archive.issues().iter().map(|i| i.files.len()).sum());
    let (size, segments) = (megabytes(archive.bytes() as usize), archive.segments());
    match lang {
        Lang::Zh => format!(
            "索引 {dir}\n  {issues} 期，{files} 个文件，{characters} 字\n  占磁盘 {size}，分 {segments} 段存放，格式 {FORMAT}\n"
        ),
        Lang::En => format!(
            "archive {dir}\n  issues: {issues}, of {files} files, {characters} characters\n  \
             on disk: {size} in {}, format {FORMAT}\n",
            count(segments, "segment")
        ),
    }
}
