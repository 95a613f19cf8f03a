//! The guest's own modules, by what imports them.
//!
//! Those of the web platform are for each other alone, those of Node.js for guest code too,
//! with `node:` before their names or without. Each is bytecode, or made of native functions.

use super::{node, shared::Shared, web};
use crate::{
    node::{self as nodejs, NAMESPACE as NODE, is_internal},
    sys::bytecode,
    web::NAMESPACE as WEB,
};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
};
use core::fmt::Write as _;
use rquickjs::{Ctx, Error, Module, Object, module::Declared};

/// Whether a name has a namespace that is only the guest's own.
pub(super) fn is_own(name: &str) -> bool {
    name.split_once(':').is_some_and(|(namespace, _)| namespace == NODE || namespace == WEB)
}

/// The name of the module that `importer` means by a specifier, if it is one of these and
/// `importer` may have it.
pub(super) fn resolve(importer: &str, specifier: &str) -> Option<String> {
    if is_own(importer) && exists(specifier) {
        return Some(specifier.to_string());
    }
    let name = specifier.strip_prefix("node:").unwrap_or(specifier);
    is_public(name).then(|| format!("{NODE}:{name}"))
}

/// Whether guest code may import the module of Node.js of this name.
pub(super) fn is_public(name: &str) -> bool {
    !is_internal(name) && exists(&format!("{NODE}:{name}"))
}

fn exists(name: &str) -> bool {
    [web::NATIVE, nodejs::NATIVE].contains(&name) || bytecode::has(name)
}

/// Declares a module that [`resolve`] gave.
pub(super) fn load<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    name: &str,
) -> rquickjs::Result<Module<'js, Declared>> {
    match name {
        web::NATIVE => native_module(ctx, name, web::natives(ctx, shared)?),
        nodejs::NATIVE => native_module(ctx, name, node::natives(ctx, shared)?),
        _ => bytecode::load(ctx, name).unwrap_or(Err(Error::Unknown)),
    }
}

/// A module that exports functions. They are on its `import.meta`, which nobody else reaches.
fn native_module<'js>(
    ctx: &Ctx<'js>,
    name: &str,
    functions: Object<'js>,
) -> rquickjs::Result<Module<'js, Declared>> {
    let mut source = "const c = import.meta.natives;\n".to_string();
    for name in functions.keys::<String>() {
        let name = name?;
        // Writing to a string cannot fail.
        let _ = writeln!(source, "export const {name} = c.{name};");
    }
    let module = Module::declare(ctx.clone(), name, source)?;
    module.meta()?.set("natives", functions)?;
    Ok(module)
}
