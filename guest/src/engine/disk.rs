//! The guest's files as the rest of the engine sees them: those in memory, and those of the
//! host's folders that are mounted among them.

use super::{
    host_call::{self, Answer, Failed},
    shared::Shared,
};
use crate::files::{
    FileSystem, Flags, FsError, Kind as FileKind, Limits, MountPath, Where, normalize, resolve::Tree,
};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::cell::RefCell;
use hypercell_common::{
    Kind, Message, Section, Tag,
    body::Files,
    mount::{Errno, MountKind, MountOp, MountReply, MountRequest},
};

/// Bytes that one operation on a mount carries: the smallest regions have room for them.
pub(super) const PIECE: u64 = 48 << 10;

/// The file system, if the sandbox has one, and where its mounts are.
#[derive(Debug, Default)]
pub(super) struct Disk {
    files: RefCell<Option<FileSystem>>,
    mounts: RefCell<Vec<String>>,
    opened: RefCell<BTreeMap<u64, OpenMounted>>,
}

/// An open file of a mount. The host does not know of it: each read and write has its offset.
#[derive(Debug, Clone)]
pub(super) struct OpenMounted {
    pub(super) at: MountPath,
    pub(super) flags: Flags,
    /// Where the next read or write begins that says nothing of it.
    pub(super) position: u64,
}

impl Disk {
    /// Makes an empty file system with its mounts.
    pub(super) fn configure(&self, files: Option<Files>, now: i64) -> Result<(), String> {
        self.opened.borrow_mut().clear();
        let Some(Files { bytes, inodes, mounts }) = files else {
            self.files.replace(None);
            self.mounts.replace(Vec::new());
            return Ok(());
        };
        let limits =
            Limits { bytes, inodes: usize::try_from(inodes).unwrap_or(usize::MAX), ..Limits::default() };
        let fault = |error: FsError| format!("the file system: {error}");
        let mut made = FileSystem::new(limits, now).map_err(fault)?;
        for folder in ["/src", "/tmp"] {
            made.mkdir(folder, 0o755).map_err(fault)?;
        }
        for (number, path) in (0..).zip(&mounts) {
            if let Some((above, _)) = path.rsplit_once('/').filter(|(above, _)| !above.is_empty()) {
                made.mkdir_all(above, 0o755).map_err(fault)?;
            }
            made.mount(path, number).map_err(fault)?;
        }
        self.files.replace(Some(made));
        self.mounts.replace(mounts);
        Ok(())
    }

    /// Whether there is a file system.
    pub(super) fn is_there(&self) -> bool {
        self.files.borrow().is_some()
    }

    /// Does something with the files in memory; `None` when the sandbox has none.
    pub(super) fn with<R>(&self, now: i64, work: impl FnOnce(&mut FileSystem) -> R) -> Option<R> {
        let mut files = self.files.borrow_mut();
        let files = files.as_mut()?;
        files.set_now(now);
        Some(work(files))
    }

    /// The open file of a mount that has this descriptor, and its number in the table.
    pub(super) fn open_mounted(&self, fd: u32) -> Option<(u64, OpenMounted)> {
        let (_, handle) = self.files.borrow().as_ref()?.mounted(fd)?;
        self.opened.borrow().get(&handle).map(|open| (handle, open.clone()))
    }

    /// Gives an open file of a mount a descriptor; `None` when there are too many.
    pub(super) fn put_open(&self, open: OpenMounted) -> Option<u32> {
        let mut opened = self.opened.borrow_mut();
        let handle = opened.last_key_value().map_or(0, |(last, _)| last + 1);
        let fd = self.files.borrow_mut().as_mut()?.open_mounted(open.at.mount, handle).ok()?;
        opened.insert(handle, open);
        Some(fd)
    }

    /// Moves the position of an open file of a mount.
    pub(super) fn seek_open(&self, fd: u32, position: u64) {
        if let Some((handle, _)) = self.open_mounted(fd)
            && let Some(open) = self.opened.borrow_mut().get_mut(&handle)
        {
            open.position = position;
        }
    }

    /// Forgets what a descriptor means in a mount.
    pub(super) fn forget_open(&self, fd: u32) {
        if let Some((handle, _)) = self.open_mounted(fd) {
            self.opened.borrow_mut().remove(&handle);
        }
    }

    /// The absolute path of what lies in a mount.
    pub(super) fn path_of(&self, mount: u32, inside: &str) -> String {
        let mounts = self.mounts.borrow();
        let root = usize::try_from(mount).ok().and_then(|at| mounts.get(at)).map_or("", String::as_str);
        if inside.is_empty() { root.to_string() } else { format!("{root}/{inside}") }
    }
}

