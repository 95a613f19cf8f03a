//! Guest values as JSON and sections.
//!
//! The rules are those of `JSON.stringify`, with two differences: what JSON has no
//! words for, such as bytes, dates and maps, travels with a section of its own, and
//! what JSON would drop silently (functions, symbols, promises) is an error that
//! names the path. The encoder is the
//! glue's own, so that guest code can change its outcome only where the
//! specification says so: by `toJSON`, getters and proxies.

mod kinds;
mod path;
mod rich;

use super::{
    intrinsics::{ErrorClass, Intrinsics, identity},
    job::Part,
    shared::Shared,
    text::{Full, Text},
};
use alloc::{format, rc::Rc, string::String, vec, vec::Vec};
use hypercell_common::{Section, Tag};
use kinds::{Known, Shape};
use path::{Path, Step};
use rquickjs::{Atom, CString, Ctx, Error, Object, Value, atom::PredefinedAtom, function::This};

/// Most bytes of one encoded value, text and sections each. The way out has a
/// limit of its own; this one bounds what is built before it applies.
const MAX_BYTES: usize = 64 << 20;

/// An element takes a character and a comma at least, so a length that cannot
/// fit is known before the first element is looked at.
const MIN_ELEMENT: usize = 2;

/// Most nested arrays and objects: one less than what the host's parser takes.
const MAX_DEPTH: usize = 127;

/// Whole numbers below this are written as integers are: all their digits are
/// exact, and JavaScript writes them without an exponent.
const MAX_WHOLE: u64 = 1 << 53;

/// Steps between two looks at the interrupt flag.
const POLL_EVERY: u32 = 1024;

/// An encoded value.
#[derive(Debug)]
pub(super) struct Encoded {
    text: String,
    sections: Vec<Part>,
}

impl Encoded {
    /// JSON text of the engine's own.
    pub(super) fn of_text(text: String) -> Self {
        Self { text, sections: Vec::new() }
    }

    /// Bytes of the engine's own.
    pub(super) fn of_bytes(data: Vec<u8>) -> Self {
        let part = Part { path: String::from("[]"), tag: Tag::Uint8Array, data };
        Self { text: String::from("null"), sections: vec![part] }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn sections(&self) -> Vec<Section<'_>> {
        self.sections
            .iter()
            .map(|part| Section { path: &part.path, tag: part.tag, data: &part.data })
            .collect()
    }

    /// The memory of the text, for the next value.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.text.into_bytes()
    }
}

/// Encodes a value; `None` for `undefined`.
pub(super) fn value<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    value: Value<'js>,
) -> rquickjs::Result<Option<Encoded>> {
    let mut encoder = Encoder::new(ctx, shared)?;
    let written = encoder.root(value);
    let written = encoder.settle(written)?;
    if written { encoder.finish().map(Some) } else { Ok(None) }
}

/// Encodes the arguments of a call as an array.
pub(super) fn arguments<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<Encoded> {
    let mut encoder = Encoder::new(ctx, shared)?;
    let written = encoder.list(arguments);
    encoder.settle(written)?;
    encoder.finish()
}

/// Why encoding stopped.
enum Stop {
    /// With an exception.
    Js(Error),
    /// The text is full.
    Full(Full),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Js(error)
    }
}

impl From<Full> for Stop {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

struct Encoder<'a, 'js> {
    ctx: &'a Ctx<'js>,
    shared: &'a Shared,
    intrinsics: Rc<Intrinsics>,
    text: Text,
    sections: Vec<Part>,
    section_bytes: usize,
    /// Identities of the containers around the current value.
    ancestors: Vec<u64>,
    path: Path<'js>,
    steps: u32,
}

impl<'a, 'js> Encoder<'a, 'js> {
    fn new(ctx: &'a Ctx<'js>, shared: &'a Shared) -> rquickjs::Result<Self> {
        Ok(Self {
            ctx,
            shared,
            intrinsics: shared.intrinsics()?,
            text: Text::reusing(shared.take_scratch(), MAX_BYTES),
            sections: Vec::new(),
            section_bytes: 0,
            ancestors: Vec::new(),
            path: Path::default(),
            steps: 0,
        })
    }

