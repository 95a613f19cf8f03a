//! A snapshot can be returned to from anywhere, as often as wanted, and others
//! can start from it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, HostModule, Limits, Sandbox};
use hypercell_tests::{engine, fails, new_engine, sandbox, says, throws, works};
use serde_json::{Value, json};
use std::{thread, time::Duration};

/// A sandbox with a handler `count` that counts its calls.
fn counting() -> Option<Sandbox> {
    let mut sandbox = sandbox()?;
    sandbox.add_handler("count", "let n = 0; const handler = () => ++n").unwrap();
    Some(sandbox)
}

fn count(sandbox: &mut Sandbox) -> u32 {
    sandbox.call("count", &()).unwrap()
}

fn stop(sandbox: &mut Sandbox) {
    let options = CallOptions::new().wall(Duration::from_millis(20));
    fails(sandbox.eval_with::<Value>("for (;;);", &options), ErrorKind::Cancelled);
}

#[test]
fn a_restore_returns_to_the_state_of_the_snapshot() {
    let Some(mut sandbox) = counting() else { return };
    assert_eq!(count(&mut sandbox), 1);
    let snapshot = sandbox.snapshot().unwrap();

    for _ in 0..10 {
        assert_eq!([count(&mut sandbox), count(&mut sandbox)], [2, 3]);
        sandbox.restore(&snapshot).unwrap();
    }
}

#[test]
fn two_restores_in_a_row_are_one() {
    let Some(mut sandbox) = counting() else { return };
    let snapshot = sandbox.snapshot().unwrap();

    sandbox.restore(&snapshot).unwrap();
    sandbox.restore(&snapshot).unwrap();
    sandbox.restore(&snapshot.clone()).unwrap();

    assert_eq!(count(&mut sandbox), 1);
}

#[test]
fn a_snapshot_does_not_change_what_it_is_taken_of() {
    let Some(mut sandbox) = counting() else { return };

    for n in 1..10 {
        assert_eq!(count(&mut sandbox), n);
        sandbox.snapshot().unwrap();
    }
}

#[test]
fn older_and_newer_snapshots_can_be_returned_to_in_any_order() {
    let Some(mut sandbox) = counting() else { return };
    let snapshots: Vec<_> = (0..5)
        .map(|_| {
            let snapshot = sandbox.snapshot().unwrap();
            count(&mut sandbox);
            snapshot
        })
        .collect();

    for (at, expected) in [(4, 5), (0, 1), (2, 3), (2, 3), (4, 5), (1, 2), (3, 4), (0, 1)] {
        sandbox.restore(snapshots.get(at).unwrap()).unwrap();
        assert_eq!(count(&mut sandbox), expected);
    }
}

#[test]
fn a_snapshot_taken_after_a_restore_is_of_that_state() {
    let Some(mut sandbox) = counting() else { return };
    let first = sandbox.snapshot().unwrap();
    count(&mut sandbox);
    sandbox.restore(&first).unwrap();
    count(&mut sandbox);
    let second = sandbox.snapshot().unwrap();
    drop(first);

    for _ in 0..3 {
        sandbox.restore(&second).unwrap();
        assert_eq!([count(&mut sandbox), count(&mut sandbox)], [2, 3]);
    }
}

#[test]
fn a_restore_makes_a_stopped_sandbox_ready() {
    let Some(mut sandbox) = counting() else { return };
    let snapshot = sandbox.snapshot().unwrap();

    for _ in 0..5 {
        count(&mut sandbox);
        stop(&mut sandbox);
        fails(sandbox.snapshot(), ErrorKind::Poisoned);
        sandbox.restore(&snapshot).unwrap();
        assert_eq!(count(&mut sandbox), 1);
    }
}

#[test]
fn a_restore_frees_a_heap_that_is_full() {
    let Some(mut sandbox) = counting() else { return };
    let snapshot = sandbox.snapshot().unwrap();

    for _ in 0..3 {
        throws(
            sandbox.eval::<Value>("globalThis.kept = []; for (;;) kept.push('x'.repeat(1e4) + kept.length)"),
        );
        sandbox.restore(&snapshot).unwrap();
        assert_eq!(count(&mut sandbox), 1);
        assert_eq!(sandbox.eval::<usize>("export default 'x'.repeat(1e7).length").unwrap(), Some(10_000_000));
        sandbox.restore(&snapshot).unwrap();
    }
}

