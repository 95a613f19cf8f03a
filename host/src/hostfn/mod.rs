//! Host functions: what guest code can reach outside of its VM, and nothing
//! else.

mod dispatch;
mod error;
pub(crate) mod module;
mod pending;
mod typed;

pub(crate) use dispatch::{Dispatch, DispatchLimits};
pub use error::HostError;
pub use module::HostModule;
pub(crate) use module::Registry;
pub use typed::{AsyncHostFunction, HostFunction, HostOutcome};
