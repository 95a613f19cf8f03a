//! Copies of files, also between memory and mounts.

use super::{
    super::super::{disk::PIECE, shared::Shared},
    define,
    fault::Fault,
    give,
    value::Text,
};
use crate::files::{Between, FileSystem, Flags, FsError, MountPath, Place, Where};
use alloc::{rc::Rc, vec::Vec};
use hypercell_common::mount::{Errno, MountKind, MountOp, MountWrite};
use rquickjs::{Ctx, Object};

/// See [`super::install`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let s = Rc::clone(shared);
    define(target, "fsCopyFile", move |ctx: Ctx<'js>, from: Text, to: Text, exclusive: bool| {
        let copied = s.fs_copy_file(&from.0, &to.0, exclusive);
        give(&ctx, &s, copied.map_err(|fault| fault.during("copyfile").between(&from.0, &to.0)))
    })
}

/// How a copy is made that begins with nothing.
const fn anew(exclusive: bool) -> MountWrite {
    MountWrite { offset: 0, append: false, create: true, exclusive, truncate: true }
}

impl Shared {
    fn fs_copy_file(&self, from: &str, to: &str, exclusive: bool) -> Result<(), Fault> {
        let (from, to) = (self.absolute(from), self.absolute(to));
        let none = || Fault::NoFiles("copyfile");
        let (source, target) =
            match self.files(|files| files.copy_file(&from, &to, exclusive)).ok_or_else(none)?? {
                Between::Here(()) => return Ok(()),
                Between::Mount { from, to } => (from, to),
            };
        let of_host = |errno: Errno| Fault::of(errno, "copyfile");
        match (source, target) {
            (Place::Mount(source), Place::Mount(target)) => {
                self.copy_mounted(&source, &target, exclusive).map_err(of_host)
            }
            (Place::Mount(source), Place::Here) => {
                let mode = self.source_mode(&source).map_err(of_host)?;
                // In one go, so that a file that is there is lost only when all of the other came.
                let bytes = self.mounted_read(&source, 0, u64::MAX).map_err(of_host)?;
                let flags =
                    Flags { write: true, create: true, truncate: true, exclusive, ..Flags::default() };
                self.files(|files| {
                    files.write(&to, &bytes, flags, mode)?;
                    // Those of a file that was there are replaced.
                    files.chmod(&to, mode).map(drop)
                })
                .ok_or_else(none)?
                .map_err(Fault::from)
            }
            (Place::Here, Place::Mount(target)) => {
                let source = self.files(|files| inode_at(files, &from)).ok_or_else(none)??;
                let piece = |offset: u64| {
                    let length = usize::try_from(PIECE).unwrap_or(usize::MAX);
                    let read = self.files(|files| files.read_at(source, offset, length).map(Vec::from));
                    read.and_then(Result::ok).ok_or(Errno::EIO)
                };
                self.write_pieces(&target, exclusive, piece).map_err(of_host)
            }
            (Place::Here, Place::Here) => Ok(()),
        }
    }

    fn copy_mounted(&self, source: &MountPath, target: &MountPath, exclusive: bool) -> Result<(), Errno> {
        self.source_mode(source)?;
        if target.directory {
            return Err(Errno::EISDIR);
        }
        if source.mount == target.mount {
            let copied = self.mount(source, MountOp::Copy { to: target.inside.clone(), exclusive }, &[]);
            if !matches!(copied, Err(Errno::EFBIG)) {
                return copied.map(drop);
            }
            if let (Ok(one), Ok(other)) = (self.mounted_stat(source, true), self.mounted_stat(target, true))
                && one.ino == other.ino
            {
                return Ok(());
            }
        }
        self.write_pieces(target, exclusive, |offset| self.mounted_read(source, offset, PIECE))
    }

    /// Writes what `piece` gives for each offset, up to where it gives nothing.
    fn write_pieces(
        &self,
        target: &MountPath,
        exclusive: bool,
        piece: impl Fn(u64) -> Result<Vec<u8>, Errno>,
    ) -> Result<(), Errno> {
        let mut how = anew(exclusive);
        loop {
            let bytes = piece(how.offset)?;
            if bytes.is_empty() && how.offset > 0 {
                return Ok(());
            }
            self.mounted_write(target, how, &bytes)?;
            if bytes.is_empty() {
                return Ok(());
            }
            let offset = how.offset.saturating_add(bytes.len() as u64);
            how = MountWrite { offset, ..MountWrite::default() };
            self.go_on()?;
        }
    }

    /// The permissions of a file of a mount.
    fn source_mode(&self, source: &MountPath) -> Result<u32, Errno> {
        let stat = self.mounted_stat(source, true)?;
        if stat.kind == MountKind::Directory { Err(Errno::EISDIR) } else { Ok(stat.mode) }
    }
}

/// The number of the file in memory at a path.
fn inode_at(files: &FileSystem, path: &str) -> Result<u64, FsError> {
    Ok(match files.stat(path)? {
        Where::Here(stat) => stat.ino,
        // The copy found it in memory just before.
        Where::Mount(_) => 0,
    })
}
