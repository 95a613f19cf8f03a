//! What CommonJS modules are loaded with: `node:internal/cjs`.

use super::super::{builtin, files, modules::file_of, shared::Shared};
use crate::files::resolve::{Format, Mode, ResolveError, Resolved};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
};
use rquickjs::{Ctx, Function, Object, context::EvalOptions, convert::List};

/// Defines the functions on `target`:
///
/// - `resolveRequired(importer, specifier)`: `[kind, name]` of what `require` means: `file`
///   and a path with its format (`json`, `module`, `commonjs` or `either`) as kind, or
///   `builtin` and a name.
/// - `readSource(path)`: the source text of a file, without types.
/// - `compileCommonJS(path, source)`: the function that a CommonJS module is, not called.
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let resolving = Rc::clone(shared);
    let resolve = move |ctx: Ctx<'js>, importer: String, specifier: String| {
        let found = resolve(&resolving, &importer, &specifier);
        found
            .map(List)
            .map_err(|ResolveError { code, message }| throw(&ctx, &resolving, "Error", &message, Some(code)))
    };
    target.set("resolveRequired", Function::new(ctx.clone(), resolve)?)?;
    let reading = Rc::clone(shared);
    let read = move |ctx: Ctx<'js>, path: String| {
        let format = reading.resolver.borrow_mut().format(&*reading, &path);
        let typescript = format.is_ok_and(|(_, typescript)| typescript);
        let source = files::source(&reading, &path, typescript);
        match source.map(String::from_utf8) {
            Ok(text) => Ok(text.unwrap_or_default()),
            Err(fault) => Err(fault.throw(&ctx, &reading)),
        }
    };
    target.set("readSource", Function::new(ctx.clone(), read)?)?;
    let compiling = Rc::clone(shared);
    let compile = move |ctx: Ctx<'js>, path: String, source: String| {
        // On the first line, so that all others are the file's.
        let wrapped = format!("(function (exports, require, module, __filename, __dirname) {{{source}\n}})");
        let padded = compiling.scripts.borrow_mut().add(&path, wrapped.as_bytes());
        let mut options = EvalOptions::default();
        options.strict = false;
        ctx.eval_with_options::<Function<'js>, _>(padded, options)
    };
    target.set("compileCommonJS", Function::new(ctx.clone(), compile)?)
}

fn resolve(shared: &Shared, importer: &str, specifier: &str) -> Result<(String, String), ResolveError> {
    let name = specifier.strip_prefix("node:").unwrap_or(specifier);
    if builtin::is_public(name) {
        return Ok(("builtin".to_string(), format!("node:{name}")));
    }
    let importer = file_of(importer);
    let found = shared.resolver.borrow_mut().resolve(shared, &importer, specifier, Mode::Require)?;
    Ok(match found {
        Resolved::File { path, format, .. } => {
            let kind = match format {
                Format::Json => "json",
                Format::Module => "module",
                Format::CommonJs => "commonjs",
                Format::Detect => "either",
            };
            (kind.to_string(), path)
        }
        Resolved::Builtin(name) => ("builtin".to_string(), name),
        Resolved::Url(url) => ("url".to_string(), url),
    })
}

fn throw(ctx: &Ctx<'_>, shared: &Shared, name: &str, message: &str, code: Option<&str>) -> rquickjs::Error {
    match shared.intrinsics() {
        Ok(intrinsics) => intrinsics.throw_foreign(ctx, name, message, code),
        Err(error) => error,
    }
}
