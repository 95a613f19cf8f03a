//! Errors: their name, message and stack. Cause and gathered errors are shown as
//! properties, which they are.

use super::{Builtin, Inspector, naming::Naming, property::Chain, quote, wtf8};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{Atom, Value, atom::PredefinedAtom};

impl<'js> Inspector<'_, 'js> {
    /// The text of an error. Takes the keys that it already tells from `keys`, and
    /// adds those that are not enumerable and worth to be shown.
    pub(super) fn error(
        &mut self,
        chain: &Chain<'js>,
        naming: &Naming,
        keys: &mut Vec<Value<'js>>,
    ) -> rquickjs::Result<String> {
        let limit = self.left;
        let text = |value: Option<Value<'js>>| value.and_then(|value| wtf8::text_of(&value, limit));
        let own_name = self.own_value(&chain.object, PredefinedAtom::Name)?.is_some();
        let name = text(self.value_of(chain, PredefinedAtom::Name)?).unwrap_or_else(|| String::from("Error"));
        let message = text(self.value_of(chain, PredefinedAtom::Message)?).unwrap_or_default();
        let stack = match self.own_value(&chain.object, PredefinedAtom::Stack)? {
            Some(stack) => Some(stack),
            None => self.ask(Builtin::ErrorStack, &chain.object)?,
        };
        let stack = text(stack).unwrap_or_default();
        let stack = self.shared.scripts.borrow().clean(stack.trim_end());
        let mut header = if own_name { name.clone() } else { improved(&name, naming) };
        if header.is_empty() {
            header.push_str(&message);
        } else if !message.is_empty() {
            header = format!("{header}: {message}");
        }
        if !self.options.show_hidden {
            keys.retain(|key| {
                let key = wtf8::text_of(key, 16).unwrap_or_default();
                !matches!(key.as_str(), "name" | "message" | "stack")
            });
        }
        for key in ["cause", "errors"] {
            let atom = Atom::from_str(self.ctx.clone(), key)?.to_value()?;
            let listed = keys.iter().any(|known| wtf8::text_of(known, 16).as_deref() == Some(key));
            if !listed && self.own(&chain.object, &atom)?.is_some() {
                keys.push(atom);
            }
        }
        let text = match stack.as_str() {
            "" => format!("[{header}]"),
            frames if frames.trim_start().starts_with("at ") => format!("{header}\n{frames}"),
            // Guest code set it, with a header of its own or without any frames.
            own if own.contains("\n    at ") => String::from(own),
            own => format!("[{own}]"),
        };
        Ok(if self.indentation == 0 {
            text
        } else {
            text.replace('\n', &format!("\n{}", " ".repeat(self.indentation)))
        })
    }

    /// What was thrown, in one line.
    pub(super) fn thrown(&self, thrown: &Value<'js>) -> String {
        let Some(object) = thrown.as_object().filter(|object| !object.is_proxy()) else {
            return self.primitive_or_kind(thrown);
        };
        let message = self.value_of(&Chain::of(object), PredefinedAtom::Message);
        let message =
            message.ok().flatten().and_then(|message| wtf8::text_of(&message, super::naming::MAX_NAME));
        self.ctx.catch();
        message.map_or_else(|| String::from("[Object]"), |message| quote::escaped(message.as_bytes(), None))
    }

    fn primitive_or_kind(&self, value: &Value<'js>) -> String {
        if value.is_object() { String::from("[Object]") } else { self.primitive(value) }
    }
}

/// The name of the error with that of its class, when they differ.
fn improved(name: &str, naming: &Naming) -> String {
    let class = naming.prefix("Error", "");
    let class = class.trim_end();
    if !name.ends_with("Error") || name == class {
        return String::from(name);
    }
    if class.contains(name) { String::from(class) } else { format!("{class} [{name}]") }
}
