//! The page pool: runs of pages from one region, lowest addresses first.
//!
//! Free runs coalesce with their neighbours at once and are found through
//! [`Bins`]; what was never used, or was given back at the end, lies above
//! `top`. Pages at or above `pristine` were never handed out, so they still hold
//! the zeros that the region came with.

use super::{
    PAGE,
    bins::{Bin, Bins},
    span::{FREE, LARGE, PER_PAGE, Span, SpanId, Table},
};

/// Longest chunk of descriptors, in pages.
const MAX_CHUNK: u32 = 64;
/// Runs of a bin that may be too short which are looked at before new pages are
/// touched.
const LOOKS: u32 = 8;

/// See the module.
#[derive(Debug)]
pub(super) struct Pages {
    table: Table,
    bins: Bins,
    /// End of the part of the region that is in use or in a bin.
    top: u32,
    /// Largest `top` so far.
    pristine: u32,
    used: u32,
    peak: u32,
    /// Descriptors that were given back.
    spare: SpanId,
    /// Descriptors of the newest chunk that were never used.
    fresh: (SpanId, u32),
    next_chunk: u32,
}

/// A run that was taken from the pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) id: SpanId,
    /// Bytes at its start that may not be zero.
    pub(super) dirty: usize,
}

impl Pages {
    /// # Safety
    /// As [`Table::new`].
    pub(super) unsafe fn new(base: *mut u8, pages: u32) -> Option<Self> {
        // SAFETY: the caller's promise.
        let (table, own) = unsafe { Table::new(base, pages) }?;
        Some(Self {
            table,
            bins: Bins::new(),
            top: own,
            pristine: own,
            used: own,
            peak: own,
            spare: SpanId::NONE,
            fresh: (SpanId::NONE, 0),
            next_chunk: 1,
        })
    }

    /// The descriptor with this name.
    #[inline(always)]
    pub(super) fn span(&mut self, id: SpanId) -> &mut Span {
        self.table.span(id)
    }

    /// Address of a page.
    #[inline(always)]
    pub(super) fn address(&self, page: u32) -> *mut u8 {
        self.table.address(page)
    }

    /// The span that owns `address`; [`SpanId::NONE`] for what never came from
    /// this pool.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "below `top`, which is a u32")]
    pub(super) fn owner_of(&self, address: *const u8) -> SpanId {
        let page = self.table.page_of(address);
        if page >= self.top as usize {
            return SpanId::NONE;
        }
        self.table.owner(page as u32)
    }

    /// Pages handed out, tables included.
    pub(super) const fn used(&self) -> u32 {
        self.used
    }

    /// Most pages ever handed out.
    pub(super) const fn peak(&self) -> u32 {
        self.peak
    }

    /// Takes a run of `pages`, marked [`LARGE`].
    pub(super) fn take(&mut self, pages: u32) -> Option<Run> {
        let pristine = self.pristine;
        let id = match self.find(pages) {
            Some(id) => id,
            None => self.extend(pages)?,
        };
        Some(self.finish(id, pages, pristine))
    }

    /// As [`Pages::take`], with as much again free behind the run if that can be
    /// had: what grew once will grow again, and then need not move.
    pub(super) fn take_growing(&mut self, pages: u32) -> Option<Run> {
        let wanted = pages.saturating_mul(2);
        let id = self.find(wanted).or_else(|| {
            // Above `top`, only pages that were touched before are worth it.
            if wanted <= self.pristine - self.top { self.extend(pages) } else { None }
        });
        match id {
            Some(id) => Some(self.finish(id, pages, self.pristine)),
            None => self.take(pages),
        }
    }

    fn finish(&mut self, id: SpanId, pages: u32, pristine: u32) -> Run {
        self.cut(id, pages);
        let span = self.table.span(id);
        span.class = LARGE;
        let (start, pages) = (span.start, span.pages);
        self.mark(id);
        self.count(pages);
        Run { id, dirty: pristine.saturating_sub(start).min(pages) as usize * PAGE }
    }

