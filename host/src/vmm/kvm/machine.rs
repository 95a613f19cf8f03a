//! One KVM guest: carries requests in and answers out, and goes back in time.

use super::{
    failure::Failure,
    layout::Layout,
    shell::{Shell, ShellPool},
    snapshot::State,
    vcpu::Left,
    working_set::WorkingSet,
};
use crate::{
    error::Error,
    interrupt::Kick,
    monitor::Watch,
    vmm::{Exit, FrameLimits, HostCalls, Machine, MachineSnapshot},
};
use hypercell_common::Message;
use std::sync::Arc;

/// Longest last words of a guest, in bytes.
const MAX_ABORT_MESSAGE: u32 = 4096;

/// A guest between requests, or after an [`Exit`].
#[derive(Debug)]
pub(super) struct KvmMachine {
    shell: Option<Shell>,
    pool: Arc<ShellPool>,
    layout: Arc<Layout>,
    /// The snapshot that the memory is mapped from, if any: its other pages are
    /// the dirty set.
    based_on: Option<Arc<State>>,
    condition: Condition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Waits for a request.
    Waiting,
    /// Was stopped in the middle of one.
    Stopped,
    /// Left in a way after which the virtual CPU is not used again.
    Broken,
}

impl KvmMachine {
    /// Takes over a shell whose guest is about to run or waits for a request.
    pub(super) fn new(
        shell: Shell,
        pool: Arc<ShellPool>,
        layout: Arc<Layout>,
        based_on: Option<Arc<State>>,
    ) -> Result<Self, Failure> {
        let mut machine = Self { shell: Some(shell), pool, layout, based_on, condition: Condition::Waiting };
        machine.shell()?.seed()?;
        Ok(machine)
    }

    fn shell(&mut self) -> Result<&mut Shell, Failure> {
        self.shell.as_mut().ok_or(Failure::NoMemory { bytes: 0 })
    }

    /// Runs the guest until it returns, serving its host calls.
    fn run_to_return(
        &mut self,
        host: &mut dyn HostCalls,
        watch: &Watch<'_>,
        answer: &mut Vec<u8>,
    ) -> Result<(), Exit> {
        let layout = Arc::clone(&self.layout);
        let mut host_answer = Vec::new();
        loop {
            if watch.must_stop() {
                return Err(Exit::Stopped);
            }
            let shell = self.shell().map_err(host_failure)?;
            match shell.vcpu.run(&shell.memory) {
                Left::Return(len) => return shell.take_output(&layout, len, answer).map_err(Exit::Faulted),
                Left::HostCall(len) => {
                    shell.take_output(&layout, len, answer).map_err(Exit::Faulted)?;
                    host_answer.clear();
                    host.serve(answer, &mut host_answer).map_err(Exit::Faulted)?;
                    shell.put_frame(&layout, &host_answer).map_err(host_failure)?;
                }
                Left::Abort(len) => {
                    let len = len.min(MAX_ABORT_MESSAGE);
                    shell.take_output(&layout, len, answer).map_err(Exit::Faulted)?;
                    return Err(Exit::Aborted(String::from_utf8_lossy(answer).into_owned()));
                }
                Left::Fault(fault) => return Err(Exit::Faulted(format!("it caused a {fault}"))),
                Left::Interrupted => {}
                Left::Unexpected(what) => return Err(Exit::Faulted(what)),
            }
        }
    }

    /// Starts the guest and waits until it is ready for its first request.
    pub(super) fn boot(&mut self, watch: &Watch<'_>, answer: &mut Vec<u8>) -> Result<(), Exit> {
        self.shell().and_then(Shell::put_time).map_err(host_failure)?;
        self.finish(|machine| machine.run_to_return(&mut crate::vmm::NoHostCalls, watch, answer))
    }

    /// Keeps the condition that a run leaves the machine in.
    fn finish(&mut self, run: impl FnOnce(&mut Self) -> Result<(), Exit>) -> Result<(), Exit> {
        // Should it unwind, the guest is in the middle of something.
        self.condition = Condition::Stopped;
        let ended = run(self);
        self.condition = match &ended {
            Ok(()) | Err(Exit::TooLarge { .. }) => Condition::Waiting,
            Err(Exit::Stopped | Exit::Aborted(_)) => Condition::Stopped,
            Err(Exit::Faulted(_) | Exit::Host(_)) => Condition::Broken,
        };
        ended
    }

