//! Values as JSON and sections, as `docs/protocol.md` has it: written without the host
//! crate's own code, so that it is compared too.

use hypercell::{Date, ErrorValue, TypedArray, TypedArrayKind, Url, Value};
use hypercell_common::{Frame, Section, Tag};
use serde_json::{Value as Json, json};

/// What JSON cannot say, with the paths.
pub(crate) type Parts = Vec<(String, Tag, Vec<u8>)>;

const TYPED_ARRAYS: [(Tag, TypedArrayKind); 11] = [
    (Tag::Int8Array, TypedArrayKind::Int8Array),
    (Tag::Uint8ClampedArray, TypedArrayKind::Uint8ClampedArray),
    (Tag::Int16Array, TypedArrayKind::Int16Array),
    (Tag::Uint16Array, TypedArrayKind::Uint16Array),
    (Tag::Int32Array, TypedArrayKind::Int32Array),
    (Tag::Uint32Array, TypedArrayKind::Uint32Array),
    (Tag::Float16Array, TypedArrayKind::Float16Array),
    (Tag::Float32Array, TypedArrayKind::Float32Array),
    (Tag::Float64Array, TypedArrayKind::Float64Array),
    (Tag::BigInt64Array, TypedArrayKind::BigInt64Array),
    (Tag::BigUint64Array, TypedArrayKind::BigUint64Array),
];

/// The JSON form of a value, and what it cannot say.
pub(crate) fn split(value: Value) -> (String, Parts) {
    let mut splitter = Splitter::default();
    splitter.value(value);
    (splitter.json, splitter.parts)
}

#[derive(Default)]
struct Splitter {
    json: String,
    path: Vec<Json>,
    parts: Parts,
}

impl Splitter {
    fn value(&mut self, value: Value) {
        match value {
            Value::Null => self.json += "null",
            Value::Bool(truth) => self.json += &truth.to_string(),
            Value::Number(number) if number.is_finite() => self.json += &number.to_string(),
            Value::Number(number) => self.null(Tag::Number, number.to_le_bytes().to_vec()),
            Value::String(text) => self.text(&text),
            Value::Undefined => self.null(Tag::Undefined, Vec::new()),
            Value::Bytes(bytes) => self.null(Tag::Uint8Array, bytes),
            Value::TypedArray(array) => {
                let (tag, _) = TYPED_ARRAYS.iter().find(|(_, kind)| *kind == array.kind()).unwrap();
                self.null(*tag, array.into_bytes());
            }
            Value::BigInt(digits) => self.tagged(Tag::BigInt, |splitter| splitter.text(digits.as_str())),
            Value::Url(url) => self.tagged(Tag::URL, |splitter| splitter.text(&url.0)),
            Value::Date(date) => {
                match date.to_iso() {
                    Some(text) => self.text(&text),
                    None => self.json += "null",
                }
                self.part(Tag::Date, date.0.to_le_bytes().to_vec());
            }
            Value::Array(elements) => self.elements(elements),
            Value::Set(elements) => self.tagged(Tag::Set, |splitter| splitter.elements(elements)),
            Value::Map(entries) => {
                let pairs = entries.into_iter().map(|(key, value)| Value::Array(vec![key, value])).collect();
                self.tagged(Tag::Map, |splitter| splitter.elements(pairs));
            }
            Value::Object(members) => self.members(members),
            Value::Error(error) => {
                let ErrorValue { name, message, code, cause, stack, .. } = *error;
                let members = [
                    ("name", Some(Value::String(name))),
                    ("message", Some(Value::String(message))),
                    ("code", code.map(Value::String)),
                    ("cause", cause),
                    ("stack", stack.map(Value::String)),
                ];
                let members =
                    members.into_iter().filter_map(|(key, member)| Some((key.to_owned(), member?))).collect();
                self.tagged(Tag::Error, |splitter| splitter.members::<Vec<_>>(members));
            }
            other => panic!("there is no form of {other:?}"),
        }
    }

    fn text(&mut self, text: &str) {
        self.json += &json!(text).to_string();
    }

