//! Making, listing and removing entries of directories.

use super::{
    Code, FileSystem, FsError, Ino, Kind, Where,
    attributes::existing,
    inode::{Body, Directory},
    path::{End, Last, Walk},
    tree::copied,
};
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

impl FileSystem {
    /// The entries of a directory, in the order of their names' bytes.
    ///
    /// # Errors
    /// `ENOTDIR`, and those of a lookup.
    pub fn readdir(&self, path: &str) -> Result<Where<Vec<DirEntry>>, FsError> {
        self.on("scandir", path, Last::Follow, |files, walk| {
            let entries = &files.inodes.get(existing(&walk)?)?.directory()?.entries;
            let mut list = Vec::new();
            list.try_reserve_exact(entries.len()).map_err(|_| Code::ENOSPC)?;
            for (name, ino) in entries {
                list.push(DirEntry { name: copied(name)?, kind: files.inodes.get(*ino)?.kind() });
            }
            Ok(list)
        })
    }

    /// Makes a directory.
    ///
    /// # Errors
    /// `EEXIST`; `EACCES` and `EROFS` for a directory that may not be changed;
    /// `ENOSPC`; `ENAMETOOLONG` for one that is too deep; those of a lookup.
    pub fn mkdir(&mut self, path: &str, mode: u32) -> Result<Where<()>, FsError> {
        self.make_directory("mkdir", path, mode)
    }

    /// Makes a directory and those above it that are not there. Gives the path of
    /// the first that was made, if one was.
    ///
    /// # Errors
    /// Those of [`Self::mkdir`], but for `EEXIST` only where no directory is.
    pub fn mkdir_all(&mut self, path: &str, mode: u32) -> Result<Where<Option<String>>, FsError> {
        let at = |code| FsError::at(code, "mkdir", path);
        match self.walk(path, Last::Follow) {
            Ok(Where::Mount(inside)) => return Ok(Where::Mount(inside)),
            Ok(Where::Here(walk)) => {
                if let Some(ino) = walk.target {
                    self.inodes.get(ino).and_then(|inode| inode.directory()).map_err(|_| at(Code::EEXIST))?;
                    return Ok(Where::Here(None));
                }
            }
            Err(Code::ENOENT) => {}
            Err(code) => return Err(at(code)),
        }
        let mut made: Vec<&str> = Vec::new();
        let mut changed = None;
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for part in ends.filter_map(|end| path.get(..end)).filter(|part| !part.ends_with('/')) {
            if part.is_empty() || self.kind_at(part) == Some(Kind::Directory) {
                continue;
            }
            if made.is_empty()
                && let Ok(Where::Here(walk)) = self.walk(part, Last::Entry)
            {
                let times = self.inodes.get(walk.parent).map(|inode| inode.times).map_err(at)?;
                changed = Some((walk.parent, times));
            }
            match self.make_directory("mkdir", part, mode) {
                Ok(Where::Here(())) => made.push(part),
                // A path from a mount and back, or further into one.
                Ok(Where::Mount(_)) => {}
                Err(error) => {
                    for part in made.iter().rev() {
                        // It is empty, and in a directory that was just written.
                        let _ = self.rmdir(part);
                    }
                    if let Some((ino, times)) = changed
                        && let Ok(inode) = self.inodes.get_mut(ino)
                    {
                        inode.times = times;
                    }
                    let code = if error.code == Code::EEXIST && part.len() < path.trim_end_matches('/').len()
                    {
                        Code::ENOTDIR
                    } else {
                        error.code
                    };
                    return Err(at(code));
                }
            }
        }
        match self.walk(path, Last::Follow).map_err(at)? {
            Where::Mount(inside) => Ok(Where::Mount(inside)),
            Where::Here(_) => Ok(Where::Here(made.first().map(|part| (*part).into()))),
        }
    }

    /// Makes a directory at a prefix and a suffix that the caller drew by chance,
    /// for its owner only. Gives its path; after `EEXIST`, try another suffix.
    ///
    /// # Errors
    /// Those of [`Self::mkdir`].
    pub fn mkdtemp(&mut self, prefix: &str, suffix: &str) -> Result<Where<String>, FsError> {
        let path = format!("{prefix}{suffix}");
        let shown = |error| FsError { path: Some(format!("{prefix}XXXXXX")), ..error };
        Ok(match self.make_directory("mkdtemp", &path, 0o700).map_err(shown)? {
            Where::Here(()) => Where::Here(path),
            Where::Mount(inside) => Where::Mount(inside),
        })
    }

