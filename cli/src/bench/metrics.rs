//! The headline metrics, one function each.

use super::{
    Bench,
    measure::{Samples, sample, time},
};
use anyhow::{Context, ensure};
use hypercell::{CallOptions, Engine, HostModule, InterruptHandle, Limits, Sandbox, Snapshot};
use std::{
    env,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

type Metric = fn(&Bench) -> anyhow::Result<Samples>;

/// Every metric by its name.
pub(super) const ALL: [(&str, Metric); 11] = [
    ("build", build),
    ("warm_call", warm_call),
    ("host_call", host_call),
    ("restore", restore),
    ("restore_call", restore_call),
    ("restore_call_16mib", restore_call_16mib),
    ("spawn_call", spawn_call),
    ("respawn_call", respawn_call),
    ("cold_start", cold_start),
    ("kill", kill),
    ("monitors", monitors),
];

const ROUNDS: usize = 5000;
const SLOW_ROUNDS: usize = 300;
/// Engines that `build` makes.
const ENGINES: usize = 30;
/// Sandboxes that `spawn_call` makes.
const SPAWNS: usize = 200;
/// Time between two of them.
const PAUSE: Duration = Duration::from_millis(10);

/// Changes one field of a nested event and returns it.
const HANDLER: &str = "
    function handler(event) {
        event.user.visits += 1;
        return event;
    }
";

const EVENT: &str = r#"{"user":{"name":"Ada Lovelace","visits":41,"tags":["admin","early"]},"request":{"path":"/","headers":{"accept":"application/json"}}}"#;
const RESULT: &str = r#"{"user":{"name":"Ada Lovelace","visits":42,"tags":["admin","early"]},"request":{"path":"/","headers":{"accept":"application/json"}}}"#;

/// Garbage is left to the next restore, as a server that restores would.
fn options() -> CallOptions {
    CallOptions::new().without_gc()
}

/// A sandbox with the handler loaded and warm, its snapshot, and the event.
pub(super) fn prepared(bench: &Bench) -> anyhow::Result<(Sandbox, Snapshot, String)> {
    let (sandbox, snapshot) = prepared_with(bench, Limits::default())?;
    Ok((sandbox, snapshot, EVENT.to_owned()))
}

fn prepared_with(bench: &Bench, limits: Limits) -> anyhow::Result<(Sandbox, Snapshot)> {
    let mut sandbox = bench.engine.sandbox().limits(limits).build()?;
    sandbox.add_handler("bench", HANDLER)?;
    call(&mut sandbox)?;
    let snapshot = sandbox.snapshot()?;
    Ok((sandbox, snapshot))
}

fn call(sandbox: &mut Sandbox) -> anyhow::Result<()> {
    let result = sandbox.call_json("bench", EVENT, &options())?;
    ensure!(result == RESULT, "the handler returned {result}");
    Ok(())
}

/// The first sandbox of a new engine, which has no machine ready: the guest boots.
fn build(bench: &Bench) -> anyhow::Result<Samples> {
    let mut times = Vec::with_capacity(ENGINES);
    for _ in 0..ENGINES {
        let engine = Engine::builder().vmm(bench.engine.vmm()).build()?;
        let mut sandbox = None;
        times.push(time(|| {
            sandbox = Some(engine.sandbox().build()?);
            Ok(())
        })?);
    }
    Ok(Samples::new(times))
}

/// A call of a handler in a sandbox that keeps its state: the steady state.
fn warm_call(bench: &Bench) -> anyhow::Result<Samples> {
    let (mut sandbox, _, _) = prepared(bench)?;
    sample(ROUNDS, || call(&mut sandbox))
}

/// One host function call inside a call: the difference that ten of them make, by
/// ten.
fn host_call(bench: &Bench) -> anyhow::Result<Samples> {
    const CALLS: u32 = 10;
    let module = HostModule::new("bench").function("next", |n: f64| n + 1.0);
    let mut sandbox = bench.engine.sandbox().host_module(module).build()?;
    sandbox.add_handler(
        "bench",
        "import { next } from 'host:bench';
         export function handler(calls) {
             let n = 0;
             for (let i = 0; i < calls; i++) n = next(n);
             return n;
         }",
    )?;
    let mut run = |calls: u32| {
        time(|| {
            let result = sandbox.call_json("bench", &calls.to_string(), &options())?;
            ensure!(result == calls.to_string(), "the handler returned {result}");
            Ok(())
        })
    };
    let mut times = Vec::with_capacity(ROUNDS / 5);
    for _ in 0..ROUNDS / 5 {
        let (without, with) = (run(0)?, run(CALLS)?);
        times.push(with.saturating_sub(without) / CALLS);
    }
    Ok(Samples::new(times))
}

/// Restoring the state before a call.
fn restore(bench: &Bench) -> anyhow::Result<Samples> {
    let (mut sandbox, snapshot, _) = prepared(bench)?;
    sandbox.restore(&snapshot)?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        call(&mut sandbox)?;
        times.push(time(|| Ok(sandbox.restore(&snapshot)?))?);
    }
    Ok(Samples::new(times))
}

