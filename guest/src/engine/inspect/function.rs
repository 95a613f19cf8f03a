//! Functions and classes.

use super::{
    Builtin, Class, Inspector,
    naming::Naming,
    property::{Chain, Slot},
    wtf8,
};
use alloc::{format, string::String};
use rquickjs::{Object, Value, atom::PredefinedAtom};

/// The end of the source of a function whose source is not there.
const NATIVE: &str = "[native code]\n}";
/// Such a source is not longer than this.
const MAX_NATIVE: usize = 256;

impl<'js> Inspector<'_, 'js> {
    /// `[Function: name]`, or `[class Name extends Other]`.
    pub(super) fn function(&self, chain: &Chain<'js>, naming: &Naming) -> rquickjs::Result<String> {
        let function = &chain.object;
        if self.is_class(function)? {
            return self.class(chain, naming);
        }
        let kind = match self.builtins.class(function) {
            Some(Class::Generator) => "GeneratorFunction",
            Some(Class::Async) => "AsyncFunction",
            Some(Class::AsyncGenerator) => "AsyncGeneratorFunction",
            _ => "Function",
        };
        let mut text = format!("[{kind}");
        if naming.constructor.is_none() {
            text.push_str(" (null prototype)");
        }
        match self.value_of(chain, PredefinedAtom::Name)?.and_then(|name| self.name_text(&name)) {
            Some(name) => text.push_str(&format!(": {name}")),
            None => text.push_str(" (anonymous)"),
        }
        text.push(']');
        if let Some(constructor) = naming
            .constructor
            .as_ref()
            .filter(|constructor| *constructor != kind && *constructor != "Function")
        {
            text.push_str(&format!(" {constructor}"));
        }
        if naming.tag != kind {
            text.push_str(&naming.bracketed_tag());
        }
        Ok(text)
    }

    fn name_text(&self, name: &Value<'js>) -> Option<String> {
        wtf8::text_of(name, super::naming::MAX_NAME).filter(|name| !name.is_empty())
    }

    fn class(&self, chain: &Chain<'js>, naming: &Naming) -> rquickjs::Result<String> {
        let name = self.name_of(&chain.object)?;
        let mut text = format!("[class {}", name.as_deref().unwrap_or("(anonymous)"));
        match &naming.constructor {
            None => text.push_str(" extends [null prototype]"),
            Some(constructor) => {
                if constructor != "Function" {
                    text.push_str(&format!(" [{constructor}]"));
                }
                text.push_str(&naming.bracketed_tag());
                if let Some(parent) = chain.prototypes.first()
                    && let Some(name) = self.name_of(parent)?
                {
                    text.push_str(&format!(" extends {name}"));
                }
            }
        }
        text.push(']');
        Ok(text)
    }

    /// Among the constructors that are written in JavaScript, only the prototype of a class
    /// cannot be replaced, until guest code makes it so for others; only the source of a
    /// class starts so, or is not there, if the class is the platform's.
    fn is_class(&self, function: &Object<'js>) -> rquickjs::Result<bool> {
        let prototype =
            rquickjs::Atom::from_predefined(self.ctx.clone(), PredefinedAtom::Prototype).to_value()?;
        let fixed = self
            .own(function, &prototype)?
            .is_some_and(|own| !own.writable && matches!(own.slot, Slot::Value(_)));
        if !fixed || !function.is_constructor() || self.builtins.class(function) != Some(Class::Function) {
            return Ok(false);
        }
        let source: Value<'js> = self.ask(Builtin::FunctionText, function)?;
        let source = wtf8::text_of(&source, MAX_NATIVE).unwrap_or_default();
        Ok(source.ends_with(NATIVE)
            || source
                .strip_prefix("class")
                .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')))
    }
}
