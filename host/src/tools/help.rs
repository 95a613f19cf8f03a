//! What a tool says of itself, and of its results, in text.

use super::{
    arguments::dashed,
    schema::{Property, Shape},
    tool::Tool,
};
use serde_json::Value;
use std::fmt::Write;

impl Tool {
    /// The text of `--help`: name, description, and an option for each property.
    #[must_use]
    pub fn help(&self) -> String {
        let mut options: Vec<_> = self
            .schema()
            .properties()
            .map(|(name, property)| (option(name, property), words(property)))
            .collect();
        options.push(("--json <JSON>".into(), "the whole input; `-` reads it from standard input".into()));
        let width = options.iter().map(|(option, _)| option.chars().count()).max().unwrap_or(0);
        let mut text = match self.description_text() {
            "" => format!("{}\n", self.name()),
            description => format!("{}: {description}\n", self.name()),
        };
        text.push_str("\nOptions:\n");
        for (option, words) in options {
            let line = format!("  {option:width$}  {words}");
            // Writing to a string does not fail.
            let _written = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    /// A result as text: a string as it is, all else as JSON with a newline.
    #[must_use]
    pub fn output(result: &Value) -> String {
        match result {
            Value::String(text) => text.clone(),
            other => format!("{other}\n"),
        }
    }
}

fn option(name: &str, property: Property<'_>) -> String {
    let name = dashed(name);
    match property.shape() {
        Shape::Boolean => format!("--[no-]{name}"),
        Shape::Array => format!("--{name} <{}>...", property.items().shape().name()),
        shape => format!("--{name} <{}>", shape.name()),
    }
}

fn words(property: Property<'_>) -> String {
    let required = property.required.then_some("(required)");
    let words: Vec<_> = required.into_iter().chain(property.description()).collect();
    words.join(" ")
}
