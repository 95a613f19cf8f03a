//! The goals for calls, each against the floor and the native engine of the same
//! round.
//!
//! A round measures everything once, one after the other, so that a machine that is
//! slow for a while is slow for all of it. What is reported is the median over the
//! rounds. `--json` prints one line of JSON.

use anyhow::{Context as _, ensure};
use hypercell::{CallOptions, Engine, HostModule, Limits, Sandbox, Snapshot};
use hypercell_benches::{
    figures::{median, micros},
    handlers, limits,
    native::{HOST_FUNCTION, Native},
    spawn,
};
use serde_json::json;
use std::{
    env,
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

/// Times of one piece of work in a round, of which the median counts.
const SAMPLES: usize = 300;
/// The same for what takes about a millisecond.
const SLOW_SAMPLES: usize = 20;
/// Longer than the engine takes to close the VMs of one round.
const CLOSING: Duration = Duration::from_millis(200);
/// Longer than it takes to get one VM ready again.
const RECYCLING: Duration = Duration::from_millis(2);
/// Host function calls in one call.
const HOST_CALLS: u32 = 20;
/// Pages that are written to before a restore, on top of those of every call.
const PAGES: [u32; 6] = [0, 1, 16, 64, 256, 1024];

/// One goal in one round, in microseconds.
struct Figure {
    name: String,
    took: f64,
    limit: f64,
}

fn main() -> anyhow::Result<()> {
    let measured = env::args().any(|argument| argument == "--bench");
    let as_json = env::args().any(|argument| argument == "--json");
    // Without `--bench` it only has to run.
    let rounds = if measured { 15 } else { 1 };
    let mut bench = Bench::new()?;
    let mut all = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        all.push(bench.round()?);
    }
    let count = all.first().map_or(0, Vec::len);
    let mut reports = Vec::with_capacity(count);
    for at in 0..count {
        let figures: Vec<&Figure> = all.iter().filter_map(|round| round.get(at)).collect();
        let name = figures.first().map_or("", |figure| figure.name.as_str());
        let took = median(figures.iter().map(|figure| figure.took));
        let least = figures.iter().map(|figure| figure.took).fold(f64::INFINITY, f64::min);
        let limit = median(figures.iter().map(|figure| figure.limit));
        let share = median(figures.iter().map(|figure| figure.took / figure.limit));
        reports.push((name, took, least, limit, share));
    }
    if as_json {
        let metrics: Vec<_> = reports
            .iter()
            .map(|(name, took, least, limit, share)| {
                let limit = limit.is_finite().then_some(limit);
                let share = limit.is_some().then_some(share);
                json!({ "name": name, "us": took, "least_us": least, "limit_us": limit, "share": share })
            })
            .collect();
        println!("{}", json!({ "rounds": rounds, "metrics": metrics }));
        return Ok(());
    }
    println!("{:<22}{:>12}{:>12}{:>12}{:>8}", "metric", "median", "least", "limit", "share");
    for (name, took, least, limit, share) in reports {
        print!("{name:<22}{took:>9.1} µs{least:>9.1} µs");
        if limit.is_finite() {
            println!("{limit:>9.1} µs{share:>8.2}  {}", if share <= 1.0 { "met" } else { "missed" });
        } else {
            println!();
        }
    }
    Ok(())
}

/// Everything that is measured, prepared once.
struct Bench {
    engine: Engine,
    native: Native,
    small: (Sandbox, Snapshot),
    unwatched: Sandbox,
    calls_host: Sandbox,
    /// One for each of [`PAGES`].
    dirties: Vec<(Sandbox, Snapshot)>,
}

impl Bench {
    fn new() -> anyhow::Result<Self> {
        let engine = Engine::new()?;
        let mut native = Native::new()?;
        native.add_handler("bench", handlers::SMALL)?;
        let watched = limits::sandbox();
        let unwatched = watched.clone().unlimited_wall().unlimited_cpu();
        let prepare = |limits, source, event| prepared(&engine, limits, source, event);
        Ok(Self {
            native,
            small: prepare(watched.clone(), handlers::SMALL, handlers::SMALL_EVENT)?,
            unwatched: prepare(unwatched, handlers::SMALL, handlers::SMALL_EVENT)?.0,
            calls_host: prepare(watched.clone(), handlers::CALLS_HOST, "0")?.0,
            dirties: PAGES
                .map(|_| prepare(watched.clone(), handlers::DIRTIES_PAGES, "1"))
                .into_iter()
                .collect::<anyhow::Result<_>>()?,
            engine,
        })
    }

