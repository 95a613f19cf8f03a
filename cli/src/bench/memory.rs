//! What an idle sandbox keeps of the machine's memory.

use super::{Bench, metrics::prepared};
use anyhow::Context;
use hypercell::CallOptions;
use std::fs;

/// Sandboxes that are alive at once.
const ALIVE: usize = 200;

/// KiB that each of many idle sandboxes takes that were called and restored: of the
/// process and of the kernel together.
pub(super) fn per_sandbox(bench: &Bench) -> anyhow::Result<f64> {
    let (_sandbox, snapshot, event) = prepared(bench)?;
    let idle = || -> anyhow::Result<_> {
        let mut sandbox = snapshot.spawn()?;
        sandbox.call_json("bench", &event, &CallOptions::new().without_gc())?;
        sandbox.restore(&snapshot)?;
        Ok(sandbox)
    };
    // What all share is there before the first is counted, and so are the virtual
    // machines that wait for a sandbox.
    let mut sandboxes = (0..ALIVE / 10).map(|_| idle()).collect::<anyhow::Result<Vec<_>>>()?;
    let before = used_kib()?;
    for _ in 0..ALIVE {
        sandboxes.push(idle()?);
    }
    Ok((used_kib()? - before) / ALIVE as f64)
}

/// KiB in use: what the kernel charges to this process's control group, its own memory
/// for it included, or else what the whole machine has less available.
fn used_kib() -> anyhow::Result<f64> {
    match control_group_bytes() {
        Some(bytes) => Ok(bytes / 1024.0),
        None => Ok(-available_kib()?),
    }
}

fn control_group_bytes() -> Option<f64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    groups.lines().find_map(|line| {
        let (_, controllers_and_path) = line.split_once(':')?;
        let file = match controllers_and_path.split_once(':')? {
            ("", path) => format!("/sys/fs/cgroup{path}/memory.current"),
            ("memory", path) => format!("/sys/fs/cgroup/memory{path}/memory.usage_in_bytes"),
            _ => return None,
        };
        fs::read_to_string(file).ok()?.trim().parse().ok()
    })
}

fn available_kib() -> anyhow::Result<f64> {
    let text = fs::read_to_string("/proc/meminfo").context("cannot read /proc/meminfo")?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.context("/proc/meminfo has no MemAvailable")?.parse().context("MemAvailable is no number")
}
