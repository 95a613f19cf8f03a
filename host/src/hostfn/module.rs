//! Named sets of host functions.

use super::{
    error::HostError,
    typed::{Arguments, AsyncHostFunction, HostFunction, Started},
};
use crate::{
    error::{Error, Result},
    mounts::Mounts,
    tools::{Tools, commands, functions},
    value::Payload,
};
use hypercell_common::{ENV, FETCH, TOOLS, body::HostFunctions};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// The longest name of a module or a function, in bytes.
const MAX_NAME: usize = 256;

/// A host function that returns directly.
type Direct = dyn Fn(&Arguments<'_>) -> Result<Payload, HostError> + Send + Sync;
/// A host function that gives a promise.
pub(super) type Promised = dyn Fn(&Arguments<'_>) -> Result<Started, HostError> + Send + Sync;

/// A host function of any type.
#[derive(Clone)]
pub(super) enum AnyFunction {
    Direct(Arc<Direct>),
    Promised(Arc<Promised>),
}

/// A named set of host functions, imported in the guest as `host:<name>`.
///
/// A [`function`](HostModule::function) runs on the thread that calls the sandbox and
/// returns directly. An [`async_function`](HostModule::async_function) gives guest code a
/// promise, and runs on the engine's [runtime](crate::EngineBuilder::runtime) meanwhile.
/// They are shared by all sandboxes that are built with the module, and survive
/// snapshot and restore: what they keep is not rolled back.
///
/// ```
/// use hypercell::{HostError, HostModule};
///
/// let math = HostModule::new("math")
///     .function("add", |a: f64, b: f64| a + b)
///     .function("parse", |text: String| -> Result<i64, HostError> { Ok(text.parse()?) });
/// # drop(math);
/// ```
#[derive(Clone)]
pub struct HostModule {
    name: String,
    functions: BTreeMap<String, AnyFunction>,
}

impl HostModule {
    /// A module without functions. The name must be some of `A-Z a-z 0-9 _ - . /`;
    /// it is checked when a sandbox is built.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), functions: BTreeMap::new() }
    }

    /// Adds a function with up to eight arguments of types that serde can
    /// deserialize. It returns a type that serde can serialize, or a `Result` of
    /// one and of anything that converts to [`HostError`].
    ///
    /// A call with more arguments than the function takes is a `TypeError` in the
    /// guest; missing ones are `null`, so that `Option` makes an argument optional.
    /// The same name again replaces the function.
    #[must_use]
    pub fn function<A>(mut self, name: impl Into<String>, function: impl HostFunction<A>) -> Self {
        let call = move |arguments: &Arguments<'_>| function.call(arguments);
        self.functions.insert(name.into(), AnyFunction::Direct(Arc::new(call)));
        self
    }

    /// Adds an asynchronous function, with arguments and results as those of
    /// [`HostModule::function`]. In the guest it returns a promise; several run at once,
    /// and are settled in the order in which they end. When the call that started it
    /// ends, its future is dropped.
    ///
    /// ```
    /// use hypercell::{HostError, HostModule};
    ///
    /// let http = HostModule::new("db").async_function("get", |key: String| async move {
    ///     if key.is_empty() { Err(HostError::new("there is no such key")) } else { Ok(key.len()) }
    /// });
    /// # drop(http);
    /// ```
    #[must_use]
    pub fn async_function<A>(mut self, name: impl Into<String>, function: impl AsyncHostFunction<A>) -> Self {
        self.functions.insert(name.into(), AnyFunction::Promised(promised(function)));
        self
    }

    /// Adds a function of JSON text: it gets the array of its arguments and returns
    /// its result. What JSON has no words for has its JSON form in the text, and typed arrays
    /// are `null`.
    #[must_use]
    pub fn raw_function(
        mut self,
        name: impl Into<String>,
        function: impl Fn(&str) -> Result<String, HostError> + Send + Sync + 'static,
    ) -> Self {
        let raw = move |arguments: &Arguments<'_>| {
            let result = function(arguments.json)?;
            Ok(Payload::from_json(&result)?)
        };
        self.functions.insert(name.into(), AnyFunction::Direct(Arc::new(raw)));
        self
    }
}

fn promised<A>(function: impl AsyncHostFunction<A>) -> Arc<Promised> {
    Arc::new(move |arguments: &Arguments<'_>| function.start(arguments))
}

impl fmt::Debug for HostModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.functions.keys().collect();
        f.debug_struct("HostModule").field("name", &self.name).field("functions", &names).finish()
    }
}

