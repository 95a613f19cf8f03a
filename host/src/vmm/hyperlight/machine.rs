//! One guest of hyperlight.

use super::{
    bridge::{self, Request},
    clock::{self, Clock},
    failure::{capture_failure, exit},
    geometry::Geometry,
    state::State,
    tables::TableCheck,
};
use crate::{
    error::{Error, ErrorKind},
    interrupt::Kick,
    monitor::Watch,
    sys::let_real_time_signal_through,
    vmm::{Exit, FrameLimits, HostCalls, Machine, MachineSnapshot},
};
use hypercell_common::{
    Message,
    hyperlight::{Entry, GUEST_FUNCTION},
};
use hyperlight_host::{HyperlightError, Sandbox, func::Bytes};
use std::{
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
};
use zerocopy::{FromZeros, IntoBytes};

/// Bytes of a page's number in what host and guest tell each other.
const PAGE_NUMBER: usize = size_of::<u32>();

/// A guest between requests, or after an [`Exit`].
pub(super) struct HyperlightMachine {
    sandbox: Sandbox,
    geometry: Arc<Geometry>,
    clock: Arc<Clock>,
    check: TableCheck,
    kick: Kick,
    /// What goes before each frame; the clock is filled in each time.
    entry: Entry,
    condition: Condition,
    /// The state that nothing has run from yet.
    fresh_from: Option<Arc<State>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Waits for a request.
    Waiting,
    /// Was stopped in the middle of one.
    Stopped,
    /// Left in a way after which the virtual machine is not used again.
    Broken,
}

impl HyperlightMachine {
    /// Takes over a sandbox whose guest waits for a request, in a state or booted.
    pub(super) fn new(
        sandbox: Sandbox,
        geometry: Arc<Geometry>,
        clock: Arc<Clock>,
        state: Option<Arc<State>>,
    ) -> Self {
        let mut machine = Self {
            check: TableCheck::default(),
            kick: Kick::Signal,
            sandbox,
            geometry,
            clock,
            entry: Entry::new_zeroed(),
            condition: Condition::Waiting,
            fresh_from: state,
        };
        machine.adopt();
        machine
    }

    /// Prepares a sandbox that is new to this machine.
    fn adopt(&mut self) {
        self.check = TableCheck::install(&mut self.sandbox, self.geometry.max_mapped_pages);
        let handle = self.sandbox.interrupt_handle();
        self.kick = Kick::Call(Arc::new(move || {
            handle.kill();
        }));
        self.seed();
        self.condition = Condition::Waiting;
    }

    /// Gives the guest fresh random numbers.
    fn seed(&mut self) {
        // Any number but the last one says that the seed is new.
        self.entry.entropy_generation = rand::random();
        self.entry.entropy = rand::random();
    }

    fn run_to_return(
        &mut self,
        request: &Message<'_>,
        bytes: usize,
        host: &mut dyn HostCalls,
        watch: &Watch<'_>,
    ) -> Result<Vec<u8>, Exit> {
        reachable().map_err(Exit::Host)?;
        if watch.must_stop() {
            return Err(Exit::Stopped);
        }
        let fresh_from = self.fresh_from.take();
        let copied = fresh_from.as_ref().and_then(|state| state.copied.get());
        let clock = Arc::clone(&self.clock);
        let fixed = self.entry;
        let entry = |pages: &[u8], wants_pages: bool, into: &mut Vec<u8>| {
            let entry = Entry {
                wall_us: clock::wall_us(),
                tsc_khz: clock.tsc_khz(),
                pages: u32::try_from(pages.len() / PAGE_NUMBER).unwrap_or(0),
                wants_pages: wants_pages.into(),
                ..fixed
            };
            into.extend_from_slice(entry.as_bytes());
            into.extend_from_slice(pages);
        };
        let pages = copied.map_or(&[][..], Vec::as_slice);
        let wants_pages = fresh_from.is_some() && copied.is_none();
        let mut frame = Vec::with_capacity(size_of::<Entry>() + pages.len() + bytes);
        entry(pages, wants_pages, &mut frame);
        let encoded = request.encode(|part| frame.extend_from_slice(part));
        encoded.map_err(|error| Exit::Host(Error::invalid_argument(error.to_string())))?;
        // The guest remembers what it was asked when it entered last.
        let entry = |into: &mut Vec<u8>| entry(&[], wants_pages, into);
        let interrupt = self.sandbox.interrupt_handle();
        let mut lent = Request { host, watch, interrupt: &*interrupt, entry: &entry, failed: None };
        let sandbox = &mut self.sandbox;
        let call = || sandbox.call::<Vec<Bytes>>(GUEST_FUNCTION, frame);
        let returned = contained(|| bridge::during(&mut lent, call));
        match (returned, lent.failed) {
            (_, Some(what)) => Err(Exit::Faulted(what)),
            (Ok(parts), None) => {
                let mut frame = parts.concat();
                if let Some(state) = fresh_from.filter(|_| wants_pages) {
                    state.note_copied(&mut frame);
                }
                Ok(frame)
            }
            (Err(error), None) => {
                // So that the watch says why.
                let _ = watch.must_stop();
                Err(exit(error))
            }
        }
    }
}

