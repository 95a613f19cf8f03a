//! How an operation on a mount fails.

use hypercell_common::mount::Errno;
use std::{fmt, io};

/// Why an operation on a mount failed. There is no more to it than the code: nothing of
/// the host's paths crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MountError {
    /// The error of POSIX.
    pub errno: Errno,
}

impl From<Errno> for MountError {
    fn from(errno: Errno) -> Self {
        Self { errno }
    }
}

impl From<io::Error> for MountError {
    fn from(error: io::Error) -> Self {
        let errno = match (error.raw_os_error(), error.kind()) {
            (Some(number), _) => Errno::from_number(number),
            // What leads out of the folder has no number.
            (None, io::ErrorKind::PermissionDenied) => Errno::EACCES,
            (None, io::ErrorKind::NotFound) => Errno::ENOENT,
            (None, io::ErrorKind::AlreadyExists) => Errno::EEXIST,
            (None, io::ErrorKind::InvalidInput) => Errno::EINVAL,
            (None, io::ErrorKind::WriteZero | io::ErrorKind::StorageFull) => Errno::ENOSPC,
            (None, io::ErrorKind::Unsupported) => Errno::ENOTSUP,
            (None, _) => Errno::EIO,
        };
        Self { errno }
    }
}

impl fmt::Display for MountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.errno.code(), self.errno.text())
    }
}

impl std::error::Error for MountError {}
