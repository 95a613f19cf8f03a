//! Handlers: modules that provide a function named `handler`, called again and
//! again.

use super::{
    Engine, Outcome, Reply, decode,
    error::{self, caught, uncompiled},
    job::Job,
    registry::{HANDLER, check_name},
    settle::awaited,
};
use alloc::{format, vec::Vec};
use hypercell_common::body::{Cause, Thrown};
use rquickjs::{Ctx, Function, Module, Persistent, Value};

/// Exports the binding `handler` of a source that this is put behind, whether
/// its author exported it or not. It is on a line of its own, so that comments
/// end and positions stay, and it cannot continue a statement: `export` is a
/// reserved word.
const EXPORT: &[u8] = b"\nexport { handler as \"hypercell:handler\" }";
const EXPORTED: &str = "hypercell:handler";

impl Engine {
    /// Compiles and evaluates a handler.
    pub(super) fn add_handler(&mut self, job: Job) -> Result<(), Thrown> {
        check_name(&job.target).map_err(error::request)?;
        if self.handlers.contains_key(&job.target) {
            return Err(error::request(format!("there is a handler '{}' already", job.target)));
        }
        let (namespace, evaluated) = self.context.with(|ctx| {
            let module = self.compile(&ctx, &job.target, job.body)?;
            self.start(&ctx, module)
        })?;
        self.settle(evaluated, "handler")?;
        self.rest()?;
        let handler = self.context.with(|ctx| {
            let find = || -> rquickjs::Result<Option<Function<'_>>> {
                let namespace = namespace.restore(&ctx)?;
                let bound: Value<'_> = namespace.get(EXPORTED)?;
                let exported = if bound.is_undefined() { namespace.get("handler")? } else { bound };
                Ok(exported.into_function())
            };
            match find() {
                Ok(Some(handler)) => Ok(Persistent::save(&ctx, handler)),
                Ok(None) => Err(error::request(format!(
                    "the source of '{}' must provide a function named `handler`, and does not",
                    job.target
                ))),
                Err(error) => Err(caught(&ctx, &self.shared, error)),
            }
        })?;
        self.handlers.insert(job.target, handler);
        Ok(())
    }

    /// Compiles the source with [`EXPORT`]; if that does not parse, as it is,
    /// which gives the author's own error, or a module that has no binding
    /// `handler` but may export something under that name.
    fn compile<'js>(&self, ctx: &Ctx<'js>, key: &str, source: Vec<u8>) -> Result<Module<'js>, Thrown> {
        let name = format!("{HANDLER}:{key}");
        let mut exporting = Vec::with_capacity(source.len().saturating_add(EXPORT.len()).saturating_add(1));
        exporting.extend_from_slice(&source);
        exporting.extend_from_slice(EXPORT);
        match Module::declare(ctx.clone(), name.as_str(), exporting) {
            Ok(module) => Ok(module),
            Err(error) => {
                let thrown = uncompiled(ctx, &self.shared, error);
                if thrown.cause != Cause::Syntax {
                    return Err(thrown);
                }
                Module::declare(ctx.clone(), name, source)
                    .map_err(|error| uncompiled(ctx, &self.shared, error))
            }
        }
    }

    /// Forgets a handler. Its module stays in the realm, as modules do.
    pub(super) fn remove_handler(&mut self, key: &str) -> Result<(), Thrown> {
        match self.handlers.remove(key) {
            Some(_) => Ok(()),
            None => Err(error::request(format!("there is no handler '{key}'"))),
        }
    }

    /// Calls a handler with an event.
    pub(super) fn call_handler(&mut self, job: Job) -> Outcome {
        let Some(handler) = self.handlers.get(&job.target) else {
            return Err(error::request(format!("there is no handler '{}'", job.target)));
        };
        let returned = self.context.with(|ctx| {
            let caught = |error| caught(&ctx, &self.shared, error);
            let event = match decode::value(&ctx, &self.shared, job.body, &job.sections).map_err(caught)? {
                Ok(event) => event,
                Err(what) => return Err(error::request(format!("the event of '{}': {what}", job.target))),
            };
            let handler = handler.clone().restore(&ctx).map_err(caught)?;
            let value = handler.call::<_, Value<'_>>((event,)).and_then(|value| awaited(&ctx, value));
            value.map(|value| Persistent::save(&ctx, value)).map_err(caught)
        })?;
        match self.deliver(returned, "handler")? {
            Some(result) => Ok(Reply::Done(Some(result))),
            None => Err(error::request(format!(
                "the handler '{}' returned undefined: it must return a value that JSON has, such as null",
                job.target
            ))),
        }
    }
}
