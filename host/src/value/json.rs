//! [`Value`]s from and to those of `serde_json`.

use super::{
    Value,
    path::{Path, Step},
};
use crate::error::{Error, Result};
use serde_json::Value as Json;

impl From<Json> for Value {
    /// Numbers become doubles.
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(value) => value.as_f64().map_or(Self::Null, Self::Number),
            Json::String(value) => Self::String(value),
            Json::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                Self::Object(members.into_iter().map(|(key, value)| (key, Self::from(value))).collect())
            }
        }
    }
}

impl TryFrom<Value> for Json {
    type Error = Error;

    /// Dates, URLs and big integers become strings, `Map`s arrays of pairs, `Set`s arrays,
    /// errors objects; what is not finite and what is `undefined` becomes `null`.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` for bytes and typed arrays, with their place.
    fn try_from(value: Value) -> Result<Self> {
        convert(value, &mut Vec::new())
    }
}

fn convert(value: Value, path: &mut Vec<Step>) -> Result<Json> {
    let mut inner = |step: Step, value: Value| {
        path.push(step);
        let json = convert(value, path);
        path.pop();
        json
    };
    Ok(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(value),
        Value::Number(value) => serde_json::to_value(Value::Number(value))
            .map_err(|e| Error::internal("a number has no JSON form").with_source(e))?,
        Value::String(value) => Json::String(value),
        Value::Bytes(_) => return Err(no_json("a Uint8Array", path)),
        Value::TypedArray(array) => return Err(no_json(&format!("a {}", array.kind()), path)),
        Value::Date(date) => date.to_iso().map_or(Json::Null, Json::String),
        Value::Array(elements) => {
            let elements = elements.into_iter().enumerate();
            elements.map(|(at, value)| inner(Step::Index(at), value)).collect::<Result<_>>()?
        }
        Value::Object(members) => Json::Object(
            members
                .into_iter()
                .map(|(key, value)| Ok((key.clone(), inner(Step::Key(key), value)?)))
                .collect::<Result<_>>()?,
        ),
        Value::Map(entries) => entries
            .into_iter()
            .enumerate()
            .map(|(at, (key, value))| {
                let key = inner(Step::EntryKey(at), key)?;
                let shown = super::path::shown_key(&key.to_string());
                Ok(Json::Array(vec![key, inner(Step::EntryValue(at, shown), value)?]))
            })
            .collect::<Result<_>>()?,
        rich => match rich.open() {
            Ok((_, content)) => convert(content, path)?,
            // All others are above.
            Err(_) => Json::Null,
        },
    })
}

fn no_json(what: &str, path: &[Step]) -> Error {
    Error::invalid_argument(format!("{what} at {} has no JSON form", Path(path)))
}
