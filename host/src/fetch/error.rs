//! How a fetch fails.

use crate::error::printable;
use std::{error, fmt};

type Source = Box<dyn error::Error + Send + Sync>;

/// Why a fetch failed. [`FetchError::kind`] is for programs; the text is one sentence with the
/// value that was refused and, where it is a matter of the [`FetchPolicy`], what allows it.
///
/// Kind and text are fit for guest code: they name what the request named, and nothing that only the
/// host knows, such as addresses. What lies below is in [`source`](error::Error::source), which is
/// for the host alone.
///
/// [`FetchPolicy`]: super::FetchPolicy
#[derive(Debug)]
pub struct FetchError {
    kind: FetchErrorKind,
    message: String,
    source: Option<Source>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The kinds of [`FetchError`]s, each with a word that stays the same over versions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FetchErrorKind { $($(#[$doc])* #[doc = concat!("\n\nWord: `", $word, "`.")] $name,)* }

        impl FetchErrorKind {
            /// The stable word, e.g. `too-large`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

kinds! {
    /// The policy does not allow it: host, address, scheme, port, method or header.
    Denied = "denied",
    /// It is no request of HTTP: the URL, the method, a header, or a body where none may be.
    Invalid = "invalid",
    /// The name of the host has no address.
    Dns = "dns",
    /// There is no connection to the host.
    Connect = "connect",
    /// The host has no certificate that holds, or does not speak TLS.
    Tls = "tls",
    /// The policy's time is over.
    Timeout = "timeout",
    /// The request or the response is above a limit on sizes.
    TooLarge = "too-large",
    /// A redirect that must not or cannot be followed.
    Redirect = "redirect",
    /// What came is not HTTP, or ended too early.
    Protocol = "protocol",
    /// There were more requests than the policy allows in a time.
    Rate = "rate",
    /// The closure that answers instead of the network failed.
    Callback = "callback",
    /// Something failed on the host's side.
    Internal = "internal",
}

impl fmt::Display for FetchErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FetchError {
    /// A sentence may repeat what guest code and servers say: it is made printable here.
    pub(super) fn new(kind: FetchErrorKind, message: impl AsRef<str>) -> Self {
        Self { kind, message: printable(message.as_ref()), source: None }
    }

    pub(super) fn denied(message: impl AsRef<str>) -> Self {
        Self::new(FetchErrorKind::Denied, message)
    }

    pub(super) fn invalid(message: impl AsRef<str>) -> Self {
        Self::new(FetchErrorKind::Invalid, message)
    }

    pub(super) fn too_large(message: impl AsRef<str>) -> Self {
        Self::new(FetchErrorKind::TooLarge, message)
    }

    pub(super) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind of the error.
    #[must_use]
    pub fn kind(&self) -> FetchErrorKind {
        self.kind
    }

    /// What happened, in a sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for FetchError {
    // Without the source, as this text goes to guest code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl error::Error for FetchError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
