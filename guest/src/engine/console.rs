//! The global `console`: one message to the host per call.
//!
//! Logging never fails in the eyes of guest code.

use super::{inspect, shared::Shared, wtf8};
use alloc::{rc::Rc, string::String, vec::Vec};
use hypercell_common::{Kind, Message};
use rquickjs::{Ctx, Exception, Function, Object, Value, function::Rest, object::Property};

/// Most bytes of one message, before the truncation mark.
const MAX_LINE: usize = 64 << 10;

/// Methods that send their arguments, and the level that they send them at.
const LEVELS: [(&str, &str); 5] =
    [("log", "log"), ("info", "info"), ("debug", "debug"), ("warn", "warn"), ("error", "error")];

/// Defines `console`.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let console = Object::new(ctx.clone())?;
    for (name, level) in LEVELS {
        let shared = Rc::clone(shared);
        method(&console, name, move |ctx: Ctx<'js>, values: Rest<Value<'js>>| {
            send(&shared, level, &format(&ctx, &shared, &values.into_inner(), ""));
        })?;
    }
    let tracing = Rc::clone(shared);
    method(&console, "trace", move |ctx: Ctx<'js>, values: Rest<Value<'js>>| {
        let mut line = format(&ctx, &tracing, &values.into_inner(), "Trace:");
        line.push('\n');
        line.push_str(&stack(&ctx, &tracing));
        send(&tracing, "debug", &line);
    })?;
    let asserting = Rc::clone(shared);
    method(&console, "assert", move |ctx: Ctx<'js>, values: Rest<Value<'js>>| {
        let mut values = values.into_inner().into_iter();
        if !values.next().is_some_and(|condition| is_true(&condition)) {
            let values: Vec<Value<'js>> = values.collect();
            let prefix = if values.is_empty() { "Assertion failed" } else { "Assertion failed:" };
            send(&asserting, "error", &format(&ctx, &asserting, &values, prefix));
        }
    })?;
    ctx.globals().prop("console", Property::from(console).writable().configurable())
}

fn method<'js, F>(console: &Object<'js>, name: &str, f: F) -> rquickjs::Result<()>
where
    F: Fn(Ctx<'js>, Rest<Value<'js>>) + 'js,
{
    let function = Function::new(console.ctx().clone(), f)?.with_name(name)?.with_length(0)?;
    console.prop(name, Property::from(function).writable().configurable().enumerable())
}

fn format<'js>(ctx: &Ctx<'js>, shared: &Shared, values: &[Value<'js>], prefix: &str) -> String {
    let mut line = String::from(prefix);
    for value in values {
        if line.len() > MAX_LINE || shared.interrupted() {
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        match wtf8::text_of(value, MAX_LINE) {
            Some(text) => line.push_str(&text),
            None => line.push_str(&inspect::inspect(ctx, shared, value, MAX_LINE)),
        }
    }
    line
}

/// The stack of the caller; native functions like this one have no frame in it.
fn stack<'js>(ctx: &Ctx<'js>, shared: &Shared) -> String {
    let error = Exception::from_message(ctx.clone(), "");
    let stack = error.ok().and_then(|error| super::error::property(ctx, &error, "stack", MAX_LINE));
    let stack = stack.unwrap_or_default();
    // Making the error can fail for want of memory.
    ctx.catch();
    shared.scripts.borrow().clean(stack.trim_end())
}

/// `ToBoolean`.
fn is_true(value: &Value<'_>) -> bool {
    if let Some(truth) = value.as_bool() {
        return truth;
    }
    if let Some(number) = value.as_number() {
        return number != 0.0 && !number.is_nan();
    }
    if value.is_string() {
        return wtf8::text_of(value, 1).is_some_and(|text| !text.is_empty());
    }
    if value.is_big_int() {
        let text = value.get::<rquickjs::Coerced<String>>();
        return text.is_ok_and(|text| text.0 != "0");
    }
    !value.is_undefined() && !value.is_null()
}

fn send(shared: &Shared, level: &str, line: &str) {
    let mut capped = String::new();
    let body = if line.len() <= MAX_LINE {
        line
    } else {
        capped.push_str(wtf8::clip(line, MAX_LINE));
        capped.push_str(wtf8::TRUNCATED);
        &capped
    };
    let message = Message { body, ..Message::new(Kind::Console, shared.call.get(), level) };
    // The answer is empty, and a line that the host does not take is lost.
    let _ = shared.platform.host_call(&message, &mut |_| ());
}
