//! Texts of keys: base64url (RFC 4648 5) and JSON in UTF-8. And of UUIDs.

use super::{Answer, Native, Plain, copy, malformed, mistake};
use alloc::{format, string::String};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("encodeBase64Url", encode_base64_url),
    ("decodeBase64Url", decode_base64_url),
    ("encodeKeyText", encode_text),
    ("decodeKeyText", decode_text),
    ("formatUuid", format_uuid),
];

/// `(bytes)` to text, without padding.
fn encode_base64_url(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes)] = arguments else { return Err(mistake("encodeBase64Url")) };
    Ok(Plain::Text(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
}

/// `(text)` to bytes.
fn decode_base64_url(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(mistake("decodeBase64Url")) };
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text);
    bytes.map(Plain::Bytes).map_err(|_| malformed("a value of the JSON Web Key is not encoded in base64url"))
}

/// `(text)` to its bytes in UTF-8.
fn encode_text(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(mistake("encodeKeyText")) };
    copy(text.as_bytes(), 0).map(Plain::Bytes)
}

/// `(bytes in UTF-8)` to text, without a byte order mark.
fn decode_text(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes)] = arguments else { return Err(mistake("decodeKeyText")) };
    let text = String::from_utf8_lossy(bytes);
    Ok(Plain::Text(text.strip_prefix('\u{feff}').unwrap_or(&text).into()))
}

/// `(16 random bytes)` to a UUID of version 4 (RFC 9562 5.4).
fn format_uuid(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes)] = arguments else { return Err(mistake("formatUuid")) };
    let random = bytes.as_slice().try_into().map_err(|_| mistake("a UUID of other than 16 bytes"))?;
    let version = 4 << 76;
    let variant = 0b10 << 62;
    let number = u128::from_be_bytes(random) & !(0xf << 76) & !(0b11 << 62) | version | variant;
    let digits = format!("{number:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Ok(Plain::Text([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")))
}
