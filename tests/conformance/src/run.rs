//! A run: all files of a suite, each in a clean sandbox.

use crate::{
    expectations::Expectations,
    folder::{self, Folder},
    report::Report,
    test262::Test262,
    wpt::Wpt,
};
use anyhow::{Result, bail};
use hypercell::Engine;
use serde::Serialize;
use std::{
    fmt,
    time::{Duration, Instant},
};

/// The format of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Suite {
    /// <https://web-platform-tests.org>: `.any.js` files for testharness.js.
    Wpt,
    /// <https://github.com/tc39/test262>: files with frontmatter.
    Test262,
}

impl Suite {
    /// The suite's name: `wpt` or `test262`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wpt => "wpt",
            Self::Test262 => "test262",
        }
    }
}

/// How one run of a file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As the file asks.
    Pass,
    /// Otherwise.
    Fail,
    /// The file, or something that it includes, could not be run to its end.
    Error,
    /// Not in time, or it waits for what never comes.
    Timeout,
    /// The guest faulted.
    Crash,
    /// It was not run.
    Skip,
}

impl Status {
    /// All of them, in the order of a report's columns.
    pub const ALL: [Self; 6] = [Self::Pass, Self::Fail, Self::Error, Self::Timeout, Self::Crash, Self::Skip];

    /// The status's name, e.g. `timeout`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Timeout => "timeout",
            Self::Crash => "crash",
            Self::Skip => "skip",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How one test of a web-platform-tests file ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
    /// Its assertions hold.
    Pass,
    /// One does not.
    Fail,
    /// It forced a timeout.
    Timeout,
    /// It did not get its turn.
    NotRun,
    /// It is of an optional feature that is not there.
    Optional,
}

/// One test of a web-platform-tests file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// Its name, unique in its file.
    pub name: String,
    /// How it ended.
    pub status: CaseStatus,
    /// Why it did not pass; else empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl Case {
    /// Whether it ended as it must.
    #[must_use]
    pub fn is_good(&self) -> bool {
        matches!(self.status, CaseStatus::Pass | CaseStatus::Optional)
    }
}

/// One run of a file: of one variant, or in one mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The file's path in its suite.
    pub file: String,
    /// The file's path with the variant (`a.any.js?1-100`) or the mode (`a.js (strict)`).
    pub id: String,
    /// How it ended.
    pub status: Status,
    /// Why it did not pass, or was skipped; else empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// The tests in it, when the suite has several in a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
}

impl Run {
    pub(crate) fn new(file: &str, variant: &str, status: Status, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            id: format!("{file}{variant}"),
            status,
            message: message.into(),
            cases: Vec::new(),
        }
    }

    pub(crate) fn skipped(file: &str, why: impl Into<String>) -> Self {
        Self::new(file, "", Status::Skip, why)
    }
}

/// What a run is made of, next to its suite and folder.
#[derive(Debug, Clone)]
pub struct Options {
    /// Makes the sandbox.
    pub engine: Engine,
    /// What is known not to pass.
    pub expectations: Expectations,
    /// Only files with this text in their path.
    pub filter: Option<String>,
    /// Wall clock and CPU time of each script of a file, from 1 ms to 10 min. Files that
    /// ask for a long timeout get six times as much.
    pub timeout: Duration,
}

/// Plays the files of one suite.
pub(crate) trait Player {
    /// The files, skipped ones included.
    fn files(&self) -> Result<Vec<String>>;

    /// All runs of one file.
    fn play(&mut self, file: &str) -> Result<Vec<Run>>;
}

/// Runs the files of `folder`. `progress` gets each file before it is run, with its number
/// from 0 and their count.
///
/// # Errors
/// When the folder cannot be read or has no file to run, the harness in it does not load,
/// or the host fails. What tests do is in the report.
pub fn run(
    suite: Suite,
    folder: &Folder,
    options: &Options,
    mut progress: impl FnMut(&str, usize, usize),
) -> Result<Report> {
    let began = Instant::now();
    let mut player: Box<dyn Player> = match suite {
        Suite::Wpt => Box::new(Wpt::new(folder, options)?),
        Suite::Test262 => Box::new(Test262::new(folder, options)?),
    };
    let mut files = player.files()?;
    if let Some(filter) = &options.filter {
        files.retain(|file| file.contains(filter.as_str()));
    }
    if files.is_empty() {
        let filter = options.filter.as_ref().map(|text| format!(" with {text:?} in its path"));
        bail!(
            "there is no file of {} in {}{}",
            suite.as_str(),
            folder.path().display(),
            filter.unwrap_or_default()
        );
    }
    let mut runs = Vec::new();
    for (at, file) in files.iter().enumerate() {
        progress(file, at, files.len());
        match options.expectations.skip(file) {
            Some(why) => runs.push(Run::skipped(file, why)),
            None => runs.extend(player.play(file)?),
        }
    }
    let surprises = options.expectations.check(&runs, options.filter.as_deref());
    Ok(Report::new(suite, options.engine.vmm(), began.elapsed(), runs, surprises))
}

/// The folder that a run is counted under: two levels are what a person can read.
pub(crate) fn group(file: &str) -> String {
    let folder = folder::parent(file);
    let end = folder.match_indices('/').nth(1).map_or(folder.len(), |(at, _)| at);
    folder.get(..end).filter(|name| !name.is_empty()).unwrap_or(".").to_owned()
}
