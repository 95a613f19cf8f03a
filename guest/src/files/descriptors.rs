//! Open files.

use super::{Code, FileSystem, Flags, FsError, Ino, MountId, Where, content::last_of, inode::Body};
use alloc::vec::Vec;

/// Number of an open file.
pub type Fd = u32;

/// The first number: those before are the standard streams.
const FIRST: Fd = 3;

/// A place in the table of open files.
#[derive(Debug, Clone, Copy)]
pub(super) enum Descriptor {
    Here(Open),
    /// A file of a mount, by the host's number for it.
    Mount(MountId, u64),
}

/// An open file of this tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) ino: Ino,
    flags: Flags,
    position: u64,
}

impl FileSystem {
    /// Opens a file, or makes it with these permissions. Gives the lowest number that
    /// is free, from 3 on.
    ///
    /// # Errors
    /// `EMFILE`; `EEXIST` for one that must not be there; `EISDIR` for a directory that
    /// would be written; `ELOOP` for a link that is not to be followed; `EACCES` and
    /// `EROFS`; `ENOSPC`; those of a lookup.
    pub fn open(&mut self, path: &str, flags: Flags, mode: u32) -> Result<Where<Fd>, FsError> {
        // As on Linux: a number is taken before the path is looked at.
        let place = self.free_descriptor().map_err(|code| FsError::at(code, "open", path))?;
        self.on_mut("open", path, last_of(flags), |files, walk| {
            let ino = match files.may_open(&walk, flags)? {
                Some(ino) => {
                    if flags.truncate {
                        files.set_length(ino, 0)?;
                    }
                    ino
                }
                None => files.make(&walk, Body::File(Vec::new()), mode)?,
            };
            files.inodes.get_mut(ino)?.opened += 1;
            Ok(files.put_descriptor(place, Descriptor::Here(Open { ino, flags, position: 0 })))
        })
    }

    /// Takes a number for a file of a mount that the host opened: `handle` is the
    /// host's number for it. Operations on it here are `EBADF`; see
    /// [`Self::mounted`].
    ///
    /// # Errors
    /// `EMFILE`.
    pub fn open_mounted(&mut self, mount: MountId, handle: u64) -> Result<Fd, FsError> {
        let place = self.free_descriptor().map_err(|code| FsError::of(code, "open"))?;
        Ok(self.put_descriptor(place, Descriptor::Mount(mount, handle)))
    }

    /// The mount of an open file and the host's number for it, if it is in one.
    #[must_use]
    pub fn mounted(&self, fd: Fd) -> Option<(MountId, u64)> {
        match self.place(fd)? {
            Descriptor::Mount(mount, handle) => Some((*mount, *handle)),
            Descriptor::Here(_) => None,
        }
    }

    /// Closes a file. One of a mount must be closed on the host too.
    ///
    /// # Errors
    /// `EBADF`.
    pub fn close(&mut self, fd: Fd) -> Result<(), FsError> {
        let place = (fd as usize).checked_sub(FIRST as usize);
        let open = place.and_then(|place| self.descriptors.get_mut(place)).and_then(Option::take);
        match open.ok_or(FsError::of(Code::EBADF, "close"))? {
            Descriptor::Here(open) => {
                if let Ok(inode) = self.inodes.get_mut(open.ino) {
                    inode.opened = inode.opened.saturating_sub(1);
                }
                self.free(open.ino);
            }
            Descriptor::Mount(..) => {}
        }
        Ok(())
    }

    /// Reads up to `length` bytes of an open file, at an offset or where the last
    /// read or write of this descriptor ended.
    ///
    /// # Errors
    /// `EBADF`, also for one that is not open for reading, and `EISDIR`.
    pub fn read_fd(&mut self, fd: Fd, length: usize, at: Option<u64>) -> Result<&[u8], FsError> {
        let open = self.open_for("read", fd, |flags| flags.read)?;
        if at.is_none() {
            let read = self.read_at(open.ino, open.position, length)?.len();
            self.seek(fd, open.position + read as u64);
        }
        self.read_at(open.ino, at.unwrap_or(open.position), length)
    }

