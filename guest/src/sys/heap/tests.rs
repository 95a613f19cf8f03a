//! Tests against a model: a list of live blocks whose contents are known.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

extern crate std;

use super::{Heap, PAGE, class, page_count};
use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    vec::Vec,
};

/// A region that is freed again, with its heap.
struct Region {
    heap: Heap,
    base: *mut u8,
    layout: Layout,
}

impl Region {
    fn new(size: usize) -> Self {
        let layout = Layout::from_size_align(size, PAGE).expect("a layout");
        // SAFETY: the size is not zero.
        let base = unsafe { alloc_zeroed(layout) };
        assert!(!base.is_null());
        // SAFETY: the region is new, zeroed, and freed after the heap.
        let heap = unsafe { Heap::new(base, size) }.expect("room for the tables");
        Self { heap, base, layout }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: it was allocated with this layout, and the heap dies with it.
        unsafe { dealloc(self.base, self.layout) }
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }

    /// Mostly small sizes, as JavaScript has them, and a few large ones.
    fn size(&mut self, largest: usize) -> usize {
        let limit = match self.below(100) {
            0..60 => 160,
            60..85 => 1024,
            85..96 => 20_000,
            _ => 300_000,
        };
        self.below(limit.min(largest))
    }
}

struct Live {
    at: *mut u8,
    size: usize,
    tag: u8,
}

impl Live {
    fn new(at: *mut u8, size: usize, tag: u8) -> Self {
        // SAFETY: the heap gave the block with at least `size` bytes.
        unsafe { at.write_bytes(tag, size) };
        Self { at, size, tag }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: the block is live, and `new` wrote all of it.
        unsafe { core::slice::from_raw_parts(self.at, self.size) }
    }

    fn check(&self) {
        assert!(self.bytes().iter().all(|byte| *byte == self.tag), "a block of {} bytes changed", self.size);
    }
}

/// Runs random operations and checks every promise after each.
fn exercise(region: usize, seed: u64, steps: usize, largest: usize) {
    let mut region = Region::new(region);
    let (low, size) = (region.base.addr(), region.layout.size());
    let heap = &mut region.heap;
    let empty = heap.used();
    let mut random = Random(seed);
    let mut live: Vec<Live> = Vec::new();
    let mut failed = 0;
    for step in 0..steps {
        let tag = u8::try_from(step % 251).unwrap_or(0);
        match random.below(100) {
            0..45 => {
                let wanted = random.size(largest);
                let at = match random.below(4) {
                    0 => {
                        let at = heap.calloc(wanted);
                        if !at.is_null() {
                            // SAFETY: the block is new and all zeros.
                            let bytes = unsafe { core::slice::from_raw_parts(at, wanted) };
                            assert!(bytes.iter().all(|byte| *byte == 0), "calloc of {wanted}");
                        }
                        at
                    }
                    1 => {
                        let align = 1 << random.below(16);
                        let at = heap.aligned(wanted, align);
                        assert_eq!(at.addr() % align, 0);
                        at
                    }
                    _ => heap.malloc(wanted),
                };
                if at.is_null() {
                    failed += 1;
                    continue;
                }
                assert_eq!(at.addr() % 16, 0);
                assert!(at.addr() >= low && at.addr() + wanted <= low + size);
                let usable = heap.usable_size(at);
                assert!(usable >= wanted);
                live.push(Live::new(at, usable, tag));
            }
            45..60 if !live.is_empty() => {
                let index = random.below(live.len());
                let old = live.swap_remove(index);
                old.check();
                let wanted = if random.below(2) == 0 { old.size * 3 / 2 } else { random.size(largest) };
                // SAFETY: the block is live and was taken out of the list.
                let at = unsafe { heap.realloc(old.at, wanted) };
                if at.is_null() {
                    failed += 1;
                    old.check();
                    live.push(old);
                    continue;
                }
                let kept = Live { at, size: wanted.min(old.size), tag: old.tag };
                kept.check();
                let usable = heap.usable_size(at);
                assert!(usable >= wanted);
                live.push(Live::new(at, usable, tag));
            }
            _ if !live.is_empty() => {
                let index = random.below(live.len());
                let old = live.swap_remove(index);
                old.check();
                // SAFETY: the block is live and was taken out of the list.
                unsafe { heap.free(old.at) };
            }
            _ => {}
        }
        if step % 4096 == 0 {
            let mut ranges: Vec<_> = live.iter().map(|block| (block.at.addr(), block.size)).collect();
            ranges.sort_unstable();
            assert!(ranges.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0), "blocks overlap");
        }
    }
    for block in live.drain(..) {
        block.check();
        // SAFETY: the block is live and goes now.
        unsafe { heap.free(block.at) };
    }
    heap.purge();
    assert!(heap.peak() >= heap.used());
    // Descriptors stay; blocks do not.
    assert!(heap.used() - empty <= (size / 64 + 4 * PAGE) as u64, "{} bytes are lost", heap.used() - empty);
    // All of it can be had again in large pieces.
    let mut pieces = 0;
    while !heap.malloc(64 << 10).is_null() {
        pieces += 1;
    }
    assert!(pieces * (64 << 10) >= size * 3 / 4 - (256 << 10), "{pieces} pieces, {failed} failures");
}

