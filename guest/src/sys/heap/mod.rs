//! The guest's heap, made for what a JavaScript engine does: many small blocks of
//! few sizes that die young, and arrays and strings that grow by `realloc`.
//!
//! - Small blocks come from spans of one size class with a free list each: no
//!   header per block, constant time, last freed first used again, so that a
//!   short call writes to few pages (each one costs its restore).
//! - Large blocks are runs of pages that grow and shrink where they are when
//!   they can.
//! - Nothing is touched before it is needed: the first write to a page of a
//!   micro-VM costs as much as hundreds of allocations. Descriptors lie in dense
//!   tables apart from the blocks.
//!
//! The heap trusts its caller as any `malloc` does: a block that is freed twice
//! corrupts the guest, and nothing but the guest.
#![expect(unsafe_code, reason = "an allocator hands out and takes back raw memory")]

mod bins;
mod class;
mod pages;
mod span;
#[cfg(test)]
mod tests;

use class::Class;
use core::ptr::null_mut;
use pages::Pages;
use span::{LARGE, Span, SpanId, State};

/// Size of a page in bytes.
const PAGE: usize = 4096;

const _: () = assert!(PAGE as u64 == hypercell_common::machine::PAGE);

/// Largest block size of which one empty span is kept, so that a single block
/// that comes and goes costs nothing. Spans of larger blocks would stand in the
/// way of arrays that grow.
const KEEP_MAX: usize = 1024;

/// An allocator over one region of memory. See the [module](self).
#[derive(Debug)]
pub struct Heap {
    classes: [Spans; class::COUNT],
    pages: Pages,
}

/// The spans of one class.
#[derive(Debug, Clone, Copy)]
struct Spans {
    /// The span that blocks are taken from.
    current: SpanId,
    /// Spans with free blocks, the last one that got one first.
    partial: SpanId,
    /// Number of spans.
    count: u32,
}

/// A block and how many bytes at its start may not be zero.
#[derive(Clone, Copy)]
struct Block {
    address: *mut u8,
    dirty: usize,
}

impl Block {
    const NONE: Self = Self { address: null_mut(), dirty: 0 };
}

impl Heap {
    /// A heap over the `size` bytes at `base`, or `None` when that is less than
    /// a few pages. Only what is handed out, and the tables for it, is ever
    /// written to.
    ///
    /// # Safety
    /// The region must be valid, filled with zeros, and used by nothing but the
    /// heap and the owners of its blocks, for as long as these live.
    #[must_use]
    pub unsafe fn new(base: *mut u8, size: usize) -> Option<Self> {
        let skip = base.addr().wrapping_neg() % PAGE;
        let pages = u32::try_from(size.checked_sub(skip)? / PAGE).unwrap_or(u32::MAX).min(bins::MAX_PAGES);
        // SAFETY: the caller's promise; the aligned part lies inside the region.
        let pages = unsafe { Pages::new(base.wrapping_add(skip), pages) }?;
        let none = Spans { current: SpanId::NONE, partial: SpanId::NONE, count: 0 };
        Some(Self { classes: [none; class::COUNT], pages })
    }

    /// A block of at least `size` bytes, aligned to 16; null when there is none.
    #[inline]
    #[must_use]
    pub fn malloc(&mut self, size: usize) -> *mut u8 {
        match Class::of(size) {
            Some(class) => self.small(class).address,
            None => self.large(size).address,
        }
    }

    /// As [`Heap::malloc`], filled with zeros.
    #[inline]
    #[must_use]
    pub fn calloc(&mut self, size: usize) -> *mut u8 {
        let block = match Class::of(size) {
            Some(class) => self.small(class),
            None => self.large(size),
        };
        let dirty = size.min(block.dirty);
        if dirty > 0 {
            // SAFETY: the block is new and has at least `size` bytes.
            unsafe { block.address.write_bytes(0, dirty) };
        }
        block.address
    }

    /// A block of at least `size` bytes at a multiple of `align`, a power of two.
    #[must_use]
    pub fn aligned(&mut self, size: usize, align: usize) -> *mut u8 {
        if align <= 16 {
            return self.malloc(size);
        }
        if align <= PAGE {
            // Spans start on pages, so a block size that `align` divides will do.
            let mut class = Class::of(size.max(align));
            while let Some(found) = class {
                if found.size() % align == 0 {
                    return self.small(found).address;
                }
                class = Class::of(found.size() + 1);
            }
            return self.large(size).address;
        }
        let Some(pages) = page_count(size) else { return null_mut() };
        let run = self.pages.take_aligned(pages, align).or_else(|| {
            self.purge();
            self.pages.take_aligned(pages, align)
        });
        run.map_or(null_mut(), |run| self.start_of(run.id))
    }

