//! The sandbox's file system, from outside.

use super::{
    Sandbox,
    call::{Call, Request},
};
use crate::{
    error::{Error, ErrorKind, Result},
    files::{FileEntry, FileTree},
    options::CallOptions,
    value::Bytes,
};
use hypercell_common::{
    Kind, Section, Tag,
    body::{self, FileKind, FileList, ListFiles, ReadFile},
};

/// Bytes of files in one request, at most: the smallest input region has room for them.
const PIECE: usize = 32 << 10;
/// Entries in one request, at most.
const ENTRIES: usize = 64;
/// Permissions of directories, files, and files that can be executed.
const MODES: (u32, u32, u32) = (0o755, 0o644, 0o755);

/// An entry of the sandbox's file system, as the guest tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileInfo {
    /// Its absolute path.
    pub path: String,
    /// Whether it is a directory.
    pub is_dir: bool,
    /// What it leads to, if it is a symbolic link.
    pub link: Option<String>,
    /// Bytes of a file; 0 for others.
    pub len: u64,
    /// Its permissions, e.g. `0o644`.
    pub mode: u32,
}

impl Sandbox {
    /// Puts files into the sandbox's file system, over those that are there.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` for a path that cannot be, what lies in a mount, when the file system
    /// is full or a directory is in the way of a file, and when there is none; some may be
    /// there already then.
    pub fn put_files(&mut self, files: &FileTree) -> Result<()> {
        files.check()?;
        self.put(files)
    }

    pub(super) fn put(&mut self, files: &FileTree) -> Result<()> {
        let mut batch = Batch::default();
        for (path, entry) in files.entries() {
            let (directory, file, executable) = MODES;
            let (kind, mode, target, content): (_, _, _, &[u8]) = match entry {
                FileEntry::Dir => (FileKind::Directory, directory, "", &[]),
                FileEntry::Symlink { target } => (FileKind::Symlink, file, target, &[]),
                FileEntry::File { content, executable: false } => (FileKind::File, file, "", content),
                FileEntry::File { content, executable: true } => (FileKind::File, executable, "", content),
            };
            if batch.entries.len() >= ENTRIES || batch.bytes + content.len() > PIECE {
                self.send_batch(&mut batch)?;
            }
            batch.bytes += content.len() + path.len() + target.len();
            batch.contents.push(content);
            batch.entries.push(body::FileEntry {
                path: absolute(path),
                kind,
                mode,
                target: target.to_owned(),
                len: 0,
                mtime_us: 0,
            });
        }
        self.send_batch(&mut batch)
    }

    fn send_batch(&mut self, batch: &mut Batch<'_>) -> Result<()> {
        if batch.entries.is_empty() {
            return Ok(());
        }
        let Batch { entries, contents, .. } = std::mem::take(batch);
        let text = json(&entries)?;
        let paths: Vec<String> = (0..contents.len()).map(|index| format!("[{index}]")).collect();
        let files = paths.iter().zip(&contents).filter(|(_, content)| !content.is_empty());
        let sections: Vec<_> =
            files.map(|(path, data)| Section { path, tag: Tag::Uint8Array, data }).collect();
        let request = Request { kind: Kind::PutFiles, target: "", body: &text, sections: &sections };
        self.request(request, &CallOptions::default()).map(drop)
    }

    /// What lies at an absolute path of the sandbox's file system and below it, each directory
    /// before what is in it; without mounts.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when there is nothing, or no file system; `ERR_CANCELLED` when it takes
    /// longer than a call may, and then the sandbox is poisoned.
    pub fn list_files(&mut self, path: &str) -> Result<Vec<FileInfo>> {
        let mut call = self.start(&CallOptions::default())?;
        self.list(&mut call, path)
    }

