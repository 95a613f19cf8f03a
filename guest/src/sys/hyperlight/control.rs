//! What the host told: sizes once, the clock and a seed with each frame.

use super::layout::HEAP;
use core::{arch::x86_64::_rdtsc, cell::UnsafeCell};
use hypercell_common::hyperlight::{Entry, Settings};

/// A number of the machine interface as an address or a length.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a usize has 64 bits on this machine")]
pub(crate) const fn native(number: u64) -> usize {
    number as usize
}

#[derive(Debug, Clone, Copy)]
struct Told {
    settings: Settings,
    entry: Entry,
    wall_tsc: u64,
    input_base: usize,
    input_len: usize,
    output_base: usize,
}

struct Cell(UnsafeCell<Told>);

// SAFETY: the machine has one processor. The fault handlers, which interrupt other
// code, only read the settings, which do not change after the start.
unsafe impl Sync for Cell {}

static TOLD: Cell = Cell(UnsafeCell::new(Told {
    settings: Settings { heap_size: 0, stack_size: 0, input_size: 0, output_size: 0 },
    entry: Entry {
        wall_us: 0,
        tsc_khz: 0,
        entropy_generation: 0,
        pages: 0,
        wants_pages: 0,
        entropy: [0; 32],
    },
    wall_tsc: 0,
    input_base: 0,
    input_len: 0,
    output_base: 0,
}));

#[inline(always)]
fn told() -> Told {
    // SAFETY: see the note on `Sync`; a copy is made.
    unsafe { *TOLD.0.get() }
}

#[inline(always)]
fn change(change: impl FnOnce(&mut Told)) {
    // SAFETY: see the note on `Sync`; `change` is one of this module's, and none of
    // them comes here again.
    change(unsafe { &mut *TOLD.0.get() });
}

macro_rules! fields {
    ($($name:ident: $type:ty = $told:ident => $value:expr,)*) => {
        $(#[inline(always)]
        pub(crate) fn $name() -> $type {
            let $told = told();
            $value
        })*
    };
}

fields! {
    input_base: usize = told => told.input_base,
    input_size: usize = told => native(told.settings.input_size),
    input_len: usize = told => told.input_len,
    output_base: usize = told => told.output_base,
    output_size: usize = told => native(told.settings.output_size),
    heap_size: usize = told => native(told.settings.heap_size),
    stack_size: usize = told => native(told.settings.stack_size),
    tsc_khz: u64 = told => told.entry.tsc_khz,
    wall_us: u64 = told => told.entry.wall_us,
    wall_tsc: u64 = told => told.wall_tsc,
    entropy_generation: u64 = told => told.entry.entropy_generation,
    entropy: [u8; 32] = told => told.entry.entropy,
    wants_pages: bool = told => told.entry.wants_pages != 0,
}

/// Address of the heap.
pub(crate) const fn heap_base() -> usize {
    native(HEAP)
}

/// Takes note of the sizes, at the start.
pub(super) fn settle(settings: &Settings) {
    change(|told| told.settings = *settings);
}

/// Takes note of where frames are written, at the start.
pub(super) fn set_output(base: u64) {
    change(|told| told.output_base = native(base));
}

/// Takes note of a frame that arrived, and of what came with it.
pub(super) fn enter(entry: &Entry, base: u64, len: usize) {
    change(|told| {
        told.entry = *entry;
        told.input_base = native(base);
        told.input_len = len;
    });
    mark_time();
}

/// Notes that the host's clock was just set. The time is the guest's own count,
/// which need not be the host's.
#[inline]
pub(crate) fn mark_time() {
    let counter = ticks();
    change(|told| told.wall_tsc = counter);
}

/// The time stamp counter.
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    // SAFETY: the instruction has no preconditions.
    unsafe { _rdtsc() }
}
