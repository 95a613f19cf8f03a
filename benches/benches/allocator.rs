//! The guest's heap against glibc's `malloc`, `talc` and `rlsf`, on traces of
//! what a JavaScript engine asks for.
//!
//! Every allocator sees the same requests in the same order, each block is
//! written to as an engine would, and its usable size is asked for when it comes
//! and goes, as QuickJS does for its accounting. `talc` and `rlsf` do not tell
//! it, so they get the header that a C interface to them would need.
#![expect(unsafe_code, reason = "allocators are measured through raw pointers")]
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    hint::black_box,
    ptr::{NonNull, null_mut},
};

const REGION: usize = 256 << 20;

/// A C allocator. Sizes are not zero; a null result ends the benchmark.
trait Allocator {
    const NAME: &'static str;
    fn malloc(&mut self, size: usize) -> *mut u8;
    /// # Safety
    /// As C's `realloc`, with a live block.
    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8;
    /// # Safety
    /// As C's `free`, with a live block.
    unsafe fn free(&mut self, block: *mut u8);
    /// # Safety
    /// With a live block.
    unsafe fn usable_size(&mut self, block: *mut u8) -> usize;
}

/// Memory for an allocator that brings none.
struct Region(*mut u8);

impl Region {
    const LAYOUT: Layout = match Layout::from_size_align(REGION, 2 << 20) {
        Ok(layout) => layout,
        Err(_) => unreachable!(),
    };

    fn new() -> Self {
        // SAFETY: the size is not zero.
        let base = unsafe { alloc_zeroed(Self::LAYOUT) };
        assert!(!base.is_null(), "no memory for the region");
        Self(base)
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout in `new`.
        unsafe { dealloc(self.0, Self::LAYOUT) }
    }
}

struct Guest {
    heap: hypercell_guest::sys::heap::Heap,
    _region: Region,
}

impl Guest {
    fn new() -> Self {
        let region = Region::new();
        // SAFETY: the region is new and zeroed, and dropped after the heap.
        let heap = unsafe { hypercell_guest::sys::heap::Heap::new(region.0, REGION) };
        Self { heap: heap.expect("a large region"), _region: region }
    }
}

impl Allocator for Guest {
    const NAME: &'static str = "hypercell";
    fn malloc(&mut self, size: usize) -> *mut u8 {
        self.heap.malloc(size)
    }
    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { self.heap.realloc(block, size) }
    }
    unsafe fn free(&mut self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { self.heap.free(block) }
    }
    unsafe fn usable_size(&mut self, block: *mut u8) -> usize {
        self.heap.usable_size(block)
    }
}

struct Glibc;

impl Allocator for Glibc {
    const NAME: &'static str = "glibc";
    fn malloc(&mut self, size: usize) -> *mut u8 {
        // SAFETY: no preconditions.
        unsafe { libc::malloc(size).cast() }
    }
    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { libc::realloc(block.cast(), size).cast() }
    }
    unsafe fn free(&mut self, block: *mut u8) {
        // SAFETY: the caller's promise.
        unsafe { libc::free(block.cast()) }
    }
    unsafe fn usable_size(&mut self, block: *mut u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { libc::malloc_usable_size(block.cast()) }
    }
}

/// Bytes of the header that holds a block's size.
const HEADER: usize = 16;

fn layout(size: usize) -> Layout {
    // SAFETY: sizes of the traces are far from the limit.
    unsafe { Layout::from_size_align_unchecked(size + HEADER, 16) }
}

/// # Safety
/// `whole` must be a block of `layout(size)`.
unsafe fn with_header(whole: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: the header is part of the block.
    unsafe { whole.cast::<usize>().write(size) };
    whole.wrapping_add(HEADER)
}

/// # Safety
/// `block` must be a live block with a header.
unsafe fn header(block: *mut u8) -> usize {
    // SAFETY: the caller's promise.
    unsafe { block.wrapping_sub(HEADER).cast::<usize>().read() }
}

struct Rlsf {
    tlsf: rlsf::Tlsf<'static, u32, u32, 28, 32>,
    _region: Region,
}

impl Rlsf {
    fn new() -> Self {
        let region = Region::new();
        let mut tlsf = rlsf::Tlsf::new();
        let block = NonNull::slice_from_raw_parts(NonNull::new(region.0).expect("not null"), REGION);
        // SAFETY: the region is dropped after the allocator.
        unsafe { tlsf.insert_free_block_ptr(block) }.expect("a large region");
        Self { tlsf, _region: region }
    }
}

