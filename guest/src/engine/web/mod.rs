//! The web platform's modules in the realm: see [`crate::web`].

mod fetch;
mod hooks;
pub(super) mod native;
mod values;

pub(super) use hooks::Hooks;

pub(super) use crate::web::NATIVE;

use super::{builtin, error, shared::Shared, url_class::UrlClass};
use crate::web::MAIN;
use alloc::{format, rc::Rc, string::String};
use rquickjs::{Ctx, Error, Module, Object, promise::PromiseState};

/// Evaluates the modules.
///
/// # Errors
/// A sentence. They are the same in each realm, so only memory can be missing.
pub(super) fn install(ctx: &Ctx<'_>, shared: &Rc<Shared>) -> Result<(), String> {
    let installed = evaluate(ctx, shared)
        .and_then(|exports| Ok((Hooks::take(ctx, &exports)?, UrlClass::take(ctx, &exports)?)));
    let (hooks, url) = installed.map_err(|error| {
        let thrown = error::caught(ctx, shared, error);
        format!("the web platform: {}: {}\n{}", thrown.name, thrown.message, thrown.stack)
    })?;
    shared.hooks.replace(Some(Rc::new(hooks)));
    shared.url.replace(Some(Rc::new(url)));
    Ok(())
}

/// The exports of the main module.
fn evaluate<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let (main, promise) = builtin::load(ctx, shared, MAIN).and_then(Module::eval)?;
    match promise.state() {
        PromiseState::Resolved => main.namespace(),
        PromiseState::Rejected => Err(promise.result::<()>().and_then(Result::err).unwrap_or(Error::Unknown)),
        PromiseState::Pending => Err(Error::Unknown),
    }
}

/// The native functions that modules import from [`NATIVE`].
pub(super) fn natives<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let functions = Object::new_proto(ctx.clone(), None)?;
    native::install(&functions, shared)?;
    fetch::install(&functions, shared)?;
    values::install(&functions, shared)?;
    Ok(functions)
}
