//! Properties as they are stored. No getter runs, and no trap of a proxy.

use super::{Builtin, Inspector};
use crate::sys::property;
pub(in crate::engine) use crate::sys::property::{Property, Slot};
use alloc::vec::Vec;
use rquickjs::{Array, Atom, Object, Value, atom::PredefinedAtom, object::Filter};

/// Most prototypes that are looked at.
const MAX_CHAIN: usize = 1000;

impl<'js> Slot<'js> {
    pub(in crate::engine) fn value(self) -> Option<Value<'js>> {
        match self {
            Self::Value(value) => Some(value),
            Self::Accessor { .. } => None,
        }
    }
}

/// Which own keys are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Keys {
    /// Those that are enumerable, or all with `show_hidden`.
    Shown,
    /// The same without the indices of elements.
    BesideElements,
    /// All: exports of a module are enumerable, and to ask whether one is, is an error
    /// until it is initialised.
    Exports,
}

/// An object with its prototypes, up to the first one that is a proxy.
pub(super) struct Chain<'js> {
    pub(super) object: Object<'js>,
    pub(super) prototypes: Vec<Object<'js>>,
    /// It ends at a proxy, or is too long.
    pub(super) cut: bool,
}

impl<'js> Chain<'js> {
    pub(super) fn of(object: &Object<'js>) -> Self {
        let mut chain = Self { object: object.clone(), prototypes: Vec::new(), cut: object.is_proxy() };
        let mut next = if object.is_proxy() { None } else { object.get_prototype() };
        while let Some(prototype) = next {
            if prototype.is_proxy() || chain.prototypes.len() >= MAX_CHAIN {
                chain.cut = true;
                break;
            }
            next = prototype.get_prototype();
            chain.prototypes.push(prototype);
        }
        chain
    }

    /// The object and its prototypes.
    pub(super) fn links(&self) -> impl Iterator<Item = &Object<'js>> {
        core::iter::once(&self.object).chain(&self.prototypes)
    }
}

impl<'js> Inspector<'_, 'js> {
    /// An own property of an object that is no proxy.
    pub(in crate::engine) fn own(
        &self,
        object: &Object<'js>,
        key: &Value<'js>,
    ) -> rquickjs::Result<Option<Property<'js>>> {
        property::own(self.ctx, object, key)
    }

    /// What the first of the chain that has the property holds there.
    pub(super) fn lookup(&self, chain: &Chain<'js>, key: &Value<'js>) -> rquickjs::Result<Option<Slot<'js>>> {
        if !chain.cut && !chain.object.contains_key(Atom::from_value(self.ctx.clone(), key)?)? {
            return Ok(None);
        }
        for link in chain.links() {
            self.shared.check(self.ctx)?;
            if let Some(property) = self.own(link, key)? {
                return Ok(Some(property.slot));
            }
        }
        Ok(None)
    }

    /// The value of an own property, unless it has a getter.
    pub(super) fn own_value(
        &self,
        object: &Object<'js>,
        key: PredefinedAtom,
    ) -> rquickjs::Result<Option<Value<'js>>> {
        let key = Atom::from_predefined(self.ctx.clone(), key).to_value()?;
        Ok(self.own(object, &key)?.and_then(|property| property.slot.value()))
    }

    /// The value of a property, unless it has a getter.
    pub(super) fn value_of(
        &self,
        chain: &Chain<'js>,
        key: PredefinedAtom,
    ) -> rquickjs::Result<Option<Value<'js>>> {
        let key = Atom::from_predefined(self.ctx.clone(), key).to_value()?;
        Ok(self.lookup(chain, &key)?.and_then(Slot::value))
    }

    /// The length of an array.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths are below 2^32")]
    pub(super) fn length(&self, array: &Object<'js>) -> rquickjs::Result<usize> {
        let length = self.own_value(array, PredefinedAtom::Length)?;
        Ok(length.and_then(|length| length.as_number()).unwrap_or_default() as usize)
    }

    /// Own keys in their order: strings, then symbols.
    pub(in crate::engine) fn keys(
        &self,
        object: &Object<'js>,
        which: Keys,
    ) -> rquickjs::Result<Vec<Value<'js>>> {
        let mut keys = Vec::new();
        let strings = Filter::new().string();
        let all = self.options.show_hidden || which == Keys::Exports;
        let filter = if all { strings } else { strings.enum_only() };
        if which == Keys::BesideElements {
            // Indices come first, and there can be millions of them.
            for key in object.own_keys::<Atom<'js>>(filter).rev() {
                let key = key?.to_value()?;
                if is_index(&key) || keys.len() >= self.most_entries() {
                    break;
                }
                keys.push(key);
            }
            keys.reverse();
        } else {
            for key in object.own_keys::<Atom<'js>>(filter).take(self.most_entries()) {
                keys.push(key?.to_value()?);
            }
        }
        let symbols: Array<'js> = self.builtins.call(self.ctx, Builtin::OwnSymbols, (object.clone(),))?;
        for symbol in symbols.iter::<Value<'js>>() {
            let symbol = symbol?;
            if keys.len() >= self.most_entries() || self.shared.poll() {
                break;
            }
            if self.options.show_hidden || self.own(object, &symbol)?.is_some_and(|own| own.enumerable) {
                keys.push(symbol);
            }
        }
        Ok(keys)
    }
}

/// Whether a key is the index of an element: below 2³² - 1, without leading zeros.
fn is_index(key: &Value<'_>) -> bool {
    key.as_number().is_some()
        || super::super::wtf8::text_of(key, 11).is_some_and(|text| {
            text.parse::<u32>()
                .is_ok_and(|index| index < u32::MAX && itoa::Buffer::new().format(index) == text)
        })
}
