//! The halves of primitives that the host does.

use super::super::super::{disk::PIECE, shared::Shared};
use crate::files::MountPath;
use alloc::{
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use hypercell_common::mount::{Errno, MountKind, MountName, MountOp, MountReply, MountStat, MountWrite};

impl Shared {
    /// What is at a path of a mount.
    pub(super) fn mounted_stat(&self, at: &MountPath, follow: bool) -> Result<MountStat, Errno> {
        // A link with a slash behind it is followed.
        let op = if follow || at.directory { MountOp::Stat } else { MountOp::Lstat };
        match self.mount(at, op, &[])?.0 {
            MountReply::Stat(stat) if at.directory && stat.kind != MountKind::Directory => {
                Err(Errno::ENOTDIR)
            }
            MountReply::Stat(stat) => Ok(stat),
            _ => Err(Errno::EIO),
        }
    }

    pub(super) fn mounted_text(&self, at: &MountPath, op: MountOp) -> Result<String, Errno> {
        match self.mount(at, op, &[])?.0 {
            MountReply::Text(text) => Ok(text),
            _ => Err(Errno::EIO),
        }
    }

    /// The path without links, from the root of all files on.
    pub(super) fn mounted_realpath(&self, at: &MountPath) -> Result<String, Errno> {
        let inside = self.mounted_text(at, MountOp::Realpath)?;
        let inside = inside.trim_matches('/');
        Ok(self.disk.path_of(at.mount, if inside == "." { "" } else { inside }))
    }

    /// Up to `length` bytes from an offset on; fewer only at the file's end.
    pub(super) fn mounted_read(&self, at: &MountPath, offset: u64, length: u64) -> Result<Vec<u8>, Errno> {
        let mut all = Vec::new();
        while (all.len() as u64) < length {
            let got = all.len() as u64;
            let op = MountOp::Read { offset: offset.saturating_add(got), len: PIECE.min(length - got) };
            let (_, bytes) = self.mount(at, op, &[])?;
            if bytes.is_empty() {
                break;
            }
            self.go_on()?;
            all.try_reserve(bytes.len()).map_err(|_| Errno::ENOMEM)?;
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    /// Writes bytes in pieces, the first as `how` says.
    pub(super) fn mounted_write(&self, at: &MountPath, how: MountWrite, bytes: &[u8]) -> Result<(), Errno> {
        if at.directory {
            return Err(Errno::EISDIR);
        }
        let piece = usize::try_from(PIECE).unwrap_or(usize::MAX);
        let (first, rest) = bytes.split_at(bytes.len().min(piece));
        self.mount(at, MountOp::Write(how), first)?;
        let mut offset = how.offset.saturating_add(first.len() as u64);
        for bytes in rest.chunks(piece) {
            self.go_on()?;
            let how = MountWrite { offset, append: how.append, ..MountWrite::default() };
            self.mount(at, MountOp::Write(how), bytes)?;
            offset = offset.saturating_add(bytes.len() as u64);
        }
        Ok(())
    }

    /// All names of a folder.
    pub(super) fn mounted_names(&self, at: &MountPath) -> Result<Vec<MountName>, Errno> {
        let mut all: Vec<MountName> = Vec::new();
        loop {
            let after = all.last().map(|last| last.name.clone());
            let MountReply::Names { names, more } = self.mount(at, MountOp::Readdir { after }, &[])?.0 else {
                return Err(Errno::EIO);
            };
            let go_on = more && !names.is_empty();
            all.try_reserve(names.len()).map_err(|_| Errno::ENOMEM)?;
            all.extend(names);
            if !go_on {
                return Ok(all);
            }
            self.go_on()?;
        }
    }

    /// Makes a folder and those above it. Gives the path of the first that was made.
    pub(super) fn mounted_mkdir_all(&self, at: &MountPath) -> Result<Option<String>, Errno> {
        let mut made = None;
        let ends = at.inside.match_indices('/').map(|(end, _)| end).chain([at.inside.len()]);
        for inside in ends.filter_map(|end| at.inside.get(..end)) {
            let above = MountPath { inside: inside.to_string(), directory: false, mount: at.mount };
            match self.mounted_stat(&above, true) {
                Ok(stat) if stat.kind == MountKind::Directory => {}
                Ok(_) if inside.len() < at.inside.len() => return Err(Errno::ENOTDIR),
                Ok(_) => return Err(Errno::EEXIST),
                Err(Errno::ENOENT) => {
                    self.mount(&above, MountOp::Mkdir, &[])?;
                    made.get_or_insert_with(|| self.disk.path_of(at.mount, inside));
                }
                Err(errno) => return Err(errno),
            }
        }
        Ok(made)
    }

    /// Removes a file, a link, or a folder with all that is in it.
    pub(super) fn mounted_remove(&self, at: &MountPath, recursive: bool, force: bool) -> Result<(), Errno> {
        let stat = match self.mounted_stat(at, false) {
            Err(Errno::ENOENT) if force => return Ok(()),
            stat => stat?,
        };
        if stat.kind != MountKind::Directory {
            return self.mount(at, MountOp::Unlink, &[]).map(drop);
        }
        if !recursive {
            return Err(Errno::EISDIR);
        }
        let mut open = vec![MountPath { directory: false, ..at.clone() }];
        while let Some(folder) = open.last().cloned() {
            self.go_on()?;
            let names = self.mounted_names(&folder)?;
            if names.is_empty() {
                self.mount(&folder, MountOp::Rmdir, &[])?;
                open.pop();
            }
            for MountName { name, kind } in names {
                let inside = format!("{}/{name}", folder.inside);
                let entry = MountPath { inside, ..folder.clone() };
                if kind == MountKind::Directory {
                    open.push(entry);
                } else {
                    self.mount(&entry, MountOp::Unlink, &[])?;
                }
            }
        }
        Ok(())
    }

    /// Fails when the request is to stop: its error is the interrupt's then.
    pub(super) fn go_on(&self) -> Result<(), Errno> {
        if self.poll() { Err(Errno::EINTR) } else { Ok(()) }
    }
}
