//! Named sets of host functions.

use super::{
    error::HostError,
    typed::{Arguments, HostFunction},
};
use crate::{
    error::{Error, Result},
    value::Payload,
};
use std::{collections::BTreeMap, fmt, sync::Arc};

/// The longest name of a module or a function, in bytes.
const MAX_NAME: usize = 256;

/// A host function of any kind.
pub(super) type AnyFunction = dyn Fn(&Arguments<'_>) -> Result<Payload, HostError> + Send + Sync;

/// A named set of host functions, imported in the guest as `host:<name>`.
///
/// The functions run on the thread that calls the sandbox and return directly.
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
    functions: BTreeMap<String, Arc<AnyFunction>>,
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
        let name = name.into();
        self.functions.insert(name, Arc::new(move |arguments: &Arguments<'_>| function.call(arguments)));
        self
    }

    /// Adds a function of JSON text: it gets the array of its arguments and returns
    /// its result. Binary arguments are `null` in the text.
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
        self.functions.insert(name.into(), Arc::new(raw));
        self
    }
}

impl fmt::Debug for HostModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.functions.keys().collect();
        f.debug_struct("HostModule").field("name", &self.name).field("functions", &names).finish()
    }
}

/// The host modules of a sandbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registry {
    modules: BTreeMap<String, HostModule>,
}

impl Registry {
    /// Adds a module; the same name again replaces it.
    pub(crate) fn insert(&mut self, module: HostModule) {
        self.modules.insert(module.name.clone(), module);
    }

    /// Checks all names.
    pub(crate) fn check(&self) -> Result<()> {
        for (name, module) in &self.modules {
            check_name("host module", name)?;
            for function in module.functions.keys() {
                check_name(&format!("function of host module `{name}`"), function)?;
            }
        }
        Ok(())
    }

    /// The names of the functions, by module: what the guest is told.
    pub(crate) fn names(&self) -> BTreeMap<String, Vec<String>> {
        let names = |module: &HostModule| module.functions.keys().cloned().collect();
        self.modules.iter().map(|(name, module)| (name.clone(), names(module))).collect()
    }

    /// The function that `target` (`module`, NUL, `function`) names.
    pub(super) fn find(&self, target: &str) -> Option<(&str, &str, &AnyFunction)> {
        let (module, function) = target.split_once('\0')?;
        let (module, found) = self.modules.get_key_value(module)?;
        let (function, found) = found.functions.get_key_value(function)?;
        Some((module, function, found.as_ref()))
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
