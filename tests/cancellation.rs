//! A kill stops the call that runs, wherever it is, and no other.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{
    CallOptions, ErrorKind, HostModule, InterruptHandle, Limits, Source, Status, Termination, VmmKind,
};
use hypercell_tests::{engine, fails, sandbox, says, works};
use serde_json::{Value, json};
use std::{
    hint::spin_loop,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

const ENDLESS: &str = "for (;;);";

/// Kills as soon as there is something to kill.
fn kill_when_it_runs(handle: InterruptHandle) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        while !handle.kill() {
            thread::yield_now();
        }
    })
}

#[test]
fn a_kill_before_a_call_has_no_effect_on_it() {
    let Some(mut sandbox) = sandbox() else { return };
    let handle = sandbox.interrupt_handle();

    for _ in 0..10 {
        assert!(!handle.kill(), "there is nothing to stop");
        works(&mut sandbox);
    }
}

#[test]
fn a_kill_after_a_call_has_no_effect_either() {
    let Some(mut sandbox) = sandbox() else { return };
    let handle = sandbox.interrupt_handle();
    let killer = kill_when_it_runs(handle.clone());
    fails(sandbox.eval::<Value>(ENDLESS), ErrorKind::Cancelled);
    killer.join().unwrap();

    assert!(!handle.kill());
    assert!(!handle.kill());

    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn a_kill_during_a_call_stops_it() {
    let Some(mut sandbox) = sandbox() else { return };

    for source in [
        ENDLESS,
        "/(a+)+$/.test('a'.repeat(50) + 'b')",
        "const f = () => queueMicrotask(f); f()",
        "for (;;) console.log('x')",
    ] {
        let killer = kill_when_it_runs(sandbox.interrupt_handle());
        let error = fails(sandbox.eval::<Value>(source), ErrorKind::Cancelled);
        killer.join().unwrap();

        assert!(error.is_cancelled());
        says(error, &["interrupt handle"]);
        assert_eq!(sandbox.stats().terminated_by, Some(Termination::Killed));
        sandbox.unload().unwrap();
        works(&mut sandbox);
    }
}

#[test]
fn a_kill_stops_what_has_no_limits_on_time() {
    let Some(engine) = engine() else { return };
    let limits = Limits::default().unlimited_wall().unlimited_cpu();
    let mut sandbox = engine.sandbox().limits(limits).build().unwrap();

    let killer = kill_when_it_runs(sandbox.interrupt_handle());
    fails(sandbox.eval::<Value>(ENDLESS), ErrorKind::Cancelled);
    killer.join().unwrap();

    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn a_kill_during_a_host_function_ends_the_call_when_that_returns() {
    let Some(engine) = engine() else { return };
    let (started, starts) = mpsc::channel();
    let (finish, finishes) = mpsc::channel();
    let (started, finishes) = (Mutex::new(started), Mutex::new(finishes));
    let host = HostModule::new("test").function("wait", move || {
        started.lock().unwrap().send(()).unwrap();
        finishes.lock().unwrap().recv().unwrap();
    });
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    let handle = sandbox.interrupt_handle();
    let killer = thread::spawn(move || {
        starts.recv().unwrap();
        let killed = handle.kill();
        finish.send(()).unwrap();
        killed
    });

    fails(
        sandbox.eval::<Value>("import { wait } from 'host:test'; try { wait() } finally { wait() }"),
        ErrorKind::Cancelled,
    );

    assert!(killer.join().unwrap());
    assert_eq!((sandbox.stats().terminated_by, sandbox.stats().host_calls), (Some(Termination::Killed), 1));
    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn two_kills_at_once_stop_one_call() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();

    for _ in 0..20 {
        let together = Arc::new(Barrier::new(2));
        let over = Arc::new(AtomicBool::new(false));
        let killers = [(); 2].map(|()| {
            let (handle, together) = (sandbox.interrupt_handle(), Arc::clone(&together));
            let over = Arc::clone(&over);
            thread::spawn(move || {
                together.wait();
                // The call may be over before the second one comes.
                while !over.load(Ordering::SeqCst) {
                    if handle.kill() {
                        return true;
                    }
                    thread::yield_now();
                }
                false
            })
        });
        fails(sandbox.eval::<Value>(ENDLESS), ErrorKind::Cancelled);
        over.store(true, Ordering::SeqCst);
        sandbox.restore(&fresh).unwrap();
        let killed: Vec<_> = killers.into_iter().map(|killer| killer.join().unwrap()).collect();
        assert!(killed.contains(&true));
        works(&mut sandbox);
    }
}

#[test]
fn a_poisoned_sandbox_refuses_everything_but_restore_and_unload() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("h", "let n = 0; const handler = () => ++n").unwrap();
    let fresh = sandbox.snapshot().unwrap();

    for restore in [true, false] {
        fails(
            sandbox.eval_with::<Value>(ENDLESS, &CallOptions::new().wall(Duration::from_millis(20))),
            ErrorKind::Cancelled,
        );
        let stopped = sandbox.stats();

        for _ in 0..2 {
            assert!(fails(sandbox.call::<Value>("h", &()), ErrorKind::Poisoned).is_poisoned());
            fails(sandbox.call_json("h", "null", &CallOptions::new()), ErrorKind::Poisoned);
            fails(sandbox.eval::<Value>("export default 1"), ErrorKind::Poisoned);
            fails(sandbox.script::<Value>("1"), ErrorKind::Poisoned);
            fails(sandbox.validate(Source::new("1")), ErrorKind::Poisoned);
            fails(sandbox.add_handler("new", "function handler() {}"), ErrorKind::Poisoned);
            fails(sandbox.remove_handler("h"), ErrorKind::Poisoned);
            fails(sandbox.add_module("m", ""), ErrorKind::Poisoned);
            fails(sandbox.snapshot(), ErrorKind::Poisoned);
            assert_eq!(sandbox.status(), Status::Poisoned);
            assert_eq!(sandbox.stats(), stopped, "what was refused cost nothing");
        }

        if restore {
            sandbox.restore(&fresh).unwrap();
            assert_eq!(sandbox.call::<u32>("h", &()).unwrap(), 1);
        } else {
            sandbox.unload().unwrap();
            fails(sandbox.call::<u32>("h", &()), ErrorKind::InvalidArg);
        }
        works(&mut sandbox);
    }
}

/// Numbers that look random and are the same in each run (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// A handler that computes, allocates, logs and calls the host, and whose result
/// tells whether all of it was done right.
const MIXED: &str = "
    import { twice } from 'host:test';
    let calls = 0;
    export function handler(event) {
        calls += 1;
        const doubled = event.list.map(n => twice(n));
        const text = JSON.stringify({ doubled, pad: 'x'.repeat(2000) });
        const sorted = JSON.parse(text).doubled.sort((a, b) => b - a);
        return { calls, sorted, sum: sorted.reduce((a, b) => a + b, 0) };
    }";

#[test]
fn thousands_of_kills_at_random_moments_are_each_survived() {
    let Some(engine) = engine() else { return };
    let rounds = if engine.vmm() == VmmKind::Kvm { 2000 } else { 3000 };
    let host = HostModule::new("test").function("twice", |n: i64| n * 2);
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    sandbox.add_handler("mixed", MIXED).unwrap();
    let event = json!({ "list": [3, 1, 2] });
    let expected = json!({ "calls": 1, "sorted": [6, 4, 2], "sum": 12 });
    let fresh = sandbox.snapshot().unwrap();
    let handle = sandbox.interrupt_handle();
    let (round, done) = (AtomicU64::new(0), AtomicU64::new(0));

    let mut stopped = 0;
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut random = Random(0x9e37_79b9_7f4a_7c15);
            for current in 1..=rounds {
                while round.load(Ordering::Acquire) < current {
                    thread::yield_now();
                }
                // From nothing to several times the length of a call.
                let exponent = random.next() % 18;
                for _ in 0..random.next() % (1 << exponent) {
                    spin_loop();
                }
                handle.kill();
                done.store(current, Ordering::Release);
            }
        });
        for current in 1..=rounds {
            round.store(current, Ordering::Release);
            match sandbox.call::<Value>("mixed", &event) {
                Ok(result) => assert_eq!(result, expected, "round {current}"),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Cancelled, "round {current}: {error}");
                    assert_eq!(sandbox.stats().terminated_by, Some(Termination::Killed));
                    stopped += 1;
                }
            }
            sandbox.restore(&fresh).unwrap();
            while done.load(Ordering::Acquire) < current {
                thread::yield_now();
            }
            assert_eq!(sandbox.call::<Value>("mixed", &event).unwrap(), expected, "after round {current}");
            sandbox.restore(&fresh).unwrap();
        }
    });

    assert!(0 < stopped && stopped < rounds, "{stopped} of {rounds} calls were stopped");
}

