//! Whether an object has words of its own for `String(object)`.

use super::{Class, Inspector, Options, Shared, property::Chain};
use rquickjs::{Atom, Ctx, Object, Symbol, Value, atom::PredefinedAtom};

/// Whether guest code defined how the object is converted to a string, by `toString`
/// or `Symbol.toPrimitive`.
pub(in crate::engine) fn has_own_text<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> bool {
    let Some(object) = value.as_object() else { return false };
    let Some(inspector) = Inspector::new(ctx, shared, Options::default(), 0) else { return false };
    inspector.converts_itself(object).unwrap_or_else(|_| {
        ctx.catch();
        false
    })
}

impl<'js> Inspector<'_, 'js> {
    fn converts_itself(&self, object: &Object<'js>) -> rquickjs::Result<bool> {
        let Some(object) = self.behind_proxies(object)? else { return Ok(false) };
        let chain = Chain::of(&object);
        let to_string = Atom::from_predefined(self.ctx.clone(), PredefinedAtom::ToString).to_value()?;
        for key in [Symbol::to_primitive(self.ctx.clone()).into_value(), to_string] {
            let method = self.lookup(&chain, &key)?.and_then(super::Slot::value);
            if let Some(method) = method.as_ref().and_then(Value::as_object)
                && method.is_function()
                && !method.is_proxy()
                && self.is_written_in_javascript(method)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Also when the platform did so, whose source is not there.
    fn is_written_in_javascript(&self, function: &Object<'js>) -> bool {
        matches!(
            self.builtins.class(function),
            Some(Class::Function | Class::Generator | Class::Async | Class::AsyncGenerator)
        )
    }
}
