//! What is known not to pass, and what differs from that.

use crate::run::{Case, Run, Status};
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
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectations {
    /// Files that are not run, and folders (with `/` at the end).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    skip: Reasons,
    /// Features of test262 that are not there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    features: Reasons,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fail: Reasons,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    error: Reasons,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    timeout: Reasons,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    crash: Reasons,
    /// Tests that fail, by run and name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
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

    /// Expectations that `runs`, of all files, meet: what is skipped stays, what passes is
    /// taken out, and what does not pass gets an entry of its own. Reasons are kept where
    /// there were some; new ones say what happened, until somebody knows why.
    #[must_use]
    pub fn recorded(&self, runs: &[Run]) -> Self {
        let mut recorded =
            Self { skip: self.skip.clone(), features: self.features.clone(), ..Self::default() };
        for run in runs {
            let section = match run.status {
                Status::Pass | Status::Skip => continue,
                Status::Fail => &mut recorded.fail,
                Status::Error => &mut recorded.error,
                Status::Timeout => &mut recorded.timeout,
                Status::Crash => &mut recorded.crash,
            };
            let cases = self.cases_of(run);
            let (_, said) = self.reason(run);
            if run.status != Status::Fail || run.cases.is_empty() || said.is_some() {
                section.insert(run.id.clone(), reason(said, run.status.as_str(), &run.message));
                continue;
            }
            let known = |case: &Case| cases.and_then(|cases| cases.get(&case.name)).map(String::as_str);
            let bad = run.cases.iter().filter(|case| !case.is_good());
            let reasons = bad.map(|case| (case.name.clone(), reason(known(case), "fails", &case.message)));
            recorded.cases.insert(run.id.clone(), reasons.collect());
        }
        recorded
    }

    /// The text of a file.
    ///
    /// # Errors
    /// None that is known: all of it is text.
    pub fn to_toml(&self) -> Result<String> {
        Ok(toml::to_string(self)?)
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

    /// How a run must end, and why.
    fn reason(&self, run: &Run) -> (Status, Option<&str>) {
        let sections = [
            (Status::Fail, &self.fail),
            (Status::Error, &self.error),
            (Status::Timeout, &self.timeout),
            (Status::Crash, &self.crash),
        ];
        // A run is more than its file.
        for name in [&run.id, &run.file] {
            for (status, reasons) in sections {
                if let Some(why) = reasons.get(name) {
                    return (status, Some(why));
                }
            }
        }
        (Status::Pass, None)
    }

    /// The tests of a run that must fail, when only some must.
    fn cases_of(&self, run: &Run) -> Option<&Reasons> {
        [&run.id, &run.file].into_iter().find_map(|name| self.cases.get(name))
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
            let what = match self.cases_of(run) {
                Some(cases) => check_cases(run, cases),
                None => check_status(run, self.reason(run)),
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

/// The reason that was given, or else what happened, in one line.
fn reason(given: Option<&str>, status: &str, message: &str) -> String {
    const LONGEST: usize = 200;
    let line = message.trim().lines().next().unwrap_or_default();
    let what: String = line.chars().take(LONGEST).collect();
    given.map_or_else(|| if what.is_empty() { status.to_owned() } else { what }, str::to_owned)
}

fn check_status(run: &Run, (expected, why): (Status, Option<&str>)) -> Vec<String> {
    if run.status == expected {
        return Vec::new();
    }
    if run.status == Status::Pass {
        return vec![format!("pass, expected: {expected} ({})", why.unwrap_or_default())];
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
