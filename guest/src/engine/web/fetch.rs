//! The host's side of `fetch`, as functions of the module of natives.

use super::super::{
    event_loop::{cancel_call, start_call},
    shared::Shared,
};
use alloc::rc::Rc;
use hypercell_common::FETCH;
use rquickjs::{Ctx, Function, Object, Value, function::Rest};

/// Defines the functions on `target`:
///
/// - `startFetch(method, url, redirect, headers, body, started)` gives a promise of the
///   host's response, and calls `started` with the number of the call, unless it failed to
///   start. Headers are lines of `name:value`, the body a `Uint8Array` or `null`.
/// - `cancelFetch(number)` ends the call; its promise stays pending.
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let starting = Rc::clone(shared);
    let start = move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
        let mut arguments = arguments.into_inner();
        let started = arguments.pop().and_then(Value::into_function);
        let (promise, number) = start_call(&ctx, &starting, FETCH, arguments)?;
        if let (Some(number), Some(started)) = (number, started) {
            let () = started.call((number,))?;
        }
        Ok::<_, rquickjs::Error>(promise)
    };
    target.set("startFetch", Function::new(ctx.clone(), start)?)?;
    let cancelling = Rc::clone(shared);
    let cancel = move |ctx: Ctx<'js>, number: u64| cancel_call(&ctx, &cancelling, number);
    target.set("cancelFetch", Function::new(ctx.clone(), cancel)?)
}
