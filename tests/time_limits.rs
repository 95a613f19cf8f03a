//! Every call ends by its limits on time, whatever it does.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, CallStats, ErrorKind, HostModule, Limits, Sandbox, Termination};
use hypercell_tests::{engine, fails, sandbox, says, works};
use serde_json::Value;
use std::{
    sync::{Mutex, mpsc},
    time::Duration,
};

const MS: Duration = Duration::from_millis(1);
const MIN: Duration = Duration::from_secs(60);

/// A host function that waits on a channel where nothing ever comes.
fn waiting() -> HostModule {
    let (sender, receiver) = mpsc::channel::<()>();
    let ends = Mutex::new((sender, receiver));
    HostModule::new("test").function("wait", move |ms: u64| {
        let ends = ends.lock().unwrap();
        ends.1.recv_timeout(Duration::from_millis(ms)).is_err()
    })
}

fn with(limits: Limits) -> Option<Sandbox> {
    engine().map(|engine| engine.sandbox().limits(limits).host_module(waiting()).build().unwrap())
}

const WAIT: &str = "import { wait } from 'host:test'; export default wait(300)";

/// Checks that a call ends by the limit of 50 ms on wall clock time.
#[track_caller]
fn ends(sandbox: &mut Sandbox, source: &str) -> CallStats {
    fails(
        sandbox.eval_with::<Value>(source, &CallOptions::new().wall(50 * MS).cpu(MIN)),
        ErrorKind::Cancelled,
    );
    let stats = sandbox.stats();
    assert_eq!(stats.terminated_by, Some(Termination::WallClock));
    sandbox.unload().unwrap();
    works(sandbox);
    stats
}

#[test]
fn an_endless_call_ends_by_its_limit_on_wall_clock_time() {
    let Some(mut sandbox) = sandbox() else { return };

    let stats = ends(&mut sandbox, "for (;;);");

    assert!(stats.wall >= 50 * MS);
}

#[test]
fn an_endless_call_ends_by_its_limit_on_cpu_time() {
    let Some(mut sandbox) = sandbox() else { return };

    let options = CallOptions::new().wall(MIN).cpu(50 * MS);
    let error = fails(sandbox.eval_with::<Value>("for (;;);", &options), ErrorKind::Cancelled);

    says(error, &["CPU time"]);
    assert_eq!(sandbox.stats().terminated_by, Some(Termination::CpuTime));
    assert!(sandbox.stats().cpu >= 50 * MS);
}

#[test]
fn waiting_burns_no_cpu_time() {
    let Some(mut sandbox) = with(Limits::default().cpu(200 * MS)) else { return };

    assert_eq!(sandbox.eval::<bool>(WAIT).unwrap(), Some(true));

    assert!(sandbox.stats().wall >= 300 * MS);
    assert!(sandbox.stats().cpu < 200 * MS);
}

#[test]
fn waiting_counts_as_wall_clock_time() {
    let Some(mut sandbox) = with(Limits::default().wall(200 * MS)) else { return };

    fails(sandbox.eval::<bool>(WAIT), ErrorKind::Cancelled);

    assert_eq!(sandbox.stats().terminated_by, Some(Termination::WallClock));
    assert_eq!(sandbox.stats().host_calls, 1);
}

#[test]
fn cpu_time_that_is_left_after_waiting_can_be_used_up() {
    let Some(mut sandbox) = with(Limits::default().wall(MIN).cpu(200 * MS)) else { return };

    fails(
        sandbox.eval::<bool>("import { wait } from 'host:test'; wait(300); for (;;);"),
        ErrorKind::Cancelled,
    );

    assert_eq!(sandbox.stats().terminated_by, Some(Termination::CpuTime));
    assert!(sandbox.stats().wall >= 500 * MS);
}

#[test]
fn the_options_of_a_call_come_before_the_limits_of_the_sandbox() {
    let Some(mut sandbox) = with(Limits::default().wall(200 * MS).cpu(MIN)) else { return };

    assert_eq!(sandbox.eval_with::<bool>(WAIT, &CallOptions::new().wall(MIN)).unwrap(), Some(true));
    fails(
        sandbox.eval_with::<bool>("for (;;);", &CallOptions::new().wall(MIN).cpu(20 * MS)),
        ErrorKind::Cancelled,
    );
    assert_eq!(sandbox.stats().terminated_by, Some(Termination::CpuTime));

    sandbox.unload().unwrap();
    fails(sandbox.eval::<bool>(WAIT), ErrorKind::Cancelled);
}

#[test]
fn options_out_of_bounds_are_refused_and_nothing_runs() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("h", "let n = 0; const handler = () => ++n").unwrap();
    let options = CallOptions::new;
    let above = Duration::from_secs(3600) + Duration::from_nanos(1);

    for (field, options) in [
        ("wall", options().wall(Duration::ZERO)),
        ("wall", options().wall(above)),
        ("cpu", options().cpu(Duration::ZERO)),
        ("cpu", options().cpu(Duration::from_micros(999))),
        ("cpu", options().cpu(Duration::MAX)),
    ] {
        let error = fails(sandbox.call_with::<u32>("h", &(), &options), ErrorKind::InvalidArg);
        says(error, &[&format!("`{field}`"), "1ms", "3600s"]);
    }

    assert_eq!(sandbox.call::<u32>("h", &()).unwrap(), 1);
}

#[test]
fn time_without_limits_is_time_without_limits() {
    let Some(mut sandbox) = with(Limits::default().unlimited_wall().unlimited_cpu()) else { return };

    assert_eq!(sandbox.eval::<bool>(WAIT).unwrap(), Some(true));
    ends(&mut sandbox, "for (;;);");
}

