//! `host:<name>` modules, synthesised from what the host configured.
//!
//! The native functions sit on `import.meta` of a generated module, which nobody
//! but that module can reach: no global refers to them, and no built-in that
//! guest code could have replaced takes part.

use super::{event_loop, host_call, shared::Shared};
use alloc::{format, rc::Rc, string::String};
use core::fmt::Write as _;
use hypercell_common::body::HostFunctions;
use rquickjs::{Ctx, Error, Function, Module, Object, Value, function::Rest, module::Declared};

/// Declares the module under its resolved name.
pub(super) fn declare<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    resolved: &str,
    functions: &HostFunctions,
) -> rquickjs::Result<Module<'js, Declared>> {
    let host = super::registry::specifier(resolved);
    let host = host.split_once(':').map_or(host, |(_, name)| name);
    let calls = self::functions(ctx, shared, host, functions)?;
    // Last, because a declared module stays, also when what follows fails.
    let module = Module::declare(ctx.clone(), resolved, source(functions)?)?;
    module.meta()?.set("calls", calls)?;
    Ok(module)
}

/// An object of the functions of the module `host`.
pub(super) fn functions<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    host: &str,
    functions: &HostFunctions,
) -> rquickjs::Result<Object<'js>> {
    let calls = Object::new_proto(ctx.clone(), None)?;
    for name in &functions.direct {
        let target = format!("{host}\0{name}");
        let shared = Rc::clone(shared);
        let call = move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
            host_call::call(&ctx, &shared, &target, arguments.into_inner())
        };
        calls.set(name.as_str(), Function::new(ctx.clone(), call)?.with_name(name)?)?;
    }
    for name in &functions.promised {
        let target = format!("{host}\0{name}");
        let shared = Rc::clone(shared);
        let call = move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
            event_loop::start_call(&ctx, &shared, &target, arguments.into_inner()).map(|(promise, _)| promise)
        };
        calls.set(name.as_str(), Function::new(ctx.clone(), call)?.with_name(name)?)?;
    }
    Ok(calls)
}

/// ```js
/// const c = import.meta.calls;
/// const f0 = c["add"];
/// export { f0 as "add" };
/// export default c;
/// ```
fn source(functions: &HostFunctions) -> rquickjs::Result<String> {
    let mut source = String::from("const c = import.meta.calls;\n");
    for (index, name) in functions.all().enumerate() {
        // A JSON string is a string literal of JavaScript as well.
        let name = serde_json::to_string(name).map_err(|_| Error::Unknown)?;
        // Writing to a string cannot fail.
        let _ = writeln!(source, "const f{index} = c[{name}];\nexport {{ f{index} as {name} }};");
    }
    if !functions.all().any(|name| name == "default") {
        source.push_str("export default c;\n");
    }
    Ok(source)
}
