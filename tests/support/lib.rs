//! What the tests of this member share: the engine, and words for what they
//! expect.
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod files;
mod hostile;
mod payload;
mod target;

pub use files::{Folder, HEADER_LEN, SnapshotFile};
pub use hostile::{Hostile, hostile_image};
pub use payload::{HyperlightState, KvmState, Payload};
pub use target::FileTarget;

use hypercell::{Engine, EngineBuilder, Error, ErrorKind, JsError, Sandbox, Status, VmmKind};
use std::{
    env, fmt,
    io::{self, Write},
    sync::OnceLock,
    thread,
};

/// The engine that the tests of a target share.
///
/// Without a usable hypervisor there is none: the test then returns, after a
/// line on standard error that the harness does not capture. Where
/// `REQUIRE_HYPERVISOR` is `1` it fails instead.
#[must_use]
pub fn engine() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE.get_or_init(|| start(Engine::builder())).as_ref().or_else(skip)
}

/// An engine of each VMM that this machine has, with the VMM's name, see [`engine`].
#[must_use]
pub fn engines() -> Vec<(&'static str, Engine)> {
    static ENGINES: OnceLock<Vec<(&'static str, Engine)>> = OnceLock::new();
    let engines = ENGINES.get_or_init(|| {
        let build = |kind: VmmKind| Some((kind.as_str(), start(Engine::builder().vmm(kind))?));
        VmmKind::ALL.into_iter().filter(|kind| kind.is_compiled()).filter_map(build).collect()
    });
    if engines.is_empty() {
        skip::<()>();
    }
    engines.clone()
}

/// An engine of this VMM, whichever the environment names, for what only that one has;
/// see [`engine`].
#[must_use]
pub fn engine_of(vmm: VmmKind) -> Option<Engine> {
    engines().into_iter().map(|(_, engine)| engine).find(|engine| engine.vmm() == vmm).or_else(skip)
}

/// An engine of the test's own, see [`engine`].
#[must_use]
pub fn new_engine() -> Option<Engine> {
    start(Engine::builder()).or_else(skip)
}

fn start(builder: EngineBuilder) -> Option<Engine> {
    match builder.build() {
        Ok(engine) => Some(engine),
        Err(error) if error.kind() == ErrorKind::NoHypervisor && !is_hypervisor_required() => None,
        Err(error) => panic!("there is no engine: {error}"),
    }
}

fn skip<T>() -> Option<T> {
    let current = thread::current();
    let test = current.name().unwrap_or("a test");
    // Not `eprintln`, which the harness keeps for itself; and in one piece.
    let line = format!("SKIPPED {test}: there is no usable hypervisor\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
    None
}

fn is_hypervisor_required() -> bool {
    env::var_os("REQUIRE_HYPERVISOR").is_some_and(|value| value == "1")
}

/// A sandbox with the defaults, see [`engine`].
#[must_use]
pub fn sandbox() -> Option<Sandbox> {
    engine().map(|engine| engine.sandbox().build().unwrap())
}

/// The error of something that must fail in this way.
#[track_caller]
pub fn fails<T: fmt::Debug>(result: Result<T, Error>, kind: ErrorKind) -> Error {
    match result {
        Ok(value) => panic!("it must fail with {kind} and gave {value:?}"),
        Err(error) if error.kind() == kind => error,
        Err(error) => panic!("it must fail with {kind} and failed with {}: {error}", error.code()),
    }
}

/// The exception of guest code that must throw.
#[track_caller]
pub fn throws<T: fmt::Debug>(result: Result<T, Error>) -> JsError {
    fails(result, ErrorKind::Js).js().unwrap().clone()
}

/// `name: message` of guest code that must throw.
#[track_caller]
pub fn thrown<T: fmt::Debug>(result: Result<T, Error>) -> String {
    let error = throws(result);
    format!("{}: {}", error.name, error.message)
}

/// Checks that a text says what it must.
#[track_caller]
pub fn says(text: impl fmt::Display, parts: &[&str]) {
    let text = text.to_string();
    for part in parts {
        assert!(text.contains(part), "{text:?} does not say {part:?}");
    }
}

/// Checks that a sandbox runs guest code.
#[track_caller]
pub fn works(sandbox: &mut Sandbox) {
    assert_eq!(sandbox.status(), Status::Ready);
    assert_eq!(sandbox.eval::<i32>("export default 6 * 7").unwrap(), Some(42));
}
