//! Errors: what was wrong, where, and what to do about it.

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
}

/// The result of whatever can fail.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), hint: String::new() }
    }

    /// The same error with advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
