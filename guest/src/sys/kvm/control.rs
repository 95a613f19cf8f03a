//! The control page. The host writes it while the guest does not run, so that every
//! field is read afresh.

use core::{
    arch::x86_64::_rdtsc,
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
};
use hypercell_common::machine::{CONTROL, Control};

/// A number of the machine interface as an address or a length.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a usize has 64 bits on this machine")]
pub(crate) const fn native(number: u64) -> usize {
    number as usize
}

macro_rules! fields {
    ($($name:ident: $type:ty as $field:ident $(=> $convert:path)?,)*) => {
        $(#[inline(always)]
        pub(crate) fn $name() -> $type {
            let page = with_exposed_provenance::<Control>(native(CONTROL));
            // SAFETY: the host maps the page at this address, and any bytes are
            // a valid value of the field.
            let value = unsafe { (&raw const (*page).$field).read_volatile() };
            $(let value = $convert(value);)?
            value
        })*
    };
}

fields! {
    input_base: usize as input_base => native,
    input_size: usize as input_size => native,
    output_base: usize as output_base => native,
    output_size: usize as output_size => native,
    heap_base: usize as heap_base => native,
    heap_size: usize as heap_size => native,
    input_len: usize as input_len => native,
    tsc_khz: u64 as tsc_khz,
    wall_us: u64 as wall_us,
    wall_tsc: u64 as wall_tsc,
    entropy_generation: u64 as entropy_generation,
    entropy: [u8; 32] as entropy,
}

/// Notes that the host's clock was just set. The time is the guest's own count,
/// which need not be the host's.
#[inline]
pub(crate) fn mark_time() {
    let page = with_exposed_provenance_mut::<Control>(native(CONTROL));
    let counter = ticks();
    // SAFETY: the host maps the page for writing, too.
    unsafe { (&raw mut (*page).wall_tsc).write_volatile(counter) };
}

/// The time stamp counter.
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    // SAFETY: the instruction has no preconditions.
    unsafe { _rdtsc() }
}

#[cfg(feature = "hostile")]
fields! {
    stack_size: usize as stack_size => native,
}
