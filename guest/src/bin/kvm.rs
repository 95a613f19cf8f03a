//! The guest image for the KVM backend.
#![no_std]
#![no_main]

hypercell_guest::program!(hypercell_guest::sys::run);
