//! What the engine calls in the web platform: the exports of `main.js`.

use super::super::shared::Shared;
use rquickjs::{Ctx, Error, Function, Object, Persistent, Value};

/// Functions of the web platform.
pub(in super::super) struct Hooks {
    /// `(message, name)` to a `DOMException`.
    dom_exception: Persistent<Function<'static>>,
}

impl Hooks {
    /// Takes them from the exports of `main.js`.
    pub(super) fn take<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<Self> {
        let hook = |name: &str| -> rquickjs::Result<_> {
            Ok(Persistent::save(ctx, exports.get::<_, Function<'js>>(name)?))
        };
        Ok(Self { dom_exception: hook("createDOMException")? })
    }
}

impl Shared {
    /// Throws a `DOMException` (Web IDL 2.8.1).
    pub(in super::super) fn throw_dom_exception(&self, ctx: &Ctx<'_>, name: &str, message: &str) -> Error {
        match self.dom_exception(ctx, name, message) {
            Ok(exception) => ctx.throw(exception),
            Err(error) => error,
        }
    }

    fn dom_exception<'js>(&self, ctx: &Ctx<'js>, name: &str, message: &str) -> rquickjs::Result<Value<'js>> {
        let hooks = self.hooks.borrow().clone().ok_or(Error::Unknown)?;
        hooks.dom_exception.clone().restore(ctx)?.call((message, name))
    }
}

impl core::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
