//! Free page runs by length: the index that finds a run of at least `n` pages in
//! constant time.
//!
//! Eight bins per doubling, exact up to 15 pages, with a bitmap of the bins that
//! are not empty (the scheme of TLSF).

use super::span::SpanId;

/// Longest run in pages: 8 GiB.
pub(super) const MAX_PAGES: u32 = 1 << 21;
const COUNT: usize = 160;
const WORDS: usize = COUNT.div_ceil(64);

/// Heads of the lists of free runs.
#[derive(Debug)]
pub(super) struct Bins {
    bitmap: [u64; WORDS],
    heads: [SpanId; COUNT],
}

/// A bin; always below [`COUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bin(usize);

impl Bin {
    /// The bin that holds runs of `pages`.
    pub(super) fn holding(pages: u32) -> Self {
        let pages = pages.min(MAX_PAGES);
        if pages < 8 {
            return Self(pages as usize);
        }
        let doubling = pages.ilog2();
        Self((8 * (doubling - 2) + ((pages >> (doubling - 3)) & 7)) as usize)
    }

    /// The first bin of which every run has at least `pages`.
    pub(super) fn fitting(pages: u32) -> Self {
        let bin = Self::holding(pages);
        let exact = pages < 16 || pages & ((1 << (pages.ilog2() - 3)) - 1) == 0;
        if exact { bin } else { Self((bin.0 + 1).min(COUNT - 1)) }
    }
}

impl Bins {
    pub(super) const fn new() -> Self {
        Self { bitmap: [0; WORDS], heads: [SpanId::NONE; COUNT] }
    }

    /// First run of `bin`.
    pub(super) fn head(&self, bin: Bin) -> SpanId {
        self.heads.get(bin.0).copied().unwrap_or(SpanId::NONE)
    }

    /// Replaces the first run of `bin`.
    pub(super) fn set_head(&mut self, bin: Bin, head: SpanId) {
        if let (Some(slot), Some(word)) = (self.heads.get_mut(bin.0), self.bitmap.get_mut(bin.0 / 64)) {
            *slot = head;
            let bit = 1 << (bin.0 % 64);
            *word = if head == SpanId::NONE { *word & !bit } else { *word | bit };
        }
    }

    /// The first bin from `bin` on that is not empty.
    pub(super) fn first_from(&self, bin: Bin) -> Option<Bin> {
        let mut mask = u64::MAX << (bin.0 % 64);
        for (index, word) in self.bitmap.iter().enumerate().skip(bin.0 / 64) {
            let found = word & mask;
            if found != 0 {
                return Some(Bin(index * 64 + found.trailing_zeros() as usize));
            }
            mask = u64::MAX;
        }
        None
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_fitting_bin_never_holds_a_run_that_is_too_short() {
        let mut shortest = [u32::MAX; COUNT];
        for pages in 1..20_000 {
            let slot = &mut shortest[Bin::holding(pages).0];
            *slot = (*slot).min(pages);
        }
        for pages in 1..16_000 {
            let fitting = Bin::fitting(pages);
            assert!(shortest[fitting.0] >= pages);
            assert!(fitting.0 - Bin::holding(pages).0 <= 1);
        }
        assert!(Bin::holding(MAX_PAGES).0 < COUNT);
    }

    #[test]
    fn the_bitmap_finds_the_next_bin() {
        let mut bins = Bins::new();
        assert_eq!(bins.first_from(Bin(0)), None);
        for bin in [Bin(3), Bin(64), Bin(159)] {
            bins.set_head(bin, SpanId::FIRST);
        }
        assert_eq!(bins.first_from(Bin(0)), Some(Bin(3)));
        assert_eq!(bins.first_from(Bin(4)), Some(Bin(64)));
        assert_eq!(bins.first_from(Bin(65)), Some(Bin(159)));
        bins.set_head(Bin(159), SpanId::NONE);
        assert_eq!(bins.first_from(Bin(65)), None);
    }
}
