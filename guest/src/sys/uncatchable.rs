//! Exceptions that no `catch` and no `finally` sees.
#![expect(unsafe_code, reason = "rquickjs has no way to mark an error")]

use rquickjs::{Ctx, Error, Exception, qjs};

/// Throws an error that ends all JavaScript that runs.
pub(crate) fn throw(ctx: &Ctx<'_>, message: &str) -> Error {
    match Exception::from_message(ctx.clone(), message) {
        Ok(exception) => {
            // SAFETY: the context and the error are alive and of one realm.
            unsafe { qjs::JS_SetUncatchableError(ctx.as_raw().as_ptr(), exception.as_value().as_raw()) };
            ctx.throw(exception.into_value())
        }
        Err(error) => error,
    }
}
