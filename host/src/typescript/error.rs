//! The error of a source that cannot be stripped.

use std::{error, fmt};

/// Why a source cannot be stripped, and where.
///
/// Its text is `file:line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeScriptError {
    file: String,
    line: u32,
    column: u32,
    message: String,
}

impl TypeScriptError {
    pub(super) fn new(file: &str, (line, column): (u32, u32), message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, column, message: message.into() }
    }

    /// The name that the source was given.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1. Lines end at `\n`, as in the stacks of guest code.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column, from 1, in characters (Unicode code points), as in the stacks of guest code.
    #[must_use]
    pub fn column(&self) -> u32 {
        self.column
    }

    /// What is wrong, and what to do about it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for TypeScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, message } = self;
        write!(f, "{file}:{line}:{column}: {message}")
    }
}

impl error::Error for TypeScriptError {}
