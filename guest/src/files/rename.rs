//! Renaming, with the rules of Linux in their order.

use super::{
    Between, Code, FileSystem, FsError, Ino, Place, Where,
    attributes::existing,
    inode::Body,
    path::{End, Last, Walk},
    tree::{copied, push},
};
use alloc::{boxed::Box, vec::Vec};

impl FileSystem {
    /// Moves an entry to another path, over a file or an empty directory that is there.
    /// Both paths may lie in one mount, which the caller then asks.
    ///
    /// # Errors
    /// `EXDEV` between a mount and what is outside of it, `EINVAL` into itself,
    /// `ENOTEMPTY`, `EISDIR`, `ENOTDIR`, `EBUSY` for the root and mounts, `EACCES`,
    /// `EROFS`, `ENAMETOOLONG` for directories that would be too deep; those of a
    /// lookup.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<Between<()>, FsError> {
        let at = |code| FsError::between(code, "rename", from, to);
        let old = self.walk(from, Last::Entry).map_err(at)?;
        let new = self.walk(to, Last::Entry).map_err(at)?;
        match (old, new) {
            (Where::Here(old), Where::Here(new)) => {
                self.rename_entry(&old, &new).map(Between::Here).map_err(at)
            }
            (Where::Mount(from), Where::Mount(to)) if from.mount == to.mount => {
                Ok(Between::Mount { from: Place::Mount(from), to: Place::Mount(to) })
            }
            _ => Err(at(Code::EXDEV)),
        }
    }

    fn rename_entry(&mut self, old: &Walk, new: &Walk) -> Result<(), Code> {
        if old.end != End::Name || new.end != End::Name {
            return Err(Code::EBUSY);
        }
        let source = existing(old)?;
        let is_directory = !matches!(self.inodes.get(source)?.body, Body::File(_) | Body::Link(_));
        if !is_directory && (old.slash || new.slash) {
            return Err(Code::ENOTDIR);
        }
        if is_directory && self.is_within(new.parent, source)? {
            return Err(Code::EINVAL);
        }
        if let Some(target) = new.target
            && old.parent != new.parent
            && self.is_within(old.parent, target)?
        {
            return Err(Code::ENOTEMPTY);
        }
        if new.target == Some(source) {
            return Ok(());
        }
        self.may_remove(old.parent, source)?;
        self.may_make(new.parent)?;
        if let Some(target) = new.target {
            self.may_replace(new.parent, target, is_directory)?;
        }
        if matches!(self.inodes.get(source)?.body, Body::Mount(_)) {
            return Err(Code::EBUSY);
        }
        if is_directory {
            // Moving a directory changes what `..` is in it.
            if old.parent != new.parent {
                self.inodes.get(source)?.writable()?;
            }
            if self.depth(new.parent)? > self.depth(old.parent)? {
                self.may_be_deep(new.parent, self.height(source)?)?;
            }
        }
        self.reserve_entry(new.parent)?;
        let name: Box<str> = copied(&new.name)?.into();
        if new.target.is_some() {
            self.drop_entry(new.parent, &new.name)?;
        }
        self.unlink_entry(old.parent, &old.name)?;
        self.link(new.parent, name, source)
    }

    fn may_replace(&self, parent: Ino, target: Ino, by_directory: bool) -> Result<(), Code> {
        self.may_remove(parent, target)?;
        match &self.inodes.get(target)?.body {
            Body::File(_) | Body::Link(_) if by_directory => Err(Code::ENOTDIR),
            Body::File(_) | Body::Link(_) => Ok(()),
            _ if !by_directory => Err(Code::EISDIR),
            Body::Mount(_) => Err(Code::EBUSY),
            Body::Directory(directory) if !directory.entries.is_empty() => Err(Code::ENOTEMPTY),
            Body::Directory(_) => Ok(()),
        }
    }

    /// Whether an inode is another one or below it.
    pub(super) fn is_within(&self, mut ino: Ino, top: Ino) -> Result<bool, Code> {
        while ino != top {
            if ino == self.root {
                return Ok(false);
            }
            ino = self.inodes.get(ino)?.parent;
        }
        Ok(true)
    }

    /// How many directories are within each other below an inode.
    pub(super) fn height(&self, top: Ino) -> Result<usize, Code> {
        let mut height = 0;
        let mut open = Vec::new();
        push(&mut open, (top, 0))?;
        while let Some((ino, depth)) = open.pop() {
            if let Body::Directory(directory) = &self.inodes.get(ino)?.body {
                height = height.max(depth);
                for (_, ino) in &directory.entries {
                    push(&mut open, (*ino, depth + 1))?;
                }
            }
        }
        Ok(height)
    }
}
