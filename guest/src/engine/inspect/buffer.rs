//! `ArrayBuffer` and `DataView`.

use super::{Builtin, Class, Inspector, primitive::plural};
use alloc::{format, string::String, vec, vec::Vec};
use core::fmt::Write as _;
use rquickjs::{Object, Value};

impl<'js> Inspector<'_, 'js> {
    /// Bytes of either kind of buffer.
    pub(super) fn byte_length(&self, buffer: &Object<'js>) -> rquickjs::Result<usize> {
        if self.builtins.class(buffer) == Some(Class::Buffer) {
            return self.ask(Builtin::BufferBytes, buffer);
        }
        let bytes: Object<'js> = self.builtins.call(self.ctx, Builtin::Bytes, (buffer.clone(),))?;
        self.ask(Builtin::TypedLength, &bytes)
    }

    /// The bytes in hexadecimal, unless a view around shows them.
    pub(super) fn buffer(&mut self, buffer: &Object<'js>, in_view: bool) -> rquickjs::Result<Vec<String>> {
        let length = self.byte_length(buffer)?;
        let size = self.spend(format!("byteLength: {length}"));
        if in_view {
            return Ok(vec![size]);
        }
        let bytes = self.builtins.call::<_, Object<'js>>(self.ctx, Builtin::Bytes, (buffer.clone(),));
        let Ok(bytes) = bytes else {
            self.ctx.catch();
            return Ok(vec![self.spend(String::from("(detached)")), size]);
        };
        let shown = length.min(self.options.max_array).min(self.most_entries());
        let mut text = String::from("[Uint8Contents]: <");
        for index in 0..shown {
            let byte: u8 = bytes.get(u32::try_from(index).map_err(|_| rquickjs::Error::Unknown)?)?;
            let gap = if index > 0 { " " } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(text, "{gap}{byte:02x}");
        }
        if length > shown {
            let more = length - shown;
            let _ = write!(text, " ... {more} more byte{}", plural(more));
        }
        text.push('>');
        Ok(vec![self.spend(text), size])
    }

    pub(super) fn view(&mut self, view: &Object<'js>, level: i64) -> rquickjs::Result<Vec<String>> {
        let mut entries = Vec::new();
        for (name, builtin) in [("byteLength", Builtin::ViewBytes), ("byteOffset", Builtin::ViewOffset)] {
            let number = self.ask::<Value<'js>>(builtin, view).ok().and_then(|number| number.as_int());
            let text = number.map_or_else(
                || {
                    self.ctx.catch();
                    format!("{name}: (detached)")
                },
                |number| format!("{name}: {number}"),
            );
            entries.push(self.spend(text));
        }
        let buffer: Value<'js> = self.ask(Builtin::ViewBuffer, view)?;
        self.indentation += 2;
        let text = self.value(&buffer, level);
        self.indentation -= 2;
        entries.push(format!("buffer: {text}"));
        Ok(entries)
    }
}
