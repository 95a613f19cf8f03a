//! JSON and sections of a frame as guest values.
//!
//! Parsing and planting run no guest code. Planting defines own properties, so that a key
//! like `__proto__` is nothing but a key.

use super::{error, job::Part, revive, shared::Shared};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{Atom, Ctx, Error, IntoAtom as _, Object, Value};
use serde::Deserialize;

/// One step of a section's path.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Index(u32),
    Key(String),
}

/// The value of a body, `undefined` for an empty one, with what its sections
/// say. The inner error is a sentence that says what is malformed.
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
        let said = (section.tag, section.data.as_slice());
        let Some((last, steps)) = path.split_last() else {
            match revive::value(ctx, shared, said, root)? {
                Some(value) => root = value,
                None => return Ok(Err(unfit(section))),
            }
            continue;
        };
        let Some(object) = container(&root, steps)? else {
            return Ok(Err(format!("the section path {:?} leads nowhere", section.path)));
        };
        let key = atom(ctx, last)?;
        match revive::value(ctx, shared, said, object.get(key.clone())?)? {
            Some(value) => revive::put(&object, key, value)?,
            None => return Ok(Err(unfit(section))),
        }
    }
    Ok(Ok(root))
}

#[cold]
fn unfit(section: &Part) -> String {
    format!("what is at the section path {:?} is no value of the type {}", section.path, section.tag.name())
}

fn atom<'js>(ctx: &Ctx<'js>, step: &Step) -> rquickjs::Result<Atom<'js>> {
    match step {
        Step::Index(index) => index.into_atom(ctx),
        Step::Key(key) => key.as_str().into_atom(ctx),
    }
}

/// The object at the end of `steps`.
fn container<'js>(root: &Value<'js>, steps: &[Step]) -> rquickjs::Result<Option<Object<'js>>> {
    let mut at = root.clone();
    for step in steps {
        let Some(object) = at.as_object() else { return Ok(None) };
        at = object.get(atom(object.ctx(), step)?)?;
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
