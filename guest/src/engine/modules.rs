//! Modules by their resolved names: those that the host registered, and files.

use super::{
    files::{self, Unreadable},
    intrinsics::ErrorClass,
    node,
    registry::{self, HANDLER, HOST},
    shared::Shared,
};
use crate::files::resolve::{Format, Mode, ResolveError, Resolved};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt::Write as _;
use rquickjs::{Ctx, Error, Function, Module, Object, Value, module::Declared};

/// Folder of modules that are no files.
const FOLDER: &str = "/src";

/// What becomes a module.
pub(super) enum Source<'js> {
    /// Text, which may be that of a file.
    Text(Vec<u8>, bool),
    /// Values, by the names of exports.
    Values(Vec<(String, Value<'js>)>),
}

/// The resolved name of a file that a specifier leads to; `None` when it leads to nothing, or
/// the sandbox has no files.
///
/// # Errors
/// What the resolution refuses otherwise.
pub(super) fn resolve(
    ctx: &Ctx<'_>,
    shared: &Shared,
    importer: &str,
    specifier: &str,
) -> rquickjs::Result<Option<String>> {
    if !shared.disk.is_there()
        || specifier.is_empty()
        || specifier.split_once(':').is_some_and(|(scheme, _)| scheme == HOST)
    {
        return Ok(None);
    }
    let importer = file_of(importer);
    let found = shared.resolver.borrow_mut().resolve(shared, &importer, specifier, Mode::Import);
    match found {
        Ok(Resolved::File { path, suffix, .. }) => Ok(Some(format!("{path}{suffix}"))),
        Ok(Resolved::Builtin(_) | Resolved::Url(_)) => Ok(None),
        Err(ResolveError { code: "ERR_MODULE_NOT_FOUND", .. }) => Ok(None),
        Err(ResolveError { code, message }) => {
            Err(shared.intrinsics()?.throw_foreign(ctx, "Error", &message, Some(code)))
        }
    }
}

/// The file as which a module counts for what it imports.
pub(super) fn file_of(name: &str) -> String {
    let name = registry::specifier(name);
    if name.starts_with('/') {
        return name.to_string();
    }
    let name = match name.split_once(':') {
        Some((HANDLER, key)) => key,
        _ => name,
    };
    let name: String = name.chars().map(|c| if matches!(c, '/' | ':' | '\0') { '_' } else { c }).collect();
    format!("{FOLDER}/{name}")
}

/// What is behind a resolved name.
///
/// # Errors
/// When a file cannot be read, or has no source text that could be compiled.
pub(super) fn read<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    resolved: &str,
) -> rquickjs::Result<Source<'js>> {
    if !resolved.starts_with('/') {
        let source = shared.registry.source(resolved).ok_or(Error::Unknown)?;
        return Ok(Source::Text(source, false));
    }
    let path = path_of(resolved);
    let refuse = |fault: Unreadable| fault.throw(ctx, shared);
    let format = shared.resolver.borrow_mut().format(&**shared, path);
    let (format, typescript) =
        format.map_err(|ResolveError { code, message }| match shared.intrinsics() {
            Ok(intrinsics) => intrinsics.throw_foreign(ctx, "Error", &message, Some(code)),
            Err(error) => error,
        })?;
    match format {
        Format::Module => Ok(Source::Text(files::source(shared, path, typescript).map_err(refuse)?, true)),
        Format::Json => {
            let text = files::source(shared, path, false).map_err(refuse)?;
            let value = ctx.json_parse(text).map_err(|error| named(ctx, shared, error, path))?;
            Ok(Source::Values(alloc::vec![("default".to_string(), value)]))
        }
        Format::CommonJs | Format::Detect => {
            let text = files::source(shared, path, typescript).map_err(refuse)?;
            if format == Format::Detect && has_module_syntax(&text) {
                return Ok(Source::Text(text, true));
            }
            common_js(ctx, shared, path).map(Source::Values)
        }
    }
}

/// Whether a resolved name is that of a file of JSON.
pub(super) fn is_json(resolved: &str) -> bool {
    resolved.starts_with('/') && path_of(resolved).ends_with(".json")
}

/// A file's path, without query and fragment.
fn path_of(resolved: &str) -> &str {
    let path = registry::specifier(resolved);
    path.find(['?', '#']).and_then(|end| path.get(..end)).unwrap_or(path)
}

/// A parse error of JSON with the file's name.
fn named(ctx: &Ctx<'_>, shared: &Shared, error: Error, path: &str) -> Error {
    let thrown = super::error::caught(ctx, shared, error);
    match shared.intrinsics() {
        Ok(intrinsics) => intrinsics.throw(ctx, ErrorClass::Syntax, &format!("{path}: {}", thrown.message)),
        Err(error) => error,
    }
}

/// Whether a source that could be either is an ES module: a line begins with `import` or
/// `export`. A file in which no line does is one as well unless it uses `require`, `module` or
/// `exports`, as most sources here are modules.
fn has_module_syntax(source: &[u8]) -> bool {
    let text = core::str::from_utf8(source).unwrap_or_default();
    let is_module = text.lines().map(str::trim_start).any(|line| {
        ["import", "export"].iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with([' ', '{', '*', '"', '\'', '.']) || rest.is_empty())
        })
    });
    let words = ["require(", "module.exports", "exports."];
    is_module || !words.iter().any(|word| text.contains(word))
}

/// Runs a CommonJS module, unless it ran before, and gives its exports.
fn common_js<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    path: &str,
) -> rquickjs::Result<Vec<(String, Value<'js>)>> {
    let load: Function<'js> = node::require(ctx, shared, "node:internal/cjs")?.get("load")?;
    let exports: Value<'js> = load.call((path,))?;
    let mut values = Vec::new();
    if let Some(object) = exports.as_object() {
        for name in object.keys::<String>() {
            let name = name?;
            if name != "default" {
                let value = object.get(name.as_str())?;
                values.push((name, value));
            }
        }
    }
    values.push(("default".to_string(), exports));
    Ok(values)
}

impl<'js> Source<'js> {
    /// Declares the module.
    pub(super) fn declare(self, ctx: &Ctx<'js>, resolved: &str) -> rquickjs::Result<Module<'js, Declared>> {
        match self {
            Self::Text(text, is_file) => {
                let module = Module::declare(ctx.clone(), resolved, text)?;
                if is_file {
                    files::describe(&module, path_of(resolved))?;
                }
                Ok(module)
            }
            Self::Values(values) => of_values(ctx, resolved, values),
        }
    }
}

/// A module that exports values. They are on its `import.meta` until it runs.
fn of_values<'js>(
    ctx: &Ctx<'js>,
    resolved: &str,
    values: Vec<(String, Value<'js>)>,
) -> rquickjs::Result<Module<'js, Declared>> {
    let holder = Object::new_proto(ctx.clone(), None)?;
    let mut source = "const c = import.meta.values;\ndelete import.meta.values;\n".to_string();
    for (index, (name, value)) in values.into_iter().enumerate() {
        // A JSON string is a string literal of JavaScript as well.
        let quoted = serde_json::to_string(&name).map_err(|_| Error::Unknown)?;
        // Writing to a string cannot fail.
        let _ = writeln!(source, "const v{index} = c.v{index};\nexport {{ v{index} as {quoted} }};");
        holder.set(format!("v{index}"), value)?;
    }
    let module = Module::declare(ctx.clone(), resolved, source)?;
    module.meta()?.set("values", holder)?;
    Ok(module)
}
