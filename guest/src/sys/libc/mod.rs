//! The part of a C library that QuickJS needs. What is about memory, strings,
//! formats and threads is C, next to this file; the rest is here.
#![expect(unsafe_code, reason = "C calls these functions, with C's promises only")]

pub(crate) mod malloc;
mod number;
pub(crate) mod time;
