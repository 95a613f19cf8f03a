//! Values as JSON and binary sections, as `docs/protocol.md` has it: written without
//! the host crate's own code, so that it is compared too.

use hypercell::Value;
use hypercell_common::{Frame, Section};
use serde_json::{Value as Json, json};

/// Bytes with their paths.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

/// JSON with `null` for bytes, and the bytes.
pub(crate) fn split(mut value: Value) -> (String, Parts) {
    let mut parts = Vec::new();
    take_bytes(&mut value, &mut Vec::new(), &mut parts);
    (serde_json::to_string(&value).unwrap(), parts)
}

fn take_bytes(value: &mut Value, path: &mut Vec<Json>, parts: &mut Parts) {
    let mut enter = |step: Json, inner: &mut Value| {
        path.push(step);
        take_bytes(inner, path, parts);
        path.pop();
    };
    match value {
        Value::Array(elements) => {
            elements.iter_mut().enumerate().for_each(|(at, inner)| enter(json!(at), inner))
        }
        Value::Object(members) => members.iter_mut().for_each(|(key, inner)| enter(json!(key), inner)),
        Value::Bytes(bytes) => {
            parts.push((serde_json::to_string(path).unwrap(), std::mem::take(bytes)));
            *value = Value::Null;
        }
        _ => {}
    }
}

pub(crate) fn sections(parts: &Parts) -> Vec<Section<'_>> {
    parts.iter().map(|(path, data)| Section { path, data }).collect()
}

/// The value of a frame's body and sections.
pub(crate) fn join(frame: &Frame<'_>) -> Value {
    let mut value = serde_json::from_str(frame.body).unwrap();
    for section in frame.sections() {
        let path: Vec<Json> = serde_json::from_str(section.path).unwrap();
        let place = path.iter().fold(&mut value, |at, step| match (at, step) {
            (Value::Array(elements), Json::Number(index)) => {
                elements.get_mut(usize::try_from(index.as_u64().unwrap()).unwrap()).unwrap()
            }
            (Value::Object(members), Json::String(key)) => members.get_mut(key).unwrap(),
            (at, step) => panic!("there is no {step} in {at:?}"),
        });
        assert_eq!(*place, Value::Null, "bytes take the place of null");
        *place = Value::Bytes(section.data.to_vec());
    }
    value
}
