//! The fields `exports` and `imports` of a `package.json`.

use super::{ResolveError, json::Json};
use alloc::{
    format,
    string::{String, ToString},
};
use core::cmp::Reverse;

/// What a field leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// No condition holds.
    Nothing,
    /// The package says that there is nothing.
    Null,
    /// A path below the package's folder, which is part of it.
    Path(String),
    /// Another package, of `imports` only.
    Package(String),
}

/// One look into a package's field.
pub(super) struct Lookup<'a> {
    pub(super) folder: &'a str,
    pub(super) importer: &'a str,
    pub(super) conditions: &'a [&'a str],
    pub(super) is_import: bool,
}

impl Lookup<'_> {
    /// `PACKAGE_EXPORTS_RESOLVE`: the path that a subpath, `.` or `./sub`, stands for.
    pub(super) fn exports(&self, exports: &Json, subpath: &str) -> Result<String, ResolveError> {
        let dots = match exports {
            Json::Object(members) => {
                let dots = members.iter().filter(|(key, _)| key.starts_with('.')).count();
                if dots != 0 && dots != members.len() {
                    let config = format!("{}/package.json", self.folder);
                    let reason = "\"exports\" cannot contain some keys starting with '.' and some not. The \
                                  exports object must either be an object of package subpath keys or an \
                                  object of main entry condition name keys only.";
                    return Err(ResolveError::config(&config, self.importer, reason));
                }
                dots != 0
            }
            _ => false,
        };
        let target = if dots {
            self.matching(exports, subpath)?
        } else if subpath == "." {
            self.target(exports, ".", None)?
        } else {
            Target::Nothing
        };
        match target {
            Target::Path(path) => Ok(path),
            _ => Err(ResolveError::not_exported(self.folder, subpath, self.importer)),
        }
    }

    /// `PACKAGE_IMPORTS_EXPORTS_RESOLVE`: an exact key, or the most specific pattern.
    pub(super) fn matching(&self, object: &Json, wanted: &str) -> Result<Target, ResolveError> {
        if !wanted.contains('*')
            && !wanted.ends_with('/')
            && let Some(target) = object.get(wanted)
        {
            return self.target(target, wanted, None);
        }
        let Json::Object(members) = object else { return Ok(Target::Nothing) };
        let matches = members.iter().filter_map(|(key, target)| {
            let (base, trailer) = key.split_once('*')?;
            let middle = wanted.strip_prefix(base).filter(|middle| !middle.is_empty())?;
            let is_match = !trailer.contains('*') && wanted.len() >= key.len() && middle.ends_with(trailer);
            let middle = middle.strip_suffix(trailer)?;
            is_match.then_some((base.len(), key, middle, target))
        });
        // The longest base first, of those the longest key.
        let best = matches.min_by_key(|(base, key, ..)| (Reverse(*base), Reverse(key.len())));
        best.map_or(Ok(Target::Nothing), |(_, key, middle, target)| self.target(target, key, Some(middle)))
    }

    /// `PACKAGE_TARGET_RESOLVE`. As deep as the JSON is, which has a bound.
    fn target(&self, target: &Json, key: &str, middle: Option<&str>) -> Result<Target, ResolveError> {
        match target {
            Json::Null => Ok(Target::Null),
            Json::Text(text) => self.path(target, text, key, middle),
            Json::Object(members) => {
                if members.iter().any(|(name, _)| is_index(name)) {
                    let config = format!("{}/package.json", self.folder);
                    let reason = "\"exports\" cannot contain numeric property keys.";
                    return Err(ResolveError::config(&config, self.importer, reason));
                }
                for (name, value) in members {
                    if name == "default" || self.conditions.contains(&name.as_str()) {
                        match self.target(value, key, middle)? {
                            Target::Nothing => {}
                            found => return Ok(found),
                        }
                    }
                }
                Ok(Target::Nothing)
            }
            Json::List(list) => {
                let mut last = Ok(if list.is_empty() { Target::Null } else { Target::Nothing });
                for item in list {
                    match self.target(item, key, middle) {
                        Ok(Target::Nothing) => {}
                        Ok(Target::Null) => last = Ok(Target::Null),
                        Err(error) if error.code == "ERR_INVALID_PACKAGE_TARGET" => last = Err(error),
                        found => return found,
                    }
                }
                last
            }
            // Node.js shows them as texts.
            Json::Bool(value) => Err(self.invalid(&Json::Text(value.to_string()), key)),
            Json::Number(value) => {
                Err(self.invalid(&Json::Text(ryu_js::Buffer::new().format(*value).into()), key))
            }
        }
    }

    fn path(
        &self,
        target: &Json,
        text: &str,
        key: &str,
        middle: Option<&str>,
    ) -> Result<Target, ResolveError> {
        let filled = middle.map_or_else(|| text.to_string(), |middle| text.replace('*', middle));
        let Some(inside) = text.strip_prefix("./") else {
            let outside = !self.is_import || text.starts_with("../") || text.starts_with('/');
            let is_url = super::scheme(text).is_some_and(|scheme| scheme != "node");
            if outside || is_url || text.is_empty() {
                return Err(self.invalid(target, key));
            }
            return Ok(Target::Package(filled));
        };
        if has_invalid_segment(inside) {
            return Err(self.invalid(target, key));
        }
        if let Some(middle) = middle
            && has_invalid_segment(middle)
        {
            let request = key.replace('*', middle);
            let field = if self.is_import { "imports" } else { "exports" };
            let reason = format!(
                "request is not a valid match in pattern \"{key}\" for the \"{field}\" resolution of \
                 {}/package.json",
                self.folder
            );
            return Err(ResolveError::specifier(&request, &reason, self.importer));
        }
        Ok(Target::Path(format!("{}/{}", self.folder, filled.strip_prefix("./").unwrap_or(&filled))))
    }

    fn invalid(&self, target: &Json, key: &str) -> ResolveError {
        ResolveError::target(self.folder, key, target, self.is_import, self.importer)
    }
}

/// Whether a path leaves the package, or enters another one. Node.js takes empty
/// segments, which the algorithm does not.
fn has_invalid_segment(path: &str) -> bool {
    path.split(['/', '\\']).any(|segment| {
        let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
        decoded == "." || decoded == ".." || decoded.eq_ignore_ascii_case("node_modules")
    })
}

/// Whether a key is an index of an array, which objects do not keep in order.
fn is_index(key: &str) -> bool {
    key.parse::<u32>().is_ok_and(|index| index != u32::MAX && index.to_string() == key)
}
