//! ES modules as programs: what they are given, and what they leave.

mod input;
mod output;

pub(crate) use input::Input;
pub(crate) use output::Outputs;

use crate::{
    error::{Error, Result},
    options::CallOptions,
    source::is_typescript,
    stats::Termination,
    value::Payload,
};
use hypercell_common::body;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap, fmt, io::Read};

/// Bytes of each of a program's streams that are kept, unless the program says otherwise.
const CAPTURE: usize = 1 << 20;
/// The file of a program that names none.
const FILE: &str = "/main.js";
/// Most bytes of a file's path.
const MAX_PATH: usize = 4096;

/// The exit code of a program that a limit on time stopped, as that of `timeout(1)`.
const TIMED_OUT: i32 = 124;
/// The exit code of a program that was killed: 128 and the number of SIGKILL.
const KILLED: i32 = 137;

/// An ES module to be run as a program, and what it is given: see
/// [`Sandbox::exec`](crate::Sandbox::exec).
///
/// ```
/// use hypercell::Program;
///
/// let program = Program::new("for await (const chunk of process.stdin) console.log(`${chunk}`)")
///     .named("/app/main.js")
///     .args(["--fast"])
///     .env("MODE", "test")
///     .stdin("piped through");
/// # drop(program);
/// ```
pub struct Program {
    source: Option<String>,
    file: String,
    args: Vec<String>,
    env: BTreeMap<String, Result<serde_json::Value, String>>,
    cwd: String,
    pub(crate) input: Input,
    pub(crate) outputs: Outputs,
    pub(crate) options: CallOptions,
}

impl Program {
    /// Source text of an ES module.
    pub fn new(source: impl Into<String>) -> Self {
        Self::with_source(Some(source.into()), FILE.to_owned())
    }

    /// A file of the sandbox's, by its absolute path.
    pub fn file(path: impl Into<String>) -> Self {
        Self::with_source(None, path.into())
    }

    fn with_source(source: Option<String>, file: String) -> Self {
        Self {
            source,
            file,
            args: Vec::new(),
            env: BTreeMap::new(),
            cwd: String::new(),
            input: Input::empty(),
            outputs: Outputs::new(CAPTURE),
            options: CallOptions::new(),
        }
    }

    /// Sets the absolute path that stacks, `process.argv` and `import.meta.url` show:
    /// `/main.js` otherwise.
    #[must_use]
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// Adds an argument, behind the file in `process.argv`.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<String>) -> Self {
        self.args.push(argument.into());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.args.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a member of `process.env` for this program, over that of the sandbox.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.env.insert(name.into(), serde_json::to_value(value).map_err(|error| error.to_string()));
        self
    }

    /// Sets the working directory, an absolute path, in place of the sandbox's.
    #[must_use]
    pub fn cwd(mut self, directory: impl Into<String>) -> Self {
        self.cwd = directory.into();
        self
    }

    /// Sets what the program reads from its standard input, which is empty otherwise.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = Input::bytes(bytes.into());
        self
    }

    /// Lets the program read its standard input from `reader`, piece by piece as it asks, on
    /// a thread that may wait. When the program ends while the reader waits, that goes on
    /// until it returns, and what it read is lost.
    #[must_use]
    pub fn stdin_reader(mut self, reader: impl Read + Send + 'static) -> Self {
        self.input = Input::reader(reader);
        self
    }

    /// Passes what the program writes to its standard output to `sink` as it comes, on the
    /// thread of the call, all of it. It is captured as well.
    #[must_use]
    pub fn on_stdout(mut self, sink: impl FnMut(&[u8]) + Send + 'static) -> Self {
        self.outputs.stdout.set_sink(sink);
        self
    }

    /// As [`Program::on_stdout`], for its standard error.
    #[must_use]
    pub fn on_stderr(mut self, sink: impl FnMut(&[u8]) + Send + 'static) -> Self {
        self.outputs.stderr.set_sink(sink);
        self
    }

    /// Keeps at most so many bytes of each stream: 1 MiB otherwise. What is above that is
    /// dropped, and [`Output`] says so.
    #[must_use]
    pub fn capture(mut self, bytes: usize) -> Self {
        self.outputs.set_limit(bytes);
        self
    }

    /// Limits on time, and whether garbage is collected behind it.
    #[must_use]
    pub fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// The file, and what the guest is told of the program; `typescript` says that its source
    /// is that whatever the file's name.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` for a path, name or value that cannot be.
    pub(crate) fn body(&mut self, typescript: bool) -> Result<(String, body::Program)> {
        let refuse = |why: String| Err(Error::invalid_argument(format!("the program's {why}")));
        for (what, path) in [("file", &self.file), ("working directory", &self.cwd)] {
            let is_unset = what != "file" && path.is_empty();
            if !is_unset && (!path.starts_with('/') || path.chars().any(char::is_control)) {
                return refuse(format!("{what} is {path:?}, and must be an absolute path"));
            }
            if path.len() > MAX_PATH {
                return refuse(format!("{what} has {} bytes, and {MAX_PATH} are allowed", path.len()));
            }
        }
        let env = std::mem::take(&mut self.env);
        let body = body::Program {
            source: self.source.take(),
            typescript: typescript || is_typescript(&self.file),
            args: std::mem::take(&mut self.args),
            env: env_text(env)?,
            cwd: std::mem::take(&mut self.cwd),
        };
        Ok((std::mem::take(&mut self.file), body))
    }
}

