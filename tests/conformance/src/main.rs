//! The `hypercell-conformance` command.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use hypercell::{Engine, ErrorKind, VmmKind};
use hypercell_conformance::{Expectations, Folder, Options, Report, Suite, run};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

/// Surprises that are printed; the report has all.
const SHOWN: usize = 200;

/// Runs conformance suites in Hypercell sandboxes. The exit status is 0 when all is as
/// expected, 1 when something is not, 2 for wrong use, 3 without a hypervisor.
#[derive(Debug, Parser)]
#[command(name = "hypercell-conformance", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    suite: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the `.any.js` files of a checkout of web-platform-tests.
    Wpt(Arguments),
    /// Runs the files of a checkout of test262.
    Test262(Arguments),
}

#[derive(Debug, Args)]
struct Arguments {
    /// The suite: a checkout, or a folder of the same form.
    dir: PathBuf,
    /// Writes a report with each run.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What is known not to pass. Without it, `expectations.toml` in DIR, if there is one.
    #[arg(long, value_name = "FILE")]
    expectations: Option<PathBuf>,
    /// Writes expectations that this run meets; those that were there keep their reasons.
    #[arg(long, value_name = "FILE", conflicts_with = "filter")]
    record: Option<PathBuf>,
    /// Only files with this text in their path.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Limit on the time of each script, e.g. 500ms, up to 10min. Files that ask for a long
    /// timeout get six times as much.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = timeout)]
    timeout: Duration,
    /// The VMM that runs the sandbox. Without it the environment variable HYPERCELL_VMM
    /// names it, or else it is the one that suits this machine.
    #[arg(long, value_name = "kvm|hyperlight")]
    vmm: Option<VmmKind>,
}

fn timeout(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let bounds = Duration::from_millis(1)..=Duration::from_secs(600);
    if bounds.contains(&time) { Ok(time) } else { Err("it must be from 1ms to 10min".into()) }
}

fn main() -> ExitCode {
    let (suite, arguments) = match Cli::parse().suite {
        Command::Wpt(arguments) => (Suite::Wpt, arguments),
        Command::Test262(arguments) => (Suite::Test262, arguments),
    };
    match play(suite, &arguments) {
        Ok(report) if report.surprises.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            let kind = error.downcast_ref::<hypercell::Error>().map(hypercell::Error::kind);
            ExitCode::from(if kind == Some(ErrorKind::NoHypervisor) { 3 } else { 1 })
        }
    }
}

fn play(suite: Suite, arguments: &Arguments) -> Result<Report> {
    let folder = Folder::open(&arguments.dir)?;
    let beside = folder.path().join("expectations.toml");
    let expectations = arguments.expectations.clone().or_else(|| beside.exists().then_some(beside));
    let expectations =
        expectations.map_or_else(|| Ok(Expectations::default()), |path| Expectations::read(&path))?;
    let mut engine = Engine::builder();
    if let Some(kind) = arguments.vmm {
        engine = engine.vmm(kind);
    }
    let options = Options {
        engine: engine.build()?,
        expectations,
        filter: arguments.filter.clone(),
        timeout: arguments.timeout,
    };

    // It draws on a terminal only.
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template("{pos}/{len} [{elapsed}, {eta} left] {wide_msg}")?);
    let report = run(suite, &folder, &options, |file, at, count| {
        bar.set_length(count as u64);
        bar.set_position(at as u64);
        bar.set_message(file.escape_default().to_string());
    })?;
    bar.finish_and_clear();

    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text).with_context(|| format!("cannot write the report to {}", path.display()))?;
    }
    if let Some(path) = &arguments.record {
        let text = options.expectations.recorded(&report.runs).to_toml()?;
        fs::write(path, text).with_context(|| format!("cannot write expectations to {}", path.display()))?;
    }
    match io::stdout().write_all(summary(&report).as_bytes()) {
        // Who reads has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(report),
    }
}

/// The report for people.
fn summary(report: &Report) -> String {
    let mut text = report.to_string();
    for surprise in report.surprises.iter().take(SHOWN) {
        text += &format!("unexpected: {}\n", printable(&surprise.to_string()));
    }
    if let Some(more) = report.surprises.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text += &format!("unexpected: {more} more, which --json FILE tells\n");
    }
    let (all, skipped, unexpected) = (report.runs.len(), report.total.skip, report.surprises.len());
    let (vmm, seconds) = (report.vmm, report.seconds);
    text + &format!("{} of {all} ran on {vmm} in {seconds:.1} s; {unexpected} unexpected\n", all - skipped)
}

/// A test's own words, for a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .take(1000)
        .flat_map(|letter| if letter.is_control() { letter.escape_default().collect() } else { vec![letter] })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
