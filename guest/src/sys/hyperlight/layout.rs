//! Where everything lies in the guest's address space.
//!
//! ```text
//! 0x0000_1000    init data and other pages of hyperlight's own
//! 0x4000_0000    image: the shim's page, code, constants, variables
//! 0x4100_0000    guard; the stack grows down from 0x422c_0000
//! 0x422d_0000    heap
//! 0x8000_0000    mirror of the gibibyte below
//! 0xffff_ffff_…  scratch: transport, page tables, pages to be handed out, and at
//!                its top hyperlight's words and the fault stacks
//! ```
//!
//! Heap and stack get their pages when they are first touched, from scratch. A
//! snapshot takes all but scratch along, and after a restore each page is copied
//! into scratch when it is first written.
//!
//! The mirror has what lies below 0x4400_0000. The pages that every request writes lie at the top of the stack and at the start
//! of the heap: one page table maps them. The *mirror* shows, read-only, the pages
//! of heap and stack as the last snapshot has them: what is copied is read there,
//! where its translation stays valid from restore to restore.

use core::ops::Range;
use hypercell_common::hyperlight::MAX_PAGES;
use hyperlight_common::{
    layout::{
        SCRATCH_TOP_ALLOCATOR_OFFSET, SCRATCH_TOP_EXN_STACK_OFFSET, SCRATCH_TOP_G2H_POOL_PAGES_OFFSET,
        SCRATCH_TOP_G2H_QUEUE_SIZE_OFFSET, SCRATCH_TOP_GPA, SCRATCH_TOP_GVA,
        SCRATCH_TOP_H2G_BUFFER_SIZE_OFFSET, SCRATCH_TOP_H2G_POOL_PAGES_OFFSET,
        SCRATCH_TOP_H2G_QUEUE_SIZE_OFFSET, SCRATCH_TOP_SNAPSHOT_PT_GPA_BASE_OFFSET,
        SCRATCH_TOP_TRANSPORT_ARENA_GPA_OFFSET,
    },
    vmem::PAGE_SIZE,
};

/// Size of a page in bytes.
pub(super) const PAGE: u64 = PAGE_SIZE as u64;
/// Where the image is linked; its first page is the shim's.
pub(super) const IMAGE: u64 = 0x4000_0000;
/// Bytes that one page table maps.
pub(super) const TABLE_SPAN: u64 = 512 * PAGE;
/// Lowest address that the stack may ever have: the image has all below.
const STACK_FLOOR: u64 = 0x4100_0000;
/// One past the stack.
pub(super) const STACK_TOP: u64 = 0x422c_0000;
/// Lowest address of the heap.
pub(super) const HEAP: u64 = 0x422d_0000;
/// One past what the heap can ever have.
const HEAP_CEILING: u64 = 0x8000_0000;
/// One past what is mirrored: with all of a large heap, page tables would be short.
const MIRRORED_CEILING: u64 = 0x4400_0000;
/// What to add to an address of heap or stack for its mirror.
const MIRROR: u64 = 0x4000_0000;
/// The mirror of the image's variables: between those of stack and heap, where there
/// is nothing to mirror.
const VARIABLES_MIRROR: Range<u64> = STACK_TOP + MIRROR + PAGE..HEAP + MIRROR - PAGE;

/// One past the scratch region.
pub(super) const SCRATCH_TOP: u64 = SCRATCH_TOP_GVA as u64 + 1;
/// What to add to the physical address of a scratch page for its virtual one.
pub(super) const SCRATCH_DELTA: u64 = (SCRATCH_TOP_GVA - SCRATCH_TOP_GPA) as u64;

/// One past the stack on which the processor pushes a fault's frame.
pub(super) const FRAME_TOP: u64 = SCRATCH_TOP - SCRATCH_TOP_EXN_STACK_OFFSET;
/// One past the stack of the fault handlers: below the frame, in the same page.
pub(super) const HANDLER_STACK_TOP: u64 = SCRATCH_TOP - 0x100;
/// One past the stack that the guest starts on; faults do not reach it.
pub(super) const BOOT_STACK_TOP: u64 = SCRATCH_TOP - 5 * PAGE;