/// Members of `env` as JSON text of an object.
///
/// # Errors
/// `ERR_INVALID_ARG` for a value that has no JSON form.
pub(crate) fn env_text(env: BTreeMap<String, Result<serde_json::Value, String>>) -> Result<String> {
    let mut members = serde_json::Map::new();
    for (name, value) in env {
        let value = value.map_err(|error| {
            Error::invalid_argument(format!("the member {name:?} of `env` has no JSON form: {error}"))
        })?;
        members.insert(name, value);
    }
    Ok(if members.is_empty() { String::new() } else { serde_json::Value::Object(members).to_string() })
}

impl<S: Into<String>> From<S> for Program {
    fn from(source: S) -> Self {
        Self::new(source)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program").field("file", &self.file).field("args", &self.args).finish_non_exhaustive()
    }
}

/// What a program left: see [`Sandbox::exec`](crate::Sandbox::exec).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Output {
    /// The first bytes that it wrote to its standard output.
    pub stdout: Vec<u8>,
    /// The first bytes that it wrote to its standard error.
    pub stderr: Vec<u8>,
    /// Whether it wrote more to its standard output.
    pub stdout_truncated: bool,
    /// Whether it wrote more to its standard error.
    pub stderr_truncated: bool,
    /// What it ended with: 0 when all went well, 1 after an error that nobody caught, what it
    /// gave to `process.exit`; 124 when a limit on time stopped it and 137 when it was killed.
    pub exit_code: i32,
    /// What stopped it, if anything did. The sandbox is then poisoned.
    pub terminated_by: Option<Termination>,
}

impl Output {
    /// Whether it ended with 0.
    #[must_use]
    pub fn success(&self) -> bool {
        self.exit_code == 0
    }

    /// Its standard output as text, with U+FFFD for what is no UTF-8.
    #[must_use]
    pub fn stdout_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stdout)
    }

    /// Its standard error as text, with U+FFFD for what is no UTF-8.
    #[must_use]
    pub fn stderr_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stderr)
    }
}

/// What a program left and gave back: see [`Sandbox::run`](crate::Sandbox::run).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Returned<R> {
    /// What it gave to `__return`; `None` when it never called that, or with `undefined`.
    pub value: Option<R>,
    /// What else it left.
    pub output: Output,
}

impl<R> Returned<R> {
    pub(crate) fn new(value: Option<R>, output: Output) -> Self {
        Self { value, output }
    }
}

/// The exit code of a program that something stopped, unless that is an error of the host's.
pub(crate) fn exit_code_of(stopped: Termination) -> Option<i32> {
    match stopped {
        Termination::WallClock | Termination::CpuTime => Some(TIMED_OUT),
        Termination::Killed => Some(KILLED),
        Termination::MonitorFailed => None,
    }
}

/// The next bytes of standard input, as the guest takes them.
pub(crate) type NextInput = Result<Payload, crate::hostfn::HostError>;
