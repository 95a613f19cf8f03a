//! Stopping a call from another thread.

use crate::sys::KICK;
use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Stops what a sandbox runs, from any thread: [`Sandbox::interrupt_handle`]
/// gives it.
///
/// Cancellation is a level, not an edge: it holds until the call that was running
/// has returned, and never reaches the next one.
///
/// [`Sandbox::interrupt_handle`]: crate::Sandbox::interrupt_handle
#[derive(Debug, Clone)]
pub struct InterruptHandle {
    slot: Arc<CallSlot>,
}

impl InterruptHandle {
    pub(crate) fn new(slot: Arc<CallSlot>) -> Self {
        Self { slot }
    }

    /// Stops the call that runs now, wherever it is: in JavaScript, on its way in
    /// or out, or in a host function (it then ends when that returns). The call
    /// fails with `ERR_CANCELLED` and the sandbox is poisoned.
    ///
    /// Returns whether there was a call to stop. Without one nothing happens, and
    /// a later call is not affected.
    #[expect(clippy::must_use_candidate, reason = "the answer is a courtesy")]
    pub fn kill(&self) -> bool {
        self.slot.kill()
    }
}

/// The call that a sandbox runs, if any.
#[derive(Debug, Default)]
pub(crate) struct CallSlot {
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    /// Valid while this value is in the slot: the thread takes it out itself.
    thread: Pthread,
    killed: bool,
}

impl CallSlot {
    /// Marks a call as running on this thread until the guard is dropped.
    pub(crate) fn enter(&self) -> InCall<'_> {
        *self.lock() = Some(Running { thread: pthread_self(), killed: false });
        InCall { slot: self }
    }

    fn kill(&self) -> bool {
        match &mut *self.lock() {
            Some(running) => {
                running.killed = true;
                // The lock keeps the thread in its call, and so alive. That it
                // exists is all that the call can be wrong about.
                let _ = pthread_kill(running.thread, KICK);
                true
            }
            None => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        // The two fields are always written together, so a panic elsewhere leaves
        // nothing half done.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is running on this thread.
#[derive(Debug)]
pub(crate) struct InCall<'s> {
    slot: &'s CallSlot,
}

impl InCall<'_> {
    /// Whether the call was killed.
    pub(crate) fn killed(&self) -> bool {
        self.slot.lock().as_ref().is_some_and(|running| running.killed)
    }
}

impl Drop for InCall<'_> {
    fn drop(&mut self) {
        *self.slot.lock() = None;
    }
}