    fn list(&mut self, call: &mut Call, path: &str) -> Result<Vec<FileInfo>> {
        let mut all = Vec::new();
        loop {
            let body = json(&ListFiles { skip: all.len() as u64, since: None })?;
            let request = Request { kind: Kind::ListFiles, target: path, body: &body, sections: &[] };
            let FileList { entries, more, .. } = self.exchange(call, request)?.read()?;
            let none = entries.is_empty();
            all.extend(entries.into_iter().map(|entry| FileInfo {
                path: entry.path,
                is_dir: entry.kind == FileKind::Directory,
                link: (entry.kind == FileKind::Symlink).then_some(entry.target),
                len: if entry.kind == FileKind::File { entry.len } else { 0 },
                mode: entry.mode & 0o7777,
            }));
            if all.len() as u64 > self.config.limits.inodes {
                return Err(lies("entries", self.config.limits.inodes));
            }
            // More without any would never end.
            if !more || none {
                return Ok(all);
            }
        }
    }

    /// The contents of a file in the sandbox's file system.
    ///
    /// # Errors
    /// As [`Sandbox::list_files`]; `ERR_INVALID_ARG` for a file in a mount.
    pub fn read_file(&mut self, path: &str) -> Result<Vec<u8>> {
        let mut call = self.start(&CallOptions::default())?;
        self.read(&mut call, path, self.config.limits.files)
    }

    /// Reads a file of `most` bytes at most.
    fn read(&mut self, call: &mut Call, path: &str, most: u64) -> Result<Vec<u8>> {
        let step = (self.machine.limits().output / 2) as u64;
        let mut all = Vec::new();
        loop {
            let body = json(&ReadFile { offset: all.len() as u64, len: step })?;
            let request = Request { kind: Kind::ReadFile, target: path, body: &body, sections: &[] };
            let Bytes(bytes) = self.exchange(call, request)?.read()?;
            if bytes.is_empty() {
                return Ok(all);
            }
            if (all.len() + bytes.len()) as u64 > most {
                return Err(lies("bytes of files", self.config.limits.files));
            }
            all.extend_from_slice(&bytes);
        }
    }

    /// Copies what lies at an absolute path of the sandbox's file system, and below it, out of
    /// it: the paths of the copy are relative to that one.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// sandbox.exec("import fs from 'node:fs'; fs.mkdirSync('/out'); fs.writeFileSync('/out/a.txt', 'a')")?;
    /// assert_eq!(sandbox.export_files("/out")?.get("a.txt"), Some(&b"a"[..]));
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Sandbox::list_files`].
    pub fn export_files(&mut self, path: &str) -> Result<FileTree> {
        let mut call = self.start(&CallOptions::default())?;
        let mut room = self.config.limits.files;
        let mut tree = FileTree::new();
        for entry in self.list(&mut call, path)? {
            let inside = entry.path.strip_prefix(path).unwrap_or(&entry.path).trim_start_matches('/');
            if inside.is_empty() {
                continue;
            }
            tree = match entry {
                FileInfo { is_dir: true, .. } => tree.dir(inside),
                FileInfo { link: Some(target), .. } => tree.symlink(inside, target),
                FileInfo { mode, .. } => {
                    let content = self.read(&mut call, &entry.path, room)?;
                    room -= content.len() as u64;
                    if mode & 0o100 == 0 {
                        tree.file(inside, content)
                    } else {
                        tree.executable(inside, content)
                    }
                }
            };
        }
        tree.check()?;
        Ok(tree)
    }
}

/// The error for a guest that tells of more than it may have.
fn lies(what: &str, limit: u64) -> Error {
    Error::new(ErrorKind::GuestAbort, format!("the guest tells of more {what} than its limit of {limit}"))
}

/// Entries on their way in.
#[derive(Default)]
struct Batch<'a> {
    entries: Vec<body::FileEntry>,
    contents: Vec<&'a [u8]>,
    bytes: usize,
}

fn absolute(path: &str) -> String {
    format!("/{}", path.trim_start_matches('/'))
}

fn json(body: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(body).map_err(|e| Error::internal("a request has no JSON form").with_source(e))
}
