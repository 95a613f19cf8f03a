//! Values that JSON has no words for: their JSON form goes into the text, where
//! there is one, and a section says what they are.

use super::{
    super::{classes::Collection, intrinsics::identity, job::Part, text::Full},
    Encoder, MAX_BYTES, MAX_DEPTH, Stop,
    kinds::{Boxed, Shape},
    path::Step,
};
use crate::sys::buffer;
use alloc::{format, rc::Rc, vec::Vec};
use hypercell_common::{MAX_SECTIONS, Tag};
use rquickjs::{Array, Function, Object, TypedArray, Value, atom::PredefinedAtom, function::This};

impl<'js> Encoder<'_, 'js> {
    /// Whether `to_json` is the method that a `Date` or a `URL` has from the start:
    /// it turns them into text, and here they cross as what they are.
    pub(super) fn is_own_to_json(&self, value: &Value<'js>, to_json: &Function<'js>) -> Result<bool, Stop> {
        let Some(object) = value.as_object() else { return Ok(false) };
        let id = identity(to_json);
        if id == self.intrinsics.classes.date_to_json {
            return Ok(self.intrinsics.classes.time(object)?.is_some());
        }
        match self.shared.url() {
            Some(url) if url.to_json == Some(id) => Ok(url.text(&self.intrinsics.classes, object)?.is_some()),
            _ => Ok(false),
        }
    }

    /// Writes an object of a class that JSON does not know. One that only inherits
    /// from the class is a plain object.
    pub(super) fn rich(&mut self, object: &Object<'js>, shape: Shape<'js>) -> Result<(), Stop> {
        let intrinsics = Rc::clone(&self.intrinsics);
        let is_such = match shape {
            Shape::Bytes(array) => self.bytes(Tag::Uint8Array, &array).map(|()| true)?,
            Shape::View => self.view(object)?,
            Shape::Error => self.nested(object, Self::error).map(|()| true)?,
            Shape::Date => self.date(object)?,
            Shape::Map => self.collection(object, &intrinsics.classes.map, Tag::Map)?,
            Shape::Set => self.collection(object, &intrinsics.classes.set, Tag::Set)?,
            Shape::Url => self.url(object)?,
            Shape::Boxed(kind) => self.boxed(object, kind)?,
            Shape::Plain | Shape::Array | Shape::Refused(_) => false,
        };
        if is_such { Ok(()) } else { self.nested(object, Self::members) }
    }

    /// Puts a section for what has no JSON form.
    pub(super) fn instead_of_json(&mut self, tag: Tag, data: Vec<u8>) -> Result<(), Stop> {
        self.section(tag, data)?;
        self.text.put(b"null")?;
        Ok(())
    }

    /// Says what the current value is. Those inside of it have been told.
    fn section(&mut self, tag: Tag, data: Vec<u8>) -> Result<(), Stop> {
        if self.sections.len() >= MAX_SECTIONS {
            return Err(self.refuse(&format!("more than {MAX_SECTIONS} values that JSON lacks, the last")));
        }
        let path = self.path.to_json()?;
        self.section_bytes = self.section_bytes.saturating_add(data.len()).saturating_add(path.len());
        if self.section_bytes > MAX_BYTES {
            return Err(self.refuse(&format!("more than {MAX_BYTES} bytes that are not JSON, the last")));
        }
        self.sections.try_reserve(1).map_err(|_| Full::Memory)?;
        self.sections.push(Part { path, tag, data });
        Ok(())
    }

    pub(super) fn bigint(&mut self, bigint: &Value<'js>) -> Result<(), Stop> {
        let digits = self.intrinsics.classes.bigint_text(bigint.clone())?;
        self.string(digits)?;
        self.section(Tag::BigInt, Vec::new())
    }

    /// The value in a `Number`, `String`, `Boolean` or `BigInt` object.
    fn boxed(&mut self, object: &Object<'js>, kind: Boxed) -> Result<bool, Stop> {
        let unboxed = match kind {
            Boxed::Boolean => &self.intrinsics.boolean_value,
            Boxed::Number => &self.intrinsics.number_value,
            Boxed::String => &self.intrinsics.string_value,
            Boxed::BigInt => &self.intrinsics.bigint_value,
        };
        let unboxed: Function<'js> = unboxed.clone().restore(self.ctx)?;
        let value = unboxed.call::<_, Value<'js>>((This(object.clone()),));
        match self.intrinsics.classes.own(self.ctx, value)? {
            Some(value) => self.write(&value).map(|()| true),
            None => Ok(false),
        }
    }

    fn bytes(&mut self, tag: Tag, array: &TypedArray<'js, u8>) -> Result<(), Stop> {
        let Some(copied) = buffer::copy(array) else {
            return Err(self.refuse(&format!("a detached {}", tag.name())));
        };
        self.instead_of_json(tag, copied.map_err(|_| Full::Memory)?)
    }

    fn view(&mut self, object: &Object<'js>) -> Result<bool, Stop> {
        let Some(tag) = self.intrinsics.classes.typed_array_tag(object)? else { return Ok(false) };
        match self.intrinsics.classes.bytes_of(object)? {
            Some(bytes) => self.bytes(tag, &bytes)?,
            None => return Err(self.refuse(&format!("a detached {}", tag.name()))),
        }
        Ok(true)
    }

    fn date(&mut self, object: &Object<'js>) -> Result<bool, Stop> {
        let Some(time) = self.intrinsics.classes.time(object)? else { return Ok(false) };
        if time.is_nan() {
            self.text.put(b"null")?;
        } else {
            let text = self.intrinsics.classes.date_text(object)?;
            self.string(text)?;
        }
        self.section(Tag::Date, Vec::from(time.to_le_bytes()))?;
        Ok(true)
    }

    fn url(&mut self, object: &Object<'js>) -> Result<bool, Stop> {
        let Some(url) = self.shared.url() else { return Ok(false) };
        let Some(text) = url.text(&self.intrinsics.classes, object)? else { return Ok(false) };
        self.string(text)?;
        self.section(Tag::URL, Vec::new())?;
        Ok(true)
    }

    /// An error as an object of what the host can know of it.
    fn error(&mut self, error: &Object<'js>) -> Result<(), Stop> {
        let name: Value<'js> = error.get(PredefinedAtom::Name)?;
        let message: Value<'js> = error.get(PredefinedAtom::Message)?;
        let code: Value<'js> = error.get("code")?;
        let stack: Value<'js> = error.get(PredefinedAtom::Stack)?;
        self.text.put(b"{\"name\":")?;
        match name.into_string() {
            Some(name) => self.string(name)?,
            None => self.text.put(b"\"Error\"")?,
        }
        self.text.put(b",\"message\":")?;
        match message.into_string() {
            Some(message) => self.string(message)?,
            None => self.text.put(b"\"\"")?,
        }
        if let Some(code) = code.into_string() {
            self.text.put(b",\"code\":")?;
            self.string(code)?;
        }
        let cause: Value<'js> = error.get("cause")?;
        if !cause.is_undefined() {
            self.path.enter(Step::Key(rquickjs::Atom::from_str(self.ctx.clone(), "cause")?));
            let cause = self.prepare(cause)?;
            if !cause.is_undefined() {
                self.text.put(b",\"cause\":")?;
                self.write(&cause)?;
            }
            self.path.leave();
        }
        if let Some(stack) = super::super::wtf8::text_of(&stack, MAX_STACK) {
            let stack = self.shared.scripts.borrow().clean(&stack);
            self.text.put(b",\"stack\":")?;
            self.text.put_json_string(stack.as_bytes())?;
        }
        self.text.push(b'}')?;
        self.section(Tag::Error, Vec::new())
    }

    /// A `Map` or a `Set`; false when it only inherits from the class.
    fn collection(&mut self, object: &Object<'js>, class: &Collection, tag: Tag) -> Result<bool, Stop> {
        let Some(items) = self.intrinsics.classes.iterate(class, object)? else { return Ok(false) };
        self.nested(object, |encoder, object| {
            encoder.text.push(b'[')?;
            let mut index = 0_usize;
            while let Some(item) = items.next()? {
                encoder.tick()?;
                match (tag, item.as_array()) {
                    (Tag::Map, Some(entry)) => encoder.entry(object, index, entry)?,
                    _ => encoder.element(index, item)?,
                }
                index = index.saturating_add(1);
            }
            encoder.text.push(b']')?;
            encoder.section(tag, Vec::new())
        })?;
        Ok(true)
    }

    /// An entry of a `Map`: an array of two in JSON, which is a level of its own.
    fn entry(&mut self, map: &Object<'js>, index: usize, entry: &Array<'js>) -> Result<(), Stop> {
        if self.ancestors.len() >= MAX_DEPTH {
            return Err(self.refuse(&format!("a value nested more than {MAX_DEPTH} levels deep")));
        }
        self.ancestors.push(identity(map));
        self.text.put(if index == 0 { b"[" } else { b",[" })?;
        let key: Value<'js> = entry.get(0)?;
        self.path.enter(Step::EntryKey(index));
        let prepared = self.prepare(key.clone())?;
        self.write(&prepared)?;
        self.path.leave();
        self.text.push(b',')?;
        self.path.enter(Step::EntryValue(index, key));
        let value = self.prepare(entry.get(1)?)?;
        self.write(&value)?;
        self.path.leave();
        self.text.push(b']')?;
        self.ancestors.pop();
        Ok(())
    }
}

/// Most bytes of an error's stack.
const MAX_STACK: usize = 64 << 10;
