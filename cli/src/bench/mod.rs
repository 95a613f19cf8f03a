//! `hypercell bench`: this machine's floor and the headline figures.
//!
//! All are of one handler, which changes one field of a nested event and returns
//! it. Read them as ratios to the floor of the same run: that is what carries over
//! to other machines.

mod measure;
mod memory;
mod metrics;

use crate::{
    exit::{ExitStatus, status_of},
    report::micros,
};
use anyhow::Context as _;
use hypercell::Engine;
use measure::Samples;
use serde_json::{Map, json};
use std::{
    io::{self, Write},
    time::Duration,
};

/// What all metrics need.
struct Bench {
    engine: Engine,
    quiet: bool,
}

/// The figures of one run.
struct Figures {
    floor: hypercell::Floor,
    copy_gb_per_s: f64,
    metrics: Vec<(&'static str, Samples)>,
    memory_kib_per_sandbox: f64,
}

/// Measures and prints.
pub(crate) fn run(as_json: bool) -> ExitStatus {
    match measure_all(as_json) {
        Ok(figures) => {
            let written = if as_json { print_json(figures) } else { print(figures) };
            if written.is_err() { ExitStatus::Failure } else { ExitStatus::Success }
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "hypercell: {error:#}");
            error.downcast_ref().map_or(ExitStatus::Failure, status_of)
        }
    }
}

fn measure_all(quiet: bool) -> anyhow::Result<Figures> {
    let bench = Bench { engine: Engine::new()?, quiet };
    bench.step("floor");
    let floor = bench.engine.floor()?.context("this VMM cannot tell the floor")?;
    let copy_gb_per_s = measure::copy_bandwidth();
    let mut metrics = Vec::new();
    for (name, metric) in metrics::ALL {
        bench.step(name);
        metrics.push((name, metric(&bench)?));
    }
    bench.step("memory");
    let memory_kib_per_sandbox = memory::per_sandbox(&bench)?;
    bench.step("");
    Ok(Figures { floor, copy_gb_per_s, metrics, memory_kib_per_sandbox })
}

impl Bench {
    /// Tells the person who waits what is being measured.
    fn step(&self, name: &str) {
        if !self.quiet {
            // Progress that cannot be shown is not missed.
            let _ = write!(io::stderr(), "\r\x1b[K{name}").and_then(|()| io::stderr().flush());
        }
    }
}

fn print_json(figures: Figures) -> io::Result<()> {
    let mut metrics = Map::new();
    for (name, mut samples) in figures.metrics {
        let (p50, p99) = (samples.percentile(50), samples.percentile(99));
        metrics.insert(name.into(), json!({ "p50_us": micros(p50), "p99_us": micros(p99) }));
    }
    metrics.insert("memory_kib_per_sandbox".into(), json!(figures.memory_kib_per_sandbox.round()));
    let report = json!({
        "floor": {
            "exit_us": micros(figures.floor.exit),
            "ioctl_us": micros(figures.floor.ioctl),
            "vm_create_us": micros(figures.floor.vm_create),
            "copy_gb_per_s": (figures.copy_gb_per_s * 10.0).round() / 10.0,
        },
        "metrics": metrics,
    });
    writeln!(io::stdout(), "{report}")
}

fn print(figures: Figures) -> io::Result<()> {
    let mut out = io::stdout();
    let exit = figures.floor.exit;
    writeln!(
        out,
        "floor: exit {:.1?}, vCPU ioctl {:.1?}, VM creation {:.0?}, copying {:.1} GB/s\n",
        exit, figures.floor.ioctl, figures.floor.vm_create, figures.copy_gb_per_s
    )?;
    writeln!(out, "{:<24}{:>12}{:>12}{:>16}", "metric", "p50", "p99", "p50 / exit")?;
    for (name, mut samples) in figures.metrics {
        let (p50, p99) = (samples.percentile(50), samples.percentile(99));
        let ratio = p50.as_secs_f64() / exit.max(Duration::from_nanos(1)).as_secs_f64();
        writeln!(out, "{name:<24}{:>12}{:>12}{ratio:>16.2}", text(p50), text(p99))?;
    }
    writeln!(out, "{:<24}{:>8.0} KiB", "memory_per_sandbox", figures.memory_kib_per_sandbox)
}

fn text(time: Duration) -> String {
    format!("{:.1} µs", micros(time))
}
