//! Contents of files.

use super::{
    Code, FileSystem, Flags, FsError, Ino, Where,
    attributes::existing,
    inode::Body,
    path::{End, Last},
    tree::copied_bytes,
};
use alloc::vec::Vec;

/// The longest file that Linux has numbers for.
const LONGEST: u64 = i64::MAX as u64;

impl FileSystem {
    /// The contents of a file.
    ///
    /// # Errors
    /// `EISDIR` (of `read`), and those of opening it.
    pub fn read(&self, path: &str) -> Result<Where<&[u8]>, FsError> {
        let walk = self.walk(path, Last::Follow).map_err(|code| FsError::at(code, "open", path))?;
        let walk = match walk {
            Where::Here(walk) => walk,
            Where::Mount(inside) => return Ok(Where::Mount(inside)),
        };
        let ino = existing(&walk).map_err(|code| FsError::at(code, "open", path))?;
        // Node.js has opened it by then, and names no path.
        self.contents(ino).map(Where::Here).map_err(|code| FsError::of(code, "read"))
    }

    /// Up to `length` bytes of a file from an offset on; none behind its end.
    ///
    /// # Errors
    /// `EISDIR`, and `EBADF` for a number that no inode has.
    pub fn read_at(&self, ino: Ino, offset: u64, length: usize) -> Result<&[u8], FsError> {
        let bytes = self.contents(ino).map_err(|code| FsError::of(of_number(code), "read"))?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let end = start.saturating_add(length).min(bytes.len());
        Ok(bytes.get(start..end).unwrap_or_default())
    }

    /// Opens a file, writes it, and closes it: with the flags `w` it has these contents
    /// then, with `a` they are at its end, and with `r+` in place of its first ones.
    ///
    /// # Errors
    /// Those of [`Self::open`], and `ENOSPC`.
    pub fn write(&mut self, path: &str, bytes: &[u8], flags: Flags, mode: u32) -> Result<Where<()>, FsError> {
        let mut is_open = false;
        let written = self.on_mut("open", path, last_of(flags), |files, walk| {
            let there = files.may_open(&walk, flags)?;
            if !flags.write {
                is_open = true;
                return Err(Code::EBADF);
            }
            let Some(ino) = there else {
                files.may_link(&walk)?;
                files.room(1, bytes.len() as u64, 0).inspect_err(|_| is_open = true)?;
                return files.make(&walk, Body::File(copied_bytes(bytes)?), mode).map(|_| ());
            };
            let length = files.inodes.get(ino)?.len();
            let offset = if flags.append { length } else { 0 };
            let written =
                if flags.truncate { files.replace(ino, bytes) } else { files.splice(ino, offset, bytes) };
            written.inspect_err(|_| is_open = true)
        });
        // Writing has a descriptor, and no path.
        written.map_err(|error| if is_open { FsError::of(error.code, "write") } else { error })
    }

    /// Writes behind the end of a file, which is made if it is not there.
    ///
    /// # Errors
    /// Those of [`Self::write`].
    pub fn append(&mut self, path: &str, bytes: &[u8], mode: u32) -> Result<Where<()>, FsError> {
        let flags = Flags { write: true, append: true, create: true, ..Flags::default() };
        self.write(path, bytes, flags, mode)
    }

    /// Writes a file at an offset; behind its end, zeros come between. Checks no mode:
    /// that is done when a file is opened.
    ///
    /// # Errors
    /// `ENOSPC`, `EFBIG`, `EISDIR`, `EROFS`, and `EBADF` for a number that no inode has.
    pub fn write_at(&mut self, ino: Ino, offset: u64, bytes: &[u8]) -> Result<usize, FsError> {
        let written = self.splice(ino, offset, bytes);
        written.map(|()| bytes.len()).map_err(|code| FsError::of(of_number(code), "write"))
    }

    /// Sets the length of a file: cut, or filled with zeros.
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub fn truncate(&mut self, path: &str, length: u64) -> Result<Where<()>, FsError> {
        let mut cut = false;
        let done = self.on_mut("open", path, Last::Follow, |files, walk| {
            let flags = Flags { read: true, write: true, ..Flags::default() };
            let ino = files.may_open(&walk, flags)?.ok_or(Code::ENOENT)?;
            cut = true;
            files.set_length(ino, length)
        });
        done.map_err(|error| if cut { FsError::of(error.code, "ftruncate") } else { error })
    }

    pub(super) fn contents(&self, ino: Ino) -> Result<&[u8], Code> {
        match &self.inodes.get(ino)?.body {
            Body::File(bytes) => Ok(bytes),
            Body::Link(_) => Err(Code::EINVAL),
            Body::Directory(_) | Body::Mount(_) => Err(Code::EISDIR),
        }
    }

    /// Gives a file other contents.
    pub(super) fn replace(&mut self, ino: Ino, bytes: &[u8]) -> Result<(), Code> {
        self.room(0, bytes.len() as u64, self.contents(ino)?.len() as u64)?;
        let bytes = copied_bytes(bytes)?;
        self.put(ino, bytes)
    }

