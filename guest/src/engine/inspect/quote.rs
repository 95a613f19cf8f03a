//! Strings as JavaScript literals.

use alloc::{format, string::String};
use core::fmt::Write as _;

/// The first of `'`, `"` and `` ` `` that needs no escape in the text, or `'`.
fn quote_for(text: &[u8]) -> u8 {
    let has = |byte: u8| text.contains(&byte);
    if !has(b'\'') {
        b'\''
    } else if !has(b'"') {
        b'"'
    } else if !has(b'`') && !text.windows(2).any(|pair| pair == b"${") {
        b'`'
    } else {
        b'\''
    }
}

/// A literal for a string in the encoding that [`super::super::wtf8`] describes.
pub(super) fn quoted(wtf8: &[u8]) -> String {
    let quote = quote_for(wtf8);
    let mark = char::from(quote);
    format!("{mark}{}{mark}", escaped(wtf8, Some(quote)))
}

/// The text with control characters, lone surrogates, backslashes and `quote`
/// escaped.
pub(super) fn escaped(wtf8: &[u8], quote: Option<u8>) -> String {
    let mut out = String::with_capacity(wtf8.len());
    let mut rest = wtf8;
    while !rest.is_empty() {
        let (valid, invalid) = match core::str::from_utf8(rest) {
            Ok(valid) => (valid, [].as_slice()),
            Err(fault) => {
                let (valid, invalid) = rest.split_at_checked(fault.valid_up_to()).unwrap_or((&[], rest));
                (core::str::from_utf8(valid).unwrap_or_default(), invalid)
            }
        };
        for character in valid.chars() {
            escape(&mut out, character, quote);
        }
        rest = match invalid {
            [] => &[],
            // A surrogate: U+D800 to U+DFFF.
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, after @ ..] => {
                let unit = 0xd000 | (u16::from(*second) & 0x3f) << 6 | (u16::from(*third) & 0x3f);
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:x}");
                after
            }
            [_, after @ ..] => {
                out.push(char::REPLACEMENT_CHARACTER);
                after
            }
        };
    }
    out
}

fn escape(out: &mut String, character: char, quote: Option<u8>) {
    match character {
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\\' => out.push_str("\\\\"),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
            let _ = write!(out, "\\x{:02X}", u32::from(character));
        }
        _ => {
            if quote.is_some_and(|quote| char::from(quote) == character) && quote == Some(b'\'') {
                out.push('\\');
            }
            out.push(character);
        }
    }
}

/// UTF-16 code units of the text.
pub(super) fn units(wtf8: &[u8]) -> usize {
    wtf8.iter().map(|&byte| units_from(byte)).sum()
}

/// The start of the text: at most so many UTF-16 code units.
pub(super) fn start(wtf8: &[u8], most: usize) -> &[u8] {
    let mut taken = 0_usize;
    let end = wtf8.iter().position(|&byte| {
        taken = taken.saturating_add(units_from(byte));
        taken > most
    });
    wtf8.get(..end.unwrap_or(wtf8.len())).unwrap_or(wtf8)
}

/// Code units of the character that starts with this byte.
const fn units_from(byte: u8) -> usize {
    match byte {
        0x80..0xc0 => 0,
        0xf0.. => 2,
        _ => 1,
    }
}
