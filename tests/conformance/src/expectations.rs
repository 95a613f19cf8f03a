//! What is known not to pass, and what differs from that.

use crate::run::{Run, Status};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

/// Reasons, by what they are for.
type Reasons = BTreeMap<String, String>;

/// What a suite is expected to do where it does not pass. The format is described in
/// `docs/conformance.md`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectations {
    /// Files that are not run, and folders (with `/` at the end).
    skip: Reasons,
    /// Features of test262 that are not there.
    features: Reasons,
    fail: Reasons,
    error: Reasons,
    timeout: Reasons,
    crash: Reasons,
    /// Tests that fail, by run and name.
    cases: BTreeMap<String, Reasons>,
}

/// Something that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Surprise {
    /// The run, or what the expectations name.
    pub id: String,
    /// What is the matter.
    pub what: String,
}

impl fmt::Display for Surprise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.what)
    }
}

impl Expectations {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, has an unknown section or an empty reason, or says two
    /// things of one run.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path);
        text.context("cannot read it")
            .and_then(|text| Self::parse(&text))
            .with_context(|| format!("the expectations in {}", path.display()))
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    /// As [`Expectations::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let read: Self = toml::from_str(text)?;
        let mut seen = BTreeSet::new();
        for (section, reasons) in read.sections() {
            for (name, why) in reasons {
                if why.trim().is_empty() {
                    bail!("[{section}] gives no reason for {name:?}");
                }
                if section != "features" && !seen.insert(name) {
                    bail!("{name:?} is in more than one section");
                }
            }
        }
        for (name, cases) in &read.cases {
            if !seen.insert(name) {
                bail!("{name:?} is in more than one section");
            }
            if let Some((case, _)) = cases.iter().find(|(_, why)| why.trim().is_empty()) {
                bail!("[cases] gives no reason for {case:?} of {name:?}");
            }
        }
        Ok(read)
    }

    fn sections(&self) -> [(&'static str, &Reasons); 6] {
        [
            ("skip", &self.skip),
            ("features", &self.features),
            ("fail", &self.fail),
            ("error", &self.error),
            ("timeout", &self.timeout),
            ("crash", &self.crash),
        ]
    }

    /// Why a file is not run, if so.
    pub(crate) fn skip(&self, file: &str) -> Option<&str> {
        let matches = |name: &str| name == file || (name.ends_with('/') && file.starts_with(name));
        self.skip.iter().find(|(name, _)| matches(name)).map(|(_, why)| why.as_str())
    }

    /// Why a feature of test262 is not there, if so.
    pub(crate) fn lacks(&self, feature: &str) -> Option<&str> {
        self.features.get(feature).map(String::as_str)
    }

    /// How a run must end, and the name under which that is said.
    fn status(&self, run: &Run) -> (Status, Option<&str>) {
        let sections = [
            (Status::Fail, &self.fail),
            (Status::Error, &self.error),
            (Status::Timeout, &self.timeout),
            (Status::Crash, &self.crash),
        ];
        // A run is more than its file.
        for name in [&run.id, &run.file] {
            for (status, reasons) in sections {
                if let Some((name, _)) = reasons.get_key_value(name) {
                    return (status, Some(name));
                }
            }
        }
        (Status::Pass, None)
    }

    /// What of `runs` is not as expected, and which expectations are of nothing. With a
    /// filter, only those are looked at that it lets through.
    #[must_use]
    pub fn check(&self, runs: &[Run], filter: Option<&str>) -> Vec<Surprise> {
        let mut surprises = Vec::new();
        let mut used = BTreeSet::new();
        for run in runs {
            used.extend([run.id.as_str(), run.file.as_str()]);
            if run.status == Status::Skip {
                continue;
            }
            let cases = [&run.id, &run.file].into_iter().find_map(|name| self.cases.get(name));
            let what = match cases {
                Some(cases) => check_cases(run, cases),
                None => check_status(run, self.status(run)),
            };
            surprises.extend(what.into_iter().map(|what| Surprise { id: run.id.clone(), what }));
        }
        let named = self.sections().into_iter().filter(|(section, _)| *section != "features");
        let named = named.flat_map(|(_, reasons)| reasons.keys()).chain(self.cases.keys());
        for name in named {
            let is_used = used.contains(name.as_str())
                || (name.ends_with('/') && used.iter().any(|id| id.starts_with(name.as_str())));
            if !is_used && filter.is_none_or(|text| name.contains(text)) {
                let what = "the expectations name it, and there is no such test".to_owned();
                surprises.push(Surprise { id: name.clone(), what });
            }
        }
        surprises
    }
}

fn check_status(run: &Run, (expected, said): (Status, Option<&str>)) -> Vec<String> {
    if run.status == expected {
        return Vec::new();
    }
    if run.status == Status::Pass {
        return vec![format!("pass, and {:?} is expected to be: {expected}", said.unwrap_or(&run.id))];
    }
    let mut what = format!("{}, expected: {expected}", run.status);
    if run.status == Status::Fail && expected == Status::Pass && !run.cases.is_empty() {
        let failed = run.cases.iter().filter(|case| !case.is_good());
        return failed.map(|case| format!("the test {:?} fails: {}", case.name, case.message)).collect();
    }
    if !run.message.is_empty() {
        what = format!("{what}: {}", run.message);
    }
    vec![what]
}

fn check_cases(run: &Run, expected: &Reasons) -> Vec<String> {
    let mut surprises = Vec::new();
    if !matches!(run.status, Status::Pass | Status::Fail) {
        surprises.push(format!("{}, and only some tests are expected to fail: {}", run.status, run.message));
    }
    for case in &run.cases {
        match (case.is_good(), expected.contains_key(&case.name)) {
            (true, true) => {
                surprises.push(format!("the test {:?} passes, and is expected to fail", case.name))
            }
            (false, false) => surprises.push(format!("the test {:?} fails: {}", case.name, case.message)),
            _ => {}
        }
    }
    for name in expected.keys().filter(|name| !run.cases.iter().any(|case| case.name == **name)) {
        surprises.push(format!("the expectations name the test {name:?}, which it does not have"));
    }
    surprises
}
