//! What guest code may see: fixed before the sandbox exists.

use super::Sandbox;
#[cfg(feature = "fetch")]
use crate::fetch::{
    Fetcher,
    guest::{GuestRequest, answer},
};
use crate::{
    console::{ConsoleLevel, ConsoleSink},
    engine::Engine,
    error::{Error, Result},
    files::FileTree,
    hostfn::{AsyncHostFunction, HostFunction, HostModule, Registry},
    limits::Limits,
    mounts::{Mount, Mounts},
    program::env_text,
    snapshot::Snapshot,
    tools::{Tool, Tools},
};
use hypercell_common::{ENV, body::HostFunctions};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// What a sandbox was built with.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) limits: Limits,
    pub(crate) hosts: Arc<Registry>,
    /// The names of the host functions, by module: what the guest was told.
    pub(crate) names: HostNames,
    pub(crate) console: Option<ConsoleSink>,
    pub(crate) programs: ProgramDefaults,
    /// What the file system is filled with. It is not in a saved snapshot.
    pub(crate) tree: Option<Arc<FileTree>>,
    /// Whether all source text is TypeScript.
    pub(crate) typescript: bool,
}

/// What all programs of a sandbox are given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct ProgramDefaults {
    /// The plain members of `env`: JSON text of an object, or empty.
    pub(crate) env: String,
    /// The working directory; empty for `/`.
    pub(crate) cwd: String,
    /// Whether there is a file system.
    pub(crate) files: bool,
    /// Paths of mounts, by their numbers.
    pub(crate) mounts: Vec<String>,
}

/// The names of host functions, by module.
pub(crate) type HostNames = BTreeMap<String, HostFunctions>;

impl Config {
    /// Of a sandbox that was saved: nobody is behind the names of its host functions.
    pub(crate) fn without_closures(limits: Limits, names: HostNames, programs: ProgramDefaults) -> Self {
        Self { limits, hosts: Arc::default(), names, console: None, programs, tree: None, typescript: false }
    }

    /// The host functions that the guest was told of and nobody is behind, as
    /// `module.function`.
    pub(crate) fn missing(&self) -> Vec<String> {
        let known = self.hosts.names();
        let is_known = |module: &str, function: &String| {
            known.get(module).is_some_and(|functions| functions.all().any(|known| known == function))
        };
        let named = self.names.iter().flat_map(|(module, names)| names.all().map(move |name| (module, name)));
        named
            .filter(|(module, name)| !is_known(module, name))
            .map(|(module, name)| format!("{module}.{name}"))
            .chain(
                self.programs
                    .mounts
                    .iter()
                    .skip(self.hosts.mounts().len())
                    .map(|path| format!("the mount {path}")),
            )
            .collect()
    }

    /// Why a snapshot of a sandbox with this configuration does not fit one with
    /// `other`, if so: the guest's memory holds names and limits.
    pub(crate) fn mismatch(&self, other: &Self) -> Option<&'static str> {
        if self.limits.memory() != other.limits.memory() {
            Some("other limits on memory")
        } else if (self.limits.files, self.limits.inodes) != (other.limits.files, other.limits.inodes) {
            Some("other limits on files")
        } else if self.limits.timers != other.limits.timers {
            Some("another limit on timers")
        } else if self.names != other.names {
            Some("other host functions")
        } else if self.programs != other.programs {
            Some("another environment, working directory or file system")
        } else {
            None
        }
    }
}

/// Configures a [`Sandbox`].
#[derive(Debug, Clone)]
pub struct SandboxBuilder {
    engine: Engine,
    limits: Limits,
    hosts: Registry,
    console: Option<ConsoleSink>,
    env: BTreeMap<String, Result<serde_json::Value, String>>,
    /// Host functions that are members of `env`.
    env_functions: HostModule,
    cwd: String,
    files: Option<FileTree>,
    mounts: Vec<Mount>,
    tools: Tools,
    typescript: bool,
}