    /// Takes a run of `pages` of which the first is aligned to `align` bytes, a
    /// power of two and a multiple of the page size.
    pub(super) fn take_aligned(&mut self, pages: u32, align: usize) -> Option<Run> {
        let slack = u32::try_from(align / PAGE).ok()?.checked_sub(1)?;
        let run = self.take(pages.checked_add(slack)?)?;
        let start = self.table.span(run.id).start;
        let address = self.table.address(start).addr();
        let skip = u32::try_from(address.wrapping_neg() % align / PAGE).ok()?;
        let mut id = run.id;
        if skip > 0 {
            let Some(rest) = self.descriptor() else {
                self.give(run.id);
                return None;
            };
            let all = *self.table.span(run.id);
            *self.table.span(rest) = Span::run(LARGE, start + skip, all.pages - skip);
            self.table.span(run.id).pages = skip;
            self.mark(run.id);
            self.mark(rest);
            self.give(run.id);
            id = rest;
        }
        self.shrink(id, pages);
        Some(Run { id, dirty: usize::MAX })
    }

    /// Gives a run back.
    pub(super) fn give(&mut self, id: SpanId) {
        let mut span = *self.table.span(id);
        self.used -= span.pages;
        if span.end() < self.top {
            let after = self.table.owner(span.end());
            let next = *self.table.span(after);
            if next.class == FREE {
                self.unlink(after);
                self.discard(after);
                span.pages += next.pages;
            }
        }
        // The page below the first run belongs to the tables.
        let before = self.table.owner(span.start - 1);
        let previous = *self.table.span(before);
        if previous.class == FREE {
            self.unlink(before);
            self.discard(before);
            span.start = previous.start;
            span.pages += previous.pages;
        }
        if span.end() == self.top {
            self.top = span.start;
            self.discard(id);
        } else {
            *self.table.span(id) = Span::run(FREE, span.start, span.pages);
            self.mark(id);
            self.link(id);
        }
    }

    /// Shortens a run to its first `pages`, if a descriptor for the rest is to
    /// be had.
    pub(super) fn shrink(&mut self, id: SpanId, pages: u32) {
        let span = *self.table.span(id);
        if pages >= span.pages {
            return;
        }
        let Some(rest) = self.descriptor() else { return };
        *self.table.span(rest) = Span::run(LARGE, span.start + pages, span.pages - pages);
        self.table.span(id).pages = pages;
        self.mark(id);
        self.mark(rest);
        self.give(rest);
    }

    /// Lengthens a run to `pages` where it is, if what follows is free.
    pub(super) fn grow(&mut self, id: SpanId, pages: u32) -> bool {
        let span = *self.table.span(id);
        let missing = pages - span.pages;
        if span.end() == self.top {
            if missing > self.table.pages() - self.top {
                return false;
            }
            self.top += missing;
            self.pristine = self.pristine.max(self.top);
        } else {
            let after = self.table.owner(span.end());
            let next = *self.table.span(after);
            // A free run that ends at `top` does not exist: it would be above.
            if next.class != FREE || next.pages < missing {
                return false;
            }
            self.unlink(after);
            if next.pages == missing {
                self.discard(after);
            } else {
                *self.table.span(after) = Span::run(FREE, next.start + missing, next.pages - missing);
                self.mark(after);
                self.link(after);
            }
        }
        self.table.span(id).pages = pages;
        self.mark(id);
        self.count(missing);
        true
    }

    /// Lists a span in front of `head`, and gives the new head.
    pub(super) fn push(&mut self, head: SpanId, id: SpanId) -> SpanId {
        let span = self.table.span(id);
        span.next = head;
        span.previous = SpanId::NONE;
        if head != SpanId::NONE {
            self.table.span(head).previous = id;
        }
        id
    }

    /// Takes a span off the list that starts at `head`, and gives the new head.
    pub(super) fn remove(&mut self, head: SpanId, id: SpanId) -> SpanId {
        let Span { next, previous, .. } = *self.table.span(id);
        if next != SpanId::NONE {
            self.table.span(next).previous = previous;
        }
        if previous == SpanId::NONE {
            return next;
        }
        self.table.span(previous).next = next;
        head
    }

