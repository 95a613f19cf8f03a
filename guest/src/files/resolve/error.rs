//! Why a specifier leads to no module, in Node.js' words.

use super::json::Json;
use alloc::{format, string::String};
use core::fmt::{Display, Formatter, Result};

/// A failed resolution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveError {
    /// Node.js' `code`, such as `ERR_MODULE_NOT_FOUND`.
    pub code: &'static str,
    /// Node.js' message.
    pub message: String,
}

impl Display for ResolveError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(&self.message)
    }
}

impl core::error::Error for ResolveError {}

impl ResolveError {
    pub(super) fn module_not_found(path: &str, importer: &str) -> Self {
        let message = format!("Cannot find module '{path}' imported from {importer}");
        Self { code: "ERR_MODULE_NOT_FOUND", message }
    }

    pub(super) fn package_not_found(name: &str, importer: &str) -> Self {
        let message = format!("Cannot find package '{name}' imported from {importer}");
        Self { code: "ERR_MODULE_NOT_FOUND", message }
    }

    /// What `require` says of both.
    pub(super) fn not_required(specifier: &str, importer: &str) -> Self {
        let message = format!("Cannot find module '{specifier}'\nRequire stack:\n- {importer}");
        Self { code: "MODULE_NOT_FOUND", message }
    }

    pub(super) fn directory(path: &str, importer: &str) -> Self {
        let message = format!(
            "Directory import '{path}' is not supported resolving ES modules imported from {importer}"
        );
        Self { code: "ERR_UNSUPPORTED_DIR_IMPORT", message }
    }

    pub(super) fn specifier(specifier: &str, reason: &str, importer: &str) -> Self {
        let message = format!("Invalid module \"{specifier}\" {reason} imported from {importer}");
        Self { code: "ERR_INVALID_MODULE_SPECIFIER", message }
    }

    pub(super) fn file_url_host() -> Self {
        let message = "File URL host must be \"localhost\" or empty on linux".into();
        Self { code: "ERR_INVALID_FILE_URL_HOST", message }
    }

    pub(super) fn config(package_json: &str, importer: &str, reason: &str) -> Self {
        let dot = if reason.is_empty() { "" } else { ". " };
        let message =
            format!("Invalid package config {package_json} while importing {importer}{dot}{reason}");
        Self { code: "ERR_INVALID_PACKAGE_CONFIG", message }
    }

    pub(super) fn not_exported(folder: &str, subpath: &str, importer: &str) -> Self {
        let message = if subpath == "." {
            format!("No \"exports\" main defined in {folder}/package.json imported from {importer}")
        } else {
            format!(
                "Package subpath '{subpath}' is not defined by \"exports\" in {folder}/package.json \
                 imported from {importer}"
            )
        };
        Self { code: "ERR_PACKAGE_PATH_NOT_EXPORTED", message }
    }

    pub(super) fn import_not_defined(specifier: &str, folder: Option<&str>, importer: &str) -> Self {
        let place = folder.map(|folder| format!(" in package {folder}/package.json")).unwrap_or_default();
        let message = format!(
            "Package import specifier \"{specifier}\" is not defined{place} imported from {importer}"
        );
        Self { code: "ERR_PACKAGE_IMPORT_NOT_DEFINED", message }
    }

    pub(super) fn target(folder: &str, key: &str, target: &Json, is_import: bool, importer: &str) -> Self {
        let field = if is_import { "imports" } else { "exports" };
        let (main, defined) =
            if key == "." { (" main", String::new()) } else { ("", format!(" for '{key}'")) };
        let hint = match target {
            Json::Text(text) if !is_import && !text.is_empty() && !text.starts_with("./") => {
                "; targets must start with \"./\""
            }
            _ => "",
        };
        let message = format!(
            "Invalid \"{field}\"{main} target {} defined{defined} in the package config {folder}/package.json \
             imported from {importer}{hint}",
            target.written()
        );
        Self { code: "ERR_INVALID_PACKAGE_TARGET", message }
    }
}
