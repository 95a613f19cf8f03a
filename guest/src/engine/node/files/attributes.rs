//! What files are like: `stat`, permissions, times, links.

use super::{
    super::super::shared::Shared,
    define,
    fault::Fault,
    give,
    value::{self, Numbers, Text, microseconds, number},
};
use crate::files::{Access, Where};
use alloc::{rc::Rc, vec};
use hypercell_common::mount::{Errno, MountKind, MountOp};
use rquickjs::{Ctx, Object};

/// What `access` asks for.
const W_OK: u32 = 2;
const X_OK: u32 = 1;
/// Bytes of what `statfs` calls a block.
const BLOCK: u64 = 4096;
/// The number of a file system in memory (tmpfs).
const IN_MEMORY: f64 = 16_914_836.0;

/// See [`super::install`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let s = Rc::clone(shared);
    define(target, "fsStat", move |ctx: Ctx<'js>, path: Text, follow: bool| {
        give(&ctx, &s, s.fs_stat(&path.0, follow))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsFstat", move |ctx: Ctx<'js>, fd: u32| give(&ctx, &s, s.fs_fstat(fd)))?;
    let s = Rc::clone(shared);
    define(target, "fsStatfs", move |ctx: Ctx<'js>, path: Text| give(&ctx, &s, s.fs_statfs(&path.0)))?;
    let s = Rc::clone(shared);
    define(target, "fsAccess", move |ctx: Ctx<'js>, path: Text, bits: u32| {
        give(&ctx, &s, s.fs_access(&path.0, bits))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsChmod", move |ctx: Ctx<'js>, path: Text, mode: u32| {
        let set = s.at(
            "chmod",
            &path.0,
            |files, path| files.chmod(path, mode),
            |at| s.mount(at, MountOp::Chmod { mode }, &[]).map(drop),
        );
        give(&ctx, &s, set)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsFchmod", move |ctx: Ctx<'js>, fd: u32, mode: u32| {
        let set = s.at_descriptor(
            "fchmod",
            fd,
            |files| files.fchmod(fd, mode),
            |open| s.mount(&open.at, MountOp::Chmod { mode }, &[]).map(drop),
        );
        give(&ctx, &s, set)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsUtimes", move |ctx: Ctx<'js>, path: Text, atime: f64, mtime: f64, follow: bool| {
        give(&ctx, &s, s.fs_utimes(&path.0, microseconds(atime), microseconds(mtime), follow))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsFutimes", move |ctx: Ctx<'js>, fd: u32, atime: f64, mtime: f64| {
        let (atime_us, mtime_us) = (microseconds(atime), microseconds(mtime));
        let set = s.at_descriptor(
            "futime",
            fd,
            |files| files.futimes(fd, atime_us, mtime_us),
            |open| s.mount(&open.at, MountOp::Utimes { atime_us, mtime_us }, &[]).map(drop),
        );
        give(&ctx, &s, set)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsRealpath", move |ctx: Ctx<'js>, path: Text| {
        let found =
            s.at("realpath", &path.0, |files, path| files.realpath(path), |at| s.mounted_realpath(at));
        give(&ctx, &s, found)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsReadlink", move |ctx: Ctx<'js>, path: Text| {
        let read = s.at(
            "readlink",
            &path.0,
            |files, path| files.readlink(path),
            |at| s.mounted_text(at, MountOp::Readlink),
        );
        give(&ctx, &s, read)
    })
}

impl Shared {
    fn fs_stat(&self, path: &str, follow: bool) -> Result<Numbers, Fault> {
        let syscall = if follow { "stat" } else { "lstat" };
        self.at(
            syscall,
            path,
            |files, path| {
                let found = if follow { files.stat(path) } else { files.lstat(path) }?;
                Ok(match found {
                    Where::Here(stat) => Where::Here(value::stat(&stat)),
                    Where::Mount(at) => Where::Mount(at),
                })
            },
            |at| Ok(value::mounted_stat(at.mount, &self.mounted_stat(at, follow)?)),
        )
    }

    fn fs_fstat(&self, fd: u32) -> Result<Numbers, Fault> {
        self.at_descriptor(
            "fstat",
            fd,
            |files| files.fstat(fd).map(|stat| value::stat(&stat)),
            |open| Ok(value::mounted_stat(open.at.mount, &self.mounted_stat(&open.at, true)?)),
        )
    }

    /// Type, bytes of a block, blocks, free ones, those for everybody, inodes, free ones.
    fn fs_statfs(&self, path: &str) -> Result<Numbers, Fault> {
        let found = self.at(
            "statfs",
            path,
            |files, path| {
                let found = files.stat(path)?;
                let (limits, (bytes, inodes)) = (files.limits(), files.used());
                let blocks = number(limits.bytes / BLOCK);
                let free = number(limits.bytes.saturating_sub(bytes) / BLOCK);
                let all = number(limits.inodes as u64);
                let left = number(limits.inodes.saturating_sub(inodes) as u64);
                let told = vec![IN_MEMORY, number(BLOCK), blocks, free, free, all, left];
                Ok(match found {
                    Where::Here(_) => Where::Here(told),
                    Where::Mount(at) => Where::Mount(at),
                })
            },
            // How much is free there is the host's secret.
            |at| self.mounted_stat(at, true).map(|_| vec![0.0, number(BLOCK), 0.0, 0.0, 0.0, 0.0, 0.0]),
        );
        found.map_err(|fault| fault.during("statfs"))
    }

    fn fs_access(&self, path: &str, bits: u32) -> Result<(), Fault> {
        let access = Access { write: bits & W_OK != 0, execute: bits & X_OK != 0 };
        self.at(
            "access",
            path,
            |files, path| files.access(path, access),
            |at| {
                let mode = self.mounted_stat(at, true)?.mode;
                let refused = (access.write && mode & 0o222 == 0) || (access.execute && mode & 0o111 == 0);
                if refused { Err(Errno::EACCES) } else { Ok(()) }
            },
        )
    }

    fn fs_utimes(&self, path: &str, atime_us: i64, mtime_us: i64, follow: bool) -> Result<(), Fault> {
        self.at(
            if follow { "utime" } else { "lutime" },
            path,
            |files, path| {
                if follow {
                    files.utimes(path, atime_us, mtime_us)
                } else {
                    files.lutimes(path, atime_us, mtime_us)
                }
            },
            |at| {
                // The host has no way to set those of a link.
                if !follow && self.mounted_stat(at, false)?.kind == MountKind::Symlink {
                    return Err(Errno::ENOTSUP);
                }
                self.mount(at, MountOp::Utimes { atime_us, mtime_us }, &[]).map(drop)
            },
        )
    }
}
