//! Errors: what was wrong, where, and what to do about it, in both languages.

use crate::lang::Lang;
use std::fmt;

/// Whose business an error is; the command line turns it into an exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// The call was wrong.
    Usage,
    /// A configuration or rule file was wrong.
    Config,
    /// An input could not be read or an output could not be written; the rest goes on.
    Input,
    /// A fault of the program itself.
    Internal,
}

/// An error with its audience, its place and a hint.
#[derive(Clone, Debug)]
pub struct Error {
    /// Whose business it is.
    pub kind: ErrorKind,
    /// What was wrong, with the file and, where there is one, `line:column`.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
    /// Message and hint in Chinese, where they have been put into Chinese.
    pub zh: Option<Box<(String, String)>>,
}

/// The result of whatever can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), hint: String::new(), zh: None }
    }

    /// The same error with advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same error with its message and its advice in Chinese too.
    pub fn chinese(mut self, message: impl Into<String>, hint: impl Into<String>) -> Self {
        self.zh = Some(Box::new((message.into(), hint.into())));
        self
    }

    /// Message and hint in a language; in English where there is no Chinese.
    pub fn text(&self, lang: Lang) -> (&str, &str) {
        match (&self.zh, lang) {
            (Some(zh), Lang::Zh) => (&zh.0, &zh.1),
            _ => (&self.message, &self.hint),
        }
    }
}

/// What the system says of a file, in Chinese where it is something common.
pub fn reason_zh(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let zh = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或文件夹",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::NotADirectory => "上级不是文件夹",
        ErrorKind::IsADirectory => "这是文件夹，不是文件",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "磁盘只读",
        ErrorKind::InvalidData => "不是 UTF-8 文本",
        _ => return error.to_string(),
    };
    zh.to_owned()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
