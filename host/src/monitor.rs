//! The monitors of a call: wall clock, CPU time, and the interrupt handle.
//!
//! One timer of the calling thread serves both clocks. A thread cannot use more
//! CPU time than passes on the wall, so the CPU budget need not be looked at
//! before that much wall time has gone by: the timer is set for whichever of the
//! two could be reached first, and when it fires, what is left of both decides
//! whether the call ends or for when the timer is set next. Time spent waiting
//! therefore burns no CPU budget, and a budget is never overrun unseen.

use crate::{
    error::Error,
    interrupt::InCall,
    stats::Termination,
    sys::{ThreadTimer, kick_this_thread, prepare_thread, take_kick, thread_cpu_time, with_thread_timer},
};
use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

/// The limits of one call on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// Wall clock time, if limited.
    pub(crate) wall: Option<Duration>,
    /// CPU time of the calling thread, if limited.
    pub(crate) cpu: Option<Duration>,
}

thread_local! {
    /// Calls that are under way on this thread.
    static NESTED: Cell<usize> = const { Cell::new(0) };
}

/// Watches one call. Dropping it stops the monitors.
#[derive(Debug)]
pub(crate) struct Watch<'s> {
    call: InCall<'s>,
    limits: TimeLimits,
    started: Instant,
    cpu_started: Duration,
    /// Why the call was told to stop, once it was.
    stopped: Cell<Option<Termination>>,
    armed: Cell<bool>,
    /// Why the timer could not be set again while the call ran.
    failed: RefCell<Option<std::io::Error>>,
}

impl<'s> Watch<'s> {
    /// Starts the monitors.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when a monitor cannot start: the call must then not run.
    pub(crate) fn start(call: InCall<'s>, limits: TimeLimits) -> Result<Self, Error> {
        let watch = Self {
            call,
            limits,
            cpu_started: thread_cpu_time(),
            started: Instant::now(),
            stopped: Cell::new(None),
            armed: Cell::new(false),
            failed: RefCell::new(None),
        };
        let first = match (limits.wall, limits.cpu) {
            (Some(wall), Some(cpu)) => Some(wall.min(cpu)),
            (wall, cpu) => wall.or(cpu),
        };
        let started = match first {
            Some(after) => watch.arm(after),
            // The interrupt handle needs the signal even without a time limit.
            None => prepare_thread(),
        };
        NESTED.set(NESTED.get() + 1);
        started.map_err(|e| Error::internal("cannot start the monitors of a call").with_source(e))?;
        Ok(watch)
    }

    fn arm(&self, after: Duration) -> std::io::Result<()> {
        self.armed.set(true);
        with_thread_timer(|timer| timer.set(after))
    }

    /// Whether the call must stop now. Called before each entry into the guest and
    /// after each kick; sets the timer again when it fired too early for either
    /// limit.
    pub(crate) fn must_stop(&self) -> bool {
        if self.stopped.get().is_some() {
            return true;
        }
        if self.call.killed() {
            self.stopped.set(Some(Termination::Killed));
            return true;
        }
        if !take_kick() {
            return false;
        }
        let wall_left = self.limits.wall.map(|limit| limit.checked_sub(self.wall()));
        let cpu_left = self.limits.cpu.map(|limit| limit.checked_sub(self.cpu()));
        let next = match (wall_left, cpu_left) {
            (Some(None), _) => {
                self.stopped.set(Some(Termination::WallClock));
                return true;
            }
            (_, Some(None)) => {
                self.stopped.set(Some(Termination::CpuTime));
                return true;
            }
            (Some(Some(wall)), Some(Some(cpu))) => wall.min(cpu),
            (Some(Some(left)), None) | (None, Some(Some(left))) => left,
            // A kick that was meant for something else.
            (None, None) => return false,
        };
        if let Err(error) = self.arm(next) {
            // Without its monitor the call must not go on.
            *self.failed.borrow_mut() = Some(error);
            self.stopped.set(Some(Termination::MonitorFailed));
            return true;
        }
        false
    }

    /// Wall clock time since the start.
    pub(crate) fn wall(&self) -> Duration {
        self.started.elapsed()
    }

    /// CPU time since the start.
    pub(crate) fn cpu(&self) -> Duration {
        thread_cpu_time().saturating_sub(self.cpu_started)
    }

    /// Why the call was stopped, if it was.
    pub(crate) fn stopped_by(&self) -> Option<Termination> {
        self.stopped.get()
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        NESTED.set(NESTED.get().saturating_sub(1));
        if NESTED.get() > 0 {
            // A host function used another sandbox: the call around it must look at
            // its own limits, and set the timer for them again.
            kick_this_thread();
        }
        if self.armed.get() {
            // A timer that cannot be cleared kicks this thread once more, later,
            // which nothing minds.
            let _ = with_thread_timer(ThreadTimer::clear);
        }
    }
}
