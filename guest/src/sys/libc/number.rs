//! `strtod`, which is what `JSON.parse` reads numbers with: correctly rounded,
//! and fast.

use core::slice;

/// Reads the longest decimal number at the start of `text`. White space,
/// infinities and hexadecimal numbers, which C allows too, never get here.
#[unsafe(no_mangle)]
unsafe extern "C" fn strtod(text: *const u8, end: *mut *const u8) -> f64 {
    // SAFETY: the string ends with a NUL, where `number` stops.
    let length = number(|at| unsafe { text.wrapping_add(at).read() });
    // SAFETY: `number` read all of these bytes.
    let bytes = unsafe { slice::from_raw_parts(text, length) };
    if !end.is_null() {
        // SAFETY: C's promise: a place for a pointer.
        unsafe { end.write(text.wrapping_add(length)) };
    }
    str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

/// Length of the number that starts at 0.
fn number(byte: impl Fn(usize) -> u8) -> usize {
    let digits = |mut at: usize| {
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    };
    let sign = |at| at + usize::from(matches!(byte(at), b'+' | b'-'));
    let start = sign(0);
    let mut end = digits(start);
    let mut count = end - start;
    if byte(end) == b'.' {
        let fraction = digits(end + 1);
        count += fraction - (end + 1);
        end = fraction;
    }
    if count == 0 {
        return 0;
    }
    if matches!(byte(end), b'e' | b'E') {
        let start = sign(end + 1);
        let exponent = digits(start);
        if exponent > start {
            return exponent;
        }
    }
    end
}
