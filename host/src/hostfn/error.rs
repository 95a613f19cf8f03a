//! How a host function fails.

use hypercell_common::body::{Cause, Thrown};
use std::fmt;

/// Bytes of a message that cross.
const MAX_MESSAGE: usize = 16 << 10;

/// The error of a host function, as guest code sees it: an `Error` with this
/// name, message and code. Nothing else of the host crosses.
///
/// Any `std::error::Error` becomes one by `?`, with its text as the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    name: String,
    message: String,
    code: Option<String>,
}

impl HostError {
    /// An error with this message, named `Error`.
    pub fn new(message: impl Into<String>) -> Self {
        Self { name: "Error".into(), message: message.into(), code: None }
    }

    /// The error's `name` in the guest, e.g. `TypeError`.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The error's `code` in the guest, e.g. `ERR_NOT_FOUND`.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The code, if it has one.
    pub(crate) fn code_text(&self) -> Option<&str> {
        self.code.as_deref()
    }

    pub(super) fn into_thrown(self) -> Thrown {
        let Self { name, mut message, code } = self;
        // serde repeats an argument that does not fit, however long it is.
        let end = message.floor_char_boundary(MAX_MESSAGE);
        if end < message.len() {
            message.truncate(end);
            message.push_str("… [truncated]");
        }
        Thrown { cause: Cause::Exception, name, message, stack: String::new(), code }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

// Not `std::error::Error` itself: the conversion below would contradict it.
impl<E: std::error::Error> From<E> for HostError {
    fn from(error: E) -> Self {
        Self::new(error.to_string())
    }
}