/// A host function `run` that evaluates a source in another sandbox, which tells
/// when it starts.
fn nesting() -> Option<(HostModule, InterruptHandle, mpsc::Receiver<()>)> {
    let (started, starts) = mpsc::channel();
    let started = Mutex::new(started);
    let start =
        HostModule::new("inner").function("started", move || started.lock().unwrap().send(()).unwrap());
    let limits = Limits::default().wall(Duration::from_millis(500));
    let inner = engine()?.sandbox().limits(limits).host_module(start).build().unwrap();
    let handle = inner.interrupt_handle();
    let inner = Mutex::new(inner);
    let run = move |source: String| {
        let mut inner = inner.lock().unwrap();
        let result =
            inner.eval::<Value>(&format!("import {{ started }} from 'host:inner'; started(); {source}"));
        if inner.status() == Status::Poisoned {
            inner.unload().unwrap();
        }
        result
    };
    Some((HostModule::new("test").function("run", run), handle, starts))
}

const OUTER: &str = "
    import { run } from 'host:test';
    export function handler(source) {
        try { return run(source) } catch (e) { return e.message }
    }";

#[test]
fn a_kill_of_a_nested_sandbox_stops_that_one_only() {
    let Some((host, inner, starts)) = nesting() else { return };
    let mut outer = engine().unwrap().sandbox().host_module(host).build().unwrap();
    outer.add_handler("h", OUTER).unwrap();
    let killer = thread::spawn(move || {
        starts.recv().unwrap();
        inner.kill()
    });

    let result = outer.call::<String>("h", ENDLESS).unwrap();

    assert!(killer.join().unwrap());
    says(result, &["interrupt handle"]);
    assert_eq!(outer.stats().terminated_by, None);
}

