//! Secrets in memory: planting them, and looking for them.

use super::control::{self, native};
use alloc::vec::Vec;
use core::{
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

/// Puts bytes at the ends of heap, stack, and both regions.
pub(super) fn plant(hex: &str) {
    let bytes = masked(hex);
    let places = [
        control::heap_base() + control::heap_size() - PAGE,
        control::input_base() + control::input_size() - PAGE,
        control::output_base() + control::output_size() - PAGE,
        stack().start,
    ];
    for place in places {
        for (offset, byte) in bytes.iter().enumerate() {
            write(place + offset, byte ^ MASK);
        }
    }
}

fn stack() -> Range<usize> {
    let top = STACK_TOP.load(Ordering::Relaxed);
    top.saturating_sub(control::stack_size())..top
}

/// How often bytes occur in heap, stack, image and both regions.
pub(super) fn scan(hex: &str) -> usize {
    let needle = masked(hex);
    let Some(first) = needle.first() else { return 0 };
    let region = |base: usize, size: usize| base..base + size;
    let ranges = [
        region(control::heap_base(), control::heap_size()),
        region(control::input_base(), control::input_size()),
        region(control::output_base(), control::output_size()),
        stack(),
        native(machine::IMAGE)..(&raw const _end).addr(),
    ];
    let mut count = 0;
    for range in ranges {
        let end = range.end.saturating_sub(needle.len() - 1);
        for address in range.start..end {
            let found = read(address) ^ MASK == *first
                && needle.iter().enumerate().all(|(offset, byte)| read(address + offset) ^ MASK == *byte);
            count += usize::from(found);
        }
    }
    count
}
