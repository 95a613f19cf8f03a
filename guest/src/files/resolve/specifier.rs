//! Specifiers and their parts.

use super::ResolveError;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use percent_encoding::percent_decode_str;

/// What a specifier asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// An absolute path, and a query and fragment.
    Path(String, &'a str),
    /// A package.
    Bare(&'a str),
    /// An entry of the own package's `imports`.
    Internal(&'a str),
    /// A URL of another scheme than `file`.
    Url(&'a str),
}

/// Sorts a specifier. Those of `import` are URLs: escapes count, and a query and
/// fragment are no part of the path.
pub(super) fn wanted<'a>(
    specifier: &'a str,
    importer: &str,
    is_url: bool,
) -> Result<Wanted<'a>, ResolveError> {
    let is_relative =
        matches!(specifier, "." | "..") || specifier.starts_with("./") || specifier.starts_with("../");
    if is_relative || specifier.starts_with('/') {
        if !is_url {
            return Ok(Wanted::Path(join(importer, specifier), ""));
        }
        let (path, suffix) = specifier.split_at(specifier.find(['?', '#']).unwrap_or(specifier.len()));
        return Ok(Wanted::Path(join(importer, &decoded(path, specifier, importer)?), suffix));
    }
    if specifier.starts_with('#') {
        return Ok(Wanted::Internal(specifier));
    }
    match scheme(specifier) {
        Some("file") => {
            let (address, suffix) = specifier.split_at(specifier.find(['?', '#']).unwrap_or(specifier.len()));
            let url = url::Url::parse(address).ok().filter(|url| url.host_str().is_none());
            let url = url.ok_or_else(ResolveError::file_url_host)?;
            Ok(Wanted::Path(decoded(url.path(), specifier, importer)?, suffix))
        }
        Some(_) => Ok(Wanted::Url(specifier)),
        None => Ok(Wanted::Bare(specifier)),
    }
}

/// The scheme of a URL.
pub(super) fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}

fn decoded(path: &str, specifier: &str, importer: &str) -> Result<String, ResolveError> {
    let lower = path.to_ascii_lowercase();
    if lower.contains("%2f") || lower.contains("%5c") {
        let reason = "must not include encoded \"/\" or \"\\\" characters";
        return Err(ResolveError::specifier(&join(importer, path), reason, importer));
    }
    let text = percent_decode_str(path).decode_utf8();
    text.map(|text| text.to_string())
        .map_err(|_| ResolveError::specifier(specifier, "is no UTF-8 behind its escapes", importer))
}

/// A path from the folder of another one, with dots taken out as in a URL.
pub(super) fn join(file: &str, path: &str) -> String {
    let folder =
        if path.starts_with('/') { "" } else { file.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let mut names: Vec<&str> = Vec::new();
    let is_folder = path.ends_with('/') || matches!(path.rsplit('/').next(), Some("." | ".."));
    for name in folder.split('/').chain(path.split('/')) {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            _ => names.push(name),
        }
    }
    let slash = if is_folder && !names.is_empty() { "/" } else { "" };
    format!("/{}{slash}", names.join("/"))
}

/// The name of a package and the subpath, `.` or `./sub`.
pub(super) fn package_name<'a>(
    specifier: &'a str,
    importer: &str,
) -> Result<(&'a str, String), ResolveError> {
    let first = specifier.find('/');
    let end = match first {
        Some(first) if specifier.starts_with('@') => {
            specifier.get(first + 1..).and_then(|rest| rest.find('/')).map(|second| first + 1 + second)
        }
        first => first,
    };
    let name = specifier.get(..end.unwrap_or(specifier.len())).unwrap_or_default();
    let has_scope = !name.starts_with('@') || first.is_some();
    if name.is_empty() || name.starts_with('.') || name.contains(['\\', '%']) || !has_scope {
        return Err(ResolveError::specifier(specifier, "is not a valid package name", importer));
    }
    Ok((name, format!(".{}", specifier.get(name.len()..).unwrap_or_default())))
}
