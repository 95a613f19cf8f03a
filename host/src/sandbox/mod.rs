//! One micro-VM with the JavaScript runtime loaded.

mod builder;
mod call;
mod files;
mod function;
mod generator;
mod load;
mod program;

pub use builder::SandboxBuilder;
pub(crate) use builder::{Config, HostNames, ProgramDefaults};
pub use files::FileInfo;
pub use function::FunctionName;
pub use generator::{YieldStream, Yields};
pub use load::Source;

use crate::{
    engine::Engine,
    error::{Error, ErrorKind, Result},
    interrupt::{CallSlot, InterruptHandle},
    snapshot::Snapshot,
    stats::CallStats,
    vmm::{self, Machine, MachineSnapshot},
};
use std::{fmt, sync::Arc};

/// One micro-VM with the JavaScript runtime loaded.
///
/// It belongs to one thread at a time, and may move between threads. Handlers and
/// modules come with [`add_handler`](Sandbox::add_handler) and
/// [`add_module`](Sandbox::add_module), and run by [`call`](Sandbox::call);
/// [`eval`](Sandbox::eval) and [`script`](Sandbox::script) run source text at once.
/// All share one global object, which lives until the sandbox is restored,
/// unloaded or dropped.
///
/// A call that is stopped in the middle, by a limit on time, by
/// [`InterruptHandle::kill`] or because the guest faulted, leaves the sandbox
/// *poisoned*: everything but [`restore`](Sandbox::restore) and
/// [`unload`](Sandbox::unload) then fails with `ERR_POISONED`. Exceptions do not
/// poison it, running out of heap or stack included.
pub struct Sandbox {
    engine: Engine,
    config: Arc<Config>,
    machine: Box<dyn Machine>,
    /// The state right after the guest booted.
    booted: MachineSnapshot,
    status: Status,
    slot: Arc<CallSlot>,
    /// Number of the last request.
    calls: u64,
    stats: CallStats,
    /// The guest's last frame; kept for its capacity.
    answer: Vec<u8>,
}

/// Whether a sandbox can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// It waits for a call.
    Ready,
    /// It was stopped in the middle of a call: restore or unload it.
    Poisoned,
}

impl Sandbox {
    pub(crate) fn boot(engine: Engine, config: Arc<Config>) -> Result<Self> {
        let (machine, booted) = engine.booted(&config.limits.memory())?;
        let mut sandbox = Self::assemble(engine, config, machine, booted);
        sandbox.configure()?;
        Ok(sandbox)
    }

    pub(crate) fn spawn(snapshot: &Snapshot, config: Arc<Config>) -> Result<Self> {
        let machine = snapshot.engine.spawn(&snapshot.machine)?;
        Ok(Self::assemble(snapshot.engine.clone(), config, machine, snapshot.booted.clone()))
    }

    fn assemble(
        engine: Engine,
        config: Arc<Config>,
        machine: Box<dyn Machine>,
        booted: MachineSnapshot,
    ) -> Self {
        Self {
            engine,
            config,
            machine,
            booted,
            status: Status::Ready,
            slot: Arc::default(),
            calls: 0,
            stats: CallStats::default(),
            answer: Vec::new(),
        }
    }

    /// Captures the sandbox as it is now.
    ///
    /// For sandboxes that are restored after each call, take it when all handlers are
    /// loaded and each was called once: then a restored call finds everything warm.
    ///
    /// # Errors
    /// `ERR_POISONED`; `ERR_INTERNAL` when the host has no memory left; `ERR_GUEST_ABORT`
    /// when the guest does not let itself be captured, and then the sandbox is poisoned.
    pub fn snapshot(&mut self) -> Result<Snapshot> {
        self.check_ready()?;
        let machine = vmm::capture(&mut *self.machine).inspect_err(|error| {
            if error.kind() == ErrorKind::GuestAbort {
                self.status = Status::Poisoned;
            }
        })?;
        Ok(Snapshot {
            engine: self.engine.clone(),
            config: Arc::clone(&self.config),
            machine,
            booted: self.booted.clone(),
        })
    }

    /// Returns to a snapshot, taken of this sandbox or of another one of the same
    /// engine with the same host functions and memory. Nothing is left of what
    /// happened since, in memory, buffers or registers, and a poisoned sandbox is
    /// ready again.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the snapshot does not fit, and then nothing is changed;
    /// `ERR_INTERNAL` when the host fails, and then the sandbox is poisoned.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<()> {
        builder::check_fit(snapshot, &self.engine, &self.config)?;
        self.return_to(&snapshot.machine)?;
        self.booted = snapshot.booted.clone();
        Ok(())
    }

    /// Forgets all handlers, modules and state: the sandbox is as it was built, also
    /// when it was poisoned.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the host fails, and then the sandbox is poisoned.
    pub fn unload(&mut self) -> Result<()> {
        self.return_to(&self.booted.clone())?;
        self.configure()
    }

    fn return_to(&mut self, state: &MachineSnapshot) -> Result<()> {
        self.status = Status::Poisoned;
        self.machine.restore(state)?;
        self.status = Status::Ready;
        Ok(())
    }

    /// A handle that stops what the sandbox runs, from any thread.
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle::new(Arc::clone(&self.slot))
    }

    /// Whether the sandbox can be used.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// What the last call cost, also when it failed. All zeros before the first.
    #[must_use]
    pub fn stats(&self) -> CallStats {
        self.stats
    }

    fn check_ready(&self) -> Result<()> {
        match self.status {
            Status::Ready => Ok(()),
            Status::Poisoned => Err(Error::new(
                ErrorKind::Poisoned,
                "the sandbox was stopped in the middle of a call; restore a snapshot or unload it",
            )),
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("status", &self.status)
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}
