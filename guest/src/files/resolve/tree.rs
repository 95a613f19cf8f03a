//! Where modules lie.

use super::super::{FileSystem, Kind, path::Last};
use alloc::{string::String, vec::Vec};

/// Files by their absolute paths: this tree, or one that asks the host where a path
/// lies in a mount.
pub trait Tree {
    /// What is at a path, links followed; none if nothing is, or it cannot be told.
    fn kind(&self, path: &str) -> Option<Kind>;

    /// The contents of a file; none if there is none.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// The path without links; none if nothing is there.
    fn real_path(&self, path: &str) -> Option<String>;

    /// What changes whenever the contents do: the file's number and its generation.
    /// None if nothing tells, whereupon the file is read each time.
    fn version(&self, path: &str) -> Option<(u64, u64)> {
        let _ = path;
        None
    }
}

/// What lies in mounts is not there for it.
impl Tree for FileSystem {
    fn kind(&self, path: &str) -> Option<Kind> {
        self.kind_at(path)
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let bytes = FileSystem::read(self, path).ok()?.here()?;
        super::super::tree::copied_bytes(bytes).ok()
    }

    fn real_path(&self, path: &str) -> Option<String> {
        self.realpath(path).ok()?.here()
    }

    fn version(&self, path: &str) -> Option<(u64, u64)> {
        let ino = self.walk(path, Last::Follow).ok()?.here()?.target?;
        self.inodes.get(ino).ok().map(|inode| (ino, inode.changed))
    }
}
