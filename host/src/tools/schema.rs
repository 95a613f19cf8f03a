//! The schema of a tool's input: the one place that names jsonschema.

use crate::error::printable;
use jsonschema::{PatternOptions, Retrieve, Uri, Validator};
use serde_json::{Map, Value};
use std::{error, sync::OnceLock};

/// Most faults of an input that are told.
const MAX_FAULTS: usize = 5;
/// The longest text of a fault, in bytes: it may repeat the input.
const MAX_FAULT: usize = 300;

/// A schema, compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Schema {
    source: Value,
    compiled: OnceLock<Result<Validator, String>>,
}

impl Schema {
    pub(super) fn new(source: Value) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    /// Compiles it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn validator(&self) -> Result<&Validator, String> {
        self.compiled.get_or_init(|| compile(&self.source)).as_ref().map_err(Clone::clone)
    }

    /// Checks an input.
    ///
    /// # Errors
    /// A line for each fault: where it is, as a JSON pointer, and what.
    pub(super) fn check(&self, input: &Value) -> Result<(), String> {
        let faults = self.validator()?.iter_errors(input).take(MAX_FAULTS).map(|fault| {
            let place = fault.instance_path().to_string();
            let place = if place.is_empty() { "/" } else { &place };
            line(place, &fault.to_string())
        });
        let faults: Vec<_> = faults.collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }

    /// The properties of an input, by name.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, Property<'_>)> {
        let required = self.source.get("required").and_then(Value::as_array);
        let properties = self.source.get("properties").and_then(Value::as_object);
        properties.into_iter().flatten().map(move |(name, schema)| {
            let required = required.is_some_and(|names| names.iter().any(|other| other == name));
            (name.as_str(), Property { schema: schema.as_object(), required })
        })
    }
}

fn line(place: &str, fault: &str) -> String {
    let text = printable(&format!("{place}: {fault}"));
    match text.get(..text.floor_char_boundary(MAX_FAULT)) {
        Some(beginning) if beginning.len() < text.len() => format!("{beginning}…"),
        _ => text,
    }
}

fn compile(source: &Value) -> Result<Validator, String> {
    jsonschema::options()
        // The time that matching takes is linear in the input.
        .with_pattern_options(PatternOptions::regex())
        .with_retriever(Nowhere)
        .build(source)
        .map_err(|error| format!("{}: {error}", error.schema_path()))
}

/// Refuses what a `$ref` names outside of the schema.
struct Nowhere;

impl Retrieve for Nowhere {
    fn retrieve(&self, _uri: &Uri<String>) -> Result<Value, Box<dyn error::Error + Send + Sync>> {
        Err("a schema must have all of its parts in itself: nothing is fetched for a `$ref`".into())
    }
}

/// What a schema says of one property.
#[derive(Debug, Clone, Copy)]
pub(super) struct Property<'a> {
    schema: Option<&'a Map<String, Value>>,
    pub(super) required: bool,
}

/// What an option's text is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    String,
    Number,
    Integer,
    Boolean,
    Array,
    /// JSON.
    Object,
    /// JSON where it is, else a string: the schema does not tell.
    Any,
}

impl<'a> Property<'a> {
    pub(super) fn shape(self) -> Shape {
        let kind = self.schema.and_then(|schema| schema.get("type"));
        // Of several types, the first that has a value.
        let mut kinds = match kind {
            Some(Value::Array(kinds)) => kinds.iter(),
            Some(kind) => std::slice::from_ref(kind).iter(),
            None => [].iter(),
        };
        match kinds.find(|kind| **kind != "null").and_then(Value::as_str) {
            Some("string") => Shape::String,
            Some("number") => Shape::Number,
            Some("integer") => Shape::Integer,
            Some("boolean") => Shape::Boolean,
            Some("array") => Shape::Array,
            Some("object") => Shape::Object,
            _ => Shape::Any,
        }
    }

    /// The elements of an array.
    pub(super) fn items(self) -> Property<'a> {
        let items = self.schema.and_then(|schema| schema.get("items")).and_then(Value::as_object);
        Property { schema: items, required: false }
    }

    pub(super) fn description(self) -> Option<&'a str> {
        self.schema?.get("description")?.as_str()
    }
}

impl Shape {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "JSON object",
            Self::Any => "value",
        }
    }
}
