//! What a sandbox may use. All limits are on by default.

use crate::{
    error::{Error, Result},
    vmm::MemorySize,
};
use std::{ops::RangeInclusive, time::Duration};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// Limits of a sandbox. Setters take any value; [`SandboxBuilder::build`] and
/// [`EngineBuilder::build`] refuse what is out of bounds and name the field.
///
/// | limit | default | bounds |
/// | --- | --- | --- |
/// | heap | 32 MiB | 4 MiB – 2 GiB |
/// | stack | 1 MiB | 256 KiB – 16 MiB |
/// | input, output | 8 MiB each | 64 KiB – 64 MiB |
/// | wall clock per call | 10 s | 1 ms – 1 h, or unlimited |
/// | CPU time per call | 5 s | 1 ms – 1 h, or unlimited |
/// | host calls per call | 100 000 | 0 – 2³² − 1 |
/// | asynchronous host functions at a time | 100 | 0 – 10 000 |
/// | timers at a time | 1000 | 0 – 1 000 000 |
/// | console output per call | 1 MiB | 0 – 1 GiB |
/// | bytes of files | 8 MiB | 0 – 1 GiB |
/// | files, directories and links | 4096 | 16 – 1 000 000 |
///
/// [`SandboxBuilder::build`]: crate::SandboxBuilder::build
/// [`EngineBuilder::build`]: crate::EngineBuilder::build
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub(crate) heap: u64,
    pub(crate) stack: u64,
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) wall: Option<Duration>,
    pub(crate) cpu: Option<Duration>,
    pub(crate) host_calls: u64,
    pub(crate) async_calls: u64,
    pub(crate) timers: u64,
    pub(crate) console: u64,
    pub(crate) files: u64,
    pub(crate) inodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            heap: 32 * MIB,
            stack: MIB,
            input: 8 * MIB,
            output: 8 * MIB,
            wall: Some(Duration::from_secs(10)),
            cpu: Some(Duration::from_secs(5)),
            host_calls: 100_000,
            async_calls: 100,
            timers: 1000,
            console: MIB,
            files: 8 * MIB,
            inodes: 4096,
        }
    }
}

/// Bounds of [`Limits::heap`]: below, the engine itself does not fit.
const HEAP: RangeInclusive<u64> = 4 * MIB..=2048 * MIB;
/// Bounds of [`Limits::stack`]: below, the engine's own frames do not fit.
const STACK: RangeInclusive<u64> = 256 * KIB..=16 * MIB;
/// Bounds of [`Limits::input`] and [`Limits::output`]: the guest encodes values of up to
/// 64 MiB.
const FRAME: RangeInclusive<u64> = 64 * KIB..=64 * MIB;
/// Bounds of limits on time.
const TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(3600);
/// Bounds of [`Limits::host_calls`].
const HOST_CALLS: RangeInclusive<u64> = 0..=u32::MAX as u64;
/// Bounds of [`Limits::async_calls`].
const ASYNC_CALLS: RangeInclusive<u64> = 0..=10_000;
/// Bounds of [`Limits::timers`].
const TIMERS: RangeInclusive<u64> = 0..=1_000_000;
/// Bounds of [`Limits::console`].
const CONSOLE: RangeInclusive<u64> = 0..=1024 * MIB;

/// Bounds of [`Limits::files`].
const FILES: RangeInclusive<u64> = 0..=1024 * MIB;
/// Bounds of [`Limits::inodes`]: a new file system has some directories.
const INODES: RangeInclusive<u64> = 16..=1_000_000;
/// Bytes that a file, directory or link takes beside its contents.
const INODE: u64 = 512;

/// Native stack that JavaScript leaves to the engine and the glue below it.
const STACK_RESERVE: u64 = 160 * KIB;

impl Limits {
    /// Bytes that the JavaScript heap may use.
    #[must_use]
    pub fn heap(mut self, bytes: u64) -> Self {
        self.heap = bytes;
        self
    }

    /// Bytes of stack.
    #[must_use]
    pub fn stack(mut self, bytes: u64) -> Self {
        self.stack = bytes;
        self
    }

    /// Bytes of a request into the guest, or of a host function's result: source
    /// text, JSON and binary data, with a header of some bytes.
    #[must_use]
    pub fn input(mut self, bytes: u64) -> Self {
        self.input = bytes;
        self
    }

