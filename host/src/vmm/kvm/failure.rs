//! What can go wrong in this backend, before it becomes the crate's error.

use std::io;

/// A failure of the host's side: the sandbox cannot be trusted to be in a known
/// state after one.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A system call failed.
    #[error("cannot {what}: {source}")]
    Os {
        /// What was tried, as an infinitive.
        what: String,
        /// The operating system's answer.
        source: io::Error,
    },
    /// A range outside of guest memory.
    #[error("guest memory {at:#x}+{len:#x} is outside of its {size:#x} bytes")]
    OutOfRange {
        /// First address.
        at: usize,
        /// Length in bytes.
        len: usize,
        /// Size of guest memory.
        size: usize,
    },
    /// A size that cannot be mapped.
    #[error("cannot map {bytes} bytes of guest memory")]
    NoMemory {
        /// The size.
        bytes: usize,
    },
    /// The guest image breaks a rule.
    #[error("the guest image cannot be loaded: {0}")]
    Image(String),
}

/// A failed call of `nix`.
pub(super) fn os(what: impl Into<String>, errno: nix::Error) -> Failure {
    Failure::Os { what: what.into(), source: errno.into() }
}

/// A failed call of `kvm-ioctls`.
pub(super) fn kvm(what: impl Into<String>, errno: kvm_ioctls::Error) -> Failure {
    Failure::Os { what: what.into(), source: io::Error::from_raw_os_error(errno.errno()) }
}
