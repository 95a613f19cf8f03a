//! The figures for people: a row for each metric, a group of columns for each VMM.

use super::{Figures, Measured, Metric};
use crate::report::{FLOOR, FloorFigure, micros};
use std::{
    io::{self, Write},
    time::Duration,
};

/// Prints the table.
pub(super) fn print(figures: &Figures) -> io::Result<()> {
    let mut out = io::stdout();
    let vmms = &figures.vmms;
    write!(out, "{:<24}", "")?;
    for measured in vmms {
        write!(out, "{:>36}", measured.kind)?;
    }
    write!(out, "\n{:<24}", "metric")?;
    for _ in vmms {
        write!(out, "{:>12}{:>12}{:>12}", "p50", "p99", "p50 / exit")?;
    }
    writeln!(out)?;
    for FloorFigure { key, pick, .. } in FLOOR {
        let cells = vmms.iter().map(|measured| [measured.floor.as_ref().map(pick).map(text), None, None]);
        row(&mut out, &format!("floor: {key}"), cells)?;
    }
    let exit = exit(vmms);
    let rows = vmms.iter().map(|measured| measured.metrics.len()).max().unwrap_or_default();
    for at in 0..rows {
        let metrics: Vec<_> = vmms.iter().filter_map(|measured| measured.metrics.get(at)).collect();
        let cells = metrics.iter().map(|Metric { p50, p99, .. }| {
            let ratio = exit.map(|exit| format!("{:.2}", p50.as_secs_f64() / exit.as_secs_f64()));
            [Some(text(*p50)), Some(text(*p99)), ratio]
        });
        row(&mut out, metrics.first().map_or("", |metric| metric.name), cells)?;
    }
    let memory =
        vmms.iter().map(|measured| [Some(format!("{:.0} KiB", measured.memory_kib_per_sandbox)), None, None]);
    row(&mut out, "memory_per_sandbox", memory)?;
    writeln!(out, "\ncopying memory: {:.1} GB/s", figures.copy_gb_per_s)?;
    for (kind, error) in &figures.skipped {
        writeln!(out, "{kind}: not measured: {error}")?;
    }
    Ok(())
}

/// The exit that ratios are to: the floor is the host's, whichever VMM can tell it.
fn exit(vmms: &[Measured]) -> Option<Duration> {
    let floor = vmms.iter().find_map(|measured| measured.floor.as_ref())?;
    Some(floor.exit.max(Duration::from_nanos(1)))
}

fn row(
    out: &mut impl Write,
    name: &str,
    groups: impl Iterator<Item = [Option<String>; 3]>,
) -> io::Result<()> {
    write!(out, "{name:<24}")?;
    for cell in groups.flatten() {
        write!(out, "{:>12}", cell.as_deref().unwrap_or("-"))?;
    }
    writeln!(out)
}

fn text(time: Duration) -> String {
    format!("{:.1} µs", micros(time))
}