impl Allocator for Rlsf {
    const NAME: &'static str = "rlsf";
    fn malloc(&mut self, size: usize) -> *mut u8 {
        match self.tlsf.allocate(layout(size)) {
            // SAFETY: just allocated with this layout.
            Some(whole) => unsafe { with_header(whole.as_ptr(), size) },
            None => null_mut(),
        }
    }
    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        let Some(whole) = NonNull::new(block.wrapping_sub(HEADER)) else { return null_mut() };
        // SAFETY: the caller's promise.
        match unsafe { self.tlsf.reallocate(whole, layout(size)) } {
            // SAFETY: the block has this layout now.
            Some(whole) => unsafe { with_header(whole.as_ptr(), size) },
            None => null_mut(),
        }
    }
    unsafe fn free(&mut self, block: *mut u8) {
        if let Some(whole) = NonNull::new(block.wrapping_sub(HEADER)) {
            // SAFETY: the caller's promise; all blocks are aligned to 16.
            unsafe { self.tlsf.deallocate(whole, 16) }
        }
    }
    unsafe fn usable_size(&mut self, block: *mut u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { header(block) }
    }
}

struct Talc {
    talc: talc::base::Talc<talc::source::Manual, talc::base::binning::DefaultBinning>,
    _region: Region,
}

impl Talc {
    fn new() -> Self {
        let region = Region::new();
        let mut talc = talc::base::Talc::new(talc::source::Manual);
        // SAFETY: the region is dropped after the allocator.
        unsafe { talc.claim(region.0, REGION) }.expect("a large region");
        Self { talc, _region: region }
    }
}

impl Allocator for Talc {
    const NAME: &'static str = "talc";
    fn malloc(&mut self, size: usize) -> *mut u8 {
        // SAFETY: the layout's size is not zero.
        match unsafe { self.talc.allocate(layout(size)) } {
            // SAFETY: just allocated with this layout.
            Some(whole) => unsafe { with_header(whole.as_ptr(), size) },
            None => null_mut(),
        }
    }
    unsafe fn realloc(&mut self, block: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        let old = unsafe { self.usable_size(block) };
        let whole = block.wrapping_sub(HEADER);
        // SAFETY: the block has this layout.
        if unsafe { self.talc.try_realloc_in_place(whole, layout(old), size + HEADER) } {
            // SAFETY: the block has the new layout now.
            return unsafe { with_header(whole, size) };
        }
        let new = self.malloc(size);
        // SAFETY: both blocks have that many bytes, and are disjoint.
        unsafe { new.copy_from_nonoverlapping(block, old.min(size)) };
        // SAFETY: the caller gave it up.
        unsafe { self.free(block) };
        new
    }
    unsafe fn free(&mut self, block: *mut u8) {
        // SAFETY: the caller's promise.
        let size = unsafe { self.usable_size(block) };
        // SAFETY: the block has this layout.
        unsafe { self.talc.deallocate(block.wrapping_sub(HEADER), layout(size)) }
    }
    unsafe fn usable_size(&mut self, block: *mut u8) -> usize {
        // SAFETY: the caller's promise.
        unsafe { header(block) }
    }
}

/// What happens to one of a trace's slots.
#[derive(Clone, Copy)]
enum Step {
    Malloc(u32, u32),
    Realloc(u32, u32),
    Free(u32),
}

/// A sequence of steps that ends with every slot empty.
struct Trace {
    name: &'static str,
    steps: Vec<Step>,
    slots: u32,
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % u64::from(limit)) as u32
    }
}

/// Objects, property tables and short strings of a call that leaves nothing
/// behind.
fn small_call() -> Trace {
    let mut random = Random(1);
    let mut steps = Vec::new();
    let slots = 120;
    for _ in 0..50 {
        for slot in 0..slots {
            let sizes = [72, 32, 48, 24 + random.below(40), 128, 80];
            steps.push(Step::Malloc(slot, sizes[random.below(6) as usize]));
        }
        steps.extend((0..slots).rev().map(Step::Free));
    }
    Trace { name: "small-call", steps, slots }
}

