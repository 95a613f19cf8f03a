//! From a Rust value to a frame's body and sections.

mod serializer;
mod writer;

use super::path::Path;
use crate::error::{Error, Result};
use hypercell_common::{MAX_SECTIONS, Section};
use serde::Serialize;
use writer::{Part, Writer};

/// JSON, and what it has no words for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payload {
    json: String,
    sections: Vec<Part>,
}

impl Payload {
    /// Encodes a value in one pass over it.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when something in it has no form in the guest, such as a map
    /// whose keys are no strings: with its place; and when more of it is not JSON than fits
    /// a frame.
    pub(crate) fn encode(value: &(impl Serialize + ?Sized)) -> Result<Self> {
        let mut writer = Writer::default();
        if let Err(error) = value.serialize(&mut writer) {
            let message = format!("what is at {} cannot cross to the guest", Path(&writer.steps()));
            return Err(Error::invalid_argument(message).with_source(error));
        }
        let parts = writer.sections.len();
        if parts > MAX_SECTIONS {
            return Err(Error::invalid_argument(format!(
                "the value has {parts} parts that JSON has no words for, such as dates and bytes, and at most \
                 {MAX_SECTIONS} can cross at a time"
            )));
        }
        let json = String::from_utf8(writer.text)
            .map_err(|e| Error::internal("a serializer wrote JSON that is not UTF-8").with_source(e))?;
        Ok(Self { json, sections: writer.sections })
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

    /// What the JSON text cannot say, with the places.
    pub(crate) fn sections(&self) -> Vec<Section<'_>> {
        self.sections.iter().map(|Part { path, tag, data }| Section { path, tag: *tag, data }).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::{Bytes, Date, Value};
    use hypercell_common::Tag;
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
        assert_eq!(
            payload.sections(),
            [Section { path: r#"["parts",1,"a \"key\"\n"]"#, tag: Tag::Uint8Array, data: &[1, 2] }]
        );
    }

    #[test]
    fn bytes_at_the_root_have_the_empty_path() {
        let payload = Payload::encode(&Value::Bytes(vec![7])).unwrap();

        assert_eq!(payload.json(), "null");
        assert_eq!(payload.sections(), [Section { path: "[]", tag: Tag::Uint8Array, data: &[7] }]);
    }

    #[test]
    fn more_parts_than_a_frame_has_are_refused() {
        let dates = |count| Payload::encode(&vec![Value::Date(Date(0.0)); count]);

        assert_eq!(dates(MAX_SECTIONS).unwrap().sections().len(), MAX_SECTIONS);
        let error = dates(MAX_SECTIONS + 1).unwrap_err();
        assert!(error.to_string().contains("65537 parts"), "{error}");
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
