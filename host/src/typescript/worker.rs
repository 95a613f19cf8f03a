//! The thread that a source is parsed on.

use super::{
    Refusal,
    limits::{MAX_WORKERS, STACK},
    strip, survey,
};
use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, Once, PoisonError},
    thread,
};

/// How many threads parse now.
static WORKERS: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();
static QUIET: Once = Once::new();

thread_local! {
    static PARSING: Cell<bool> = const { Cell::new(false) };
}

/// Surveys and strips a source on a thread of its own, which ends with it: its stack and the
/// parser's table of names go with the thread.
pub(super) fn run(source: &str) -> Result<String, Refusal> {
    let _turn = Turn::take();
    thread::scope(|scope| {
        let worker = thread::Builder::new()
            .name("hypercell-types".into())
            .stack_size(STACK)
            .spawn_scoped(scope, || contained(source));
        match worker {
            // What a panic said stays in here: it may quote the host's own state.
            Ok(worker) => worker.join().unwrap_or_else(|_| Err(panicked())),
            Err(error) => Err(Refusal::new(0, format!("no thread to parse the source on: {error}"))),
        }
    })
}

fn contained(source: &str) -> Result<String, Refusal> {
    quiet();
    catch_unwind(AssertUnwindSafe(|| {
        survey::survey(source)?;
        strip::strip(source)
    }))
    .unwrap_or_else(|_| Err(panicked()))
}

fn panicked() -> Refusal {
    Refusal::new(0, "the parser of TypeScript failed on this source: write it as JavaScript")
}

/// Keeps the panic hook from telling of this thread's panics, which are answers to hostile text.
/// All others are told to the hook that there was.
fn quiet() {
    QUIET.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // A thread that is ending has no such variable any more, and is not parsing.
            if !PARSING.try_with(Cell::get).unwrap_or(false) {
                hook(info);
            }
        }));
    });
    PARSING.set(true);
}

/// The right to have a thread, which bounds the memory of all of them.
struct Turn;

impl Turn {
    fn take() -> Self {
        // The count is written in one go, so a panic elsewhere leaves it right.
        let workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut workers = FREED
            .wait_while(workers, |workers| *workers >= MAX_WORKERS)
            .unwrap_or_else(PoisonError::into_inner);
        *workers = workers.saturating_add(1);
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
        *workers = workers.saturating_sub(1);
        FREED.notify_one();
    }
}
