//! JavaScript throughput in a VM, as a share of the same engine's in this process.
//!
//! Every kernel runs in turn natively and in a sandbox, and its checksum is checked
//! each time. `--json` prints one line of JSON, `--rounds N` sets the number of
//! rounds, and other arguments choose kernels by name.

use anyhow::{Context as _, ensure};
use hypercell::{CallOptions, Engine, Sandbox, Source};
use hypercell_benches::{
    kernels::{self, Kernel},
    limits,
    native::Native,
};
use serde_json::json;
use std::{
    env,
    time::{Duration, Instant},
};

/// Least share of native speed over all kernels.
const GOAL: f64 = 0.95;
/// Least share of native speed in a kernel that allocates a lot.
const GOAL_ALLOCATING: f64 = 0.9;

/// What the command line asks for.
struct Arguments {
    rounds: usize,
    json: bool,
    kernels: Vec<String>,
}

/// Times of one kernel: pairs of native and VM, one after the other.
struct Times {
    kernel: Kernel,
    pairs: Vec<(Duration, Duration)>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse()?;
    let engine = Engine::new()?;
    let mut all = Vec::new();
    if !arguments.json {
        println!(
            "{:<12}{:>14}{:>14}{:>10}{:>10}{:>8}   (best of {}; 1.0 = as fast as native)",
            "kernel", "native", "VM", "ratio", "median", "goal", arguments.rounds
        );
    }
    for kernel in kernels::ALL.iter().filter(|kernel| arguments.wants(kernel.name)) {
        let times = measure(&engine, *kernel, arguments.rounds)
            .with_context(|| format!("the kernel {} failed", kernel.name))?;
        if !arguments.json {
            times.print();
        }
        all.push(times);
    }
    ensure!(!all.is_empty(), "no kernel has such a name");
    let total = geometric_mean(&all, Times::best_ratio);
    let median = geometric_mean(&all, Times::median_ratio);
    if arguments.json {
        let kernels: Vec<_> = all.iter().map(Times::json).collect();
        println!("{}", json!({ "ratio": total, "median_ratio": median, "goal": GOAL, "kernels": kernels }));
    } else {
        println!("{:<40}{total:>10.3}{median:>10.3}{GOAL:>8}", "geometric mean");
    }
    Ok(())
}

/// Runs a kernel `rounds` times on each side, after once untimed.
fn measure(engine: &Engine, kernel: Kernel, rounds: usize) -> anyhow::Result<Times> {
    let mut native = Native::new()?;
    native.script(kernel.name, kernel.source)?;
    let expected: String = serde_json::from_str(&native.script("expected.js", kernels::EXPECTED)?)?;
    let mut sandbox = engine.sandbox().limits(limits::sandbox()).build()?;
    sandbox.script::<()>(Source::new(kernel.source).named(kernel.name))?;

    run_natively(&mut native, &expected)?;
    run_in_vm(&mut sandbox, &expected)?;
    let mut pairs = Vec::with_capacity(rounds);
    for round in 0..rounds {
        // Neither side is always the first.
        let pair = if round.is_multiple_of(2) {
            let native = run_natively(&mut native, &expected)?;
            (native, run_in_vm(&mut sandbox, &expected)?)
        } else {
            let vm = run_in_vm(&mut sandbox, &expected)?;
            (run_natively(&mut native, &expected)?, vm)
        };
        pairs.push(pair);
    }
    Ok(Times { kernel, pairs })
}

fn run_natively(native: &mut Native, expected: &str) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let result = native.script("run.js", kernels::RUN)?;
    let time = started.elapsed();
    let result: String = serde_json::from_str(&result)?;
    ensure!(result == expected, "it computed {result} natively, and not {expected}");
    Ok(time)
}

fn run_in_vm(sandbox: &mut Sandbox, expected: &str) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let source = Source::new(kernels::RUN).named("run.js");
    let result: Option<String> = sandbox.script_with(source, &CallOptions::new().without_gc())?;
    let time = started.elapsed();
    ensure!(result.as_deref() == Some(expected), "it computed {result:?} in the VM, and not {expected}");
    Ok(time)
}

impl Times {
    /// The fastest round of each side: what is left when nobody else disturbs.
    fn best(&self) -> (Duration, Duration) {
        let native = self.pairs.iter().map(|pair| pair.0).min().unwrap_or_default();
        let vm = self.pairs.iter().map(|pair| pair.1).min().unwrap_or_default();
        (native, vm)
    }

    fn best_ratio(&self) -> f64 {
        ratio(self.best())
    }

    /// The median over the rounds' own ratios.
    fn median_ratio(&self) -> f64 {
        let mut ratios: Vec<f64> = self.pairs.iter().copied().map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn goal(&self) -> Option<f64> {
        self.kernel.allocates.then_some(GOAL_ALLOCATING)
    }

    fn print(&self) {
        let (native, vm) = self.best();
        let goal = self.goal().map(|goal| goal.to_string()).unwrap_or_default();
        println!(
            "{:<12}{:>11.2} ms{:>11.2} ms{:>10.3}{:>10.3}{goal:>8}",
            self.kernel.name,
            milliseconds(native),
            milliseconds(vm),
            self.best_ratio(),
            self.median_ratio(),
        );
    }

    fn json(&self) -> serde_json::Value {
        let (native, vm) = self.best();
        json!({
            "name": self.kernel.name,
            "native_ms": milliseconds(native),
            "vm_ms": milliseconds(vm),
            "ratio": self.best_ratio(),
            "median_ratio": self.median_ratio(),
            "goal": self.goal(),
        })
    }
}

fn ratio((native, vm): (Duration, Duration)) -> f64 {
    native.as_secs_f64() / vm.as_secs_f64()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn geometric_mean(all: &[Times], ratio: fn(&Times) -> f64) -> f64 {
    let logarithms: f64 = all.iter().map(|times| ratio(times).ln()).sum();
    (logarithms / all.len() as f64).exp()
}

impl Arguments {
    fn parse() -> anyhow::Result<Self> {
        // `cargo bench` says `--bench`; `cargo test --benches` does not, and only
        // wants to see that everything runs.
        let mut parsed = Self { rounds: 1, json: false, kernels: Vec::new() };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--bench" => parsed.rounds = parsed.rounds.max(15),
                "--json" => parsed.json = true,
                "--rounds" => {
                    let number = arguments.next().context("--rounds needs a number")?;
                    parsed.rounds = number.parse().context("--rounds needs a number")?;
                    ensure!(parsed.rounds > 0, "--rounds needs a number above zero");
                }
                name => {
                    ensure!(!name.starts_with('-'), "unknown option {name}");
                    parsed.kernels.push(name.to_owned());
                }
            }
        }
        Ok(parsed)
    }

    fn wants(&self, kernel: &str) -> bool {
        self.kernels.is_empty() || self.kernels.iter().any(|name| name == kernel)
    }
}
