//! The monitors of a call: wall clock, CPU time, and the interrupt handle.
//!
//! One timer serves both clocks. A thread cannot use more CPU time than passes on
//! the wall, so the CPU budget need not be looked at before that much wall time has
//! gone by: the timer is set for whichever of the two could be reached first, and
//! when it fires, what is left of both decides whether the call ends or for when
//! the timer is set next. Time spent waiting therefore burns no CPU budget, and a
//! budget is never overrun unseen.
//!
//! Where a signal to the calling thread makes the machine look at its watch, the
//! timer is that thread's own. Where another thread has to stop the machine, the
//! [`overseer`] is that thread.

mod overseer;

use crate::{
    error::Error,
    interrupt::{CallSlot, InCall},
    stats::Termination,
    sys::{ThreadTimer, kick_this_thread, prepare_thread, take_kick, thread_cpu_time, with_thread_timer},
};
use overseer::Overseen;
pub(crate) use overseer::look_now;
use std::{
    cell::{Cell, RefCell},
    sync::Arc,
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

impl TimeLimits {
    /// When the first of them could be reached, from the start of the call.
    fn first(self) -> Option<Duration> {
        match (self.wall, self.cpu) {
            (Some(wall), Some(cpu)) => Some(wall.min(cpu)),
            (wall, cpu) => wall.or(cpu),
        }
    }

    /// The limits of what follows after this much time.
    pub(crate) fn after(self, wall: Duration, cpu: Duration) -> Self {
        // Nothing left is still a limit.
        let left = |limit: Duration, spent| limit.saturating_sub(spent).max(Duration::from_micros(1));
        Self { wall: self.wall.map(|limit| left(limit, wall)), cpu: self.cpu.map(|limit| left(limit, cpu)) }
    }

    /// What is left after this much time: when the next one could be reached, if any
    /// can, or which one was.
    fn left(self, wall: Duration, cpu: Duration) -> Result<Option<Duration>, Termination> {
        let wall_left = self.wall.map(|limit| limit.checked_sub(wall));
        let cpu_left = self.cpu.map(|limit| limit.checked_sub(cpu));
        match (wall_left, cpu_left) {
            (Some(None), _) => Err(Termination::WallClock),
            (_, Some(None)) => Err(Termination::CpuTime),
            (Some(Some(wall)), Some(Some(cpu))) => Ok(Some(wall.min(cpu))),
            (Some(left), None) | (None, Some(left)) => Ok(left),
            (None, None) => Ok(None),
        }
    }
}

/// Between the end of a call's time and the next look at it.
const TICK: Duration = Duration::from_millis(1);

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
    /// The same call as the overseer sees it, where it is the one that stops it.
    overseen: Option<Arc<Overseen>>,
}

impl<'s> Watch<'s> {
    /// Starts the monitors.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when a monitor cannot start: the call must then not run.
    pub(crate) fn start(call: InCall<'s>, limits: TimeLimits) -> Result<Self, Error> {
        let mut watch = Self {
            call,
            limits,
            cpu_started: thread_cpu_time(),
            started: Instant::now(),
            stopped: Cell::new(None),
            armed: Cell::new(false),
            failed: RefCell::new(None),
            overseen: None,
        };
        let started = watch.start_monitors();
        NESTED.set(NESTED.get() + 1);
        started.map_err(|e| Error::internal("cannot start the monitors of a call").with_source(e))?;
        Ok(watch)
    }

    fn start_monitors(&mut self) -> std::io::Result<()> {
        if self.call.is_stopped_by_call() {
            self.overseen = Some(overseer::oversee(self)?);
            return Ok(());
        }
        // For the interrupt handle too; and each time, as the caller may have blocked the
        // signal since.
        prepare_thread()?;
        self.limits.first().map_or(Ok(()), |after| self.arm(after))
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
        if let Some(overseen) = &self.overseen {
            self.stopped.set(overseen.stopped_by());
            return self.stopped.get().is_some();
        }
        if !take_kick() {
            return false;
        }
        let next = match self.limits.left(self.wall(), self.cpu()) {
            Ok(Some(next)) => next,
            // A kick that was meant for something else.
            Ok(None) => return false,
            Err(reached) => {
                self.stopped.set(Some(reached));
                return true;
            }
        };
        if let Err(error) = self.arm(next) {
            // Without its monitor the call must not go on.
            *self.failed.borrow_mut() = Some(error);
            self.stopped.set(Some(Termination::MonitorFailed));
            return true;
        }
        false
    }

    /// Sleeps until `is_ready`, which is looked at when the call's slot is woken; at most
    /// for `limit`, and until the call must stop.
    pub(crate) fn sleep(&self, limit: Option<Duration>, is_ready: impl Fn() -> bool) {
        // A timer's signal does not end the sleep, so it is not longer than the limit on
        // wall clock time; and a little longer, for the timer to have fired.
        let left = self.limits.wall.map(|wall| wall.saturating_sub(self.wall()) + TICK);
        let limit = [limit, left].into_iter().flatten().min();
        self.call.sleep(limit, is_ready);
    }

    /// The slot of the call.
    pub(crate) fn slot(&self) -> Arc<CallSlot> {
        self.call.slot()
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
        if let Some(overseen) = &self.overseen {
            overseer::forget(overseen);
        }
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
