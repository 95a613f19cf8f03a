//! test262: files with frontmatter that pass when they do not throw.
//!
//! <https://github.com/tc39/test262/blob/main/INTERPRETING.md>

mod frontmatter;
mod modules;

use crate::{
    expectations::Expectations,
    folder::Folder,
    run::{Options, Player, Run, Status},
    stage::{Failure, Note, Played, Stage},
};
use anyhow::Result;
use frontmatter::{Frontmatter, Mode, Negative, Phase};
use hypercell::Snapshot;
use modules::{NAMESPACE, Specifiers};
use std::time::Duration;

const HOST: &str = include_str!("../../harness/test262/host.js");
const NAME_ERRORS: &str = include_str!("../../harness/test262/name_errors.js");
/// In place of the files of a checkout's folder `harness`.
const STAND_INS: [(&str, &str); 6] = [
    ("assert.js", include_str!("../../harness/test262/assert.js")),
    ("sta.js", include_str!("../../harness/test262/sta.js")),
    ("doneprintHandle.js", include_str!("../../harness/test262/doneprintHandle.js")),
    ("propertyHelper.js", include_str!("../../harness/test262/propertyHelper.js")),
    ("compareArray.js", include_str!("../../harness/test262/compareArray.js")),
    ("asyncHelpers.js", include_str!("../../harness/test262/asyncHelpers.js")),
];

/// What a host may have and the sandbox has not.
const MISSING: [&str; 6] = [
    "$262.createRealm",
    "$262.evalScript",
    "$262.agent",
    "$262.gc",
    "$262.IsHTMLDDA",
    "$262.AbstractModuleSource",
];

pub(crate) struct Test262 {
    folder: Folder,
    expectations: Expectations,
    stage: Stage,
    /// With nothing but what the host must have.
    bare: Snapshot,
    /// With what every file has that is not raw.
    loaded: Snapshot,
    timeout: Duration,
    specifiers: Specifiers,
}

impl Test262 {
    pub(crate) fn new(folder: &Folder, options: &Options) -> Result<Self> {
        let mut stage = Stage::new(&options.engine, HOST, |_| None)?;
        let bare = stage.snapshot()?;
        for name in ["assert.js", "sta.js"] {
            let source = harness(folder, name)?;
            stage.load(name, &source)?;
        }
        stage.load("name_errors.js", NAME_ERRORS)?;
        let loaded = stage.snapshot()?;
        Ok(Self {
            folder: folder.clone(),
            expectations: options.expectations.clone(),
            stage,
            bare,
            loaded,
            timeout: options.timeout,
            specifiers: Specifiers::new()?,
        })
    }

    fn run(&mut self, file: &str, source: &str, frontmatter: &Frontmatter, mode: Mode) -> Result<Run> {
        self.stage.reset(if mode == Mode::Raw { &self.bare } else { &self.loaded })?;
        let ended = self.play_scripts(file, source, frontmatter, mode)?;
        let (status, message) = outcome(frontmatter, &ended, &self.stage.take_notes());
        Ok(Run::new(file, &format!(" ({mode})"), status, message))
    }

    /// Loads what a file includes, and the file, and waits for it.
    fn play_scripts(&mut self, file: &str, source: &str, frontmatter: &Frontmatter, mode: Mode) -> Played {
        let handle = frontmatter.is_async().then_some("doneprintHandle.js");
        let includes = frontmatter.includes.iter().map(String::as_str);
        // Raw files have their own.
        for name in handle.into_iter().chain(includes).filter(|_| mode != Mode::Raw) {
            let Ok(text) = harness(&self.folder, name) else {
                return refused(format!("there is no file {name} to include"));
            };
            if let Err(failure) = self.stage.include(name, &text, self.timeout)? {
                return refused(format!("its file {name} to include does not load: {}", failure.message()));
            }
        }
        let (main, mut modules) = self.specifiers.graph(&self.folder, file, source);
        if mode == Mode::Module {
            modules.insert(file.to_owned(), main.clone());
        }
        for (name, text) in &modules {
            if let Err(failure) = self.stage.add_module(NAMESPACE, name, text)? {
                return refused(format!("its module {name} cannot be registered: {}", failure.message()));
            }
        }
        let ended = match mode {
            Mode::Module => {
                // Imported and not evaluated, so that it can import itself.
                let entry = format!("import '{NAMESPACE}:{file}'; $conformance.ended();");
                self.stage.module("entry.js", &entry, self.timeout)?
            }
            Mode::Strict => {
                let strict = format!("\"use strict\";\n{main}");
                self.stage.script(file, &closed(strict, frontmatter), self.timeout)?
            }
            Mode::Sloppy => self.stage.script(file, &closed(main, frontmatter), self.timeout)?,
            Mode::Raw => self.stage.script(file, &main, self.timeout)?,
        };
        if !frontmatter.is_async() || !self.stage.noted("ended") || self.stage.noted("print") {
            return Ok(ended);
        }
        // What fails now is a rejection that nobody handles, or that nothing is left that
        // could call $DONE.
        self.stage.script("settled.js", "$conformance.settled", self.timeout)
    }
}

