//! JSON bodies that the two sides write themselves (everything else in a body
//! is user data or source text).

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Body of [`crate::Kind::Configure`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Configure {
    /// Bytes that the JavaScript heap may use.
    pub heap_bytes: u64,
    /// Bytes of native stack that JavaScript may use.
    pub stack_bytes: u64,
    /// Allocated bytes that trigger a garbage collection.
    pub gc_threshold_bytes: u64,
    /// Timers that one request may have at a time.
    pub timers: u64,
    /// Host modules by name (without `host:`).
    pub host_modules: BTreeMap<String, HostFunctions>,
    /// The plain members of `env`: JSON text of an object, or empty.
    #[serde(default)]
    pub env: String,
    /// The working directory of programs that say nothing of theirs.
    #[serde(default)]
    pub cwd: String,
    /// The guest's file system; none without.
    #[serde(default)]
    pub files: Option<Files>,
}

/// The guest's file system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Files {
    /// Bytes that files may have.
    pub bytes: u64,
    /// Files, directories and links that there may be.
    pub inodes: u64,
    /// Paths of mounts, by their numbers.
    pub mounts: Vec<String>,
}

/// An entry of the guest's file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its absolute path.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Its permissions.
    pub mode: u32,
    /// What a link leads to; empty for others.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// Bytes of a file.
    #[serde(default)]
    pub len: u64,
    /// When it was changed last, in microseconds since 1970; 0 for now.
    #[serde(default)]
    pub mtime_us: i64,
}

/// What an entry of a file system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// Body of [`crate::Kind::ListFiles`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListFiles {
    /// Entries to be left out at the start: those of earlier answers.
    pub skip: u64,
    /// Only what changed after this generation.
    pub since: Option<u64>,
}

/// What answers [`crate::Kind::ListFiles`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FileList {
    /// Each directory before what is in it.
    pub entries: Vec<FileEntry>,
    /// Whether there are more.
    pub more: bool,
    /// A number that grows with each change.
    pub generation: u64,
}

/// Body of [`crate::Kind::ReadFile`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadFile {
    /// The first byte.
    pub offset: u64,
    /// The most bytes.
    pub len: u64,
}

/// Body of [`crate::Kind::Exec`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Program {
    /// The source text, if it is not in the file.
    pub source: Option<String>,
    /// Whether that is TypeScript.
    #[serde(default)]
    pub typescript: bool,
    /// What follows the file in `process.argv`.
    pub args: Vec<String>,
    /// More members of `env`, as in [`Configure::env`].
    pub env: String,
    /// The working directory, an absolute path; empty for that of [`Configure::cwd`].
    pub cwd: String,
}

/// The names of a host module's functions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HostFunctions {
    /// Those that return directly: [`crate::Kind::HostCall`].
    pub direct: Vec<String>,
    /// Those that give a promise: [`crate::Kind::HostStart`].
    pub promised: Vec<String>,
}

impl HostFunctions {
    /// All names, the direct ones first.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.direct.iter().chain(&self.promised)
    }
}

/// Body of [`crate::Kind::Touch`]: addresses of pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Touch {
    /// Pages of which a byte is read.
    pub read: Vec<u64>,
    /// Pages of which a byte is read and written back.
    pub write: Vec<u64>,
}

/// Why a request failed inside the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// An exception that guest code threw or ran into.
    #[default]
    Exception,
    /// The source does not parse.
    Syntax,
    /// The request is wrong: no such handler, a body that is not JSON, a
    /// handler that returned `undefined`.
    Request,
    /// The engine was stopped by the interrupt poll.
    Interrupted,
}

/// Body of [`crate::Kind::Thrown`] and [`crate::Kind::HostThrow`]: an error as
/// it crosses the boundary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Thrown {
    /// What kind of failure this is.
    #[serde(default)]
    pub cause: Cause,
    /// The error's `name`, e.g. `TypeError`.
    pub name: String,
    /// The error's `message`.
    pub message: String,
    /// The error's `stack`, empty when there is none.
    #[serde(default)]
    pub stack: String,
    /// The error's `code`, when it is a string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
