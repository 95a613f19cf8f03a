//! Results for people and for machines.

use crate::exit::{ExitStatus, status_of};
use hypercell::{CallStats, ConsoleLevel, Error, ErrorKind, Value};
use serde_json::{Value as Json, json};
use std::io::{self, Write};

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

/// Prints an outcome and says how the command ends.
pub(crate) fn print(outcome: &Outcome, stats: Option<CallStats>, as_json: bool) -> ExitStatus {
    let status = match outcome {
        Ok(_) => ExitStatus::Success,
        Err(Failed::Sandbox(error)) => status_of(error),
        Err(Failed::Guest(_)) => ExitStatus::Failure,
        Err(Failed::Usage(_)) => ExitStatus::Usage,
    };
    let written = if as_json {
        writeln!(io::stdout(), "{}", to_json(outcome, stats))
    } else {
        print_for_people(outcome)
    };
    match written {
        Ok(()) => status,
        // Whoever reads went away: nothing is left to be said to them.
        Err(_) => ExitStatus::Failure,
    }
}

fn to_json(outcome: &Outcome, stats: Option<CallStats>) -> Json {
    let stats = stats.map(|stats| {
        json!({
            "wall_us": micros(stats.wall),
            "cpu_us": micros(stats.cpu),
            "terminated_by": stats.terminated_by.map(|by| by.as_str()),
            "host_calls": stats.host_calls,
            "peak_heap_bytes": stats.peak_heap_bytes,
        })
    });
    match outcome {
        Ok(data) => json!({ "ok": true, "data": data, "stats": stats }),
        Err(failed) => {
            let (error, is_syntax_error) = match failed {
                Failed::Sandbox(error) | Failed::Guest(error) => {
                    (describe(error), error.kind() == ErrorKind::Syntax)
                }
                Failed::Usage(message) => {
                    let code = ErrorKind::InvalidArg.code();
                    (json!({ "code": code, "name": "Error", "message": message, "stack": "" }), false)
                }
            };
            json!({ "ok": false, "error": error, "isSyntaxError": is_syntax_error, "stats": stats })
        }
    }
}

fn describe(error: &Error) -> Json {
    match error.js() {
        Some(js) => json!({
            "code": error.code(), "name": js.name, "message": js.message, "stack": js.stack
        }),
        None => json!({ "code": error.code(), "name": "Error", "message": error.to_string(), "stack": "" }),
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
fn printable(text: &str) -> String {
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

/// Microseconds, with three digits behind the point.
pub(crate) fn micros(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1e9).round() / 1e3
}
