//! The web platform's modules in the realm: see [`crate::web`].

mod fetch;
mod hooks;
mod native;
mod values;

pub(super) use hooks::Hooks;

use super::{error, shared::Shared, url_class::UrlClass};
use crate::{
    sys::bytecode,
    web::{MAIN, NAMESPACE, NATIVE},
};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
};
use core::fmt::Write as _;
use rquickjs::{Ctx, Error, Module, Object, module::Declared, promise::PromiseState};

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
    shared.registry.open_web(true);
    let evaluated = load(ctx, shared, MAIN).and_then(Module::eval);
    // From here on nobody imports them.
    shared.registry.open_web(false);
    let (main, promise) = evaluated?;
    match promise.state() {
        PromiseState::Resolved => main.namespace(),
        PromiseState::Rejected => Err(promise.result::<()>().and_then(Result::err).unwrap_or(Error::Unknown)),
        PromiseState::Pending => Err(Error::Unknown),
    }
}

/// Declares a module of the web platform.
pub(super) fn load<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    name: &str,
) -> rquickjs::Result<Module<'js, Declared>> {
    if name == NATIVE {
        return native_module(ctx, shared);
    }
    bytecode::load(ctx, name).unwrap_or(Err(Error::Unknown))
}

/// Whether a module is one of the web platform's.
pub(super) fn is_known(specifier: &str) -> bool {
    specifier.split_once(':').is_some_and(|(namespace, _)| namespace == NAMESPACE)
        && (specifier == NATIVE || bytecode::has(specifier))
}

/// A module that exports the native functions.
fn native_module<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Module<'js, Declared>> {
    let functions = Object::new_proto(ctx.clone(), None)?;
    native::install(&functions, shared)?;
    fetch::install(&functions, shared)?;
    values::install(&functions, shared)?;
    let mut source = "const c = import.meta.natives;\n".to_string();
    for name in functions.keys::<String>() {
        let name = name?;
        // Writing to a string cannot fail.
        let _ = writeln!(source, "export const {name} = c.{name};");
    }
    let module = Module::declare(ctx.clone(), NATIVE, source)?;
    module.meta()?.set("natives", functions)?;
    Ok(module)
}
