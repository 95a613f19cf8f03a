//! Modules that are files of the guest.

use alloc::format;
use rquickjs::{Module, module::Declared};

/// Sets what a module learns of its file at `import.meta`.
pub(super) fn describe(module: &Module<'_, Declared>, file: &str) -> rquickjs::Result<()> {
    let meta = module.meta()?;
    meta.set("url", format!("file://{file}"))?;
    meta.set("filename", file)?;
    let folder =
        file.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    meta.set("dirname", folder)
}
