//! A generator whose yields go to the host one by one.
//!
//! It runs only when the host asks for the next value, so that nothing is made that
//! nobody takes. Timers and asynchronous host calls outlive a yield, as the call is not
//! over.

use super::{
    Engine, Reply,
    error::{self, caught},
    job::Job,
    settle::awaited,
};
use hypercell_common::body::Thrown;
use rquickjs::{
    Coerced, Ctx, Function, Object, Persistent, Symbol, Value, atom::PredefinedAtom, function::This,
};

/// An iterator and its `next` method, which is looked up once (ECMAScript 7.4.1).
#[derive(Clone)]
pub(super) struct Generator {
    iterator: Persistent<Object<'static>>,
    next: Persistent<Function<'static>>,
}

impl Engine {
    /// Calls a function and, when it returns a generator, runs that to its first yield.
    pub(super) fn generate(&mut self, job: Job) -> Result<Reply, Thrown> {
        let returned = self.call_by_name(&job)?;
        let value = self.settle(returned, "function")?;
        let generator = self.context.with(|ctx| {
            let value = value.clone().restore(&ctx);
            value
                .and_then(|value| Generator::of(&ctx, &value))
                .map_err(|error| caught(&ctx, &self.shared, error))
        })?;
        if generator.is_none() {
            return self.deliver(value, "function").map(Reply::Done);
        }
        self.generator = generator;
        self.next()
    }

    /// Runs the generator to its next yield or its end.
    pub(super) fn next(&mut self) -> Result<Reply, Thrown> {
        // Whatever fails, it is not used again.
        let Some(generator) = self.generator.take() else {
            return Err(error::request("there is no generator"));
        };
        let called = self.context.with(|ctx| generator.call(&ctx, &generator.next));
        let step = self.settle(called.map_err(|error| self.caught(error))?, "generator")?;
        let (value, done) = self.context.with(|ctx| parts(&ctx, step)).map_err(|error| self.caught(error))?;
        let value = self.deliver(value, "yielded value")?;
        if done {
            return Ok(Reply::Done(value));
        }
        self.generator = Some(generator);
        Ok(Reply::Yield(value))
    }

    /// Ends the generator: it runs its `finally` blocks.
    pub(super) fn finish(&mut self) -> Result<Reply, Thrown> {
        let Some(generator) = self.generator.take() else { return Ok(Reply::Done(None)) };
        let called = self.context.with(|ctx| -> rquickjs::Result<_> {
            let iterator = generator.iterator.clone().restore(&ctx)?;
            match iterator.get::<_, Option<Function<'_>>>(PredefinedAtom::Return)? {
                Some(method) => generator.call(&ctx, &Persistent::save(&ctx, method)).map(Some),
                None => Ok(None),
            }
        });
        if let Some(step) = called.map_err(|error| self.caught(error))? {
            self.settle(step, "generator")?;
        }
        self.rest()?;
        Ok(Reply::Done(None))
    }

    fn caught(&self, error: rquickjs::Error) -> Thrown {
        self.context.with(|ctx| caught(&ctx, &self.shared, error))
    }
}

impl Generator {
    /// The generator that a value is, if it is one: it has a method `next` and iterates
    /// over itself.
    fn of<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> rquickjs::Result<Option<Self>> {
        let Some(iterator) = value.as_object() else { return Ok(None) };
        let Some(next) = iterator.get::<_, Value<'js>>(PredefinedAtom::Next)?.into_function() else {
            return Ok(None);
        };
        for symbol in [Symbol::async_iterator(ctx.clone()), Symbol::iterator(ctx.clone())] {
            if iterator.get::<_, Value<'js>>(symbol.as_atom())?.is_function() {
                let iterator = Persistent::save(ctx, iterator.clone());
                return Ok(Some(Self { iterator, next: Persistent::save(ctx, next) }));
            }
        }
        Ok(None)
    }

    fn call(
        &self,
        ctx: &Ctx<'_>,
        method: &Persistent<Function<'static>>,
    ) -> rquickjs::Result<Persistent<Value<'static>>> {
        let iterator = self.iterator.clone().restore(ctx)?;
        let returned: Value<'_> = method.clone().restore(ctx)?.call((This(iterator),))?;
        Ok(Persistent::save(ctx, awaited(ctx, returned)?))
    }
}

/// Value and `done` of what `next` gave. A value that is a promise is awaited.
fn parts(
    ctx: &Ctx<'_>,
    step: Persistent<Value<'static>>,
) -> rquickjs::Result<(Persistent<Value<'static>>, bool)> {
    let step: Object<'_> = step.restore(ctx)?.get()?;
    let done = step.get::<_, Coerced<bool>>(PredefinedAtom::Done)?.0;
    let value = awaited(ctx, step.get(PredefinedAtom::Value)?)?;
    Ok((Persistent::save(ctx, value), done))
}