impl Shared {
    /// The time in microseconds since 1970.
    pub(super) fn wall_us(&self) -> i64 {
        i64::try_from(self.platform.now_us()).unwrap_or(i64::MAX)
    }

    /// Does something with the files in memory; `None` when the sandbox has none.
    pub(super) fn files<R>(&self, work: impl FnOnce(&mut FileSystem) -> R) -> Option<R> {
        self.disk.with(self.wall_us(), work)
    }

    /// The descriptors of all open files.
    pub(super) fn open_files(&self) -> Vec<u32> {
        self.files(|files| files.open_files().collect()).unwrap_or_default()
    }

    /// Closes all files but these.
    pub(super) fn close_files(&self, kept: &[u32]) {
        for fd in self.open_files() {
            if !kept.contains(&fd) {
                self.disk.forget_open(fd);
                // It is open.
                let _ = self.files(|files| files.close(fd));
            }
        }
    }

    /// Asks the host for an operation in a mount. Gives what it said and the bytes that came
    /// with it.
    pub(super) fn mount(
        &self,
        at: &MountPath,
        op: MountOp,
        bytes: &[u8],
    ) -> Result<(MountReply, Vec<u8>), Errno> {
        let request = MountRequest { mount: at.mount, path: at.inside.clone(), op };
        let body = serde_json::to_string(&request).map_err(|_| Errno::EINVAL)?;
        let section = [Section { path: "[]", tag: Tag::Uint8Array, data: bytes }];
        let sections: &[_] = if bytes.is_empty() { &[] } else { &section };
        let message = Message { body: &body, sections, ..Message::new(Kind::Mount, self.call.get(), "") };
        let answer = match host_call::exchange(self, &message) {
            Ok(answer) if answer.kind == Kind::HostReturn => answer,
            Ok(_) | Err(Failed::Unsent(_) | Failed::Malformed(_)) => return Err(Errno::EIO),
        };
        let Answer { body, sections, .. } = answer;
        let replied: Result<MountReply, Errno> = serde_json::from_slice(&body).map_err(|_| Errno::EIO)?;
        let bytes = sections.into_iter().next().map(|part| part.data).unwrap_or_default();
        replied.map(|reply| (reply, bytes))
    }

    /// The whole of a file in a mount.
    pub(super) fn read_mounted(&self, at: &MountPath) -> Result<Vec<u8>, Errno> {
        let mut all = Vec::new();
        loop {
            let op = MountOp::Read { offset: all.len() as u64, len: PIECE };
            let (_, bytes) = self.mount(at, op, &[])?;
            if bytes.is_empty() || self.poll() {
                return Ok(all);
            }
            all.try_reserve(bytes.len()).map_err(|_| Errno::ENOMEM)?;
            all.extend_from_slice(&bytes);
        }
    }

    /// A path as the working directory has it.
    pub(super) fn absolute(&self, path: &str) -> String {
        normalize(&self.programs.settings().cwd, path)
    }
}

/// Where modules lie: in memory and in mounts.
impl Tree for Shared {
    fn kind(&self, path: &str) -> Option<FileKind> {
        match self.files(|files| files.stat(path))?.ok()? {
            Where::Here(stat) => Some(stat.kind),
            Where::Mount(at) => match self.mount(&at, MountOp::Stat, &[]).ok()?.0 {
                MountReply::Stat(stat) => match stat.kind {
                    MountKind::File => Some(FileKind::File),
                    MountKind::Directory => Some(FileKind::Directory),
                    MountKind::Symlink | MountKind::Other => None,
                },
                _ => None,
            },
        }
    }

    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let found = self.files(|files| {
            Ok::<_, FsError>(match files.read(path)? {
                Where::Here(bytes) => Where::Here(Vec::from(bytes)),
                Where::Mount(at) => Where::Mount(at),
            })
        })?;
        match found.ok()? {
            Where::Here(bytes) => Some(bytes),
            Where::Mount(at) => self.read_mounted(&at).ok(),
        }
    }

    fn real_path(&self, path: &str) -> Option<String> {
        match self.files(|files| files.realpath(path))?.ok()? {
            Where::Here(path) => Some(path),
            Where::Mount(at) => match self.mount(&at, MountOp::Realpath, &[]).ok()?.0 {
                MountReply::Text(inside) => Some(self.disk.path_of(at.mount, inside.trim_start_matches('/'))),
                _ => None,
            },
        }
    }

    fn version(&self, path: &str) -> Option<(u64, u64)> {
        self.files(|files| files.version(path))?
    }
}
