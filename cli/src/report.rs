//! Results for people and for machines.

use crate::exit::{ExitStatus, status_of};
use hypercell::{CallStats, ConsoleLevel, Error, ErrorKind, Floor, Termination, Value, VmmKind};
use serde::Serialize;
use std::{
    borrow::Cow,
    io::{self, Write},
    time::Duration,
};

/// What a run ended with.
pub(crate) type Outcome = Result<Option<Value>, Failed>;

/// Why a run failed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The sandbox said no.
    Sandbox(Error),
    /// The guest's own fault, though its request was malformed: a handler that
    /// returns `undefined`, say.
    Guest(Error),
    /// The arguments are wrong: a file that cannot be read, an event that is not
    /// JSON.
    Usage(String),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Sandbox(error)
    }
}

/// What ran, if it came to that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ran {
    /// The VMM that it ran on.
    pub(crate) vmm: VmmKind,
    /// What the last call cost.
    pub(crate) stats: CallStats,
}

/// Prints an outcome and says how the command ends.
pub(crate) fn print(outcome: &Outcome, ran: Option<Ran>, as_json: bool) -> ExitStatus {
    let status = match outcome {
        Ok(_) => ExitStatus::Success,
        Err(Failed::Sandbox(error)) => status_of(error),
        Err(Failed::Guest(_)) => ExitStatus::Failure,
        Err(Failed::Usage(_)) => ExitStatus::Usage,
    };
    let written = if as_json {
        serde_json::to_string(&to_line(outcome, ran))
            .map_err(io::Error::other)
            .and_then(|line| writeln!(io::stdout(), "{line}"))
    } else {
        print_for_people(outcome)
    };
    match written {
        Ok(()) => status,
        // Whoever reads went away: nothing is left to be said to them.
        Err(_) => ExitStatus::Failure,
    }
}

/// The line for machines. The fields are in the order of their declaration.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Success {
        ok: bool,
        data: &'a Option<Value>,
        vmm: Option<&'static str>,
        stats: Option<Stats>,
    },
    Failure {
        ok: bool,
        error: Described<'a>,
        #[serde(rename = "isSyntaxError")]
        is_syntax_error: bool,
        vmm: Option<&'static str>,
        stats: Option<Stats>,
    },
}

#[derive(Serialize)]
pub(crate) struct Stats {
    wall_us: f64,
    cpu_us: f64,
    terminated_by: Option<&'static str>,
    host_calls: u64,
    peak_heap_bytes: u64,
}

impl Stats {
    pub(crate) fn of(stats: &CallStats) -> Self {
        Self {
            wall_us: micros(stats.wall),
            cpu_us: micros(stats.cpu),
            terminated_by: stats.terminated_by.map(Termination::as_str),
            host_calls: stats.host_calls,
            peak_heap_bytes: stats.peak_heap_bytes,
        }
    }
}

#[derive(Serialize)]
struct Described<'a> {
    code: &'static str,
    name: &'a str,
    message: Cow<'a, str>,
    stack: &'a str,
}

fn to_line(outcome: &Outcome, ran: Option<Ran>) -> Line<'_> {
    let vmm = ran.map(|ran| ran.vmm.as_str());
    let stats = ran.map(|ran| Stats::of(&ran.stats));
    match outcome {
        Ok(data) => Line::Success { ok: true, data, vmm, stats },
        Err(failed) => {
            let (error, is_syntax_error) = match failed {
                Failed::Sandbox(error) | Failed::Guest(error) => {
                    (describe(error), error.kind() == ErrorKind::Syntax)
                }
                Failed::Usage(message) => {
                    let code = ErrorKind::InvalidArg.code();
                    (Described { code, name: "Error", message: message.into(), stack: "" }, false)
                }
            };
            Line::Failure { ok: false, error, is_syntax_error, vmm, stats }
        }
    }
}

fn describe(error: &Error) -> Described<'_> {
    let code = error.code();
    match error.js() {
        Some(js) => Described { code, name: &js.name, message: js.message.as_str().into(), stack: &js.stack },
        None => Described { code, name: "Error", message: error.to_string().into(), stack: "" },
    }
}

fn print_for_people(outcome: &Outcome) -> io::Result<()> {
    match outcome {
        Ok(None) => Ok(()),
        Ok(Some(Value::String(text))) => writeln!(io::stdout(), "{text}"),
        // Bytes are for pipes.
        Ok(Some(Value::Bytes(bytes))) => io::stdout().write_all(bytes),
        Ok(Some(value)) => {
            let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
            writeln!(io::stdout(), "{text}")
        }
        Err(Failed::Sandbox(error) | Failed::Guest(error)) => {
            let code = error.code();
            writeln!(io::stderr(), "hypercell: {code}: {}", printable(&error.to_string()))?;
            match error.js() {
                Some(js) if !js.stack.is_empty() => {
                    writeln!(io::stderr(), "{}", printable(js.stack.trim_end()))
                }
                _ => Ok(()),
            }
        }
        Err(Failed::Usage(message)) => writeln!(io::stderr(), "hypercell: {message}"),
    }
}

/// Prints a line of the guest's console.
pub(crate) fn console(level: ConsoleLevel, text: &str) {
    // A closed standard error loses the guest's words and nothing else.
    let _ = writeln!(io::stderr(), "{level}: {}", printable(text));
}

/// The guest's text without control characters, which a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\t') {
            printable.extend(c.escape_default());
        } else {
            printable.push(c);
        }
    }
    printable
}

/// One figure of a floor.
pub(crate) struct FloorFigure {
    /// Its name in tables; with `_us` behind it, in JSON.
    pub(crate) key: &'static str,
    /// What it is of.
    pub(crate) meaning: &'static str,
    pub(crate) pick: fn(&Floor) -> Duration,
}

/// The figures of a floor.
pub(crate) const FLOOR: [FloorFigure; 3] = [
    FloorFigure { key: "exit", meaning: "leaving and entering a guest", pick: |floor| floor.exit },
    FloorFigure { key: "ioctl", meaning: "a system call on a virtual CPU", pick: |floor| floor.ioctl },
    FloorFigure {
        key: "vm_create",
        meaning: "creating and closing an empty VM",
        pick: |floor| floor.vm_create,
    },
];

/// A floor in microseconds.
pub(crate) fn floor_json(floor: &Floor) -> serde_json::Value {
    FLOOR.iter().map(|figure| (format!("{}_us", figure.key), micros((figure.pick)(floor)))).collect()
}

/// Microseconds, with three digits behind the point.
pub(crate) fn micros(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e9).round() / 1e3
}
