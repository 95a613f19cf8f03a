//! Runs the command, on files that go with the test.

use serde_json::Value;
use std::{
    env, fs,
    io::{self, Write},
    ops::Deref,
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

/// How a run of the command ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The line of JSON on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Checks what standard error says.
    #[track_caller]
    pub(crate) fn says(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.stderr.contains(part), "{:?} does not say {part:?}", self.stderr);
        }
    }
}

/// A command that waits for its standard input.
pub(crate) struct Prepared(Command);

pub(crate) fn hypercell(arguments: &[&str]) -> Prepared {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hypercell"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Prepared(command)
}

impl Prepared {
    /// Sets a variable of its environment.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.0.env(variable, value);
        self
    }

    /// Leaves a variable of this process out of its environment.
    pub(crate) fn without(mut self, variable: &str) -> Self {
        self.0.env_remove(variable);
        self
    }

    /// Starts it, for a test that talks to it.
    pub(crate) fn spawn(mut self) -> std::process::Child {
        self.0.spawn().unwrap()
    }

    pub(crate) fn given(mut self, input: &[u8]) -> Ran {
        let mut child = self.0.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn run(arguments: &[&str]) -> Ran {
    hypercell(arguments).given(b"")
}

/// Whether sandboxes can run here. Without it a test returns, after a line on
/// standard error that the harness does not capture; where `REQUIRE_HYPERVISOR` is
/// `1` it fails instead.
pub(crate) fn is_available() -> bool {
    const NO_HYPERVISOR: i32 = 3;
    static STATUS: OnceLock<i32> = OnceLock::new();
    if *STATUS.get_or_init(|| run(&["eval", "-e", "1"]).status) != NO_HYPERVISOR {
        return true;
    }
    assert!(
        env::var_os("REQUIRE_HYPERVISOR").is_none_or(|value| value != "1"),
        "there is no usable hypervisor"
    );
    let test = thread::current();
    // Not `eprintln`, which the harness keeps for itself; and in one piece.
    let line = format!("SKIPPED {}: there is no usable hypervisor\n", test.name().unwrap_or("a test"));
    io::stderr().write_all(line.as_bytes()).unwrap();
    false
}

/// A file that goes when it is dropped.
pub(crate) struct File {
    folder: PathBuf,
    path: String,
}

impl File {
    pub(crate) fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        Self { folder, path: path.to_str().unwrap().to_owned() }
    }
}

impl Deref for File {
    type Target = str;

    fn deref(&self) -> &str {
        &self.path
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // What is left lies in the build's own folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
