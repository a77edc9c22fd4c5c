//! What can go wrong with an archive, and what to do.

use crate::error::{Error, ErrorKind, reason_zh};
use std::io;
use std::path::Path;

/// There is no archive.
pub fn absent(dir: &Path) -> Error {
    let dir = dir.display();
    Error::new(ErrorKind::Input, format!("{dir}: there is no archive here"))
        .hint("`kanwu archive add` makes one from issues; --archive DIR names one that lies elsewhere")
        .chinese(format!("{dir}：这里没有索引"), "用 `kanwu archive add` 建立；索引在别处时用 --archive 指明文件夹")
}

/// A file is not what it was when it was written.
pub fn damaged(file: &Path) -> Error {
    let file = file.display();
    Error::new(ErrorKind::Input, format!("{file}: this part of the archive is damaged"))
        .hint("make the archive anew from the issues: kanwu archive add --rebuild PATH ...")
        .chinese(format!("{file}：索引的这个文件已损坏"), "用稿件重建索引：kanwu archive add --rebuild 稿件路径")
}

/// A file that the manifest names is not there.
pub fn lost(file: &Path) -> Error {
    let file = file.display();
    Error::new(ErrorKind::Input, format!("{file}: this part of the archive is missing"))
        .hint("put the file back, or make the archive anew from the issues: kanwu archive add --rebuild PATH ...")
        .chinese(
            format!("{file}：索引缺了这个文件"),
            "把文件放回去，或用稿件重建索引：kanwu archive add --rebuild 稿件路径",
        )
}

/// Another version of the format, or other settings of the seeds.
pub fn other_format(file: &Path, format: u64) -> Error {
    let file = file.display();
    let ours = super::FORMAT;
    Error::new(ErrorKind::Input, format!("{file}: an archive of format {format}; this kanwu reads format {ours}"))
        .hint("use the kanwu that made it, or make it anew from the issues: kanwu archive add --rebuild PATH ...")
        .chinese(
            format!("{file}：索引的格式是 {format}，这个版本的 kanwu 只认格式 {ours}"),
            "换用建立它的那个版本，或用稿件重建索引：kanwu archive add --rebuild 稿件路径",
        )
}

/// Another writer is at work.
pub fn locked(dir: &Path) -> Error {
    let dir = dir.display();
    Error::new(ErrorKind::Input, format!("{dir}: another kanwu is writing to this archive"))
        .hint("wait until it is done and run again; reading the archive is possible meanwhile")
        .chinese(format!("{dir}：另一个 kanwu 正在写这个索引"), "等它写完再运行；这期间可以照常查询索引")
}

/// A folder with other things in it.
pub fn foreign(dir: &Path, name: &str) -> Error {
    let dir = dir.display();
    Error::new(ErrorKind::Input, format!("{dir} is no archive and holds other files ({name})"))
        .hint("name an empty or a new folder with --archive")
        .chinese(format!("{dir} 不是索引，里面有别的文件（{name}）"), "用 --archive 另指一个空的或新的文件夹")
}

/// A file that cannot be read.
pub fn unreadable(file: &Path, why: &io::Error) -> Error {
    // A file that ends too early was cut.
    if why.kind() == io::ErrorKind::UnexpectedEof {
        return damaged(file);
    }
    let hint = match why.kind() {
        io::ErrorKind::PermissionDenied => ("give yourself the right to read it", "先开放读取权限"),
        _ => ("", ""),
    };
    Error::new(ErrorKind::Input, format!("{}: {why}", file.display()))
        .hint(hint.0)
        .chinese(format!("{}：读不了：{}", file.display(), reason_zh(why)), hint.1)
}

/// A file that cannot be written.
pub fn unwritable(file: &Path, why: &io::Error) -> Error {
    let (hint, zh) = match why.kind() {
        io::ErrorKind::StorageFull => (
            "make room on the disk and run again; what was added before is kept",
            "腾出空间再运行一次；先前收入的各期都在",
        ),
        io::ErrorKind::PermissionDenied => (
            "give the folder write permission, or name another one with --archive",
            "开放写入权限，或用 --archive 另指一个文件夹",
        ),
        io::ErrorKind::ReadOnlyFilesystem => ("name another folder with --archive", "用 --archive 另指一个文件夹"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => (
            "a file stands where the archive's folder should be: move it away, or name another folder with --archive",
            "索引文件夹的位置上有一个同名文件：请移走，或用 --archive 另指一个文件夹",
        ),
        _ => ("", ""),
    };
    Error::new(ErrorKind::Input, format!("{}: {why}", file.display()))
        .hint(hint)
        .chinese(format!("{}：写不了：{}", file.display(), reason_zh(why)), zh)
}
