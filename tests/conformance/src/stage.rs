//! The sandbox that a suite's files run in, one after the other.

use anyhow::{Context, Result};
use hypercell::{CallOptions, Engine, Error, ErrorKind, HostModule, Limits, Sandbox, Snapshot, Source};
use serde::de::IgnoredAny;
use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const MIB: u64 = 1 << 20;

/// What guest code of the harness reported by `report(kind, text, status, message)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) status: u32,
    pub(crate) message: String,
}

type Notes = Arc<Mutex<Vec<Note>>>;

/// How a piece of a file failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It threw, or something in it was rejected and not handled.
    Thrown { name: String, message: String },
    /// It does not parse, or does not link.
    Uncompiled { name: String, message: String },
    /// It reached the limit on time.
    Timeout(String),
    /// The guest faulted or gave up.
    Crash(String),
    /// It cannot be run at all: it is above a limit, say.
    Refused(String),
}

impl Failure {
    /// What happened, in a sentence.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Thrown { message, .. }
            | Self::Uncompiled { message, .. }
            | Self::Timeout(message)
            | Self::Crash(message)
            | Self::Refused(message) => message,
        }
    }
}

/// How a piece of a file ended. The outer error is the runner's or the host's, and ends
/// the run.
pub(crate) type Played = Result<Result<(), Failure>>;

/// A sandbox with the harness in it, and what it reported.
#[derive(Debug)]
pub(crate) struct Stage {
    sandbox: Sandbox,
    notes: Notes,
}

impl Stage {
    /// A sandbox in which `host`, a module, was evaluated; it may import `report` and
    /// `read` from `host:conformance`. The latter gives the text of a file, or null.
    pub(crate) fn new(
        engine: &Engine,
        host: &str,
        read: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self> {
        let notes = Notes::default();
        let sink = Arc::clone(&notes);
        let report =
            move |kind: String, text: Option<String>, status: Option<u32>, message: Option<String>| {
                let note = Note {
                    kind,
                    text: text.unwrap_or_default(),
                    status: status.unwrap_or_default(),
                    message: message.unwrap_or_default(),
                };
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(note);
            };
        let module = HostModule::new("conformance")
            .function("report", report)
            .function("read", move |path: String| read(&path));
        // Some files are made to need much; each of their results is a host call.
        let limits = Limits::default().heap(128 * MIB).input(16 * MIB).host_calls(u32::MAX.into());
        let mut sandbox = engine.sandbox().limits(limits).host_module(module).build()?;
        sandbox
            .eval::<IgnoredAny>(Source::new(host).named("host.js"))
            .context("the harness does not start")?;
        Ok(Self { sandbox, notes })
    }

    /// Runs a script that is the harness's.
    pub(crate) fn load(&mut self, name: &str, source: &str) -> Result<()> {
        self.sandbox
            .script::<IgnoredAny>(Source::new(&valueless(source)).named(name))
            .with_context(|| format!("{name} does not load"))?;
        Ok(())
    }

    /// Runs a script that a file includes.
    pub(crate) fn include(&mut self, name: &str, source: &str, limit: Duration) -> Played {
        self.script(name, &valueless(source), limit)
    }

    /// The state to return to.
    pub(crate) fn snapshot(&mut self) -> Result<Snapshot> {
        Ok(self.sandbox.snapshot()?)
    }

    /// Returns to `state`, whatever happened since.
    pub(crate) fn reset(&mut self, state: &Snapshot) -> Result<()> {
        self.take_notes();
        self.sandbox.restore(state).context("the sandbox cannot be restored")
    }

    /// What was reported since it was last asked.
    pub(crate) fn take_notes(&self) -> Vec<Note> {
        mem::take(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether something of this kind was reported.
    pub(crate) fn noted(&self, kind: &str) -> bool {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|note| note.kind == kind)
    }

    /// Runs a classic script; a promise that it ends with is awaited.
    pub(crate) fn script(&mut self, name: &str, source: &str, limit: Duration) -> Played {
        let source = Source::new(source).named(name);
        judge(self.sandbox.script_with::<IgnoredAny>(source, &options(limit)).map(drop))
    }

    /// Evaluates a module.
    pub(crate) fn module(&mut self, name: &str, source: &str, limit: Duration) -> Played {
        let source = Source::new(source).named(name);
        judge(self.sandbox.eval_with::<IgnoredAny>(source, &options(limit)).map(drop))
    }

    /// Lets modules import `namespace:name`.
    pub(crate) fn add_module(&mut self, namespace: &str, name: &str, source: &str) -> Played {
        judge(self.sandbox.add_module_in(namespace, name, source))
    }
}

/// A script without a value: the last one of the source can be something that does not
/// leave the sandbox, a function, say.
fn valueless(source: &str) -> String {
    format!("{source}\n;void 0;")
}

fn options(limit: Duration) -> CallOptions {
    CallOptions::new().wall(limit).cpu(limit).without_gc()
}

/// Tells what a test did from what went wrong on the host.
fn judge(result: hypercell::Result<()>) -> Played {
    let Err(error) = result else { return Ok(Ok(())) };
    let message = error.to_string();
    let name = |error: &Error| error.js().map(|js| js.name.clone()).unwrap_or_default();
    Ok(Err(match error.kind() {
        ErrorKind::Js => Failure::Thrown { name: name(&error), message },
        ErrorKind::Syntax => Failure::Uncompiled { name: name(&error), message },
        ErrorKind::Cancelled => Failure::Timeout(message),
        ErrorKind::GuestAbort => Failure::Crash(message),
        ErrorKind::InvalidArg | ErrorKind::Limit => Failure::Refused(message),
        _ => return Err(error.into()),
    }))
}
