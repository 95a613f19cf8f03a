//! `fetch` on the host: an HTTP client that goes where a policy allows.
//!
//! `policy` is what the embedding program says, `rules` the same checked, and the judgement of each
//! hop by it with `hosts` and `headers`; `fetcher` is the way of one fetch, `redirect` from hop to hop;
//! `network` is the client, with `resolve` and `address` for where it may connect; `callback` answers
//! in its place; `guest` is how guest code calls it.

mod address;
mod callback;
mod error;
mod fetcher;
pub(crate) mod guest;
mod headers;
mod hosts;
mod message;
mod network;
mod policy;
mod rate;
mod redirect;
mod resolve;
mod rules;

pub use error::{FetchError, FetchErrorKind};
pub use fetcher::Fetcher;
pub use message::{FetchRequest, FetchResponse, RedirectMode};
pub use policy::FetchPolicy;
