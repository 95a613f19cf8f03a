//! Elements of arrays and typed arrays.

use super::{
    Builtin, Inspector,
    layout::List,
    primitive::{more_items, plural},
    property::Slot,
    wtf8,
};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{Atom, Object, Value, object::Filter};

impl<'js> Inspector<'_, 'js> {
    pub(super) fn elements(
        &mut self,
        array: &Object<'js>,
        level: i64,
        list: &mut List,
    ) -> rquickjs::Result<Vec<String>> {
        let length = self.length(array)?;
        let shown = length.min(self.options.max_array);
        let mut entries = Vec::new();
        list.numeric = true;
        for index in 0..shown {
            if self.stopped() {
                return Ok(entries);
            }
            let Some(slot) = self.element(array, index)? else {
                list.numeric = false;
                return self.sparse(array, (index, length, shown), level, list, entries);
            };
            list.numeric &= matches!(&slot, Slot::Value(value) if value.is_number() || value.is_big_int());
            entries.push(self.slot(slot, level));
        }
        self.cut(&mut entries, length - shown, list);
        Ok(entries)
    }

    fn element(&self, array: &Object<'js>, index: usize) -> rquickjs::Result<Option<Slot<'js>>> {
        let index = u32::try_from(index).map_err(|_| rquickjs::Error::Unknown)?;
        let key = Atom::from_u32(self.ctx.clone(), index)?.to_value()?;
        Ok(self.own(array, &key)?.map(|element| element.slot))
    }

    /// The rest of an array from its first hole on; holes in a row are one entry.
    fn sparse(
        &mut self,
        array: &Object<'js>,
        (first_hole, length, shown): (usize, usize, usize),
        level: i64,
        list: &mut List,
        mut entries: Vec<String>,
    ) -> rquickjs::Result<Vec<String>> {
        let mut next = first_hole;
        for key in array.own_keys::<Atom<'js>>(Filter::new().string()) {
            let key = key?.to_value()?;
            let index = wtf8::text_of(&key, 11).and_then(|text| text.parse::<usize>().ok());
            // Indices come first, in their order.
            let Some(index) = index.filter(|index| *index < length) else { break };
            if index < next {
                continue;
            }
            if self.stopped() || entries.len() >= shown {
                break;
            }
            self.holes(&mut entries, index - next);
            next = index;
            if entries.len() >= shown {
                break;
            }
            if let Some(property) = self.own(array, &key)? {
                entries.push(self.slot(property.slot, level));
            }
            next = index + 1;
        }
        if entries.len() < shown {
            self.holes(&mut entries, length - next);
        } else {
            self.cut(&mut entries, length - next, list);
        }
        Ok(entries)
    }

    fn holes(&mut self, entries: &mut Vec<String>, count: usize) {
        if count > 0 {
            entries.push(self.spend(format!("<{count} empty item{}>", plural(count))));
        }
    }

    /// Adds the entry that tells how many are not shown.
    fn cut(&mut self, entries: &mut Vec<String>, count: usize, list: &mut List) {
        if count > 0 {
            list.cut = true;
            entries.push(self.spend(more_items(count)));
        }
    }

    pub(super) fn typed_elements(
        &mut self,
        array: &Object<'js>,
        level: i64,
        list: &mut List,
    ) -> rquickjs::Result<Vec<String>> {
        let length: usize = self.ask(Builtin::TypedLength, array)?;
        let shown = length.min(self.options.max_array);
        let mut entries = Vec::new();
        for index in 0..shown {
            if self.stopped() {
                return Ok(entries);
            }
            // Elements are the array's own, and numbers or BigInts.
            let value: Value<'js> = array.get(u32::try_from(index).map_err(|_| rquickjs::Error::Unknown)?)?;
            entries.push(self.value(&value, level));
        }
        self.cut(&mut entries, length - shown, list);
        list.numeric = true;
        if self.options.show_hidden {
            list.numeric = false;
            let bytes: usize = self.ask(Builtin::TypedBytes, array)?;
            let offset: usize = self.ask(Builtin::TypedOffset, array)?;
            let width = bytes.checked_div(length).unwrap_or_default();
            for (name, number) in [
                ("BYTES_PER_ELEMENT", width),
                ("length", length),
                ("byteLength", bytes),
                ("byteOffset", offset),
            ] {
                entries.push(self.spend(format!("[{name}]: {number}")));
            }
            let buffer: Object<'js> = self.ask(Builtin::TypedBuffer, array)?;
            let text = self.object(&buffer, level, true)?;
            entries.push(format!("[buffer]: {text}"));
        }
        Ok(entries)
    }
}
