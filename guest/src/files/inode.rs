//! Inodes and the table of them.

use super::{Code, Kind, MountId};
use alloc::{boxed::Box, string::String, vec::Vec};

/// Number of an inode: unique among those that live, and not given again soon.
///
/// A place in the table in the lower half, how often the place was used in the
/// upper: a number that JavaScript holds exactly.
pub type Ino = u64;

/// Bits of an [`Ino`] that are the place: as many inodes can there be.
const PLACE_BITS: u32 = 24;
const USES: u64 = 1 << (53 - PLACE_BITS);

/// What lies at a path.
#[derive(Debug)]
pub(super) struct Inode {
    pub(super) body: Body,
    /// Permissions, without the bits of the kind.
    pub(super) mode: u32,
    /// The directory it lies in, its own number for the root. Stale once `linked`
    /// is false.
    pub(super) parent: Ino,
    /// Whether a directory has an entry for it.
    pub(super) linked: bool,
    /// How many descriptors are open on it.
    pub(super) opened: u32,
    /// The host forbids changes.
    pub(super) read_only: bool,
    /// Generation of the last change of its contents or attributes.
    pub(super) changed: u64,
    /// Generation at which it came to its path.
    pub(super) placed: u64,
    pub(super) times: Times,
}

/// Microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Last access. Reading does not change it, as on a mount with `noatime`.
    pub atime: i64,
    /// Last change of the contents.
    pub mtime: i64,
    /// Last change of the contents or attributes.
    pub ctime: i64,
    /// Creation.
    pub birthtime: i64,
}

#[derive(Debug)]
pub(super) enum Body {
    File(Vec<u8>),
    Directory(Directory),
    Link(String),
    Mount(MountId),
}

/// Entries in the order of their names.
#[derive(Debug, Default)]
pub(super) struct Directory {
    pub(super) entries: Vec<(Box<str>, Ino)>,
    /// How many of them are directories.
    pub(super) directories: u32,
}

impl Directory {
    /// Where the name is, or would be.
    pub(super) fn search(&self, name: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|(entry, _)| (**entry).cmp(name))
    }

    pub(super) fn get(&self, name: &str) -> Option<Ino> {
        let at = self.search(name).ok()?;
        self.entries.get(at).map(|(_, ino)| *ino)
    }
}

impl Inode {
    pub(super) fn kind(&self) -> Kind {
        match self.body {
            Body::File(_) => Kind::File,
            Body::Directory(_) | Body::Mount(_) => Kind::Directory,
            Body::Link(_) => Kind::Link,
        }
    }

    /// Bytes that count against the limit.
    pub(super) fn len(&self) -> u64 {
        match &self.body {
            Body::File(bytes) => bytes.len() as u64,
            Body::Link(target) => target.len() as u64,
            Body::Directory(_) | Body::Mount(_) => 0,
        }
    }

    pub(super) fn directory(&self) -> Result<&Directory, Code> {
        match &self.body {
            Body::Directory(directory) => Ok(directory),
            _ => Err(Code::ENOTDIR),
        }
    }

    /// Whether the guest may change it: `EROFS` or `EACCES` if not.
    pub(super) fn writable(&self) -> Result<(), Code> {
        if self.read_only {
            return Err(Code::EROFS);
        }
        if self.mode & 0o200 == 0 { Err(Code::EACCES) } else { Ok(()) }
    }
}

/// All inodes. Places of freed ones are used again.
#[derive(Debug, Default)]
pub(super) struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot {
    uses: u64,
    inode: Option<Inode>,
}

impl Table {
    /// How many inodes there are.
    pub(super) fn len(&self) -> usize {
        (self.slots.len() - self.free.len()).saturating_sub(1)
    }

    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, count: usize) -> Result<(), Code> {
        let more = count.saturating_sub(self.free.len());
        // The first place stays empty: no inode has the number 0.
        let all = self.slots.len() + more + 1;
        if all > 1 << PLACE_BITS {
            return Err(Code::ENOSPC);
        }
        self.slots.try_reserve(more + 1).map_err(|_| Code::ENOSPC)?;
        // So that freeing never allocates.
        let room = all - self.free.len();
        self.free.try_reserve(room).map_err(|_| Code::ENOSPC)
    }

    pub(super) fn insert(&mut self, inode: Inode) -> Result<Ino, Code> {
        self.reserve(1)?;
        if let Some(place) = self.free.pop() {
            if let Some(slot) = self.slots.get_mut(place as usize) {
                slot.inode = Some(inode);
                slot.uses = (slot.uses + 1) % USES;
                return Ok(slot.uses << PLACE_BITS | u64::from(place));
            }
            return Err(Code::ENOSPC);
        }
        if self.slots.is_empty() {
            self.slots.push(Slot { uses: 0, inode: None });
        }
        self.slots.push(Slot { uses: 0, inode: Some(inode) });
        Ok(self.slots.len() as u64 - 1)
    }

    pub(super) fn remove(&mut self, ino: Ino) -> Option<Inode> {
        let place = u32::try_from(ino % (1 << PLACE_BITS)).ok()?;
        let slot = self.slots.get_mut(place as usize).filter(|slot| slot.uses == ino >> PLACE_BITS)?;
        let inode = slot.inode.take()?;
        self.free.push(place);
        Some(inode)
    }

    /// `ENOENT` for a number that no inode has.
    pub(super) fn get(&self, ino: Ino) -> Result<&Inode, Code> {
        let place = usize::try_from(ino % (1 << PLACE_BITS)).map_err(|_| Code::ENOENT)?;
        let slot = self.slots.get(place).filter(|slot| slot.uses == ino >> PLACE_BITS);
        slot.and_then(|slot| slot.inode.as_ref()).ok_or(Code::ENOENT)
    }

    pub(super) fn get_mut(&mut self, ino: Ino) -> Result<&mut Inode, Code> {
        let place = usize::try_from(ino % (1 << PLACE_BITS)).map_err(|_| Code::ENOENT)?;
        let slot = self.slots.get_mut(place).filter(|slot| slot.uses == ino >> PLACE_BITS);
        slot.and_then(|slot| slot.inode.as_mut()).ok_or(Code::ENOENT)
    }
}