    /// A free run of at least `pages`, off its list.
    fn find(&mut self, pages: u32) -> Option<SpanId> {
        if let Some(bin) = self.bins.first_from(Bin::fitting(pages)) {
            let id = self.bins.head(bin);
            if self.table.span(id).pages >= pages {
                self.unlink(id);
                return Some(id);
            }
        }
        // Runs of the bin below may fit too. When nothing else is left, all of
        // them are worth a look.
        let looks = if pages <= self.table.pages() - self.top { LOOKS } else { u32::MAX };
        let mut id = self.bins.head(Bin::holding(pages));
        for _ in 0..looks {
            if id == SpanId::NONE {
                break;
            }
            let span = self.table.span(id);
            if span.pages >= pages {
                self.unlink(id);
                return Some(id);
            }
            id = span.next;
        }
        None
    }

    /// Puts what a free run has beyond `pages` back.
    fn cut(&mut self, id: SpanId, pages: u32) {
        let span = *self.table.span(id);
        if span.pages == pages {
            return;
        }
        // Without a descriptor the run stays whole, which wastes but works.
        let Some(rest) = self.descriptor() else { return };
        *self.table.span(rest) = Span::run(FREE, span.start + pages, span.pages - pages);
        self.mark(rest);
        self.link(rest);
        self.table.span(id).pages = pages;
    }

    /// A run of `pages` from above `top`.
    fn extend(&mut self, pages: u32) -> Option<SpanId> {
        if pages > self.table.pages() - self.top {
            return None;
        }
        let id = self.descriptor()?;
        if pages > self.table.pages() - self.top {
            self.discard(id);
            return None;
        }
        *self.table.span(id) = Span::run(LARGE, self.top, pages);
        self.top += pages;
        self.pristine = self.pristine.max(self.top);
        Some(id)
    }

    /// A descriptor with unspecified contents.
    fn descriptor(&mut self) -> Option<SpanId> {
        if self.spare != SpanId::NONE {
            let id = self.spare;
            self.spare = self.table.span(id).next;
            return Some(id);
        }
        if self.fresh.1 == 0 {
            self.fresh = self.chunk()?;
        }
        let (id, left) = self.fresh;
        self.fresh = (id.following(), left - 1);
        Some(id)
    }

    /// Pages for more descriptors. They stay where they are for good, so chunks
    /// double: few of them can ever stand between free runs.
    fn chunk(&mut self) -> Option<(SpanId, u32)> {
        let pages = self.next_chunk.min(self.table.pages() - self.top);
        let (start, pages) = if pages > 0 {
            self.next_chunk = (self.next_chunk * 2).min(MAX_CHUNK);
            self.top += pages;
            self.pristine = self.pristine.max(self.top);
            (self.top - pages, pages)
        } else {
            let id = self.bins.head(self.bins.first_from(Bin::holding(1))?);
            self.unlink(id);
            let span = self.table.span(id);
            span.pages -= 1;
            let page = span.end();
            if span.pages == 0 {
                self.discard(id);
            } else {
                self.mark(id);
                self.link(id);
            }
            (page, 1)
        };
        for page in start..start + pages {
            self.table.set_owner(page, SpanId::NONE);
        }
        self.count(pages);
        Some((SpanId::first_in(start), pages * PER_PAGE))
    }

    fn discard(&mut self, id: SpanId) {
        *self.table.span(id) = Span { next: self.spare, ..Span::run(LARGE, 0, 0) };
        self.spare = id;
    }

    fn link(&mut self, id: SpanId) {
        let bin = Bin::holding(self.table.span(id).pages);
        let head = self.push(self.bins.head(bin), id);
        self.bins.set_head(bin, head);
    }

    fn unlink(&mut self, id: SpanId) {
        let bin = Bin::holding(self.table.span(id).pages);
        let head = self.remove(self.bins.head(bin), id);
        self.bins.set_head(bin, head);
    }

    /// Makes a run the owner of its first and last page.
    fn mark(&mut self, id: SpanId) {
        let Span { start, pages, .. } = *self.table.span(id);
        self.table.set_owner(start, id);
        self.table.set_owner(start + pages - 1, id);
    }

    /// Makes a span the owner of all its pages.
    pub(super) fn mark_all(&mut self, id: SpanId) {
        let Span { start, pages, .. } = *self.table.span(id);
        for page in start..start + pages {
            self.table.set_owner(page, id);
        }
    }

    fn count(&mut self, pages: u32) {
        self.used += pages;
        self.peak = self.peak.max(self.used);
    }
}
