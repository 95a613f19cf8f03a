//! Objects: what kind they are, and from there to their text.

use super::{
    Inspector, MAX_NESTING,
    builtins::{Builtin, Class},
    identity,
    layout::{Braces, List},
    naming::Naming,
    property::{Chain, Keys},
    wtf8,
};
use alloc::{format, string::String, vec::Vec};
use rquickjs::{Object, Value, function::This};

/// What an object is, whatever its prototype says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Array,
    Typed(String),
    Function,
    Error,
    Promise,
    /// A module namespace.
    Module,
    Known(Class),
    Plain,
}

impl Kind {
    /// The name of the class.
    fn name(&self) -> &str {
        match self {
            Self::Array => "Array",
            Self::Typed(name) => name,
            Self::Function => "Function",
            Self::Error => "Error",
            Self::Promise => "Promise",
            Self::Module => "Module",
            Self::Known(class) => match class {
                Class::Map => "Map",
                Class::Set => "Set",
                Class::WeakMap => "WeakMap",
                Class::WeakSet => "WeakSet",
                Class::Date => "Date",
                Class::Pattern => "RegExp",
                Class::Buffer => "ArrayBuffer",
                Class::SharedBuffer => "SharedArrayBuffer",
                Class::View => "DataView",
                Class::Boolean => "Boolean",
                Class::Number => "Number",
                Class::String => "String",
                Class::BigInt => "BigInt",
                Class::Symbol => "Symbol",
                _ => "Object",
            },
            Self::Plain => "Object",
        }
    }
}

/// How far the text of an object is known without its entries.
pub(super) enum Outline<'js> {
    Done(String),
    Open(Braces, Vec<Value<'js>>),
}

