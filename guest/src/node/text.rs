//! Bytes as text and back, in the encodings of `Buffer` that are not Unicode.

use crate::web::{Answer, Native, Plain, Refusal};
use alloc::{string::String, vec::Vec};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

pub(super) const NATIVES: &[(&str, Native)] = &[("bytesToText", to_text), ("textToBytes", to_bytes)];

/// `(bytes, encoding)` to text.
fn to_text(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes), Plain::Text(encoding)] = arguments else { return Err(mistake()) };
    let mut text = String::new();
    text.try_reserve(bytes.len().saturating_mul(2)).map_err(|_| out_of_memory())?;
    match encoding.as_str() {
        "hex" => {
            for byte in bytes {
                text.extend(
                    [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')),
                );
            }
        }
        "base64" => STANDARD.encode_string(bytes, &mut text),
        "base64url" => URL_SAFE_NO_PAD.encode_string(bytes, &mut text),
        "latin1" => text.extend(bytes.iter().map(|byte| char::from(*byte))),
        "ascii" => text.extend(bytes.iter().map(|byte| char::from(byte & 0x7f))),
        _ => return Err(mistake()),
    }
    Ok(Plain::Text(text))
}

/// `(text, encoding)` to bytes. As in Node.js nothing is an error: hexadecimal text ends
/// before the first pair that is none, and base64 leaves out what it does not know.
fn to_bytes(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text), Plain::Text(encoding)] = arguments else { return Err(mistake()) };
    let mut bytes = Vec::new();
    bytes.try_reserve(text.len()).map_err(|_| out_of_memory())?;
    match encoding.as_str() {
        "hex" => {
            for pair in text.as_bytes().chunks_exact(2) {
                let Some(byte) = core::str::from_utf8(pair)
                    .ok()
                    .filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()))
                    .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                else {
                    break;
                };
                bytes.push(byte);
            }
        }
        "base64" | "base64url" => from_base64(text, &mut bytes),
        // Of each UTF-16 code unit the lower half.
        "latin1" | "ascii" => bytes.extend(text.encode_utf16().map(|unit| {
            let [low, _] = unit.to_le_bytes();
            low
        })),
        _ => return Err(mistake()),
    }
    Ok(Plain::Bytes(bytes))
}

/// Both alphabets, up to the padding.
fn from_base64(text: &str, bytes: &mut Vec<u8>) {
    let (mut group, mut bits) = (0_u32, 0_u32);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        group = (group << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let [byte, ..] = (group >> bits).to_le_bytes();
            bytes.push(byte);
        }
    }
}

/// What only the guest's own JavaScript can cause.
fn mistake() -> Refusal {
    Refusal::type_error("bytes and text were converted by arguments that are none")
}

fn out_of_memory() -> Refusal {
    Refusal::new("RangeError", "out of memory")
}
