//! The one heap of the image, for C and for Rust.

use crate::sys::heap::Heap;
use core::{
    alloc::{GlobalAlloc, Layout},
    cell::UnsafeCell,
    mem::MaybeUninit,
};

struct GuestHeap(UnsafeCell<MaybeUninit<Heap>>);

// SAFETY: the machine has one processor, and nothing interrupts it to run other
// code of the guest.
unsafe impl Sync for GuestHeap {}

#[global_allocator]
static HEAP: GuestHeap = GuestHeap(UnsafeCell::new(MaybeUninit::uninit()));

/// Makes the heap; `false` when the region is too small.
///
/// # Safety
/// As [`Heap::new`], once, before anything allocates.
pub(crate) unsafe fn init(base: *mut u8, size: usize) -> bool {
    // SAFETY: the caller's promise.
    let Some(heap) = (unsafe { Heap::new(base, size) }) else { return false };
    // SAFETY: nothing else uses the heap yet.
    unsafe { (*HEAP.0.get()).write(heap) };
    true
}

/// Most bytes ever in use.
pub(crate) fn peak() -> u64 {
    HEAP.get().peak()
}

impl GuestHeap {
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "see the note on safety")]
    fn get(&self) -> &mut Heap {
        // SAFETY: `init` came first. No function of `Heap` calls out of it, so
        // that no two of these references are ever in use.
        unsafe { (*self.0.get()).assume_init_mut() }
    }
}

// SAFETY: the heap keeps the promises of an allocator, see its tests.
unsafe impl GlobalAlloc for GuestHeap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.get().aligned(layout.size(), layout.align())
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.get().free(block) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.align() <= 16 {
            return self.get().calloc(layout.size());
        }
        let block = self.get().aligned(layout.size(), layout.align());
        if !block.is_null() {
            // SAFETY: the block is new and has that many bytes.
            unsafe { block.write_bytes(0, layout.size()) };
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.align() <= 16 {
            // SAFETY: the caller's promise.
            return unsafe { self.get().realloc(block, size) };
        }
        let target = self.get().aligned(size, layout.align());
        if !target.is_null() {
            // SAFETY: both blocks have that many bytes, and they are disjoint.
            unsafe { target.copy_from_nonoverlapping(block, size.min(layout.size())) };
            // SAFETY: the caller gave the block up.
            unsafe { self.get().free(block) };
        }
        target
    }
}

#[unsafe(no_mangle)]
extern "C" fn malloc(size: usize) -> *mut u8 {
    HEAP.get().malloc(size)
}

#[unsafe(no_mangle)]
extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    match count.checked_mul(size) {
        Some(size) => HEAP.get().calloc(size),
        None => core::ptr::null_mut(),
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn realloc(block: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: C's promise.
    unsafe { HEAP.get().realloc(block, size) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn free(block: *mut u8) {
    // SAFETY: C's promise.
    unsafe { HEAP.get().free(block) }
}

#[unsafe(no_mangle)]
extern "C" fn malloc_usable_size(block: *const u8) -> usize {
    HEAP.get().usable_size(block)
}
