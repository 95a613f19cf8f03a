//! The modules of Node.js (`node:fs`) that guest code may import.
//!
//! A file `fs/promises.js` of this folder is the module `node:fs/promises`, compiled as those
//! of [`crate::web`] are. They are loaded when guest code first imports them, and cost
//! nothing before. Guest code cannot import what is in `internal`, the project's own, and in
//! `vendor`, which is bundled from packages.

mod hash;
mod text;

use crate::web::Native;

/// Namespace of the modules.
pub(crate) const NAMESPACE: &str = "node";

/// The module whose exports are the functions of `engine::node`.
pub(crate) const NATIVE: &str = "node:native";

/// Whether guest code may not import the module of this name, without its namespace.
pub(crate) fn is_internal(name: &str) -> bool {
    name == "native" || name.starts_with("internal/") || name.starts_with("vendor/")
}

/// Native functions that need no values of the engine.
pub(crate) fn natives() -> impl Iterator<Item = &'static (&'static str, Native)> {
    [hash::NATIVES, text::NATIVES].into_iter().flatten()
}
