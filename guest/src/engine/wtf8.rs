//! Guest strings as Rust text, of bounded length.
//!
//! A JavaScript string may hold lone surrogates, for which UTF-8 has no bytes;
//! QuickJS hands them out encoded all the same, and rquickjs calls the result
//! text. So here is the only place that turns such bytes into a `String`.

use alloc::string::String;
use core::str;
use rquickjs::{CString, Value};

/// Put where text was cut off.
pub(super) const TRUNCATED: &str = "… [truncated]";

/// The text of `value` when it is a string: at most `limit` bytes and the
/// truncation mark, U+FFFD for lone surrogates.
pub(super) fn text_of(value: &Value<'_>, limit: usize) -> Option<String> {
    let string = value.as_string()?;
    match CString::from_string(string.clone()) {
        Ok(string) => Some(text(string.as_str().as_bytes(), limit)),
        Err(_) => {
            // Out of heap for the UTF-8 of a string with non-ASCII characters.
            value.ctx().catch();
            Some(String::from("(no memory left to tell)"))
        }
    }
}

/// See [`text_of`].
pub(super) fn text(wtf8: &[u8], limit: usize) -> String {
    let cut = boundary(wtf8, limit);
    let (mut rest, left_out) = wtf8.split_at_checked(cut).unwrap_or((wtf8, &[]));
    let mut text = String::with_capacity(rest.len());
    loop {
        match str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                break;
            }
            Err(fault) => {
                let (valid, invalid) = rest.split_at_checked(fault.valid_up_to()).unwrap_or((&[], rest));
                text.push_str(str::from_utf8(valid).unwrap_or_default());
                text.push(char::REPLACEMENT_CHARACTER);
                // An encoded surrogate has three bytes, each of which UTF-8
                // would take for a fault of its own.
                let skip = if invalid.first() == Some(&0xed) { 3 } else { fault.error_len().unwrap_or(1) };
                rest = invalid.get(skip..).unwrap_or_default();
            }
        }
    }
    if !left_out.is_empty() {
        text.push_str(TRUNCATED);
    }
    text
}

/// `text` up to `limit` bytes, cut between characters.
pub(super) fn clip(text: &str, limit: usize) -> &str {
    text.get(..boundary(text.as_bytes(), limit)).unwrap_or(text)
}

fn boundary(bytes: &[u8], limit: usize) -> usize {
    let mut at = limit.min(bytes.len());
    while bytes.get(at).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000) {
        match at.checked_sub(1) {
            Some(before) => at = before,
            None => break,
        }
    }
    at
}
