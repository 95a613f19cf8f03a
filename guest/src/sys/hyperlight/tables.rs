//! The page tables, which this guest changes itself.
//!
//! hyperlight maps the image and its own pages as read-only memory that is copied
//! when it is written, and all of scratch; nothing else. Entries name scratch
//! pages by physical address, and all tables lie in scratch, opened by the shim.
//!
//! What runs in the page fault handler must not write to variables or the heap,
//! which may fault themselves.

use super::{
    control::{self, native},
    layout::{
        self, COPIED_PAGES, COPIES, IMAGE, NEXT_PAGE, PAGE, ROOT_TABLE, SCRATCH_DELTA, TABLE_SPAN, Word,
    },
};
use core::{
    ops::Range,
    ptr::{self, with_exposed_provenance, with_exposed_provenance_mut},
};
use hypercell_common::hyperlight::MAX_PAGES;
use hyperlight_common::{layout::scratch_allocator_limit_gpa, vmem::PTE_ADDR_MASK};

/// The entry is valid.
pub(super) const PRESENT: u64 = 1;
/// The page can be written.
pub(super) const WRITABLE: u64 = 1 << 1;
/// CPL3 may use it.
pub(super) const USER: u64 = 1 << 2;
/// Accessed and dirty: set from the start, so that the processor never writes to a
/// table.
const USED: u64 = 1 << 5 | 1 << 6;
/// hyperlight's mark of a page that is copied when it is first written.
pub(super) const COPY_ON_WRITE: u64 = 1 << 9;
/// Code cannot be executed from it.
const NO_EXECUTE: u64 = 1 << 63;

/// Entries of a table.
const ENTRIES: u64 = 512;

unsafe extern "C" {
    /// Ends of the image's parts, from the linker.
    static _text_end: u8;
    static _constants_end: u8;
    static _end: u8;
}

/// Reads a word of the host's.
pub(super) fn read(word: Word) -> u64 {
    let word = with_exposed_provenance::<u64>(native(word.0));
    // SAFETY: the word lies at the top of scratch, which is always mapped.
    unsafe { word.read_volatile() }
}

/// One entry of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry(*mut u64);

impl Entry {
    pub(super) fn get(self) -> u64 {
        // SAFETY: an entry lies in a table, and tables are always mapped.
        unsafe { self.0.read_volatile() }
    }

    fn set(self, value: u64) {
        // SAFETY: as above, and tables are open for writing.
        unsafe { self.0.write_volatile(value) };
    }
}

/// The table at a physical address of scratch.
#[derive(Debug, Clone, Copy)]
struct Table(u64);

impl Table {
    /// The entry for `address` at a level: 3 for the top, 0 for the pages.
    fn entry(self, address: u64, level: u32) -> Entry {
        let index = address >> (12 + 9 * level) & (ENTRIES - 1);
        let table = (self.0 & PTE_ADDR_MASK).wrapping_add(SCRATCH_DELTA);
        Entry(with_exposed_provenance_mut(native(table + index * 8)))
    }
}

/// Physical address of `count` fresh pages, which are zero.
fn take_pages(count: u64) -> Option<u64> {
    let next = read(NEXT_PAGE);
    let end = next.checked_add(count * PAGE)?;
    if end > scratch_allocator_limit_gpa() {
        return None;
    }
    let word = with_exposed_provenance_mut::<u64>(native(NEXT_PAGE.0));
    // SAFETY: the word is the guest's to count with.
    unsafe { word.write_volatile(end) };
    Some(next)
}

/// The lowest entry for `address`, as far as there are tables.
pub(super) fn find(address: u64) -> Option<Entry> {
    let mut table = Table(read(ROOT_TABLE));
    for level in [3, 2, 1] {
        let entry = table.entry(address, level).get();
        if entry & PRESENT == 0 {
            return None;
        }
        table = Table(entry);
    }
    Some(table.entry(address, 0))
}

/// Lets CPL3 use the scratch page at `address` and those that share its table.
pub(super) fn open_scratch(address: u64) {
    let mut table = Table(read(ROOT_TABLE));
    for level in [3, 2, 1] {
        let entry = table.entry(address, level);
        match entry.get() & (PRESENT | USER) {
            // A write to an upper table costs an exit.
            both if both == PRESENT | USER => {}
            PRESENT => entry.set(entry.get() | USER),
            _ => return,
        }
        table = Table(entry.get());
    }
    for index in 0..ENTRIES {
        let entry = table.entry(index * PAGE, 0);
        if entry.get() & (PRESENT | USER) == PRESENT {
            entry.set(entry.get() | USER);
        }
    }
}

/// A scratch page by its virtual address, opened for CPL3.
fn scratch(physical: u64) -> u64 {
    let address = physical.wrapping_add(SCRATCH_DELTA);
    if find(address).is_some_and(|entry| entry.get() & USER == 0) {
        open_scratch(address);
    }
    address
}

/// The entry for `address`, with the tables above it.
fn find_or_make(address: u64) -> Option<Entry> {
    let mut table = Table(read(ROOT_TABLE));
    for level in [3, 2, 1] {
        let entry = table.entry(address, level);
        if entry.get() & PRESENT == 0 {
            let fresh = take_pages(1)?;
            scratch(fresh);
            entry.set(fresh | PRESENT | WRITABLE | USER | USED);
        }
        table = Table(entry.get());
    }
    Some(table.entry(address, 0))
}

