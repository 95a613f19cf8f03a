//! A flat list of a tree: what a host asks for to know what a guest wrote.

use super::{Code, FileSystem, FsError, Ino, Kind, inode::Body, path::Last};
use alloc::{string::String, vec::Vec};

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
    /// What the list begins with, before it is given.
    top: Option<Ino>,
    /// The directories on the way to the last entry, which are as few as they are deep.
    open: Vec<Open>,
    path: String,
    since: Option<u64>,
}

/// A directory whose entries are listed.
#[derive(Debug)]
struct Open {
    ino: Ino,
    next: usize,
    /// Length of its path.
    length: usize,
    /// Generation at which the way to it changed last.
    placed: u64,
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
        let path = self.path_of(top).map_err(at)?;
        Ok(Entries { files: self, top: Some(top), open: Vec::new(), path, since })
    }

    /// When the way to an inode changed last.
    fn placed(&self, mut ino: Ino) -> Option<u64> {
        let mut placed = 0;
        while ino != self.root {
            let inode = self.inodes.get(ino).ok()?;
            placed = placed.max(inode.placed);
            ino = inode.parent;
        }
        Some(placed)
    }
}

impl Entries<'_> {
    /// The next inode, whose path is then in `path`, and when the way to its
    /// directory changed last.
    fn advance(&mut self) -> Option<(Ino, u64)> {
        if let Some(top) = self.top.take() {
            return self.files.placed(top).map(|placed| (top, placed));
        }
        loop {
            let open = self.open.last_mut()?;
            let entries = &self.files.inodes.get(open.ino).ok()?.directory().ok()?.entries;
            let Some((name, ino)) = entries.get(open.next) else {
                self.open.pop();
                continue;
            };
            open.next += 1;
            self.path.truncate(open.length);
            if !self.path.ends_with('/') {
                self.path.push('/');
            }
            self.path.push_str(name);
            return Some((*ino, open.placed));
        }
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            let (ino, above) = self.advance()?;
            let inode = self.files.inodes.get(ino).ok()?;
            let placed = above.max(inode.placed);
            match &inode.body {
                Body::Mount(_) => continue,
                Body::Directory(_) => {
                    self.open.push(Open { ino, next: 0, length: self.path.len(), placed });
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
