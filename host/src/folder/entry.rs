//! What is found in a folder.

use std::ffi::OsString;

/// What something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Symlink,
    /// A device, a fifo or a socket.
    Other,
}

impl Kind {
    pub(super) fn of(kind: &cap_std::fs::FileType) -> Self {
        Self::from_questions(kind.is_file(), kind.is_dir(), kind.is_symlink())
    }

    pub(super) fn of_std(kind: &std::fs::FileType) -> Self {
        Self::from_questions(kind.is_file(), kind.is_dir(), kind.is_symlink())
    }

    fn from_questions(file: bool, folder: bool, link: bool) -> Self {
        match (file, folder, link) {
            (true, _, _) => Self::File,
            (_, true, _) => Self::Directory,
            (_, _, true) => Self::Symlink,
            _ => Self::Other,
        }
    }
}

/// What is at a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stat {
    pub(crate) kind: Kind,
    pub(crate) size: u64,
    /// The permission bits.
    pub(crate) mode: u32,
    pub(crate) mtime_us: i64,
    pub(crate) ino: u64,
}

/// One name in a folder.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: OsString,
    pub(crate) kind: Kind,
}
