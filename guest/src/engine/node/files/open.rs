//! Open files. One of a mount is a path and a position here: the host keeps nothing open.

use super::{
    super::super::{disk::OpenMounted, shared::Shared},
    UMASK, define,
    fault::Fault,
    give,
    value::{self, Text, number},
};
use crate::files::{FileSystem, Flags, FsError, MountPath};
use alloc::rc::Rc;
use hypercell_common::mount::{Errno, MountKind, MountOp, MountWrite};
use rquickjs::{Ctx, Object, Value};

/// See [`super::install`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let s = Rc::clone(shared);
    define(target, "fsOpen", move |ctx: Ctx<'js>, path: Text, bits: u32, mode: u32| {
        give(&ctx, &s, s.fs_open(&path.0, Flags::from_bits(bits), mode & !UMASK))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsClose", move |ctx: Ctx<'js>, fd: u32| give(&ctx, &s, s.fs_close(fd)))?;
    let s = Rc::clone(shared);
    define(target, "fsRead", move |ctx: Ctx<'js>, fd: u32, length: f64, position: Option<f64>| {
        give(&ctx, &s, s.fs_read(&ctx, fd, value::bytes(length), position.map(value::bytes)))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsWrite", move |ctx: Ctx<'js>, fd: u32, data: Value<'js>, position: Option<f64>| {
        let written =
            value::data(&ctx, &s, &data).and_then(|bytes| s.fs_write(fd, &bytes, position.map(value::bytes)));
        give(&ctx, &s, written)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsFtruncate", move |ctx: Ctx<'js>, fd: u32, length: f64| {
        let len = value::bytes(length);
        let cut = s.at_descriptor(
            "ftruncate",
            fd,
            |files| files.ftruncate(fd, len),
            |open| {
                if !open.flags.write {
                    return Err(Errno::EINVAL);
                }
                s.mount(&open.at, MountOp::Truncate { len }, &[]).map(drop)
            },
        );
        give(&ctx, &s, cut)
    })
}

impl Shared {
    /// Does something with an open file: in memory, or of a mount.
    pub(super) fn at_descriptor<T>(
        &self,
        syscall: &'static str,
        fd: u32,
        here: impl FnOnce(&mut FileSystem) -> Result<T, FsError>,
        there: impl FnOnce(&OpenMounted) -> Result<T, Errno>,
    ) -> Result<T, Fault> {
        match self.disk.open_mounted(fd) {
            Some((_, open)) => there(&open).map_err(|errno| Fault::of(errno, syscall)),
            None => Ok(self.files(here).ok_or(Fault::NoFiles(syscall))??),
        }
    }

    fn fs_open(&self, path: &str, flags: Flags, mode: u32) -> Result<u32, Fault> {
        self.at(
            "open",
            path,
            |files, path| files.open(path, flags, mode),
            |at| {
                self.make_ready(at, flags)?;
                self.disk.put_open(OpenMounted { at: at.clone(), flags, position: 0 }).ok_or(Errno::EMFILE)
            },
        )
    }

    /// Checks that a file of a mount can be opened, makes it or empties it.
    fn make_ready(&self, at: &MountPath, flags: Flags) -> Result<(), Errno> {
        let Flags { create, exclusive, truncate, write, directory, no_follow, .. } = flags;
        if no_follow && self.mounted_stat(at, false).is_ok_and(|stat| stat.kind == MountKind::Symlink) {
            return Err(Errno::ELOOP);
        }
        if write || create || truncate {
            // Nothing, to where a file begins: the host says whether it may be written.
            let how = MountWrite { offset: 0, append: false, create, exclusive, truncate };
            return self.mounted_write(at, how, &[]);
        }
        match self.mounted_stat(at, true)?.kind {
            MountKind::Directory => Ok(()),
            _ if directory => Err(Errno::ENOTDIR),
            MountKind::Other => Err(Errno::EACCES),
            MountKind::File | MountKind::Symlink => Ok(()),
        }
    }

    fn fs_close(&self, fd: u32) -> Result<(), Fault> {
        self.disk.forget_open(fd);
        Ok(self.files(|files| files.close(fd)).ok_or(Fault::NoFiles("close"))??)
    }

    fn fs_read<'js>(
        &self,
        ctx: &Ctx<'js>,
        fd: u32,
        length: u64,
        position: Option<u64>,
    ) -> Result<Value<'js>, Fault> {
        let read = self.at_descriptor(
            "read",
            fd,
            |files| {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                files.read_fd(fd, length, position).map(|bytes| value::given(ctx, self, bytes, false))
            },
            |open| {
                if !open.flags.read {
                    return Err(Errno::EBADF);
                }
                let bytes = self.mounted_read(&open.at, position.unwrap_or(open.position), length)?;
                if position.is_none() {
                    self.disk.seek_open(fd, open.position.saturating_add(bytes.len() as u64));
                }
                Ok(value::given(ctx, self, &bytes, false))
            },
        );
        Ok(read??)
    }

    /// Writes all of it, and gives how many bytes that are.
    fn fs_write(&self, fd: u32, bytes: &[u8], position: Option<u64>) -> Result<f64, Fault> {
        let written = self.at_descriptor(
            "write",
            fd,
            |files| files.write_fd(fd, bytes, position).map(|written| written as u64),
            |open| {
                if !open.flags.write {
                    return Err(Errno::EBADF);
                }
                let offset = position.unwrap_or(open.position);
                let how = MountWrite { offset, append: open.flags.append, ..MountWrite::default() };
                self.mounted_write(&open.at, how, bytes)?;
                let written = bytes.len() as u64;
                if position.is_none() {
                    let end = if open.flags.append && open.flags.read {
                        self.mounted_stat(&open.at, true)?.size
                    } else {
                        offset.saturating_add(written)
                    };
                    self.disk.seek_open(fd, end);
                }
                Ok(written)
            },
        );
        written.map(number)
    }
}
