//! Values into the engine and out of it, natively.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| hypercell_fuzz::values_come_back(text));