    /// Writes an open file, at an offset or where the last read or write of this
    /// descriptor ended; one that is open for appending, at its end. Writes all or
    /// nothing.
    ///
    /// # Errors
    /// `EBADF`, also for one that is not open for writing, `ENOSPC`, `EFBIG`, `EROFS`.
    pub fn write_fd(&mut self, fd: Fd, bytes: &[u8], at: Option<u64>) -> Result<usize, FsError> {
        let open = self.open_for("write", fd, |flags| flags.write)?;
        let offset = if open.flags.append {
            self.stat_of(open.ino).map_or(0, |stat| stat.size)
        } else {
            at.unwrap_or(open.position)
        };
        let written = self.write_at(open.ino, offset, bytes)?;
        if at.is_none() && written > 0 {
            self.seek(fd, offset + written as u64);
        }
        Ok(written)
    }

    /// Sets the length of an open file.
    ///
    /// # Errors
    /// `EBADF`, `EINVAL` for one that is not open for writing, `ENOSPC`, `EFBIG`,
    /// `EROFS`.
    pub fn ftruncate(&mut self, fd: Fd, length: u64) -> Result<(), FsError> {
        let done = self.descriptor(fd).and_then(|open| {
            if open.flags.write { self.set_length(open.ino, length) } else { Err(Code::EINVAL) }
        });
        done.map_err(|code| FsError::of(code, "ftruncate"))
    }

    /// The numbers of all open files.
    pub fn open_files(&self) -> impl Iterator<Item = Fd> {
        (FIRST..).zip(&self.descriptors).filter_map(|(fd, open)| open.is_some().then_some(fd))
    }

    /// The inode of an open file of this tree.
    #[must_use]
    pub fn inode_of(&self, fd: Fd) -> Option<Ino> {
        self.descriptor(fd).ok().map(|open| open.ino)
    }

    pub(super) fn descriptor(&self, fd: Fd) -> Result<Open, Code> {
        match self.place(fd) {
            Some(Descriptor::Here(open)) => Ok(*open),
            _ => Err(Code::EBADF),
        }
    }

    fn place(&self, fd: Fd) -> Option<&Descriptor> {
        let place = (fd as usize).checked_sub(FIRST as usize)?;
        self.descriptors.get(place)?.as_ref()
    }

    fn open_for(
        &self,
        syscall: &'static str,
        fd: Fd,
        allows: impl FnOnce(Flags) -> bool,
    ) -> Result<Open, FsError> {
        let open = self.descriptor(fd).ok().filter(|open| allows(open.flags));
        open.ok_or(FsError::of(Code::EBADF, syscall))
    }

    fn seek(&mut self, fd: Fd, to: u64) {
        let place = (fd as usize).checked_sub(FIRST as usize);
        if let Some(Some(Descriptor::Here(open))) = place.and_then(|place| self.descriptors.get_mut(place)) {
            open.position = to;
        }
    }

    /// A free place, which there is then.
    fn free_descriptor(&mut self) -> Result<usize, Code> {
        if let Some(place) = self.descriptors.iter().position(Option::is_none) {
            return Ok(place);
        }
        if self.descriptors.len() >= self.limits.descriptors {
            return Err(Code::EMFILE);
        }
        self.descriptors.try_reserve(1).map_err(|_| Code::EMFILE)?;
        self.descriptors.push(None);
        Ok(self.descriptors.len() - 1)
    }

    fn put_descriptor(&mut self, place: usize, descriptor: Descriptor) -> Fd {
        if let Some(free) = self.descriptors.get_mut(place) {
            *free = Some(descriptor);
        }
        // There are fewer than 2^32: each takes more than a byte.
        Fd::try_from(place).unwrap_or(Fd::MAX - FIRST) + FIRST
    }
}