impl SandboxBuilder {
    pub(crate) fn new(engine: Engine) -> Self {
        let limits = engine.limits().clone();
        Self {
            engine,
            limits,
            hosts: Registry::default(),
            console: None,
            env: BTreeMap::new(),
            env_functions: HostModule::new(ENV),
            cwd: String::new(),
            files: Some(FileTree::new()),
            mounts: Vec::new(),
            tools: Tools::new(),
            typescript: false,
        }
    }

    /// Lets guest code import a host module. A module of the same name replaces an
    /// earlier one.
    #[must_use]
    pub fn host_module(mut self, module: HostModule) -> Self {
        self.hosts.insert(module);
        self
    }

    /// Answers `hostcall(type, payload)` of guest code: an asynchronous function as
    /// [`HostModule::async_function`] takes them, of one argument. The same type again
    /// replaces an earlier one.
    #[must_use]
    pub fn hostcall<A>(mut self, kind: impl Into<String>, function: impl AsyncHostFunction<A>) -> Self {
        self.hosts.insert_hostcall(kind.into(), function);
        self
    }

    /// Answers `fetch` of guest code, which fails without this. All sandboxes that are built
    /// with clones of one fetcher share its connections and its rate.
    ///
    /// ```no_run
    /// use hypercell::{Engine, FetchPolicy, Fetcher};
    ///
    /// let engine = Engine::new()?;
    /// let fetcher = Fetcher::new(FetchPolicy::new().allow_host("api.example.com"))?;
    /// let mut sandbox = engine.sandbox().fetch(&fetcher).build()?;
    /// let status: Option<u16> =
    ///     sandbox.eval("export default (await fetch('https://api.example.com/')).status")?;
    /// # drop(status);
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    #[cfg(feature = "fetch")]
    #[must_use]
    pub fn fetch(mut self, fetcher: &Fetcher) -> Self {
        let fetcher = fetcher.clone();
        self.hosts.answer_fetch(move |method, url, redirect, headers, body| {
            answer(fetcher.clone(), GuestRequest { method, url, redirect, headers, body })
        });
        self
    }

