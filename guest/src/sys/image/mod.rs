//! What every image has, whatever machine it runs on: the program and its start,
//! the loop that serves requests, the way out for the engine, and the end.
//!
//! A machine is a folder beside this one that exports the same three modules:
//! `control` (sizes, clock and seed, as the host tells them), `leave` (the exits)
//! and `request` (requests that are the machine's own).
#![expect(unsafe_code, reason = "the machine's memory is outside what the language knows")]

pub(crate) mod abort;
mod program;
pub(crate) mod regions;
mod run;
mod transport;

pub use program::Program;
pub(crate) use program::start;
pub use run::run;
