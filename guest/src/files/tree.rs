//! The tree, its limits, and the steps that all changes are made of.

use super::{
    Code, FsError, Ino, Times, Where,
    descriptors::Descriptor,
    inode::{Body, Directory, Inode, Table},
    path::{Last, Walk},
};
use alloc::{boxed::Box, string::String, vec::Vec};

/// How much a file system holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all files and of the links' targets; more is `ENOSPC`. Files that
    /// are only open still count.
    pub bytes: u64,
    /// Files, directories and links, the root among them; more is `ENOSPC`. At most
    /// 2^24 - 1.
    pub inodes: usize,
    /// Directories within each other below the root; more is `ENAMETOOLONG`.
    pub depth: usize,
    /// Open descriptors; more is `EMFILE`.
    pub descriptors: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, inodes: 1 << 16, depth: 1024, descriptors: 1024 }
    }
}

/// A tree of files in memory.
#[derive(Debug)]
pub struct FileSystem {
    pub(super) limits: Limits,
    pub(super) inodes: Table,
    pub(super) root: Ino,
    pub(super) bytes: u64,
    pub(super) descriptors: Vec<Option<Descriptor>>,
    generation: u64,
    now: i64,
}

impl FileSystem {
    /// A tree with nothing but the root, made at a time in microseconds since 1970.
    ///
    /// # Errors
    /// `ENOSPC` without memory or room for one inode.
    pub fn new(limits: Limits, now: i64) -> Result<Self, FsError> {
        let mut files = Self {
            limits,
            inodes: Table::default(),
            root: 0,
            bytes: 0,
            descriptors: Vec::new(),
            generation: 0,
            now,
        };
        let root = files.insert(Body::Directory(Directory::default()), 0o755, 0);
        files.root = root.map_err(|code| FsError::of(code, "mount"))?;
        if let Ok(inode) = files.inodes.get_mut(files.root) {
            inode.parent = files.root;
            inode.linked = true;
        }
        Ok(files)
    }

