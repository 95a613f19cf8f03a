//! Size classes: which block size serves a request, and how many pages a span
//! of such blocks takes.
//!
//! Sixteen-byte steps up to 256 bytes, then eight steps per doubling, so that a
//! block is never more than 12.5 % larger than asked for beyond 256 bytes. Dense
//! classes are what keeps the page count of a JavaScript heap low: its blocks
//! are many, small and of few sizes.

use super::PAGE;

/// Number of size classes.
pub(super) const COUNT: usize = 64;
/// Largest request that a class serves; beyond it, blocks are whole pages.
pub(super) const MAX: usize = 16 << 10;
/// Most pages of a span: bounds what an almost empty span can hold back.
const MAX_SPAN_PAGES: u32 = 16;

/// Last size of the sixteen-byte steps.
const FINE_MAX: usize = 256;
/// Number of sixteen-byte steps.
const FINE: usize = FINE_MAX / 16;

/// A size class; always below [`COUNT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u8);

impl Class {
    /// The class with this number, as stored in a span.
    pub(super) const fn from_number(number: u8) -> Option<Self> {
        if (number as usize) < COUNT { Some(Self(number)) } else { None }
    }

    /// The number to store in a span.
    pub(super) const fn number(self) -> u8 {
        self.0
    }

    /// Index into an array of [`COUNT`] entries.
    #[inline(always)]
    pub(super) const fn index(self) -> usize {
        // The mask changes nothing; it lets the compiler drop bounds checks.
        self.0 as usize & (COUNT - 1)
    }

    /// The class that serves `size` bytes, if one does.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "an index below 64")]
    pub(super) const fn of(size: usize) -> Option<Self> {
        if size <= FINE_MAX {
            let size = if size == 0 { 1 } else { size };
            return Some(Self(((size - 1) / 16) as u8));
        }
        if size > MAX {
            return None;
        }
        let last = size - 1;
        let doubling = last.ilog2();
        let step = (last >> (doubling - 3)) & 7;
        Some(Self((FINE + 8 * (doubling as usize - 8) + step) as u8))
    }

    /// Bytes of a block of this class.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "the index is masked to the array's length")]
    pub(super) const fn size(self) -> usize {
        SIZES[self.index()] as usize
    }

    /// Pages of the next span of a class that has `spans` already: the first
    /// one is as small as it can be, later ones grow, so that a class which is
    /// used a lot changes its span rarely.
    #[inline]
    pub(super) const fn span_pages(self, spans: u32) -> u32 {
        let least = self.least_pages();
        let most = MAX_SPAN_PAGES / least;
        least * if spans < most { spans + 1 } else { most }
    }

    /// Fewest pages of a span that wastes no more than an eighth of itself.
    #[expect(clippy::indexing_slicing, reason = "the index is masked to the array's length")]
    pub(super) const fn least_pages(self) -> u32 {
        LEAST_PAGES[self.index()] as u32
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses an index that is too large; sizes are checked below"
)]
const SIZES: [u16; COUNT] = {
    let mut sizes = [0; COUNT];
    let mut class = 0;
    while class < COUNT {
        sizes[class] = if class < FINE {
            (class as u16 + 1) * 16
        } else {
            let (doubling, step) = ((class - FINE) / 8, (class - FINE) % 8);
            (9 + step as u16) << (doubling + 5)
        };
        class += 1;
    }
    sizes
};

#[expect(
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses an index that is too large"
)]
const LEAST_PAGES: [u8; COUNT] = {
    let mut all = [0; COUNT];
    let mut class = 0;
    while class < COUNT {
        let size = SIZES[class] as usize;
        let mut pages = 1;
        while pages * PAGE < size || (pages * PAGE % size) * 8 > pages * PAGE {
            pages += 1;
        }
        assert!(pages <= MAX_SPAN_PAGES as usize);
        all[class] = pages as u8;
        class += 1;
    }
    all
};

const _: () = assert!(SIZES[COUNT - 1] as usize == MAX);
// A span counts its blocks in 16 bits.
const _: () = assert!(MAX_SPAN_PAGES as usize * PAGE / 16 <= u16::MAX as usize);

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_class_that_fits() {
        let mut previous = 0;
        for size in 1..=MAX {
            let class = Class::of(size).expect("a small size");
            assert!(class.size() >= size, "{size}");
            assert!(class.size() - size < 16.max(size.div_ceil(8)), "{size} in {}", class.size());
            assert!(class.number() >= previous);
            assert_eq!(Class::of(class.size()), Some(class));
            previous = class.number();
        }
        assert_eq!(usize::from(previous), COUNT - 1);
        assert_eq!(Class::of(0), Class::of(16));
        assert_eq!(Class::of(MAX + 1), None);
    }

    #[test]
    fn a_span_holds_at_least_one_block_and_grows() {
        for number in 0..64 {
            let class = Class::from_number(number).expect("a class");
            assert!(class.span_pages(0) as usize * PAGE >= class.size());
            for spans in 0..40 {
                assert!(class.span_pages(spans) <= class.span_pages(spans + 1));
                assert!(class.span_pages(spans) <= MAX_SPAN_PAGES);
            }
        }
        assert!(Class::from_number(64).is_none());
    }
}
