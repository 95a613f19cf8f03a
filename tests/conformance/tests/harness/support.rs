//! Folders that go with a test, and what a run makes of them.

use hypercell::{Engine, ErrorKind};
use hypercell_conformance::{Case, Expectations, Folder, Options, Report, Run, Status, Suite, run};
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::OnceLock,
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// The limit for files that reach it.
pub(crate) const SHORT: Duration = Duration::from_secs(3);
/// The limit for files that do not: so large that a busy machine is no failure.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// The engine that the tests of a target share.
///
/// Without a usable hypervisor there is none: the test then returns, after a line on
/// standard error that the harness does not capture. Where `REQUIRE_HYPERVISOR` is `1` it
/// fails instead.
pub(crate) fn engine() -> Option<Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    let is_required = env::var_os("REQUIRE_HYPERVISOR").is_some_and(|value| value == "1");
    let engine = ENGINE.get_or_init(|| match Engine::new() {
        Ok(engine) => Some(engine),
        Err(error) if error.kind() == ErrorKind::NoHypervisor && !is_required => None,
        Err(error) => panic!("there is no engine: {error}"),
    });
    if engine.is_none() {
        let current = thread::current();
        let test = current.name().unwrap_or("a test");
        let line = format!("SKIPPED {test}: there is no usable hypervisor\n");
        io::stderr().write_all(line.as_bytes()).unwrap();
    }
    engine.clone()
}

/// One of the suites of this crate.
pub(crate) fn shipped(suite: Suite) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("suites").join(suite.as_str())
}

/// A suite of the test's own.
pub(crate) struct Files {
    suite: Suite,
    folder: TempDir,
    expectations: String,
    filter: Option<String>,
    timeout: Duration,
}

impl Files {
    pub(crate) fn of(suite: Suite) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { suite, folder, expectations: String::new(), filter: None, timeout: LONG }
    }

    /// Adds a file.
    pub(crate) fn with(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Sets the text of the expectations.
    pub(crate) fn expecting(mut self, expectations: &str) -> Self {
        expectations.clone_into(&mut self.expectations);
        self
    }

    pub(crate) fn filtered(mut self, text: &str) -> Self {
        self.filter = Some(text.to_owned());
        self
    }

    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs it; `None` without a hypervisor.
    pub(crate) fn run(&self) -> Option<Report> {
        self.try_run().map(Result::unwrap)
    }

    pub(crate) fn try_run(&self) -> Option<anyhow::Result<Report>> {
        let options = Options {
            engine: engine()?,
            expectations: Expectations::parse(&self.expectations).unwrap(),
            filter: self.filter.clone(),
            timeout: self.timeout,
        };
        let folder = Folder::open(self.path()).unwrap();
        Some(run(self.suite, &folder, &options, |_, _, _| ()))
    }
}

/// The run with this id.
#[track_caller]
pub(crate) fn of<'a>(report: &'a Report, id: &str) -> &'a Run {
    let ids: Vec<_> = report.runs.iter().map(|run| run.id.as_str()).collect();
    report.runs.iter().find(|run| run.id == id).unwrap_or_else(|| panic!("no {id:?} in {ids:?}"))
}

/// Checks how a run ended, and that its message says why.
#[track_caller]
pub(crate) fn ends(report: &Report, id: &str, status: Status, says: &str) {
    let run = of(report, id);
    assert_eq!(run.status, status, "{run:?}");
    assert!(run.message.contains(says), "{:?} does not say {says:?}", run.message);
}

/// The cases of a run that are not good.
pub(crate) fn bad(run: &Run) -> Vec<&Case> {
    run.cases.iter().filter(|case| !case.is_good()).collect()
}

/// What was not as expected, line by line.
pub(crate) fn surprises(report: &Report) -> Vec<String> {
    report.surprises.iter().map(ToString::to_string).collect()
}