#[test]
fn a_kill_of_the_sandbox_around_it_stops_that_one_when_the_nested_one_is_done() {
    let Some((host, _inner, starts)) = nesting() else { return };
    let mut outer = engine().unwrap().sandbox().host_module(host).build().unwrap();
    outer.add_handler("h", OUTER).unwrap();
    let fresh = outer.snapshot().unwrap();
    let handle = outer.interrupt_handle();
    let killer = thread::spawn(move || {
        starts.recv().unwrap();
        assert!(handle.kill());
        starts
    });

    fails(outer.call::<Value>("h", ENDLESS), ErrorKind::Cancelled);

    let starts = killer.join().unwrap();
    assert_eq!(outer.stats().terminated_by, Some(Termination::Killed));
    outer.restore(&fresh).unwrap();
    assert_eq!(outer.call::<u32>("h", "export default 7").unwrap(), 7);
    starts.recv().unwrap();
}

#[test]
fn limits_of_nested_calls_are_kept_apart() {
    let Some((host, _inner, _starts)) = nesting() else { return };
    let mut outer = engine().unwrap().sandbox().host_module(host).build().unwrap();
    outer
        .add_handler("h", &format!("{OUTER} export function after(source) {{ run(source); for (;;); }}"))
        .unwrap();
    outer
        .add_handler(
            "after",
            "import { run } from 'host:test'; const handler = source => { run(source); for (;;); }",
        )
        .unwrap();
    let options = CallOptions::new().wall(Duration::from_secs(60));

    let inner_limit = outer.call_with::<String>("h", ENDLESS, &options).unwrap();
    says(inner_limit, &["wall clock"]);

    let short = CallOptions::new().wall(Duration::from_millis(50));
    fails(outer.call_with::<Value>("after", "export default 1", &short), ErrorKind::Cancelled);
    assert_eq!(outer.stats().terminated_by, Some(Termination::WallClock));
}

#[test]
fn a_deadline_of_a_millisecond_holds_for_a_large_event() {
    let Some(engine) = engine() else { return };
    let limits = Limits::default().heap(64 << 20).input(16 << 20);
    let mut sandbox = engine.sandbox().limits(limits).build().unwrap();
    sandbox.add_handler("h", "const handler = e => { for (;;); }").unwrap();
    let fresh = sandbox.snapshot().unwrap();
    let event = format!("\"{}\"", "x".repeat(8 << 20));
    let options = CallOptions::new().wall(Duration::from_millis(1));

    for _ in 0..20 {
        fails(sandbox.call_json("h", &event, &options), ErrorKind::Cancelled);
        assert_eq!(sandbox.stats().terminated_by, Some(Termination::WallClock));
        sandbox.restore(&fresh).unwrap();
        works(&mut sandbox);
    }
}