/// Restoring, and calling the clean VM.
fn restore_call(bench: &Bench) -> anyhow::Result<Samples> {
    restore_call_with(bench, Limits::default())
}

/// The same with a smaller heap, for a VMM whose restore depends on its size.
fn restore_call_16mib(bench: &Bench) -> anyhow::Result<Samples> {
    restore_call_with(bench, Limits::default().heap(16 << 20))
}

fn restore_call_with(bench: &Bench, limits: Limits) -> anyhow::Result<Samples> {
    let (mut sandbox, snapshot) = prepared_with(bench, limits)?;
    sandbox.restore(&snapshot)?;
    sample(ROUNDS, || {
        sandbox.restore(&snapshot)?;
        call(&mut sandbox)
    })
}

/// A new sandbox from a snapshot, and its first call, now and then: all earlier ones
/// live on, and the engine has time to make the next VM.
fn spawn_call(bench: &Bench) -> anyhow::Result<Samples> {
    let (_sandbox, snapshot, _) = prepared(bench)?;
    let mut alive = Vec::with_capacity(SPAWNS);
    let mut times = Vec::with_capacity(SPAWNS);
    for _ in 0..SPAWNS {
        times.push(time(|| {
            let mut spawned = snapshot.spawn()?;
            call(&mut spawned)?;
            alive.push(spawned);
            Ok(())
        })?);
        thread::sleep(PAUSE);
    }
    Ok(Samples::new(times))
}

/// The same when the sandbox before was dropped: in the VM that it left behind.
fn respawn_call(bench: &Bench) -> anyhow::Result<Samples> {
    let (_sandbox, snapshot, _) = prepared(bench)?;
    sample(SLOW_ROUNDS, || {
        let mut spawned = snapshot.spawn()?;
        call(&mut spawned)
    })
}

/// A process of this command that evaluates an expression, from start to end.
fn cold_start(bench: &Bench) -> anyhow::Result<Samples> {
    let program = env::current_exe().context("cannot find this program's own file")?;
    sample(SLOW_ROUNDS / 10, || {
        let output = Command::new(&program)
            .args(["eval", "-e", "1", "--vmm", bench.engine.vmm().as_str()])
            .stderr(Stdio::null())
            .output()
            .context("cannot run this program")?;
        ensure!(output.stdout == b"1\n", "it printed {:?}", String::from_utf8_lossy(&output.stdout));
        Ok(())
    })
}

/// From `kill()` to the return of the call, which runs an endless loop.
fn kill(bench: &Bench) -> anyhow::Result<Samples> {
    let (started, starts) = mpsc::channel();
    let (killed, kills) = mpsc::channel::<Instant>();
    let module = HostModule::new("bench").function("started", move || {
        // The receiver lives as long as the measurement.
        let _ = started.send(());
    });
    let mut sandbox = bench.engine.sandbox().host_module(module).build()?;
    sandbox.add_handler(
        "endless",
        "import { started } from 'host:bench'; export function handler() { started(); for (;;); }",
    )?;
    let snapshot = sandbox.snapshot()?;
    let handle: InterruptHandle = sandbox.interrupt_handle();
    let killer = thread::spawn(move || {
        for () in starts {
            // Let the guest get well into its loop.
            thread::sleep(Duration::from_micros(300));
            let at = Instant::now();
            handle.kill();
            if killed.send(at).is_err() {
                break;
            }
        }
    });
    let mut times = Vec::with_capacity(SLOW_ROUNDS);
    for _ in 0..SLOW_ROUNDS {
        let stopped = sandbox.call_json("endless", "null", &options());
        let returned = Instant::now();
        ensure!(stopped.is_err_and(|error| error.is_cancelled()), "the endless loop ended by itself");
        times.push(returned.saturating_duration_since(kills.recv()?));
        sandbox.restore(&snapshot)?;
    }
    drop(sandbox);
    drop(snapshot);
    killer.join().map_err(|_| anyhow::anyhow!("the killing thread failed"))?;
    Ok(Samples::new(times))
}

/// What both monitors add to a call: calls with and without them, in turn.
fn monitors(bench: &Bench) -> anyhow::Result<Samples> {
    const BATCH: u32 = 50;
    let make = |limits: Limits| -> anyhow::Result<Sandbox> {
        let mut sandbox = bench.engine.sandbox().limits(limits).build()?;
        sandbox.add_handler("bench", HANDLER)?;
        Ok(sandbox)
    };
    let mut with = make(Limits::default())?;
    let mut without = make(Limits::default().unlimited_wall().unlimited_cpu())?;
    let batch = |sandbox: &mut Sandbox| {
        time(|| {
            for _ in 0..BATCH {
                call(sandbox)?;
            }
            Ok(())
        })
    };
    let mut times = Vec::new();
    for _ in 0..ROUNDS / 25 {
        let (without, with) = (batch(&mut without)?, batch(&mut with)?);
        times.push(with.saturating_sub(without) / BATCH);
    }
    Ok(Samples::new(times))
}
