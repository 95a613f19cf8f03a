//! Where in a value the encoder is.
//!
//! The keys are kept as the engine has them; text is made of them only for an
//! error message or a binary section.

use super::super::{
    text::{Full, Text},
    wtf8,
};
use super::Stop;
use alloc::{string::String, string::ToString as _, vec::Vec};
use core::fmt;
use rquickjs::{Atom, CString, Ctx, Error, Value};

/// Most bytes of a key in an error message, and most steps at either end.
const SHOWN_KEY: usize = 60;
const SHOWN_STEPS: usize = 8;

/// Most bytes of a section's path.
const MAX_PATH: usize = 1 << 20;

pub(super) enum Step<'js> {
    Index(usize),
    Key(Atom<'js>),
    /// The key of an entry of a `Map`.
    EntryKey(usize),
    /// The value of an entry of a `Map`, with its key.
    EntryValue(usize, Value<'js>),
}

#[derive(Default)]
pub(super) struct Path<'js>(Vec<Step<'js>>);

impl<'js> Path<'js> {
    pub(super) fn enter(&mut self, step: Step<'js>) {
        self.0.push(step);
    }

    pub(super) fn leave(&mut self) {
        self.0.pop();
    }

    /// The key that `toJSON` gets to see.
    pub(super) fn last_key(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        match self.0.last() {
            Some(Step::Key(key)) => key.to_value(),
            Some(Step::Index(index) | Step::EntryKey(index) | Step::EntryValue(index, _)) => {
                text(ctx, &index.to_string())
            }
            None => text(ctx, ""),
        }
    }

    /// The path as a JSON array.
    pub(super) fn to_json(&self) -> Result<String, Stop> {
        let mut json = Text::reusing(Vec::new(), MAX_PATH);
        json.push(b'[')?;
        for (at, step) in self.0.iter().enumerate() {
            if at > 0 {
                json.push(b',')?;
            }
            match step {
                Step::Index(index) => json.put(itoa::Buffer::new().format(*index).as_bytes())?,
                // An entry is an array of two.
                Step::EntryKey(index) | Step::EntryValue(index, _) => {
                    json.put(itoa::Buffer::new().format(*index).as_bytes())?;
                    json.put(if matches!(step, Step::EntryKey(_)) { b",0" } else { b",1" })?;
                }
                Step::Key(key) => {
                    let key = CString::from_string(key.to_js_string()?).map_err(|_| Error::Exception)?;
                    json.put_json_string(key.as_str().as_bytes())?;
                }
            }
        }
        json.push(b']')?;
        String::from_utf8(json.into_bytes()).map_err(|_| Stop::Full(Full::Memory))
    }
}

fn text<'js>(ctx: &Ctx<'js>, text: &str) -> rquickjs::Result<Value<'js>> {
    Ok(rquickjs::String::from_str(ctx.clone(), text)?.into_value())
}

/// As one writes it in JavaScript, with the middle of long paths left out.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        let hidden = SHOWN_STEPS..self.0.len().saturating_sub(SHOWN_STEPS);
        for (at, step) in self.0.iter().enumerate() {
            if hidden.contains(&at) {
                if at == hidden.start {
                    f.write_str("…")?;
                }
                continue;
            }
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::EntryKey(index) => write!(f, "[{index}].key")?,
                Step::EntryValue(index, key) => match (wtf8::text_of(key, SHOWN_KEY), key.as_number()) {
                    (Some(text), _) => write!(f, ".get({text:?})")?,
                    (None, Some(number)) => write!(f, ".get({number})")?,
                    (None, None) => write!(f, "[{index}].value")?,
                },
                Step::Key(key) => {
                    let key = key.to_value().ok().and_then(|key| wtf8::text_of(&key, SHOWN_KEY));
                    let key = key.unwrap_or_default();
                    if is_identifier(&key) { write!(f, ".{key}")? } else { write!(f, "[{key:?}]")? }
                }
            }
        }
        Ok(())
    }
}

fn is_identifier(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}
