//! The guest on hyperlight's machine (`hyperlight-common` 0.18): how it starts,
//! how it leaves, and what it does about page faults.
//!
//! The program runs at CPL3. What does not is `supervisor.s`, in one page with
//! `user.s`, which leads there and back: the shim. The rest of this folder is the
//! guest's half of hyperlight's contract: page tables that the guest changes
//! ([`tables`]), pages that come when they are touched ([`fault`]), and two rings to
//! the host ([`queue`]). Source: hyperlight's
//! `src/hyperlight_guest` and `src/hyperlight_host`; `docs/vmm.md`.
#![expect(unsafe_code, reason = "entry, exits, page tables and rings are outside what the language knows")]

pub(crate) mod control;
mod entry;
mod fault;
#[cfg(feature = "hostile")]
#[path = "../hostile/hyperlight/mod.rs"]
pub(crate) mod hostile;
mod layout;
pub(crate) mod leave;
mod memory;
mod message;
mod queue;
pub(crate) mod request;
mod tables;
