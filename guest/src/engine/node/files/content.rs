//! Whole files: reading, writing, cutting.

use super::{
    super::super::shared::Shared,
    UMASK, define,
    fault::Fault,
    give,
    value::{self, Text},
};
use crate::files::{Flags, MountPath, Where};
use alloc::rc::Rc;
use hypercell_common::mount::{Errno, MountKind, MountOp, MountWrite};
use rquickjs::{Ctx, Object, Value};

/// See [`super::install`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let s = Rc::clone(shared);
    define(target, "fsReadFile", move |ctx: Ctx<'js>, path: Text, text: bool| {
        give(&ctx, &s, s.fs_read_file(&ctx, &path.0, text))
    })?;
    let s = Rc::clone(shared);
    define(
        target,
        "fsWriteFile",
        move |ctx: Ctx<'js>, path: Text, data: Value<'js>, bits: u32, mode: u32| {
            let written = value::data(&ctx, &s, &data)
                .and_then(|bytes| s.fs_write_file(&path.0, &bytes, Flags::from_bits(bits), mode));
            give(&ctx, &s, written)
        },
    )?;
    let s = Rc::clone(shared);
    define(target, "fsTruncate", move |ctx: Ctx<'js>, path: Text, length: f64| {
        let len = value::bytes(length);
        let cut = s.at(
            "open",
            &path.0,
            |files, path| files.truncate(path, len),
            |at| {
                s.may_be_file(at)?;
                s.mount(at, MountOp::Truncate { len }, &[]).map(drop)
            },
        );
        give(&ctx, &s, cut)
    })
}

impl Shared {
    fn fs_read_file<'js>(&self, ctx: &Ctx<'js>, given: &str, text: bool) -> Result<Value<'js>, Fault> {
        let read = self.at(
            "open",
            given,
            |files, path| {
                Ok(match files.read(path)? {
                    Where::Here(bytes) => Where::Here(value::given(ctx, self, bytes, text)),
                    Where::Mount(at) => Where::Mount(at),
                })
            },
            |at| {
                self.may_be_file(at)?;
                let bytes = self.mounted_read(at, 0, u64::MAX)?;
                Ok(value::given(ctx, self, &bytes, text))
            },
        );
        Ok(read.map_err(of_opened)??)
    }

    fn fs_write_file(&self, given: &str, bytes: &[u8], flags: Flags, mode: u32) -> Result<(), Fault> {
        self.at(
            "open",
            given,
            |files, path| files.write(path, bytes, flags, mode & !UMASK),
            |at| {
                let Flags { append, create, exclusive, truncate, write, .. } = flags;
                if !write {
                    return Err(Errno::EBADF);
                }
                self.mounted_write(at, MountWrite { offset: 0, append, create, exclusive, truncate }, bytes)
            },
        )
    }

    /// Refuses a path with a slash behind it that is no directory.
    pub(super) fn may_be_file(&self, at: &MountPath) -> Result<(), Errno> {
        if at.directory && self.mounted_stat(at, true)?.kind == MountKind::Directory {
            return Err(Errno::EISDIR);
        }
        Ok(())
    }
}

/// Node.js has opened a directory by the time it finds that it cannot be read, and names no
/// path then.
fn of_opened(fault: Fault) -> Fault {
    if fault.code() == Some("EISDIR") { fault.during("read").without_path() } else { fault }
}
