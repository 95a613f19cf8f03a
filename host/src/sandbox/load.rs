//! Source text: modules, handlers, evaluation and scripts.

use super::{Sandbox, call::Request};
use crate::{
    error::{Error, Result},
    hostfn::module::check_name,
    options::CallOptions,
    source::{is_typescript, javascript},
};
use hypercell_common::{
    Kind,
    body::{Configure, Files},
};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// The longest key of a handler or file name, in bytes.
const MAX_KEY: usize = 1024;

/// Garbage collections start when this much was allocated, or a sixteenth of the
/// heap, whichever is less.
const MAX_GC_THRESHOLD: u64 = 4 << 20;

/// Source text with the name that stacks show.
///
/// `&str` converts to it, with the name `eval.js`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    code: &'a str,
    name: &'a str,
}

impl<'a> Source<'a> {
    /// Source text named `eval.js`.
    #[must_use]
    pub fn new(code: &'a str) -> Self {
        Self { code, name: "eval.js" }
    }

    /// Sets the name that stacks show.
    #[must_use]
    pub fn named(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }
}

impl<'a> From<&'a str> for Source<'a> {
    fn from(code: &'a str) -> Self {
        Self::new(code)
    }
}

impl<'a> From<&'a String> for Source<'a> {
    fn from(code: &'a String) -> Self {
        Self::new(code)
    }
}

/// Namespaces that no module can be registered in, and what they are for.
const RESERVED: [(&str, &str); 4] = [
    ("host", "host modules"),
    ("handler", "handlers"),
    ("node", "modules of Node.js"),
    ("web", "the web platform"),
];

impl Sandbox {
    /// Registers an ES module as `user:<name>`. It is compiled when it is first
    /// imported, so modules may be registered in any order and import each other in
    /// circles; all handlers share its one instance.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the name is empty, malformed or taken; `ERR_LIMIT`
    /// when the source is above the input limit; `ERR_POISONED`.
    pub fn add_module(&mut self, name: &str, source: &str) -> Result<()> {
        self.add_module_in("user", name, source)
    }

    /// [`Sandbox::add_module`] as `<namespace>:<name>`. The namespace `host` is taken.
    ///
    /// # Errors
    /// As [`Sandbox::add_module`].
    pub fn add_module_in(&mut self, namespace: &str, name: &str, source: &str) -> Result<()> {
        check_name("module namespace", namespace)?;
        check_name("module", name)?;
        if let Some((_, owner)) = RESERVED.iter().find(|(reserved, _)| *reserved == namespace) {
            return Err(Error::invalid_argument(format!("the namespace `{namespace}` belongs to {owner}")));
        }
        let specifier = format!("{namespace}:{name}");
        let source = self.javascript(&specifier, source)?;
        self.send(Kind::Module, &specifier, &source)
    }

    /// Loads a handler: an ES module with a function named `handler`, exported or just
    /// declared. The module is evaluated now, and its state lives on between calls.
    /// `key` is the name to call it by.
    ///
    /// # Errors
    /// `ERR_SYNTAX` when it does not parse or imports a name that its module does not
    /// export, `ERR_JS` when a module is missing or its evaluation throws,
    /// `ERR_INVALID_ARG` when it has no function named `handler` or the key is empty or
    /// taken: there is then no such handler, and the sandbox is as usable as before. Else
    /// as [`Sandbox::call`].
    pub fn add_handler(&mut self, key: &str, source: &str) -> Result<()> {
        check_key("handler", key)?;
        let source = self.javascript(key, source)?;
        self.send(Kind::Handler, key, &source)
    }

    /// Forgets a handler. What its module did to the global object stays.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when there is none by this key; `ERR_POISONED`.
    pub fn remove_handler(&mut self, key: &str) -> Result<()> {
        check_key("handler", key)?;
        self.send(Kind::RemoveHandler, key, "")
    }

