//! Timers and waiting: the guest sleeps, and nothing of a call outlives it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, Limits, Termination};
use hypercell_tests::{engine, fails, sandbox, says, throws, works};
use serde_json::{Value, json};
use std::{thread, time::Duration};

const WAITS: &str =
    "export const handler = ms => new Promise(resolve => setTimeout(() => resolve('awake'), ms))";

#[test]
fn timers_run_in_order_and_the_result_is_awaited() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "
        const order = [];
        setTimeout(() => order.push('second'), 4);
        setTimeout(() => order.push('first'), 1);
        queueMicrotask(() => order.push('job'));
        await new Promise(resolve => setTimeout(resolve, 8));
        export default order";
    assert_eq!(sandbox.eval::<Value>(source).unwrap(), Some(json!(["job", "first", "second"])));
}

#[test]
fn waiting_costs_wall_time_and_no_cpu_time() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("wait", WAITS).unwrap();
    // Less CPU time than wall time: a guest that span would be stopped.
    let options = CallOptions::new().cpu(Duration::from_millis(60)).wall(Duration::from_secs(30));

    let said: String = sandbox.call_with("wait", &300, &options).unwrap();

    assert_eq!(said, "awake");
    let stats = sandbox.stats();
    assert!(stats.wall >= Duration::from_millis(300), "{stats:?}");
}

#[test]
fn a_limit_on_wall_clock_time_ends_a_wait() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("wait", WAITS).unwrap();
    let fresh = sandbox.snapshot().unwrap();

    let options = CallOptions::new().wall(Duration::from_millis(50));
    fails(sandbox.call_with::<Value>("wait", &3_600_000, &options), ErrorKind::Cancelled);

    assert_eq!(sandbox.stats().terminated_by, Some(Termination::WallClock));
    sandbox.restore(&fresh).unwrap();
    assert_eq!(sandbox.call::<String>("wait", &1).unwrap(), "awake");
}

#[test]
fn a_kill_ends_a_wait() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("wait", WAITS).unwrap();
    let handle = sandbox.interrupt_handle();
    let killer = thread::spawn(move || {
        while !handle.kill() {
            thread::yield_now();
        }
    });

    let options = CallOptions::new().wall(Duration::from_secs(3000));
    fails(sandbox.call_with::<Value>("wait", &2_000_000, &options), ErrorKind::Cancelled);

    assert_eq!(sandbox.stats().terminated_by, Some(Termination::Killed));
    killer.join().unwrap();
    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn a_callback_that_throws_fails_the_call() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "setTimeout(function late() { throw new TypeError('in a callback') }, 1); await new Promise(() => {})";

    let error = throws(sandbox.eval::<Value>(source));

    assert_eq!((error.name.as_str(), error.message.as_str()), ("TypeError", "in a callback"));
    says(&error.stack, &["late"]);
    works(&mut sandbox);
}

#[test]
fn timers_end_with_their_call_and_are_in_no_snapshot() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "globalThis.ran = 0; setInterval(() => ran++, 1); export default 'done'";
    assert_eq!(sandbox.eval::<String>(source).unwrap().unwrap(), "done");
    let mut copy = sandbox.snapshot().unwrap().spawn().unwrap();

    let later = "await new Promise(resolve => setTimeout(resolve, 10)); export default ran";
    for sandbox in [&mut sandbox, &mut copy] {
        assert_eq!(sandbox.eval::<u32>(later).unwrap(), Some(0));
    }
}

#[test]
fn the_number_of_timers_is_limited() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().limits(Limits::default().timers(3)).build().unwrap();
    let source = "
        let set = 0;
        try { for (;;) { setTimeout(() => {}, 1); set++ } } catch (error) { globalThis.name = error.name }
        export default [set, name]";
    assert_eq!(sandbox.eval::<Value>(source).unwrap(), Some(json!([3, "QuotaExceededError"])));
}
