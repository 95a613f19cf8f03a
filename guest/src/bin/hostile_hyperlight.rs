//! The hostile image: what a guest that fell to its attacker could do.
#![no_std]
#![no_main]

hypercell_guest::program!(hypercell_guest::sys::hostile::run);
