//! The thread that stops calls which no signal stops.
//!
//! There is one for the process, started when it is first needed. It sleeps until
//! the first limit could be reached and looks at the calls that are under way; a
//! call that starts wakes it only when its limit comes before that.

use super::{TimeLimits, Watch};
use crate::{interrupt::CallSlot, stats::Termination, sys::ThreadCpuClock};
use std::{
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How soon a call is told again to stop that has not yet.
const AGAIN: Duration = Duration::from_millis(1);

/// A call under way.
#[derive(Debug)]
pub(super) struct Overseen {
    slot: Arc<CallSlot>,
    limits: TimeLimits,
    started: Instant,
    cpu_started: Duration,
    cpu: ThreadCpuClock,
    /// Which limit was reached: 0 for none, see [`Overseen::stopped_by`].
    reached: AtomicU8,
}

const WALL_CLOCK: u8 = 1;
const CPU_TIME: u8 = 2;

impl Overseen {
    /// The limit that was reached, if one was.
    pub(super) fn stopped_by(&self) -> Option<Termination> {
        match self.reached.load(Ordering::Acquire) {
            WALL_CLOCK => Some(Termination::WallClock),
            CPU_TIME => Some(Termination::CpuTime),
            _ => None,
        }
    }

    /// Stops the call if it is due, and tells when to look again.
    fn look(&self) -> Option<Duration> {
        if self.slot.killed() || self.stopped_by().is_some() {
            self.slot.kick();
            return Some(AGAIN);
        }
        let cpu = self.cpu.now().saturating_sub(self.cpu_started);
        match self.limits.left(self.started.elapsed(), cpu) {
            Ok(next) => next,
            Err(reached) => {
                let reached = if reached == Termination::CpuTime { CPU_TIME } else { WALL_CLOCK };
                self.reached.store(reached, Ordering::Release);
                self.slot.kick();
                Some(AGAIN)
            }
        }
    }
}

#[derive(Debug, Default)]
struct Calls {
    under_way: Vec<Arc<Overseen>>,
    /// When the thread will look again; `None` while it sleeps for good.
    wakes: Option<Instant>,
    /// Whether one was killed since the thread began to look.
    killed: bool,
}

impl Calls {
    /// How long to sleep, or `None` for good, when the first of the calls that were
    /// looked at is due after `next`.
    fn sleep(&self, next: Option<Duration>) -> Option<Duration> {
        if self.killed {
            // Maybe one that had been looked at before.
            return Some(Duration::ZERO);
        }
        // Calls that came meanwhile have not been looked at.
        let unseen = self.under_way.iter().filter_map(|call| call.limits.first()).min();
        [next, unseen].into_iter().flatten().min()
    }
}

#[derive(Debug, Default)]
struct Overseer {
    calls: Mutex<Calls>,
    woken: Condvar,
}

impl Overseer {
    fn calls(&self) -> MutexGuard<'_, Calls> {
        // Calls are pushed and removed whole, so a panic elsewhere leaves the list
        // in order.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) -> ! {
        let mut calls = self.calls();
        loop {
            let under_way = calls.under_way.clone();
            // Nobody need wake a thread that is awake.
            calls.wakes = Some(Instant::now());
            calls.killed = false;
            // Kicking waits for locks that a call takes before this one.
            drop(calls);
            let next = under_way.iter().filter_map(|call| call.look()).min();
            drop(under_way);
            calls = self.calls();
            let sleep = calls.sleep(next);
            calls.wakes = sleep.map(|sleep| Instant::now() + sleep);
            calls = match sleep {
                Some(sleep) => {
                    self.woken.wait_timeout(calls, sleep).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.woken.wait(calls).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

/// The overseer, with its thread.
fn overseer() -> io::Result<&'static Overseer> {
    static OVERSEER: OnceLock<Result<Arc<Overseer>, io::ErrorKind>> = OnceLock::new();
    let overseer = OVERSEER.get_or_init(|| {
        let overseer = Arc::new(Overseer::default());
        let thread = Arc::clone(&overseer);
        let started = thread::Builder::new().name("hypercell-overseer".into()).spawn(move || thread.run());
        started.map(|_| overseer).map_err(|error| error.kind())
    });
    overseer.as_deref().map_err(|kind| io::Error::from(*kind))
}

/// Has a call stopped at its limits, and when it is killed.
///
/// # Errors
/// When there is no thread for it.
pub(super) fn oversee(watch: &Watch<'_>) -> io::Result<Arc<Overseen>> {
    let overseer = overseer()?;
    let call = Arc::new(Overseen {
        slot: watch.call.slot(),
        limits: watch.limits,
        started: watch.started,
        cpu_started: watch.cpu_started,
        cpu: ThreadCpuClock::of_this_thread()?,
        reached: AtomicU8::new(0),
    });
    let mut calls = overseer.calls();
    calls.under_way.push(Arc::clone(&call));
    let first = call.limits.first().map(|first| call.started + first);
    let too_late = match (first, calls.wakes) {
        (Some(first), Some(wakes)) => first < wakes,
        (first, None) => first.is_some(),
        (None, _) => false,
    };
    if too_late {
        calls.wakes = first;
        overseer.woken.notify_one();
    }
    Ok(call)
}

/// Forgets a call that has ended.
pub(super) fn forget(call: &Arc<Overseen>) {
    if let Ok(overseer) = overseer() {
        overseer.calls().under_way.retain(|other| !Arc::ptr_eq(other, call));
    }
}

/// Has the calls looked at now: one was killed.
pub(crate) fn look_now() {
    if let Ok(overseer) = overseer() {
        let mut calls = overseer.calls();
        calls.wakes = Some(Instant::now());
        // It may be looking, and not be woken by this.
        calls.killed = true;
        overseer.woken.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_while_the_thread_looks_keeps_it_from_sleeping() {
        let limit = Some(Duration::from_secs(5));
        let mut calls = Calls::default();
        assert_eq!(calls.sleep(limit), limit);
        assert_eq!(calls.sleep(None), None);

        calls.killed = true;

        assert_eq!(calls.sleep(limit), Some(Duration::ZERO));
        assert_eq!(calls.sleep(None), Some(Duration::ZERO));
    }
}
