//! What came out of a run, for people and for programs.

use crate::{
    expectations::Surprise,
    run::{CaseStatus, Run, Status, Suite, group},
};
use hypercell::VmmKind;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
    time::Duration,
};

/// How many runs ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Runs that passed.
    pub pass: usize,
    /// Runs that failed.
    pub fail: usize,
    /// Runs that could not be made.
    pub error: usize,
    /// Runs that did not end.
    pub timeout: usize,
    /// Runs that took the guest down.
    pub crash: usize,
    /// Files that were not run.
    pub skip: usize,
    /// Tests in the files of web-platform-tests.
    pub cases: usize,
    /// Those of them that passed.
    pub cases_passed: usize,
}

impl Counts {
    fn add(&mut self, run: &Run) {
        *match run.status {
            Status::Pass => &mut self.pass,
            Status::Fail => &mut self.fail,
            Status::Error => &mut self.error,
            Status::Timeout => &mut self.timeout,
            Status::Crash => &mut self.crash,
            Status::Skip => &mut self.skip,
        } += 1;
        self.cases += run.cases.len();
        self.cases_passed += run.cases.iter().filter(|case| case.status == CaseStatus::Pass).count();
    }

    /// The runs that ended in this way.
    #[must_use]
    pub const fn of(&self, status: Status) -> usize {
        match status {
            Status::Pass => self.pass,
            Status::Fail => self.fail,
            Status::Error => self.error,
            Status::Timeout => self.timeout,
            Status::Crash => self.crash,
            Status::Skip => self.skip,
        }
    }
}

/// What came out of a run. Its JSON form is the one of `--json`; its text has the counts.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The suite's format.
    pub suite: Suite,
    /// The VMM that ran it.
    pub vmm: &'static str,
    /// Seconds that it took.
    pub seconds: f64,
    /// The sum of all folders.
    pub total: Counts,
    /// By folder, two levels deep.
    pub folders: BTreeMap<String, Counts>,
    /// Why files were skipped, and how many.
    pub skipped: BTreeMap<String, usize>,
    /// What is not as expected.
    pub surprises: Vec<Surprise>,
    /// Each run.
    pub runs: Vec<Run>,
}

impl Report {
    pub(crate) fn new(
        suite: Suite,
        vmm: VmmKind,
        took: Duration,
        runs: Vec<Run>,
        surprises: Vec<Surprise>,
    ) -> Self {
        let mut total = Counts::default();
        let mut folders = BTreeMap::<_, Counts>::new();
        let mut skipped = BTreeMap::<_, usize>::new();
        for run in &runs {
            total.add(run);
            folders.entry(group(&run.file)).or_default().add(run);
            if run.status == Status::Skip {
                *skipped.entry(run.message.clone()).or_default() += 1;
            }
        }
        let seconds = took.as_secs_f64();
        Self { suite, vmm: vmm.as_str(), seconds, total, folders, skipped, surprises, runs }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self.folders.keys().map(String::len).max().unwrap_or_default().max("folder".len());
        write!(f, "{:width$}", "folder")?;
        for status in Status::ALL {
            write!(f, "  {status:>7}")?;
        }
        let has_cases = self.total.cases > 0;
        writeln!(f, "{}", if has_cases { "          tests" } else { "" })?;
        let rows = self.folders.iter().map(|(name, counts)| (name.as_str(), counts));
        for (name, counts) in rows.chain([("total", &self.total)]) {
            write!(f, "{name:width$}")?;
            for status in Status::ALL {
                write!(f, "  {:>7}", counts.of(status))?;
            }
            if has_cases {
                write!(f, "  {:>6}/{}", counts.cases_passed, counts.cases)?;
            }
            writeln!(f)?;
        }
        for (why, count) in &self.skipped {
            writeln!(f, "skipped {count}: {why}")?;
        }
        Ok(())
    }
}