    fn round(&mut self) -> anyhow::Result<Vec<Figure>> {
        let floor = self.engine.floor()?.with_context(|| {
            let vmm = self.engine.vmm();
            format!("the VMM `{vmm}` cannot tell the host's floor, to which the goals are relative")
        })?;
        let exit = micros(floor.exit);
        let event = handlers::SMALL_EVENT;
        let (sandbox, snapshot) = &mut self.small;

        let mut native = Vec::with_capacity(SAMPLES);
        let mut warm = Vec::with_capacity(SAMPLES);
        let mut unwatched = Vec::with_capacity(SAMPLES);
        // By itself: right after a VM ran it finds the caches cold and takes twice as long,
        // which would make the limit on the warm call too easy.
        for _ in 0..SAMPLES {
            native.push(timed(|| self.native.call_json("bench", event))?);
        }
        for _ in 0..SAMPLES {
            warm.push(timed(|| call(sandbox, event))?);
            unwatched.push(timed(|| call(&mut self.unwatched, event))?);
        }
        let (native, warm) = (middle(native), middle(warm));

        let mut host_call = Vec::with_capacity(SAMPLES);
        let calls = HOST_CALLS.to_string();
        for _ in 0..SAMPLES / 10 {
            let without = timed(|| call(&mut self.calls_host, "0"))?;
            let with = timed(|| call(&mut self.calls_host, &calls))?;
            host_call.push(with.saturating_sub(without) / HOST_CALLS);
        }

        let mut restore_call = Vec::with_capacity(SAMPLES);
        for _ in 0..SAMPLES {
            restore_call.push(timed(|| {
                sandbox.restore(snapshot)?;
                call(sandbox, event)
            })?);
        }

        let mut figures = vec![
            figure("empty exit", exit, f64::INFINITY),
            figure("vCPU ioctl", micros(floor.ioctl), f64::INFINITY),
            figure("VM creation", micros(floor.vm_create), f64::INFINITY),
            figure("native call", native, f64::INFINITY),
            figure("warm call", warm, native + 1.1 * exit),
            figure("host call", middle(host_call), 1.1 * exit + 2.0),
            figure("both monitors", warm - middle(unwatched), 2.0),
            figure("restore + call", middle(restore_call), 45.0),
        ];
        for (pages, (sandbox, snapshot)) in PAGES.iter().zip(&mut self.dirties) {
            let restore = restores(sandbox, snapshot, *pages)?;
            let limit = 20.0 + 0.15 * f64::from(*pages);
            figures.push(figure(format!("restore, {pages} pages"), restore, limit));
        }
        if let Some((sandbox, snapshot)) = self.dirties.last_mut() {
            // Pages that became the sandbox's own in one call are copied back after each
            // later one, too.
            let restore = restores(sandbox, snapshot, 1)?;
            figures.push(figure("  1 page, after 1024", restore, f64::INFINITY));
        }
        // Last, because closing many VMs disturbs whatever comes next.
        let (new, recycled) = spawns(&self.small.1)?;
        figures.push(figure("spawn + call, new VM", new, 650.0));
        figures.push(figure("  a recycled VM", recycled, f64::INFINITY));
        Ok(figures)
    }
}

/// A sandbox with one handler, which was called once, and its snapshot.
fn prepared(
    engine: &Engine,
    limits: Limits,
    source: &str,
    event: &str,
) -> anyhow::Result<(Sandbox, Snapshot)> {
    let (module, function) = HOST_FUNCTION;
    let host = HostModule::new(module).function(function, |number: f64| number + 1.0);
    let mut sandbox = engine.sandbox().limits(limits).host_module(host).build()?;
    sandbox.add_handler("bench", source)?;
    let result = call(&mut sandbox, event)?;
    ensure!(event != handlers::SMALL_EVENT || result.contains("42"), "the handler returned {result}");
    let snapshot = sandbox.snapshot()?;
    Ok((sandbox, snapshot))
}

/// The median times of a spawn with its first call: in a new VM, and in one that a
/// dropped sandbox left behind.
fn spawns(snapshot: &Snapshot) -> anyhow::Result<(f64, f64)> {
    let event = handlers::SMALL_EVENT;
    let mut alive = spawn::drain(snapshot)?;
    let mut new = Vec::with_capacity(SLOW_SAMPLES);
    for _ in 0..SLOW_SAMPLES {
        new.push(timed(|| -> hypercell::Result<()> {
            let mut spawned = snapshot.spawn()?;
            call(&mut spawned, event)?;
            alive.push(spawned);
            Ok(())
        })?);
    }
    drop(alive);
    thread::sleep(CLOSING);
    let mut recycled = Vec::with_capacity(SLOW_SAMPLES);
    for _ in 0..SLOW_SAMPLES {
        let mut spawned = None;
        recycled.push(timed(|| call(spawned.insert(snapshot.spawn()?), event))?);
        drop(spawned);
        thread::sleep(RECYCLING);
    }
    Ok((middle(new), middle(recycled)))
}

/// The median time of a restore after a call that wrote to `pages` pages.
fn restores(sandbox: &mut Sandbox, snapshot: &Snapshot, pages: u32) -> anyhow::Result<f64> {
    let event = pages.to_string();
    let mut times = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES / 3 {
        call(sandbox, &event)?;
        times.push(timed(|| sandbox.restore(snapshot))?);
    }
    Ok(middle(times))
}

fn call(sandbox: &mut Sandbox, event: &str) -> hypercell::Result<String> {
    sandbox.call_json("bench", event, &CallOptions::new().without_gc())
}

fn figure(name: impl Into<String>, took: f64, limit: f64) -> Figure {
    Figure { name: name.into(), took, limit }
}

fn timed<R, E>(work: impl FnOnce() -> Result<R, E>) -> Result<Duration, E> {
    let started = Instant::now();
    black_box(work()?);
    Ok(started.elapsed())
}

/// The median, in microseconds.
fn middle(times: Vec<Duration>) -> f64 {
    median(times.into_iter().map(micros))
}