    /// Makes a symbolic link. In the message the target comes first.
    ///
    /// # Errors
    /// `ENOENT` for an empty target, else as for [`Self::mkdir`].
    pub fn symlink(&mut self, target: &str, path: &str) -> Result<Where<()>, FsError> {
        let made = self.on_mut("symlink", path, Last::Entry, |files, walk| {
            files.may_link(&walk)?;
            match target.len() {
                0 => return Err(Code::ENOENT),
                4096.. => return Err(Code::ENAMETOOLONG),
                _ if target.contains('\0') => return Err(Code::EINVAL),
                _ => {}
            }
            if walk.slash {
                return Err(Code::ENOENT);
            }
            files.room(1, target.len() as u64, 0)?;
            let body = Body::Link(copied(target)?);
            files.make(&walk, body, 0o777).map(|_| ())
        });
        made.map_err(|error| FsError::between(error.code, "symlink", target, path))
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// `ENOTEMPTY`, `ENOTDIR`, `EBUSY` for the root and a mount, `EINVAL` for a path
    /// that ends with a dot; `EACCES` and `EROFS`; those of a lookup.
    pub fn rmdir(&mut self, path: &str) -> Result<Where<()>, FsError> {
        self.on_mut("rmdir", path, Last::Entry, |files, walk| {
            match walk.end {
                End::Name => {}
                End::Dot => return Err(Code::EINVAL),
                End::DotDot => return Err(Code::ENOTEMPTY),
                End::Root => return Err(Code::EBUSY),
            }
            let ino = existing(&walk)?;
            files.may_remove(walk.parent, ino)?;
            match &files.inodes.get(ino)?.body {
                Body::Directory(directory) if directory.entries.is_empty() => {}
                Body::Directory(_) => return Err(Code::ENOTEMPTY),
                Body::Mount(_) => return Err(Code::EBUSY),
                Body::File(_) | Body::Link(_) => return Err(Code::ENOTDIR),
            }
            files.drop_entry(walk.parent, &walk.name)
        })
    }

    /// Removes a file or link. A file that is open lives until it is closed.
    ///
    /// # Errors
    /// `EISDIR` for a directory, `EACCES` and `EROFS`; those of a lookup.
    pub fn unlink(&mut self, path: &str) -> Result<Where<()>, FsError> {
        self.on_mut("unlink", path, Last::Entry, |files, walk| {
            if walk.end != End::Name {
                return Err(Code::EISDIR);
            }
            let ino = existing(&walk)?;
            let is_directory = files.inodes.get(ino)?.kind() == Kind::Directory;
            if walk.slash && !is_directory {
                return Err(Code::ENOTDIR);
            }
            files.may_remove(walk.parent, ino)?;
            if is_directory {
                return Err(Code::EISDIR);
            }
            files.drop_entry(walk.parent, &walk.name)
        })
    }

    /// Checks that an entry may be made at the end of a path where none is.
    pub(super) fn may_link(&self, walk: &Walk) -> Result<(), Code> {
        if walk.end != End::Name || walk.target.is_some() {
            return Err(Code::EEXIST);
        }
        self.may_make(walk.parent)
    }

    /// Makes an inode and its entry, at the end of a path where none is.
    pub(super) fn make(&mut self, walk: &Walk, body: Body, mode: u32) -> Result<Ino, Code> {
        self.reserve_entry(walk.parent)?;
        let name: Box<str> = copied(&walk.name)?.into();
        let ino = self.insert(body, mode, walk.parent)?;
        self.link(walk.parent, name, ino)?;
        self.touched(ino)?;
        Ok(ino)
    }

    /// Removes an entry and, unless it is open, what it leads to.
    pub(super) fn drop_entry(&mut self, parent: Ino, name: &str) -> Result<(), Code> {
        let (_, ino) = self.unlink_entry(parent, name)?;
        self.free(ino);
        Ok(())
    }

    fn make_directory(&mut self, syscall: &'static str, path: &str, mode: u32) -> Result<Where<()>, FsError> {
        self.on_mut(syscall, path, Last::Entry, |files, walk| {
            files.may_link(&walk)?;
            files.may_be_deep(walk.parent, 0)?;
            files.make(&walk, Body::Directory(Directory::default()), mode & 0o1777).map(|_| ())
        })
    }
}
