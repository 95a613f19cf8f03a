//! From a frame's body and sections to a Rust value.

use super::{BigInt, Date, ErrorValue, TypedArray, TypedArrayKind, Url, Value};
use hypercell_common::{Section, SectionIter, Tag};
use serde::{Deserialize, de::DeserializeOwned};
use std::mem;

/// One step of a section's path.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Key(String),
    Index(usize),
}

/// Decodes `json` with what `sections` say about it.
///
/// # Errors
/// A sentence: the text is not JSON, does not fit `T`, or a section has no place.
pub(crate) fn decode<T: DeserializeOwned>(json: &str, sections: SectionIter<'_>) -> Result<T, String> {
    if sections.len() == 0 {
        return serde_json::from_str(json).map_err(|error| {
            // Only now, as looking after the path takes time.
            let mut again = serde_json::Deserializer::from_str(json);
            match serde_path_to_error::deserialize::<_, T>(&mut again) {
                Err(placed) => at(placed.inner(), placed.path()),
                Ok(_) => error.to_string(),
            }
        });
    }
    let value = value(json, sections.clone())?;
    T::deserialize(value).map_err(|error| match self::value(json, sections) {
        Ok(again) => placed::<T>(again, &error),
        Err(words) => words,
    })
}

/// Reads `element`, which stands at `index` of the array that `json` and `sections` have.
///
/// # Errors
/// As [`decode`].
pub(crate) fn decode_element<T: DeserializeOwned>(
    element: Value,
    index: usize,
    again: impl FnOnce() -> Result<Vec<Value>, String>,
) -> Result<T, String> {
    T::deserialize(element).map_err(|error| {
        let element = again().ok().and_then(|elements| elements.into_iter().nth(index));
        placed::<T>(element.unwrap_or_default(), &error)
    })
}

/// What is wrong with `value`, which is no `T`, with its place.
fn placed<T: DeserializeOwned>(value: Value, error: &super::de::ValueError) -> String {
    match serde_path_to_error::deserialize::<_, T>(value) {
        Err(placed) => at(placed.inner(), placed.path()),
        Ok(_) => error.to_string(),
    }
}

fn at(error: &impl std::fmt::Display, path: &serde_path_to_error::Path) -> String {
    match path.iter().next() {
        None => error.to_string(),
        Some(serde_path_to_error::Segment::Seq { .. }) => format!("{error} at ${path}"),
        Some(_) => format!("{error} at $.{path}"),
    }
}

/// The JSON with what the sections say about it.
fn value(json: &str, sections: SectionIter<'_>) -> Result<Value, String> {
    let mut value: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
    for section in sections {
        let path = section.path;
        let steps: Vec<Step> = serde_json::from_str(path)
            .map_err(|e| format!("the path {path:?} of a section is not valid: {e}"))?;
        let place = steps.iter().try_fold(&mut value, descend);
        let revived = place.and_then(|place| {
            *place = revive(mem::take(place), section)?;
            Some(())
        });
        if revived.is_none() {
            let name = section.tag.name();
            return Err(format!(
                "the path {path:?} of a section leads to no place for a value of the type {name}"
            ));
        }
    }
    Ok(value)
}

fn descend<'v>(value: &'v mut Value, step: &Step) -> Option<&'v mut Value> {
    match (value, step) {
        (Value::Object(members), Step::Key(key)) => members.get_mut(key),
        (Value::Array(elements), Step::Index(index)) => elements.get_mut(*index),
        _ => None,
    }
}

/// The value of which `json` is the JSON form; `None` when it is not.
fn revive(json: Value, Section { tag, data, .. }: Section<'_>) -> Option<Value> {
    let double = || data.try_into().ok().map(f64::from_le_bytes);
    Some(match (tag, json) {
        (Tag::Uint8Array, Value::Null) => Value::Bytes(data.to_vec()),
        (Tag::Undefined, Value::Null) => Value::Undefined,
        (Tag::Number, Value::Null) => Value::Number(double()?),
        (Tag::Date, Value::Null | Value::String(_)) => Value::Date(Date(double()?)),
        (Tag::BigInt, Value::String(digits)) => Value::BigInt(BigInt::from_digits(&digits)?),
        (Tag::URL, Value::String(text)) => Value::Url(Url(text)),
        (Tag::Set, Value::Array(elements)) => Value::Set(elements),
        (Tag::Map, Value::Array(entries)) => {
            let entry = |entry| match entry {
                Value::Array(pair) => <[Value; 2]>::try_from(pair).ok().map(|[key, value]| (key, value)),
                _ => None,
            };
            Value::Map(entries.into_iter().map(entry).collect::<Option<_>>()?)
        }
        (Tag::Error, Value::Object(mut members)) => {
            let mut text = |key| match members.swap_remove(key) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            let (name, message, code, stack) = (text("name")?, text("message")?, text("code"), text("stack"));
            let cause = members.swap_remove("cause");
            Value::Error(Box::new(ErrorValue { name, message, code, cause, stack }))
        }
        (tag, Value::Null) => {
            Value::TypedArray(TypedArray::new(TypedArrayKind::of(tag)?, data.to_vec()).ok()?)
        }
        _ => return None,
    })
}
