//! From a specifier to a file: Node.js' resolution of modules.
//!
//! It is the algorithm of `https://nodejs.org/api/esm.html#resolution-algorithm-specification`,
//! made lenient for sources that a bundler or TypeScript would take: extensions may
//! be left out, `./x.js` finds `x.ts`, and a folder has a main file. `require`
//! has other conditions and says other errors, and finds the same files.

mod error;
mod json;
mod package;
mod specifier;
mod targets;
mod tree;

pub use error::ResolveError;
pub use tree::Tree;

use super::Kind;
use alloc::{format, string::String, vec::Vec};
use package::{Package, Packages, folders};
use specifier::{Wanted, join, package_name, scheme, wanted};
use targets::{Lookup, Target};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `import`, whose specifiers are URLs.
    Import,
    /// `require`, whose specifiers are paths.
    Require,
}

impl Mode {
    const fn conditions(self) -> &'static [&'static str] {
        match self {
            Self::Import => &["node", "import", "module", "module-sync"],
            Self::Require => &["node", "require", "module-sync"],
        }
    }
}

/// How the source of a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A module.
    Module,
    /// A CommonJS module.
    CommonJs,
    /// One of both, by its syntax: nothing else says it.
    Detect,
    /// JSON.
    Json,
}

/// What a specifier stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A file.
    File {
        /// Its path, without links.
        path: String,
        /// Query and fragment of the specifier: part of the module's identity.
        suffix: String,
        /// How it is to be read.
        format: Format,
        /// Whether it has types to be stripped.
        typescript: bool,
    },
    /// A module of the runtime, as it was named: with `node:` or without.
    Builtin(String),
    /// A URL of another scheme.
    Url(String),
}

/// Resolves specifiers, and keeps what it read of packages.
#[derive(Debug)]
pub struct Resolver {
    packages: Packages,
    is_builtin: fn(&str) -> bool,
}

/// Extensions that may be left out, in the order in which they are tried.
const EXTENSIONS: [&str; 7] = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json"];

/// How much of the leniency a path is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    /// All of it.
    Full,
    /// The file of another extension only: packages say what they export.
    Exact,
}

/// A question: what it is asked about, and who asks it.
struct Query<'a, T> {
    tree: &'a T,
    importer: &'a str,
    mode: Mode,
}

impl Resolver {
    /// A resolver for a runtime with these modules of its own, by their names
    /// without `node:`.
    #[must_use]
    pub fn new(is_builtin: fn(&str) -> bool) -> Self {
        Self { packages: Packages::default(), is_builtin }
    }

    /// What a specifier in a file stands for. The importer is an absolute path without
    /// links, which need not be there: only its folder counts.
    ///
    /// # Errors
    /// Node.js' errors, `ERR_MODULE_NOT_FOUND` and its like.
    pub fn resolve<T: Tree>(
        &mut self,
        tree: &T,
        importer: &str,
        specifier: &str,
        mode: Mode,
    ) -> Result<Resolved, ResolveError> {
        let query = Query { tree, importer, mode };
        match wanted(specifier, importer, mode == Mode::Import)? {
            Wanted::Path(path, suffix) => {
                let found = self.find(&query, &path, Search::Full)?;
                self.finish(&query, found.ok_or_else(|| query.missing(specifier, &path))?, suffix)
            }
            Wanted::Bare(name) => self.package(&query, name),
            Wanted::Internal(name) => self.internal(&query, name),
            Wanted::Url(url) => Ok(match url.strip_prefix("node:") {
                Some(name) if (self.is_builtin)(name) => Resolved::Builtin(url.into()),
                _ => Resolved::Url(url.into()),
            }),
        }
    }

    /// How a file is to be read: by its extension, else by its package's `type`.
    /// The path is absolute and without links.
    ///
    /// # Errors
    /// `ERR_INVALID_PACKAGE_CONFIG`.
    pub fn format<T: Tree>(&mut self, tree: &T, path: &str) -> Result<(Format, bool), ResolveError> {
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let typescript = matches!(extension, "ts" | "mts" | "cts");
        let format = match extension {
            "mjs" | "mts" => Format::Module,
            "cjs" | "cts" => Format::CommonJs,
            "json" => Format::Json,
            _ => match self.packages.scope(tree, path, path)?.and_then(|(_, package)| package.is_module) {
                Some(true) => Format::Module,
                Some(false) => Format::CommonJs,
                None => Format::Detect,
            },
        };
        Ok((format, typescript))
    }

    fn finish<T: Tree>(
        &mut self,
        query: &Query<'_, T>,
        path: String,
        suffix: &str,
    ) -> Result<Resolved, ResolveError> {
        let path = query.tree.real_path(&path).unwrap_or(path);
        let (format, typescript) = self.format(query.tree, &path)?;
        Ok(Resolved::File { path, suffix: suffix.into(), format, typescript })
    }

