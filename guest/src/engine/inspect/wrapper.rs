//! Objects around one value: dates, regular expressions, boxed primitives.

use super::{Builtin, Class, Inspector, naming::Naming, wtf8};
use alloc::{format, string::String};
use rquickjs::{Object, Value};

/// Flags of a regular expression in the order in which they are written.
const FLAGS: [(Builtin, char); 8] = [
    (Builtin::PatternIndices, 'd'),
    (Builtin::PatternGlobal, 'g'),
    (Builtin::PatternIgnoreCase, 'i'),
    (Builtin::PatternMultiline, 'm'),
    (Builtin::PatternDotAll, 's'),
    (Builtin::PatternUnicode, 'u'),
    (Builtin::PatternUnicodeSets, 'v'),
    (Builtin::PatternSticky, 'y'),
];

impl<'js> Inspector<'_, 'js> {
    /// A date in ISO 8601, in UTC.
    pub(super) fn date(&self, date: &Object<'js>, naming: &Naming) -> rquickjs::Result<String> {
        let time: f64 = self.ask(Builtin::DateTime, date)?;
        let text = if time.is_nan() {
            String::from("Invalid Date")
        } else {
            let text: Value<'js> = self.ask(Builtin::DateText, date)?;
            wtf8::text_of(&text, self.left).unwrap_or_default()
        };
        Ok(named("Date", naming, text))
    }

    pub(super) fn pattern(&self, pattern: &Object<'js>, naming: &Naming) -> rquickjs::Result<String> {
        let source: Value<'js> = self.ask(Builtin::PatternSource, pattern)?;
        let mut text = format!("/{}/", wtf8::text_of(&source, self.left).unwrap_or_default());
        for (builtin, flag) in FLAGS {
            if self.ask(builtin, pattern)? {
                text.push(flag);
            }
        }
        Ok(named("RegExp", naming, text))
    }

    pub(super) fn boxed(
        &self,
        object: &Object<'js>,
        class: Class,
        name: &str,
        naming: &Naming,
    ) -> rquickjs::Result<String> {
        let builtin = match class {
            Class::Boolean => Builtin::BooleanValue,
            Class::Number => Builtin::NumberValue,
            Class::BigInt => Builtin::BigIntValue,
            Class::Symbol => Builtin::SymbolValue,
            _ => Builtin::StringValue,
        };
        let value: Value<'js> = self.ask(builtin, object)?;
        let other = match &naming.constructor {
            Some(constructor) if constructor == name => String::new(),
            Some(constructor) => format!(" ({constructor})"),
            None => String::from(" (null prototype)"),
        };
        Ok(format!("[{name}{other}: {}]{}", self.primitive(&value), naming.bracketed_tag()))
    }
}

/// The text with the name of the class, when it is not the expected one.
fn named(class: &str, naming: &Naming, text: String) -> String {
    if naming.is(class) && naming.bracketed_tag().is_empty() {
        return text;
    }
    naming.prefix(class, "") + &text
}
