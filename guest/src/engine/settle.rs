//! From a value that guest code returned to one that can be encoded: pending jobs
//! run, promises settle, and nothing rejected goes unnoticed.

use super::{
    Engine,
    encode::{self, Encoded},
    error::{self, caught},
};
use hypercell_common::body::Thrown;
use rquickjs::{Ctx, Function, Object, Persistent, Value, atom::PredefinedAtom};

/// Jobs run between two looks at the interrupt flag; guest code in a job is
/// polled by the engine itself.
const POLL_EVERY: u32 = 64;

/// Jobs that are dropped at once: more than fit into a heap.
const MAX_DROPPED: u32 = 1 << 24;

/// Free bytes below which a heap is full.
const STARVED: i64 = 16 << 10;

impl Engine {
    /// Runs jobs until none is left. Gives the first error that one ended with and that
    /// guest code did not handle: nobody else gets to see it.
    pub(super) fn drain(&self) -> Result<(), Thrown> {
        let mut first = Ok(());
        let mut jobs = 0_u32;
        loop {
            let stopped = self.shared.interrupted() || self.shared.programs.exited().is_some();
            if stopped || (jobs.is_multiple_of(POLL_EVERY) && self.shared.poll()) {
                return Err(error::interrupted());
            }
            jobs = jobs.wrapping_add(1);
            match self.runtime.execute_pending_job() {
                Ok(true) => {}
                Ok(false) => return first,
                Err(failed) => {
                    let reported = failed.0.with(|ctx| self.shared.report(&ctx, &ctx.catch()));
                    first = first.and(reported);
                }
            }
        }
    }

    /// Drops the jobs that are left: nothing of them runs. The engine has no way to take them
    /// out, but without any stack each fails before its function begins.
    pub(super) fn drop_jobs(&self) {
        self.runtime.set_max_stack_size(1);
        let mut jobs = 0_u32;
        while jobs < MAX_DROPPED && !matches!(self.runtime.execute_pending_job(), Ok(false)) {
            jobs = jobs.saturating_add(1);
        }
        self.runtime.set_max_stack_size(self.stack);
        self.context.with(|ctx| drop(ctx.catch()));
    }

    /// Runs turns until `value`'s promise is settled, and gives its value, or `value`
    /// itself when it is none.
    pub(super) fn settle(
        &self,
        value: Persistent<Value<'static>>,
        what: &str,
    ) -> Result<Persistent<Value<'static>>, Thrown> {
        loop {
            if self.runtime.is_job_pending() {
                self.drain()?;
            }
            if let Some(settled) = self.settled(value.clone())? {
                return Ok(settled);
            }
            if self.end_turn()? {
                continue;
            }
            if !self.turn()? {
                return Err(if self.starved() { error::out_of_memory() } else { error::never_settles(what) });
            }
        }
    }

    /// The value of `value`'s promise, if it is settled.
    fn settled(
        &self,
        value: Persistent<Value<'static>>,
    ) -> Result<Option<Persistent<Value<'static>>>, Thrown> {
        self.context.with(|ctx| {
            let shared = &self.shared;
            let value = value.restore(&ctx).map_err(|error| caught(&ctx, shared, error))?;
            let Some(promise) = value.as_promise() else { return Ok(Some(Persistent::save(&ctx, value))) };
            match promise.result::<Value<'_>>() {
                None => Ok(None),
                Some(Ok(value)) => Ok(Some(Persistent::save(&ctx, value))),
                Some(Err(error)) => Err(caught(&ctx, shared, error)),
            }
        })
    }

    /// Whether the heap is full. Then the engine may have lost the job that
    /// would have settled a promise.
    fn starved(&self) -> bool {
        let usage = self.runtime.memory_usage();
        usage.malloc_limit > 0 && usage.malloc_limit.saturating_sub(usage.malloc_size) < STARVED
    }

    /// Settles and encodes a result; fails when something else was rejected
    /// meanwhile.
    pub(super) fn deliver(
        &self,
        value: Persistent<Value<'static>>,
        what: &str,
    ) -> Result<Option<Encoded>, Thrown> {
        let value = self.settle(value, what)?;
        let encoded = self.context.with(|ctx| {
            let value = value.restore(&ctx);
            value
                .and_then(|value| encode::value(&ctx, &self.shared, value))
                .map_err(|error| caught(&ctx, &self.shared, error))
        })?;
        self.rest()?;
        Ok(encoded)
    }

    /// Runs what is left to run, and tells of what was reported and nobody handled.
    pub(super) fn rest(&self) -> Result<(), Thrown> {
        loop {
            if self.runtime.is_job_pending() {
                self.drain()?;
            }
            if !self.end_turn()? {
                return Ok(());
            }
        }
    }

    /// Ends a turn, see [`super::reports`]. Gives whether guest code ran.
    pub(super) fn end_turn(&self) -> Result<bool, Thrown> {
        if self.shared.rejections.is_empty() && self.shared.reports.is_empty() {
            return Ok(false);
        }
        self.context.with(|ctx| self.shared.end_turn(&ctx))
    }
}

/// What `await` makes of a value: objects with a `then` method become promises.
pub(super) fn awaited<'js>(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Value<'js>> {
    let Some(object) = value.as_object() else { return Ok(value) };
    if object.is_promise() || !is_thenable(object)? {
        return Ok(value);
    }
    let (promise, resolve, _) = ctx.promise()?;
    let () = Function::call(&resolve, (value,))?;
    Ok(promise.into_value())
}

fn is_thenable(object: &Object<'_>) -> rquickjs::Result<bool> {
    Ok(object.get::<_, Value<'_>>(PredefinedAtom::Then)?.is_function())
}
