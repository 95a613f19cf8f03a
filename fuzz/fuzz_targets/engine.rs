//! Source text into the engine, natively.
#![no_main]

libfuzzer_sys::fuzz_target!(|source: &str| hypercell_fuzz::the_engine_survives(source));
