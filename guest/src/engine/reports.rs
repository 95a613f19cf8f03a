//! Errors that guest code let go: thrown where nobody catches them, or the reasons of
//! rejections that nobody handles.
//!
//! Guest code hears of them by events (HTML 8.1.4.6 and 8.1.4.7). One that it does not
//! take as handled fails the request.

use super::{
    error::{caught, describe, interrupted},
    shared::Shared,
};
use core::cell::RefCell;
use hypercell_common::body::Thrown;
use rquickjs::{Ctx, Persistent, Value};

/// The first error of the running request that nobody handled.
#[derive(Default)]
pub(super) struct Reports {
    unhandled: RefCell<Option<Persistent<Value<'static>>>>,
}

impl Reports {
    /// Fails the running request with `error`, at the end of the turn.
    pub(super) fn record<'js>(&self, ctx: &Ctx<'js>, error: Value<'js>) {
        let mut unhandled = self.unhandled.borrow_mut();
        if unhandled.is_none() {
            *unhandled = Some(Persistent::save(ctx, error));
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.unhandled.borrow().is_none()
    }

    fn take(&self) -> Option<Persistent<Value<'static>>> {
        self.unhandled.take()
    }

    /// Forgets it: the request ended.
    pub(super) fn clear(&self) {
        drop(self.take());
    }
}

impl Shared {
    /// Tells guest code of an exception that nobody caught; fails the request when it
    /// does not handle it either.
    pub(super) fn report<'js>(&self, ctx: &Ctx<'js>, error: &Value<'js>) -> Result<(), Thrown> {
        if self.interrupted() {
            return Err(interrupted());
        }
        let handled = self.call_hook(ctx, |hooks| &hooks.report_error, (error.clone(),));
        let handled =
            handled.and_then(|handled| Ok(handled || self.survives(ctx, error, "uncaughtException")?));
        match handled.map_err(|failed| caught(ctx, self, failed))? {
            true => Ok(()),
            false => Err(describe(ctx, self, error)),
        }
    }

    /// Ends a turn, when no job is left: tells guest code of rejections that nobody
    /// handled, and of those that were handled after it was told. Gives whether guest
    /// code ran, as it may have left jobs.
    ///
    /// # Errors
    /// What the turn reported and nobody handled.
    pub(super) fn end_turn(&self, ctx: &Ctx<'_>) -> Result<bool, Thrown> {
        let mut first = self.reported(ctx);
        let mut ran = false;
        let failed = |error| caught(ctx, self, error);
        for promise in self.rejections.take_late() {
            let promise = promise.restore(ctx).map_err(failed)?;
            let reason = reason_of(ctx, &promise);
            let () =
                self.call_hook(ctx, |hooks| &hooks.rejection_handled, (promise, reason)).map_err(failed)?;
            ran = true;
        }
        let mark = self.rejections.mark();
        while let Some(rejection) = self.rejections.next_before(mark) {
            let promise = rejection.promise.restore(ctx).map_err(failed)?;
            let reason = rejection.reason.restore(ctx).map_err(failed)?;
            let arguments = (promise, reason.clone());
            let handled: bool =
                self.call_hook(ctx, |hooks| &hooks.report_rejection, arguments).map_err(failed)?;
            ran = true;
            let handled = !self.rejections.is_outstanding()
                || handled
                || self.survives(ctx, &reason, "unhandledRejection").map_err(failed)?;
            if !handled && first.is_none() {
                first = Some(describe(ctx, self, &reason));
            }
        }
        // Listeners can throw, too.
        match first.or_else(|| self.reported(ctx)) {
            Some(thrown) => Err(thrown),
            None => Ok(ran),
        }
    }

    fn reported(&self, ctx: &Ctx<'_>) -> Option<Thrown> {
        let error = self.reports.take()?;
        Some(match error.restore(ctx) {
            Ok(error) => describe(ctx, self, &error),
            Err(error) => caught(ctx, self, error),
        })
    }
}

/// The reason of a rejected promise.
fn reason_of<'js>(ctx: &Ctx<'js>, promise: &Value<'js>) -> Value<'js> {
    match promise.as_promise().and_then(|promise| promise.result::<Value<'js>>()) {
        Some(Err(_)) => ctx.catch(),
        _ => Value::new_undefined(ctx.clone()),
    }
}
