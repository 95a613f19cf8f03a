//! A tree of files in memory.

use super::{
    limits::FileLimits,
    path::{check_target, folders_above, normal},
};
use crate::error::{Error, ErrorKind, Result};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// Files, folders and links for the guest's file system, or from it.
///
/// Paths are absolute or relative to `/`; the folders above are made. What is wrong with a
/// path is told when the tree is [checked](FileTree::check), as it is when a sandbox takes
/// it. Clones share the contents.
///
/// ```
/// use hypercell::FileTree;
///
/// let tree = FileTree::new()
///     .file("src/index.ts", "console.log('hello')")
///     .file("logo.png", [0x89, b'P', b'N', b'G'])
///     .symlink("bin/start", "../src/index.ts")
///     .dir("tmp");
/// tree.check()?;
/// # Ok::<(), hypercell::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct FileTree {
    nodes: BTreeMap<String, Node>,
    /// Bytes of all contents, targets and paths.
    bytes: u64,
    /// What was wrong first.
    fault: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    Dir,
    File { content: Arc<Vec<u8>>, executable: bool },
    Symlink { target: String },
}

/// One entry of a [`FileTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileEntry<'a> {
    /// A folder.
    Dir,
    /// A regular file.
    #[non_exhaustive]
    File {
        /// Its bytes.
        content: &'a [u8],
        /// Whether it can be executed.
        executable: bool,
    },
    /// A symbolic link.
    #[non_exhaustive]
    Symlink {
        /// What it says: a path, relative to the folder it is in unless absolute.
        target: &'a str,
    },
}

impl Node {
    fn bytes(&self) -> u64 {
        let bytes = match self {
            Self::Dir => 0,
            Self::File { content, .. } => content.len(),
            Self::Symlink { target } => target.len(),
        };
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Dir => "a folder",
            Self::File { .. } => "a file",
            Self::Symlink { .. } => "a link",
        }
    }
}

impl FileTree {
    /// A tree with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, as text or bytes. The same path again replaces it.
    #[must_use]
    pub fn file(self, path: impl AsRef<str>, content: impl Into<Vec<u8>>) -> Self {
        let content = Arc::new(content.into());
        self.with(path.as_ref(), Node::File { content, executable: false })
    }

    /// Adds a file that can be executed.
    #[must_use]
    pub fn executable(self, path: impl AsRef<str>, content: impl Into<Vec<u8>>) -> Self {
        let content = Arc::new(content.into());
        self.with(path.as_ref(), Node::File { content, executable: true })
    }

    /// Adds a folder, which may be there already.
    #[must_use]
    pub fn dir(self, path: impl AsRef<str>) -> Self {
        self.with(path.as_ref(), Node::Dir)
    }

    /// Adds a symbolic link. Its target need not exist; it is relative to the folder that
    /// the link is in, unless it is absolute in the guest's file system.
    #[must_use]
    pub fn symlink(self, path: impl AsRef<str>, target: impl Into<String>) -> Self {
        self.with(path.as_ref(), Node::Symlink { target: target.into() })
    }

    /// Adds all of another tree below a path.
    #[must_use]
    pub fn tree(mut self, path: impl AsRef<str>, other: FileTree) -> Self {
        let path = path.as_ref().trim_end_matches('/');
        self = self.with(path, Node::Dir);
        for (inner, node) in other.nodes {
            self = self.with(&format!("{path}/{inner}"), node);
        }
        self.fault = self.fault.or(other.fault);
        self
    }

    /// Checks all paths.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` with the first path that goes up by `..`, has an empty name, a NUL
    /// or too many bytes, or is below a file or a link.
    pub fn check(&self) -> Result<()> {
        match &self.fault {
            Some(fault) => Err(Error::invalid_argument(fault.clone())),
            None => Ok(()),
        }
    }