#[test]
fn random_use_keeps_every_promise_when_memory_is_plenty() {
    for seed in 1..6 {
        exercise(64 << 20, seed, 60_000, usize::MAX);
    }
}

#[test]
fn random_use_keeps_every_promise_when_memory_is_short() {
    for seed in 1..20 {
        exercise(1 << 20, seed, 20_000, usize::MAX);
        exercise(1 << 20, seed * 77, 20_000, 400);
    }
}

#[test]
fn exhaustion_gives_null_and_everything_can_be_used_again() {
    let mut region = Region::new(4 << 20);
    for size in [16, 24, 100, 256, 1000, 5000, 16_384, 100_000] {
        let mut blocks = Vec::new();
        loop {
            let at = region.heap.malloc(size);
            if at.is_null() {
                break;
            }
            blocks.push(at);
        }
        let held = blocks.len() * region.heap.usable_size(blocks[0]);
        assert!(held > (4 << 20) * 17 / 20, "{held} bytes in blocks of {size}");
        assert!(region.heap.malloc(PAGE * 40).is_null());
        for at in blocks {
            // SAFETY: each block is freed once.
            unsafe { region.heap.free(at) };
        }
    }
}

#[test]
fn the_last_freed_block_is_used_next() {
    let mut region = Region::new(1 << 20);
    let blocks: Vec<_> = (0..60).map(|_| region.heap.malloc(64)).collect();
    let used = region.heap.used();
    for block in blocks {
        // SAFETY: the block is live, and is taken again right after.
        unsafe { region.heap.free(block) };
        assert_eq!(region.heap.malloc(64), block);
    }
    assert_eq!(region.heap.used(), used);
}

#[test]
fn a_large_block_grows_and_shrinks_where_it_is() {
    let mut region = Region::new(16 << 20);
    let at = region.heap.malloc(100_000);
    for size in [200_000, 4_000_000, 8_000_000, 3_000_000, 20_000] {
        // SAFETY: the block is live and stays at its place.
        assert_eq!(unsafe { region.heap.realloc(at, size) }, at);
        assert_eq!(region.heap.usable_size(at), page_count(size).expect("fits") as usize * PAGE);
    }
    // Its tail is free again.
    assert!(!region.heap.malloc(14 << 20).is_null());
}

#[test]
fn a_large_block_moves_when_its_neighbour_is_taken() {
    let mut region = Region::new(16 << 20);
    let at = Live::new(region.heap.malloc(100_000), 100_000, 7);
    let neighbour = region.heap.malloc(100_000);
    // SAFETY: the block is live and replaced by the result.
    let moved = unsafe { region.heap.realloc(at.at, 200_000) };
    assert!(!moved.is_null() && moved != at.at && moved != neighbour);
    Live { at: moved, size: 100_000, tag: 7 }.check();
}

#[test]
fn odd_requests_have_defined_answers() {
    let mut region = Region::new(1 << 20);
    let heap = &mut region.heap;
    assert!(!heap.malloc(0).is_null());
    for size in [1 << 20, usize::MAX, usize::MAX - PAGE, 1 << 45] {
        assert!(heap.malloc(size).is_null());
        assert!(heap.calloc(size).is_null());
        assert!(heap.aligned(size, 64).is_null());
    }
    assert!(heap.aligned(16, 1 << 40).is_null());
    assert_eq!(heap.usable_size(core::ptr::null()), 0);
    let stranger = 0u64;
    // SAFETY: neither is a block; the heap ignores what it does not own.
    unsafe { heap.free(core::ptr::null_mut()) };
    // SAFETY: as above.
    unsafe { heap.free((&raw const stranger).cast_mut().cast()) };
    let block = heap.malloc(40);
    // SAFETY: the block is live, also after the resize that fails.
    assert!(unsafe { heap.realloc(block, 1 << 30) }.is_null());
    assert_eq!(heap.usable_size(block), 48);
    assert!(class::Class::of(40).is_some());
}

#[test]
fn untouched_pages_stay_untouched() {
    let mut region = Region::new(64 << 20);
    let blocks: Vec<_> = (0..200).map(|index| region.heap.malloc(index)).collect();
    let large = region.heap.malloc(8 << 20);
    assert!(!large.is_null());
    for block in blocks {
        // SAFETY: each block is freed once.
        unsafe { region.heap.free(block) };
    }
    // SAFETY: all of the region is readable.
    let bytes = unsafe { core::slice::from_raw_parts(region.base, region.layout.size()) };
    let dirty = bytes.chunks(PAGE).filter(|page| page.iter().any(|byte| *byte != 0)).count();
    assert!(dirty <= 16, "{dirty} pages were written to");
}

#[test]
fn a_region_that_is_too_small_is_refused() {
    let mut page = [0u64; 512];
    // SAFETY: the array lives on, and nothing comes of it.
    assert!(unsafe { Heap::new(page.as_mut_ptr().cast(), size_of_val(&page)) }.is_none());
    // SAFETY: as above.
    assert!(unsafe { Heap::new(page.as_mut_ptr().cast(), 0) }.is_none());
}