/// The host functions of a sandbox.
#[derive(Clone, Default)]
pub(crate) struct Registry {
    modules: BTreeMap<String, HostModule>,
    /// What answers `hostcall`, by type.
    hostcalls: BTreeMap<String, Arc<Promised>>,
    fetch: Option<Arc<Promised>>,
    mounts: Mounts,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hostcalls: Vec<_> = self.hostcalls.keys().collect();
        f.debug_struct("Registry")
            .field("modules", &self.modules)
            .field("hostcalls", &hostcalls)
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// Adds a module; the same name again replaces it.
    pub(crate) fn insert(&mut self, module: HostModule) {
        self.modules.insert(module.name.clone(), module);
    }

    /// Adds a module whose functions are in a member of `env`.
    pub(crate) fn insert_env(&mut self, module: HostModule) {
        let name = format!("{ENV}/{}", module.name);
        self.insert(HostModule { name, ..module });
    }

    /// Sets the functions that are members of `env`, if there are any.
    pub(crate) fn insert_env_functions(&mut self, module: HostModule) {
        if !module.functions.is_empty() {
            self.insert(module);
        }
    }

    /// Adds what runs tools, if there are any.
    pub(crate) fn insert_tools(&mut self, tools: Tools) {
        if tools.iter().len() > 0 {
            let tools = Arc::new(tools);
            self.insert(commands(&tools));
            self.insert(functions(&tools));
        }
    }

    /// Whether there is a module of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.modules.contains_key(name)
    }

    /// Sets the mounts.
    pub(crate) fn set_mounts(&mut self, mounts: Mounts) {
        self.mounts = mounts;
    }

    /// The mounts.
    pub(crate) fn mounts(&self) -> &Mounts {
        &self.mounts
    }

    /// Adds what answers `hostcall` of a type; the same type again replaces it.
    pub(crate) fn insert_hostcall<A>(&mut self, kind: String, function: impl AsyncHostFunction<A>) {
        self.hostcalls.insert(kind, promised(function));
    }

    /// Sets what answers `fetch`.
    #[cfg(feature = "fetch")]
    pub(crate) fn answer_fetch<A>(&mut self, function: impl AsyncHostFunction<A>) {
        self.fetch = Some(promised(function));
    }

    /// Checks all names.
    pub(crate) fn check(&self) -> Result<()> {
        for kind in self.hostcalls.keys() {
            check_name("hostcall type", kind)?;
        }
        for (name, module) in &self.modules {
            check_module_name(name)?;
            for function in module.functions.keys() {
                check_name(&format!("function of host module `{name}`"), function)?;
            }
        }
        Ok(())
    }

    /// The names of the functions, by module: what the guest is told.
    pub(crate) fn names(&self) -> BTreeMap<String, HostFunctions> {
        let names = |module: &HostModule| {
            let mut names = HostFunctions::default();
            for (name, function) in &module.functions {
                match function {
                    AnyFunction::Direct(_) => names.direct.push(name.clone()),
                    AnyFunction::Promised(_) => names.promised.push(name.clone()),
                }
            }
            names
        };
        self.modules.iter().map(|(name, module)| (name.clone(), names(module))).collect()
    }

    /// The direct function that `target` (`module`, NUL, `function`) names.
    pub(super) fn find_direct(&self, target: &str) -> Option<&Direct> {
        match self.find(target)? {
            AnyFunction::Direct(function) => Some(function.as_ref()),
            AnyFunction::Promised(_) => None,
        }
    }

    /// The asynchronous function that `target` names; without a module, what answers
    /// `hostcall`; or `fetch`.
    pub(super) fn find_promised(&self, target: &str) -> Option<&Promised> {
        if target == FETCH {
            return self.fetch.as_deref();
        }
        if let Some(kind) = target.strip_prefix('\0') {
            return self.hostcalls.get(kind).map(AsRef::as_ref);
        }
        match self.find(target)? {
            AnyFunction::Promised(function) => Some(function.as_ref()),
            AnyFunction::Direct(_) => None,
        }
    }

    fn find(&self, target: &str) -> Option<&AnyFunction> {
        let (module, function) = target.split_once('\0')?;
        self.modules.get(module)?.functions.get(function)
    }
}

/// Checks the name of a host module, or of one whose functions are in `env`.
pub(crate) fn check_module_name(name: &str) -> Result<()> {
    if name == TOOLS {
        return Ok(());
    }
    match name.strip_prefix(ENV) {
        Some("") => Ok(()),
        Some(member) => check_name("member of `env`", member.strip_prefix('/').unwrap_or(member)),
        None => check_name("host module", name),
    }
}

/// Checks the name of something that guest code imports.
pub(crate) fn check_name(what: &str, name: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid_argument(format!("the name of a {what} {why}")));
    if name.is_empty() {
        return refuse("is empty".into());
    }
    if name.len() > MAX_NAME {
        return refuse(format!("has {} bytes, and {MAX_NAME} are allowed", name.len()));
    }
    match name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '$'))) {
        Some(c) => {
            refuse(format!("is {name:?} and has {c:?} in it; letters, digits and _ - . / $ are allowed"))
        }
        None => Ok(()),
    }
}
