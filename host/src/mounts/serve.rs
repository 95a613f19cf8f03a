//! One operation of guest code on a mount. The request is the guest's word.

use super::{
    error::MountError,
    mount::{Mounts, Opened},
};
use crate::folder::{Access, Folder, Kind};
use hypercell_common::mount::{
    Errno, MountKind, MountName, MountOp, MountReply, MountRequest, MountStat, MountWrite,
};
use std::{
    ffi::OsString,
    fs::{File, FileTimes},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, MetadataExt},
    path::Path,
    time::{Duration, SystemTime},
};

/// The longest path, in bytes; Linux takes none that is longer.
const MAX_PATH: usize = 4095;
/// The most names in a folder that is listed: all are read for each page.
const MAX_NAMES: usize = 100_000;
/// Most bytes of a file that is copied in one operation, during which nothing can stop it.
const MAX_COPY: u64 = 16 << 20;
/// Most bytes that a letter of a name has in JSON.
const JSON_GROWTH: usize = 6;
/// Bytes of JSON around a name.
const JSON_AROUND: usize = 48;

type Answer = Result<(MountReply, Vec<u8>), MountError>;

impl Mounts {
    /// Does what a request says; `bytes` are what [`MountOp::Write`] writes. The reply's
    /// bytes, or its names as JSON, are `room` at most, and one name at least.
    ///
    /// # Errors
    /// The error of POSIX: `EROFS` for changes of a mount to read, `EACCES` for what leads
    /// out of the folder or is neither file nor folder, and the system's.
    pub fn serve(&self, request: &MountRequest, bytes: &[u8], room: usize) -> Answer {
        let index = usize::try_from(request.mount).map_err(|_| Errno::ENODEV)?;
        let Opened { folder, writable } = self.opened.get(index).ok_or(Errno::ENODEV)?;
        if changes(&request.op) && !writable {
            return Err(Errno::EROFS.into());
        }
        let path = inside(&request.path)?;
        if let MountOp::Read { offset, len } = request.op {
            let most = u64::try_from(room).unwrap_or(u64::MAX).min(len);
            let bytes = read(folder, path, offset, most)?;
            return Ok((number(bytes.len()), bytes));
        }
        Ok((without_bytes(folder, path, &request.op, bytes, room)?, Vec::new()))
    }
}

/// Does what gives no bytes.
fn without_bytes(
    folder: &Folder,
    path: &Path,
    op: &MountOp,
    bytes: &[u8],
    room: usize,
) -> Result<MountReply, MountError> {
    match op {
        MountOp::Stat => return stat(folder, path, true),
        MountOp::Lstat => return stat(folder, path, false),
        MountOp::Readdir { after } => return names(folder, path, after.as_deref(), room),
        MountOp::Readlink => return text(folder.read_link(path)?),
        MountOp::Realpath => return text(folder.real_path(path)?),
        MountOp::Write(how) => return Ok(write(folder, path, *how, bytes)?),
        // It is done by `serve`.
        MountOp::Read { .. } => return Err(Errno::EINVAL.into()),
        MountOp::Mkdir => folder.create_folder(path)?,
        MountOp::Rmdir => folder.remove_folder(path)?,
        MountOp::Unlink => folder.remove_file(path)?,
        MountOp::Rename { to } => {
            let to = inside(to)?;
            refuse_to_turn(folder, path)?;
            folder.rename(path, to)?;
        }
        MountOp::Symlink { target } => {
            check_target(target)?;
            folder.symlink(target, path)?;
        }
        MountOp::Chmod { mode } => folder.set_writable(path, *mode)?,
        MountOp::Utimes { atime_us, mtime_us } => {
            let times = FileTimes::new().set_accessed(time(*atime_us)?).set_modified(time(*mtime_us)?);
            folder.set_times(path, times)?;
        }
        MountOp::Truncate { len } => {
            folder.file(path, Access { write: true, ..Access::default() })?.set_len(*len)?;
        }
        MountOp::Copy { to, exclusive } => copy(folder, path, inside(to)?, *exclusive)?,
    }
    Ok(MountReply::Nothing)
}

/// Whether an operation changes something.
fn changes(op: &MountOp) -> bool {
    match op {
        MountOp::Stat
        | MountOp::Lstat
        | MountOp::Readdir { .. }
        | MountOp::Read { .. }
        | MountOp::Readlink
        | MountOp::Realpath => false,
        MountOp::Write(_)
        | MountOp::Mkdir
        | MountOp::Rmdir
        | MountOp::Unlink
        | MountOp::Rename { .. }
        | MountOp::Symlink { .. }
        | MountOp::Chmod { .. }
        | MountOp::Utimes { .. }
        | MountOp::Truncate { .. }
        | MountOp::Copy { .. } => true,
    }
}

