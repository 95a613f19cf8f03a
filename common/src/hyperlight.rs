//! What host and guest tell each other on the hyperlight machine, beside the
//! frames: memory map, transport and messages are hyperlight's own
//! (`hyperlight-common`), and what follows is what they carry.
//!
//! A request is a call of the guest function [`GUEST_FUNCTION`] with one byte
//! array: an [`Entry`], pages to copy, and the frame. Its result is the frame that
//! answers it, and behind it, if the entry asked, the pages that were copied. A
//! host call is a call of the host function [`HOST_FUNCTION`] with a frame, and its
//! result again an [`Entry`] with a frame behind it.
//!
//! Pages are little-endian 32-bit numbers, their addresses divided by 4096. After
//! a restore each page is copied when it is first written, by a fault; a guest that
//! is told beforehand which pages requests write copies them without.

use core::mem::size_of;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Where an image starts; what lies below is hyperlight's own.
pub const IMAGE: u64 = 0x4000_0000;

/// Name of the one function of the guest.
pub const GUEST_FUNCTION: &str = "serve";
/// Name of the one function of the host.
pub const HOST_FUNCTION: &str = "host";

/// Code of an abort of a guest that gave up; its message is the guest's words.
pub const ABORT_GAVE_UP: u8 = 1;
/// Code of an abort of a guest that faulted; its message names the fault.
pub const ABORT_FAULT: u8 = 2;
/// Longest message of an abort in bytes: hyperlight collects 1024 with the code.
pub const MAX_ABORT_MESSAGE: usize = 1000;

/// Bytes of a buffer beyond the largest frame: the message's header, its control
/// data and the [`Entry`].
pub const MESSAGE_OVERHEAD: u64 = 4096;

/// Pages that are told at most, either way.
pub const MAX_PAGES: usize = 256;

/// Sizes that the host chose, as the sandbox's init data. Little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Settings {
    /// Size of the heap in bytes.
    pub heap_size: u64,
    /// Size of the stack in bytes.
    pub stack_size: u64,
    /// Largest frame into the guest in bytes.
    pub input_size: u64,
    /// Largest frame out of the guest in bytes.
    pub output_size: u64,
}

/// What goes before each frame into the guest. Little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Entry {
    /// Wall clock in microseconds since the Unix epoch.
    pub wall_us: u64,
    /// Frequency of the time stamp counter in kHz; 0 when it is unknown, and
    /// then time stands still during a request.
    pub tsc_khz: u64,
    /// Changes whenever `entropy` holds a fresh seed.
    pub entropy_generation: u64,
    /// How many pages to copy follow; they come before the frame.
    pub pages: u32,
    /// 1 to have the pages told that were copied since the restore.
    pub wants_pages: u32,
    /// Seed for every random number of the guest.
    pub entropy: [u8; 32],
}

const _: () = assert!(size_of::<Settings>() == 32);
const _: () = assert!(size_of::<Entry>() == 64);
