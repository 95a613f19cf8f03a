//! Typed arrays.

use super::{Value, bigint::BigInt, token};
use crate::error::{Error, Result};
use hypercell_common::Tag;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{EnumAccess, Error as _, Unexpected, VariantAccess, Visitor},
};
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The classes of typed arrays, but for `Uint8Array`, which is
        /// [`Bytes`](crate::Bytes).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum TypedArrayKind { $($(#[$doc])* $name,)* }

        impl TypedArrayKind {
            pub(super) const fn tag(self) -> Tag {
                match self { $(Self::$name => Tag::$name,)* }
            }

            pub(super) const fn of(tag: Tag) -> Option<Self> {
                match tag { $(Tag::$name => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// `i8`
    Int8Array,
    /// `u8`, to which numbers are clamped
    Uint8ClampedArray,
    /// `i16`
    Int16Array,
    /// `u16`
    Uint16Array,
    /// `i32`
    Int32Array,
    /// `u32`
    Uint32Array,
    /// IEEE 754 binary16
    Float16Array,
    /// `f32`
    Float32Array,
    /// `f64`
    Float64Array,
    /// `i64`
    BigInt64Array,
    /// `u64`
    BigUint64Array,
}

impl TypedArrayKind {
    /// The name of the class.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.tag().name()
    }

    /// Bytes of one element.
    #[must_use]
    pub const fn element_len(self) -> usize {
        match self.tag().element_len() {
            Some(bytes) => bytes,
            None => 1,
        }
    }
}

impl fmt::Display for TypedArrayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A typed array other than `Uint8Array`: its class and its bytes.
///
/// A typed array of the guest can also be read as a sequence of numbers, such as
/// `Vec<f64>`.
///
/// ```
/// use hypercell::{TypedArray, TypedArrayKind};
///
/// let samples = TypedArray::from(vec![0.5_f32, 1.0]);
/// assert_eq!((samples.kind(), samples.len()), (TypedArrayKind::Float32Array, 2));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TypedArray {
    kind: TypedArrayKind,
    bytes: Vec<u8>,
}

impl TypedArray {
    /// An array of this class with these bytes, little-endian.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the bytes are no whole number of elements.
    pub fn new(kind: TypedArrayKind, bytes: Vec<u8>) -> Result<Self> {
        let element = kind.element_len();
        if !bytes.len().is_multiple_of(element) {
            let length = bytes.len();
            return Err(Error::invalid_argument(format!(
                "a {kind} has {element} bytes for each element, and {length} bytes are no whole number of them"
            )));
        }
        Ok(Self { kind, bytes })
    }

    /// Its class.
    #[must_use]
    pub fn kind(&self) -> TypedArrayKind {
        self.kind
    }

    /// Its bytes, little-endian.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, little-endian.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Number of its elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() / self.kind.element_len()
    }

    /// Whether it has no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The element at `index`: [`Value::Number`], or [`Value::BigInt`] for the classes of
    /// big integers.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Value> {
        let from = index.checked_mul(self.kind.element_len())?;
        let bytes = self.bytes.get(from..)?;
        macro_rules! number {
            ($number:ty) => {
                Value::Number(<$number>::from_le_bytes(*bytes.first_chunk()?).into())
            };
        }
        Some(match self.kind {
            TypedArrayKind::Int8Array => number!(i8),
            TypedArrayKind::Uint8ClampedArray => number!(u8),
            TypedArrayKind::Int16Array => number!(i16),
            TypedArrayKind::Uint16Array => number!(u16),
            TypedArrayKind::Int32Array => number!(i32),
            TypedArrayKind::Uint32Array => number!(u32),
            TypedArrayKind::Float16Array => Value::Number(half(u16::from_le_bytes(*bytes.first_chunk()?))),
            TypedArrayKind::Float32Array => number!(f32),
            TypedArrayKind::Float64Array => number!(f64),
            TypedArrayKind::BigInt64Array => {
                Value::BigInt(BigInt::from(i64::from_le_bytes(*bytes.first_chunk()?)))
            }
            TypedArrayKind::BigUint64Array => {
                Value::BigInt(BigInt::from(u64::from_le_bytes(*bytes.first_chunk()?)))
            }
        })
    }
}

/// The number of an IEEE 754 binary16.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match (exponent, bits & 0x3ff) {
        (0x1f, 0) => f64::INFINITY,
        (0x1f, _) => f64::NAN,
        (0, _) => fraction * 2_f64.powi(-24),
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 0 { magnitude } else { -magnitude }
}

macro_rules! from_elements {
    ($($element:ty: $kind:ident,)*) => {$(
        impl From<Vec<$element>> for TypedArray {
            fn from(elements: Vec<$element>) -> Self {
                let bytes = elements.iter().flat_map(|element| element.to_le_bytes()).collect();
                Self { kind: TypedArrayKind::$kind, bytes }
            }
        }
    )*};
}

from_elements! {
    i8: Int8Array, i16: Int16Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array,
    f32: Float32Array, f64: Float64Array, i64: BigInt64Array, u64: BigUint64Array,
}

/// Bytes that serde is told of as such.
pub(super) struct Raw<'a>(pub(super) &'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Serialize for TypedArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(self.kind.tag()), &Raw(&self.bytes))
    }
}

impl<'de> Deserialize<'de> for TypedArray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TypedArrayVisitor;
        impl<'de> Visitor<'de> for TypedArrayVisitor {
            type Value = TypedArray;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a typed array other than Uint8Array")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<TypedArray, D::Error> {
                // It is something else: say what.
                inner.deserialize_any(self)
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<TypedArray, A::Error> {
                let (number, content) = data.variant::<u16>()?;
                let kind = Tag::try_from(number).ok().and_then(TypedArrayKind::of);
                let Some(kind) = kind else { return Err(A::Error::invalid_type(Unexpected::Enum, &self)) };
                let bytes = content.newtype_variant::<crate::Bytes>()?.0;
                TypedArray::new(kind, bytes).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_newtype_struct(token::TYPED_ARRAY, TypedArrayVisitor)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn halves_are_the_numbers_that_they_are() {
        for (bits, number) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2_f64.powi(-24)),
            (0x0400, 2_f64.powi(-14)),
            (0x3555, 0.333_251_953_125),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), number, "{bits:#x}");
        }
        assert!(half(0x7e00).is_nan());
    }

    #[test]
    fn bytes_that_are_no_whole_elements_are_refused() {
        let error = TypedArray::new(TypedArrayKind::Float64Array, vec![0; 12]).unwrap_err();
        assert!(error.to_string().contains("12 bytes"), "{error}");
    }
}