    /// Bytes of a result out of the guest, or of a host function's arguments.
    #[must_use]
    pub fn output(mut self, bytes: u64) -> Self {
        self.output = bytes;
        self
    }

    /// Wall clock time of a call, host functions included.
    #[must_use]
    pub fn wall(mut self, limit: Duration) -> Self {
        self.wall = Some(limit);
        self
    }

    /// No limit on wall clock time. Mind that a call may then never end.
    #[must_use]
    pub fn unlimited_wall(mut self) -> Self {
        self.wall = None;
        self
    }

    /// CPU time of a call: what the calling thread uses, host functions included.
    /// Waiting costs none.
    #[must_use]
    pub fn cpu(mut self, limit: Duration) -> Self {
        self.cpu = Some(limit);
        self
    }

    /// No limit on CPU time.
    #[must_use]
    pub fn unlimited_cpu(mut self) -> Self {
        self.cpu = None;
        self
    }

    /// Host functions that one call may call.
    #[must_use]
    pub fn host_calls(mut self, count: u64) -> Self {
        self.host_calls = count;
        self
    }

    /// Asynchronous host functions that may run at a time. One more is an error in the
    /// guest, and so is one whose arguments have, with those of the others, more than
    /// four times the bytes of [`Limits::output`].
    #[must_use]
    pub fn async_calls(mut self, count: u64) -> Self {
        self.async_calls = count;
        self
    }

    /// Timers that may be set at a time. One more is an error in the guest.
    #[must_use]
    pub fn timers(mut self, count: u64) -> Self {
        self.timers = count;
        self
    }

    /// Bytes of console output of one call; what comes after is dropped, with a
    /// visible mark.
    #[must_use]
    pub fn console(mut self, bytes: u64) -> Self {
        self.console = bytes;
        self
    }

    /// Bytes that the files in the sandbox may have. Memory for them is set aside beside the
    /// heap; mounts of the host's folders do not count.
    #[must_use]
    pub fn files(mut self, bytes: u64) -> Self {
        self.files = bytes;
        self
    }

    /// Files, directories and links that may be in the sandbox.
    #[must_use]
    pub fn inodes(mut self, count: u64) -> Self {
        self.inodes = count;
        self
    }

    /// Checks every bound.
    pub(crate) fn check(&self) -> Result<()> {
        bounded("heap", self.heap, &HEAP)?;
        bounded("stack", self.stack, &STACK)?;
        bounded("input", self.input, &FRAME)?;
        bounded("output", self.output, &FRAME)?;
        bounded("host_calls", self.host_calls, &HOST_CALLS)?;
        bounded("async_calls", self.async_calls, &ASYNC_CALLS)?;
        bounded("timers", self.timers, &TIMERS)?;
        bounded("console", self.console, &CONSOLE)?;
        bounded("files", self.files, &FILES)?;
        bounded("inodes", self.inodes, &INODES)?;
        check_time("wall", self.wall)?;
        check_time("cpu", self.cpu)
    }

    /// The guest's memory for these limits.
    pub(crate) fn memory(&self) -> MemorySize {
        // The glue's own allocations and what the allocator cannot use lie beyond
        // what JavaScript is granted.
        let heap = self.heap + self.heap / 8 + MIB;
        // A file that grows is moved, and its new place is larger than it.
        let heap = heap + self.files + self.files / 2 + self.inodes * INODE;
        MemorySize { heap, stack: self.stack, input: self.input, output: self.output }
    }

    /// Bytes of stack that JavaScript itself may use.
    pub(crate) fn js_stack(&self) -> u64 {
        self.stack - STACK_RESERVE
    }
}

fn bounded(field: &str, value: u64, bounds: &RangeInclusive<u64>) -> Result<()> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = (bounds.start(), bounds.end());
    Err(Error::invalid_argument(format!("limit `{field}` is {value}, and must be from {least} to {most}")))
}

/// Checks a limit on time.
pub(crate) fn check_time(field: &str, limit: Option<Duration>) -> Result<()> {
    match limit {
        Some(limit) if !TIME.contains(&limit) => {
            let (least, most) = (TIME.start(), TIME.end());
            Err(Error::invalid_argument(format!(
                "limit `{field}` is {limit:?}, and must be from {least:?} to {most:?}; leave it out for the \
                 default, or ask for no limit in words (`unlimited_{field}`)"
            )))
        }
        _ => Ok(()),
    }
}
