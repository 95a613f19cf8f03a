//! The control page. The host writes it while the guest does not run, and
//! `interrupt` at any time, so that every field is read afresh.

use core::ptr::with_exposed_provenance;
use hypercell_common::machine::{CONTROL, Control};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        $($(#[$doc])*
        #[inline(always)]
        pub(crate) fn $name() -> $type {
            let page = with_exposed_provenance::<Control>(CONTROL as usize);
            // SAFETY: the host maps the page at this address, and any bytes are
            // a valid value of the field.
            unsafe { (&raw const (*page).$name).read_volatile() }
        })*
    };
}

fields! {
    input_base: u64,
    input_size: u64,
    output_base: u64,
    output_size: u64,
    heap_base: u64,
    heap_size: u64,
    tsc_khz: u64,
    input_len: u64,
    wall_us: u64,
    wall_tsc: u64,
    entropy_generation: u64,
    entropy: [u8; 32],
    interrupt: u64,
}
