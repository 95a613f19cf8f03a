//! Page faults and all other faults of code at CPL3.
//!
//! The handlers interrupt any code, on a stack of their own. They must neither
//! write to variables or the heap nor call what might: that would fault without
//! end.

use super::{
    control,
    layout::{FRAME_TOP, PAGE, SCRATCH_TOP, heap, stack},
    leave::{LastWords, last_words},
    tables::{self, COPY_ON_WRITE, PRESENT, USER, WRITABLE},
};
use core::{fmt::Write, ptr::with_exposed_provenance};
use hypercell_common::{
    Fault,
    hyperlight::{ABORT_FAULT, ABORT_GAVE_UP},
};

/// Bits of a page fault's error code (Intel SDM volume 3, 4.7).
const WRITE: u64 = 1 << 1;
const FETCH: u64 = 1 << 4;

/// Heap and stack grow by this many bytes at least: a fault costs more than the
/// pages.
const STEP: u64 = 16 * PAGE;

/// A word that the processor or the shim pushed, by its distance to the top.
fn pushed(below: u64) -> u64 {
    let word = with_exposed_provenance::<u64>(control::native(FRAME_TOP - below));
    // SAFETY: the shim calls with these words in place, in scratch.
    unsafe { word.read_volatile() }
}

/// Makes the access possible that faulted, or ends the guest.
pub(super) extern "C" fn on_page_fault(address: u64, error: u64) {
    if !repair(address, error) {
        let fault =
            Fault { vector: 14, error_code: error, instruction: pushed(40), stack: pushed(16), address };
        report(fault);
    }
}

fn repair(address: u64, error: u64) -> bool {
    if error & FETCH != 0 {
        return false;
    }
    let entry = tables::find(address);
    match entry.map(|entry| (entry, entry.get())) {
        Some((entry, found)) if found & PRESENT != 0 => {
            if found & USER == 0 {
                if address < SCRATCH_TOP && address >> 63 == 1 {
                    tables::open_scratch(address);
                    return true;
                }
                return false;
            }
            if error & WRITE == 0 || found & WRITABLE != 0 {
                // The processor's translation was out of date, and now is not.
                return true;
            }
            if found & COPY_ON_WRITE == 0 {
                return false;
            }
            tables::copy_page(entry, address) || no_pages()
        }
        _ => {
            let inside = |region: core::ops::Range<u64>| {
                region.contains(&address).then(|| {
                    let from = (address & !(STEP - 1)).max(region.start);
                    from..(from + STEP).min(region.end)
                })
            };
            let pages = inside(heap(control::heap_size() as u64))
                .or_else(|| inside(stack(control::stack_size() as u64)));
            pages.is_some_and(|pages| tables::map_zeros(pages) || no_pages())
        }
    }
}

fn no_pages() -> ! {
    last_words(ABORT_GAVE_UP, |words| words.write_str("the guest has no memory left"))
}

/// Ends the guest after any other fault.
pub(super) extern "C" fn on_fault() -> ! {
    let fault = Fault {
        vector: u8::try_from(pushed(56)).unwrap_or(u8::MAX),
        error_code: pushed(48),
        instruction: pushed(40),
        stack: pushed(16),
        address: 0,
    };
    report(fault)
}

fn report(fault: Fault) -> ! {
    last_words(ABORT_FAULT, |words: &mut LastWords| write!(words, "{fault}"))
}
