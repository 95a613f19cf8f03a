//! Stopping a call from another thread.

use crate::{monitor, sys::KICK};
use nix::sys::pthread::{Pthread, pthread_kill, pthread_self};
use std::{
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

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
    /// Wakes the call when it sleeps in the host.
    woken: Condvar,
}

/// How a machine is made to leave its guest from outside.
#[derive(Clone)]
pub(crate) enum Kick {
    /// By a signal to the thread that runs it. The machine looks at its watch then.
    Signal,
    /// By calling this, which ends the request. It may have no effect while the
    /// request is just beginning, and must have none after it has ended.
    #[cfg_attr(not(feature = "hyperlight"), expect(dead_code, reason = "no other VMM needs it"))]
    Call(Arc<dyn Fn() + Send + Sync>),
}

impl fmt::Debug for Kick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signal => "Signal",
            Self::Call(_) => "Call",
        })
    }
}

#[derive(Debug)]
struct Running {
    /// Valid while this value is in the slot: the thread takes it out itself.
    thread: Pthread,
    kick: Kick,
    killed: bool,
}

impl Running {
    fn kick(&self) {
        match &self.kick {
            // The lock keeps the thread in its call, and so alive. That it exists is
            // all that the call can be wrong about.
            Kick::Signal => drop(pthread_kill(self.thread, KICK)),
            Kick::Call(kick) => kick(),
        }
    }
}

impl CallSlot {
    /// Marks a call as running on this thread until the guard is dropped.
    pub(crate) fn enter(self: &Arc<Self>, kick: Kick) -> InCall<'_> {
        *self.lock() = Some(Running { thread: pthread_self(), kick, killed: false });
        InCall { slot: self }
    }

    fn kill(&self) -> bool {
        let mut slot = self.lock();
        let Some(running) = &mut *slot else { return false };
        running.killed = true;
        running.kick();
        let is_once = matches!(running.kick, Kick::Call(_));
        drop(slot);
        self.woken.notify_all();
        if is_once {
            // It may have come too early: the overseer repeats it.
            monitor::look_now();
        }
        true
    }

    /// Wakes the call if it sleeps: what it waits for may be there.
    pub(crate) fn wake(&self) {
        // Who holds the lock has not looked yet, or sleeps already.
        drop(self.lock());
        self.woken.notify_all();
    }

    /// Makes the machine leave its guest, if a call runs.
    pub(crate) fn kick(&self) {
        // The lock keeps the call from ending, so that no later one is meant.
        if let Some(running) = &*self.lock() {
            running.kick();
        }
    }

    /// Whether the call that runs was killed.
    pub(crate) fn killed(&self) -> bool {
        self.lock().as_ref().is_some_and(|running| running.killed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        // The fields are always written together, so a panic elsewhere leaves
        // nothing half done.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is running on this thread.
#[derive(Debug)]
pub(crate) struct InCall<'s> {
    slot: &'s Arc<CallSlot>,
}

impl InCall<'_> {
    /// Whether the call was killed.
    pub(crate) fn killed(&self) -> bool {
        self.slot.killed()
    }

    /// Sleeps until `is_ready`, which is looked at when the slot is woken, the call is
    /// killed, or this much time has passed.
    pub(crate) fn sleep(&self, limit: Option<Duration>, is_ready: impl Fn() -> bool) {
        let is_over = |running: &mut Option<Running>| {
            is_ready() || running.as_ref().is_none_or(|running| running.killed)
        };
        let slot = self.slot.lock();
        match limit {
            Some(limit) => drop(self.slot.woken.wait_timeout_while(slot, limit, |running| !is_over(running))),
            None => drop(self.slot.woken.wait_while(slot, |running| !is_over(running))),
        }
    }

    /// The slot that it is in.
    pub(crate) fn slot(&self) -> Arc<CallSlot> {
        Arc::clone(self.slot)
    }

    /// Whether another thread stops it, see [`Kick::Call`].
    pub(crate) fn is_stopped_by_call(&self) -> bool {
        self.slot.lock().as_ref().is_some_and(|running| matches!(running.kick, Kick::Call(_)))
    }
}

impl Drop for InCall<'_> {
    fn drop(&mut self) {
        *self.slot.lock() = None;
    }
}
