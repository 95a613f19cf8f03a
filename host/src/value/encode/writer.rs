//! Text that is being written, and where in the value it stands.

use super::super::{
    Date,
    path::{self, Step},
};
use hypercell_common::Tag;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Error as JsonError;

/// A section that owns its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: String,
    pub(super) tag: Tag,
    pub(super) data: Vec<u8>,
}

/// Writes compact JSON, and sections for what JSON has no words for. Text, numbers and
/// keys are written by `serde_json`.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: Vec<u8>,
    pub(super) sections: Vec<Part>,
    /// The open arrays and objects. Where the current value is, is read from the text,
    /// and only when somebody asks.
    levels: Vec<Level>,
    /// Whether the next sequence is that of the entries of a `Map`.
    pub(super) is_map: bool,
}

struct Level {
    holds: Holds,
    /// Number of elements or members so far.
    count: usize,
    /// Where the text has the current element, or the key of the current member.
    from: usize,
    /// Where the key ends, or the element before this one does.
    to: usize,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Holds {
    Elements,
    /// Arrays of two, of a `Map`.
    Entries,
    Members,
}

impl Writer {
    pub(super) fn open(&mut self, holds: Holds) {
        if holds != Holds::Members {
            self.text.push(b'[');
        }
        let at = self.text.len();
        self.levels.push(Level { holds, count: 0, from: at, to: at });
    }

    pub(super) fn close(&mut self, end: u8) {
        // The first key of an object brings its brace with it.
        if self.levels.pop().is_some_and(|level| level.holds == Holds::Members && level.count == 0) {
            self.text.push(b'{');
        }
        self.text.push(end);
    }

    pub(super) fn element(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        let end = self.text.len();
        if let Some(level) = self.levels.last_mut() {
            if level.count > 0 {
                self.text.push(b',');
            }
            level.count += 1;
            (level.from, level.to) = (self.text.len(), end);
        }
        value.serialize(&mut *self)
    }

    pub(super) fn key(&mut self, key: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        let start = self.text.len();
        if let Some(level) = self.levels.last_mut() {
            (level.from, level.to) = (start, start);
        }
        // As the first key of an object of its own, with that one's brace.
        let mut json = serde_json::Serializer::new(&mut self.text);
        (&mut json).serialize_map(None)?.serialize_key(key)?;
        let end = self.text.len();
        if let Some(level) = self.levels.last_mut() {
            if level.count > 0
                && let Some(brace) = self.text.get_mut(start)
            {
                *brace = b',';
            }
            level.count += 1;
            (level.from, level.to) = (start + 1, end);
        }
        self.text.push(b':');
        Ok(())
    }

    pub(super) fn member(
        &mut self,
        key: &'static str,
        value: &(impl Serialize + ?Sized),
    ) -> Result<(), JsonError> {
        self.key(key)?;
        value.serialize(self)
    }

    fn written(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// The path of the current value as a JSON array.
    fn path(&self) -> String {
        let mut path = String::from("[");
        for (at, level) in self.levels.iter().enumerate() {
            if at > 0 {
                path.push(',');
            }
            match level.holds {
                Holds::Members => path.push_str(self.written(level.from, level.to)),
                _ => path.push_str(&level.count.saturating_sub(1).to_string()),
            }
        }
        path.push(']');
        path
    }

    /// The path of the current value for people.
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut levels = self.levels.iter();
        while let Some(level) = levels.next() {
            let index = level.count.saturating_sub(1);
            match level.holds {
                // Of a member that was not begun, or whose key is at fault, there is nothing to tell.
                Holds::Members => {
                    steps.extend(serde_json::from_str(self.written(level.from, level.to)).ok().map(Step::Key))
                }
                Holds::Elements => steps.push(Step::Index(index)),
                Holds::Entries => steps.push(match levels.next() {
                    Some(entry) if entry.count == 2 => {
                        // The key follows the bracket of the entry.
                        let key = self.written(level.from + 1, entry.to);
                        Step::EntryValue(index, path::shown_key(key))
                    }
                    _ => Step::EntryKey(index),
                }),
            }
        }
        steps
    }

    pub(super) fn section(&mut self, tag: Tag, data: Vec<u8>) {
        let path = self.path();
        self.sections.push(Part { path, tag, data });
    }

    /// Writes what is inside of a value of this module's, and says what the value is.
    pub(super) fn tagged(&mut self, tag: Tag, inside: &(impl Serialize + ?Sized)) -> Result<(), JsonError> {
        let start = self.text.len();
        self.is_map = tag == Tag::Map;
        inside.serialize(&mut *self)?;
        self.is_map = false;
        match tag {
            // Bytes were inside, which have their section now.
            tag if tag.element_len().is_some() => {
                if let Some(bytes) = self.sections.last_mut() {
                    bytes.tag = tag;
                }
            }
            Tag::Date => {
                let text = self.written(start, self.text.len()).trim_matches('"');
                let date = Date::from_iso(text).unwrap_or(Date(f64::NAN));
                self.section(tag, date.0.to_le_bytes().to_vec());
            }
            tag => self.section(tag, Vec::new()),
        }
        Ok(())
    }

    /// A number, which JSON has when it is finite.
    pub(super) fn double(&mut self, value: f64) -> Result<(), JsonError> {
        if value.is_finite() {
            return serde_json::Serializer::new(&mut self.text).serialize_f64(value);
        }
        self.section(Tag::Number, value.to_le_bytes().to_vec());
        self.serialize_unit()
    }
}
