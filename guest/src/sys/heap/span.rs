//! Spans and the tables that find them.
//!
//! A span is a run of pages with one purpose: blocks of one class, one large
//! block, or free. Its descriptor lies apart from its pages, so that descriptors
//! are dense and free pages stay untouched. This file is the only one that turns
//! a [`SpanId`] or a page number into memory.

use super::PAGE;
use core::{mem::size_of, ptr::null_mut};

/// [`Span::class`] of a run that is one block.
pub(super) const LARGE: u8 = 64;
/// [`Span::class`] of a free run.
pub(super) const FREE: u8 = 65;
/// [`Span::class`] of [`SpanId::NONE`].
const RESERVED: u8 = 66;

/// Where a descriptor is: its distance from the region's start, in descriptors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpanId(u32);

impl SpanId {
    /// No span: a descriptor without blocks that nothing may be freed into. It
    /// owns the pages of the tables, and stands for "no current span", which
    /// saves a check on the fast path.
    pub(super) const NONE: Self = Self(0);
    #[cfg(test)]
    pub(super) const FIRST: Self = Self(1);

    /// First descriptor of a page of descriptors.
    pub(super) const fn first_in(page: u32) -> Self {
        Self(page * PER_PAGE)
    }

    /// The descriptor after this one in the same chunk.
    pub(super) const fn following(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Descriptors in a page.
pub(super) const PER_PAGE: u32 = 128;

/// Descriptor of a span.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct Span {
    /// Freed blocks, the last one first; each one's first word is the next.
    pub(super) free: *mut u8,
    /// Blocks in use.
    pub(super) live: u16,
    /// Blocks that were ever handed out: memory beyond them is untouched.
    pub(super) carved: u16,
    /// Blocks that fit.
    pub(super) capacity: u16,
    /// A class number, [`LARGE`] or [`FREE`].
    pub(super) class: u8,
    /// What holds beyond the counts.
    pub(super) state: State,
    /// First page.
    pub(super) start: u32,
    /// Number of pages.
    pub(super) pages: u32,
    /// Next in the list that the span is on.
    pub(super) next: SpanId,
    /// Previous in the list that the span is on.
    pub(super) previous: SpanId,
}

const _: () = assert!(size_of::<Span>() == PAGE / PER_PAGE as usize);

/// Bits of [`Span::state`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct State(u8);

impl State {
    pub(super) const NONE: Self = Self(0);
    /// Had no free block left when it was last asked, and is on no list.
    pub(super) const FULL: Self = Self(1);
    /// Memory that was not carved yet is zero.
    pub(super) const ZEROED: Self = Self(2);

    pub(super) const fn has(self, bit: Self) -> bool {
        self.0 & bit.0 != 0
    }

    pub(super) const fn with(self, bit: Self) -> Self {
        Self(self.0 | bit.0)
    }

    pub(super) const fn without(self, bit: Self) -> Self {
        Self(self.0 & !bit.0)
    }
}

impl Span {
    /// A descriptor of a run without blocks.
    pub(super) const fn run(class: u8, start: u32, pages: u32) -> Self {
        Self {
            free: null_mut(),
            live: 0,
            carved: 0,
            capacity: 0,
            class,
            state: State::NONE,
            start,
            pages,
            next: SpanId::NONE,
            previous: SpanId::NONE,
        }
    }

    /// The page after the last one.
    pub(super) const fn end(&self) -> u32 {
        self.start + self.pages
    }
}

/// The region and the tables at its start.
///
/// ```text
/// descriptor of SpanId::NONE, padding to 64 bytes
/// owners: for each page the SpanId of its span (4 bytes)
/// ```
///
/// Only the first and last page of a large block or a free run have an owner,
/// and every page of a span of small blocks.
#[derive(Debug)]
pub(super) struct Table {
    base: *mut u8,
    pages: u32,
}

/// Offset of the owners.
const OWNERS: usize = 64;

impl Table {
    /// The tables of the region of `pages` pages at `base`, and the number of
    /// pages that they take; `None` when they would take all of it.
    ///
    /// # Safety
    /// The region must be page aligned, zeroed, valid, and used through the
    /// result only.
    pub(super) unsafe fn new(base: *mut u8, pages: u32) -> Option<(Self, u32)> {
        let bytes = OWNERS + pages as usize * size_of::<SpanId>();
        let own = u32::try_from(bytes.div_ceil(PAGE)).ok()?;
        if own >= pages {
            return None;
        }
        let mut table = Self { base, pages };
        *table.span(SpanId::NONE) = Span::run(RESERVED, 0, own);
        Some((table, own))
    }

    /// The descriptor with this name.
    #[inline(always)]
    pub(super) fn span(&mut self, id: SpanId) -> &mut Span {
        let span = self.base.wrapping_add(id.0 as usize * size_of::<Span>()).cast::<Span>();
        // SAFETY: ids are made for `NONE` and for pages of descriptors only, all
        // of them inside the region and aligned; any bytes are a valid `Span`,
        // and `&mut self` makes the borrow the only one.
        unsafe { &mut *span }
    }

    /// Pages of the region.
    pub(super) const fn pages(&self) -> u32 {
        self.pages
    }

    /// The page that `address` lies in; beyond [`Table::pages`] when it is not
    /// in the region.
    #[inline(always)]
    pub(super) fn page_of(&self, address: *const u8) -> usize {
        address.addr().wrapping_sub(self.base.addr()) / PAGE
    }

    /// Address of a page.
    #[inline(always)]
    pub(super) fn address(&self, page: u32) -> *mut u8 {
        self.base.wrapping_add(page as usize * PAGE)
    }

    /// The span of `page`, which must be below [`Table::pages`].
    #[inline(always)]
    pub(super) fn owner(&self, page: u32) -> SpanId {
        debug_assert!(page < self.pages);
        // SAFETY: the owners cover every page of the region.
        unsafe { self.owner_slot(page).read() }
    }

    /// Sets the span of `page`, which must be below [`Table::pages`].
    #[inline(always)]
    pub(super) fn set_owner(&mut self, page: u32, id: SpanId) {
        debug_assert!(page < self.pages);
        // SAFETY: as in `owner`.
        unsafe { self.owner_slot(page).write(id) }
    }

    #[inline(always)]
    fn owner_slot(&self, page: u32) -> *mut SpanId {
        self.base.wrapping_add(OWNERS + page as usize * size_of::<SpanId>()).cast()
    }
}
