//! How much memory hyperlight sets aside for a guest, and for what.
//!
//! A guest's writable memory is one piece, *scratch*:
//!
//! ```text
//! transport   rings, output region, two buffers for requests
//! tables      page tables, as hyperlight copies them there
//! the rest    pages for the heap, the stack and copies of the image's variables
//! top         hyperlight's words and the fault stacks
//! ```
//!
//! It is reserved, not used: the host's kernel gives pages when they are touched.

use crate::{
    error::{Error, ErrorKind},
    vmm::{FrameLimits, MemorySize},
};
use hypercell_common::hyperlight::{MESSAGE_OVERHEAD, Settings};
use hyperlight_common::layout::{QueueDims, SCRATCH_TOP_RESERVED_PAGES, TransportArena};

/// Bytes of a page.
pub(super) const PAGE: u64 = 4096;
/// Descriptors of each ring: a host call takes three, and an answer that the guest
/// has not looked at yet two.
pub(super) const QUEUE: usize = 8;

/// Bytes that one page table maps.
const TABLE_SPAN: u64 = 2 << 20;
/// Tables above the lowest level, those of the image, and those of the mirror of heap
/// and stack, see the guest's layout.
const OTHER_TABLES: u64 = 48;
/// Page tables that a guest can have: the shim opens one table's worth of them. This
/// also keeps scratch below the gibibyte of addresses that the guest has for it.
const MAX_TABLES: u64 = 512;

/// The memory of one guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Geometry {
    pub(super) settings: Settings,
    /// Bytes of scratch.
    pub(super) scratch: usize,
    /// Bytes of one buffer for requests.
    pub(super) in_buffer: usize,
    /// Pages of buffers for the ring to the guest.
    pub(super) in_pages: usize,
    /// Pages of buffers for the ring to the host.
    pub(super) out_pages: usize,
    /// Pages that a guest in order has mapped at most.
    pub(super) max_mapped_pages: u64,
}

impl Geometry {
    /// The memory of a guest with an image of `image` bytes and regions of these
    /// sizes.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when that is more than this VMM can give.
    pub(super) fn new(image: u64, size: &MemorySize) -> Result<Self, Error> {
        let page = |bytes: u64| bytes.next_multiple_of(PAGE);
        let in_buffer = page(size.input) + MESSAGE_OVERHEAD;
        // The region starts behind the rings, and hyperlight wants two pages at least.
        let out_pool = page(size.output) + PAGE;
        let rings =
            TransportArena::new(0, dims(1)?, dims(1)?).map_or(PAGE, |arena| arena.ring_span_len() as u64);
        // The tables then start with the span of a table, and one maps them all.
        let transport = (rings + out_pool + 2 * in_buffer).next_multiple_of(TABLE_SPAN);
        let in_pool = transport - rings - out_pool;

        let heap = page(size.heap);
        let stack = page(size.stack);
        let image = page(image);
        let pages = heap + stack + image;
        let mapped_low = pages.div_ceil(TABLE_SPAN) + OTHER_TABLES;
        let reserved = SCRATCH_TOP_RESERVED_PAGES as u64 * PAGE;
        let fixed = transport + pages + mapped_low * PAGE + reserved;
        // Scratch maps itself too, with one table for each span.
        let tables = mapped_low + fixed.div_ceil(TABLE_SPAN) + 2;
        // It ends a page before the end of the address space.
        let scratch = (fixed + tables * PAGE + PAGE).next_multiple_of(TABLE_SPAN) - PAGE;
        if tables > MAX_TABLES {
            return Err(Error::new(
                ErrorKind::InvalidArg,
                format!(
                    "heap, stack, input and output need {} MiB of page mappings together, where heap and stack count \
                     twice, and the hyperlight VMM gives {} MiB; the kvm VMM gives more",
                    (tables * TABLE_SPAN) >> 20,
                    (MAX_TABLES * TABLE_SPAN) >> 20
                ),
            ));
        }
        Ok(Self {
            settings: Settings {
                heap_size: heap,
                stack_size: stack,
                input_size: size.input,
                output_size: size.output,
            },
            scratch: native(scratch),
            in_buffer: native(in_buffer),
            in_pages: native(in_pool / PAGE),
            out_pages: native(out_pool / PAGE),
            max_mapped_pages: tables * (TABLE_SPAN / PAGE),
        })
    }

    /// The largest frames.
    pub(super) fn frames(&self) -> FrameLimits {
        FrameLimits { input: native(self.settings.input_size), output: native(self.settings.output_size) }
    }
}

fn dims(pages: usize) -> Result<QueueDims, Error> {
    QueueDims::new(QUEUE, pages).ok_or_else(|| Error::internal("hyperlight refuses the size of a queue"))
}

/// A size as the host counts.
#[expect(clippy::cast_possible_truncation, reason = "x86-64 hosts only: usize is 64 bits wide")]
const fn native(size: u64) -> usize {
    size as usize
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const MIB: u64 = 1 << 20;

    fn size(heap: u64, frames: u64) -> MemorySize {
        MemorySize { heap, stack: MIB, input: frames, output: frames }
    }

    #[test]
    fn scratch_starts_where_a_page_table_does_and_so_do_the_tables_in_it() {
        for (heap, frames) in [(4 * MIB, 64 << 10), (37 * MIB, 8 * MIB), (300 * MIB, 64 * MIB)] {
            let geometry = Geometry::new(MIB + 7, &size(heap, frames)).unwrap();

            assert_eq!((geometry.scratch as u64 + PAGE) % TABLE_SPAN, 0);
            let pools = (geometry.in_pages + geometry.out_pages) as u64 * PAGE;
            assert_eq!((pools + PAGE) % TABLE_SPAN, 0, "the rings have one page");
            assert!(geometry.in_pages as u64 * PAGE >= 2 * geometry.in_buffer as u64);
        }
    }

    #[test]
    fn a_guest_that_is_too_large_is_refused() {
        let error = Geometry::new(MIB, &size(1900 * MIB, 8 * MIB)).unwrap_err();

        assert!(error.to_string().contains("the hyperlight VMM gives 1024 MiB"), "{error}");
    }
}
