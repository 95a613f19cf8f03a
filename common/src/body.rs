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
}

/// Body of [`crate::Kind::Exec`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Program {
    /// The source text, if it is not in the file.
    pub source: Option<String>,
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
