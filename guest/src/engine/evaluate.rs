//! Modules and scripts that run once.

use super::{
    Engine, Outcome, Reply,
    error::{self, caught, from_script, uncompiled},
    job::Job,
    registry::check_name,
    settle::awaited,
};
use hypercell_common::body::Thrown;
use rquickjs::{Ctx, Module, Object, Persistent, Value, context::EvalOptions};

impl Engine {
    /// Evaluates an ES module and gives its default export.
    pub(super) fn evaluate(&mut self, job: Job) -> Outcome {
        self.shared.registry.use_file(&job.target).map_err(error::request)?;
        let (namespace, evaluated) = self.context.with(|ctx| {
            let module = Module::declare(ctx.clone(), job.target, job.body);
            self.start(&ctx, module.map_err(|error| uncompiled(&ctx, &self.shared, error))?)
        })?;
        self.settle(evaluated, "module")?;
        self.note_exports(&namespace)?;
        let exported = self.context.with(|ctx| {
            let exported =
                namespace.restore(&ctx).and_then(|namespace| namespace.get::<_, Value<'_>>("default"));
            let awaited = exported.and_then(|exported| awaited(&ctx, exported));
            awaited
                .map(|value| Persistent::save(&ctx, value))
                .map_err(|error| caught(&ctx, &self.shared, error))
        })?;
        self.deliver(exported, "default export").map(Reply::Done)
    }

    /// Runs a classic script and gives its completion value.
    pub(super) fn run_script(&mut self, job: Job) -> Outcome {
        check_name(&job.target).map_err(error::request)?;
        let source = self.shared.scripts.borrow_mut().add(&job.target, &job.body);
        let completion = self.context.with(|ctx| {
            let mut options = EvalOptions::default();
            options.strict = false;
            let value = ctx.eval_with_options::<Value<'_>, _>(source, options);
            let value = value.map_err(|error| from_script(&ctx, &self.shared, error))?;
            let awaited = awaited(&ctx, value).map_err(|error| caught(&ctx, &self.shared, error))?;
            Ok(Persistent::save(&ctx, awaited))
        })?;
        self.deliver(completion, "script").map(Reply::Done)
    }

    /// Compiles a module, imports unseen, and runs nothing.
    pub(super) fn validate(&mut self, job: Job) -> Result<(), Thrown> {
        self.shared.registry.use_file(&job.target).map_err(error::request)?;
        self.context.with(|ctx| {
            self.imports
                .validate(&ctx, &job.target, job.body)
                .map_err(|error| uncompiled(&ctx, &self.shared, error))
        })
    }

    /// Links a compiled module and starts its evaluation. Gives its namespace
    /// and the promise of its evaluation.
    pub(super) fn start<'js>(
        &self,
        ctx: &Ctx<'js>,
        module: Module<'js>,
    ) -> Result<(Persistent<Object<'static>>, Persistent<Value<'static>>), Thrown> {
        let started = module.eval();
        // Imports that the imported module does not export show only here.
        let (module, promise) = started.map_err(|error| uncompiled(ctx, &self.shared, error))?;
        let namespace = module.namespace().map_err(|error| caught(ctx, &self.shared, error))?;
        Ok((Persistent::save(ctx, namespace), Persistent::save(ctx, promise.into_value())))
    }
}
