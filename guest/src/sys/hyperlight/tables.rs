//! The page tables, which this guest changes itself.
//!
//! hyperlight maps the image and its own pages as read-only memory that is copied
//! when it is written, and all of scratch; nothing else. Entries name scratch
//! pages by physical address, and all tables lie in scratch, opened by the shim.
//!
//! Everything here also runs in the page fault handler: it must not write to
//! variables or the heap, which may fault themselves.

use super::layout::{IMAGE, NEXT_PAGE, PAGE, ROOT_TABLE, SCRATCH_DELTA, Word};
use core::ptr::{self, with_exposed_provenance, with_exposed_provenance_mut};
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
    let word = with_exposed_provenance::<u64>(super::control::native(word.0));
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
        Entry(with_exposed_provenance_mut(super::control::native(table + index * 8)))
    }
}

/// Physical address of `count` fresh pages, which are zero.
fn take_pages(count: u64) -> Option<u64> {
    let next = read(NEXT_PAGE);
    let end = next.checked_add(count * PAGE)?;
    if end > scratch_allocator_limit_gpa() {
        return None;
    }
    let word = with_exposed_provenance_mut::<u64>(super::control::native(NEXT_PAGE.0));
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
        if entry.get() & PRESENT == 0 {
            return;
        }
        entry.set(entry.get() | USER);
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
pub(super) fn map_zeros(pages: core::ops::Range<u64>) -> bool {
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
    let from = with_exposed_provenance::<u8>(super::control::native(address & !(PAGE - 1)));
    let to = with_exposed_provenance_mut::<u8>(super::control::native(scratch(fresh)));
    // SAFETY: the page is mapped for reading, the fresh one for writing, and nothing
    // else uses it.
    unsafe { ptr::copy_nonoverlapping(from, to, super::control::native(PAGE)) };
    entry.set(fresh | entry.get() & NO_EXECUTE | PRESENT | WRITABLE | USER | USED);
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
