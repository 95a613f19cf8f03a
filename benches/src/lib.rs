//! What the benchmarks share: handlers, kernels, and the native way to run them.
//!
//! [`native`] drives the guest's own engine crate in this process, frame by frame
//! as the VM does, so that the only difference to a sandbox is the VM itself and
//! the guest's runtime: its allocator, its C library and its mathematics.
//! [`limits`] gives both sides the same limits.

pub mod figures;
pub mod handlers;
pub mod kernels;
pub mod limits;
pub mod native;
pub mod spawn;
