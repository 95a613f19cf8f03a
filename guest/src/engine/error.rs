//! Exceptions as they leave the engine.
//!
//! What guest code throws can be anything: an object whose `message` throws or
//! never returns, a proxy, `null`. Reading it must not fail.

use super::{inspect, scripts::Scripts, shared::Shared, wtf8};
use alloc::{format, string::String, string::ToString as _};
use hypercell_common::body::{Cause, Thrown};
use rquickjs::{Ctx, Error, Object, Value, atom::PredefinedAtom};

/// Most bytes of a message and of a stack.
const MAX_TEXT: usize = 64 << 10;
/// Most bytes of a name and of a code.
const MAX_NAME: usize = 1 << 10;

const OUT_OF_MEMORY: &str = "out of memory";

/// A failure of the request itself, told in a sentence.
pub(super) fn request(message: impl Into<String>) -> Thrown {
    Thrown {
        cause: Cause::Request,
        name: "RequestError".to_string(),
        message: message.into(),
        ..Thrown::default()
    }
}

/// What a failed rquickjs call threw, off the context.
pub(super) fn caught(ctx: &Ctx<'_>, shared: &Shared, error: Error) -> Thrown {
    let pending = ctx.catch();
    match error {
        Error::Exception => describe(ctx, shared, &pending),
        Error::InvalidString(nul) => Thrown {
            cause: Cause::Syntax,
            name: "SyntaxError".to_string(),
            message: format!("the source has a NUL character at byte {}", nul.nul_position()),
            ..Thrown::default()
        },
        Error::Allocation => out_of_memory(),
        // A string conversion that failed for want of memory leaves this.
        Error::Unknown if !pending.is_null() => describe(ctx, shared, &pending),
        other => internal(&format!("{other}")),
    }
}

/// As [`caught`], for a failure to compile: a `SyntaxError` is then one of the
/// source, not one that guest code threw.
pub(super) fn uncompiled(ctx: &Ctx<'_>, shared: &Shared, error: Error) -> Thrown {
    let mut thrown = caught(ctx, shared, error);
    if thrown.cause == Cause::Exception && thrown.name == "SyntaxError" {
        thrown.cause = Cause::Syntax;
    }
    thrown
}

/// As [`caught`], for a classic script, which is compiled and run in one go.
pub(super) fn from_script(ctx: &Ctx<'_>, shared: &Shared, error: Error) -> Thrown {
    let Error::Exception = error else { return caught(ctx, shared, error) };
    let pending = ctx.catch();
    let stack = pending.as_object().and_then(|object| property(ctx, object, "stack", MAX_TEXT));
    let mut thrown = describe(ctx, shared, &pending);
    if thrown.name == "SyntaxError" && stack.is_some_and(|stack| Scripts::is_parse_error(&stack)) {
        thrown.cause = Cause::Syntax;
    }
    thrown
}

/// A thrown value.
pub(super) fn describe<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> Thrown {
    let thrown = described(ctx, shared, value);
    if shared.interrupted() {
        return interrupted();
    }
    thrown
}

fn described<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> Thrown {
    if value.is_null() {
        // With no memory left for an error object, the engine throws this.
        return internal("out of memory (or guest code threw null)");
    }
    let read = |object: &Object<'js>, key, limit| property(ctx, object, key, limit);
    if let Some(object) = value.as_object() {
        let message = read(object, "message", MAX_TEXT);
        if object.is_error() || message.is_some() {
            let stack = read(object, "stack", MAX_TEXT).unwrap_or_default();
            let name = read(object, "name", MAX_NAME).unwrap_or_else(|| "Error".to_string());
            let mut message = message.unwrap_or_default();
            if name == "InternalError" && message.is_empty() {
                // There was memory for the engine's error and none for its text.
                message.push_str(OUT_OF_MEMORY);
            }
            return Thrown {
                cause: Cause::Exception,
                name,
                message,
                stack: shared.scripts.borrow().clean(&stack),
                code: read(object, "code", MAX_NAME),
            };
        }
    }
    Thrown {
        name: "Uncaught".to_string(),
        message: wtf8::text_of(value, MAX_TEXT).unwrap_or_else(|| {
            inspect::inspect(
                ctx,
                shared,
                value,
                &inspect::Options { custom: false, ..inspect::Options::default() },
                MAX_TEXT,
            )
        }),
        ..Thrown::default()
    }
}

/// A property when it is a string and reading it does not throw.
pub(super) fn property<'js>(ctx: &Ctx<'js>, object: &Object<'js>, key: &str, limit: usize) -> Option<String> {
    let value: rquickjs::Result<Value<'js>> = match key {
        "message" => object.get(PredefinedAtom::Message),
        "stack" => object.get(PredefinedAtom::Stack),
        "name" => object.get(PredefinedAtom::Name),
        key => object.get(key),
    };
    match value {
        Ok(value) => wtf8::text_of(&value, limit),
        Err(_) => {
            ctx.catch();
            None
        }
    }
}

fn internal(message: &str) -> Thrown {
    Thrown { name: "InternalError".to_string(), message: message.to_string(), ..Thrown::default() }
}

/// The request was stopped from outside.
pub(super) fn interrupted() -> Thrown {
    Thrown { cause: Cause::Interrupted, ..internal("interrupted") }
}

/// The heap is full.
pub(super) fn out_of_memory() -> Thrown {
    internal(OUT_OF_MEMORY)
}

/// A promise that no remaining job can settle.
pub(super) fn never_settles(what: &str) -> Thrown {
    Thrown {
        name: "Error".to_string(),
        message: format!("the {what}'s promise never settles"),
        ..Thrown::default()
    }
}