#[test]
fn a_restore_brings_back_what_was_unloaded() {
    let Some(mut sandbox) = counting() else { return };
    count(&mut sandbox);
    let snapshot = sandbox.snapshot().unwrap();

    sandbox.unload().unwrap();
    fails(sandbox.call::<u32>("count", &()), ErrorKind::InvalidArg);
    sandbox.restore(&snapshot).unwrap();
    assert_eq!(count(&mut sandbox), 2);

    sandbox.unload().unwrap();
    fails(sandbox.call::<u32>("count", &()), ErrorKind::InvalidArg);
    works(&mut sandbox);
}

#[test]
fn handlers_modules_and_globals_are_part_of_it() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("state", "export const seen = []").unwrap();
    sandbox.add_module("unused", "export default 'unused'").unwrap();
    sandbox
        .add_handler("see", "import { seen } from 'user:state'; const handler = x => (seen.push(x), seen)")
        .unwrap();
    sandbox
        .add_handler(
            "seen",
            "import { seen } from 'user:state'; const handler = () => [...seen, globalThis.g]",
        )
        .unwrap();
    sandbox.script::<()>("g = 'global'; let lexical = 'lexical'; undefined").unwrap();
    sandbox.call::<Value>("see", "before").unwrap();
    let snapshot = sandbox.snapshot().unwrap();
    sandbox.call::<Value>("see", "after").unwrap();
    sandbox.remove_handler("seen").unwrap();
    sandbox.script::<()>("delete g; lexical = null; undefined").unwrap();

    sandbox.restore(&snapshot).unwrap();

    for sandbox in [&mut sandbox, &mut snapshot.spawn().unwrap()] {
        assert_eq!(sandbox.call::<Value>("seen", &()).unwrap(), json!(["before", "global"]));
        assert_eq!(sandbox.script::<String>("lexical").unwrap().unwrap(), "lexical");
        assert_eq!(
            sandbox.eval::<String>("export { default } from 'user:unused'").unwrap().unwrap(),
            "unused"
        );
    }
}

#[test]
fn many_sandboxes_start_from_one_snapshot_and_go_their_own_ways() {
    let Some(mut sandbox) = counting() else { return };
    count(&mut sandbox);
    let snapshot = sandbox.snapshot().unwrap();

    let mut spawned: Vec<_> = (0..50).map(|_| snapshot.spawn().unwrap()).collect();

    for (n, sandbox) in spawned.iter_mut().enumerate() {
        for _ in 0..n {
            count(sandbox);
        }
    }
    let counts: Vec<_> = spawned.iter_mut().map(count).collect();
    assert_eq!(counts, (2..52).collect::<Vec<_>>());
    assert_eq!(count(&mut sandbox), 2);
}

#[test]
fn a_snapshot_outlives_its_sandbox_and_its_engine() {
    let Some(engine) = new_engine() else { return };
    let mut sandbox = engine.sandbox().build().unwrap();
    sandbox.add_handler("count", "let n = 0; const handler = () => ++n").unwrap();
    count(&mut sandbox);
    let snapshot = sandbox.snapshot().unwrap();
    drop((sandbox, engine));

    let mut spawned = snapshot.spawn().unwrap();
    drop(snapshot);

    assert_eq!(count(&mut spawned), 2);
    spawned.unload().unwrap();
    works(&mut spawned);
}

#[test]
fn sandboxes_are_spawned_and_restored_on_other_threads() {
    let Some(mut sandbox) = counting() else { return };
    let snapshot = sandbox.snapshot().unwrap();

    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut spawned = snapshot.spawn().unwrap();
                for _ in 0..100 {
                    assert_eq!([count(&mut spawned), count(&mut spawned)], [1, 2]);
                    spawned.restore(&snapshot).unwrap();
                }
            });
        }
    });
}

#[test]
fn a_sandbox_can_return_to_a_snapshot_of_its_sibling() {
    let Some(mut first) = counting() else { return };
    count(&mut first);
    let of_first = first.snapshot().unwrap();
    let Some(mut second) = counting() else { return };
    let of_second = second.snapshot().unwrap();

    for _ in 0..3 {
        second.restore(&of_first).unwrap();
        assert_eq!(count(&mut second), 2);
        second.restore(&of_second).unwrap();
        assert_eq!(count(&mut second), 1);
    }
}