    fn settle<T>(&self, outcome: Result<T, Stop>) -> rquickjs::Result<T> {
        match outcome {
            Ok(done) => Ok(done),
            Err(Stop::Js(error)) => Err(error),
            Err(Stop::Full(Full::Memory)) => Err(Error::Allocation),
            Err(Stop::Full(Full::Limit(limit))) => {
                let message = format!("the value is above the limit of {limit} bytes of JSON");
                Err(self.intrinsics.throw(self.ctx, ErrorClass::Range, &message))
            }
        }
    }

    fn finish(self) -> rquickjs::Result<Encoded> {
        // Every piece of the text is UTF-8; the check costs less than the proof.
        let text = String::from_utf8(self.text.into_bytes()).map_err(|_| Error::Unknown)?;
        Ok(Encoded { text, sections: self.sections })
    }

    /// Writes the value and says whether there is one.
    fn root(&mut self, value: Value<'js>) -> Result<bool, Stop> {
        let value = self.prepare(value)?;
        if value.is_undefined() {
            return Ok(false);
        }
        self.write(&value)?;
        Ok(true)
    }

    fn list(&mut self, values: Vec<Value<'js>>) -> Result<(), Stop> {
        self.text.push(b'[')?;
        for (index, value) in values.into_iter().enumerate() {
            self.element(index, value)?;
        }
        self.text.push(b']')?;
        Ok(())
    }

    fn element(&mut self, index: usize, value: Value<'js>) -> Result<(), Stop> {
        self.tick()?;
        if index > 0 {
            self.text.push(b',')?;
        }
        self.path.enter(Step::Index(index));
        let value = self.prepare(value)?;
        self.write(&value)?;
        self.path.leave();
        Ok(())
    }

    /// Replaces a value by what its `toJSON` says.
    fn prepare(&mut self, value: Value<'js>) -> Result<Value<'js>, Stop> {
        let method: Value<'js> = if let Some(object) = value.as_object() {
            object.get(PredefinedAtom::ToJSON)?
        } else if value.is_big_int() {
            self.intrinsics.bigint_prototype.clone().restore(self.ctx)?.get(PredefinedAtom::ToJSON)?
        } else {
            return Ok(value);
        };
        match method.as_function() {
            Some(to_json) if !self.is_own_to_json(&value, to_json)? => {
                let key = self.path.last_key(self.ctx)?;
                Ok(to_json.call((This(value), key))?)
            }
            _ => Ok(value),
        }
    }

    fn write(&mut self, value: &Value<'js>) -> Result<(), Stop> {
        if let Some(number) = value.as_int() {
            self.text.put(itoa::Buffer::new().format(number).as_bytes())?;
        } else if let Some(string) = value.as_string() {
            self.string(string.clone())?;
        } else if let Some(object) = value.as_object() {
            self.object(object)?;
        } else if let Some(truth) = value.as_bool() {
            self.text.put(if truth { b"true" } else { b"false" })?;
        } else if let Some(number) = value.as_float() {
            self.float(number)?;
        } else if value.is_null() {
            self.text.put(b"null")?;
        } else if value.is_undefined() {
            self.instead_of_json(Tag::Undefined, Vec::new())?;
        } else if value.is_big_int() {
            self.bigint(value)?;
        } else {
            let what = match () {
                () if value.is_symbol() => "a symbol",
                () => "a value of an unknown type",
            };
            return Err(self.refuse(what));
        }
        Ok(())
    }

    fn float(&mut self, number: f64) -> Result<(), Stop> {
        // Whole numbers are often doubles: the engine's JSON parser makes them so.
        // `as` saturates, and gives 0 for NaN and for negative zero.
        #[expect(clippy::cast_possible_truncation, reason = "compared with the original")]
        let whole = number as i64;
        #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "an exact comparison is meant")]
        let is_whole = whole.unsigned_abs() < MAX_WHOLE && whole as f64 == number;
        if is_whole {
            self.text.put(itoa::Buffer::new().format(whole).as_bytes())?;
        } else if !number.is_finite() {
            self.instead_of_json(Tag::Number, Vec::from(number.to_le_bytes()))?;
        } else {
            self.text.put(ryu_js::Buffer::new().format_finite(number).as_bytes())?;
        }
        Ok(())
    }

