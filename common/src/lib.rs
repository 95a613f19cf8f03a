//! The wire between the Hypercell host and its guest.
//!
//! Two functions cross the boundary of a micro-VM: the host calls into the
//! guest, and the guest calls out to a host function. Both carry one [`Frame`]
//! each way. This crate defines that frame, the [`Kind`]s it comes in, the JSON
//! bodies that are not user data (those about host folders in [`mount`]), the [`Fault`]s of a processor, and what the two
//! sides tell each other beside frames: [`machine`] (memory map and ports) on the
//! KVM backend, [`hyperlight`] on the other. It holds no logic beyond encoding and checking,
//! so that both sides can trust the same few lines.
//!
//! Everything read from a frame is an *allegation* of the other side until
//! [`Frame::decode`] has checked it; see `docs/protocol.md`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

pub mod body;
mod fault;
mod frame;
pub mod hyperlight;
mod kind;
pub mod machine;
pub mod mount;
mod tag;
mod version;

pub use fault::Fault;
pub use frame::{Frame, FrameError, HEADER_LEN, MAX_SECTIONS, Message, Section, SectionIter};
pub use kind::{ENV, FETCH, Kind, STDIN, TOOLS, UnknownKind, call_flags};
pub use tag::{Tag, UnknownTag};
pub use version::{MAGIC, WIRE_VERSION};