    /// Gives a file contents that there is room for.
    pub(super) fn put(&mut self, ino: Ino, bytes: Vec<u8>) -> Result<(), Code> {
        let file = file_mut(&mut self.inodes, ino)?;
        self.bytes = self.bytes - file.len() as u64 + bytes.len() as u64;
        *file = bytes;
        self.written(ino)
    }

    /// Puts bytes into a file at an offset.
    fn splice(&mut self, ino: Ino, offset: u64, bytes: &[u8]) -> Result<(), Code> {
        self.contents(ino)?;
        if bytes.is_empty() {
            return if self.inodes.get(ino)?.read_only { Err(Code::EROFS) } else { Ok(()) };
        }
        let end = offset.checked_add(bytes.len() as u64).filter(|end| *end <= LONGEST);
        let end = end.ok_or(Code::EFBIG)?;
        if end > self.contents(ino)?.len() as u64 {
            // Bytes that are written are filled with zeros only before them.
            self.grow(ino, end, offset)?;
        }
        let file = file_mut(&mut self.inodes, ino)?;
        let start = usize::try_from(offset).map_err(|_| Code::EFBIG)?;
        let (kept, rest) = bytes.split_at(bytes.len().min(file.len().saturating_sub(start)));
        if let Some(place) = file.get_mut(start..start + kept.len()) {
            place.copy_from_slice(kept);
        }
        file.extend_from_slice(rest);
        self.bytes += rest.len() as u64;
        self.written(ino)
    }

    /// Sets the length of a file.
    pub(super) fn set_length(&mut self, ino: Ino, length: u64) -> Result<(), Code> {
        let old = self.contents(ino)?.len() as u64;
        if length > LONGEST {
            return Err(Code::EFBIG);
        }
        if length > old {
            self.grow(ino, length, length)?;
        } else {
            let file = file_mut(&mut self.inodes, ino)?;
            let length = usize::try_from(length).map_err(|_| Code::EFBIG)?;
            file.truncate(length);
            // Gives the memory back where that is worth a copy.
            if length <= file.capacity() / 4
                && let Ok(short) = copied_bytes(file)
            {
                *file = short;
            }
            self.bytes -= old - length as u64;
        }
        self.written(ino)
    }

    /// Makes room for a file to end at `end`, and fills it with zeros up to `filled`.
    fn grow(&mut self, ino: Ino, end: u64, filled: u64) -> Result<(), Code> {
        let old = self.contents(ino)?.len() as u64;
        if self.inodes.get(ino)?.read_only {
            return Err(Code::EROFS);
        }
        self.room(0, end.saturating_sub(old), 0)?;
        let more = usize::try_from(end.saturating_sub(old)).map_err(|_| Code::ENOSPC)?;
        let file = file_mut(&mut self.inodes, ino)?;
        // Twice as much where there is memory, just enough where there is not.
        file.try_reserve(more).or_else(|_| file.try_reserve_exact(more)).map_err(|_| Code::ENOSPC)?;
        if filled > old {
            file.resize(usize::try_from(filled).map_err(|_| Code::ENOSPC)?, 0);
            self.bytes += filled - old;
        }
        Ok(())
    }
}

/// The contents of a file that may be changed.
fn file_mut(inodes: &mut super::inode::Table, ino: Ino) -> Result<&mut Vec<u8>, Code> {
    let inode = inodes.get_mut(ino)?;
    if inode.read_only {
        return Err(Code::EROFS);
    }
    match &mut inode.body {
        Body::File(bytes) => Ok(bytes),
        Body::Link(_) => Err(Code::EINVAL),
        Body::Directory(_) | Body::Mount(_) => Err(Code::EISDIR),
    }
}

/// A number that no inode has is a descriptor's mistake.
fn of_number(code: Code) -> Code {
    if code == Code::ENOENT { Code::EBADF } else { code }
}

/// How the path of a file that is opened is walked.
pub(super) fn last_of(flags: Flags) -> Last {
    match (flags.create, flags.exclusive || flags.no_follow) {
        (true, true) => Last::Entry,
        (true, false) => Last::Create,
        (false, true) => Last::Keep,
        (false, false) => Last::Follow,
    }
}

impl FileSystem {
    /// Checks that what is at the end of a path may be opened: none if it is to be
    /// made.
    pub(super) fn may_open(&self, walk: &super::path::Walk, flags: Flags) -> Result<Option<Ino>, Code> {
        let Some(ino) = walk.target else {
            return match (flags.create, walk.slash) {
                (false, _) => Err(Code::ENOENT),
                (true, true) => Err(Code::EISDIR),
                (true, false) => self.may_make(walk.parent).map(|()| None),
            };
        };
        if flags.create && walk.slash && walk.end == End::Name {
            return Err(Code::EISDIR);
        }
        if flags.exclusive {
            return Err(Code::EEXIST);
        }
        let inode = self.inodes.get(ino)?;
        match inode.body {
            Body::Directory(_) | Body::Mount(_) if flags.create || flags.write || flags.truncate => {
                return Err(Code::EISDIR);
            }
            Body::Link(_) => return Err(if flags.directory { Code::ENOTDIR } else { Code::ELOOP }),
            Body::File(_) if flags.directory => return Err(Code::ENOTDIR),
            _ => {}
        }
        if flags.write || flags.truncate {
            inode.writable()?;
        }
        Ok(Some(ino))
    }
}
