//! Mounts of the host's folders.

use super::{Code, FileSystem, FsError, Kind, inode::Body, path::Last};
use alloc::string::String;

/// The host's number for a mount.
pub type MountId = u32;

/// A path in a mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MountPath {
    /// Which mount.
    pub mount: MountId,
    /// The path inside: names with `/` between them, none of which is `.` or `..`;
    /// empty for the mount's root. Dots are resolved as if nothing inside were a
    /// link, so that no path leaves the mount.
    pub inside: String,
    /// The path ended with a slash: only a directory will do.
    pub directory: bool,
}

/// Who is to do an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where<T> {
    /// It is done, with this result.
    Here(T),
    /// Its path lies in a mount: nothing was done.
    Mount(MountPath),
}

impl<T> Where<T> {
    /// The result, unless the path lies in a mount.
    pub fn here(self) -> Option<T> {
        match self {
            Self::Here(result) => Some(result),
            Self::Mount(_) => None,
        }
    }
}

/// One of the paths of an operation with two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is in this tree, at the path that was given.
    Here,
    /// It is in a mount.
    Mount(MountPath),
}

/// Who is to do an operation with two paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Between<T> {
    /// It is done, with this result.
    Here(T),
    /// One of the paths, or both, lie in a mount: nothing was done.
    Mount {
        /// Where the first path lies.
        from: Place,
        /// Where the second one lies.
        to: Place,
    },
}

impl FileSystem {
    /// Makes the empty directory at the path a mount; without one there, makes it,
    /// in a directory that exists.
    ///
    /// # Errors
    /// `ENOTEMPTY` and `ENOTDIR` for what is no empty directory, `EBUSY` for the
    /// root and what is a mount already; those of [`Self::mkdir`].
    pub fn mount(&mut self, path: &str, mount: MountId) -> Result<(), FsError> {
        let made = match self.mkdir(path, 0o755) {
            Err(error) if error.code != Code::EEXIST => return Err(FsError { syscall: "mount", ..error }),
            Ok(Where::Mount(_)) => return Err(FsError::at(Code::EBUSY, "mount", path)),
            made => made.is_ok(),
        };
        let at = |code| FsError::at(code, "mount", path);
        let walk = self.walk(path, Last::Entry).map_err(at)?.here().ok_or_else(|| at(Code::EBUSY))?;
        let ino = walk.target.ok_or_else(|| at(Code::ENOENT))?;
        if ino == self.root || (!made && self.inodes.get(ino).is_ok_and(|inode| inode.opened > 0)) {
            return Err(at(Code::EBUSY));
        }
        let inode = self.inodes.get_mut(ino).map_err(at)?;
        match &inode.body {
            Body::Directory(directory) if directory.entries.is_empty() => inode.body = Body::Mount(mount),
            Body::Directory(_) => return Err(at(Code::ENOTEMPTY)),
            Body::Mount(_) => return Err(at(Code::EBUSY)),
            Body::File(_) | Body::Link(_) => return Err(at(Code::ENOTDIR)),
        }
        Ok(())
    }

    /// Forbids, or allows again, changes of what lies at a path and below it. Does
    /// not follow a link at the end.
    ///
    /// # Errors
    /// Those of a lookup, and `EINVAL` for a path in a mount: the host keeps it.
    pub fn set_read_only(&mut self, path: &str, read_only: bool) -> Result<(), FsError> {
        let at = |code| FsError::at(code, "mount", path);
        let walk = self.walk(path, Last::Keep).map_err(at)?.here().ok_or_else(|| at(Code::EINVAL))?;
        let top = walk.target.ok_or_else(|| at(Code::ENOENT))?;
        for ino in self.below(top).map_err(at)? {
            self.inodes.get_mut(ino).map_err(at)?.read_only = read_only;
        }
        Ok(())
    }

    /// The kind of what lies at a path, links followed; none if there is nothing or
    /// it lies in a mount.
    pub(super) fn kind_at(&self, path: &str) -> Option<Kind> {
        let ino = self.walk(path, Last::Follow).ok()?.here()?.target?;
        self.inodes.get(ino).ok().map(super::inode::Inode::kind)
    }
}
