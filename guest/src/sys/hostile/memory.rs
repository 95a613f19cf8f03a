//! Secrets in memory: planting them, and looking for them.

use super::{
    attacks,
    control::{self, native},
};
use alloc::{vec, vec::Vec};
use core::{
    iter,
    ops::Range,
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
    sync::atomic::{AtomicUsize, Ordering},
};
use hypercell_common::machine;

const PAGE: usize = native(machine::PAGE);

/// What [`dirty`] writes.
const DIRT: u8 = 0xd1;
/// Keeps the needle of a scan from being found where it is kept.
const MASK: u8 = 0x5a;

static STACK_TOP: AtomicUsize = AtomicUsize::new(0);

unsafe extern "C" {
    /// End of the image, from the linker.
    static _end: u8;
}

/// Notes where the stack ends; called from the outermost function.
pub(super) fn note_stack() {
    let here = 0_u8;
    STACK_TOP.store((&raw const here).addr().next_multiple_of(PAGE), Ordering::Relaxed);
}

fn write(address: usize, byte: u8) {
    // SAFETY: callers name memory that the guest may write and nothing uses.
    unsafe { with_exposed_provenance_mut::<u8>(address).write_volatile(byte) }
}

fn read(address: usize) -> u8 {
    // SAFETY: callers name memory that is mapped; any byte is valid.
    unsafe { with_exposed_provenance::<u8>(address).read_volatile() }
}

/// Writes to the last `pages` pages of the heap, which nothing uses.
pub(super) fn dirty(pages: usize) {
    let end = control::heap_base() + control::heap_size();
    for page in 1..=pages.min(control::heap_size() / PAGE / 2) {
        write(end - page * PAGE, DIRT);
    }
}

/// The bytes that a text in hexadecimal stands for, masked.
fn masked(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
        .map(|byte| byte ^ MASK)
        .collect()
}

/// Puts bytes at the ends of heap, stack, and whatever else the machine has; tells in
/// how many places.
pub(super) fn plant(hex: &str) -> usize {
    let bytes = masked(hex);
    let mut places = vec![control::heap_base() + control::heap_size() - PAGE, stack().start];
    places.extend(attacks::hiding_places());
    for place in &places {
        for (offset, byte) in bytes.iter().enumerate() {
            write(place + offset, byte ^ MASK);
        }
    }
    places.len()
}

/// One past the image.
pub(crate) fn end_of_image() -> usize {
    (&raw const _end).addr()
}

fn stack() -> Range<usize> {
    let top = STACK_TOP.load(Ordering::Relaxed);
    top.saturating_sub(control::stack_size())..top
}

/// How often bytes occur in heap, stack, image and whatever else the machine has.
pub(super) fn scan(hex: &str) -> usize {
    let needle = masked(hex);
    let Some(first) = needle.first() else { return 0 };
    let heap = control::heap_base()..control::heap_base() + control::heap_size();
    let mut count = 0;
    // One after the other: to look at one may change the next.
    for range in [heap, stack()].into_iter().chain(iter::once_with(attacks::readable).flatten()) {
        let end = range.end.saturating_sub(needle.len() - 1);
        for address in range.start..end {
            let found = read(address) ^ MASK == *first
                && needle.iter().enumerate().all(|(offset, byte)| read(address + offset) ^ MASK == *byte);
            count += usize::from(found);
        }
    }
    count
}
