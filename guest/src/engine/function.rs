//! Functions that are called by name: exports of modules, and global ones.

use super::{
    Engine, Reply, decode,
    error::{self, caught},
    job::Job,
    settle::awaited,
};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use hypercell_common::body::Thrown;
use rquickjs::{Function, Module, Object, Persistent, Value, function::Args};

impl Engine {
    /// Calls a function with positional arguments.
    pub(super) fn call_function(&mut self, job: Job) -> Result<Reply, Thrown> {
        let returned = self.call_by_name(&job)?;
        self.deliver(returned, "function").map(Reply::Done)
    }

    /// Calls the function that a job names, and gives what it returns.
    pub(super) fn call_by_name(&mut self, job: &Job) -> Result<Persistent<Value<'static>>, Thrown> {
        let function = self.find(&job.target)?;
        self.context.with(|ctx| {
            let caught = |error| caught(&ctx, &self.shared, error);
            let wrong = |what: &str| error::request(format!("the arguments of '{}': {what}", job.target));
            let arguments =
                decode::value(&ctx, &self.shared, job.body.clone(), &job.sections).map_err(caught)?;
            let Some(arguments) = arguments.map_err(|what| wrong(&what))?.into_array() else {
                return Err(wrong("they are no array"));
            };
            let call = || -> rquickjs::Result<Value<'_>> {
                let mut all = Args::new(ctx.clone(), arguments.len());
                for index in 0..arguments.len() {
                    all.push_arg(arguments.get::<Value<'_>>(index)?)?;
                }
                function.clone().restore(&ctx)?.call_arg(all).and_then(|value| awaited(&ctx, value))
            };
            call().map(|value| Persistent::save(&ctx, value)).map_err(caught)
        })
    }

    /// The function of a target: `name`, or `specifier` NUL `name`.
    fn find(&self, target: &str) -> Result<Persistent<Function<'static>>, Thrown> {
        let (place, name) = match target.split_once('\0') {
            Some((specifier, name)) => (Some(specifier), name),
            None => (None, target),
        };
        let found = match place {
            Some(specifier) => {
                let namespace = self.import(specifier)?;
                self.function_of(&namespace, name)?
            }
            None => self.evaluated_function(name)?,
        };
        found.ok_or_else(|| {
            error::request(match place {
                Some(specifier) => format!("the module '{specifier}' exports no function '{name}'"),
                None => format!(
                    "there is no function '{name}': no module that was evaluated exports one, and the global \
                     object has none"
                ),
            })
        })
    }

    /// The namespace of a registered module.
    fn import(&self, specifier: &str) -> Result<Persistent<Object<'static>>, Thrown> {
        let imported = self.context.with(|ctx| {
            let promise = Module::import(&ctx, specifier);
            let promise = promise.map_err(|error| error::uncompiled(&ctx, &self.shared, error))?;
            Ok(Persistent::save(&ctx, promise.into_value()))
        })?;
        let namespace = self.settle(imported, "module")?;
        self.context.with(|ctx| {
            let namespace = namespace.restore(&ctx).and_then(|value| value.get::<Object<'_>>());
            namespace
                .map(|namespace| Persistent::save(&ctx, namespace))
                .map_err(|error| caught(&ctx, &self.shared, error))
        })
    }

    /// The function that an evaluated module exports by this name, or a global one.
    fn evaluated_function(&self, name: &str) -> Result<Option<Persistent<Function<'static>>>, Thrown> {
        if let Some(namespace) = self.evaluated.get(name)
            && let Some(function) = self.function_of(namespace, name)?
        {
            return Ok(Some(function));
        }
        let globals = self.context.with(|ctx| Persistent::save(&ctx, ctx.globals()));
        self.function_of(&globals, name)
    }

    fn function_of(
        &self,
        object: &Persistent<Object<'static>>,
        name: &str,
    ) -> Result<Option<Persistent<Function<'static>>>, Thrown> {
        self.context.with(|ctx| {
            let value = object.clone().restore(&ctx).and_then(|object| object.get::<_, Value<'_>>(name));
            let value = value.map_err(|error| caught(&ctx, &self.shared, error))?;
            Ok(value.into_function().map(|function| Persistent::save(&ctx, function)))
        })
    }

    /// Notes the functions that a module exports, for calls by name.
    pub(super) fn note_exports(&mut self, namespace: &Persistent<Object<'static>>) -> Result<(), Thrown> {
        let names = self.context.with(|ctx| {
            let functions = || -> rquickjs::Result<Vec<String>> {
                let mut names = Vec::new();
                for entry in namespace.clone().restore(&ctx)?.props::<String, Value<'_>>() {
                    let (name, value) = entry?;
                    if value.is_function() {
                        names.push(name);
                    }
                }
                Ok(names)
            };
            functions().map_err(|error| caught(&ctx, &self.shared, error))
        })?;
        for name in names {
            self.evaluated.insert(name, namespace.clone());
        }
        Ok(())
    }
}

/// Which evaluated module exports a function of a name: the last one that does.
pub(super) type Evaluated = BTreeMap<String, Persistent<Object<'static>>>;
