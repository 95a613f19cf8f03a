//! A [`Value`] out of whatever serde has.

use super::{BigInt, Bytes, Date, ErrorValue, TypedArray, TypedArrayKind, Url, Value, token};
use hypercell_common::Tag;
use indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer,
    de::{EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor},
};
use std::fmt;

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(token::VALUE, ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JavaScript value")
    }

    /// A format that has no words for more than JSON.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        inner.deserialize_any(self)
    }

    /// A [`Value`], see [`Value::open`].
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (number, content) = data.variant::<u16>()?;
        let tag = Tag::try_from(number)
            .map_err(|_| A::Error::invalid_value(Unexpected::Unsigned(number.into()), &self))?;
        Ok(match tag {
            Tag::Undefined => content.unit_variant().map(|()| Value::Undefined)?,
            Tag::BigInt => Value::BigInt(content.newtype_variant::<BigInt>()?),
            Tag::Date => Value::Date(Date(content.newtype_variant()?)),
            Tag::Map => Value::Map(content.newtype_variant()?),
            Tag::Set => Value::Set(content.newtype_variant()?),
            Tag::URL => Value::Url(Url(content.newtype_variant()?)),
            Tag::Error => Value::Error(Box::new(content.newtype_variant::<ErrorValue>()?)),
            tag => {
                let bytes = content.newtype_variant::<Bytes>()?.0;
                match TypedArrayKind::of(tag) {
                    Some(kind) => Value::TypedArray(TypedArray::new(kind, bytes).map_err(A::Error::custom)?),
                    None => Value::Bytes(bytes),
                }
            }
        })
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript is a double")]
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of JavaScript is a double")]
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(value.to_owned()))
    }

    fn visit_byte_buf<E>(self, value: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(value) = sequence.next_element()? {
            array.push(value);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = IndexMap::new();
        while let Some((key, value)) = map.next_entry()? {
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}