    /// Evaluates an ES module and returns its default export, or what that promise
    /// resolves to; `None` without one, or when it is `undefined`. All evaluations
    /// share the global object.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// assert_eq!(sandbox.eval::<i32>("export default 6 * 7")?, Some(42));
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_SYNTAX` when it does not parse; else as [`Sandbox::call`].
    pub fn eval<'s, R: DeserializeOwned>(&mut self, source: impl Into<Source<'s>>) -> Result<Option<R>> {
        self.eval_with(source, &CallOptions::default())
    }

    /// [`Sandbox::eval`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::eval`].
    pub fn eval_with<'s, R: DeserializeOwned>(
        &mut self,
        source: impl Into<Source<'s>>,
        options: &CallOptions,
    ) -> Result<Option<R>> {
        self.run_source(Kind::Eval, source.into(), options)
    }

    /// Runs a classic script, in sloppy mode and the global scope, and returns its
    /// completion value, or what that promise resolves to; `None` when it is
    /// `undefined`.
    ///
    /// # Errors
    /// As [`Sandbox::eval`].
    pub fn script<'s, R: DeserializeOwned>(&mut self, source: impl Into<Source<'s>>) -> Result<Option<R>> {
        self.script_with(source, &CallOptions::default())
    }

    /// [`Sandbox::script`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::eval`].
    pub fn script_with<'s, R: DeserializeOwned>(
        &mut self,
        source: impl Into<Source<'s>>,
        options: &CallOptions,
    ) -> Result<Option<R>> {
        self.run_source(Kind::Script, source.into(), options)
    }

    /// Compiles an ES module and runs nothing of it.
    ///
    /// # Errors
    /// `ERR_SYNTAX` when it does not parse; else as [`Sandbox::call`].
    pub fn validate<'s>(&mut self, source: impl Into<Source<'s>>) -> Result<()> {
        let Source { code, name } = source.into();
        check_key("source", name)?;
        let code = self.javascript(name, code)?;
        self.send(Kind::Validate, name, &code)
    }

    /// Tells a guest that just booted what it may use.
    pub(super) fn configure(&mut self) -> Result<()> {
        let limits = &self.config.limits;
        let body = Configure {
            heap_bytes: limits.heap,
            stack_bytes: limits.js_stack(),
            gc_threshold_bytes: (limits.heap / 16).min(MAX_GC_THRESHOLD),
            timers: limits.timers,
            host_modules: self.config.names.clone(),
            env: self.config.programs.env.clone(),
            cwd: self.config.programs.cwd.clone(),
            files: self.config.programs.files.then(|| Files {
                bytes: limits.files,
                inodes: limits.inodes,
                mounts: self.config.programs.mounts.clone(),
            }),
        };
        let body = serde_json::to_string(&body)
            .map_err(|e| Error::internal("the configuration has no JSON form").with_source(e))?;
        // Nobody's call: its cost is not told.
        let stats = self.stats;
        let configured =
            self.send(Kind::Configure, "", &body).and_then(|()| match self.config.tree.clone() {
                Some(tree) => self.put(&tree),
                None => Ok(()),
            });
        self.stats = stats;
        configured
    }

    /// Source text as the guest takes it: without its types, if it has any.
    fn javascript<'t>(&self, name: &str, source: &'t str) -> Result<Cow<'t, str>> {
        if self.config.typescript || is_typescript(name) {
            return javascript(source, name).map(Cow::Owned).map_err(Error::thrown);
        }
        Ok(Cow::Borrowed(source))
    }

    fn run_source<R: DeserializeOwned>(
        &mut self,
        kind: Kind,
        source: Source<'_>,
        options: &CallOptions,
    ) -> Result<Option<R>> {
        let Source { code, name } = source;
        check_key("source", name)?;
        // A script is one whole with those before it, which has no types.
        let code = if kind == Kind::Script { Cow::Borrowed(code) } else { self.javascript(name, code)? };
        self.request(Request { kind, target: name, body: &code, sections: &[] }, options)?.read_optional()
    }

    fn send(&mut self, kind: Kind, target: &str, body: &str) -> Result<()> {
        self.request(Request { kind, target, body, sections: &[] }, &CallOptions::default()).map(drop)
    }
}

fn check_key(what: &str, key: &str) -> Result<()> {
    let refuse = |why: String| Err(Error::invalid_argument(format!("the name of a {what} {why}")));
    if key.is_empty() {
        return refuse("is empty".into());
    }
    if key.len() > MAX_KEY {
        return refuse(format!("has {} bytes, and {MAX_KEY} are allowed", key.len()));
    }
    if key.chars().any(char::is_control) {
        return refuse(format!("is {key:?} and has control characters in it"));
    }
    Ok(())
}
