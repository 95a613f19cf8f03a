//! Guest values as text for people, within bounds.
//!
//! A small stand-in for `util.inspect`. It runs getters, as reading a property
//! does, but never a proxy's traps, and nothing that it meets makes it fail.

use super::{error, intrinsics::identity, shared::Shared, wtf8};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use rquickjs::{Atom, Coerced, Ctx, Object, Value};

/// Levels of nesting shown.
const MAX_DEPTH: usize = 4;
/// Elements and members shown per object.
const MAX_ITEMS: usize = 100;

/// `value` in at most `limit` bytes, not counting the truncation mark.
pub(super) fn inspect<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>, limit: usize) -> String {
    let mut inspector =
        Inspector { ctx, shared, text: String::new(), limit, full: false, ancestors: Vec::new() };
    inspector.value(value);
    inspector.text
}

struct Inspector<'a, 'js> {
    ctx: &'a Ctx<'js>,
    shared: &'a Shared,
    text: String,
    limit: usize,
    full: bool,
    ancestors: Vec<u64>,
}

impl<'js> Inspector<'_, 'js> {
    fn put(&mut self, text: &str) {
        if self.full {
            return;
        }
        let fits = wtf8::clip(text, self.limit.saturating_sub(self.text.len()));
        self.text.push_str(fits);
        if fits.len() < text.len() {
            self.text.push_str(wtf8::TRUNCATED);
            self.full = true;
        }
    }

    fn stopped(&self) -> bool {
        self.full || self.shared.interrupted()
    }

    fn value(&mut self, value: &Value<'js>) {
        if let Some(text) = wtf8::text_of(value, self.limit) {
            let quoted = format!("{text:?}");
            self.put(&quoted);
        } else if let Some(object) = value.as_object() {
            self.object(object);
        } else if value.is_symbol() {
            let text = value.as_symbol().and_then(|symbol| symbol.description().ok());
            let text = text.and_then(|text| wtf8::text_of(&text, self.limit)).unwrap_or_default();
            self.ctx.catch();
            self.put(&format!("Symbol({text})"));
        } else if value.is_undefined() {
            self.put("undefined");
        } else if value.is_null() {
            self.put("null");
        } else {
            // Numbers, booleans, BigInts: converting them runs no guest code.
            let text = value.get::<Coerced<String>>();
            let suffix = if value.is_big_int() { "n" } else { "" };
            match text {
                Ok(Coerced(text)) if value.as_float().is_some_and(|n| n == 0.0 && n.is_sign_negative()) => {
                    self.put("-");
                    self.put(&text);
                }
                Ok(Coerced(text)) => {
                    self.put(&text);
                    self.put(suffix);
                }
                Err(_) => {
                    self.ctx.catch();
                    self.put("?");
                }
            }
        }
    }

    fn object(&mut self, object: &Object<'js>) {
        if object.is_proxy() {
            return self.put("[Proxy]");
        }
        if object.is_function() {
            let name = error::property(self.ctx, object, "name", MAX_ITEMS).unwrap_or_default();
            return match name.as_str() {
                "" => self.put("[Function (anonymous)]"),
                name => self.put(&format!("[Function: {name}]")),
            };
        }
        if object.is_error() {
            return self.error(object);
        }
        let id = identity(object);
        if self.ancestors.contains(&id) {
            return self.put("[Circular]");
        }
        let class = self.class(object);
        if self.ancestors.len() >= MAX_DEPTH {
            let class = class.as_deref().unwrap_or(if object.is_array() { "Array" } else { "Object" });
            return self.put(&format!("[{class}]"));
        }
        self.ancestors.push(id);
        if let Some(class) = class {
            self.put(&class);
            self.put(" ");
        }
        match object.as_array() {
            Some(_) => self.elements(object),
            None => self.members(object),
        }
        self.ancestors.pop();
    }

    /// The name of the class, unless it is the expected one.
    fn class(&self, object: &Object<'js>) -> Option<String> {
        let expected = if object.is_array() { "Array" } else { "Object" };
        let Some(prototype) = object.get_prototype() else { return Some("[Object: null prototype]".into()) };
        if prototype.is_proxy() {
            return None;
        }
        let constructor: rquickjs::Result<Object<'js>> = prototype.get("constructor");
        let Ok(constructor) = constructor else {
            self.ctx.catch();
            return None;
        };
        error::property(self.ctx, &constructor, "name", MAX_ITEMS)
            .filter(|name| !name.is_empty() && name != expected)
    }

    fn error(&mut self, object: &Object<'js>) {
        let text = |key, limit| error::property(self.ctx, object, key, limit);
        let name = text("name", self.limit).unwrap_or_else(|| "Error".into());
        let message = text("message", self.limit).unwrap_or_default();
        let stack = text("stack", self.limit).unwrap_or_default();
        let stack = self.shared.scripts.borrow().clean(&stack);
        self.put(&name);
        if !message.is_empty() {
            self.put(": ");
            self.put(&message);
        }
        if !stack.trim_end().is_empty() {
            self.put("\n");
            self.put(stack.trim_end());
        }
    }

    fn elements(&mut self, object: &Object<'js>) {
        let length = object.get::<_, Value<'js>>("length").ok().and_then(|length| length.as_number());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let length = length.unwrap_or_default() as usize;
        if length == 0 {
            return self.put("[]");
        }
        self.put("[ ");
        for index in 0..length.min(MAX_ITEMS) {
            if self.stopped() {
                return;
            }
            if index > 0 {
                self.put(", ");
            }
            let item = u32::try_from(index).map(|index| object.get::<_, Value<'js>>(index));
            match item {
                Ok(Ok(item)) => self.value(&item),
                _ => self.threw(),
            }
        }
        self.rest(length);
        self.put(" ]");
    }

    fn members(&mut self, object: &Object<'js>) {
        let mut shown = 0_usize;
        let keys = object.keys::<Atom<'js>>();
        let length = keys.len();
        for key in keys.take(MAX_ITEMS) {
            if self.stopped() {
                return;
            }
            self.put(if shown == 0 { "{ " } else { ", " });
            shown = shown.saturating_add(1);
            let Ok(key) = key else {
                self.threw();
                continue;
            };
            let text =
                key.to_value().ok().and_then(|key| wtf8::text_of(&key, self.limit)).unwrap_or_default();
            if !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$') {
                self.put(&text);
            } else {
                self.put(&format!("{text:?}"));
            }
            self.put(": ");
            match object.get::<_, Value<'js>>(key) {
                Ok(value) => self.value(&value),
                Err(_) => self.threw(),
            }
        }
        if shown == 0 {
            return self.put("{}");
        }
        self.rest(length);
        self.put(" }");
    }

    fn rest(&mut self, length: usize) {
        if let Some(more) = length.checked_sub(MAX_ITEMS).filter(|more| *more > 0) {
            let mut text = String::new();
            // Writing to a string cannot fail.
            let _ = write!(text, ", … {more} more");
            self.put(&text);
        }
    }

    fn threw(&mut self) {
        self.ctx.catch();
        self.put("[threw]");
    }
}
