//! MIME types of bodies (Fetch Standard 2.2.2, "extract a MIME type").

use super::{
    super::{Answer, Plain, Refusal},
    header::is_whitespace,
    text,
};
use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use data_url::mime::Mime;

/// (value of `content-type`) to `[essence, the whole type, boundary or null]`, or
/// null when no type can be made of it.
pub(super) fn extract(arguments: &[Plain]) -> Answer {
    let [Plain::Text(value)] = arguments else { return Err(Refusal::type_error("no string")) };
    let Some(mime) = extracted(value) else { return Ok(Plain::Null) };
    let boundary = mime.get_parameter("boundary").map_or(Plain::Null, text);
    Ok(Plain::List(vec![Plain::Text(essence(&mime)), Plain::Text(mime.to_string()), boundary]))
}

fn essence(mime: &Mime) -> String {
    format!("{}/{}", mime.type_, mime.subtype)
}

/// The last type counts. One that is the same but for its charset leaves the charset
/// that was there.
fn extracted(value: &str) -> Option<Mime> {
    let mut mime: Option<Mime> = None;
    let mut charset: Option<String> = None;
    for part in split(value) {
        let Ok(mut next) = part.parse::<Mime>() else { continue };
        if next.matches("*", "*") {
            continue;
        }
        let own = next.get_parameter("charset").map(ToOwned::to_owned);
        if mime.is_none_or(|last| essence(&last) != essence(&next)) {
            charset = own;
        } else if let (None, Some(charset)) = (own, &charset) {
            next.parameters.push(("charset".to_owned(), charset.clone()));
        }
        mime = Some(next);
    }
    mime
}

/// Splits a header's value at the commas that are not in a quoted string ("get,
/// decode, and split").
fn split(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (index, character) in value.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(value.get(start..index).unwrap_or_default());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(value.get(start..).unwrap_or_default());
    parts.into_iter().map(|part| part.trim_matches(is_whitespace)).collect()
}
