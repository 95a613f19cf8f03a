//! Where everything lies in guest memory.
//!
//! ```text
//! 0x0000_1000  page map level 4, page directory pointers, page directories
//!              GDT, TSS with its I/O bitmap, IDT, fault stubs, fault stack
//! 0x0004_0000  page tables of the first mebibytes
//! 0x0010_0000  control page
//! 0x0020_0000  image, guard page, stack
//! …            heap, input, output: from 2 MiB boundaries, mapped by 2 MiB
//! ```

use super::{elf::GuestImage, failure::Failure};
use crate::vmm::{FrameLimits, MemorySize};
use hypercell_common::machine::{LARGE_PAGE, PAGE};
use std::ops::Range;

/// Top level page table.
pub(super) const PML4: u64 = 0x1000;
/// Page directory pointer table: four entries, so 4 GiB can be mapped.
pub(super) const PDPT: u64 = 0x2000;
/// Page directories, one per GiB.
pub(super) const PAGE_DIRECTORIES: u64 = 0x3000;
/// GiB that the page directories cover.
pub(super) const PAGE_DIRECTORY_COUNT: u64 = 4;
/// Global descriptor table.
pub(super) const GDT: u64 = 0x8000;
/// Task state segment, followed by the I/O permission bitmap.
pub(super) const TSS: u64 = 0x9000;
/// Interrupt descriptor table.
pub(super) const IDT: u64 = 0xA000;
/// Fault stubs, [`FAULT_STUB_LEN`] bytes per vector.
pub(super) const FAULT_STUBS: u64 = 0xB000;
/// Bytes per fault stub.
pub(super) const FAULT_STUB_LEN: u64 = 16;
/// One past the stack on which the CPU pushes a fault's frame.
pub(super) const FAULT_STACK_TOP: u64 = 0xD000;
/// End of the descriptor tables and stubs.
pub(super) const SYSTEM_END: u64 = FAULT_STACK_TOP;
/// Page tables, for what is mapped by 4 KiB pages.
pub(super) const PAGE_TABLES: u64 = 0x4_0000;
/// End of the page tables.
pub(super) const PAGE_TABLES_END: u64 = 0x10_0000;

/// The largest guest: its page directories must cover it.
pub(super) const MAX_MEMORY: u64 = PAGE_DIRECTORY_COUNT << 30;

/// From here on the heap is backed by large pages: below, small ones keep the
/// memory and the restore of an ordinary sandbox small.
const LARGE_HEAP_FROM: u64 = 8 << 20;

/// The regions of one guest, as guest addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The stack; a guard page lies below it.
    pub(super) stack: Range<u64>,
    /// Frames from the host.
    pub(super) input: Range<u64>,
    /// Frames from the guest.
    pub(super) output: Range<u64>,
    /// The heap.
    pub(super) heap: Range<u64>,
    /// The largest frames: the regions are rounded up, the limits are not.
    pub(super) frames: FrameLimits,
    /// First writable address of the image: all below but the control page stays
    /// as it was loaded.
    pub(super) writable_from: u64,
}

impl Layout {
    /// Lays out a guest of this image with regions of these sizes.
    pub(super) fn new(image: &GuestImage, size: &MemorySize) -> Result<Self, Failure> {
        let guard = image.end().next_multiple_of(PAGE);
        let stack = span(guard + PAGE, size.stack.next_multiple_of(PAGE));
        // A guard page above the stack too, before the next region begins.
        let heap = span((stack.end + PAGE).next_multiple_of(LARGE_PAGE), large(size.heap));
        let input = span(heap.end, large(size.input));
        let output = span(input.end, large(size.output));
        if output.end > MAX_MEMORY {
            return Err(Failure::Image(format!(
                "heap, stack, input and output need {} MiB together, and a guest has {} MiB",
                heap.end >> 20,
                MAX_MEMORY >> 20
            )));
        }
        let frames = FrameLimits { input: address(size.input), output: address(size.output) };
        Ok(Self { stack, input, output, heap, frames, writable_from: image.writable_from() })
    }

    /// Bytes of guest memory.
    pub(super) fn memory_len(&self) -> u64 {
        self.output.end
    }

    /// The part of the heap that large pages may back.
    pub(super) fn large_heap(&self) -> Range<u64> {
        let from = (self.heap.start + LARGE_HEAP_FROM).min(self.heap.end);
        from..self.heap.end
    }
}

fn span(start: u64, len: u64) -> Range<u64> {
    start..start.saturating_add(len)
}

fn large(bytes: u64) -> u64 {
    bytes.next_multiple_of(LARGE_PAGE)
}

/// A guest address as an offset into guest memory.
#[expect(clippy::cast_possible_truncation, reason = "x86-64 hosts only: usize is 64 bits wide")]
pub(super) const fn address(guest: u64) -> usize {
    guest as usize
}
