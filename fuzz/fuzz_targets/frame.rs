//! Bytes into the frame's parser.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hypercell_fuzz::accepted_frames_round_trip(bytes));
