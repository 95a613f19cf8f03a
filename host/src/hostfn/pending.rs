//! The asynchronous host functions that one call started.

use super::{error::HostError, typed::Started};
use crate::{interrupt::CallSlot, monitor::Watch, runtime::Runtime, unwinding::unwinding, value::Payload};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::task::AbortHandle;

/// How a function ended.
pub(super) type Outcome = Result<Payload, HostError>;

/// Functions that ended, in the order in which they did.
#[derive(Debug, Default)]
struct Ended {
    outcomes: Mutex<VecDeque<(u64, Outcome)>>,
}

impl Ended {
    fn outcomes(&self) -> MutexGuard<'_, VecDeque<(u64, Outcome)>> {
        // Entries are pushed and taken whole.
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has(&self, number: u64) -> bool {
        self.outcomes().iter().any(|(ended, _)| *ended == number)
    }

    fn take(&self, number: u64) -> Option<Outcome> {
        let mut outcomes = self.outcomes();
        let at = outcomes.iter().position(|(ended, _)| *ended == number)?;
        outcomes.remove(at).map(|(_, outcome)| outcome)
    }
}

/// A function that runs.
#[derive(Debug)]
struct Running {
    task: AbortHandle,
    /// Bytes of its arguments, which its future may hold.
    bytes: usize,
}

/// What a call has under way. Dropping it drops the futures.
pub(super) struct Pending {
    runtime: Arc<Runtime>,
    /// Made when it is first needed: most calls start none.
    ended: Option<Arc<Ended>>,
    running: HashMap<u64, Running>,
    bytes: usize,
    /// Most functions at a time, and most bytes of their arguments.
    limits: (usize, usize),
}

impl Pending {
    pub(super) fn new(runtime: Arc<Runtime>, limits: (usize, usize)) -> Self {
        Self { runtime, ended: None, running: HashMap::new(), bytes: 0, limits }
    }

    /// Whether another function with arguments of so many bytes may start.
    pub(super) fn check(&self, bytes: usize) -> Result<(), HostError> {
        let (functions, most) = self.limits;
        let refuse = |message: String| Err(HostError::new(message).with_code("ERR_LIMIT"));
        if self.running.len() >= functions {
            return refuse(format!(
                "this call has {functions} asynchronous host functions under way, its limit"
            ));
        }
        if self.bytes.saturating_add(bytes) > most {
            return refuse(format!(
                "the arguments of the asynchronous host functions under way have {} bytes, and {bytes} more \
                 are above the limit of {most}",
                self.bytes
            ));
        }
        Ok(())
    }

    /// Whether a function of this number runs.
    pub(super) fn has(&self, number: u64) -> bool {
        self.running.contains_key(&number)
    }

    /// Runs a function that was started by the call in `slot`.
    pub(super) fn run(
        &mut self,
        number: u64,
        (target, bytes): (&str, usize),
        future: Started,
        slot: Arc<CallSlot>,
    ) -> Result<(), HostError> {
        let ended = Arc::clone(self.ended.get_or_insert_default());
        let target = target.to_owned();
        let task = self.runtime.spawn(async move {
            let outcome = unwinding(future).await.unwrap_or_else(|| Err(panicked(&target)));
            ended.outcomes().push_back((number, outcome));
            slot.wake();
        });
        let task = task.map_err(|error| HostError::new(error.to_string()))?;
        self.bytes = self.bytes.saturating_add(bytes);
        self.running.insert(number, Running { task, bytes });
        Ok(())
    }

    /// Drops the future of a function, if it runs.
    pub(super) fn cancel(&mut self, number: u64) {
        if let Some(running) = self.forget(number) {
            running.task.abort();
        }
    }

    /// Waits until a function has ended, the call must stop, or this much time has
    /// passed, and gives the outcome of the first that ended.
    pub(super) fn wait(&mut self, limit: Option<Duration>, watch: &Watch<'_>) -> Option<(u64, Outcome)> {
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        while !watch.must_stop() {
            if let Some(ended) = self.take_ended() {
                return Some(ended);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return None;
            }
            let ended = self.ended.as_ref();
            watch.sleep(left, || ended.is_some_and(|ended| !ended.outcomes().is_empty()));
        }
        None
    }

    /// Waits until the function of this number has ended, or the call must stop.
    pub(super) fn wait_for(&mut self, number: u64, watch: &Watch<'_>) -> Option<Outcome> {
        while !watch.must_stop() {
            if let Some(outcome) = self.ended.as_ref().and_then(|ended| ended.take(number)) {
                self.forget(number);
                return Some(outcome);
            }
            let ended = self.ended.as_ref();
            watch.sleep(None, || ended.is_some_and(|ended| ended.has(number)));
        }
        self.cancel(number);
        None
    }

    /// The first function that ended and was not cancelled.
    fn take_ended(&mut self) -> Option<(u64, Outcome)> {
        loop {
            let (number, outcome) = self.ended.as_ref()?.outcomes().pop_front()?;
            if self.forget(number).is_some() {
                return Some((number, outcome));
            }
        }
    }

    fn forget(&mut self, number: u64) -> Option<Running> {
        let running = self.running.remove(&number)?;
        self.bytes = self.bytes.saturating_sub(running.bytes);
        Some(running)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        for running in self.running.values() {
            running.task.abort();
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("running", &self.running.keys()).finish_non_exhaustive()
    }
}

/// What guest code learns of a panic: what that says may speak of the host, and stays here.
pub(super) fn panicked(target: &str) -> HostError {
    let name = target.trim_start_matches('\0').replace('\0', ".");
    HostError::new(format!("the host function {name} failed")).with_code("ERR_HOST_PANIC")
}
