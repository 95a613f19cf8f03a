//! Asynchronous host functions: promises whose answers come while the guest waits.

use super::{
    super::{
        encode,
        host_call::{self, Answer},
        shared::Shared,
    },
    timers::global,
};
use alloc::{collections::BTreeMap, format, rc::Rc, string::String, vec, vec::Vec};
use core::cell::{Cell, RefCell};
use hypercell_common::{FETCH, Kind, Message, body::Thrown};
use rquickjs::{Coerced, Ctx, Function, Persistent, Value, function::Opt};

/// The two functions of a promise, and what to call it in an error.
struct Call {
    target: String,
    resolve: Persistent<Function<'static>>,
    reject: Persistent<Function<'static>>,
}

/// The asynchronous calls of a request that have not ended.
#[derive(Default)]
pub(in super::super) struct Calls {
    pending: RefCell<BTreeMap<u64, Call>>,
    next: Cell<u64>,
    /// When the host was last asked for answers, in microseconds.
    looked: Cell<u64>,
}

impl Calls {
    pub(in super::super) fn is_empty(&self) -> bool {
        self.pending.borrow().is_empty()
    }

    pub(super) fn looked(&self, now: u64) {
        self.looked.set(now);
    }

    pub(super) fn since_look(&self, now: u64) -> u64 {
        now.saturating_sub(self.looked.get())
    }

    /// Forgets all. The host forgets them with the request.
    pub(in super::super) fn clear(&self) {
        let all = self.pending.take();
        drop(all);
    }
}

/// Starts the host function behind `target` (`module` NUL `function`), and gives its
/// promise, with the number of the call unless it failed to start.
pub(in super::super) fn start<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    target: &str,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<(Value<'js>, Option<u64>)> {
    let (promise, resolve, reject) = ctx.promise()?;
    // Arguments that cannot cross reject the promise, as an `async` function would.
    let started = encode::arguments(ctx, shared, arguments).and_then(|encoded| {
        let number = shared.calls.next.get().wrapping_add(1);
        shared.calls.next.set(number);
        let sections = encoded.sections();
        let message = Message {
            kind: Kind::HostStart,
            call: shared.call.get(),
            value: number,
            target,
            body: encoded.text(),
            sections: &sections,
        };
        let answer = host_call::send(ctx, shared, target, &message);
        drop(sections);
        shared.give_scratch(encoded.into_buffer());
        host_call::value(ctx, shared, target, answer?)?;
        Ok(number)
    });
    let number = match started {
        Ok(number) => {
            let call = Call {
                target: String::from(target),
                resolve: Persistent::save(ctx, resolve),
                reject: Persistent::save(ctx, reject),
            };
            if shared.calls.is_empty() {
                shared.calls.looked(shared.now());
            }
            let before = shared.calls.pending.borrow_mut().insert(number, call);
            drop(before);
            Some(number)
        }
        Err(rquickjs::Error::Exception) if !shared.interrupted() => {
            let reason = ctx.catch();
            let () = reject.call((reason,))?;
            None
        }
        Err(error) => return Err(error),
    };
    Ok((promise.into_value(), number))
}

/// Ends a call whose answer nobody wants. Its promise stays pending.
pub(in super::super) fn cancel(ctx: &Ctx<'_>, shared: &Shared, number: u64) -> rquickjs::Result<()> {
    let call = shared.calls.pending.borrow_mut().remove(&number);
    let Some(call) = call else { return Ok(()) };
    let message = Message { value: number, ..Message::new(Kind::HostCancel, shared.call.get(), "") };
    host_call::send(ctx, shared, &call.target, &message).map(drop)
}

/// Defines `hostcall(type, payload)`: reaches what the host registered for the type.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let shared = Rc::clone(shared);
    let call = move |ctx: Ctx<'js>, kind: Coerced<String>, payload: Opt<Value<'js>>| {
        let payload = payload.0.unwrap_or_else(|| Value::new_null(ctx.clone()));
        start(&ctx, &shared, &format!("\0{}", kind.0), vec![payload]).map(|(promise, _)| promise)
    };
    global("hostcall", Function::new(ctx.clone(), call)?, 2)
}

/// Settles the promise that an answer is for.
pub(super) fn settle(ctx: &Ctx<'_>, shared: &Shared, answer: Answer) -> Result<(), Thrown> {
    let number = answer.value;
    let call = shared.calls.pending.borrow_mut().remove(&number);
    let Some(call) = call else {
        return Err(super::error::request(format!(
            "the host answered the call {number}, which nobody waits for"
        )));
    };
    let settled = match host_call::value(ctx, shared, &call.target, answer) {
        Ok(value) => bare(&call.target, &value)
            .and_then(|()| call.resolve.restore(ctx))
            .and_then(|resolve| resolve.call((value,))),
        Err(rquickjs::Error::Exception) if !shared.interrupted() => {
            let reason = ctx.catch();
            call.reject.restore(ctx).and_then(|reject| reject.call((reason,)))
        }
        Err(error) => Err(error),
    };
    settled.map_err(|error| super::caught(ctx, shared, error))
}

/// Takes the prototype from what is for `fetch` alone: to resolve a promise looks up
/// `then`, which guest code can put there.
fn bare(target: &str, value: &Value<'_>) -> rquickjs::Result<()> {
    match value.as_object() {
        Some(object) if target == FETCH => object.set_prototype(None),
        _ => Ok(()),
    }
}

impl core::fmt::Debug for Calls {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Calls").field("pending", &self.pending.borrow().keys()).finish_non_exhaustive()
    }
}
