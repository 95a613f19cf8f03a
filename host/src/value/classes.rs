//! Types for values of JavaScript that Rust has no types for.

use super::{Value, token, typed_array::Raw};
use hypercell_common::Tag;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use std::{fmt, marker::PhantomData};

/// Bytes that cross as they are, as a `Uint8Array` in the guest, where a plain
/// `Vec<u8>` would be an array of numbers to serde. It takes the bytes of an `ArrayBuffer`
/// and of any typed array.
///
/// ```
/// use hypercell::{Bytes, HostModule};
///
/// let module = HostModule::new("hash").function("length", |data: Bytes| data.len());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Bytes(pub Vec<u8>);

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Raw(&self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BytesVisitor;
        impl Visitor<'_> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a typed array or ArrayBuffer")
            }

            fn visit_bytes<E>(self, value: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(value.to_owned()))
            }

            fn visit_byte_buf<E>(self, value: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(value))
            }
        }
        // Whatever is there: asked for bytes, JSON would give those of a string.
        deserializer.deserialize_any(BytesVisitor)
    }
}

/// What is inside of a newtype struct with a name that tells what it is.
struct Inside<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Inside<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JavaScript")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        T::deserialize(inner)
    }
}

fn inside<'de, T: Deserialize<'de>, D: Deserializer<'de>>(tag: Tag, deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(token::name(tag), Inside(PhantomData))
}

/// A `URL`: its `href`. It is a string to other formats, such as `serde_json`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Url(pub String);

impl Serialize for Url {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(Tag::URL), &self.0)
    }
}

impl<'de> Deserialize<'de> for Url {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        inside(Tag::URL, deserializer).map(Self)
    }
}

/// A `Map`, in the order of its entries, where Rust's own maps are objects in the guest.
/// It is a sequence of pairs to other formats, such as `serde_json`.
///
/// A `Map` of the guest can also be read as any of Rust's maps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Map<K, V>(pub Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(Tag::Map), &self.0)
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        inside(Tag::Map, deserializer).map(Self)
    }
}

/// A `Set`, in its order, where Rust's own sets are arrays in the guest. It is a sequence
/// to other formats, such as `serde_json`.
///
/// A `Set` of the guest can also be read as any of Rust's sets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Set<T>(pub Vec<T>);

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(Tag::Set), &self.0)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        inside(Tag::Set, deserializer).map(Self)
    }
}

/// An error that is a value, not thrown. It is an object of these members to other
/// formats, such as `serde_json`.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct ErrorValue {
    /// Its `name`; one of the built-in errors, such as `TypeError`, is of that class in the
    /// guest.
    pub name: String,
    /// Its `message`.
    pub message: String,
    /// Its `code`, when that is a string.
    pub code: Option<String>,
    /// Its `cause`, any value.
    pub cause: Option<Value>,
    /// Its `stack`.
    pub stack: Option<String>,
}

impl ErrorValue {
    /// An error with this name and message.
    #[must_use]
    pub fn new(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), message: message.into(), ..Self::default() }
    }
}

/// The members of an [`ErrorValue`].
#[derive(Serialize, Deserialize)]
struct Members<S, C> {
    name: S,
    message: S,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<S>,
    // `null` is a cause too.
    #[serde(default = "none", deserialize_with = "some", skip_serializing_if = "Option::is_none")]
    #[serde(bound(deserialize = "C: Deserialize<'de>"))]
    cause: Option<C>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stack: Option<S>,
}

fn none<T>() -> Option<T> {
    None
}

fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Serialize for ErrorValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = Members {
            name: self.name.as_str(),
            message: &self.message,
            code: self.code.as_deref(),
            cause: self.cause.as_ref(),
            stack: self.stack.as_deref(),
        };
        serializer.serialize_newtype_struct(token::name(Tag::Error), &members)
    }
}

impl<'de> Deserialize<'de> for ErrorValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members { name, message, code, cause, stack } = inside(Tag::Error, deserializer)?;
        Ok(Self { name, message, code, cause, stack })
    }
}