#[test]
fn a_snapshot_can_be_given_other_closures() {
    let Some(engine) = engine() else { return };
    let user = |name: &'static str| {
        engine.sandbox().host_module(HostModule::new("user").function("name", move || name))
    };
    let mut first = user("ada").build().unwrap();
    first
        .add_handler(
            "who",
            "import { name } from 'host:user'; let n = 0; const handler = () => `${name()} ${++n}`",
        )
        .unwrap();
    assert_eq!(first.call::<String>("who", &()).unwrap(), "ada 1");
    let snapshot = first.snapshot().unwrap();

    let mut second = user("bob").build_from(&snapshot).unwrap();

    assert_eq!(second.call::<String>("who", &()).unwrap(), "bob 2");
    assert_eq!(snapshot.spawn().unwrap().call::<String>("who", &()).unwrap(), "ada 2");
    second.restore(&snapshot).unwrap();
    assert_eq!(second.call::<String>("who", &()).unwrap(), "bob 2");
    let limits = Limits::default().wall(Duration::from_millis(300)).host_calls(0);
    let mut limited = user("cleo").limits(limits).build_from(&snapshot).unwrap();
    throws(limited.call::<String>("who", &()));
    fails(limited.eval::<Value>("for (;;);"), ErrorKind::Cancelled);
    let mut silent = user("dan").console(|_, _| ()).build_from(&snapshot).unwrap();
    assert_eq!(silent.call::<String>("who", &()).unwrap(), "dan 2");
}

#[test]
fn a_snapshot_that_does_not_fit_is_refused_and_nothing_changes() {
    let Some(engine) = engine() else { return };
    let other = new_engine().unwrap();
    let host = || HostModule::new("test").function("f", || 1);
    let mut sandbox = engine.sandbox().host_module(host()).build().unwrap();
    let mut misfits = [
        ("another engine", other.sandbox().host_module(host())),
        ("other host functions", engine.sandbox()),
        ("other host functions", engine.sandbox().host_module(host().function("g", || 2))),
        ("other host functions", engine.sandbox().host_module(HostModule::new("other").function("f", || 1))),
        ("limits on memory", engine.sandbox().host_module(host()).limits(Limits::default().heap(48 << 20))),
        ("limits on memory", engine.sandbox().host_module(host()).limits(Limits::default().stack(2 << 20))),
        ("limits on memory", engine.sandbox().host_module(host()).limits(Limits::default().input(1 << 20))),
        ("limits on memory", engine.sandbox().host_module(host()).limits(Limits::default().output(1 << 20))),
    ]
    .map(|(why, builder)| (why, builder.clone(), builder.build().unwrap().snapshot().unwrap()));
    sandbox.add_handler("count", "let n = 0; const handler = () => ++n").unwrap();
    let own = sandbox.snapshot().unwrap();

    for (n, (why, builder, snapshot)) in (1..).zip(&mut misfits) {
        says(fails(sandbox.restore(snapshot), ErrorKind::InvalidArg), &[why]);
        says(fails(builder.clone().build_from(&own), ErrorKind::InvalidArg), &[why]);
        assert_eq!(count(&mut sandbox), n, "the sandbox is as it was");
    }

    stop(&mut sandbox);
    for (why, _, snapshot) in &misfits {
        says(fails(sandbox.restore(snapshot), ErrorKind::InvalidArg), &[why]);
        fails(sandbox.call::<u32>("count", &()), ErrorKind::Poisoned);
    }
    sandbox.restore(&own).unwrap();
    assert_eq!(count(&mut sandbox), 1);
}

#[test]
fn build_from_checks_limits_and_names_too() {
    let Some(mut sandbox) = sandbox() else { return };
    let snapshot = sandbox.snapshot().unwrap();
    let builder = engine().unwrap().sandbox();

    says(
        fails(
            builder.clone().limits(Limits::default().wall(Duration::ZERO)).build_from(&snapshot),
            ErrorKind::InvalidArg,
        ),
        &["`wall`"],
    );
    says(
        fails(builder.host_module(HostModule::new("")).build_from(&snapshot), ErrorKind::InvalidArg),
        &["host module"],
    );
}

#[test]
fn what_was_overwritten_with_zeros_stays_zero() {
    let Some(mut sandbox) = sandbox() else { return };
    // The bytes lie above all else: what comes later finds room where the junk was.
    let top = "let junk = Array.from({ length: 1e4 }, (_, n) => ({ n }));
               globalThis.bytes = new Uint8Array(1 << 20).fill(7); junk = null; 0";
    sandbox.script::<Value>(top).unwrap();
    let sevens = sandbox.snapshot().unwrap();
    sandbox.restore(&sevens).unwrap();
    sandbox.script::<Value>("bytes.fill(0); 0").unwrap();

    let zeros = sandbox.snapshot().unwrap();

    let count = "bytes.reduce((sum, byte) => sum + (byte !== 0), 0)";
    for mut other in [zeros.spawn().unwrap(), sevens.spawn().unwrap()] {
        other.restore(&zeros).unwrap();
        assert_eq!(other.script::<u32>(count).unwrap(), Some(0));
        other.restore(&sevens).unwrap();
        assert_eq!(other.script::<u32>(count).unwrap(), Some(1 << 20));
    }
}