/// A path of the guest, relative to the folder. `..` is left to the kernel, which knows
/// where links lead.
fn inside(path: &str) -> Result<&Path, MountError> {
    if path.len() > MAX_PATH {
        return Err(Errno::ENAMETOOLONG.into());
    }
    if path.contains('\0') {
        return Err(Errno::EINVAL.into());
    }
    let path = path.trim_start_matches('/');
    Ok(Path::new(if path.is_empty() { "." } else { path }))
}

/// What a link of the guest may say. Guest code cannot follow it out, but the host's own
/// programs could.
fn check_target(target: &str) -> Result<(), MountError> {
    if target.len() > MAX_PATH {
        return Err(Errno::ENAMETOOLONG.into());
    }
    if target.is_empty() || target.contains('\0') {
        return Err(Errno::EINVAL.into());
    }
    if target.starts_with('/') || target.split('/').any(|name| name == "..") {
        return Err(Errno::EPERM.into());
    }
    Ok(())
}

/// Refuses to move a link that has `..` in it, as that would come to lead elsewhere.
fn refuse_to_turn(folder: &Folder, path: &Path) -> Result<(), MountError> {
    if folder.stat(path, false)?.kind == Kind::Symlink {
        let target = folder.read_link(path)?;
        check_target(target.to_str().ok_or(Errno::EILSEQ)?)?;
    }
    Ok(())
}

fn kind(kind: Kind) -> MountKind {
    match kind {
        Kind::File => MountKind::File,
        Kind::Directory => MountKind::Directory,
        Kind::Symlink => MountKind::Symlink,
        Kind::Other => MountKind::Other,
    }
}

fn number(bytes: usize) -> MountReply {
    MountReply::Number(u64::try_from(bytes).unwrap_or(u64::MAX))
}

fn text(path: OsString) -> Result<MountReply, MountError> {
    Ok(MountReply::Text(path.into_string().map_err(|_| Errno::EILSEQ)?))
}

fn stat(folder: &Folder, path: &Path, follow: bool) -> Result<MountReply, MountError> {
    let stat = folder.stat(path, follow)?;
    Ok(MountReply::Stat(MountStat {
        kind: kind(stat.kind),
        size: stat.size,
        mode: stat.mode,
        mtime_us: stat.mtime_us,
        ino: stat.ino,
    }))
}

/// A page of a folder's names. Those that are not UTF-8 are left out: no request could
/// name them.
fn names(folder: &Folder, path: &Path, after: Option<&str>, room: usize) -> Result<MountReply, MountError> {
    let mut names = Vec::new();
    for (index, entry) in folder.entries(path)?.enumerate() {
        if index >= MAX_NAMES {
            return Err(Errno::EOVERFLOW.into());
        }
        let entry = entry?;
        let Ok(name) = entry.name.into_string() else { continue };
        if after.is_none_or(|after| name.as_str() > after) {
            names.push(MountName { name, kind: kind(entry.kind) });
        }
    }
    names.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut taken = 0_usize;
    let fitting = names.iter().take_while(|entry| {
        let bytes = entry.name.len().saturating_mul(JSON_GROWTH).saturating_add(JSON_AROUND);
        taken = taken.saturating_add(bytes);
        taken <= room
    });
    let count = fitting.count().max(1);
    let more = names.len() > count;
    names.truncate(count);
    Ok(MountReply::Names { names, more })
}

fn read(folder: &Folder, path: &Path, offset: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut file = folder.file(path, Access::default())?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn write(folder: &Folder, path: &Path, how: MountWrite, bytes: &[u8]) -> io::Result<MountReply> {
    let MountWrite { offset, append, create, exclusive, truncate } = how;
    let access = Access { write: true, append, create, exclusive, ..Access::default() };
    let mut file = folder.file(path, access)?;
    if truncate {
        file.set_len(0)?;
    }
    if append {
        file.write_all(bytes)?;
    } else {
        file.write_all_at(bytes, offset)?;
    }
    Ok(number(bytes.len()))
}

fn time(since_1970_us: i64) -> Result<SystemTime, MountError> {
    let distance = Duration::from_micros(since_1970_us.unsigned_abs());
    let epoch = SystemTime::UNIX_EPOCH;
    let time = if since_1970_us < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
    time.ok_or_else(|| Errno::EINVAL.into())
}

fn copy(folder: &Folder, from: &Path, to: &Path, exclusive: bool) -> io::Result<()> {
    let too_large = || io::Error::from_raw_os_error(libc::EFBIG);
    let source = folder.file(from, Access::default())?;
    if source.metadata()?.len() > MAX_COPY {
        return Err(too_large());
    }
    let access = Access { write: true, create: true, exclusive, ..Access::default() };
    let mut target = folder.file(to, access)?;
    if same(&source, &target)? {
        return Ok(());
    }
    target.set_len(0)?;
    // It may have grown.
    let copied = io::copy(&mut source.take(MAX_COPY + 1), &mut target)?;
    if copied > MAX_COPY { Err(too_large()) } else { Ok(()) }
}

fn same(one: &File, other: &File) -> io::Result<bool> {
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}
