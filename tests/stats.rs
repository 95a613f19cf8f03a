//! What the last call cost is known, also when it failed, and what the options of
//! a call ask for is done.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, CallStats, ErrorKind, HostModule, Termination};
use hypercell_tests::{engine, fails, sandbox};
use serde_json::Value;
use std::time::Duration;

#[test]
fn stats_before_the_first_call_are_zeros() {
    let Some(sandbox) = sandbox() else { return };

    assert_eq!(sandbox.stats(), CallStats::default());
}

#[test]
fn stats_after_a_call_tell_what_it_cost() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("host").function("nothing", || ());
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    sandbox
        .add_handler(
            "work",
            "import { nothing } from 'host:host';
             const handler = n => { for (let i = 0; i < n; i++) nothing(); return 'x'.repeat(1 << 20).length }",
        )
        .unwrap();

    sandbox.call::<Value>("work", &3).unwrap();

    let stats = sandbox.stats();
    assert_eq!((stats.host_calls, stats.terminated_by), (3, None));
    assert!(stats.wall > Duration::ZERO && stats.cpu > Duration::ZERO);
    assert!(stats.peak_heap_bytes > 1 << 20, "{stats:?}");
    sandbox.call::<Value>("work", &0).unwrap();
    assert_eq!(sandbox.stats().host_calls, 0, "each call counts anew");
}

#[test]
fn stats_after_an_exception_tell_what_the_call_cost() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("host").function("nothing", || ());
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();

    let source = "import { nothing } from 'host:host'; nothing(); nothing(); throw new Error('x')";
    fails(sandbox.eval::<Value>(source), ErrorKind::Js);

    let stats = sandbox.stats();
    assert_eq!((stats.host_calls, stats.terminated_by), (2, None));
    assert!(stats.wall > Duration::ZERO && stats.peak_heap_bytes > 0);
}

#[test]
fn stats_after_a_limit_tell_which_one_it_was() {
    let Some(mut sandbox) = sandbox() else { return };
    let (short, long) = (Duration::from_millis(20), Duration::from_secs(60));

    for (options, by, name) in [
        (CallOptions::new().wall(short).cpu(long), Termination::WallClock, "wall-clock"),
        (CallOptions::new().wall(long).cpu(short), Termination::CpuTime, "cpu-time"),
    ] {
        fails(sandbox.eval_with::<Value>("for (;;);", &options), ErrorKind::Cancelled);

        let stats = sandbox.stats();
        assert_eq!(stats.terminated_by, Some(by));
        assert_eq!(by.to_string(), name);
        assert!(stats.wall >= short);
        sandbox.unload().unwrap();
    }
}

/// Leaves a cycle behind that only a collection frees, and then looks for it.
const GARBAGE: &str = "
    let last;
    function handler() {
        const found = last?.deref() !== undefined;
        const cycle = {};
        cycle.itself = cycle;
        last = new WeakRef(cycle);
        return found;
    }";

#[test]
fn garbage_goes_after_each_call() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("litter", GARBAGE).unwrap();

    for _ in 0..3 {
        assert!(!sandbox.call::<bool>("litter", &()).unwrap());
    }
}

#[test]
fn garbage_stays_where_the_options_say_so() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("litter", GARBAGE).unwrap();
    let options = CallOptions::new().without_gc();

    sandbox.call_with::<bool>("litter", &(), &options).unwrap();

    assert!(sandbox.call_with::<bool>("litter", &(), &options).unwrap());
}