    fn restore_state(&mut self, state: &Arc<State>) -> Result<(), Failure> {
        if self.condition == Condition::Broken || self.shell.is_none() {
            if let Some(broken) = self.shell.take() {
                self.pool.discard(broken);
            }
            self.based_on = None;
            self.shell = Some(self.pool.take_holding(state)?);
            self.based_on = Some(Arc::clone(state));
            self.layout = Arc::clone(&state.layout);
        }
        let stopped = self.condition == Condition::Stopped;
        let based_on_it = self.based_on.as_ref().is_some_and(|base| Arc::ptr_eq(base, state));
        let pool = Arc::clone(&self.pool);
        let shell = self.shell()?;
        if stopped {
            shell.vcpu.drop_pending_events()?;
        }
        if based_on_it {
            state.copy_back(&mut shell.memory, pool.scan(), &mut shell.working_set)?;
        } else {
            // Should this fail half way, nothing may take the memory for either.
            self.based_on = None;
            self.condition = Condition::Broken;
            let shell = self.shell()?;
            state.map_into(&mut shell.memory)?;
            shell.working_set = WorkingSet::new();
            self.based_on = Some(Arc::clone(state));
            self.layout = Arc::clone(&state.layout);
        }
        self.shell()?.vcpu.load(&state.registers);
        self.shell()?.seed()?;
        self.condition = Condition::Waiting;
        Ok(())
    }
}

impl Machine for KvmMachine {
    fn run(
        &mut self,
        request: &Message<'_>,
        host: &mut dyn HostCalls,
        watch: &Watch<'_>,
        answer: &mut Vec<u8>,
    ) -> Result<(), Exit> {
        if self.condition != Condition::Waiting {
            return Err(Exit::Faulted("it is in the middle of another request".into()));
        }
        let limit = self.layout.frames.input;
        let bytes = request.encoded_len().unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(Exit::TooLarge { bytes, limit });
        }
        let layout = Arc::clone(&self.layout);
        self.shell().and_then(|shell| shell.put_message(&layout, request)).map_err(host_failure)?;
        self.finish(|machine| machine.run_to_return(host, watch, answer))?;
        if let (Some(base), Some(shell)) = (&self.based_on, &self.shell) {
            // Only makes later sandboxes quicker.
            let _ = base.observe(&shell.memory, self.pool.scan());
        }
        Ok(())
    }

    fn snapshot(&mut self) -> Result<MachineSnapshot, Error> {
        if self.condition != Condition::Waiting {
            return Err(Error::internal("a guest in the middle of a request cannot be captured"));
        }
        let layout = Arc::clone(&self.layout);
        let scan = Arc::clone(&self.pool);
        let based_on = self.based_on.clone();
        let shell = self.shell()?;
        let registers = shell.vcpu.save()?;
        let state = State::capture(&shell.memory, layout, registers, based_on.as_deref(), scan.scan())?;
        Ok(MachineSnapshot::new(Arc::new(state)))
    }

    fn restore(&mut self, snapshot: &MachineSnapshot) -> Result<(), Error> {
        let state = snapshot.downcast::<State>()?;
        let restored = self.restore_state(&state);
        if restored.is_err() {
            self.condition = Condition::Broken;
        }
        Ok(restored?)
    }

    fn limits(&self) -> FrameLimits {
        self.layout.frames
    }

    fn kick(&self) -> Kick {
        Kick::Signal
    }
}

impl Drop for KvmMachine {
    fn drop(&mut self) {
        if let Some(shell) = self.shell.take() {
            if self.condition == Condition::Broken {
                self.pool.discard(shell);
                return;
            }
            self.pool.recycle(shell, self.based_on.take());
        }
    }
}

fn host_failure(failure: Failure) -> Exit {
    Exit::Host(failure.into())
}
