//! Many sandboxes at once: the memory that each keeps, and whether the next one is
//! slower to get.
//!
//! Memory is what this process has for itself, and by how much the kernel's own grew:
//! page tables, shadow page tables and what describes a VM. That is exact but for a
//! few pages per VM that no counter shows. `MemAvailable` has those too, and also
//! everything that other processes do meanwhile. `--json` prints one line of JSON.

use anyhow::{Context as _, ensure};
use hypercell::{CallOptions, Engine, Sandbox};
use hypercell_benches::{
    figures::{median, micros},
    handlers, limits,
};
use serde_json::json;
use std::{
    env, fs, thread,
    time::{Duration, Instant},
};

/// Sandboxes that are alive in the end.
const ALIVE: usize = 200;
/// Numbers of sandboxes alive at which times are reported.
const STEPS: [usize; 3] = [1, 50, ALIVE];
/// Longer than the kernel takes to bring its counters up to date (`vm.stat_interval`).
const SETTLED: Duration = Duration::from_millis(1500);
/// What the kernel has for itself, in `/proc/meminfo`.
const KERNEL: [&str; 6] =
    ["SUnreclaim:", "KernelStack:", "PageTables:", "SecPageTables:", "VmallocUsed:", "Percpu:"];
/// Spawns up to a step whose median is taken.
const WINDOW: usize = 9;

/// What a crowd came to.
struct Crowd {
    /// KiB per sandbox that the process has for itself.
    process: f64,
    /// KiB per sandbox that the kernel has for itself.
    kernel: f64,
    /// Time of each spawn with its first call.
    spawns: Vec<Duration>,
    /// Time to close one, on the thread that does it.
    drop: Duration,
}

fn main() -> anyhow::Result<()> {
    let measured = env::args().any(|argument| argument == "--bench");
    let as_json = env::args().any(|argument| argument == "--json");
    // Without `--bench` it only has to run.
    let rounds = if measured { 5 } else { 1 };
    let crowds: Vec<Crowd> = (0..rounds).map(|_| gather()).collect::<anyhow::Result<_>>()?;
    let vm_create = Engine::new()?.floor()?.map(|floor| micros(floor.vm_create));
    let kernel = median(crowds.iter().map(|crowd| crowd.kernel));
    let process = median(crowds.iter().map(|crowd| crowd.process));
    let drop = median(crowds.iter().map(|crowd| micros(crowd.drop)));
    let spawn = |step: usize| {
        let first = step.saturating_sub(WINDOW);
        median(
            crowds.iter().flat_map(|crowd| crowd.spawns.iter().skip(first).take(WINDOW).copied().map(micros)),
        )
    };
    if as_json {
        let spawns: Vec<_> = STEPS.map(|step| json!({ "alive": step, "spawn_call_us": spawn(step) })).into();
        let floor = json!({ "vm_create_us": vm_create });
        println!(
            "{}",
            json!({
                "floor": floor, "alive": ALIVE, "kib": process + kernel, "process_kib": process, "kernel_kib": kernel,
                "drop_us": drop, "spawns": spawns,
            })
        );
        return Ok(());
    }
    match vm_create {
        Some(vm_create) => println!("floor: creating an empty VM takes {vm_create:.0} µs"),
        None => println!("floor: this VMM cannot tell"),
    }
    println!(
        "memory per idle restored sandbox, {ALIVE} alive: {:.0} KiB, {process:.0} of the process and \
         {kernel:.0} of the kernel",
        process + kernel
    );
    for step in STEPS {
        println!("spawn and first call, {step:>3} alive: {:>7.0} µs", spawn(step));
    }
    println!("closing each of {ALIVE}: {drop:.0} µs");
    Ok(())
}

fn call(sandbox: &mut Sandbox) -> anyhow::Result<()> {
    let options = CallOptions::new().without_gc();
    let result = sandbox.call_json("bench", handlers::SMALL_EVENT, &options)?;
    ensure!(result.contains("42"), "the handler returned {result}");
    Ok(())
}

/// Spawns, calls and restores sandboxes until all are alive, and drops them. The
/// engine goes with them, and so do the VMs that it keeps for later ones.
fn gather() -> anyhow::Result<Crowd> {
    let engine = Engine::new()?;
    let mut sandbox = engine.sandbox().limits(limits::sandbox()).build()?;
    sandbox.add_handler("bench", handlers::SMALL)?;
    call(&mut sandbox)?;
    let snapshot = sandbox.snapshot()?;
    // What all share is there before the first is counted.
    let mut first = snapshot.spawn()?;
    call(&mut first)?;
    first.restore(&snapshot)?;

    let mut sandboxes = Vec::with_capacity(ALIVE);
    let mut spawns = Vec::with_capacity(ALIVE);
    let before = held()?;
    for _ in 0..ALIVE {
        let started = Instant::now();
        let mut sandbox = snapshot.spawn()?;
        call(&mut sandbox)?;
        spawns.push(started.elapsed());
        sandbox.restore(&snapshot)?;
        sandboxes.push(sandbox);
    }
    let after = held()?;
    let each = |kib: f64| kib / ALIVE as f64;
    let started = Instant::now();
    drop((sandboxes, first, sandbox, snapshot));
    // Waits for the thread that closes what was dropped.
    drop(engine);
    let drop = started.elapsed().div_f64(ALIVE as f64);
    Ok(Crowd { process: each(after.0 - before.0), kernel: each(after.1 - before.1), spawns, drop })
}

/// KiB that this process and the kernel have for themselves.
fn held() -> anyhow::Result<(f64, f64)> {
    thread::sleep(SETTLED);
    let process = kib("/proc/self/smaps_rollup", "Private_Dirty:")?;
    let mut kernel = 0.0;
    for label in KERNEL {
        kernel += kib("/proc/meminfo", label)?;
    }
    Ok((process, kernel))
}

/// The number behind `label` in a file of the kernel's.
fn kib(file: &str, label: &str) -> anyhow::Result<f64> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {file}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(label));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.with_context(|| format!("{file} has no {label}"))?.parse().context("it is no number")
}
