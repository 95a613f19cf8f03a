//! A thread's signal mask is its own affair, and does not keep a call from being
//! stopped.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(unsafe_code, reason = "blocks signals")]

use hypercell::{CallOptions, ErrorKind};
use hypercell_tests::{fails, sandbox, works};
use serde_json::Value;
use std::{mem::MaybeUninit, ptr, thread, time::Duration};

const ENDLESS: &str = "for (;;);";

/// Blocks every signal that can be blocked on this thread.
fn block_all_signals() {
    let mut signals = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the set is written to.
    unsafe { libc::sigfillset(signals.as_mut_ptr()) };
    // SAFETY: it is initialised by now, and nothing is asked for.
    let blocked = unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, signals.as_ptr(), ptr::null_mut()) };
    assert_eq!(blocked, 0);
}

fn on_a_thread_of_its_own(test: impl FnOnce() + Send + 'static) {
    thread::spawn(test).join().unwrap();
}

#[test]
fn limits_hold_on_a_thread_that_blocks_all_signals() {
    on_a_thread_of_its_own(|| {
        block_all_signals();
        let Some(mut sandbox) = sandbox() else { return };
        let options = CallOptions::new().wall(Duration::from_millis(20));

        fails(sandbox.eval_with::<Value>(ENDLESS, &options), ErrorKind::Cancelled);
        sandbox.unload().unwrap();
        // After it was used, too.
        block_all_signals();
        fails(sandbox.eval_with::<Value>(ENDLESS, &options), ErrorKind::Cancelled);

        sandbox.unload().unwrap();
        works(&mut sandbox);
    });
}

#[test]
fn a_kill_reaches_a_thread_that_blocks_all_signals() {
    on_a_thread_of_its_own(|| {
        let Some(mut sandbox) = sandbox() else { return };
        works(&mut sandbox);
        block_all_signals();
        let handle = sandbox.interrupt_handle();
        let killer = thread::spawn(move || {
            while !handle.kill() {
                thread::yield_now();
            }
        });

        fails(sandbox.eval::<Value>(ENDLESS), ErrorKind::Cancelled);

        killer.join().unwrap();
    });
}
