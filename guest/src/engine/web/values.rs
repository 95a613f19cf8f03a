//! Native functions for the web platform that need the engine's own values, which
//! [`crate::web::Native`] has not.

use super::{
    super::{event_loop, scripts::place_of, shared::Shared, wtf8},
    native,
};
use crate::{sys::class::class_id, web::Plain};
use alloc::{rc::Rc, string::ToString as _, vec};
use rquickjs::{Ctx, Function, Object, Value};

/// Most bytes of a stack that are looked at.
const MAX_STACK: usize = 64 << 10;

/// Defines the functions on `target`.
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    // What decides which internal slots a value has, as a number.
    target.set(
        "classId",
        Function::new(ctx.clone(), |value: Value<'js>| value.as_object().map_or(0, class_id))?,
    )?;
    // Says that nobody handled an error: the running request fails with it.
    let reported = Rc::clone(shared);
    let fail = move |ctx: Ctx<'js>, error: Value<'js>| reported.reports.record(&ctx, error);
    target.set("failRequest", Function::new(ctx.clone(), fail)?)?;
    // Milliseconds since the realm was made.
    let clock = Rc::clone(shared);
    #[expect(clippy::cast_precision_loss, reason = "centuries in microseconds are exact")]
    let elapsed = move || clock.now() as f64 / 1000.0;
    target.set("elapsed", Function::new(ctx.clone(), elapsed)?)?;
    // (milliseconds, f): calls `f` when they went by.
    let timed = Rc::clone(shared);
    let start = move |ctx: Ctx<'js>, milliseconds: f64, callback: Function<'js>| {
        event_loop::after(&ctx, &timed, milliseconds, callback)
    };
    target.set("startTimer", Function::new(ctx.clone(), start)?)?;
    // (stack) to file, line and column of its first frame.
    let known = Rc::clone(shared);
    let place = move |ctx: Ctx<'js>, stack: Value<'js>| {
        let stack = wtf8::text_of(&stack, MAX_STACK).unwrap_or_default();
        let clean = known.scripts.borrow().clean(&stack);
        let (file, line, column) = first_frame(&clean).unwrap_or_default();
        let (line, column) = (Plain::Number(line.into()), Plain::Number(column.into()));
        native::value(&ctx, &known, Plain::List(vec![Plain::Text(file.to_string()), line, column]))
    };
    target.set("firstFrame", Function::new(ctx.clone(), place)?)
}

/// File, line and column of a stack's first frame that has a place.
fn first_frame(stack: &str) -> Option<(&str, u32, u32)> {
    stack.lines().find_map(|line| {
        let (rest, column) = place_of(line)?.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        Some((file, line.parse().ok()?, column.parse().ok()?))
    })
}
