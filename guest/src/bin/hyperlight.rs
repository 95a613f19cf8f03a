//! The guest image for the hyperlight backend.
#![no_std]
#![no_main]

hypercell_guest::program!(hypercell_guest::sys::run);
