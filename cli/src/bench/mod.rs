//! `hypercell bench`: this machine's floor and the headline figures, on each VMM.
//!
//! All are of one handler, which changes one field of a nested event and returns
//! it. Read them as ratios to the floor of the same run: that is what carries over
//! to other machines.

mod measure;
mod memory;
mod metrics;
mod table;

use crate::{
    args::Survey,
    exit::{ExitStatus, status_of},
    report::{floor_json, micros},
};
use hypercell::{Engine, Error, ErrorKind, Floor, VmmKind};
use measure::Samples;
use serde_json::{Map, Value, json};
use std::{
    io::{self, Write},
    time::Duration,
};

/// What all metrics of one VMM need.
struct Bench {
    engine: Engine,
    quiet: bool,
}

/// The figures of one run.
struct Figures {
    copy_gb_per_s: f64,
    vmms: Vec<Measured>,
    /// Those that cannot be used here, and why.
    skipped: Vec<Skipped>,
}

type Skipped = (VmmKind, Error);

/// The figures of one VMM.
struct Measured {
    kind: VmmKind,
    /// `None` when this VMM has no way to tell.
    floor: Option<Floor>,
    metrics: Vec<Metric>,
    memory_kib_per_sandbox: f64,
}

/// One metric's figures.
struct Metric {
    name: &'static str,
    p50: Duration,
    p99: Duration,
}

/// Measures and prints.
pub(crate) fn run(options: &Survey) -> ExitStatus {
    match measure_all(options) {
        Ok(figures) => {
            let written = if options.output.json {
                writeln!(io::stdout(), "{}", figures.to_json())
            } else {
                table::print(&figures)
            };
            if written.is_err() { ExitStatus::Failure } else { ExitStatus::Success }
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "hypercell: {error:#}");
            error.downcast_ref().map_or(ExitStatus::Failure, status_of)
        }
    }
}

fn measure_all(options: &Survey) -> anyhow::Result<Figures> {
    let (benches, skipped) = open(options)?;
    let copy_gb_per_s = measure::copy_bandwidth();
    let mut vmms = Vec::with_capacity(benches.len());
    for bench in &benches {
        bench.step("floor");
        let (kind, floor) = (bench.engine.vmm(), bench.engine.floor()?);
        vmms.push(Measured { kind, floor, metrics: Vec::new(), memory_kib_per_sandbox: 0.0 });
    }
    // One metric on all VMMs before the next, so that a machine that is slow for a while
    // is slow for both.
    for (name, metric) in metrics::ALL {
        for (bench, measured) in benches.iter().zip(&mut vmms) {
            bench.step(name);
            let mut samples: Samples = metric(bench)?;
            let (p50, p99) = (samples.percentile(50), samples.percentile(99));
            measured.metrics.push(Metric { name, p50, p99 });
        }
    }
    for (bench, measured) in benches.iter().zip(&mut vmms) {
        bench.step("memory");
        measured.memory_kib_per_sandbox = memory::per_sandbox(bench)?;
        bench.clear();
    }
    Ok(Figures { copy_gb_per_s, vmms, skipped })
}

/// An engine on each VMM that can be used; those that cannot are skipped, unless there
/// is no other.
fn open(options: &Survey) -> Result<(Vec<Bench>, Vec<Skipped>), Error> {
    let quiet = options.output.json;
    let (mut benches, mut skipped) = (Vec::new(), Vec::new());
    for kind in options.kinds() {
        if options.vmm.is_none() && !kind.is_compiled() {
            continue;
        }
        match Engine::builder().vmm(kind).build() {
            Ok(engine) => benches.push(Bench { engine, quiet }),
            Err(error) if error.kind() == ErrorKind::NoHypervisor => skipped.push((kind, error)),
            Err(error) => return Err(error),
        }
    }
    match skipped.pop_if(|_| benches.is_empty()) {
        Some((_, error)) => Err(error),
        None => Ok((benches, skipped)),
    }
}

impl Bench {
    /// Tells the person who waits what is being measured.
    fn step(&self, name: &str) {
        self.show(format_args!("{}: {name}", self.engine.vmm()));
    }

    fn clear(&self) {
        self.show(format_args!(""));
    }

    fn show(&self, text: std::fmt::Arguments<'_>) {
        if !self.quiet {
            // Progress that cannot be shown is not missed.
            let _ = write!(io::stderr(), "\r\x1b[K{text}").and_then(|()| io::stderr().flush());
        }
    }
}

impl Figures {
    fn to_json(&self) -> Value {
        let mut vmms: Map<_, _> =
            self.vmms.iter().map(|measured| (measured.kind.to_string(), measured.to_json())).collect();
        for (kind, error) in &self.skipped {
            vmms.insert(kind.to_string(), json!({ "error": error.to_string() }));
        }
        json!({ "copy_gb_per_s": (self.copy_gb_per_s * 10.0).round() / 10.0, "vmms": vmms })
    }
}

impl Measured {
    fn to_json(&self) -> Value {
        let mut metrics = Map::new();
        for Metric { name, p50, p99 } in &self.metrics {
            metrics.insert((*name).into(), json!({ "p50_us": micros(*p50), "p99_us": micros(*p99) }));
        }
        metrics.insert("memory_kib_per_sandbox".into(), json!(self.memory_kib_per_sandbox.round()));
        json!({ "floor": self.floor.as_ref().map(floor_json), "metrics": metrics })
    }
}