impl<'js> Inspector<'_, 'js> {
    /// An object that is no proxy. `in_view` leaves the bytes of a buffer out: what
    /// is around shows them.
    pub(super) fn object(
        &mut self,
        object: &Object<'js>,
        level: i64,
        in_view: bool,
    ) -> rquickjs::Result<String> {
        let chain = Chain::of(object);
        let kind = self.kind(&chain)?;
        let mut naming = self.naming(&chain, kind.name())?;
        if let Kind::Typed(name) = &kind {
            // A getter of the engine's, for once.
            naming.tag.clone_from(name);
        }
        let (mut braces, keys) = match self.outline(&chain, &kind, &naming, in_view)? {
            Outline::Done(text) => return Ok(self.spend(text)),
            Outline::Open(braces, keys) => (braces, keys),
        };
        if level > self.options.depth || self.ancestors.len() >= MAX_NESTING {
            if kind == Kind::Known(Class::Pattern) {
                return Ok(self.spend(braces.base));
            }
            let prefix = naming.prefix(kind.name(), "");
            let prefix = prefix.trim_end();
            let text =
                if naming.constructor.is_some() { format!("[{prefix}]") } else { String::from(prefix) };
            return Ok(self.spend(text));
        }
        let level = level.saturating_add(1);
        let identity = identity(object);
        self.ancestors.push(identity);
        self.current_depth = level;
        let mut list = List { numeric: false, cut: false };
        let mut entries = self.content(object, &kind, level, in_view, &mut list)?;
        for key in &keys {
            if self.stopped() {
                break;
            }
            list.numeric = false;
            entries.push(self.member(object, key, level, kind == Kind::Module)?);
        }
        self.ancestors.pop();
        if let Some(at) = self.referred.iter().position(|referred| *referred == identity) {
            let gap = if braces.base.is_empty() { "" } else { " " };
            braces.base = format!("<ref *{}>{gap}{}", at + 1, braces.base);
        }
        let is_list = matches!(kind, Kind::Array | Kind::Typed(_));
        Ok(self.join(entries, &braces, is_list.then_some(&list), level))
    }

    fn kind(&self, chain: &Chain<'js>) -> rquickjs::Result<Kind> {
        let object = &chain.object;
        if object.is_array() {
            return Ok(Kind::Array);
        }
        if object.is_function() {
            return Ok(Kind::Function);
        }
        if object.is_error() {
            return Ok(Kind::Error);
        }
        if object.is_promise() {
            return Ok(Kind::Promise);
        }
        match self.builtins.class(object) {
            Some(Class::Object) => return Ok(Kind::Plain),
            Some(class) => return Ok(Kind::Known(class)),
            None => {}
        }
        if self.builtins.call(self.ctx, Builtin::IsView, (object.clone(),))? {
            let name: Value<'js> =
                self.builtins.call(self.ctx, Builtin::TypedName, (This(object.clone()),))?;
            return Ok(Kind::Typed(wtf8::text_of(&name, super::naming::MAX_NAME).unwrap_or_default()));
        }
        if chain.prototypes.is_empty() && !chain.cut {
            let tag = self.builtins.tag.clone().restore(self.ctx)?.into_value();
            let tag = self.own(object, &tag)?.filter(|tag| !tag.enumerable).and_then(|tag| tag.slot.value());
            if tag.and_then(|tag| wtf8::text_of(&tag, 16)).as_deref() == Some("Module") {
                return Ok(Kind::Module);
            }
        }
        Ok(Kind::Plain)
    }

    fn outline(
        &mut self,
        chain: &Chain<'js>,
        kind: &Kind,
        naming: &Naming,
        in_view: bool,
    ) -> rquickjs::Result<Outline<'js>> {
        let object = &chain.object;
        let indexed = matches!(kind, Kind::Array | Kind::Typed(_) | Kind::Known(Class::String));
        let listed = match kind {
            Kind::Module => Keys::Exports,
            _ if indexed => Keys::BesideElements,
            _ => Keys::Shown,
        };
        let mut keys = self.keys(object, listed)?;
        let prefix = |size: &str| naming.prefix(kind.name(), size);
        let is_bare = keys.is_empty();
        Ok(match kind {
            Kind::Array => {
                let length = self.length(object)?;
                let ordinary = naming.is("Array") && naming.tag.is_empty();
                let prefix = if ordinary { String::new() } else { prefix(&format!("({length})")) };
                if length == 0 && is_bare {
                    return Ok(Outline::Done(prefix + "[]"));
                }
                Outline::Open(Braces::new(prefix + "[", "]"), keys)
            }
            Kind::Typed(_) => {
                let length: usize = self.ask(Builtin::TypedLength, object)?;
                let prefix = prefix(&format!("({length})"));
                if length == 0 && is_bare && !self.options.show_hidden {
                    return Ok(Outline::Done(prefix + "[]"));
                }
                Outline::Open(Braces::new(prefix + "[", "]"), keys)
            }
            Kind::Known(class @ (Class::Map | Class::Set)) => {
                let size = if *class == Class::Map { Builtin::MapSize } else { Builtin::SetSize };
                let size: usize = self.ask(size, object)?;
                let prefix = prefix(&format!("({size})"));
                if size == 0 && is_bare {
                    return Ok(Outline::Done(prefix + "{}"));
                }
                Outline::Open(Braces::new(prefix + "{", "}"), keys)
            }
            Kind::Known(class @ (Class::MapIterator | Class::SetIterator)) => {
                let what = if *class == Class::MapIterator { "Map Iterator" } else { "Set Iterator" };
                let tag = if naming.tag == what { String::new() } else { naming.tag.clone() };
                let gap = if tag.is_empty() { "" } else { "] [" };
                Outline::Open(Braces::new(format!("[{tag}{gap}{what}] {{"), "}"), keys)
            }
            Kind::Known(Class::Buffer | Class::SharedBuffer) if in_view && is_bare => {
                let bytes = self.byte_length(object)?;
                Outline::Done(prefix("") + &format!("{{ byteLength: {bytes} }}"))
            }
            Kind::Known(
                Class::Buffer | Class::SharedBuffer | Class::View | Class::WeakMap | Class::WeakSet,
            )
            | Kind::Promise => Outline::Open(Braces::new(prefix("") + "{", "}"), keys),
            Kind::Function => self.based(self.function(chain, naming)?, keys),
            Kind::Error => {
                let text = self.error(chain, naming, &mut keys)?;
                self.based(text, keys)
            }
            Kind::Known(Class::Date) => self.based(self.date(object, naming)?, keys),
            Kind::Known(Class::Pattern) => self.based(self.pattern(object, naming)?, keys),
            Kind::Known(
                class @ (Class::Boolean | Class::Number | Class::String | Class::BigInt | Class::Symbol),
            ) => self.based(self.boxed(object, *class, kind.name(), naming)?, keys),
            Kind::Known(Class::Arguments | Class::MappedArguments) => {
                braced(String::from("[Arguments] "), keys)
            }
            Kind::Module => Outline::Open(Braces::new(prefix("") + "{", "}"), keys),
            _ if naming.is("Object") && naming.tag.is_empty() => braced(String::new(), keys),
            _ => braced(prefix(""), keys),
        })
    }

    /// A text that properties follow in braces, when there are some.
    fn based(&self, base: String, keys: Vec<Value<'js>>) -> Outline<'js> {
        if keys.is_empty() {
            return Outline::Done(base);
        }
        Outline::Open(Braces { base, ..Braces::new("{", "}") }, keys)
    }

    /// Entries that are no properties.
    fn content(
        &mut self,
        object: &Object<'js>,
        kind: &Kind,
        level: i64,
        in_view: bool,
        list: &mut List,
    ) -> rquickjs::Result<Vec<String>> {
        match kind {
            Kind::Array => self.elements(object, level, list),
            Kind::Typed(_) => self.typed_elements(object, level, list),
            Kind::Promise => Ok(self.promise(object, level)),
            Kind::Known(Class::Map) => self.map(object, level),
            Kind::Known(Class::Set) => self.set(object, level),
            Kind::Known(Class::MapIterator | Class::SetIterator | Class::WeakMap | Class::WeakSet) => {
                Ok(self.unknown_items())
            }
            Kind::Known(Class::Buffer | Class::SharedBuffer) => self.buffer(object, in_view),
            Kind::Known(Class::View) => self.view(object, level),
            _ => Ok(Vec::new()),
        }
    }

    /// Calls a builtin getter or method on an object.
    pub(super) fn ask<R: rquickjs::FromJs<'js>>(
        &self,
        builtin: Builtin,
        object: &Object<'js>,
    ) -> rquickjs::Result<R> {
        self.builtins.call(self.ctx, builtin, (This(object.clone()),))
    }
}

/// Properties in braces behind a prefix.
fn braced<'js>(prefix: String, keys: Vec<Value<'js>>) -> Outline<'js> {
    if keys.is_empty() {
        return Outline::Done(prefix + "{}");
    }
    Outline::Open(Braces::new(prefix + "{", "}"), keys)
}