    /// Takes a block back; null is ignored.
    ///
    /// # Safety
    /// `block` must come from this heap and must not be used any more.
    #[inline]
    pub unsafe fn free(&mut self, block: *mut u8) {
        let id = self.pages.owner_of(block);
        let span = self.pages.span(id);
        if span.class >= LARGE {
            return self.free_large(id);
        }
        // SAFETY: the caller's promise; a block has 16 bytes or more, aligned.
        unsafe { block.cast::<*mut u8>().write(span.free) };
        span.free = block;
        span.live = span.live.wrapping_sub(1);
        if span.live == 0 || span.state.has(State::FULL) {
            self.settle(id);
        }
    }

    /// Resizes a block and gives its new place; null when there is no room, and
    /// then the old block stays as it is. A null block is a new one.
    ///
    /// # Safety
    /// `block` must be null or come from this heap; after success only the
    /// result may be used.
    #[must_use]
    pub unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        let id = self.pages.owner_of(block);
        let span = *self.pages.span(id);
        let usable = match Class::from_number(span.class) {
            Some(class) => {
                let usable = class.size();
                // Shrinking by less than half is not worth a copy.
                if size <= usable && size > usable / 2 || Class::of(size) == Some(class) {
                    return block;
                }
                usable
            }
            None if span.class == LARGE => {
                let usable = span.pages as usize * PAGE;
                if size > PAGE || size > usable / 2 {
                    let Some(pages) = page_count(size) else { return null_mut() };
                    if pages <= span.pages {
                        self.pages.shrink(id, pages);
                        return block;
                    }
                    if self.pages.grow(id, pages) {
                        return block;
                    }
                }
                usable
            }
            None => return if block.is_null() { self.malloc(size) } else { null_mut() },
        };
        let target = if size > usable.max(class::MAX) { self.growing(size) } else { self.malloc(size) };
        if target.is_null() {
            // A smaller block can always stay where it is.
            return if size <= usable { block } else { target };
        }
        // SAFETY: both blocks have that many bytes, and the new one is disjoint
        // from the old one, which is still in use.
        unsafe { target.copy_from_nonoverlapping(block, usable.min(size)) };
        // SAFETY: the caller gave the block up, and it was in use.
        unsafe { self.free(block) };
        target
    }

    /// Bytes that may be used of a block; 0 for null.
    #[inline]
    #[must_use]
    pub fn usable_size(&mut self, block: *const u8) -> usize {
        let id = self.pages.owner_of(block);
        let span = self.pages.span(id);
        match Class::from_number(span.class) {
            Some(class) => class.size(),
            None if span.class == LARGE => span.pages as usize * PAGE,
            None => 0,
        }
    }

    /// Bytes in use, in whole pages and with the heap's own tables.
    #[must_use]
    pub const fn used(&self) -> u64 {
        self.pages.used() as u64 * PAGE as u64
    }

    /// Most bytes ever in use, counted as in [`Heap::used`].
    #[must_use]
    pub const fn peak(&self) -> u64 {
        self.pages.peak() as u64 * PAGE as u64
    }

    #[inline(always)]
    fn small(&mut self, class: Class) -> Block {
        let current = self.spans(class).current;
        let span = self.pages.span(current);
        let address = span.free;
        if address.is_null() {
            return self.carve(class);
        }
        // SAFETY: blocks on a free list hold the next one's address.
        span.free = unsafe { address.cast::<*mut u8>().read() };
        span.live += 1;
        Block { address, dirty: usize::MAX }
    }

    /// A block that was never used, or one from another span.
    #[inline(never)]
    fn carve(&mut self, class: Class) -> Block {
        loop {
            let current = self.spans(class).current;
            let span = self.pages.span(current);
            if !span.free.is_null() {
                return self.small(class);
            }
            if span.carved < span.capacity {
                let offset = usize::from(span.carved) * class.size();
                span.carved += 1;
                span.live += 1;
                let dirty = if span.state.has(State::ZEROED) { 0 } else { usize::MAX };
                let start = span.start;
                return Block { address: self.pages.address(start).wrapping_add(offset), dirty };
            }
            if current != SpanId::NONE {
                span.state = span.state.with(State::FULL);
            }
            let next = self.spans(class).partial;
            let next = if next == SpanId::NONE {
                match self.new_span(class) {
                    Some(id) => id,
                    None => {
                        self.spans(class).current = SpanId::NONE;
                        return Block::NONE;
                    }
                }
            } else {
                self.spans(class).partial = self.pages.remove(next, next);
                next
            };
            self.spans(class).current = next;
        }
    }

    #[cold]
    fn new_span(&mut self, class: Class) -> Option<SpanId> {
        let least = class.least_pages();
        let wanted = class.span_pages(self.spans(class).count);
        let run = self.pages.take(wanted).or_else(|| self.pages.take(least)).or_else(|| {
            self.purge();
            self.pages.take(least)
        })?;
        let span = self.pages.span(run.id);
        let blocks = span.pages as usize * PAGE / class.size();
        *span = Span {
            class: class.number(),
            capacity: u16::try_from(blocks).unwrap_or(u16::MAX),
            state: if run.dirty == 0 { State::ZEROED } else { State::NONE },
            ..*span
        };
        span.free = null_mut();
        span.live = 0;
        span.carved = 0;
        self.pages.mark_all(run.id);
        self.spans(class).count += 1;
        Some(run.id)
    }

    /// What a free block changes for its span: a full one has a block again, an
    /// empty one goes back to the page pool or starts over.
    #[inline(never)]
    fn settle(&mut self, id: SpanId) {
        let span = self.pages.span(id);
        let Some(class) = Class::from_number(span.class) else { return };
        let (empty, full) = (span.live == 0, span.state.has(State::FULL));
        let current = self.spans(class).current == id;
        if empty && !(current && class.size() <= KEEP_MAX) {
            let mut spans = *self.spans(class);
            if current {
                spans.current = SpanId::NONE;
            } else if !full {
                spans.partial = self.pages.remove(spans.partial, id);
            }
            spans.count -= 1;
            *self.spans(class) = spans;
            self.pages.give(id);
        } else if empty {
            // From its lowest block again, which is dirty already.
            let span = self.pages.span(id);
            span.free = null_mut();
            span.carved = 0;
            span.state = State::NONE;
        } else if full {
            let span = self.pages.span(id);
            span.state = span.state.without(State::FULL);
            let partial = self.spans(class).partial;
            self.spans(class).partial = self.pages.push(partial, id);
        }
    }

    #[inline(never)]
    fn large(&mut self, size: usize) -> Block {
        let Some(pages) = page_count(size) else { return Block::NONE };
        let run = self.pages.take(pages).or_else(|| {
            self.purge();
            self.pages.take(pages)
        });
        let Some(run) = run else { return Block::NONE };
        let address = self.start_of(run.id);
        Block { address, dirty: run.dirty }
    }

    /// A large block that takes the place of a smaller one.
    #[inline(never)]
    fn growing(&mut self, size: usize) -> *mut u8 {
        let run = page_count(size).and_then(|pages| self.pages.take_growing(pages));
        match run {
            Some(run) => self.start_of(run.id),
            None => self.large(size).address,
        }
    }

    #[inline(never)]
    fn free_large(&mut self, id: SpanId) {
        if self.pages.span(id).class == LARGE {
            self.pages.give(id);
        }
    }

    /// Gives the empty spans back that [`Heap::settle`] kept.
    #[cold]
    fn purge(&mut self) {
        for spans in &mut self.classes {
            let span = self.pages.span(spans.current);
            if spans.current != SpanId::NONE && span.live == 0 {
                self.pages.give(spans.current);
                spans.current = SpanId::NONE;
                spans.count -= 1;
            }
        }
    }

    fn start_of(&mut self, id: SpanId) -> *mut u8 {
        let start = self.pages.span(id).start;
        self.pages.address(start)
    }

    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a class's index is masked to the array's length")]
    fn spans(&mut self, class: Class) -> &mut Spans {
        &mut self.classes[class.index()]
    }
}

/// Pages for a large block, or `None` when no region is that large.
fn page_count(size: usize) -> Option<u32> {
    u32::try_from(size.max(1).div_ceil(PAGE)).ok().filter(|pages| *pages < bins::MAX_PAGES)
}
