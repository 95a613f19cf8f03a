//! What an inode is like: `stat`, modes, times.

use super::{
    Code, Fd, FileSystem, FsError, Ino, Kind, Times, Where,
    inode::{Body, Inode},
    path::{Last, Walk},
    tree::copied,
};
use alloc::string::String;

/// What `stat` says of an inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Its number.
    pub ino: Ino,
    /// What it is.
    pub kind: Kind,
    /// Kind and permissions, as in `st_mode`.
    pub mode: u32,
    /// Links to it: a directory's is 2 and one for each directory in it, others' is
    /// 1; it is 0 for what was removed while it was open.
    pub links: u32,
    /// Bytes; a link's are those of its target.
    pub size: u64,
    /// Its times.
    pub times: Times,
}

/// What is to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Access {
    /// Writing.
    pub write: bool,
    /// Executing; for a directory, entering.
    pub execute: bool,
}

impl FileSystem {
    /// What an inode is like, links followed.
    ///
    /// # Errors
    /// Those of a lookup.
    pub fn stat(&self, path: &str) -> Result<Where<Stat>, FsError> {
        self.on("stat", path, Last::Follow, |files, walk| files.stat_of(existing(&walk)?))
    }

    /// The same for a link itself.
    ///
    /// # Errors
    /// Those of a lookup.
    pub fn lstat(&self, path: &str) -> Result<Where<Stat>, FsError> {
        self.on("lstat", path, Last::Keep, |files, walk| files.stat_of(existing(&walk)?))
    }

    /// What an open file is like.
    ///
    /// # Errors
    /// `EBADF`.
    pub fn fstat(&self, fd: Fd) -> Result<Stat, FsError> {
        self.descriptor(fd).and_then(|open| self.stat_of(open.ino)).map_err(|code| FsError::of(code, "fstat"))
    }

    /// Checks that a path exists, and that the guest may do this with it.
    ///
    /// # Errors
    /// Those of a lookup, `EACCES`, and `EROFS` for writing where the host forbids it.
    pub fn access(&self, path: &str, access: Access) -> Result<Where<()>, FsError> {
        self.on("access", path, Last::Follow, |files, walk| {
            let inode = files.inodes.get(existing(&walk)?)?;
            if access.write {
                inode.writable()?;
            }
            let executable = inode.mode & 0o111 != 0;
            if access.execute && !executable { Err(Code::EACCES) } else { Ok(()) }
        })
    }

    /// The path without links and dots.
    ///
    /// # Errors
    /// Those of a lookup.
    pub fn realpath(&self, path: &str) -> Result<Where<String>, FsError> {
        self.on("realpath", path, Last::Follow, |files, walk| {
            let target = existing(&walk)?;
            if walk.name.is_empty() {
                return files.path_of(target);
            }
            let mut path = files.path_of(walk.parent)?;
            if path != "/" {
                path.push('/');
            }
            path.push_str(&walk.name);
            Ok(path)
        })
    }

    /// The target of a link.
    ///
    /// # Errors
    /// `EINVAL` for what is no link.
    pub fn readlink(&self, path: &str) -> Result<Where<String>, FsError> {
        self.on("readlink", path, Last::Keep, |files, walk| match &files.inodes.get(existing(&walk)?)?.body {
            Body::Link(target) => copied(target),
            _ => Err(Code::EINVAL),
        })
    }

    /// Sets the permissions, links followed.
    ///
    /// # Errors
    /// `EROFS`, and those of a lookup.
    pub fn chmod(&mut self, path: &str, mode: u32) -> Result<Where<()>, FsError> {
        self.on_mut("chmod", path, Last::Follow, |files, walk| files.set_mode(existing(&walk)?, mode))
    }

    /// Sets the permissions of an open file.
    ///
    /// # Errors
    /// `EBADF` and `EROFS`.
    pub fn fchmod(&mut self, fd: Fd, mode: u32) -> Result<(), FsError> {
        let set = self.descriptor(fd).map(|open| open.ino).and_then(|ino| self.set_mode(ino, mode));
        set.map_err(|code| FsError::of(code, "fchmod"))
    }

    /// Sets the times of access and change, links followed.
    ///
    /// # Errors
    /// `EROFS`, and those of a lookup.
    pub fn utimes(&mut self, path: &str, atime: i64, mtime: i64) -> Result<Where<()>, FsError> {
        self.on_mut("utime", path, Last::Follow, |files, walk| {
            files.set_times(existing(&walk)?, atime, mtime)
        })
    }

    /// The same for a link itself.
    ///
    /// # Errors
    /// `EROFS`, and those of a lookup.
    pub fn lutimes(&mut self, path: &str, atime: i64, mtime: i64) -> Result<Where<()>, FsError> {
        self.on_mut("lutime", path, Last::Keep, |files, walk| files.set_times(existing(&walk)?, atime, mtime))
    }

    /// The same for an open file.
    ///
    /// # Errors
    /// `EBADF` and `EROFS`.
    pub fn futimes(&mut self, fd: Fd, atime: i64, mtime: i64) -> Result<(), FsError> {
        let set = self.descriptor(fd).map(|open| open.ino);
        set.and_then(|ino| self.set_times(ino, atime, mtime)).map_err(|code| FsError::of(code, "futime"))
    }

    pub(super) fn stat_of(&self, ino: Ino) -> Result<Stat, Code> {
        let inode = self.inodes.get(ino)?;
        let links = match &inode.body {
            _ if !inode.linked => 0,
            Body::Directory(directory) => 2 + directory.directories,
            Body::Mount(_) => 2,
            Body::File(_) | Body::Link(_) => 1,
        };
        let (kind, size) = (inode.kind(), inode.len());
        Ok(Stat { ino, kind, mode: kind.mode() | inode.mode, links, size, times: inode.times })
    }

    fn changeable(&mut self, ino: Ino) -> Result<&mut Inode, Code> {
        self.touched_unless_read_only(ino)?;
        self.inodes.get_mut(ino)
    }

    fn touched_unless_read_only(&mut self, ino: Ino) -> Result<(), Code> {
        if self.inodes.get(ino)?.read_only { Err(Code::EROFS) } else { self.touched(ino) }
    }

    fn set_mode(&mut self, ino: Ino, mode: u32) -> Result<(), Code> {
        self.changeable(ino)?.mode = mode & 0o7777;
        Ok(())
    }

    pub(super) fn set_times(&mut self, ino: Ino, atime: i64, mtime: i64) -> Result<(), Code> {
        let times = &mut self.changeable(ino)?.times;
        times.atime = atime;
        times.mtime = mtime;
        Ok(())
    }
}

/// What is at the end of a path, `ENOENT` if nothing is.
pub(super) fn existing(walk: &Walk) -> Result<Ino, Code> {
    walk.target.ok_or(Code::ENOENT)
}