/// Maps fresh pages of zeros over `pages` where nothing is mapped yet; `false`
/// when there are none left.
pub(super) fn map_zeros(pages: Range<u64>) -> bool {
    let mut address = pages.start;
    while address < pages.end {
        let Some(entry) = find_or_make(address) else { return false };
        if entry.get() == 0 {
            let Some(fresh) = take_pages(1) else { return false };
            entry.set(fresh | PRESENT | WRITABLE | USER | USED | NO_EXECUTE);
        }
        address += PAGE;
    }
    true
}

/// Gives the page of `entry`, at `address`, a copy of its own that can be
/// written; `false` when there are no pages left.
pub(super) fn copy_page(entry: Entry, address: u64) -> bool {
    let Some(fresh) = take_pages(1) else { return false };
    let address = address & !(PAGE - 1);
    let found = entry.get();
    let copy = fresh | found & NO_EXECUTE | PRESENT | WRITABLE | USER | USED;
    let mirror = mirror_of(address)
        .filter(|mirror| find(*mirror).is_some_and(|mirror| is_same_page(mirror.get(), found)));
    if let Some(mirror) = mirror {
        // The page is written where it is used, which faults at most once: into this
        // handler, when the processor still has the old translation.
        entry.set(copy);
        copy_bytes(mirror, address);
    } else {
        copy_bytes(address, scratch(fresh));
        entry.set(copy);
    }
    note_copy(address);
    true
}

/// Copies a page before anything writes to it, if it is one that is copied then.
pub(super) fn copy_early(page: u64) {
    let address = page.wrapping_mul(PAGE);
    let marks = PRESENT | WRITABLE | COPY_ON_WRITE;
    if let Some(entry) = find(address).filter(|entry| entry.get() & marks == PRESENT | COPY_ON_WRITE) {
        // Without pages left, the fault will say so.
        copy_page(entry, address);
    }
}

/// The pages of the image's variables.
pub(super) fn variables() -> Range<u64> {
    let (start, end) = ((&raw const _constants_end).addr(), (&raw const _end).addr());
    start as u64 / PAGE..(end as u64).div_ceil(PAGE)
}

/// Takes note of a page that was copied, in scratch: nothing else is open to the
/// fault handler.
fn note_copy(address: u64) {
    let count = read(COPIES);
    if let Some(page) = u32::try_from(address / PAGE).ok().filter(|_| count < MAX_PAGES as u64) {
        let place = with_exposed_provenance_mut::<u32>(native(COPIED_PAGES + 4 * count));
        // SAFETY: the list has room for as many pages, at the top of scratch.
        unsafe { place.write_volatile(page) };
        let word = with_exposed_provenance_mut::<u64>(native(COPIES.0));
        // SAFETY: the word is this function's.
        unsafe { word.write_volatile(count + 1) };
    }
}

fn is_same_page(entry: u64, other: u64) -> bool {
    entry & PRESENT != 0 && entry & PTE_ADDR_MASK == other & PTE_ADDR_MASK
}

fn copy_bytes(from: u64, to: u64) {
    let from = with_exposed_provenance::<u8>(native(from));
    let to = with_exposed_provenance_mut::<u8>(native(to));
    // SAFETY: callers name a page that is mapped for reading and a different one that
    // is mapped for writing and that nothing else uses.
    unsafe { ptr::copy_nonoverlapping(from, to, native(PAGE)) };
}

fn mirror_of(address: u64) -> Option<u64> {
    layout::mirror(address, variables().start * PAGE)
}

/// Shows the pages of variables, stack and heap, as they are now, in their mirror;
/// `false` when there are no pages left for its tables.
pub(super) fn mirror() -> bool {
    let variables = variables().start * PAGE..variables().end * PAGE;
    let stack = layout::stack(control::stack_size() as u64);
    [variables, stack, layout::heap(control::heap_size() as u64)].into_iter().all(mirror_region)
}

fn mirror_region(region: Range<u64>) -> bool {
    let mut address = region.start;
    while address < region.end {
        let Some(place) = mirror_of(address) else { break };
        let Some(entry) = find(address) else {
            address = (address / TABLE_SPAN + 1) * TABLE_SPAN;
            continue;
        };
        if entry.get() & PRESENT != 0 {
            let Some(mirror) = find_or_make(place) else { return false };
            mirror.set(entry.get() & PTE_ADDR_MASK | PRESENT | USER | USED | NO_EXECUTE);
        }
        address += PAGE;
    }
    true
}

/// Makes the shim, code and constants of the image read-only for good, and code
/// the only part that can be executed. Snapshots keep it.
pub(super) fn protect_image() {
    let text_end = (&raw const _text_end).addr() as u64;
    let constants_end = (&raw const _constants_end).addr() as u64;
    let end = ((&raw const _end).addr() as u64).next_multiple_of(PAGE);
    let mut address = IMAGE;
    while address < end {
        let Some(entry) = find(address) else { return };
        let protected = if address < text_end {
            entry.get() & !(COPY_ON_WRITE | WRITABLE)
        } else if address < constants_end {
            entry.get() & !(COPY_ON_WRITE | WRITABLE) | NO_EXECUTE
        } else {
            entry.get() | NO_EXECUTE
        };
        entry.set(protected);
        address += PAGE;
    }
}
