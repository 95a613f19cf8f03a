//! What `Headers` and bodies need of the bytes (Fetch Standard).

mod data_url;
mod header;
mod mime;
mod multipart;

use super::{Answer, Native, Plain, Refusal};
use alloc::{string::String, vec::Vec};
use form_urlencoded::parse;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("headerName", header::name),
    ("headerValue", header::value),
    ("extractMimeType", mime::extract),
    ("parseFormBody", parse_form_body),
    ("parseMultipart", multipart::parse),
    ("serializeMultipart", multipart::serialize),
    ("readDataUrl", data_url::read),
];

/// (bytes of `application/x-www-form-urlencoded`) to a list of names and values, by
/// turns.
fn parse_form_body(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes)] = arguments else { return Err(Refusal::type_error("no bytes")) };
    let texts = parse(bytes).flat_map(|(name, value)| [text(&name), text(&value)]);
    Ok(Plain::List(texts.collect()))
}

fn text(text: &str) -> Plain {
    Plain::Text(text.into())
}

/// Appends bytes, of which there can be as many as the guest has memory for.
fn append_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Refusal> {
    out.try_reserve(bytes.len()).map_err(|_| Refusal::new("RangeError", "out of memory"))?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// Bytes as text of the characters U+0000 to U+00FF (Infra, isomorphic decode).
fn isomorphic(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The other way (Infra, isomorphic encode); nothing for a character above U+00FF.
fn isomorphic_bytes(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|character| u8::try_from(character).ok()).collect()
}
