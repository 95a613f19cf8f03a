//! Values that are no objects.

use super::{Builtin, Inspector, quote};
use crate::engine::wtf8;
use alloc::{format, string::String, vec::Vec};
use rquickjs::{CString, Coerced, Value, function::This};

/// Strings up to this many characters stay on one line.
const MIN_LINE: usize = 16;

impl<'js> Inspector<'_, 'js> {
    pub(super) fn primitive(&self, value: &Value<'js>) -> String {
        if value.is_string() {
            return self.string(value);
        }
        if let Some(number) = value.as_number() {
            return number_text(number);
        }
        if value.is_symbol() {
            return self.symbol(value);
        }
        if value.is_undefined() {
            return String::from("undefined");
        }
        if value.is_null() {
            return String::from("null");
        }
        // Booleans and BigInts: converting them runs no guest code.
        let suffix = if value.is_big_int() { "n" } else { "" };
        match value.get::<Coerced<String>>() {
            Ok(Coerced(text)) => text + suffix,
            Err(_) => {
                self.ctx.catch();
                String::from("(no memory left to tell)")
            }
        }
    }

    /// `Symbol(description)`.
    pub(super) fn symbol(&self, symbol: &Value<'js>) -> String {
        let text: rquickjs::Result<Value<'js>> =
            self.builtins.call(self.ctx, Builtin::SymbolText, (This(symbol.clone()),));
        text.ok().and_then(|text| wtf8::text_of(&text, self.left)).unwrap_or_else(|| {
            self.ctx.catch();
            String::from("Symbol()")
        })
    }

    /// A string as a literal, cut where the options say so, over several lines when
    /// it has several and is long.
    fn string(&self, value: &Value<'js>) -> String {
        let Some(Ok(string)) = value.as_string().map(|string| CString::from_string(string.clone())) else {
            self.ctx.catch();
            return String::from("(no memory left to tell)");
        };
        let whole = string.as_str().as_bytes();
        let units = quote::units(whole);
        let remaining = units.saturating_sub(self.options.max_string);
        let shown = if remaining > 0 { quote::start(whole, self.options.max_string) } else { whole };
        // Far more than there is room for is not escaped first and cut then.
        let shown = quote::start(shown, self.left.saturating_add(1));
        let units = units - remaining;
        let mut text = if self.options.compact > 0
            && units > MIN_LINE
            && units > self.options.break_length.saturating_sub(self.indentation).saturating_sub(4)
        {
            let lines: Vec<String> =
                shown.split_inclusive(|&byte| byte == b'\n').map(quote::quoted).collect();
            lines.join(&format!(" +\n{}", " ".repeat(self.indentation + 2)))
        } else {
            quote::quoted(shown)
        };
        if remaining > 0 {
            text.push_str(&format!("... {remaining} more character{}", plural(remaining)));
        }
        text
    }
}

/// As JavaScript writes a number, except that negative zero has its sign.
pub(in crate::engine) fn number_text(number: f64) -> String {
    if number == 0.0 && number.is_sign_negative() {
        return String::from("-0");
    }
    String::from(ryu_js::Buffer::new().format(number))
}

/// The `s` of more than one.
pub(super) const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// What stands for the entries that are not shown.
pub(super) fn more_items(count: usize) -> String {
    format!("... {count} more item{}", plural(count))
}
