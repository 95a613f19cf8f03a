//! From a frame's body and sections to a Rust value.

use super::Value;
use hypercell_common::SectionIter;
use serde::{Deserialize, de::DeserializeOwned};

/// One step of a section's path.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Key(String),
    Index(usize),
}

/// Decodes `json` and puts the bytes of `sections` in their places.
///
/// # Errors
/// A sentence: the text is not JSON, does not fit `T`, or a section has no place.
pub(crate) fn decode<T: DeserializeOwned>(json: &str, sections: SectionIter<'_>) -> Result<T, String> {
    if sections.len() == 0 {
        return serde_json::from_str(json).map_err(|e| e.to_string());
    }
    let mut value: Value = serde_json::from_str(json).map_err(|e| e.to_string())?;
    for section in sections {
        let path = section.path;
        let steps: Vec<Step> = serde_json::from_str(path)
            .map_err(|e| format!("the path {path:?} of binary data is not valid: {e}"))?;
        match steps.iter().try_fold(&mut value, descend) {
            Some(place @ Value::Null) => *place = Value::Bytes(section.data.to_vec()),
            _ => return Err(format!("the path {path:?} of binary data leads to no place for it")),
        }
    }
    T::deserialize(value).map_err(|e| e.to_string())
}

fn descend<'v>(value: &'v mut Value, step: &Step) -> Option<&'v mut Value> {
    match (value, step) {
        (Value::Object(members), Step::Key(key)) => members.get_mut(key),
        (Value::Array(elements), Step::Index(index)) => elements.get_mut(*index),
        _ => None,
    }
}