#[test]
fn loading_ends_by_the_limits_too() {
    let Some(mut sandbox) = with(Limits::default().wall(200 * MS)) else { return };

    fails(sandbox.add_handler("h", "for (;;);"), ErrorKind::Cancelled);
    sandbox.unload().unwrap();
    sandbox.add_module("m", "for (;;);").unwrap();
    fails(sandbox.add_handler("h", "import 'user:m'; function handler() {}"), ErrorKind::Cancelled);
    sandbox.unload().unwrap();
    fails(sandbox.script::<Value>("for (;;);"), ErrorKind::Cancelled);

    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn the_limits_of_one_call_do_not_reach_the_next() {
    let Some(mut sandbox) = with(Limits::default().wall(MIN)) else { return };

    for _ in 0..3 {
        sandbox
            .eval_with::<Value>("export default 1", &CallOptions::new().wall(200 * MS).cpu(200 * MS))
            .unwrap();
        assert_eq!(
            sandbox.eval::<bool>("import { wait } from 'host:test'; export default wait(300)").unwrap(),
            Some(true)
        );
    }
}

#[test]
fn endless_javascript_ends() {
    let Some(mut sandbox) = sandbox() else { return };
    let endless = [
        "while (true) { try { throw 1 } catch {} finally { continue } }",
        "for (;;) try { for (;;); } catch {}",
        "const f = () => Promise.resolve().then(f); await f()",
        "(async () => { for (;;) await 0 })(); await new Promise(() => {})",
        "const f = () => queueMicrotask(f); f()",
        "for (const x of (function* () { for (;;) yield 1 })());",
        "for await (const x of (async function* () { for (;;) yield 1 })());",
        "export default { toJSON() { for (;;); } }",
        "export default { get a() { for (;;); } }",
        "export default { then() { for (;;); } }",
        "export default new Proxy({}, { ownKeys() { for (;;); } })",
        "throw { get message() { for (;;); } }",
        "throw { message: 'm', toString() { for (;;); }, get stack() { for (;;); } }",
        "console.log('%s', { toString() { for (;;); } })",
        "for (;;) try { (function f() { f() })() } catch {}",
        "for (;;) try { const a = []; for (;;) a.push(a.slice()) } catch {}",
        "const a = []; for (;;) { try { a.push('x'.repeat(1e6)) } catch { a.length = 0 } }",
        "for (;;) await import('user:missing').catch(() => {})",
    ];

    for source in endless {
        println!("{source}");
        ends(&mut sandbox, source);
    }
}

#[test]
fn native_loops_that_never_look_up_end() {
    // All the memory that the VMM `hyperlight` gives a guest is the heap.
    let limits = Limits::default().heap(384 << 20).files(0).inodes(16);
    let Some(mut sandbox) = with(limits) else { return };
    let endless = [
        "/(a+)+$/.test('a'.repeat(50) + 'b')",
        "const a = Array.from({ length: 1e6 }, (_, i) => i * 7919 % 1e6); for (;;) a.sort((x, y) => Math.random() - 0.5)",
        "const a = Array.from({ length: 3e5 }, (_, i) => 'k' + i * 7919 % 1e6); for (;;) a.toSorted()",
        "const a = new Float64Array(1e7); for (;;) a.map(Math.random).sort()",
        "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)",
        "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)",
        "Array.prototype.fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: () => true }), 1)",
        "const a = []; a.length = 2 ** 32 - 1; for (;;) a.includes(1)",
        "Array.prototype.every.call({ length: 2 ** 53 - 1 }, () => true)",
        "const s = 'a'.repeat(1e6), t = 'a'.repeat(5e5) + 'b'; for (;;) s.indexOf(t)",
        "const s = 'a'.repeat(1e6), t = 'b' + 'a'.repeat(5e5); for (;;) s.lastIndexOf(t)",
        "for (;;) 'x'.repeat(1e8)",
        "const a = Array(1e6).fill('x'); for (;;) a.join()",
        "const s = 'ạ̈'.repeat(1e6); for (;;) s.normalize('NFD')",
        "const s = 'ab'.repeat(1e6); for (;;) s.replaceAll('a', 'cc')",
        "const s = 'ß'.repeat(1e6); for (;;) s.toUpperCase().toLowerCase()",
        "const o = Array.from({ length: 3e5 }, (_, i) => ({ i })); for (;;) JSON.stringify(o)",
        "const s = '[' + '1,'.repeat(1e6) + '1]'; for (;;) JSON.parse(s)",
        "const n = 2n ** 1000000n; for (;;) n.toString()",
        "const n = 3n ** 200000n; for (;;) n * n / (n - 1n)",
        "const s = '1'.repeat(2e5); for (;;) BigInt(s)",
        "const b = new Uint8Array(1e8); for (;;) b.fill(1)",
        "const b = new Uint8Array(1e8); for (;;) b.slice()",
        "const s = 'a,'.repeat(1e6); for (;;) s.split(',')",
        "const s = 'x'.repeat(1e7); for (;;) encodeURIComponent(s)",
        "export default Array(2e7).fill(0.1)",
        "export default new Proxy([], { get: (t, k) => k === 'length' ? 3e7 : k === 'toJSON' ? undefined : {} })",
        "for (;;) new Function('1;'.repeat(1e6))",
        "const a = Array(1e6).fill(1); for (;;) a.concat(a).flat(5).reverse()",
    ];

    for source in endless {
        println!("{source}");
        ends(&mut sandbox, source);
    }
}
