//! What a step does.

use crate::{
    outcome::{Clipped, Ending, render},
    runner::Runner,
};
use hypercell::Value;
use std::{fmt, time::Duration};

/// What a step does, see the methods of [`Runner`].
#[derive(Debug, Clone)]
pub(crate) enum Action {
    AddModule(String, String),
    AddHandler(String, String),
    RemoveHandler(String),
    Call(String, Value),
    CallJson(String, String),
    Eval(String, String),
    Script(String, String),
    Validate(String, String),
    Snapshot,
    Restore(usize),
    Unload,
    EvalWithin(Duration, String),
}

impl Action {
    pub(crate) fn run_on(&self, runner: &mut dyn Runner) -> Ending {
        match self {
            Self::AddModule(specifier, source) => runner.add_module(specifier, source),
            Self::AddHandler(key, source) => runner.add_handler(key, source),
            Self::RemoveHandler(key) => runner.remove_handler(key),
            Self::Call(key, event) => runner.call(key, event),
            Self::CallJson(key, event) => runner.call_json(key, event),
            Self::Eval(name, source) => runner.eval(name, source),
            Self::Script(name, source) => runner.script(name, source),
            Self::Validate(name, source) => runner.validate(name, source),
            Self::Snapshot => runner.snapshot(),
            Self::Restore(snapshot) => runner.restore(*snapshot),
            Self::Unload => runner.unload(),
            Self::EvalWithin(limit, source) => runner.eval_within(*limit, source),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddModule(specifier, source) => write!(f, "module {specifier}: {}", Clipped(source)),
            Self::AddHandler(key, source) => write!(f, "handler {key}: {}", Clipped(source)),
            Self::RemoveHandler(key) => write!(f, "remove handler {key}"),
            Self::Call(key, event) => write!(f, "call {key} with {}", Clipped(&render(event))),
            Self::CallJson(key, event) => write!(f, "call {key} with {}", Clipped(event)),
            Self::Eval(name, source) => write!(f, "eval {name}: {}", Clipped(source)),
            Self::Script(name, source) => write!(f, "script {name}: {}", Clipped(source)),
            Self::Validate(name, source) => write!(f, "validate {name}: {}", Clipped(source)),
            Self::Snapshot => write!(f, "snapshot"),
            Self::Restore(snapshot) => write!(f, "restore snapshot {snapshot}"),
            Self::Unload => write!(f, "unload"),
            Self::EvalWithin(limit, source) => write!(f, "eval within {limit:?}: {}", Clipped(source)),
        }
    }
}
