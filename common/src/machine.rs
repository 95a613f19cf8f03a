//! The machine that the KVM backend gives to its guest: memory map, ports and
//! the control page. Virtual addresses equal guest physical addresses.
//!
//! ```text
//! 0x0000_0000  system pages: page tables, GDT, TSS, IDT, fault stubs (CPL0)
//! 0x0010_0000  control page, see [`Control`]
//! 0x0020_0000  image: code and constants RX, variables RW
//! …            guard page, stack, guard page
//! …            heap, input region, output region (each from a 2 MiB boundary)
//! ```
//!
//! Only the control page and the image have fixed addresses; the rest is told
//! in the control page. The host keeps its own copy of every address and never
//! reads one back from guest memory.

use core::mem::{offset_of, size_of};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Size of a page, in bytes.
pub const PAGE: u64 = 4096;
/// Size of a large page, in bytes: regions start on this boundary.
pub const LARGE_PAGE: u64 = 2 << 20;
/// Address of the [`Control`] page; also passed in `rdi` at the entry point.
pub const CONTROL: u64 = 0x10_0000;
/// Lowest address of the image.
pub const IMAGE: u64 = 0x20_0000;

/// `out` to this port ends a request: `eax` is the length in bytes of the frame
/// in the output region. The guest resumes with the next request in its input
/// region.
pub const PORT_RETURN: u8 = 0x40;
/// `out` to this port calls the host: `eax` is the length of the frame in the
/// output region. The guest resumes with the answer in its input region.
pub const PORT_HOST_CALL: u8 = 0x44;
/// `out` to this port gives up: `eax` is the length of the UTF-8 message in the
/// output region. The guest is not resumed.
pub const PORT_ABORT: u8 = 0x48;

/// What host and guest tell each other at [`CONTROL`]. Little-endian, as all of
/// x86-64.
///
/// The host writes every field but `wall_tsc` before the guest first runs,
/// `input_len` and `wall_us` before each entry, and `entropy` and
/// `entropy_generation` after each restore and spawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable)]
#[repr(C)]
pub struct Control {
    /// Address of the input region.
    pub input_base: u64,
    /// Size of the input region in bytes.
    pub input_size: u64,
    /// Address of the output region.
    pub output_base: u64,
    /// Size of the output region in bytes.
    pub output_size: u64,
    /// Address of the heap.
    pub heap_base: u64,
    /// Size of the heap in bytes.
    pub heap_size: u64,
    /// Size of the stack in bytes.
    pub stack_size: u64,
    /// Frequency of the time stamp counter in kHz; 0 when it is unknown, and
    /// then time stands still during a request.
    pub tsc_khz: u64,
    /// Length in bytes of the frame in the input region.
    pub input_len: u64,
    /// Wall clock in microseconds since the Unix epoch, at `wall_tsc`.
    pub wall_us: u64,
    /// The guest's own time stamp counter when it found `wall_us`. The guest writes
    /// it after each exit, as the host's counter may differ from the guest's.
    pub wall_tsc: u64,
    /// Changes whenever `entropy` holds a fresh seed.
    pub entropy_generation: u64,
    /// Seed for every random number of the guest.
    pub entropy: [u8; 32],
}

const _: () = assert!(size_of::<Control>() == 128);
const _: () = assert!(offset_of!(Control, input_len) == 64);
const _: () = assert!(offset_of!(Control, wall_us) == 72);
const _: () = assert!(offset_of!(Control, entropy) == 96);
const _: () = assert!(size_of::<Control>() as u64 <= PAGE);