    fn object(&mut self, object: &Object<'js>) -> Result<(), Stop> {
        if object.is_function() {
            return Err(self.refuse("a function"));
        }
        let url = self.shared.url();
        let known =
            Known { prototypes: &self.intrinsics.prototypes, url: url.as_ref().map(|url| url.prototype) };
        match kinds::shape(object, known, &mut || self.shared.check(self.ctx))? {
            Shape::Plain => self.nested(object, Self::members),
            Shape::Array => self.nested(object, Self::array),
            Shape::Refused(what) => Err(self.refuse(what)),
            shape => self.rich(object, shape),
        }
    }

    /// Writes what holds other values.
    fn nested(
        &mut self,
        object: &Object<'js>,
        write: impl FnOnce(&mut Self, &Object<'js>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let identity = identity(object);
        if self.ancestors.contains(&identity) {
            return Err(self.refuse("a cycle"));
        }
        if self.ancestors.len() >= MAX_DEPTH {
            return Err(self.refuse(&format!("a value nested more than {MAX_DEPTH} levels deep")));
        }
        self.ancestors.push(identity);
        write(self, object)?;
        self.ancestors.pop();
        Ok(())
    }

    fn array(&mut self, array: &Object<'js>) -> Result<(), Stop> {
        let length = kinds::length(array)?;
        if length > MAX_BYTES / MIN_ELEMENT {
            return Err(Stop::Full(Full::Limit(MAX_BYTES)));
        }
        self.text.push(b'[')?;
        let real = array.as_array();
        for index in 0..length {
            #[expect(clippy::cast_precision_loss, reason = "lengths are at most 2^53")]
            let key = index as f64;
            let value: Value<'js> = match real {
                Some(array) => array.get(index)?,
                // A proxy.
                None => array.get(key)?,
            };
            // A hole is null, as JSON has it: there can be too many to tell of each.
            let is_hole = value.is_undefined() && real.is_some() && !array.contains_key(key)?;
            let value = if is_hole { Value::new_null(self.ctx.clone()) } else { value };
            self.element(index, value)?;
        }
        self.text.push(b']')?;
        Ok(())
    }

    fn members(&mut self, object: &Object<'js>) -> Result<(), Stop> {
        let mut separator = b'{';
        for key in object.keys::<Atom<'js>>() {
            self.tick()?;
            let key = key?;
            let value: Value<'js> = object.get(key.clone())?;
            if value.is_undefined() {
                continue;
            }
            self.path.enter(Step::Key(key.clone()));
            let value = self.prepare(value)?;
            if !value.is_undefined() {
                self.text.push(separator)?;
                separator = b',';
                let key = CString::from_string(key.to_js_string()?).map_err(|_| Error::Exception)?;
                self.text.put_json_string(key.as_str().as_bytes())?;
                self.text.push(b':')?;
                self.write(&value)?;
            }
            self.path.leave();
        }
        if separator == b'{' {
            self.text.push(b'{')?;
        }
        self.text.push(b'}')?;
        Ok(())
    }

    fn string(&mut self, string: rquickjs::String<'js>) -> Result<(), Stop> {
        let string = CString::from_string(string).map_err(|_| Error::Exception)?;
        self.text.put_json_string(string.as_str().as_bytes())?;
        Ok(())
    }

    fn tick(&mut self) -> Result<(), Stop> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(POLL_EVERY) {
            self.shared.check(self.ctx)?;
        }
        Ok(())
    }

    #[cold]
    fn refuse(&self, what: &str) -> Stop {
        let message = format!("{what} at {} cannot cross to the host", self.path);
        Stop::Js(self.intrinsics.throw(self.ctx, ErrorClass::Type, &message))
    }
}
