//! Native functions of the modules of Node.js: see [`crate::node`].

mod commonjs;
mod files;
mod process;
mod util;

use super::{builtin, shared::Shared};
use alloc::{rc::Rc, string::String};
use rquickjs::{Ctx, Error, Module, Object, Persistent};

/// Module that is evaluated with the realm: it defines global names, and loads the rest when
/// guest code asks for it.
const GLOBALS: &str = "node:internal/globals";

/// Defines the global names.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let module = builtin::load(ctx, shared, GLOBALS)?;
    module.eval().and_then(|(_, promise)| promise.result::<()>().unwrap_or(Err(Error::Unknown)))
}

/// The native functions that modules import from `node:native`.
pub(super) fn natives<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let functions = Object::new_proto(ctx.clone(), None)?;
    commonjs::install(&functions, shared)?;
    files::install(&functions, shared)?;
    process::install(&functions, shared)?;
    util::install(&functions, shared)?;
    Ok(functions)
}

/// The namespace of a module of the guest's own, loaded now if nobody imported it before.
pub(super) fn require<'js>(ctx: &Ctx<'js>, shared: &Shared, name: &str) -> rquickjs::Result<Object<'js>> {
    let known = shared.required.borrow().get(name).cloned();
    if let Some(known) = known {
        return known.restore(ctx);
    }
    let wrapper = alloc::format!("node:internal/require/{name}");
    let source = alloc::format!("export * as all from \"{name}\";");
    let (module, promise) = Module::declare(ctx.clone(), wrapper, source)?.eval()?;
    if let Some(Err(error)) = promise.result::<()>() {
        return Err(error);
    }
    let namespace: Object<'js> = module.namespace()?.get("all")?;
    let kept = Persistent::save(ctx, namespace.clone());
    shared.required.borrow_mut().insert(String::from(name), kept);
    Ok(namespace)
}
