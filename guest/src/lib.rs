//! The program inside a Hypercell micro-VM.
//!
//! [`engine`] is QuickJS with its limits, loader and values, in terms of the
//! wire of `hypercell-common` and a [`platform::Platform`]; it builds natively
//! too, so that its tests need no VM. [`files`] is the file system in memory, which
//! knows nothing of the engine. [`sys`] is the runtime below it: memory,
//! C library, entry and exits, and the only place with `unsafe`.
#![no_std]

extern crate alloc;

pub mod engine;
pub mod files;
mod node;
pub mod platform;
pub mod sys;
mod web;
