//! The runtime under the engine: everything that a program finds in an operating
//! system and that this guest has to bring along.
//!
//! This is the only place with `unsafe`, and the only one that knows how the
//! guest was entered. [`heap`] also builds natively, for its tests and
//! benchmarks; the rest exists in an image only.

pub(crate) mod buffer;
pub(crate) mod bytecode;
pub(crate) mod class;
pub mod heap;
#[cfg(feature = "hostile")]
pub mod hostile;
#[cfg(feature = "hyperlight")]
mod hyperlight;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "kvm")]
mod kvm;
#[cfg(feature = "image")]
mod libc;
#[cfg(feature = "image")]
mod math;
pub(crate) mod permanent;
pub(crate) mod property;
pub(crate) mod uncatchable;

#[cfg(feature = "hyperlight")]
use hyperlight as machine;
#[cfg(feature = "image")]
pub use image::{Program, run};
#[cfg(all(feature = "kvm", not(feature = "hyperlight")))]
use kvm as machine;

#[cfg(all(feature = "hyperlight", feature = "kvm"))]
compile_error!("an image runs on one machine: choose the feature `kvm` or `hyperlight`");
