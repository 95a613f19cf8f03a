//! web-platform-tests: files for testharness.js that need no document.

mod meta;

use crate::{
    folder::{self, Folder},
    run::{Case, CaseStatus, Options, Player, Run, Status},
    stage::{Failure, Note, Played, Stage},
};
use anyhow::Result;
use hypercell::Snapshot;
use meta::Meta;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const HOST: &str = include_str!("../../harness/wpt/host.js");
const TESTHARNESS: &str = "resources/testharness.js";
/// In place of files that a folder has not.
const STAND_INS: [(&str, &str); 3] = [
    (
        TESTHARNESS,
        concat!(
            include_str!("../../harness/wpt/testharness.js"),
            include_str!("../../harness/wpt/asserts.js")
        ),
    ),
    ("common/subset-tests.js", include_str!("../../harness/wpt/subset-tests.js")),
    ("common/subset-tests-by-key.js", include_str!("../../harness/wpt/subset-tests-by-key.js")),
];
/// What tests call the parser of idlharness.js, and where the server of a checkout finds it.
const IDL_PARSER: (&str, &str) = ("resources/WebIDLParser.js", "resources/webidl2/lib/webidl2.js");
/// How much more time a file gets that asks for it, as in wptrunner.
const LONG: u32 = 6;

/// Folders whose files are no tests, see
/// <https://web-platform-tests.org/writing-tests/file-names.html>.
const NO_TESTS: [&str; 3] = ["resources", "support", "tools"];

pub(crate) struct Wpt {
    folder: Folder,
    stage: Stage,
    loaded: Snapshot,
    timeout: Duration,
    /// The file whose references are relative to it.
    current: Arc<Mutex<String>>,
}

impl Wpt {
    pub(crate) fn new(folder: &Folder, options: &Options) -> Result<Self> {
        let current = Arc::<Mutex<String>>::default();
        let (root, file) = (folder.clone(), Arc::clone(&current));
        let read = move |reference: &str| {
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            root.read(&folder::resolve(&file, reference)).ok()
        };
        let mut stage = Stage::new(&options.engine, HOST, read)?;
        stage.load("hold.js", "$conformance.hold()")?;
        stage.load("testharness.js", &script(folder, TESTHARNESS)?)?;
        stage.load("attach.js", "$conformance.attach()")?;
        let loaded = stage.snapshot()?;
        Ok(Self { folder: folder.clone(), stage, loaded, timeout: options.timeout, current })
    }

    /// Runs one variant of a file.
    fn run(&mut self, file: &str, source: &str, meta: &Meta, variant: &str) -> Result<Run> {
        self.stage.reset(&self.loaded)?;
        file.clone_into(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner));
        let limit = if meta.is_long { self.timeout.saturating_mul(LONG) } else { self.timeout };
        let ended = self.play_scripts(file, source, meta, variant, limit)?;
        Ok(outcome(file, variant, ended, self.stage.take_notes()))
    }

    /// Loads the scripts of a file, and waits for its tests.
    fn play_scripts(
        &mut self,
        file: &str,
        source: &str,
        meta: &Meta,
        variant: &str,
        limit: Duration,
    ) -> Played {
        let arguments = serde_json::to_string(&[&format!("/{file}"), variant, &meta.title])?;
        self.stage.load("begin.js", &format!("$conformance.begin(...{arguments})"))?;
        for reference in &meta.scripts {
            let name = folder::resolve(file, reference);
            let Ok(text) = script(&self.folder, &name) else {
                return Ok(Err(Failure::Refused(format!("its script {reference} is not in the folder"))));
            };
            if let Err(failure) = self.stage.include(&name, &text, limit)? {
                return Ok(Err(failure));
            }
            if name.ends_with("/idlharness.js") {
                self.stage.load("interfaces.js", "$conformance.serveInterfaces()")?;
            }
        }
        // In one job, so that what the tests wait for is not left pending between two.
        self.stage.script(file, &format!("{source}\n;$conformance.end();"), limit)
    }
}

