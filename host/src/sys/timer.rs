//! A POSIX timer per thread that kicks its own thread.
//!
//! Setting it costs one system call and nothing is allocated, spawned or locked
//! for a call (timer_create(2), `SIGEV_THREAD_ID`).
#![expect(unsafe_code, reason = "asks for the number of a thread's clock")]

use super::{KICK, prepare_thread};
use nix::{
    sys::{
        signal::{SigEvent, SigevNotify},
        timer::{Expiration, Timer, TimerSetTimeFlags},
    },
    time::{ClockId, clock_gettime},
    unistd::gettid,
};
use std::{cell::RefCell, io, time::Duration};

/// The timer of one thread.
#[derive(Debug)]
pub(crate) struct ThreadTimer(Timer);

impl ThreadTimer {
    fn create() -> io::Result<Self> {
        prepare_thread()?;
        let notify = SigevNotify::SigevThreadId { signal: KICK, thread_id: gettid().as_raw(), si_value: 0 };
        Ok(Self(Timer::new(ClockId::CLOCK_MONOTONIC, SigEvent::new(notify))?))
    }

    /// Kicks the thread once, `after` from now. Replaces an earlier setting.
    pub(crate) fn set(&mut self, after: Duration) -> io::Result<()> {
        // Zero would disarm it.
        let after = after.max(Duration::from_nanos(1));
        self.0.set(Expiration::OneShot(after.into()), TimerSetTimeFlags::empty())?;
        Ok(())
    }

    /// Forgets the setting. A kick that is already under way may still arrive.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.0.set(Expiration::OneShot(Duration::ZERO.into()), TimerSetTimeFlags::empty())?;
        Ok(())
    }
}

thread_local! {
    static TIMER: RefCell<Option<ThreadTimer>> = const { RefCell::new(None) };
}

/// Uses this thread's timer, which is created when it is first needed and
/// deleted with the thread.
///
/// # Errors
/// When the timer cannot be created, or what `work` returns.
pub(crate) fn with_thread_timer(work: impl FnOnce(&mut ThreadTimer) -> io::Result<()>) -> io::Result<()> {
    TIMER.with(|timer| {
        let mut timer =
            timer.try_borrow_mut().map_err(|_| io::Error::other("the thread's timer is in use"))?;
        match &mut *timer {
            Some(timer) => work(timer),
            none => work(none.insert(ThreadTimer::create()?)),
        }
    })
}

/// The CPU time of one thread, to be read by others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadCpuClock(ClockId);

impl ThreadCpuClock {
    /// The clock of the calling thread.
    pub(crate) fn of_this_thread() -> io::Result<Self> {
        let mut clock = 0;
        // SAFETY: it has no preconditions.
        let this = unsafe { libc::pthread_self() };
        // SAFETY: the thread exists, and the clock's number is written to a variable.
        match unsafe { libc::pthread_getcpuclockid(this, &raw mut clock) } {
            0 => Ok(Self(ClockId::from_raw(clock))),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }

    /// CPU time that the thread has used, zero once it is gone.
    pub(crate) fn now(self) -> Duration {
        clock_gettime(self.0).map_or(Duration::ZERO, Duration::from)
    }
}

/// CPU time that this thread has used, in user and kernel mode.
pub(crate) fn thread_cpu_time() -> Duration {
    // The clock exists on every Linux, so the call cannot fail.
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}
