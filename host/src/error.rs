//! The error of the crate.

use hypercell_common::body::{Cause, Thrown};
use std::{error, fmt};

/// The result of the crate's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. [`Error::kind`] is for programs, the text for people.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    js: Option<JsError>,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The kinds of errors, each with a code that stays the same over
        /// versions and languages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $($(#[$doc])* #[doc = concat!("\n\nCode: `", $code, "`.")] $name,)* }

        impl ErrorKind {
            /// The stable code, e.g. `ERR_CANCELLED`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

kinds! {
    /// An argument is out of its bounds, or a request makes no sense: the message
    /// names the field. Nothing was changed.
    InvalidArg = "ERR_INVALID_ARG",
    /// The object was used up. Rust's ownership rules this out; the code belongs
    /// to bindings for languages without it.
    Consumed = "ERR_CONSUMED",
    /// The sandbox was stopped in the middle of something: `restore` or `unload`
    /// makes it usable again.
    Poisoned = "ERR_POISONED",
    /// The call was killed or reached a limit on time. The sandbox is poisoned.
    Cancelled = "ERR_CANCELLED",
    /// The guest gave up or faulted. The sandbox is poisoned.
    GuestAbort = "ERR_GUEST_ABORT",
    /// Something failed on the host's side.
    Internal = "ERR_INTERNAL",
    /// Guest code threw: see [`Error::js`].
    Js = "ERR_JS",
    /// Guest code does not parse: see [`Error::js`].
    Syntax = "ERR_SYNTAX",
    /// A limit other than time was reached.
    Limit = "ERR_LIMIT",
    /// No hypervisor can be used here; the message says what to do about it.
    NoHypervisor = "ERR_NO_HYPERVISOR",
    /// The file of a snapshot cannot be written or read, is damaged, or does not
    /// belong to this engine: the message names the path. Nothing was changed. A new
    /// snapshot is what helps.
    Snapshot = "ERR_SNAPSHOT",
    /// A sandbox was used by one of its own host functions. Rust's borrows rule
    /// this out; the code belongs to bindings for languages without them.
    Reentrant = "ERR_REENTRANT",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exception of guest code. All of it is the guest's word.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsError {
    /// The error's `name`, e.g. `TypeError`.
    pub name: String,
    /// The error's `message`.
    pub message: String,
    /// The error's `stack`; empty when it has none.
    pub stack: String,
    /// The error's `code`, when it is a string.
    pub code: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), js: None, source: None }))
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArg, message)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Limit, message)
    }

    pub(crate) fn snapshot(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Snapshot, message)
    }

    /// The same error, after what was being done when it came up.
    pub(crate) fn during(mut self, what: &str) -> Self {
        self.0.message = format!("{what}: {}", self.0.message);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The error of a request that failed inside the guest.
    pub(crate) fn thrown(thrown: Thrown) -> Self {
        let Thrown { cause, name, message, stack, code } = thrown;
        let kind = match cause {
            Cause::Exception => ErrorKind::Js,
            Cause::Syntax => ErrorKind::Syntax,
            Cause::Request => ErrorKind::InvalidArg,
            Cause::Interrupted => ErrorKind::Cancelled,
        };
        if cause == Cause::Request {
            return Self::new(kind, message);
        }
        let text = if message.is_empty() { name.clone() } else { format!("{name}: {message}") };
        let mut error = Self::new(kind, text);
        error.0.js = Some(JsError { name, message, stack, code });
        error
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The kind's stable code, e.g. `ERR_CANCELLED`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// What happened, in a sentence, without the code.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The guest's exception, for [`ErrorKind::Js`] and [`ErrorKind::Syntax`].
    #[must_use]
    pub fn js(&self) -> Option<&JsError> {
        self.0.js.as_ref()
    }

    /// Whether the call was killed or reached a limit on time.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }

    /// Whether the sandbox must be restored or unloaded before it can be used.
    #[must_use]
    pub fn is_poisoned(&self) -> bool {
        self.kind() == ErrorKind::Poisoned
    }

    /// Whether guest code threw or does not parse: the sandbox stays usable.
    #[must_use]
    pub fn is_guest_error(&self) -> bool {
        matches!(self.kind(), ErrorKind::Js | ErrorKind::Syntax)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        // The cause is part of the sentence, as not everyone walks the chain.
        match &self.0.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // Its text is already in ours.
        self.0.source.as_ref().and_then(|source| source.source())
    }
}

/// A sentence in which a guest may have put in a word: what could confuse a terminal is
/// escaped, and what is too long is cut.
pub(crate) fn printable(what: &str) -> String {
    const LONGEST: usize = 2000;
    let mut text = String::new();
    for letter in what.chars().take(LONGEST) {
        match letter {
            letter if letter.is_control() => text.extend(letter.escape_default()),
            letter => text.push(letter),
        }
    }
    text
}