    /// Sets a member of `env`, which is `process.env`: a value that has a JSON form. Guest
    /// code may change its copy; the host never sees that.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.env.insert(name.into(), serde_json::to_value(value).map_err(|error| error.to_string()));
        self
    }

    /// Sets a member of `env` that is a function, as [`HostModule::function`] takes it.
    #[must_use]
    pub fn env_function<A>(mut self, name: impl Into<String>, function: impl HostFunction<A>) -> Self {
        self.env_functions = self.env_functions.function(name, function);
        self
    }

    /// Sets a member of `env` that is an asynchronous function, as
    /// [`HostModule::async_function`] takes it.
    #[must_use]
    pub fn env_async_function<A>(
        mut self,
        name: impl Into<String>,
        function: impl AsyncHostFunction<A>,
    ) -> Self {
        self.env_functions = self.env_functions.async_function(name, function);
        self
    }

    /// Sets a member of `env` that is an object of functions: `env.KV.get("k")` for a module
    /// `KV` with a function `get`. Guest code cannot import it.
    #[must_use]
    pub fn env_module(mut self, module: HostModule) -> Self {
        self.hosts.insert_env(module);
        self
    }

    /// Sets the working directory of programs, an absolute path: `/` otherwise.
    #[must_use]
    pub fn cwd(mut self, directory: impl Into<String>) -> Self {
        self.cwd = directory.into();
        self
    }

    /// Fills the sandbox's file system, which is its own: what guest code does to these files
    /// the host sees only where it asks for them. Given again, it adds to what was there.
    ///
    /// Modules that are no files import as if they lay in `/src`.
    #[must_use]
    pub fn files(mut self, files: FileTree) -> Self {
        self.files = Some(self.files.unwrap_or_default().tree("/", files));
        self
    }

    /// Gives the sandbox no file system: `node:fs` then fails, and no file can be imported.
    #[must_use]
    pub fn without_files(mut self) -> Self {
        self.files = None;
        self
    }

    /// Lets guest code see a folder of the host among its files.
    #[must_use]
    pub fn mount(mut self, mount: Mount) -> Self {
        self.mounts.push(mount);
        self
    }

    /// Lets guest code run a tool: by `node:child_process` as a command of its name, or as a
    /// function of that name of the host module `tools`. The same name again replaces it.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tools = self.tools.tool(tool);
        self
    }

    /// Takes the source text of all handlers, modules, programs and evaluations for
    /// TypeScript, whatever their names are; otherwise only that is whose name ends in `.ts`,
    /// `.mts` or `.cts`. Files go by their names either way, and scripts are JavaScript.
    #[must_use]
    pub fn typescript(mut self, all: bool) -> Self {
        self.typescript = all;
        self
    }

    /// The sandbox's limits, in place of the engine's.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Passes each line of the guest's console to `sink`, on the thread of the call.
    /// Without a sink the console is silent. The text is the guest's: escape it
    /// before it reaches a terminal or a log.
    #[must_use]
    pub fn console(mut self, sink: impl Fn(ConsoleLevel, &str) + Send + Sync + 'static) -> Self {
        self.console = Some(ConsoleSink::new(sink));
        self
    }

    /// A sandbox with the JavaScript runtime loaded, and nothing else.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` names the limit or the host module that is wrong;
    /// `ERR_INTERNAL` when the host has no memory or descriptors for another VM.
    pub fn build(self) -> Result<Sandbox> {
        let (engine, config) = self.checked()?;
        Sandbox::boot(engine, config)
    }

    /// A sandbox in the state of a snapshot, with this builder's closures in place of
    /// those of the sandbox that the snapshot was taken of: for host functions that
    /// serve one user or one request.
    ///
    /// # Errors
    /// As [`SandboxBuilder::build`]; and `ERR_INVALID_ARG` when the snapshot is of
    /// another engine, or of a sandbox with other names of host functions or other
    /// limits on memory.
    pub fn build_from(self, snapshot: &Snapshot) -> Result<Sandbox> {
        let (engine, config) = self.checked()?;
        check_fit(snapshot, &engine, &config)?;
        Sandbox::spawn(snapshot, config)
    }

    fn checked(self) -> Result<(Engine, Arc<Config>)> {
        self.limits.check()?;
        if !(self.cwd.is_empty() || self.cwd.starts_with('/')) || self.cwd.chars().any(char::is_control) {
            let cwd = self.cwd;
            return Err(Error::invalid_argument(format!(
                "the working directory is {cwd:?}, and must be an absolute path"
            )));
        }
        let mut hosts = self.hosts;
        hosts.insert_env_functions(self.env_functions);
        self.tools.check()?;
        if self.tools.iter().len() > 0 && hosts.has("tools") {
            return Err(Error::invalid_argument(
                "there is a host module `tools`, which is the name of the one with the tools as functions",
            ));
        }
        hosts.insert_tools(self.tools);
        hosts.check()?;
        if let Some(files) = &self.files {
            files.check()?;
        } else if let Some(mount) = self.mounts.first() {
            let path = mount.guest_path();
            return Err(Error::invalid_argument(format!(
                "there is a mount at `{path}`, and no file system for it: `without_files` was called"
            )));
        }
        let mounts = self.mounts.iter().map(|mount| mount.guest_path().to_owned()).collect();
        hosts.set_mounts(Mounts::open(&self.mounts)?);
        let programs =
            ProgramDefaults { env: env_text(self.env)?, cwd: self.cwd, files: self.files.is_some(), mounts };
        let config = Config {
            limits: self.limits,
            names: hosts.names(),
            hosts: Arc::new(hosts),
            console: self.console,
            programs,
            tree: self.files.map(Arc::new),
            typescript: self.typescript,
        };
        Ok((self.engine, Arc::new(config)))
    }
}

/// Refuses a snapshot that a sandbox of `engine` with `config` cannot take.
pub(super) fn check_fit(snapshot: &Snapshot, engine: &Engine, config: &Config) -> Result<()> {
    let mismatch =
        if snapshot.engine.is(engine) { snapshot.config.mismatch(config) } else { Some("another engine") };
    match mismatch {
        Some(what) => Err(Error::invalid_argument(format!("the snapshot belongs to a sandbox with {what}"))),
        None => Ok(()),
    }
}
