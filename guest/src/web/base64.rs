//! Forgiving base64 (Infra 8, HTML 8.3).

use super::{Answer, Native, Plain, Refusal};
use alloc::{string::String, vec::Vec};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use data_url::forgiving_base64;

pub(super) const NATIVES: &[(&str, Native)] = &[("encodeBase64", encode), ("decodeBase64", decode)];

/// (binary string) to text.
fn encode(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    let bytes: Result<Vec<u8>, _> = text.chars().map(|c| u8::try_from(u32::from(c))).collect();
    let bytes = bytes.map_err(|_| {
        Refusal::new(
            "InvalidCharacterError",
            "the string has characters outside of Latin1, from U+0000 to U+00FF",
        )
    })?;
    Ok(Plain::Text(BASE64_STANDARD.encode(bytes)))
}

/// (text) to binary string.
fn decode(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    let bytes = forgiving_base64::decode_to_vec(text.as_bytes()).map_err(|_| {
        Refusal::new("InvalidCharacterError", "the string is not correctly encoded in base64")
    })?;
    Ok(Plain::Text(bytes.into_iter().map(char::from).collect::<String>()))
}