    /// `PACKAGE_RESOLVE`.
    fn package<T: Tree>(&mut self, query: &Query<'_, T>, specifier: &str) -> Result<Resolved, ResolveError> {
        if (self.is_builtin)(specifier) {
            return Ok(Resolved::Builtin(specifier.into()));
        }
        let (name, subpath) = package_name(specifier, query.importer)?;
        if let Some((folder, own)) = self.packages.scope(query.tree, query.importer, query.importer)?
            && own.name.as_deref() == Some(name)
            && own.exports.is_some()
        {
            return self.exported(query, &folder, &own, specifier, &subpath);
        }
        for above in folders(query.importer) {
            // No package has its packages in a folder of packages.
            if above.ends_with("/node_modules") {
                continue;
            }
            let folder = format!("{above}/node_modules/{name}");
            let path = join("/", &format!("{folder}/{subpath}"));
            if query.tree.kind(&folder) == Some(Kind::Directory) {
                if let Some(package) = self.packages.read(query.tree, &folder, query.importer)?
                    && package.exports.is_some()
                {
                    return self.exported(query, &folder, &package, specifier, &subpath);
                }
                match self.find(query, path.trim_end_matches('/'), Search::Full)? {
                    Some(found) => return self.finish(query, found, ""),
                    // `require` looks further, `import` does not.
                    None if query.mode == Mode::Require => {}
                    None => return Err(query.missing(specifier, path.trim_end_matches('/'))),
                }
            } else if subpath == "."
                && let Some(found) = self.find(query, &folder, Search::Full)?
            {
                return self.finish(query, found, "");
            }
        }
        Err(match query.mode {
            Mode::Import => ResolveError::package_not_found(name, query.importer),
            Mode::Require => ResolveError::not_required(specifier, query.importer),
        })
    }

    fn exported<T: Tree>(
        &mut self,
        query: &Query<'_, T>,
        folder: &str,
        package: &Package,
        specifier: &str,
        subpath: &str,
    ) -> Result<Resolved, ResolveError> {
        let lookup = query.lookup(folder, false);
        let exports = package.exports.as_ref().unwrap_or(&json::Json::Null);
        let path = lookup.exports(exports, subpath)?;
        self.exact(query, specifier, &path)
    }

    /// `PACKAGE_IMPORTS_RESOLVE`.
    fn internal<T: Tree>(&mut self, query: &Query<'_, T>, specifier: &str) -> Result<Resolved, ResolveError> {
        if specifier == "#" || specifier.starts_with("#/") {
            let reason = "is not a valid internal imports specifier name";
            return Err(ResolveError::specifier(specifier, reason, query.importer));
        }
        let scope = self.packages.scope(query.tree, query.importer, query.importer)?;
        let Some((folder, own)) = scope else {
            return Err(ResolveError::import_not_defined(specifier, None, query.importer));
        };
        let target = match &own.imports {
            Some(imports) => query.lookup(&folder, true).matching(imports, specifier)?,
            None => Target::Nothing,
        };
        match target {
            Target::Path(path) => self.exact(query, specifier, &path),
            Target::Package(name) if name.strip_prefix("node:").is_some_and(self.is_builtin) => {
                Ok(Resolved::Builtin(name))
            }
            Target::Package(name) => {
                // From the package's folder, whoever in it asks.
                let from = format!("{folder}/package.json");
                self.package(&Query { importer: &from, ..*query }, &name).map_err(|error| match error.code {
                    "ERR_MODULE_NOT_FOUND" => {
                        ResolveError { message: error.message.replace(&from, query.importer), ..error }
                    }
                    _ => error,
                })
            }
            Target::Nothing | Target::Null => {
                Err(ResolveError::import_not_defined(specifier, Some(&folder), query.importer))
            }
        }
    }

    fn exact<T: Tree>(
        &mut self,
        query: &Query<'_, T>,
        specifier: &str,
        path: &str,
    ) -> Result<Resolved, ResolveError> {
        let found = self.find(query, path, Search::Exact)?;
        let path = found.ok_or_else(|| query.missing(specifier, path))?;
        self.finish(query, path, "")
    }

    /// The file that a path stands for.
    fn find<T: Tree>(
        &mut self,
        query: &Query<'_, T>,
        path: &str,
        search: Search,
    ) -> Result<Option<String>, ResolveError> {
        let file = path.trim_end_matches('/');
        if file.len() == path.len()
            && let Some(found) = query.file(path, search)
        {
            return Ok(Some(found));
        }
        if search == Search::Exact || query.tree.kind(path) != Some(Kind::Directory) {
            return Ok(None);
        }
        if let Some(package) = self.packages.read(query.tree, file, query.importer)?
            && let Some(main) = &package.main
        {
            let main = join(&format!("{file}/"), main);
            let main = main.trim_end_matches('/');
            if let Some(found) = query.file(main, search).or_else(|| query.index(main)) {
                return Ok(Some(found));
            }
        }
        Ok(query.index(file))
    }
}

impl<T: Tree> Query<'_, T> {
    fn lookup<'a>(&'a self, folder: &'a str, is_import: bool) -> Lookup<'a> {
        Lookup { folder, importer: self.importer, conditions: self.mode.conditions(), is_import }
    }

    fn is_file(&self, path: &str) -> bool {
        self.tree.kind(path) == Some(Kind::File)
    }

    /// The file of a path: itself, the TypeScript that it is made of, or one with an
    /// extension.
    fn file(&self, path: &str, search: Search) -> Option<String> {
        if self.is_file(path) {
            return Some(path.into());
        }
        let mut others = Vec::new();
        for (end, other) in [(".js", ".ts"), (".mjs", ".mts"), (".cjs", ".cts")] {
            others.extend(path.strip_suffix(end).map(|stem| format!("{stem}{other}")));
        }
        if search == Search::Full {
            others.extend(EXTENSIONS.map(|extension| format!("{path}{extension}")));
        }
        others.into_iter().find(|path| self.is_file(path))
    }

    /// The main file of a folder that names none.
    fn index(&self, folder: &str) -> Option<String> {
        let mut files = EXTENSIONS.iter().map(|extension| format!("{folder}/index{extension}"));
        files.find(|path| self.is_file(path))
    }

    fn missing(&self, specifier: &str, path: &str) -> ResolveError {
        match self.mode {
            Mode::Require => ResolveError::not_required(specifier, self.importer),
            Mode::Import if self.tree.kind(path) == Some(Kind::Directory) => {
                ResolveError::directory(path, self.importer)
            }
            Mode::Import => ResolveError::module_not_found(path, self.importer),
        }
    }
}
