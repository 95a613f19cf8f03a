//! The web platform: what guest code finds on its global object beside the
//! language.
//!
//! An API is a module in JavaScript, or one with native functions in Rust beside
//! it; both have the API's name. The modules are evaluated once, when the realm is
//! made. They take what they need of the language from `primordials.js`, which took
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

/// A module of the web platform.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// Its specifier.
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

macro_rules! sources {
    ($($name:literal,)*) => {
        /// The modules, by specifier.
        pub(crate) const SOURCES: &[Source] = &[$(Source {
            name: concat!("web:", $name),
            text: include_str!(concat!($name, ".js")),
        },)*];
    };
}

sources! {
    "abort",
    "abort/controller",
    "abort/signal",
    "base64",
    "buffersource",
    "classes",
    "clock",
    "compression",
    "crypto/aes",
    "crypto/algorithm",
    "crypto/crypto",
    "crypto/ec",
    "crypto/jwk",
    "crypto/key",
    "crypto/okp",
    "crypto/pair",
    "crypto/rsa",
    "crypto/secret",
    "crypto/subtle",
    "domexception",
    "encoding",
    "encoding/streams",
    "events/event",
    "events/handlers",
    "events/interfaces",
    "events/target",
    "fetch/body",
    "fetch/body-init",
    "fetch/fetch",
    "fetch/form-data",
    "fetch/header-list",
    "fetch/headers",
    "fetch/host",
    "fetch/request",
    "fetch/request-init",
    "fetch/response",
    "fileapi/blob",
    "fileapi/bytes",
    "fileapi/file",
    "global",
    "iterable",
    "main",
    "microtask",
    "navigator",
    "performance",
    "primordials",
    "quotaexceedederror",
    "report",
    "sharedbuffer",
    "stack",
    "streams",
    "streams/abort",
    "streams/buffers",
    "streams/byte-controller",
    "streams/default-controller",
    "streams/from",
    "streams/interface",
    "streams/iterator",
    "streams/pipe",
    "streams/promises",
    "streams/pull-into",
    "streams/queue",
    "streams/readable",
    "streams/readable-controllers",
    "streams/readable-stream",
    "streams/readers",
    "streams/strategies",
    "streams/tee",
    "streams/transform",
    "streams/transform-stream",
    "streams/writable",
    "streams/writable-controller",
    "streams/writable-stream",
    "structured-clone/buffers",
    "structured-clone/deserialize",
    "structured-clone/main",
    "structured-clone/registry",
    "structured-clone/serialize",
    "timers",
    "url/pattern",
    "url/searchparams",
    "url/url",
    "webidl",
}

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
