//! The VMMs by name.

use crate::error::Error;
use std::{fmt, str::FromStr};

/// A way to run virtual machines, whatever of them this build has and this machine
/// can run. As text it is `kvm` or `hyperlight`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VmmKind {
    /// Hypercell's own, on Linux's `/dev/kvm`.
    Kvm,
    /// The Hyperlight library, on `/dev/kvm`, or on `/dev/mshv` with the cargo feature
    /// `mshv`.
    Hyperlight,
}

impl VmmKind {
    /// All that there are, in any build.
    pub const ALL: [Self; 2] = [Self::Kvm, Self::Hyperlight];

    /// Its name, which is also that of the cargo feature that brings it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kvm => "kvm",
            Self::Hyperlight => "hyperlight",
        }
    }

    /// Whether this build has it.
    #[must_use]
    pub const fn is_compiled(self) -> bool {
        match self {
            Self::Kvm => cfg!(feature = "kvm"),
            Self::Hyperlight => cfg!(feature = "hyperlight"),
        }
    }
}

impl fmt::Display for VmmKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for VmmKind {
    type Err = Error;

    /// Reads a name.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` names the value and the names that there are.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(" or ");
            Error::invalid_argument(format!("there is no VMM {name:?}: it must be {names}"))
        })
    }
}
