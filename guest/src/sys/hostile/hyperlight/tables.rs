//! Page tables that nobody should follow. The guest's program writes its own, and
//! hyperlight walks them when it takes a snapshot.
//!
//! `tables:self` has the top level name itself, `tables:one-page` maps one page at all
//! addresses of 512 GiB, `tables:outside` names memory that is not there,
//! `tables:noise:N` is random, `tables:zeros` asks for pages of zeros everywhere.

use super::{
    super::{
        control::native,
        layout::{NEXT_PAGE, PAGE, ROOT_TABLE, SCRATCH_DELTA},
    },
    ring::Random,
    word,
};
use core::ptr::with_exposed_provenance_mut;

/// Present, writable, for CPL3, accessed, dirty.
const USABLE: u64 = 0x67;
const PRESENT: u64 = 1;
const ADDRESS: u64 = 0x000f_ffff_ffff_f000;
/// hyperlight's mark of a page that is zeros when it is touched.
const ZEROS: u64 = 0b111 << 1 | 0b111 << 52;
const ENTRIES: u64 = 512;

fn entry(table: u64, index: u64) -> *mut u64 {
    with_exposed_provenance_mut(native((table & ADDRESS).wrapping_add(SCRATCH_DELTA) + index % ENTRIES * 8))
}

fn get(table: u64, index: u64) -> u64 {
    // SAFETY: tables lie in scratch, which is mapped.
    unsafe { entry(table, index).read_volatile() }
}

pub(super) fn set(table: u64, index: u64, value: u64) {
    // SAFETY: none beyond that the table is mapped. The host must survive it.
    unsafe { entry(table, index).write_volatile(value) };
}

/// Physical address of a fresh page.
pub(super) fn take_page() -> u64 {
    let page = word(NEXT_PAGE);
    let count = with_exposed_provenance_mut::<u64>(native(NEXT_PAGE.0));
    // SAFETY: the word is the guest's to count with.
    unsafe { count.write_volatile(page + PAGE) };
    page
}

/// Table and index of the entry for `address`, where there is one.
pub(super) fn find(address: u64) -> Option<(u64, u64)> {
    let mut table = word(ROOT_TABLE);
    for level in [3, 2, 1] {
        let entry = get(table, address >> (12 + 9 * level));
        if entry & PRESENT == 0 {
            return None;
        }
        table = entry;
    }
    Some((table, address >> 12))
}

/// Maps the page at `address` for writing, wherever it is.
pub(super) fn make_writable(address: u64) {
    if let Some((table, index)) = find(address) {
        set(table, index, get(table, index) & ADDRESS | USABLE);
    }
}

/// A table all of whose entries are this.
fn full_of(mut entry: impl FnMut(u64) -> u64) -> u64 {
    let table = take_page();
    (0..ENTRIES).for_each(|index| set(table, index, entry(index)));
    table
}

/// Does what `tables:WHAT` says.
pub(super) fn change(what: &str) {
    let (what, seed) = what.split_once(':').unwrap_or((what, "0"));
    let mut random = Random::new(seed.parse().unwrap_or(0));
    let root = word(ROOT_TABLE);
    match what {
        "self" => {
            for index in (0..ENTRIES).filter(|index| get(root, *index) & PRESENT == 0) {
                set(root, index, root | USABLE);
            }
        }
        "one-page" => {
            let page = take_page();
            let table = (0..3).fold(page, |below, _| full_of(|_| below | USABLE));
            set(root, 2, table | USABLE);
        }
        "zeros" => {
            let table = full_of(|_| ZEROS);
            let table = (0..2).fold(table, |below, _| full_of(|_| below | USABLE));
            set(root, 2, table | USABLE);
        }
        "outside" => {
            let leaf = full_of(|index| (0x3f_0000_0000 + index * PAGE) | USABLE);
            let middle = full_of(|index| if index == 0 { leaf | USABLE } else { ADDRESS | USABLE });
            let top = full_of(|index| if index == 0 { middle | USABLE } else { index << 40 | USABLE });
            set(root, 2, top | USABLE);
            set(root, 3, ADDRESS | USABLE);
        }
        _ => {
            let used = root..word(NEXT_PAGE);
            let mut any = |_| match random.next() % 64 {
                0 => random.next(),
                1 => (used.start + random.next() % (used.end - used.start).max(1)) & ADDRESS | USABLE,
                2 => random.next() & !PRESENT,
                _ => 0,
            };
            let table = full_of(&mut any);
            let above = full_of(|index| if index % 100 == 0 { table | USABLE } else { 0 });
            let top = full_of(|index| if index == 0 { above | USABLE } else { any(index) });
            set(root, 10, top | USABLE);
        }
    }
}