impl Player for Wpt {
    fn files(&self) -> Result<Vec<String>> {
        let is_test = |file: &String| {
            let mut folders = folder::parent(file).split('/');
            !file.starts_with("common/")
                && !folders.any(|name| NO_TESTS.contains(&name))
                && kind(file).is_some()
        };
        Ok(self.folder.files("")?.into_iter().filter(is_test).collect())
    }

    fn play(&mut self, file: &str) -> Result<Vec<Run>> {
        if let Some(Kind::Unsupported(why)) = kind(file) {
            return Ok(vec![Run::skipped(file, why)]);
        }
        let source = self.folder.read(file)?;
        let meta = Meta::parse(&source);
        if let Some(why) = meta.unsupported() {
            return Ok(vec![Run::skipped(file, why)]);
        }
        meta.variants().map(|variant| self.run(file, &source, &meta, variant)).collect()
    }
}

/// The text of a script of the harness or of a test: the folder's, or what stands for it.
fn script(folder: &Folder, name: &str) -> Result<String> {
    if folder.has(name) {
        return folder.read(name);
    }
    if name == IDL_PARSER.0 {
        return folder.read(IDL_PARSER.1);
    }
    match STAND_INS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Ok((*text).to_owned()),
        None => folder.read(name),
    }
}

/// What a file's name says about it.
enum Kind {
    Runs,
    Unsupported(&'static str),
}

/// `None` for files that are no tests.
fn kind(file: &str) -> Option<Kind> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let has_flag = |flag: &str| name.split('.').any(|part| part == flag);
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "js" if has_flag("any") && has_flag("sub") => Kind::Unsupported("a server must fill in its text"),
        "js" if has_flag("any") && has_flag("h2") => Kind::Unsupported("it needs a server with HTTP/2"),
        "js" if has_flag("any") => Kind::Runs,
        "js" if has_flag("window") => Kind::Unsupported("it needs a document"),
        "js" if has_flag("worker") || has_flag("serviceworker") => Kind::Unsupported("it needs a worker"),
        "js" if has_flag("extension") => Kind::Unsupported("it needs a browser extension"),
        "html" | "htm" | "xht" | "xhtml" | "xml" | "svg" => Kind::Unsupported("it needs a document"),
        _ => return None,
    })
}

/// What a variant of a file came to.
fn outcome(file: &str, variant: &str, ended: Result<(), Failure>, notes: Vec<Note>) -> Run {
    let mut cases = Vec::new();
    let mut is_loaded = false;
    let mut complete = None;
    for note in notes {
        match note.kind.as_str() {
            "test" => cases.push(case(note)),
            "loaded" => is_loaded = true,
            "complete" => complete = Some(note),
            _ => {}
        }
    }
    let (status, message) = match (ended, complete) {
        (Err(Failure::Timeout(why)), _) => (Status::Timeout, why),
        (Err(Failure::Crash(why)), _) => (Status::Crash, why),
        (ended, Some(complete)) => {
            let uncaught = ended.err().filter(|_| complete.text != "tolerant");
            match (complete.status, uncaught) {
                (0, Some(failure)) => (Status::Error, format!("uncaught: {}", failure.message())),
                (0, None) if cases.iter().all(Case::is_good) => (Status::Pass, String::new()),
                (0, None) => (Status::Fail, String::new()),
                (2, _) => (Status::Timeout, complete.message),
                (3, _) => (Status::Skip, format!("a precondition does not hold: {}", complete.message)),
                (_, _) => (Status::Error, complete.message),
            }
        }
        (Err(failure), None) if is_loaded => {
            (Status::Timeout, format!("its tests never end: {}", failure.message()))
        }
        (Err(failure), None) => (Status::Error, failure.message().to_owned()),
        (Ok(()), None) => (Status::Error, "it ended, and its tests did not".into()),
    };
    Run { cases, ..Run::new(file, variant, status, message) }
}

/// A test, by the numbers of testharness.js.
fn case(note: Note) -> Case {
    let status = match note.status {
        0 => CaseStatus::Pass,
        2 => CaseStatus::Timeout,
        3 => CaseStatus::NotRun,
        4 => CaseStatus::Optional,
        _ => CaseStatus::Fail,
    };
    Case { name: note.text, status, message: note.message }
}
