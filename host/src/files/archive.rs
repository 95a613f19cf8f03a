//! What archives of all formats have in common. Each is the work of an adversary.

use super::{
    limits::FileLimits,
    path::{normal, stays_inside},
    tree::{FileTree, Node},
};
use crate::error::{Error, ErrorKind, Result};
use std::{
    error, fmt,
    io::{self, Read},
    sync::Arc,
};

/// Adds the entries of an archive to a tree.
pub(super) struct Unpacking<'a> {
    pub(super) tree: FileTree,
    limits: &'a FileLimits,
}

impl<'a> Unpacking<'a> {
    pub(super) fn new(limits: &'a FileLimits) -> Self {
        Self { tree: FileTree::new(), limits }
    }

    pub(super) fn folder(&mut self, path: &str) -> Result<()> {
        self.add(path.strip_suffix('/').unwrap_or(path), Node::Dir)
    }

    /// Adds a file; no more of its content is read than there is room for, whatever the
    /// archive declares.
    pub(super) fn file(&mut self, path: &str, content: impl Read, executable: bool) -> Result<()> {
        let room = self.tree.room(path, self.limits)?;
        let mut bytes = Vec::new();
        let read = content.take(room.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| unreadable(path, error))?;
        self.add(path, Node::File { content: Arc::new(bytes), executable })
    }

    pub(super) fn symlink(&mut self, path: &str, target: String) -> Result<()> {
        // Its depth is that of the path without `.`; a wrong path is refused by `add`.
        if !normal(path).is_ok_and(|path| stays_inside(&path, &target)) {
            return Err(Error::invalid_argument(format!(
                "the link {path:.300?} says {target:.300?}, which leads out of the archive or may do so"
            )));
        }
        self.add(path, Node::Symlink { target })
    }

    /// Adds another name of a file that came before.
    pub(super) fn hard_link(&mut self, path: &str, target: &str) -> Result<()> {
        match self.tree.node(target) {
            Some(file @ Node::File { .. }) => {
                let file = file.clone();
                self.add(path, file)
            }
            _ => Err(Error::invalid_argument(format!(
                "{path:.300?} is another name of {target:.300?}, which is no file that came before it"
            ))),
        }
    }

    fn add(&mut self, path: &str, node: Node) -> Result<()> {
        if path.starts_with('/') {
            return Err(Error::invalid_argument(format!("the path {path:.300?} is absolute")));
        }
        self.tree.take(path, node, self.limits)
    }
}

pub(super) fn unreadable(what: &str, error: io::Error) -> Error {
    let kind = if is_too_long(&error) { ErrorKind::Limit } else { ErrorKind::InvalidArg };
    Error::new(kind, format!("{what:.300?} cannot be read")).with_source(error)
}

/// Whether [`Capped`] is behind an error, whoever wrapped it.
fn is_too_long(error: &io::Error) -> bool {
    let mut cause = error.get_ref().map(|inner| inner as &(dyn error::Error + 'static));
    while let Some(error) = cause {
        if error.is::<TooLong>() || error.downcast_ref::<io::Error>().is_some_and(is_too_long) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A reader that fails after so many bytes, as nothing of an archive within the limits
/// would have more: also what is skipped, and headers.
pub(super) struct Capped<R> {
    inner: R,
    left: u64,
    most: u64,
}

/// How [`Capped`] fails.
#[derive(Debug)]
pub(super) struct TooLong(u64);

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the archive has more than {} bytes, decompressed; `FileLimits` raises the limit", self.0)
    }
}

impl error::Error for TooLong {}

impl<R> Capped<R> {
    pub(super) fn new(inner: R, limits: &FileLimits) -> Self {
        let most = limits.archive_bytes();
        Self { inner, left: most, most }
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(bytes).ok_or_else(|| io::Error::other(TooLong(self.most)))?;
        Ok(read)
    }
}
