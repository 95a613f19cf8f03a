//! Making, listing, moving and removing entries of directories.

use super::{
    super::super::shared::Shared,
    UMASK, define,
    fault::Fault,
    give,
    value::{self, Text},
};
use crate::files::{Between, MountPath, Place, Where};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use hypercell_common::mount::{Errno, MountOp};
use rquickjs::{Ctx, Object, convert::List};

/// See [`super::install`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let s = Rc::clone(shared);
    define(target, "fsReaddir", move |ctx: Ctx<'js>, path: Text| {
        give(&ctx, &s, s.fs_readdir(&path.0).map(List))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsMkdir", move |ctx: Ctx<'js>, path: Text, mode: u32, recursive: bool| {
        let made = if recursive {
            s.fs_mkdir_all(&path.0, mode & !UMASK)
        } else {
            s.fs_mkdir(&path.0, mode & !UMASK).map(|()| None)
        };
        give(&ctx, &s, made)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsMkdtemp", move |ctx: Ctx<'js>, prefix: Text, suffix: Text| {
        give(&ctx, &s, s.fs_mkdtemp(&prefix.0, &suffix.0))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsSymlink", move |ctx: Ctx<'js>, to: Text, path: Text| {
        give(&ctx, &s, s.fs_symlink(&to.0, &path.0))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsRename", move |ctx: Ctx<'js>, from: Text, to: Text| {
        give(&ctx, &s, s.fs_rename(&from.0, &to.0))
    })?;
    let s = Rc::clone(shared);
    define(target, "fsRmdir", move |ctx: Ctx<'js>, path: Text| {
        let removed = s.at(
            "rmdir",
            &path.0,
            |files, path| files.rmdir(path),
            |at| s.mount(at, MountOp::Rmdir, &[]).map(drop),
        );
        give(&ctx, &s, removed)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsUnlink", move |ctx: Ctx<'js>, path: Text| {
        let removed = s.at(
            "unlink",
            &path.0,
            |files, path| files.unlink(path),
            |at| {
                if at.directory { Err(Errno::ENOTDIR) } else { s.mount(at, MountOp::Unlink, &[]).map(drop) }
            },
        );
        give(&ctx, &s, removed)
    })?;
    let s = Rc::clone(shared);
    define(target, "fsRemove", move |ctx: Ctx<'js>, path: Text, recursive: bool, force: bool| {
        let removed = s.at(
            "rm",
            &path.0,
            |files, path| files.remove(path, recursive, force),
            |at| s.mounted_remove(at, recursive, force),
        );
        give(&ctx, &s, removed)
    })
}

impl Shared {
    fn fs_readdir(&self, path: &str) -> Result<(Vec<String>, Vec<i32>), Fault> {
        self.at(
            "scandir",
            path,
            |files, path| {
                Ok(match files.readdir(path)? {
                    Where::Here(entries) => Where::Here(
                        entries.into_iter().map(|entry| (entry.name, value::kind(entry.kind))).unzip(),
                    ),
                    Where::Mount(at) => Where::Mount(at),
                })
            },
            |at| {
                let names = self.mounted_names(at)?;
                Ok(names.into_iter().map(|entry| (entry.name, value::mounted_kind(entry.kind))).unzip())
            },
        )
    }

    fn fs_mkdir(&self, path: &str, mode: u32) -> Result<(), Fault> {
        let made = |at: &MountPath| self.mount(at, MountOp::Mkdir, &[]).map(drop);
        self.at("mkdir", path, |files, path| files.mkdir(path, mode), made)
    }

    /// The path of the first that was made, relative if that of all was.
    fn fs_mkdir_all(&self, path: &str, mode: u32) -> Result<Option<String>, Fault> {
        let made = self.at(
            "mkdir",
            path,
            |files, path| files.mkdir_all(path, mode),
            |at| self.mounted_mkdir_all(at),
        )?;
        let folder = self.absolute(".");
        let folder = folder.strip_suffix('.').unwrap_or_default();
        Ok(made.map(|made| match made.strip_prefix(folder) {
            Some(inside) if !path.starts_with('/') => inside.into(),
            _ => made,
        }))
    }

    fn fs_mkdtemp(&self, prefix: &str, suffix: &str) -> Result<String, Fault> {
        let made = self.at(
            "mkdtemp",
            prefix,
            |files, prefix| {
                Ok(match files.mkdtemp(prefix, suffix)? {
                    Where::Here(_) => Where::Here(()),
                    Where::Mount(at) => Where::Mount(at),
                })
            },
            |at| self.mount(at, MountOp::Mkdir, &[]).map(drop),
        );
        made.map_err(|fault| fault.shown(&format!("{prefix}XXXXXX")))?;
        Ok(format!("{prefix}{suffix}"))
    }

    fn fs_symlink(&self, to: &str, path: &str) -> Result<(), Fault> {
        let made = self.at(
            "symlink",
            path,
            |files, path| files.symlink(to, path),
            |at| self.mount(at, MountOp::Symlink { target: to.into() }, &[]).map(drop),
        );
        made.map_err(|fault| fault.between(to, path))
    }

    fn fs_rename(&self, given: &str, dest: &str) -> Result<(), Fault> {
        let (from, to) = (self.absolute(given), self.absolute(dest));
        let between = |fault: Fault| fault.between(given, dest);
        match self.files(|files| files.rename(&from, &to)).ok_or(Fault::NoFiles("rename"))? {
            Ok(Between::Mount { from: Place::Mount(from), to: Place::Mount(to) }) => {
                let done = self.mount(&from, MountOp::Rename { to: to.inside }, &[]);
                done.map(drop).map_err(|errno| between(Fault::of(errno, "rename")))
            }
            Ok(Between::Mount { .. }) => Err(between(Fault::of(Errno::EXDEV, "rename"))),
            Ok(Between::Here(())) => Ok(()),
            Err(error) => Err(between(Fault::from(error))),
        }
    }
}