    fn elements(&mut self, elements: Vec<Value>) {
        self.json.push('[');
        for (at, element) in elements.into_iter().enumerate() {
            self.json += if at == 0 { "" } else { "," };
            self.inside(json!(at), element);
        }
        self.json.push(']');
    }

    fn members<M: IntoIterator<Item = (String, Value)>>(&mut self, members: M) {
        self.json.push('{');
        for (at, (key, member)) in members.into_iter().enumerate() {
            self.json += if at == 0 { "" } else { "," };
            self.text(&key);
            self.json.push(':');
            self.inside(json!(key), member);
        }
        self.json.push('}');
    }

    fn inside(&mut self, step: Json, value: Value) {
        self.path.push(step);
        self.value(value);
        self.path.pop();
    }

    /// What is inside of a value comes before the value.
    fn tagged(&mut self, tag: Tag, write: impl FnOnce(&mut Self)) {
        write(self);
        self.part(tag, Vec::new());
    }

    fn null(&mut self, tag: Tag, data: Vec<u8>) {
        self.json += "null";
        self.part(tag, data);
    }

    fn part(&mut self, tag: Tag, data: Vec<u8>) {
        self.parts.push((serde_json::to_string(&self.path).unwrap(), tag, data));
    }
}

pub(crate) fn sections(parts: &Parts) -> Vec<Section<'_>> {
    parts.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect()
}

/// The value of a frame's body and sections.
pub(crate) fn join(frame: &Frame<'_>) -> Value {
    let mut value = serde_json::from_str(frame.body).unwrap();
    for section in frame.sections() {
        let path: Vec<Json> = serde_json::from_str(section.path).unwrap();
        let place = path.iter().fold(&mut value, |at, step| match (at, step) {
            (Value::Array(elements), Json::Number(index)) => {
                elements.get_mut(usize::try_from(index.as_u64().unwrap()).unwrap()).unwrap()
            }
            (Value::Object(members), Json::String(key)) => members.get_mut(key).unwrap(),
            (at, step) => panic!("there is no {step} in {at:?}"),
        });
        *place = tagged(std::mem::take(place), section);
    }
    value
}

/// What a section says that this JSON form is.
fn tagged(form: Value, Section { tag, data, .. }: Section<'_>) -> Value {
    let double = || f64::from_le_bytes(data.try_into().unwrap());
    match (tag, form) {
        (Tag::Undefined, Value::Null) => Value::Undefined,
        (Tag::Number, Value::Null) => Value::Number(double()),
        (Tag::Uint8Array, Value::Null) => Value::Bytes(data.to_vec()),
        (Tag::BigInt, Value::String(digits)) => Value::BigInt(digits.parse().unwrap()),
        (Tag::URL, Value::String(text)) => Value::Url(Url(text)),
        (Tag::Date, form) => {
            let date = Date(double());
            assert_eq!(form, date.to_iso().map_or(Value::Null, Value::String), "the text is the date's");
            Value::Date(date)
        }
        (Tag::Set, Value::Array(elements)) => Value::Set(elements),
        (Tag::Map, Value::Array(pairs)) => {
            let entry = |pair| match pair {
                Value::Array(pair) => <[Value; 2]>::try_from(pair).unwrap().into(),
                other => panic!("{other:?} is no entry"),
            };
            Value::Map(pairs.into_iter().map(entry).collect())
        }
        (Tag::Error, Value::Object(mut members)) => {
            let mut text = |key| match members.swap_remove(key)? {
                Value::String(text) => Some(text),
                other => panic!("the {key} of an error is {other:?}"),
            };
            let mut error = ErrorValue::new(text("name").unwrap(), text("message").unwrap());
            (error.code, error.stack) = (text("code"), text("stack"));
            error.cause = members.swap_remove("cause");
            Value::Error(Box::new(error))
        }
        (tag, Value::Null) => {
            let (_, kind) = TYPED_ARRAYS.iter().find(|(of, _)| *of == tag).unwrap();
            Value::TypedArray(TypedArray::new(*kind, data.to_vec()).unwrap())
        }
        (tag, form) => panic!("{form:?} is no form of {}", tag.name()),
    }
}