/// A large tree of which random nodes are replaced (octane's Splay).
fn splay() -> Trace {
    let mut random = Random(2);
    let (nodes, parts) = (24_000, 4);
    let sizes = [80, 48, 32, 160];
    let mut steps = Vec::new();
    for slot in 0..nodes * parts {
        steps.push(Step::Malloc(slot, sizes[(slot % parts) as usize] - random.below(16)));
    }
    for _ in 0..100_000 {
        let node = random.below(nodes);
        for part in 0..parts {
            let slot = node * parts + part;
            steps.push(Step::Free(slot));
            steps.push(Step::Malloc(slot, sizes[part as usize] - random.below(16)));
        }
    }
    steps.extend((0..nodes * parts).map(Step::Free));
    Trace { name: "splay", steps, slots: nodes * parts }
}

/// Arrays that grow by half, among small blocks.
fn arrays() -> Trace {
    let mut random = Random(3);
    let (arrays, small) = (64, 512);
    let mut sizes = vec![64; arrays as usize];
    let mut steps: Vec<_> = (0..arrays).map(|slot| Step::Malloc(slot, 64)).collect();
    steps.extend((arrays..arrays + small).map(|slot| Step::Malloc(slot, 80)));
    for _ in 0..20_000 {
        let slot = random.below(arrays);
        let size = &mut sizes[slot as usize];
        *size = if *size > 400_000 { 64 } else { *size + *size / 2 };
        steps.push(Step::Realloc(slot, *size));
        for _ in 0..8 {
            let slot = arrays + random.below(small);
            steps.push(Step::Free(slot));
            steps.push(Step::Malloc(slot, 16 + random.below(144)));
        }
    }
    steps.extend((0..arrays + small).map(Step::Free));
    Trace { name: "arrays", steps, slots: arrays + small }
}

/// Strings of up to a megabyte that are built in steps and cut to length.
fn strings() -> Trace {
    let mut random = Random(4);
    let mut steps = Vec::new();
    let slots = 16;
    for _ in 0..60 {
        for slot in 0..slots {
            let mut size = 64 + random.below(1000);
            steps.push(Step::Malloc(slot, size));
            let end = 1000 << random.below(11);
            while size < end {
                size += size / 2;
                steps.push(Step::Realloc(slot, size));
            }
            steps.push(Step::Realloc(slot, size - size / 5));
        }
        steps.extend((0..slots).map(Step::Free));
    }
    Trace { name: "strings", steps, slots }
}

fn replay<A: Allocator>(allocator: &mut A, trace: &Trace, blocks: &mut [*mut u8]) -> usize {
    let mut accounted = 0_usize;
    for step in &trace.steps {
        match *step {
            Step::Malloc(slot, size) => {
                let block = allocator.malloc(size as usize);
                assert!(!block.is_null());
                // SAFETY: the block is live.
                accounted = accounted.wrapping_add(unsafe { allocator.usable_size(block) });
                // SAFETY: every block has 16 bytes.
                unsafe { block.cast::<[usize; 2]>().write([1, slot as usize]) };
                blocks[slot as usize] = block;
            }
            Step::Realloc(slot, size) => {
                let old = blocks[slot as usize];
                // SAFETY: the block is live.
                accounted = accounted.wrapping_sub(unsafe { allocator.usable_size(old) });
                // SAFETY: the block is live, and replaced by the result.
                let block = unsafe { allocator.realloc(old, size as usize) };
                assert!(!block.is_null());
                // SAFETY: the block is live.
                accounted = accounted.wrapping_add(unsafe { allocator.usable_size(block) });
                blocks[slot as usize] = block;
            }
            Step::Free(slot) => {
                let block = blocks[slot as usize];
                // SAFETY: the block is live.
                accounted = accounted.wrapping_sub(unsafe { allocator.usable_size(block) });
                // SAFETY: the block is live, and not used again.
                unsafe { allocator.free(block) };
            }
        }
    }
    accounted
}

fn measure<A: Allocator>(criterion: &mut Criterion, trace: &Trace, mut allocator: A) {
    let mut blocks = vec![null_mut(); trace.slots as usize];
    let mut group = criterion.benchmark_group("allocator");
    group.throughput(Throughput::Elements(trace.steps.len() as u64)).sample_size(20);
    group.bench_function(BenchmarkId::new(trace.name, A::NAME), |bencher| {
        bencher.iter(|| black_box(replay(&mut allocator, trace, &mut blocks)));
    });
    group.finish();
}

fn allocators(criterion: &mut Criterion) {
    for trace in [small_call(), splay(), arrays(), strings()] {
        measure(criterion, &trace, Guest::new());
        measure(criterion, &trace, Glibc);
        measure(criterion, &trace, Talc::new());
        measure(criterion, &trace, Rlsf::new());
    }
}

criterion_group!(benches, allocators);
criterion_main!(benches);
