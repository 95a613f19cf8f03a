//! What an idle sandbox keeps of the machine's memory.

use super::{Bench, metrics::prepared};
use anyhow::Context;
use std::fs;

/// Sandboxes that are alive at once.
const ALIVE: usize = 200;

/// KiB that the machine has less available for each of many idle sandboxes that were
/// called and restored: process and kernel together.
pub(super) fn per_sandbox(bench: &Bench) -> anyhow::Result<f64> {
    let (_sandbox, snapshot, event) = prepared(bench)?;
    // What all share is there before the first is counted.
    let mut first = snapshot.spawn()?;
    let _: String = first.call_json("bench", &event, &hypercell::CallOptions::new())?;
    first.restore(&snapshot)?;

    let before = available_kib()?;
    let mut sandboxes = Vec::with_capacity(ALIVE);
    for _ in 0..ALIVE {
        let mut sandbox = snapshot.spawn()?;
        let _: String = sandbox.call_json("bench", &event, &hypercell::CallOptions::new())?;
        sandbox.restore(&snapshot)?;
        sandboxes.push(sandbox);
    }
    let after = available_kib()?;
    Ok((before - after) / ALIVE as f64)
}

fn available_kib() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/meminfo").context("cannot read /proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.context("/proc/meminfo has no MemAvailable")?.parse().context("MemAvailable is no number")
}
