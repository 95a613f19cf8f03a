//! What the engine calls in the web platform: the exports of `main.js`.

use super::super::shared::Shared;
use rquickjs::{Ctx, Error, FromJs, Function, Object, Persistent, Value, function::IntoArgs};

type Hook = Persistent<Function<'static>>;

/// Functions of the web platform.
pub(in super::super) struct Hooks {
    /// `(message, name)` to a `DOMException`.
    dom_exception: Hook,
    /// `(error)` to whether guest code handled an exception.
    pub(in super::super) report_error: Hook,
    /// `(promise, reason)` to whether guest code handled a rejection.
    pub(in super::super) report_rejection: Hook,
    /// `(promise, reason)`: a rejection was handled after guest code was told of it.
    pub(in super::super) rejection_handled: Hook,
}

impl Hooks {
    /// Takes them from the exports of `main.js`.
    pub(super) fn take<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<Self> {
        let hook = |name: &str| -> rquickjs::Result<_> {
            Ok(Persistent::save(ctx, exports.get::<_, Function<'js>>(name)?))
        };
        Ok(Self {
            dom_exception: hook("createDOMException")?,
            report_error: hook("reportError")?,
            report_rejection: hook("reportRejection")?,
            rejection_handled: hook("rejectionHandled")?,
        })
    }
}

impl Shared {
    /// Throws a `DOMException` (Web IDL 2.8.1).
    pub(in super::super) fn throw_dom_exception(&self, ctx: &Ctx<'_>, name: &str, message: &str) -> Error {
        match self.call_hook::<Value<'_>>(ctx, |hooks| &hooks.dom_exception, (message, name)) {
            Ok(exception) => ctx.throw(exception),
            Err(error) => error,
        }
    }

    /// Calls a function of the web platform.
    pub(in super::super) fn call_hook<'js, R: FromJs<'js>>(
        &self,
        ctx: &Ctx<'js>,
        hook: fn(&Hooks) -> &Hook,
        arguments: impl IntoArgs<'js>,
    ) -> rquickjs::Result<R> {
        let hooks = self.hooks.borrow().clone().ok_or(Error::Unknown)?;
        hook(&hooks).clone().restore(ctx)?.call(arguments)
    }
}

impl core::fmt::Debug for Hooks {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
