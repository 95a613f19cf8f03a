//! Values that cross between host and guest: JSON, and what JSON has no words for.
//!
//! ```text
//! impl Serialize   ─► encode ─► text, sections ─► frame
//! DeserializeOwned ◄─ de ◄─ Value ◄─ decode    ◄─ frame
//! ```
//!
//! serde has no words for it either: [`token`] has names for newtype structs that
//! `encode` and `de` know.

mod bigint;
mod classes;
mod date;
mod de;
mod decode;
mod encode;
mod json;
mod key;
mod path;
#[cfg(test)]
mod tests;
mod token;
mod typed_array;
mod visit;

pub use bigint::BigInt;
pub use classes::{Bytes, ErrorValue, Map, Set, Url};
pub use date::Date;
pub(crate) use decode::{decode, decode_element};
pub(crate) use encode::Payload;
pub use typed_array::{TypedArray, TypedArrayKind};

use hypercell_common::Tag;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// A value of JavaScript on the host.
///
/// Use it where no Rust type of your own fits: whatever can cross is one of these, and
/// comes back as it went. It works with serde both ways, like `serde_json::Value`, and
/// converts from and to that; `docs/values.md` has the forms.
///
/// ```
/// use hypercell::{Date, Value};
///
/// let value: Value = serde_json::from_str(r#"{"name": "ada", "tags": [1, 2.5]}"#)?;
/// assert_eq!(value.get("name").and_then(Value::as_str), Some("ada"));
///
/// let map = Value::Map(vec![(Value::from("born"), Value::Date(Date(0.0)))]);
/// assert_eq!(serde_json::to_string(&map)?, r#"[["born","1970-01-01T00:00:00.000Z"]]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Value {
    /// `null`; also a hole in an array.
    #[default]
    Null,
    /// `undefined`. Members of objects that are `undefined` do not leave the guest.
    Undefined,
    /// A boolean.
    Bool(bool),
    /// A number: a double, as all numbers of JavaScript.
    Number(f64),
    /// A `BigInt`.
    BigInt(BigInt),
    /// A string; lone surrogates arrive as U+FFFD.
    String(String),
    /// A `Uint8Array` or `ArrayBuffer`; arrives in the guest as a `Uint8Array`.
    Bytes(Vec<u8>),
    /// A typed array of another class.
    TypedArray(TypedArray),
    /// A `Date`.
    Date(Date),
    /// A `Map`, in the order of its entries.
    Map(Vec<(Value, Value)>),
    /// A `Set`, in its order.
    Set(Vec<Value>),
    /// A `URL`.
    Url(Url),
    /// An `Error`.
    Error(Box<ErrorValue>),
    /// An array.
    Array(Vec<Value>),
    /// An object, in the order of its keys.
    Object(IndexMap<String, Value>),
}

impl Value {
    /// The member `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The content of bytes.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// A number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// What the value is where JSON does not tell.
    fn tag(&self) -> Option<Tag> {
        Some(match self {
            Self::Undefined => Tag::Undefined,
            Self::BigInt(_) => Tag::BigInt,
            Self::TypedArray(array) => array.kind().tag(),
            Self::Date(_) => Tag::Date,
            Self::Map(_) => Tag::Map,
            Self::Set(_) => Tag::Set,
            Self::Url(_) => Tag::URL,
            Self::Error(_) => Tag::Error,
            _ => return None,
        })
    }

    /// What the value is where JSON does not tell, and what is inside of it, in values
    /// that serde has words for. A value of JSON, or bytes, comes back.
    fn open(self) -> Result<(Tag, Value), Value> {
        Ok(match self {
            Self::Undefined => (Tag::Undefined, Self::Null),
            Self::BigInt(digits) => (Tag::BigInt, Self::String(digits.into_string())),
            Self::TypedArray(array) => (array.kind().tag(), Self::Bytes(array.into_bytes())),
            Self::Date(date) => (Tag::Date, Self::Number(date.0)),
            Self::Map(entries) => {
                let pair = |(key, value)| Self::Array(vec![key, value]);
                (Tag::Map, Self::Array(entries.into_iter().map(pair).collect()))
            }
            Self::Set(elements) => (Tag::Set, Self::Array(elements)),
            Self::Url(url) => (Tag::URL, Self::String(url.0)),
            Self::Error(error) => {
                let ErrorValue { name, message, code, cause, stack } = *error;
                let members = [
                    Some(("name", Self::String(name))),
                    Some(("message", Self::String(message))),
                    code.map(|code| ("code", Self::String(code))),
                    cause.map(|cause| ("cause", cause)),
                    stack.map(|stack| ("stack", Self::String(stack))),
                ];
                let members = members.into_iter().flatten();
                (Tag::Error, Self::Object(members.map(|(key, value)| (key.to_owned(), value)).collect()))
            }
            other => return Err(other),
        })
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Whole numbers up to this have all their digits.
        const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Undefined => serializer.serialize_newtype_struct(token::name(Tag::Undefined), &()),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // As an integer where it is one: `1`, not `1.0`.
            #[expect(clippy::cast_possible_truncation, reason = "it is whole, and below 2^53")]
            Self::Number(value)
                if value.trunc() == *value
                    && value.abs() <= MAX_WHOLE
                    && !(*value == 0.0 && value.is_sign_negative()) =>
            {
                serializer.serialize_i64(*value as i64)
            }
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::BigInt(value) => value.serialize(serializer),
            Self::String(value) => serializer.serialize_str(value),
            Self::Bytes(value) => serializer.serialize_bytes(value),
            Self::TypedArray(value) => value.serialize(serializer),
            Self::Date(value) => value.serialize(serializer),
            Self::Map(value) => serializer.serialize_newtype_struct(token::name(Tag::Map), value),
            Self::Set(value) => serializer.serialize_newtype_struct(token::name(Tag::Set), value),
            Self::Url(value) => value.serialize(serializer),
            Self::Error(value) => value.serialize(serializer),
            Self::Array(value) => serializer.collect_seq(value),
            Self::Object(value) => serializer.collect_map(value),
        }
    }
}

macro_rules! from {
    ($($type:ty: $value:ident => $made:expr,)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $made
            }
        }
    )*};
}

from! {
    bool: value => Self::Bool(value),
    i32: value => Self::Number(value.into()),
    u32: value => Self::Number(value.into()),
    f64: value => Self::Number(value),
    &str: value => Self::String(value.to_owned()),
    String: value => Self::String(value),
    Bytes: value => Self::Bytes(value.0),
    TypedArray: value => Self::TypedArray(value),
    BigInt: value => Self::BigInt(value),
    Date: value => Self::Date(value),
    Url: value => Self::Url(value),
    ErrorValue: value => Self::Error(Box::new(value)),
    Vec<Value>: value => Self::Array(value),
}
