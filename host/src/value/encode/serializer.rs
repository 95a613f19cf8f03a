//! What serde says about a value, to a [`Writer`].

use super::{
    super::token,
    writer::{Holds, Writer},
};
use hypercell_common::Tag;
use serde::{
    Serialize, Serializer,
    ser::{
        Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant,
    },
};
use serde_json::Error as JsonError;

/// Structs that stand for a piece of JSON, in features of `serde_json`.
const JSON_PRIVATE: &str = "$serde_json::private::";

macro_rules! written_by_serde_json {
    ($($method:ident: $value:ty,)*) => {$(
        fn $method(self, value: $value) -> Result<(), JsonError> {
            serde_json::Serializer::new(&mut self.text).$method(value)
        }
    )*};
}

impl<'e> Serializer for &'e mut Writer {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Compound<'e>;
    type SerializeTuple = Compound<'e>;
    type SerializeTupleStruct = Compound<'e>;
    type SerializeTupleVariant = Compound<'e>;
    type SerializeMap = Compound<'e>;
    type SerializeStruct = Compound<'e>;
    type SerializeStructVariant = Compound<'e>;

    written_by_serde_json! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_char: char, serialize_str: &str,
    }

    fn serialize_f32(self, value: f32) -> Result<(), JsonError> {
        if value.is_finite() {
            // Not through a double, which has other digits.
            return serde_json::Serializer::new(&mut self.text).serialize_f32(value);
        }
        self.double(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), JsonError> {
        self.double(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), JsonError> {
        self.section(Tag::Uint8Array, value.to_vec());
        self.serialize_unit()
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        self.text.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), JsonError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        match token::tag(name) {
            Some(tag) => self.tagged(tag, value),
            None => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.open(Holds::Members);
        self.member(variant, value)?;
        self.close(b'}');
        Ok(())
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Compound<'e>, JsonError> {
        let is_map = std::mem::take(&mut self.is_map);
        self.open(if is_map { Holds::Entries } else { Holds::Elements });
        Ok(Compound { writer: self, end: End::Array })
    }

    fn serialize_tuple(self, len: usize) -> Result<Compound<'e>, JsonError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(self, _name: &'static str, len: usize) -> Result<Compound<'e>, JsonError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'e>, JsonError> {
        self.open(Holds::Members);
        self.key(variant)?;
        self.open(Holds::Elements);
        Ok(Compound { writer: self, end: End::ArrayInObject })
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Compound<'e>, JsonError> {
        self.open(Holds::Members);
        Ok(Compound { writer: self, end: End::Object })
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Compound<'e>, JsonError> {
        if name.starts_with(JSON_PRIVATE) {
            return Ok(Compound { writer: self, end: End::Text });
        }
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Compound<'e>, JsonError> {
        self.open(Holds::Members);
        self.key(variant)?;
        self.open(Holds::Members);
        Ok(Compound { writer: self, end: End::ObjectInObject })
    }
}

/// An array or object that is being written.
pub(super) struct Compound<'e> {
    writer: &'e mut Writer,
    end: End,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Array,
    Object,
    ArrayInObject,
    ObjectInObject,
    /// It is text that is JSON already.
    Text,
}

impl Compound<'_> {
    fn finish(self) {
        match self.end {
            End::Array => self.writer.close(b']'),
            End::Object => self.writer.close(b'}'),
            End::ArrayInObject => {
                self.writer.close(b']');
                self.writer.close(b'}');
            }
            End::ObjectInObject => {
                self.writer.close(b'}');
                self.writer.close(b'}');
            }
            End::Text => {}
        }
    }

    fn field(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        if self.end != End::Text {
            return self.writer.member(key, value);
        }
        match serde_json::to_value(value)? {
            serde_json::Value::String(json) => self.writer.text.extend_from_slice(json.as_bytes()),
            _ => return Err(JsonError::custom("serde_json has a piece of JSON that is no text")),
        }
        Ok(())
    }
}

macro_rules! sequences {
    ($($trait:ident: $method:ident,)*) => {$(
        impl $trait for Compound<'_> {
            type Ok = ();
            type Error = JsonError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
                self.writer.element(value)
            }

            fn end(self) -> Result<(), JsonError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

sequences! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field,
}

macro_rules! structs {
    ($($trait:ident,)*) => {$(
        impl $trait for Compound<'_> {
            type Ok = ();
            type Error = JsonError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), JsonError> {
                self.field(key, value)
            }

            fn end(self) -> Result<(), JsonError> {
                self.finish();
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct, SerializeStructVariant, }

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.writer.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.finish();
        Ok(())
    }
}