/// Address of a word that says where the next fault's handler has its stack.
pub(super) const HANDLER_STACK: u64 = SCRATCH_TOP - PAGE + 0x10;
/// How many pages were copied since the restore.
pub(super) const COPIES: Word = Word(SCRATCH_TOP - PAGE + 0x18);
/// Address of the list of these pages, as the host is told them.
pub(super) const COPIED_PAGES: u64 = SCRATCH_TOP - PAGE + 0x20;

/// A word that the host left at the top of scratch, by its address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word(pub(super) u64);

impl Word {
    const fn at(offset: u64) -> Self {
        Self(SCRATCH_TOP - offset)
    }
}

/// Physical address of the next page to be handed out.
pub(super) const NEXT_PAGE: Word = Word::at(SCRATCH_TOP_ALLOCATOR_OFFSET);
/// Physical address of the top level page table.
pub(super) const ROOT_TABLE: Word = Word::at(SCRATCH_TOP_SNAPSHOT_PT_GPA_BASE_OFFSET);
/// Physical address of the transport's rings and buffers.
pub(super) const TRANSPORT: Word = Word::at(SCRATCH_TOP_TRANSPORT_ARENA_GPA_OFFSET);
/// Descriptors of the ring to the host.
pub(super) const OUT_QUEUE: Word = Word::at(SCRATCH_TOP_G2H_QUEUE_SIZE_OFFSET);
/// Pages of buffers for the ring to the host.
pub(super) const OUT_PAGES: Word = Word::at(SCRATCH_TOP_G2H_POOL_PAGES_OFFSET);
/// Descriptors of the ring from the host.
pub(super) const IN_QUEUE: Word = Word::at(SCRATCH_TOP_H2G_QUEUE_SIZE_OFFSET);
/// Pages of buffers for the ring from the host.
pub(super) const IN_PAGES: Word = Word::at(SCRATCH_TOP_H2G_POOL_PAGES_OFFSET);
/// Bytes of one buffer of the ring from the host.
pub(super) const IN_BUFFER: Word = Word::at(SCRATCH_TOP_H2G_BUFFER_SIZE_OFFSET);

/// Where a page is mirrored, if it is; `variables` is the image's first page of them.
pub(super) const fn mirror(address: u64, variables: u64) -> Option<u64> {
    if address >= STACK_FLOOR {
        return if address < MIRRORED_CEILING { Some(address + MIRROR) } else { None };
    }
    let place = VARIABLES_MIRROR.start.wrapping_add(address.wrapping_sub(variables));
    if address >= variables && place < VARIABLES_MIRROR.end { Some(place) } else { None }
}

/// The pages of a stack of `size` bytes.
pub(super) const fn stack(size: u64) -> Range<u64> {
    let lowest = STACK_TOP.saturating_sub(size);
    // The page above the floor stays a guard.
    (if lowest > STACK_FLOOR { lowest } else { STACK_FLOOR + PAGE })..STACK_TOP
}

/// The pages of a heap of `size` bytes.
pub(super) const fn heap(size: u64) -> Range<u64> {
    let end = HEAP.saturating_add(size);
    HEAP..(if end < HEAP_CEILING { end } else { HEAP_CEILING })
}

const _: () = assert!(COPIED_PAGES + 4 * MAX_PAGES as u64 + 2048 < HANDLER_STACK_TOP);
const _: () = assert!(HANDLER_STACK_TOP + 64 < FRAME_TOP);
const _: () = assert!(FRAME_TOP.is_multiple_of(16));
const _: () = assert!(IMAGE >> 30 == 1 && IMAGE.is_multiple_of(1 << 30));
const _: () = assert!(STACK_TOP / TABLE_SPAN == HEAP / TABLE_SPAN);
const _: () = assert!(HEAP_CEILING == IMAGE + MIRROR);
