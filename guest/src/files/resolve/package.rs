//! `package.json` files, which are read once.

use super::{ResolveError, Tree, json::Json};
use alloc::{collections::BTreeMap, format, rc::Rc, string::String};

/// How many are kept.
const KEPT: usize = 1024;

/// What resolution needs of a `package.json`.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) name: Option<String>,
    pub(super) main: Option<String>,
    /// None for null too: then it has no say.
    pub(super) exports: Option<Json>,
    pub(super) imports: Option<Json>,
    /// Whether files are modules; none if the field is missing or unknown.
    pub(super) is_module: Option<bool>,
}

impl Package {
    fn parse(text: &[u8]) -> Option<Self> {
        let json = Json::parse(text).filter(|json| matches!(json, Json::Object(_)))?;
        let text = |name| json.get(name).and_then(Json::text).map(String::from);
        let field = |name| json.get(name).filter(|value| **value != Json::Null).cloned();
        Some(Self {
            name: text("name"),
            main: text("main"),
            exports: field("exports"),
            imports: field("imports").filter(|imports| matches!(imports, Json::Object(_))),
            is_module: match json.get("type").and_then(Json::text) {
                Some("module") => Some(true),
                Some("commonjs") => Some(false),
                _ => None,
            },
        })
    }
}

/// Those that were read, by their paths, with the version that the file had.
#[derive(Debug, Default)]
pub(super) struct Packages(BTreeMap<String, ((u64, u64), Rc<Package>)>);

impl Packages {
    /// The package whose folder this is, if it has a `package.json`.
    pub(super) fn read(
        &mut self,
        tree: &impl Tree,
        folder: &str,
        importer: &str,
    ) -> Result<Option<Rc<Package>>, ResolveError> {
        let path = format!("{folder}/package.json");
        let version = tree.version(&path);
        if let Some(version) = version
            && let Some((read, package)) = self.0.get(&path)
            && *read == version
        {
            return Ok(Some(package.clone()));
        }
        let Some(text) = tree.read(&path) else { return Ok(None) };
        let package = Package::parse(&text).ok_or_else(|| ResolveError::config(&path, importer, ""))?;
        let package = Rc::new(package);
        if let Some(version) = version {
            if self.0.len() >= KEPT {
                self.0.clear();
            }
            self.0.insert(path, (version, package.clone()));
        }
        Ok(Some(package))
    }

    /// `LOOKUP_PACKAGE_SCOPE`: the package that a file belongs to, and its folder.
    pub(super) fn scope(
        &mut self,
        tree: &impl Tree,
        path: &str,
        importer: &str,
    ) -> Result<Option<(String, Rc<Package>)>, ResolveError> {
        for folder in folders(path) {
            // What lies beside packages belongs to none.
            if folder.ends_with("/node_modules") {
                return Ok(None);
            }
            if let Some(package) = self.read(tree, folder, importer)? {
                return Ok(Some((folder.into(), package)));
            }
        }
        Ok(None)
    }
}

/// The folders that a path is in, the innermost first; the root is the empty text.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    core::iter::from_fn(move || {
        rest = rest.get(..rest.rfind('/')?)?;
        Some(rest)
    })
}
