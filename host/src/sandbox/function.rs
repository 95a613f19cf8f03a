//! Functions of the guest that are called by name.

use super::{Sandbox, call::Request};
use crate::{
    error::{Error, Result},
    options::CallOptions,
    value::Payload,
};
use hypercell_common::Kind;
use serde::{Serialize, de::DeserializeOwned};

/// Names a function of the guest.
///
/// A `&str` names a function that a module exports which [`Sandbox::eval`] evaluated,
/// the last one that exports it, or else a global function. A pair `(specifier, name)`
/// names an export of a registered module, which is evaluated first if it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FunctionName<'a> {
    module: Option<&'a str>,
    name: &'a str,
}

impl<'a> From<&'a str> for FunctionName<'a> {
    fn from(name: &'a str) -> Self {
        Self { module: None, name }
    }
}

impl<'a> From<(&'a str, &'a str)> for FunctionName<'a> {
    fn from((module, name): (&'a str, &'a str)) -> Self {
        Self { module: Some(module), name }
    }
}

impl FunctionName<'_> {
    /// The target of a request that calls it.
    pub(super) fn target(self) -> Result<String> {
        let parts = [self.module.unwrap_or(""), self.name];
        if self.name.is_empty() || parts.iter().any(|part| part.contains('\0')) {
            let [module, name] = parts;
            return Err(Error::invalid_argument(format!(
                "a function's name is not empty and neither it nor its module has a NUL: {module:?}, {name:?}"
            )));
        }
        Ok(self.module.map_or_else(|| self.name.to_owned(), |module| format!("{module}\0{}", self.name)))
    }
}

/// Encodes positional arguments: a tuple, an array or a sequence, or `()` for none.
pub(super) fn arguments(arguments: &(impl Serialize + ?Sized)) -> Result<Payload> {
    let encoded = Payload::encode(arguments)?;
    match encoded.json().as_bytes() {
        [b'[', ..] => Ok(encoded),
        b"null" => Payload::encode(&[(); 0]),
        _ => Err(Error::invalid_argument(
            "the arguments of a function are a tuple, an array or a sequence: write (value,) for a single one",
        )),
    }
}

impl Sandbox {
    /// Calls a function of the guest with positional arguments, and returns what it
    /// returns, or what its promise resolves to; `None` when that is `undefined`.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// sandbox.eval::<()>("export const add = (a, b) => a + b;")?;
    /// assert_eq!(sandbox.call_function("add", &(1, 2))?, Some(3));
    ///
    /// sandbox.add_module("math", "export const half = n => n / 2;")?;
    /// assert_eq!(sandbox.call_function(("user:math", "half"), &[5])?, Some(2.5));
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when there is no such function, or the arguments are no
    /// sequence; else as [`Sandbox::call`].
    pub fn call_function<'f, R: DeserializeOwned>(
        &mut self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
    ) -> Result<Option<R>> {
        self.call_function_with(function, arguments, &CallOptions::default())
    }

    /// [`Sandbox::call_function`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::call_function`]; and `ERR_INVALID_ARG` when an option is out of
    /// bounds.
    pub fn call_function_with<'f, R: DeserializeOwned>(
        &mut self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<Option<R>> {
        let target = function.into().target()?;
        let arguments = self::arguments(arguments)?;
        let sections = arguments.sections();
        let request = Request {
            kind: Kind::CallFunction,
            target: &target,
            body: arguments.json(),
            sections: &sections,
        };
        self.request(request, options)?.read_optional()
    }
}