/// Sees to it that a guest on this thread can be stopped.
fn reachable() -> Result<(), Error> {
    let_real_time_signal_through()
        .map_err(|error| Error::internal("cannot let a signal through to the thread").with_source(error))
}

impl Machine for HyperlightMachine {
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
        let limit = self.limits().input;
        let bytes = request.encoded_len().unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(Exit::TooLarge { bytes, limit });
        }
        // Should it unwind, the guest is in the middle of something.
        self.condition = Condition::Stopped;
        let returned = self.run_to_return(request, bytes, host, watch);
        self.condition = match &returned {
            Ok(_) => Condition::Waiting,
            Err(Exit::Stopped | Exit::Aborted(_) | Exit::TooLarge { .. }) => Condition::Stopped,
            Err(Exit::Faulted(_) | Exit::Host(_)) => Condition::Broken,
        };
        let limit = self.limits().output;
        let frame = returned?;
        let bytes = frame.len();
        if bytes > limit {
            self.condition = Condition::Broken;
            return Err(Exit::Faulted(format!(
                "it announced a frame of {bytes} bytes, above its output limit of {limit}"
            )));
        }
        *answer = frame;
        Ok(())
    }

    fn snapshot(&mut self) -> Result<MachineSnapshot, Error> {
        if self.condition != Condition::Waiting {
            return Err(Error::internal("a guest in the middle of a request cannot be captured"));
        }
        reachable()?;
        let snapshot = contained(|| self.sandbox.snapshot());
        if snapshot.is_err() || self.check.refused() {
            self.condition = Condition::Broken;
        }
        if self.check.refused() {
            let pages = self.geometry.max_mapped_pages;
            return Err(Error::new(
                ErrorKind::GuestAbort,
                format!("the guest could not be captured: its page tables map more than its {pages} pages"),
            ));
        }
        let snapshot = snapshot.map_err(capture_failure)?;
        Ok(MachineSnapshot::new(Arc::new(State::new(snapshot, Arc::clone(&self.geometry)))))
    }

    fn restore(&mut self, snapshot: &MachineSnapshot) -> Result<(), Error> {
        let state = snapshot.downcast::<State>()?;
        let restored = if self.condition == Condition::Broken {
            Err(HyperlightError::UnrecoverableSandbox)
        } else {
            self.sandbox.restore(Arc::clone(&state.snapshot))
        };
        self.geometry = Arc::clone(&state.geometry);
        self.condition = Condition::Broken;
        if restored.is_err() {
            self.sandbox = state.spawn()?;
            self.adopt();
        }
        self.seed();
        self.fresh_from = Some(state);
        self.condition = Condition::Waiting;
        Ok(())
    }

    fn limits(&self) -> FrameLimits {
        self.geometry.frames()
    }

    fn kick(&self) -> Kick {
        self.kick.clone()
    }
}

/// Runs a guest. hyperlight prints characters that it writes to one port, which its
/// program cannot unless it was taken over; printing panics where standard error is a
/// pipe that nobody reads.
fn contained<T>(run: impl FnOnce() -> Result<T, HyperlightError>) -> Result<T, HyperlightError> {
    // This error is one of those after which the sandbox is not used again.
    panic::catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(HyperlightError::Error("hyperlight panicked".into())))
}

impl fmt::Debug for HyperlightMachine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperlightMachine").field("condition", &self.condition).finish_non_exhaustive()
    }
}
