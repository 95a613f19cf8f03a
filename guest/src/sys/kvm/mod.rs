//! The guest on the machine of `hypercell_common::machine`: how it starts, how
//! it leaves, and the loop in between.
#![expect(unsafe_code, reason = "entry, exits and the host's pages are outside what the language knows")]

mod abort;
pub(crate) mod control;
mod entry;
mod leave;
pub(crate) mod regions;
mod run;
mod touch;
mod transport;

pub use entry::Program;
pub use run::run;
