//! One KVM guest: carries requests in and answers out, and goes back in time.

use super::{
    failure::Failure,
    layout::{Layout, address},
    shell::{Shell, ShellPool},
    snapshot::State,
    vcpu::Left,
    working_set::WorkingSet,
};
use crate::{
    error::Error,
    monitor::Watch,
    vmm::{Exit, FrameLimits, HostCalls, Machine, MachineSnapshot},
};
use hypercell_common::{
    Message,
    machine::{CONTROL, Control},
};
use rand::RngCore;
use std::{
    mem::{offset_of, size_of},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Longest last words of a guest, in bytes.
const MAX_ABORT_MESSAGE: usize = 4096;

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
        machine.seed()?;
        Ok(machine)
    }

    fn shell(&mut self) -> Result<&mut Shell, Failure> {
        self.shell.as_mut().ok_or(Failure::NoMemory { bytes: 0 })
    }

    /// Gives the guest randomness that no other guest has, nor this one had.
    fn seed(&mut self) -> Result<(), Failure> {
        // The generation is random as well: a count would repeat in machines that are
        // spawned from one snapshot, and the guest would take their seeds for old ones.
        let mut seed = [0u8; size_of::<u64>() + 32];
        rand::rng().fill_bytes(&mut seed);
        let at = address(CONTROL) + offset_of!(Control, entropy_generation);
        self.shell()?.memory.write(at, &seed)
    }

    /// Writes a frame into the input region and tells the guest its length.
    fn put_input(&mut self, len: usize, mut parts: impl FnMut(&mut dyn FnMut(&[u8]))) -> Result<(), Failure> {
        let mut at = address(self.layout.input.start);
        let memory = &mut self.shell()?.memory;
        let mut outcome = Ok(());
        parts(&mut |part| {
            if outcome.is_ok() {
                outcome = memory.write(at, part);
                at += part.len();
            }
        });
        outcome?;
        let field = address(CONTROL) + offset_of!(Control, input_len);
        memory.write(field, &(len as u64).to_le_bytes())
    }

    /// Tells the guest the time. It goes on from there by its own time stamp counter.
    fn put_time(&mut self) -> Result<(), Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall_us = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let field = address(CONTROL) + offset_of!(Control, wall_us);
        self.shell()?.memory.write(field, &wall_us.to_le_bytes())
    }

    /// Copies a frame of `len` bytes out of the output region.
    fn take_output(&mut self, len: u32, into: &mut Vec<u8>) -> Result<(), String> {
        let limit = self.layout.frames.output;
        let len = address(u64::from(len));
        if len > limit {
            return Err(format!("it announced a frame of {len} bytes, and its output region has {limit}"));
        }
        into.clear();
        let start = address(self.layout.output.start);
        let shell = self.shell().map_err(|e| e.to_string())?;
        shell.memory.read_into(start, len, into).map_err(|e| e.to_string())
    }

    /// Runs the guest until it returns, serving its host calls.
    fn run_to_return(
        &mut self,
        host: &mut dyn HostCalls,
        watch: &Watch<'_>,
        answer: &mut Vec<u8>,
    ) -> Result<(), Exit> {
        let mut host_answer = Vec::new();
        loop {
            if watch.must_stop() {
                return Err(Exit::Stopped);
            }
            let shell = self.shell().map_err(host_failure)?;
            match shell.vcpu.run(&shell.memory) {
                Left::Return(len) => return self.take_output(len, answer).map_err(Exit::Faulted),
                Left::HostCall(len) => {
                    self.take_output(len, answer).map_err(Exit::Faulted)?;
                    host_answer.clear();
                    host.serve(answer, &mut host_answer).map_err(Exit::Faulted)?;
                    let put = self.put_input(host_answer.len(), |put| put(&host_answer));
                    put.and_then(|()| self.put_time()).map_err(host_failure)?;
                }
                Left::Abort(len) => {
                    let len = len.min(u32::try_from(MAX_ABORT_MESSAGE).unwrap_or(u32::MAX));
                    self.take_output(len, answer).map_err(Exit::Faulted)?;
                    return Err(Exit::Aborted(String::from_utf8_lossy(answer).into_owned()));
                }
                Left::Fault(fault) => return Err(Exit::Faulted(format!("it caused a {fault}"))),
                Left::Interrupted => {}
                Left::Unexpected(what) => return Err(Exit::Faulted(what)),
            }
        }
    }

    /// Bytes of guest memory.
    pub(super) fn memory_len(&self) -> usize {
        address(self.layout.memory_len())
    }

    /// Starts the guest and waits until it is ready for its first request.
    pub(super) fn boot(&mut self, watch: &Watch<'_>, answer: &mut Vec<u8>) -> Result<(), Exit> {
        self.put_time().map_err(host_failure)?;
        self.finish(|machine| machine.run_to_return(&mut crate::vmm::NoHostCalls, watch, answer))
    }

    /// Keeps the condition that a run leaves the machine in.
    fn finish(&mut self, run: impl FnOnce(&mut Self) -> Result<(), Exit>) -> Result<(), Exit> {
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
            let restored = self.pool.take_restored(state);
            self.based_on = restored.is_some().then(|| Arc::clone(state));
            self.shell = Some(match restored {
                Some(shell) => shell,
                None => self.pool.take(address(state.layout.memory_len()))?,
            });
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
        self.seed()?;
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
        let limit = self.layout.frames.input;
        let bytes = request.encoded_len().unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(Exit::TooLarge { bytes, limit });
        }
        let written = self.put_input(bytes, |put| {
            // The length was checked, which is all that can fail.
            let _ = request.encode(put);
        });
        written.and_then(|()| self.put_time()).map_err(host_failure)?;
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
