//! The guest's engine in this process, without a VM.
//!
//! [`Native`] drives the guest's own engine crate frame by frame as a VM does, so that
//! the only difference to a sandbox is the VM itself and the guest's runtime: its
//! allocator, its C library and its mathematics. Benchmarks measure what that costs,
//! and tests check that it changes nothing.
//!
//! It isolates nothing: only source text that is trusted may run in it.

use anyhow::{Context as _, bail};
use hypercell_common::{
    Frame, FrameError, Kind, Message,
    body::{Configure, HostFunctions},
};
use hypercell_guest::{
    engine::{Engine, Job},
    platform::{Platform, SendError},
};
use std::{
    collections::BTreeMap,
    fmt,
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

/// Bytes of stack that are not JavaScript's, see `host/src/limits.rs`.
const STACK_RESERVE: u64 = 160 << 10;

/// Garbage is collected at the latest when this much was allocated, see
/// `host/src/sandbox/load.rs`.
const MAX_GC_THRESHOLD: u64 = 4 << 20;

/// Timers at a time, see `host/src/limits.rs`.
const MAX_TIMERS: u64 = 1000;

/// The limits of an engine, as those of the same name of a sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of heap.
    pub heap: u64,
    /// Bytes of stack. The thread of the engine must have them, and some more.
    pub stack: u64,
}

impl Limits {
    /// What the host tells the guest of a sandbox with these limits.
    fn configure(self, host_modules: BTreeMap<String, Vec<String>>) -> Configure {
        Configure {
            heap_bytes: self.heap,
            stack_bytes: self.stack.saturating_sub(STACK_RESERVE),
            gc_threshold_bytes: (self.heap / 16).min(MAX_GC_THRESHOLD),
            timers: MAX_TIMERS,
            host_modules: host_modules
                .into_iter()
                .map(|(name, direct)| (name, HostFunctions { direct, promised: Vec::new() }))
                .collect(),
            ..Configure::default()
        }
    }
}

/// The host of an engine: what its host functions and its console are.
pub trait Host {
    /// Function names by module (without `host:`).
    fn modules(&self) -> BTreeMap<String, Vec<String>>;

    /// Leaves the frame that answers `request`, of kind [`Kind::HostCall`] or
    /// [`Kind::Console`], in `answer`, which is empty.
    ///
    /// # Errors
    /// When the answer does not fit a frame.
    fn serve(&self, request: &Frame<'_>, answer: &mut Vec<u8>) -> Result<(), FrameError>;
}

/// An engine that gets its requests and gives its answers as frames, as in a VM.
pub struct Native {
    engine: Engine,
    calls: u64,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Native {
    /// An engine with a fresh realm.
    ///
    /// # Errors
    /// When the engine does not start, or refuses its configuration.
    pub fn new(limits: Limits, host: impl Host + 'static) -> anyhow::Result<Self> {
        let configure = serde_json::to_string(&limits.configure(host.modules()))?;
        let engine = Engine::new(Rc::new(Process { host: Box::new(host), started: Instant::now() }))?;
        let mut native = Self { engine, calls: 0, request: Vec::new(), answer: Vec::new() };
        let configured =
            native.request(Message { body: &configure, ..Message::new(Kind::Configure, 0, "") })?;
        match configured.kind {
            Kind::Done => Ok(native),
            _ => bail!("the engine refuses its configuration: {}", configured.body),
        }
    }

    /// Frame in, frame out: gives the answer, of kind [`Kind::Done`] or
    /// [`Kind::Thrown`]. The message's number does not matter, as each request gets
    /// its own. The frames are built and checked as on the way into a VM and back.
    ///
    /// # Errors
    /// When a frame breaks a rule of the wire.
    pub fn request(&mut self, message: Message<'_>) -> anyhow::Result<Frame<'_>> {
        let Self { engine, calls, request, answer } = self;
        *calls += 1;
        request.clear();
        Message { call: *calls, ..message }.encode(|part| request.extend_from_slice(part))?;
        let job = Job::read(request)?;
        answer.clear();
        let mut written = Ok(0);
        engine.run(job, &mut |reply| written = reply.encode(|part| answer.extend_from_slice(part)));
        written.context("the engine's answer does not fit a frame")?;
        let frame = Frame::decode(answer)?;
        match frame.kind {
            Kind::Done | Kind::Thrown if frame.call == *calls => Ok(frame),
            kind => bail!("the engine answered request {calls} with {kind:?} for {}", frame.call),
        }
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native")
            .field("engine", &self.engine)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

/// A process as the engine's platform: nobody interrupts it, and no snapshot of it
/// is ever restored.
struct Process {
    host: Box<dyn Host>,
    started: Instant,
}

impl Platform for Process {
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
        // Through the wire's bytes, which is what a call over the boundary costs too.
        let mut request = Vec::new();
        message.encode(|part| request.extend_from_slice(part)).map_err(SendError::Frame)?;
        let frame = Frame::decode(&request).map_err(SendError::Frame)?;
        let mut answer = Vec::new();
        if frame.kind == Kind::Wait {
            // Nothing asynchronous runs, so the engine waits for a timer.
            thread::sleep(Duration::from_micros(frame.value));
            let elapsed = Message::new(Kind::Elapsed, frame.call, "");
            elapsed.encode(|part| answer.extend_from_slice(part)).map_err(SendError::Frame)?;
            reply(&answer);
            return Ok(());
        }
        self.host.serve(&frame, &mut answer).map_err(SendError::Frame)?;
        reply(&answer);
        Ok(())
    }

    fn fresh_entropy(&self) -> Option<[u8; 32]> {
        None
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn interrupted(&self) -> bool {
        false
    }

    fn heap_peak(&self) -> u64 {
        0
    }
}
