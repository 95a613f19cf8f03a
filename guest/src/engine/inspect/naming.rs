//! What an object says that it is: its constructor and its tag.

use super::{Inspector, identity, property::Chain, wtf8};
use alloc::{format, string::String};
use rquickjs::{Object, Value, atom::PredefinedAtom};

/// Most bytes of a name.
pub(super) const MAX_NAME: usize = 1 << 10;

/// Prototypes without a constructor that are named by their own prototype.
const MAX_NAMELESS: usize = 3;

/// Constructor and `Symbol.toStringTag` of an object.
pub(super) struct Naming {
    /// `None` when the object has no prototype.
    pub(super) constructor: Option<String>,
    /// Empty when there is none.
    pub(super) tag: String,
}

impl Naming {
    /// Whether the constructor has this name.
    pub(super) fn is(&self, constructor: &str) -> bool {
        self.constructor.as_deref() == Some(constructor)
    }

    /// The tag in brackets, after a space, when it says more than the constructor.
    pub(super) fn bracketed_tag(&self) -> String {
        if self.tag.is_empty() || self.is(&self.tag) { String::new() } else { format!(" [{}]", self.tag) }
    }

    /// What stands before the brace, with a space behind it. `size` is a length in
    /// parentheses, or nothing.
    pub(super) fn prefix(&self, fallback: &str, size: &str) -> String {
        match &self.constructor {
            Some(constructor) => format!("{constructor}{size}{} ", self.bracketed_tag()),
            None if self.tag.is_empty() || self.tag == fallback => {
                format!("[{fallback}{size}: null prototype] ")
            }
            None => format!("[{fallback}{size}: null prototype] [{}] ", self.tag),
        }
    }
}

impl<'js> Inspector<'_, 'js> {
    pub(super) fn naming(&mut self, chain: &Chain<'js>, fallback: &str) -> rquickjs::Result<Naming> {
        let constructor = self.constructor(chain, fallback, MAX_NAMELESS)?;
        let key = self.builtins.tag.clone().restore(self.ctx)?.into_value();
        let own = self.own(&chain.object, &key)?;
        // A tag that is listed as a property is not told twice.
        let listed = own.as_ref().is_some_and(|own| own.enumerable || self.options.show_hidden);
        let tag = match own {
            Some(_) if listed => None,
            Some(own) => own.slot.value(),
            None => self.lookup(chain, &key)?.and_then(super::Slot::value),
        };
        let tag = tag.and_then(|tag| wtf8::text_of(&tag, MAX_NAME)).unwrap_or_default();
        Ok(Naming { constructor, tag })
    }

    fn constructor(
        &mut self,
        chain: &Chain<'js>,
        fallback: &str,
        nameless: usize,
    ) -> rquickjs::Result<Option<String>> {
        for link in chain.links() {
            self.shared.check(self.ctx)?;
            let constructor = self.own_value(link, PredefinedAtom::Constructor)?;
            if let Some(function) = constructor.as_ref().and_then(Value::as_object)
                && function.is_function()
                && !function.is_proxy()
                && let Some(name) = self.name_of(function)?
                && self.is_instance(chain, function)?
            {
                return Ok(Some(name));
            }
        }
        let Some(prototype) = chain.prototypes.first() else {
            return Ok(chain.cut.then(|| format!("{fallback} <Complex prototype>")));
        };
        if chain.cut || nameless == 0 {
            return Ok(Some(format!("{fallback} <Complex prototype>")));
        }
        let above = Chain::of(prototype);
        let above = self.constructor(&above, "Object", nameless - 1)?;
        Ok(Some(format!("{fallback} <{}>", above.as_deref().unwrap_or("[Object: null prototype] {}"))))
    }

    /// The own name of a function, when it has one that is not empty.
    pub(super) fn name_of(&self, function: &Object<'js>) -> rquickjs::Result<Option<String>> {
        let name = self.own_value(function, PredefinedAtom::Name)?;
        Ok(name.and_then(|name| wtf8::text_of(&name, MAX_NAME)).filter(|name| !name.is_empty()))
    }

    /// `instanceof` for ordinary functions.
    fn is_instance(&self, chain: &Chain<'js>, function: &Object<'js>) -> rquickjs::Result<bool> {
        let prototype = self.own_value(function, PredefinedAtom::Prototype)?;
        let Some(prototype) = prototype.as_ref().filter(|prototype| prototype.is_object()) else {
            return Ok(false);
        };
        let wanted = identity(prototype);
        Ok(chain.prototypes.iter().any(|link| identity(link) == wanted))
    }
}
