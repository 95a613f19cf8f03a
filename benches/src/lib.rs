//! What the benchmarks share: handlers, kernels, and the native way to run them.
//!
//! [`native`] is the guest's own engine in this process, see `hypercell-native`;
//! [`limits`] gives both sides the same limits.

pub mod figures;
pub mod handlers;
pub mod kernels;
pub mod limits;
pub mod native;
pub mod spawn;
