//! A flat list of a tree: what a host asks for to know what a guest wrote.

use super::{Code, FileSystem, FsError, Ino, Kind, inode::Body, path::Last};
use alloc::{string::String, vec, vec::Vec};

/// What lies at a path of a tree that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path.
    pub path: String,
    /// Its inode: for [`FileSystem::read_at`].
    pub ino: Ino,
    /// What it is.
    pub kind: Kind,
    /// Its permissions.
    pub mode: u32,
    /// When its contents changed last, in microseconds since 1970.
    pub mtime: i64,
    /// Its bytes; of a link, those of its target.
    pub length: u64,
}

/// The entries of a tree, each directory before what is in it, in the order of their
/// names' bytes. Mounts are left out.
#[derive(Debug)]
pub struct Entries<'a> {
    files: &'a FileSystem,
    /// What is still to be visited: an inode, its name, the length of the path of its
    /// directory, and the generation at which the way to it changed.
    open: Vec<(Ino, &'a str, usize, u64)>,
    path: String,
    since: Option<u64>,
}

impl FileSystem {
    /// What lies at a path, links not followed, and all below it.
    ///
    /// # Errors
    /// Those of a lookup, `EXDEV` for a path in a mount.
    pub fn entries(&self, path: &str) -> Result<Entries<'_>, FsError> {
        self.listed(path, None)
    }

    /// Of the same, what was made, written, moved or changed in its attributes after
    /// the [`Self::generation`] that is given. A directory in which entries were made
    /// or removed did not change by that; what was removed is not there to be listed.
    ///
    /// # Errors
    /// Those of [`Self::entries`].
    pub fn changed_since(&self, path: &str, generation: u64) -> Result<Entries<'_>, FsError> {
        self.listed(path, Some(generation))
    }

    fn listed(&self, path: &str, since: Option<u64>) -> Result<Entries<'_>, FsError> {
        let at = |code| FsError::at(code, "scandir", path);
        let walk = self.walk(path, Last::Keep).map_err(at)?.here().ok_or_else(|| at(Code::EXDEV))?;
        let top = walk.target.ok_or_else(|| at(Code::ENOENT))?;
        // The whole way is part of what may have changed.
        let mut placed = 0;
        let mut above = top;
        while above != self.root {
            let inode = self.inodes.get(above).map_err(at)?;
            placed = placed.max(inode.placed);
            above = inode.parent;
        }
        let path = self.path_of(top).map_err(at)?;
        Ok(Entries { files: self, open: vec![(top, "", path.len(), placed)], path, since })
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            let (ino, name, above, placed) = self.open.pop()?;
            let inode = self.files.inodes.get(ino).ok()?;
            self.path.truncate(above);
            if !name.is_empty() {
                if !self.path.ends_with('/') {
                    self.path.push('/');
                }
                self.path.push_str(name);
            }
            let placed = placed.max(inode.placed);
            match &inode.body {
                Body::Mount(_) => continue,
                Body::Directory(directory) => {
                    let length = self.path.len();
                    let within = directory.entries.iter().rev();
                    self.open.extend(within.map(|(name, ino)| (*ino, &**name, length, placed)));
                }
                Body::File(_) | Body::Link(_) => {}
            }
            if self.since.is_some_and(|since| placed.max(inode.changed) <= since) {
                continue;
            }
            return Some(Entry {
                path: self.path.clone(),
                ino,
                kind: inode.kind(),
                mode: inode.mode,
                mtime: inode.times.mtime,
                length: inode.len(),
            });
        }
    }
}
