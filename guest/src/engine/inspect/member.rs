//! One property: its key and what it holds.

use super::{
    Inspector,
    property::{Property, Slot},
    quote,
};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{CString, Object, Value};

impl<'js> Inspector<'_, 'js> {
    /// `key: value` of an own property. In a module, one that cannot be read is not
    /// initialised yet.
    pub(super) fn member(
        &mut self,
        object: &Object<'js>,
        key: &Value<'js>,
        level: i64,
        in_module: bool,
    ) -> rquickjs::Result<String> {
        let (property, text) = match self.own(object, key) {
            Ok(Some(property)) => (Some(property), None),
            // A hook removed it meanwhile.
            Ok(None) => (None, Some("undefined")),
            Err(_) if in_module => {
                self.ctx.catch();
                (None, Some("<uninitialized>"))
            }
            Err(error) => return Err(error),
        };
        let name = self.key(key, property.as_ref().is_none_or(|property| property.enumerable))?;
        let name = self.spend(name);
        let text = match (property, text) {
            (Some(Property { slot, .. }), _) => self.slot(slot, level),
            (None, text) => self.spend(String::from(text.unwrap_or_default())),
        };
        Ok(format!("{name}: {text}"))
    }

    /// What a property holds; a getter is named and not run.
    pub(in crate::engine) fn slot(&mut self, slot: Slot<'js>, level: i64) -> String {
        let text = match slot {
            Slot::Value(value) => {
                self.indentation += 2;
                let text = self.value(&value, level);
                self.indentation -= 2;
                return text;
            }
            Slot::Accessor { getter: true, setter: true } => "[Getter/Setter]",
            Slot::Accessor { getter: true, setter: false } => "[Getter]",
            Slot::Accessor { getter: false, setter: true } => "[Setter]",
            Slot::Accessor { getter: false, setter: false } => "undefined",
        };
        self.spend(String::from(text))
    }

    fn key(&self, key: &Value<'js>, enumerable: bool) -> rquickjs::Result<String> {
        if key.is_symbol() {
            return Ok(format!("[{}]", quote::escaped(self.symbol(key).as_bytes(), None)));
        }
        let Some(string) = key.as_string() else { return Ok(String::new()) };
        let string = CString::from_string(string.clone())?;
        let text = quote::start(string.as_str().as_bytes(), self.left.saturating_add(1));
        Ok(if text == b"__proto__" {
            String::from("['__proto__']")
        } else if !enumerable {
            format!("[{}]", quote::escaped(text, None))
        } else if is_identifier(text) {
            String::from_utf8(Vec::from(text)).unwrap_or_default()
        } else {
            quote::quoted(text)
        })
    }
}

/// Whether a key needs no quotes: ASCII letters, digits and `_`, no digit first.
fn is_identifier(text: &[u8]) -> bool {
    text.first().is_some_and(|first| !first.is_ascii_digit())
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
