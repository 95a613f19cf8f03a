//! Arguments as one text, with the format specifiers of the specification and `%j`.

use super::{Options, Shared, inspect, printer::most_bytes};
use crate::engine::{
    inspect::{Builtin, has_own_text, number_text},
    intrinsics::Intrinsics,
    wtf8,
};
use alloc::{rc::Rc, string::String};
use rquickjs::{Ctx, Value};

/// Levels that `%o` shows.
const FULL_DEPTH: i64 = 4;

/// The arguments, separated by spaces. A text that comes first and is not alone is a
/// format for those that follow.
pub(in crate::engine) fn line<'js>(ctx: &Ctx<'js>, shared: &Shared, values: &[Value<'js>]) -> String {
    let (mut line, rest) = match values.split_first() {
        None => return String::new(),
        Some((first, rest)) => match wtf8::text_of(first, most_bytes(shared)) {
            Some(text) if rest.is_empty() => (text, rest),
            Some(text) => filled(ctx, shared, &text, rest),
            None => (value(ctx, shared, first), rest),
        },
    };
    for part in rest {
        if line.len() > most_bytes(shared) || shared.poll() {
            break;
        }
        line.push(' ');
        line.push_str(&value(ctx, shared, part));
    }
    line
}

/// An argument: text as it is, anything else inspected.
pub(super) fn value<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> String {
    wtf8::text_of(value, most_bytes(shared))
        .unwrap_or_else(|| inspect(ctx, shared, value, &Options::default(), most_bytes(shared)))
}

/// `format` with its specifiers replaced, and the arguments that it leaves.
fn filled<'js, 'a>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    format: &str,
    mut values: &'a [Value<'js>],
) -> (String, &'a [Value<'js>]) {
    let mut line = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        line.push_str(before);
        rest = after;
        let specifier = after.bytes().next();
        let replaced = match (specifier, values.split_first()) {
            (Some(b'%'), _) => Some(String::from("%")),
            (Some(specifier), Some((value, left))) if line.len() <= most_bytes(shared) && !shared.poll() => {
                let text = converted(ctx, shared, specifier, value);
                if text.is_some() {
                    values = left;
                }
                text
            }
            _ => None,
        };
        match replaced {
            Some(text) => {
                line.push_str(&text);
                rest = after.get(1..).unwrap_or_default();
            }
            None => line.push('%'),
        }
    }
    line.push_str(rest);
    (line, values)
}

/// The value as the specifier wants it; `None` when it is no specifier.
fn converted<'js>(ctx: &Ctx<'js>, shared: &Shared, specifier: u8, value: &Value<'js>) -> Option<String> {
    let show = |options: &Options| inspect(ctx, shared, value, options, most_bytes(shared));
    let number = |builtin| {
        if value.is_symbol() {
            return String::from("NaN");
        }
        let number: Option<f64> = called(ctx, shared, builtin, value).and_then(|number| number.as_number());
        number_text(number.unwrap_or(f64::NAN))
    };
    Some(match specifier {
        b's' => text(ctx, shared, value),
        b'd' | b'i' if value.is_big_int() => show(&Options::default()),
        b'd' => number(Builtin::Number),
        b'i' => number(Builtin::ParseInt),
        b'f' => number(Builtin::ParseFloat),
        b'o' => {
            show(&Options { show_hidden: true, show_proxy: true, depth: FULL_DEPTH, ..Options::default() })
        }
        b'O' => show(&Options::default()),
        b'j' => match called(ctx, shared, Builtin::Json, value) {
            Some(json) => {
                wtf8::text_of(&json, most_bytes(shared)).unwrap_or_else(|| String::from("undefined"))
            }
            None => String::from("[Circular]"),
        },
        // Style sheets mean nothing here.
        b'c' => String::new(),
        _ => return None,
    })
}

/// `%s`: what `String` makes of it, except for objects that say nothing of their own.
fn text<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> String {
    let is_plain = value.as_number().is_some()
        || value.is_big_int()
        || (value.is_object() && !value.is_function() && !has_own_text(ctx, shared, value));
    if is_plain {
        return inspect(ctx, shared, value, &Options { depth: 0, ..Options::default() }, most_bytes(shared));
    }
    called(ctx, shared, Builtin::Text, value)
        .and_then(|text| wtf8::text_of(&text, most_bytes(shared)))
        .unwrap_or_else(|| {
            inspect(ctx, shared, value, &Options { depth: 0, ..Options::default() }, most_bytes(shared))
        })
}

/// What a builtin gives for the value; `None` when it, or guest code that it runs,
/// throws.
fn called<'js>(ctx: &Ctx<'js>, shared: &Shared, builtin: Builtin, value: &Value<'js>) -> Option<Value<'js>> {
    let intrinsics: Rc<Intrinsics> = shared.intrinsics().ok()?;
    let result = intrinsics.builtins.call(ctx, builtin, (value.clone(),));
    result.map_err(|_| ctx.catch()).ok()
}
