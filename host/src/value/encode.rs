//! From a Rust value to a frame's body and sections.

use crate::error::{Error, Result};
use hypercell_common::Section;
use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::io;

/// JSON, and the bytes that it has no room for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payload {
    json: String,
    sections: Vec<(String, Vec<u8>)>,
}

impl Payload {
    /// Encodes a value in one pass over it.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the value has no JSON form, such as a map whose keys
    /// are no strings.
    pub(crate) fn encode(value: &(impl Serialize + ?Sized)) -> Result<Self> {
        let mut text = Vec::new();
        let mut sections = Vec::new();
        let formatter =
            SectionFormatter { sections: &mut sections, path: Vec::new(), levels: Vec::new(), in_key: false };
        value
            .serialize(&mut Serializer::with_formatter(&mut text, formatter))
            .map_err(|e| Error::invalid_argument("the value has no JSON form").with_source(e))?;
        let json = String::from_utf8(text)
            .map_err(|e| Error::internal("a serializer wrote JSON that is not UTF-8").with_source(e))?;
        Ok(Self { json, sections })
    }

    /// Takes text that is already JSON.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when it is not.
    pub(crate) fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str::<serde::de::IgnoredAny>(json)
            .map_err(|e| Error::invalid_argument("the text is not JSON").with_source(e))?;
        Ok(Self { json: json.to_owned(), sections: Vec::new() })
    }

    /// The JSON text.
    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    /// The bytes, with their places in the JSON text.
    pub(crate) fn sections(&self) -> Vec<Section<'_>> {
        self.sections.iter().map(|(path, data)| Section { path, data }).collect()
    }
}

/// Writes compact JSON, and moves byte arrays out of it into sections.
struct SectionFormatter<'s> {
    sections: &'s mut Vec<(String, Vec<u8>)>,
    /// The current place as the inside of a JSON array: `"args",0,"data"`.
    path: Vec<u8>,
    /// The open arrays and objects.
    levels: Vec<Level>,
    in_key: bool,
}

struct Level {
    /// Length of the path to the array or object itself.
    path_len: usize,
    /// Index of the next element.
    next: usize,
}

impl SectionFormatter<'_> {
    fn open(&mut self) {
        self.levels.push(Level { path_len: self.path.len(), next: 0 });
    }

    fn close(&mut self) {
        if let Some(level) = self.levels.pop() {
            self.path.truncate(level.path_len);
        }
    }

    /// Cuts the path back to the innermost level and starts an element of it.
    fn step(&mut self) -> usize {
        let Some(level) = self.levels.last_mut() else { return 0 };
        self.path.truncate(level.path_len);
        if level.path_len > 0 {
            self.path.push(b',');
        }
        level.next += 1;
        level.next - 1
    }

    fn key(&mut self, bytes: &[u8]) {
        if self.in_key {
            self.path.extend_from_slice(bytes);
        }
    }
}

macro_rules! write_integers {
    ($($method:ident: $integer:ty,)*) => {$(
        fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: $integer) -> io::Result<()> {
            if self.in_key {
                CompactFormatter.$method(&mut self.path, value)?;
            }
            CompactFormatter.$method(writer, value)
        }
    )*};
}

impl Formatter for SectionFormatter<'_> {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close();
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        let index = self.step();
        // Writing to a vector does not fail.
        let _ = io::Write::write_fmt(&mut self.path, format_args!("{index}"));
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close();
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.step();
        self.in_key = true;
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.key(b"\"");
        writer.write_all(b"\"")
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.key(b"\"");
        writer.write_all(b"\"")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.key(fragment.as_bytes());
        writer.write_all(fragment.as_bytes())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        if self.in_key {
            CompactFormatter.write_char_escape(&mut self.path, clone_escape(&escape))?;
        }
        CompactFormatter.write_char_escape(writer, escape)
    }

    // Maps with integer keys write them through these.
    write_integers! {
        write_i8: i8, write_i16: i16, write_i32: i32, write_i64: i64, write_i128: i128,
        write_u8: u8, write_u16: u16, write_u32: u32, write_u64: u64, write_u128: u128,
    }

    fn write_byte_array<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: &[u8]) -> io::Result<()> {
        let path = String::from_utf8_lossy(&self.path);
        self.sections.push((format!("[{path}]"), value.to_vec()));
        writer.write_all(b"null")
    }
}

fn clone_escape(escape: &CharEscape) -> CharEscape {
    match escape {
        CharEscape::Quote => CharEscape::Quote,
        CharEscape::ReverseSolidus => CharEscape::ReverseSolidus,
        CharEscape::Solidus => CharEscape::Solidus,
        CharEscape::Backspace => CharEscape::Backspace,
        CharEscape::FormFeed => CharEscape::FormFeed,
        CharEscape::LineFeed => CharEscape::LineFeed,
        CharEscape::CarriageReturn => CharEscape::CarriageReturn,
        CharEscape::Tab => CharEscape::Tab,
        CharEscape::AsciiControl(byte) => CharEscape::AsciiControl(*byte),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::{Bytes, Value};
    use std::collections::BTreeMap;

    #[test]
    fn bytes_leave_null_behind_and_carry_their_path() {
        #[derive(Serialize)]
        struct Event {
            name: &'static str,
            parts: Vec<BTreeMap<String, Bytes>>,
        }
        let part = BTreeMap::from([("a \"key\"\n".to_owned(), Bytes(vec![1, 2]))]);

        let payload = Payload::encode(&Event { name: "x", parts: vec![BTreeMap::new(), part] }).unwrap();

        assert_eq!(payload.json(), r#"{"name":"x","parts":[{},{"a \"key\"\n":null}]}"#);
        assert_eq!(payload.sections(), [Section { path: r#"["parts",1,"a \"key\"\n"]"#, data: &[1, 2] }]);
    }

    #[test]
    fn bytes_at_the_root_have_the_empty_path() {
        let payload = Payload::encode(&Value::Bytes(vec![7])).unwrap();

        assert_eq!(payload.json(), "null");
        assert_eq!(payload.sections(), [Section { path: "[]", data: &[7] }]);
    }

    #[test]
    fn integer_keys_are_strings_in_paths() {
        let map = BTreeMap::from([(3u16, Bytes(vec![1])), (4, Bytes(vec![]))]);

        let payload = Payload::encode(&map).unwrap();

        assert_eq!(payload.json(), r#"{"3":null,"4":null}"#);
        let paths: Vec<_> = payload.sections().iter().map(|section| section.path).collect();
        assert_eq!(paths, [r#"["3"]"#, r#"["4"]"#]);
    }
}
