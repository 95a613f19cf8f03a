//! The words of a command line as a tool's input.

use super::{
    schema::{Property, Shape},
    tool::Tool,
};
use crate::hostfn::HostError;
use serde_json::{Map, Number, Value};

impl Tool {
    /// The input that the words of a command line stand for; it is not checked against the
    /// schema.
    ///
    /// `--json '{…}'` is all of it, and with `--json -` that is `stdin`. Otherwise each word
    /// is an option with the name of a property: `--city Oslo`, `--city=Oslo`, `--brief` and
    /// `--no-brief` for booleans, `--tag a --tag b` for arrays, JSON for objects. A property
    /// `maxDays` or `max_days` is also `--max-days`.
    ///
    /// # Errors
    /// With the code `ERR_INVALID_ARG`: the option and what is wrong, and the options that
    /// there are.
    pub fn input_of<W: AsRef<str>>(&self, words: &[W], stdin: Option<&str>) -> Result<Value, HostError> {
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        let parsed = match words.as_slice() {
            ["--json", text] => json(text, stdin),
            [word] if word.starts_with("--json=") => json(word.trim_start_matches("--json="), stdin),
            words => self.options(words),
        };
        parsed.map_err(|why| self.refuse(why))
    }

    fn options(&self, words: &[&str]) -> Result<Value, String> {
        let mut input = Map::new();
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix("--") else {
                return Err(format!("{word:.100?} is no option; {}", self.known()));
            };
            let (option, mut text) = match option.split_once('=') {
                Some((option, text)) => (option, Some(text)),
                None => (option, None),
            };
            if option == "json" {
                return Err("`--json` needs a value, and goes with no other option".into());
            }
            let (name, property, negated) = self.find(option).ok_or_else(|| {
                format!("there is no option {:.100?}; {}", format!("--{option}"), self.known())
            })?;
            if property.shape() == Shape::Boolean {
                if text.is_none() && !negated {
                    text = words.next_if(|word| matches!(*word, "true" | "false"));
                }
                let value = boolean(text, negated).map_err(|why| format!("`--{option}` {why}"))?;
                once(&mut input, name, value)?;
                continue;
            }
            let text = text.or_else(|| words.next_if(|word| !word.starts_with("--")));
            let text =
                text.ok_or_else(|| format!("`--{option}` needs a value; `--{option}=VALUE` takes any"))?;
            let read = |property| value(property, text).map_err(|why| format!("`--{option}` {why}"));
            if property.shape() == Shape::Array {
                let element = read(property.items())?;
                match input.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                    Value::Array(elements) => elements.push(element),
                    other => *other = element,
                }
            } else {
                once(&mut input, name, read(property)?)?;
            }
        }
        Ok(Value::Object(input))
    }

    /// The property that an option names, and whether as `--no-…`.
    fn find(&self, option: &str) -> Option<(&str, Property<'_>, bool)> {
        let named = |wanted: &str| {
            let exact = self.schema().properties().find(|(name, _)| *name == wanted);
            exact.or_else(|| self.schema().properties().find(|(name, _)| dashed(name) == wanted))
        };
        if let Some((name, property)) = named(option) {
            return Some((name, property, false));
        }
        let (name, property) = named(option.strip_prefix("no-")?)?;
        (property.shape() == Shape::Boolean).then_some((name, property, true))
    }

    /// The options, in a sentence.
    fn known(&self) -> String {
        let names = self.schema().properties().map(|(name, _)| format!("--{}", dashed(name)));
        let names: Vec<_> = names.chain(["--json".to_owned()]).collect();
        format!("the options are {}", names.join(", "))
    }
}

/// `maxDays` and `max_days` as `max-days`.
pub(super) fn dashed(name: &str) -> String {
    let mut dashed = String::with_capacity(name.len());
    let mut after_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && after_small {
            dashed.push('-');
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        dashed.push(if letter == '_' { '-' } else { letter.to_ascii_lowercase() });
    }
    dashed
}

fn json(text: &str, stdin: Option<&str>) -> Result<Value, String> {
    let text = match (text, stdin) {
        ("-", Some(stdin)) => stdin,
        ("-", None) => return Err("`--json -` reads standard input, and there is none".into()),
        (text, _) => text,
    };
    serde_json::from_str(text).map_err(|error| format!("`--json` needs JSON: {error}"))
}

fn once(input: &mut Map<String, Value>, name: &str, value: Value) -> Result<(), String> {
    match input.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("`--{}` is given twice", dashed(name))),
    }
}

fn boolean(text: Option<&str>, negated: bool) -> Result<Value, String> {
    match (text, negated) {
        (None, negated) => Ok(Value::Bool(!negated)),
        (Some("true"), false) => Ok(Value::Bool(true)),
        (Some("false"), false) => Ok(Value::Bool(false)),
        (Some(_), true) => Err("takes no value".into()),
        (Some(text), false) => Err(format!("takes `true` or `false`, and not {text:.100?}")),
    }
}

fn value(property: Property<'_>, text: &str) -> Result<Value, String> {
    let no = |what: &str| format!("takes {what}, and not {text:.100?}");
    match property.shape() {
        Shape::String => Ok(Value::String(text.to_owned())),
        Shape::Integer => {
            let signed = text.parse::<i64>().map(Number::from);
            let number = signed.or_else(|_| text.parse::<u64>().map(Number::from));
            number.map(Value::Number).map_err(|_| no("a whole number"))
        }
        Shape::Number => match serde_json::from_str(text) {
            Ok(number @ Value::Number(_)) => Ok(number),
            _ => Err(no("a number")),
        },
        Shape::Boolean => boolean(Some(text), false),
        Shape::Array | Shape::Object => serde_json::from_str(text).map_err(|_| no("JSON")),
        Shape::Any => Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))),
    }
}
