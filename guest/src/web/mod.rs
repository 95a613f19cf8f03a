//! The web platform: what guest code finds on its global object beside the
//! language.
//!
//! An API is a module in JavaScript, or one with native functions in Rust beside
//! it; both have the API's name. A file `streams/tee.js` of this folder is the module
//! `web:streams/tee`, which `build/modules.rs` compiles to bytecode. The modules are
//! evaluated once, when the realm is made. They take what they need of the language from `primordials.js`, which took
//! it before guest code ran, and so do what they did then whatever guest code
//! replaces.
//!
//! Native functions know nothing of the engine: they work on [`Plain`] values, and
//! `engine::web` carries these in and out.

mod base64;
mod compression;
mod crypto;
mod encoding;
mod fetch;
mod navigator;
mod plain;
mod url;

pub(crate) use plain::{Answer, Native, Plain, Refusal, State};

/// Namespace of the modules, which guest code cannot import from.
pub(crate) const NAMESPACE: &str = "web";

/// The module that imports all others.
pub(crate) const MAIN: &str = "web:main";
/// The module whose exports are [`natives`].
pub(crate) const NATIVE: &str = "web:native";

/// Native functions by the names under which modules import them.
pub(crate) fn natives() -> impl Iterator<Item = &'static (&'static str, Native)> {
    let tables =
        [base64::NATIVES, compression::NATIVES, encoding::NATIVES, fetch::NATIVES, navigator::NATIVES];
    tables.into_iter().flatten().chain(crypto::natives()).chain(url::natives())
}
