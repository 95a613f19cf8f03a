//! JSON and binary sections of a frame as guest values.
//!
//! Parsing runs no guest code. Planting defines own properties, so that a key
//! like `__proto__` is nothing but a key.

use super::{error, job::Part, shared::Shared};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{Ctx, Error, IntoAtom as _, Object, TypedArray, Value, object::Property};
use serde::Deserialize;

/// One step of a section's path.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Index(u32),
    Key(String),
}

/// The value of a body, `undefined` for an empty one, with its sections as
/// `Uint8Array`s. The inner error is a sentence that says what is malformed.
pub(super) fn value<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    body: Vec<u8>,
    sections: &[Part],
) -> rquickjs::Result<Result<Value<'js>, String>> {
    let mut root = if body.is_empty() {
        Value::new_undefined(ctx.clone())
    } else {
        match ctx.json_parse(body) {
            Ok(value) => value,
            Err(error) => return not_json(ctx, shared, error).map(Err),
        }
    };
    for section in sections {
        let Ok(path) = serde_json::from_str::<Vec<Step>>(&section.path) else {
            return Ok(Err(format!(
                "the section path {:?} is not an array of keys and indices",
                section.path
            )));
        };
        let bytes = TypedArray::<u8>::new_copy(ctx.clone(), &section.data)?.into_value();
        let Some((last, steps)) = path.split_last() else {
            root = bytes;
            continue;
        };
        match container(&root, steps)? {
            Some(object) => {
                let place = Property::from(bytes).writable().configurable().enumerable();
                match last {
                    Step::Index(index) => object.prop(*index, place)?,
                    Step::Key(key) => object.prop(key.as_str(), place)?,
                }
            }
            None => return Ok(Err(format!("the section path {:?} leads nowhere", section.path))),
        }
    }
    Ok(Ok(root))
}

/// The object at the end of `steps`.
fn container<'js>(root: &Value<'js>, steps: &[Step]) -> rquickjs::Result<Option<Object<'js>>> {
    let mut at = root.clone();
    for step in steps {
        let Some(object) = at.as_object() else { return Ok(None) };
        let key = match step {
            Step::Index(index) => index.into_atom(object.ctx())?,
            Step::Key(key) => key.as_str().into_atom(object.ctx())?,
        };
        at = object.get(key)?;
    }
    Ok(at.into_object())
}

/// Says where the text stops being JSON; passes on every other exception.
fn not_json(ctx: &Ctx<'_>, shared: &Shared, error: Error) -> rquickjs::Result<String> {
    if let Error::InvalidString(nul) = &error {
        return Ok(format!("the body is not JSON: there is a NUL at byte {}", nul.nul_position()));
    }
    let Error::Exception = error else { return Err(error) };
    let thrown = ctx.catch();
    let told = error::describe(ctx, shared, &thrown);
    if told.name != "SyntaxError" {
        return Err(ctx.throw(thrown));
    }
    let place =
        told.stack.trim_start().strip_prefix("at <input>:").and_then(|at| at.split_whitespace().next());
    Ok(match place {
        Some(place) => format!("the body is not JSON: {} at line:column {place}", told.message),
        None => format!("the body is not JSON: {}", told.message),
    })
}
