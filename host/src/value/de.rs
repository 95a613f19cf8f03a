//! A [`Value`] as the source of another type, through serde.

use super::{BigInt, Value, key::KeyDeserializer, token};
use hypercell_common::Tag;
use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, VariantAccess, Visitor,
        value::{MapDeserializer, SeqDeserializer, StringDeserializer},
    },
    forward_to_deserialize_any,
};

/// The error of turning a [`Value`] into another type: serde's own words.
pub(super) type ValueError = serde::de::value::Error;

impl<'de> IntoDeserializer<'de, ValueError> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Integers can be those of a `BigInt` too.
macro_rules! deserialize_integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
            match self {
                Self::BigInt(value) => visit_bigint(&value, visitor),
                other => other.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = ValueError;

    /// What JSON has for the value, and bytes.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Number(value) => visit_number(value, visitor),
            Self::String(value) => visitor.visit_string(value),
            Self::Bytes(value) => visitor.visit_byte_buf(value),
            Self::Array(elements) => visit_sequence(elements.into_iter(), visitor),
            Self::Object(members) => {
                let members = members.into_iter().map(|(key, value)| (KeyDeserializer(key), value));
                let mut map = MapDeserializer::new(members);
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
            Self::Date(date) => match date.to_iso() {
                Some(text) => visitor.visit_string(text),
                None => visitor.visit_unit(),
            },
            rich => match rich.open() {
                Ok((_, content)) => content.deserialize_any(visitor),
                // All others are above.
                Err(_) => visitor.visit_unit(),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Null | Self::Undefined => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if name == token::VALUE {
            return match self.open() {
                Ok((tag, content)) => visitor.visit_enum(Opened { tag, content }),
                Err(plain) => visitor.visit_newtype_struct(plain),
            };
        }
        if name == token::TYPED_ARRAY && matches!(self, Self::TypedArray(_)) {
            let (tag, content) = self.open().unwrap_or((Tag::Uint8Array, Self::Null));
            return visitor.visit_enum(Opened { tag, content });
        }
        match token::tag(name) {
            Some(tag) if self.tag() == Some(tag) => match self.open() {
                Ok((_, content)) | Err(content) => visitor.visit_newtype_struct(content),
            },
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self {
            // A unit variant is its name, any other an object of one member.
            Self::String(variant) => {
                let variant: StringDeserializer<ValueError> = variant.into_deserializer();
                variant.deserialize_enum(name, variants, visitor)
            }
            Self::Object(members) if members.len() == 1 => {
                let map = MapDeserializer::new(members.into_iter());
                serde::de::value::MapAccessDeserializer::new(map).deserialize_enum(name, variants, visitor)
            }
            _ => Err(ValueError::custom("expected a string or an object of one member")),
        }
    }

    /// A `Map` has any keys, and typed arrays have elements.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Map(entries) => {
                let mut map = MapDeserializer::new(entries.into_iter());
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Self::Bytes(bytes) => visit_sequence(bytes.into_iter(), visitor),
            Self::TypedArray(array) => {
                let elements = (0..array.len()).map(move |index| array.get(index).unwrap_or_default());
                visit_sequence(elements, visitor)
            }
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_seq(visitor)
    }

    deserialize_integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct identifier ignored_any
    }
}

fn visit_sequence<'de, T, V>(elements: impl Iterator<Item = T>, visitor: V) -> Result<V::Value, ValueError>
where
    T: IntoDeserializer<'de, ValueError>,
    V: Visitor<'de>,
{
    let mut sequence = SeqDeserializer::new(elements);
    let value = visitor.visit_seq(&mut sequence)?;
    sequence.end()?;
    Ok(value)
}

/// A whole number as an integer, where it fits one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
fn visit_number<'de, V: Visitor<'de>>(value: f64, visitor: V) -> Result<V::Value, ValueError> {
    /// 2^63 and 2^64: the first doubles that do not fit.
    const I64_END: f64 = 9_223_372_036_854_775_808.0;
    const U64_END: f64 = 18_446_744_073_709_551_616.0;
    if value.trunc() != value || (value == 0.0 && value.is_sign_negative()) {
        visitor.visit_f64(value)
    } else if (0.0..U64_END).contains(&value) {
        visitor.visit_u64(value as u64)
    } else if (-I64_END..0.0).contains(&value) {
        visitor.visit_i64(value as i64)
    } else {
        visitor.visit_f64(value)
    }
}

fn visit_bigint<'de, V: Visitor<'de>>(value: &BigInt, visitor: V) -> Result<V::Value, ValueError> {
    let digits = value.as_str();
    if let Ok(value) = digits.parse::<u64>() {
        visitor.visit_u64(value)
    } else if let Ok(value) = digits.parse::<i64>() {
        visitor.visit_i64(value)
    } else if let Some(value) = value.to_i128() {
        visitor.visit_i128(value)
    } else if let Some(value) = value.to_u128() {
        visitor.visit_u128(value)
    } else {
        Err(ValueError::custom(format_args!("a BigInt of {} digits does not fit an integer", digits.len())))
    }
}

/// A value of a class, opened: see [`Value::open`].
struct Opened {
    tag: Tag,
    content: Value,
}

impl<'de> EnumAccess<'de> for Opened {
    type Error = ValueError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), ValueError> {
        let number = IntoDeserializer::<ValueError>::into_deserializer(self.tag as u16);
        Ok((seed.deserialize(number)?, self))
    }
}

impl<'de> VariantAccess<'de> for Opened {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ValueError> {
        seed.deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.content.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.content.deserialize_map(visitor)
    }
}
