//! The guest's file system: a tree in memory, as Node.js shows one on Linux.
//!
//! [`FileSystem`] has the primitives that `node:fs` is made of. Paths are absolute
//! ([`normalize`] applies a working directory) and at most 4095 bytes long, names at
//! most 255. An operation that fails leaves everything as it was, also where Linux
//! would stop halfway. No operation recurses, and whatever grows with a tree (contents,
//! tables, lists) is reserved first, so that missing memory is `ENOSPC`; only what is
//! as long as a path is deep is taken without asking.
//!
//! The guest is one user, who owns everything, reads everything and writes what has
//! the owner's write bit. Modes are taken as they are given: a umask is the caller's.
//!
//! A path may be a *mount* of a folder of the host. What resolves into one is not
//! done here but answered with [`Where::Mount`], for the caller to forward.
//! Links and modes inside are the host's business.

mod attributes;
mod content;
mod copy;
mod descriptors;
mod entries;
mod error;
mod export;
mod flags;
mod inode;
mod mount;
mod path;
mod remove;
mod rename;
pub mod resolve;
mod tree;

pub use attributes::{Access, Stat};
pub use copy::Copying;
pub use descriptors::Fd;
pub use entries::DirEntry;
pub use error::{Code, FsError};
pub use export::{Entries, Entry};
pub use flags::Flags;
pub use inode::{Ino, Times};
pub use mount::{Between, MountId, MountPath, Place, Where};
pub use path::normalize;
pub use tree::{FileSystem, Limits};

/// What an inode is. A mount is a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
}

impl Kind {
    /// The kind's bits in `st_mode`.
    #[must_use]
    pub const fn mode(self) -> u32 {
        match self {
            Self::File => 0o100_000,
            Self::Directory => 0o040_000,
            Self::Link => 0o120_000,
        }
    }
}