    /// Sets the time of the operations that follow, in microseconds since 1970.
    pub fn set_now(&mut self, now: i64) {
        self.now = now;
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Bytes and inodes that count against the limits.
    #[must_use]
    pub fn used(&self) -> (u64, usize) {
        (self.bytes, self.inodes.len())
    }

    /// The number of changes so far: for [`Self::changed_since`].
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    fn next_generation(&mut self) -> u64 {
        self.generation += 1;
        self.generation
    }

    /// Does an operation on the end of a path, unless it lies in a mount.
    pub(super) fn on<'a, T>(
        &'a self,
        syscall: &'static str,
        path: &str,
        last: Last,
        act: impl FnOnce(&'a Self, Walk) -> Result<T, Code>,
    ) -> Result<Where<T>, FsError> {
        let done = self.walk(path, last).and_then(|walk| {
            Ok(match walk {
                Where::Here(walk) => Where::Here(act(self, walk)?),
                Where::Mount(path) => Where::Mount(path),
            })
        });
        done.map_err(|code| FsError::at(code, syscall, path))
    }

    /// The same for one that changes something.
    pub(super) fn on_mut<T>(
        &mut self,
        syscall: &'static str,
        path: &str,
        last: Last,
        act: impl FnOnce(&mut Self, Walk) -> Result<T, Code>,
    ) -> Result<Where<T>, FsError> {
        let done = self.walk(path, last).and_then(|walk| {
            Ok(match walk {
                Where::Here(walk) => Where::Here(act(self, walk)?),
                Where::Mount(path) => Where::Mount(path),
            })
        });
        done.map_err(|code| FsError::at(code, syscall, path))
    }

    /// Checks that there is room for so much more, where `freed` bytes go away.
    pub(super) fn room(&self, inodes: usize, bytes: u64, freed: u64) -> Result<(), Code> {
        let kept = self.bytes.saturating_sub(freed);
        let fits = self.inodes.len().saturating_add(inodes) <= self.limits.inodes
            && kept.checked_add(bytes).is_some_and(|bytes| bytes <= self.limits.bytes);
        if fits { Ok(()) } else { Err(Code::ENOSPC) }
    }

    /// Makes an inode that no directory has an entry for yet.
    pub(super) fn insert(&mut self, body: Body, mode: u32, parent: Ino) -> Result<Ino, Code> {
        let times = Times { atime: self.now, mtime: self.now, ctime: self.now, birthtime: self.now };
        let changed = self.generation;
        let mode = mode & 0o7777;
        let placed = changed;
        let (linked, opened, read_only) = (false, 0, false);
        let inode = Inode { body, mode, parent, linked, opened, read_only, changed, placed, times };
        let bytes = inode.len();
        self.room(1, bytes, 0)?;
        let ino = self.inodes.insert(inode)?;
        self.bytes += bytes;
        Ok(ino)
    }

    /// Makes room in a directory for one more entry.
    pub(super) fn reserve_entry(&mut self, directory: Ino) -> Result<(), Code> {
        match &mut self.inodes.get_mut(directory)?.body {
            Body::Directory(directory) => directory.entries.try_reserve(1).map_err(|_| Code::ENOSPC),
            _ => Err(Code::ENOTDIR),
        }
    }

    /// Gives an inode its entry, in a directory that has none of that name.
    pub(super) fn link(&mut self, parent: Ino, name: Box<str>, ino: Ino) -> Result<(), Code> {
        self.reserve_entry(parent)?;
        let generation = self.next_generation();
        let inode = self.inodes.get_mut(ino)?;
        let is_directory = matches!(inode.body, Body::Directory(_) | Body::Mount(_));
        inode.parent = parent;
        inode.linked = true;
        inode.placed = generation;
        if let Body::Directory(directory) = &mut self.inodes.get_mut(parent)?.body
            && let Err(place) = directory.search(&name)
        {
            directory.entries.insert(place, (name, ino));
            directory.directories += u32::from(is_directory);
        }
        self.modified(parent)
    }

    /// Takes an entry out of a directory; the inode stays.
    pub(super) fn unlink_entry(&mut self, parent: Ino, name: &str) -> Result<(Box<str>, Ino), Code> {
        let Body::Directory(directory) = &mut self.inodes.get_mut(parent)?.body else {
            return Err(Code::ENOTDIR);
        };
        let place = directory.search(name).map_err(|_| Code::ENOENT)?;
        let (name, ino) = directory.entries.remove(place);
        let inode = self.inodes.get_mut(ino)?;
        inode.linked = false;
        let is_directory = matches!(inode.body, Body::Directory(_) | Body::Mount(_));
        if let Body::Directory(directory) = &mut self.inodes.get_mut(parent)?.body {
            directory.directories -= u32::from(is_directory);
        }
        self.modified(parent)?;
        self.touched(ino)?;
        Ok((name, ino))
    }

    /// Frees an inode that has no entry, unless it is open.
    pub(super) fn free(&mut self, ino: Ino) {
        if self.inodes.get(ino).is_ok_and(|inode| !inode.linked && inode.opened == 0)
            && let Some(inode) = self.inodes.remove(ino)
        {
            self.bytes -= inode.len();
        }
    }

    /// Notes that a directory's entries changed. That is no change of the directory
    /// for [`Self::changed_since`].
    fn modified(&mut self, ino: Ino) -> Result<(), Code> {
        let now = self.now;
        let inode = self.inodes.get_mut(ino)?;
        inode.times.mtime = now;
        inode.times.ctime = now;
        Ok(())
    }

    /// Notes a change of contents.
    pub(super) fn written(&mut self, ino: Ino) -> Result<(), Code> {
        self.modified(ino)?;
        self.touched(ino)
    }

    /// Notes a change of attributes.
    pub(super) fn touched(&mut self, ino: Ino) -> Result<(), Code> {
        let (now, generation) = (self.now, self.next_generation());
        let inode = self.inodes.get_mut(ino)?;
        inode.times.ctime = now;
        inode.changed = generation;
        Ok(())
    }

    /// Checks that an entry may be made in a directory.
    pub(super) fn may_make(&self, parent: Ino) -> Result<(), Code> {
        let parent = self.inodes.get(parent)?;
        // One that was removed while it was open takes nothing.
        if parent.linked { parent.writable() } else { Err(Code::ENOENT) }
    }

    /// Checks that an entry may be taken away.
    pub(super) fn may_remove(&self, parent: Ino, ino: Ino) -> Result<(), Code> {
        if self.inodes.get(ino)?.read_only {
            return Err(Code::EROFS);
        }
        self.inodes.get(parent)?.writable()
    }

    /// Checks that a directory at this place is not too deep, with so many within it.
    pub(super) fn may_be_deep(&self, parent: Ino, within: usize) -> Result<(), Code> {
        let depth = self.depth(parent)? + 1 + within;
        if depth > self.limits.depth { Err(Code::ENAMETOOLONG) } else { Ok(()) }
    }

    /// An inode and all below it, each after its directory.
    pub(super) fn below(&self, top: Ino) -> Result<Vec<Ino>, Code> {
        let mut all = Vec::new();
        all.try_reserve(1).map_err(|_| Code::ENOSPC)?;
        all.push(top);
        let mut next = 0;
        while let Some(ino) = all.get(next) {
            if let Body::Directory(directory) = &self.inodes.get(*ino)?.body {
                all.try_reserve(directory.entries.len()).map_err(|_| Code::ENOSPC)?;
                all.extend(directory.entries.iter().map(|(_, ino)| *ino));
            }
            next += 1;
        }
        Ok(all)
    }
}

/// A copy of a text, unless there is no memory.
pub(super) fn copied(text: &str) -> Result<String, Code> {
    let mut copy = String::new();
    copy.try_reserve_exact(text.len()).map_err(|_| Code::ENOSPC)?;
    copy.push_str(text);
    Ok(copy)
}

/// A copy of bytes, unless there is no memory.
pub(super) fn copied_bytes(bytes: &[u8]) -> Result<Vec<u8>, Code> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| Code::ENOSPC)?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// Puts an item behind a list, unless there is no memory.
pub(super) fn push<T>(list: &mut Vec<T>, item: T) -> Result<(), Code> {
    list.try_reserve(1).map_err(|_| Code::ENOSPC)?;
    list.push(item);
    Ok(())
}
