//! What a step came to: to be compared, and to be printed where it differs.

use hypercell::{Error, ErrorKind, Value};
use hypercell_common::body::{Cause, Thrown};
use std::fmt::{self, Write as _};

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) ending: Ending,
    /// Lines of the console and host calls, in their order: `warn: text` and
    /// `test.add(1,2)`.
    pub(crate) events: Vec<String>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was done, or gave `undefined`.
    Done,
    /// It gave a value, see [`render`].
    Value(String),
    /// It failed.
    Failed(Failure),
}

/// How a step failed; without an exception of guest code, `name` and `stack` are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) name: String,
    pub(crate) message: String,
    pub(crate) code: Option<String>,
    pub(crate) stack: String,
}

impl Ending {
    pub(crate) fn of<T>(result: Result<T, Error>, value: impl FnOnce(T) -> Self) -> Self {
        match result {
            Ok(given) => value(given),
            Err(error) => Self::Failed(Failure::of(&error)),
        }
    }
}

impl Failure {
    fn of(error: &Error) -> Self {
        let kind = error.kind();
        match error.js() {
            Some(js) => Self {
                kind,
                name: js.name.clone(),
                message: js.message.clone(),
                code: js.code.clone(),
                stack: js.stack.clone(),
            },
            // After how long a call was stopped differs each time.
            None if kind == ErrorKind::Cancelled => {
                Self::without_exception(kind, error.message().split(" after ").next().unwrap_or_default())
            }
            None => Self::without_exception(kind, error.message()),
        }
    }

    /// What the host makes of the guest's word.
    pub(crate) fn thrown(thrown: Thrown) -> Self {
        let Thrown { cause, name, message, stack, code } = thrown;
        let kind = match cause {
            Cause::Exception => ErrorKind::Js,
            Cause::Syntax => ErrorKind::Syntax,
            Cause::Request => return Self::without_exception(ErrorKind::InvalidArg, &message),
            Cause::Interrupted => ErrorKind::Cancelled,
        };
        Self { kind, name, message, code, stack }
    }

    fn without_exception(kind: ErrorKind, message: &str) -> Self {
        Self { kind, name: String::new(), message: message.to_owned(), code: None, stack: String::new() }
    }

    /// `name: message`.
    pub(crate) fn words(&self) -> String {
        match (self.name.as_str(), self.message.as_str()) {
            (name, "") => name.to_owned(),
            ("", message) => message.to_owned(),
            (name, message) => format!("{name}: {message}"),
        }
    }
}

/// A value as JSON, with bytes as `<00ff>` and what else JSON lacks as `Set[1,2]`,
/// `Float32Array<0000803f>`, `Date"1970-01-01T00:00:00.000Z"`, `12n` or `NaN`. Of an
/// error's stack, there is only whether it has one.
pub(crate) fn render(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Undefined => text.push_str("undefined"),
        Value::Bool(truth) => write!(text, "{truth}").unwrap(),
        Value::Number(number) if number.is_finite() => text.push_str(&serde_json::to_string(value).unwrap()),
        Value::Number(number) => text.push_str(&number.to_string().replace("inf", "Infinity")),
        Value::BigInt(digits) => write!(text, "{digits}n").unwrap(),
        Value::String(string) => text.push_str(&quoted(string)),
        Value::Date(date) => {
            text.push_str("Date");
            text.push_str(&date.to_iso().map_or_else(|| "NaN".into(), |iso| quoted(&iso)));
        }
        Value::Url(url) => write!(text, "URL{}", quoted(&url.0)).unwrap(),
        Value::Bytes(bytes) => write_bytes(text, bytes),
        Value::TypedArray(array) => {
            text.push_str(array.kind().name());
            write_bytes(text, array.bytes());
        }
        Value::Array(elements) => write_list(text, "[", elements.iter().map(|value| (None, value)), "]"),
        Value::Set(elements) => write_list(text, "Set[", elements.iter().map(|value| (None, value)), "]"),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (Some(render(key)), value));
            write_list(text, "Map{", entries, "}");
        }
        Value::Object(members) => {
            write_list(text, "{", members.iter().map(|(key, value)| (Some(quoted(key)), value)), "}");
        }
        Value::Error(error) => {
            let told = [Some(&error.name), Some(&error.message), error.code.as_ref()];
            write!(text, "Error{:?}", told.into_iter().flatten().collect::<Vec<_>>()).unwrap();
            text.push_str(if error.stack.is_some() { "+stack" } else { "" });
            if let Some(cause) = &error.cause {
                text.push_str("+cause:");
                write_value(text, cause);
            }
        }
        other => panic!("{other:?} is not to be printed yet"),
    }
}

fn write_list<'a>(
    text: &mut String,
    open: &str,
    items: impl Iterator<Item = (Option<String>, &'a Value)>,
    close: &str,
) {
    text.push_str(open);
    for (at, (key, value)) in items.enumerate() {
        text.push_str(if at == 0 { "" } else { "," });
        if let Some(key) = key {
            text.push_str(&key);
            text.push(':');
        }
        write_value(text, value);
    }
    text.push_str(close);
}

fn write_bytes(text: &mut String, bytes: &[u8]) {
    let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).map(char::from);
    text.push('<');
    text.extend(digits);
    text.push('>');
}

/// Text on one line, and not all of it when it is long.
pub(crate) struct Clipped<'a>(pub(crate) &'a str);

impl fmt::Display for Clipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 400;
        let shown = self.0.get(..self.0.floor_char_boundary(SHOWN)).unwrap_or_default();
        write!(f, "{}", shown.escape_debug())?;
        match self.0.len() {
            length if length > shown.len() => write!(f, "… ({length} bytes)"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ending {
            Ending::Done => writeln!(f, "    is done")?,
            Ending::Value(text) => writeln!(f, "    gives {}", Clipped(text))?,
            Ending::Failed(failure) => {
                let code = failure.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
                writeln!(f, "    fails with {}: {}{code}", failure.kind, Clipped(&failure.words()))?;
                for line in failure.stack.lines() {
                    writeln!(f, "        {}", line.trim())?;
                }
            }
        }
        const SHOWN: usize = 20;
        for event in self.events.iter().take(SHOWN) {
            writeln!(f, "    tells {}", Clipped(event))?;
        }
        match self.events.len() {
            count if count > SHOWN => writeln!(f, "    tells … ({count} in all)"),
            _ => Ok(()),
        }
    }
}
