//! What must come of a step.

use crate::outcome::{Ending, Failure, Outcome};
use hypercell::ErrorKind;
use std::fmt::Display;

/// What must come of a step, and whether of the native engine, too.
pub(crate) struct Must {
    all: Vec<One>,
    /// Why only VMs can do the step, if so.
    pub(crate) only_vms: Option<&'static str>,
    /// Why the words of its error differ from runner to runner, if so.
    roughly: Option<&'static str>,
}

enum One {
    Succeed,
    Give(String),
    GiveNothing,
    /// Kind, and `name: message`.
    Fail(ErrorKind, String),
    /// Kind, and parts of `name: message`.
    FailWith(ErrorKind, Vec<String>),
    Code(String),
    Stack(Vec<String>),
    Tell(Vec<String>),
    TellTimes(usize),
}

fn one(one: One) -> Must {
    Must { all: vec![one], only_vms: None, roughly: None }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// It does not fail; what it gives is compared, and nothing is said about it.
pub(crate) fn succeeds() -> Must {
    one(One::Succeed)
}

/// It gives this value, see [`render`](crate::outcome::render).
pub(crate) fn gives(value: impl Display) -> Must {
    one(One::Give(value.to_string()))
}

/// It gives `undefined`.
pub(crate) fn gives_nothing() -> Must {
    one(One::GiveNothing)
}

/// It fails with an exception of guest code: `name: message`.
pub(crate) fn throws(words: &str) -> Must {
    one(One::Fail(ErrorKind::Js, words.into()))
}

/// As [`throws`], with parts of the words.
pub(crate) fn throws_with(parts: &[&str]) -> Must {
    fails(ErrorKind::Js, parts)
}

/// It fails in this way, with these parts of the words.
pub(crate) fn fails(kind: ErrorKind, parts: &[&str]) -> Must {
    one(One::FailWith(kind, owned(parts)))
}

impl Must {
    fn and(mut self, one: One) -> Self {
        self.all.push(one);
        self
    }

    /// The error has this `code`.
    pub(crate) fn code(self, code: &str) -> Self {
        self.and(One::Code(code.into()))
    }

    /// The stack starts with these lines; their `at` is left out.
    pub(crate) fn at(self, lines: &[&str]) -> Self {
        self.and(One::Stack(owned(lines)))
    }

    /// There are exactly these lines of the console and host calls.
    pub(crate) fn telling(self, events: &[&str]) -> Self {
        self.and(One::Tell(owned(events)))
    }

    /// There are so many lines of the console and host calls.
    pub(crate) fn telling_times(self, count: usize) -> Self {
        self.and(One::TellTimes(count))
    }

    /// Only VMs do the step, for this reason; what comes after must not depend on it.
    pub(crate) fn only_on_vms(mut self, reason: &'static str) -> Self {
        self.only_vms = Some(reason);
        self
    }

    /// Of the error, only kind and name are compared, for this reason.
    pub(crate) fn roughly(mut self, reason: &'static str) -> Self {
        self.roughly = Some(reason);
        self
    }

    /// Whether two runners came to the same.
    pub(crate) fn agree(&self, one: &Outcome, other: &Outcome) -> bool {
        match (&one.ending, &other.ending) {
            (Ending::Failed(a), Ending::Failed(b)) if self.roughly.is_some() => {
                (a.kind, &a.name, &one.events) == (b.kind, &b.name, &other.events)
            }
            _ => one == other,
        }
    }

    /// What must come of the step and did not, if so.
    pub(crate) fn unmet(&self, outcome: &Outcome) -> Option<String> {
        self.all.iter().find(|one| !one.is_met(outcome)).map(One::what)
    }
}

impl One {
    fn is_met(&self, outcome: &Outcome) -> bool {
        let fails = |is: &dyn Fn(&Failure) -> bool| match &outcome.ending {
            Ending::Failed(failure) => is(failure),
            _ => false,
        };
        match self {
            Self::Succeed => !fails(&|_| true),
            Self::Give(value) => outcome.ending == Ending::Value(value.clone()),
            Self::GiveNothing => outcome.ending == Ending::Done,
            Self::Fail(kind, words) => fails(&|f| f.kind == *kind && f.words() == *words),
            Self::FailWith(kind, parts) => {
                fails(&|f| f.kind == *kind && parts.iter().all(|part| f.words().contains(part)))
            }
            Self::Code(code) => fails(&|f| f.code.as_ref() == Some(code)),
            Self::Stack(lines) => fails(&|f| {
                let stack = f.stack.lines().map(|line| line.trim().trim_start_matches("at "));
                stack.take(lines.len()).eq(lines.iter().map(String::as_str))
            }),
            Self::Tell(events) => outcome.events == *events,
            Self::TellTimes(count) => outcome.events.len() == *count,
        }
    }

    /// What it must do.
    fn what(&self) -> String {
        match self {
            Self::Succeed => "succeed".into(),
            Self::Give(value) => format!("give {value}"),
            Self::GiveNothing => "give nothing".into(),
            Self::Fail(kind, words) => format!("fail with {kind}: {words}"),
            Self::FailWith(kind, parts) => format!("fail with {kind} and say {parts:?}"),
            Self::Code(code) => format!("fail with the code {code}"),
            Self::Stack(lines) => format!("fail at {lines:?}"),
            Self::Tell(events) => format!("tell {events:?}"),
            Self::TellTimes(count) => format!("tell {count} times"),
        }
    }
}