    /// All entries by path, without `/` at the beginning; a folder comes before what is in
    /// it. What [`FileTree::check`] refuses is not among them.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&str, FileEntry<'_>)> {
        self.nodes.iter().map(|(path, node)| {
            let entry = match node {
                Node::Dir => FileEntry::Dir,
                Node::File { content, executable } => FileEntry::File { content, executable: *executable },
                Node::Symlink { target } => FileEntry::Symlink { target },
            };
            (path.as_str(), entry)
        })
    }

    /// The content of a file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        match self.nodes.get(&normal(path).ok()?)? {
            Node::File { content, .. } => Some(content),
            _ => None,
        }
    }

    /// Bytes of all contents and paths.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn with(mut self, path: &str, node: Node) -> Self {
        if let Err(error) = self.insert(path, node)
            && self.fault.is_none()
        {
            self.fault = Some(error.message().to_owned());
        }
        self
    }

    /// Adds an entry and the folders above it.
    fn insert(&mut self, path: &str, node: Node) -> Result<()> {
        let wrong = |why: String| Error::invalid_argument(format!("the path {path:.300?} {why}"));
        let path = normal(path).map_err(wrong)?;
        if let Node::Symlink { target } = &node {
            check_target(target).map_err(wrong)?;
        }
        if path.is_empty() {
            return if node == Node::Dir { Ok(()) } else { Err(wrong("is the root".into())) };
        }
        for above in folders_above(&path) {
            match self.nodes.get(above) {
                Some(Node::Dir) => {}
                Some(other) => return Err(wrong(format!("is below {above:?}, which is {}", other.name()))),
                None => self.put(above.to_owned(), Node::Dir),
            }
        }
        match (self.nodes.get(&path), &node) {
            (Some(Node::Dir), Node::Dir) => return Ok(()),
            (Some(before @ Node::Dir), _) | (Some(before), Node::Dir) => {
                return Err(wrong(format!("is {} and {}", before.name(), node.name())));
            }
            _ => {}
        }
        self.put(path, node);
        Ok(())
    }

    fn put(&mut self, path: String, node: Node) {
        let name = u64::try_from(path.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(node.bytes());
        match self.nodes.insert(path, node) {
            Some(before) => self.bytes = self.bytes.saturating_sub(before.bytes()),
            None => self.bytes = self.bytes.saturating_add(name),
        }
    }

    /// Adds what came out of a folder or an archive: within limits, and once.
    pub(super) fn take(&mut self, path: &str, node: Node, limits: &FileLimits) -> Result<()> {
        let there = normal(path).ok().and_then(|path| self.nodes.get(&path));
        if there.is_some_and(|there| (there, &node) != (&Node::Dir, &Node::Dir)) {
            return Err(Error::invalid_argument(format!("{path:.300?} is there twice")));
        }
        self.insert(path, node)?;
        if self.nodes.len() > limits.entries {
            return Err(Error::limit(format!(
                "there are more than {} entries with {path:.300?}; `FileLimits::entries` raises the limit",
                limits.entries
            )));
        }
        self.room(path, limits).map(drop)
    }

    /// Bytes that may still be added, before the content at `path`.
    pub(super) fn room(&self, path: &str, limits: &FileLimits) -> Result<u64> {
        limits.bytes.checked_sub(self.bytes).ok_or_else(|| {
            Error::new(
                ErrorKind::Limit,
                format!(
                    "there are more than {} bytes with {path:.300?}; `FileLimits::bytes` raises the limit",
                    limits.bytes
                ),
            )
        })
    }

    pub(super) fn node(&self, path: &str) -> Option<&Node> {
        self.nodes.get(&normal(path).ok()?)
    }
}

impl<P: Into<String>, C: Into<Vec<u8>>> FromIterator<(P, C)> for FileTree {
    fn from_iter<I: IntoIterator<Item = (P, C)>>(files: I) -> Self {
        let add = |tree: Self, (path, content): (P, C)| tree.file(path.into(), content);
        files.into_iter().fold(Self::new(), add)
    }
}

impl<P: Into<String>, C: Into<Vec<u8>>, const N: usize> From<[(P, C); N]> for FileTree {
    fn from(files: [(P, C); N]) -> Self {
        files.into_iter().collect()
    }
}

impl fmt::Debug for FileTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileTree")
            .field("entries", &self.nodes.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}
