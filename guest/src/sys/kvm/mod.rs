//! The guest on the machine of `hypercell_common::machine`: how it starts, how
//! it leaves, and what the host's pages say.
#![expect(unsafe_code, reason = "entry, exits and the host's pages are outside what the language knows")]

pub(crate) mod control;
mod entry;
pub(crate) mod leave;
pub(crate) mod request;