impl Player for Test262 {
    fn files(&self) -> Result<Vec<String>> {
        let start = if self.folder.has("test") { "test" } else { "" };
        let is_test = |file: &String| {
            file.ends_with(".js") && !file.contains("_FIXTURE") && !file.starts_with("harness/")
        };
        Ok(self.folder.files(start)?.into_iter().filter(is_test).collect())
    }

    fn play(&mut self, file: &str) -> Result<Vec<Run>> {
        let source = self.folder.read(file)?;
        let frontmatter = match Frontmatter::parse(&source) {
            Ok(frontmatter) => frontmatter,
            Err(error) => return Ok(vec![Run::new(file, "", Status::Error, format!("{error:#}"))]),
        };
        if let Some(why) = unsupported(&source, &frontmatter, &self.expectations) {
            return Ok(vec![Run::skipped(file, why)]);
        }
        frontmatter.modes().iter().map(|mode| self.run(file, &source, &frontmatter, *mode)).collect()
    }
}

/// A file that cannot be run for what it needs.
fn refused(why: String) -> Played {
    Ok(Err(Failure::Refused(why)))
}

/// The text of a harness file: the checkout's, or the stand-in.
fn harness(folder: &Folder, name: &str) -> Result<String> {
    let stand_in = STAND_INS.iter().find(|(known, _)| *known == name);
    match stand_in {
        Some((_, text)) if !folder.has(&format!("harness/{name}")) => Ok((*text).to_owned()),
        _ => folder.read(&format!("harness/{name}")),
    }
}

/// A script that says that it came to its end. Its own last value, which may be anything,
/// so does not leave the sandbox. What must not compile stays as it is: a line more could
/// complete it.
fn closed(source: String, frontmatter: &Frontmatter) -> String {
    if frontmatter.negative.is_some() { source } else { source + "\n;$conformance.ended();" }
}

/// Why a file is not run, if so.
fn unsupported(source: &str, frontmatter: &Frontmatter, expectations: &Expectations) -> Option<String> {
    if frontmatter.has("CanBlockIsTrue") {
        return Some("the sandbox's only thread cannot block".into());
    }
    for feature in &frontmatter.features {
        if let Some(why) = expectations.lacks(feature) {
            return Some(format!("feature {feature}: {why}"));
        }
    }
    let missing = MISSING.iter().find(|name| source.contains(**name));
    missing.map(|name| format!("the sandbox has no {name}"))
}

/// What a run came to.
fn outcome(frontmatter: &Frontmatter, ended: &Result<(), Failure>, notes: &[Note]) -> (Status, String) {
    match ended {
        Err(Failure::Timeout(why)) => return (Status::Timeout, why.clone()),
        Err(Failure::Crash(why)) => return (Status::Crash, why.clone()),
        Err(Failure::Refused(why)) => return (Status::Error, why.clone()),
        _ => {}
    }
    if let Some(negative) = &frontmatter.negative {
        return match thrown_otherwise(negative, ended) {
            Some(what) => (Status::Fail, what),
            None => (Status::Pass, String::new()),
        };
    }
    // Of a test that got to its end the call can only fail by what was rejected and not
    // handled, which is no failure of the test.
    if let Err(failure) = ended
        && !notes.iter().any(|note| note.kind == "ended")
    {
        return (Status::Fail, failure.message().to_owned());
    }
    if !frontmatter.is_async() {
        return (Status::Pass, String::new());
    }
    let mut printed = notes.iter().filter(|note| note.kind == "print").map(|note| note.text.as_str());
    if let Some(failed) = printed.clone().find(|line| line.starts_with("Test262:AsyncTestFailure:")) {
        return (Status::Fail, failed.to_owned());
    }
    if printed.any(|line| line == "Test262:AsyncTestComplete") {
        return (Status::Pass, String::new());
    }
    (Status::Timeout, "it never called $DONE".into())
}

/// What happened in place of the expected exception, if so.
fn thrown_otherwise(negative: &Negative, ended: &Result<(), Failure>) -> Option<String> {
    let Negative { phase, kind } = negative;
    let expected = format!("expected {kind} at {phase}");
    match ended {
        Ok(()) => Some(format!("{expected}, and nothing was thrown")),
        Err(Failure::Uncompiled { name, .. }) if *phase != Phase::Runtime && name == kind => None,
        Err(Failure::Thrown { name, .. }) if *phase == Phase::Runtime && name == kind => None,
        Err(Failure::Uncompiled { message, .. }) => {
            Some(format!("{expected}, and it does not compile: {message}"))
        }
        Err(failure) => Some(format!("{expected}, and it threw: {}", failure.message())),
    }
}
