//! Names and values of headers (Fetch Standard 2.2.2).

use super::super::{Answer, Plain, Refusal};
use alloc::borrow::ToOwned as _;

/// (text) to the name in lower case, null for text that is no name, undefined for
/// text that is not even a `ByteString`.
pub(super) fn name(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    Ok(if is_token(text) {
        Plain::Text(text.to_ascii_lowercase())
    } else if is_byte_string(text) {
        Plain::Null
    } else {
        Plain::Undefined
    })
}

/// (text) to the normalized value; otherwise like [`name`].
pub(super) fn value(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    if !is_byte_string(text) {
        return Ok(Plain::Undefined);
    }
    let normalized = text.trim_matches(is_whitespace);
    let valid = !normalized.contains(['\0', '\n', '\r']);
    Ok(if valid { Plain::Text(normalized.to_owned()) } else { Plain::Null })
}

/// An HTTP whitespace byte.
pub(super) const fn is_whitespace(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' ')
}

fn is_byte_string(text: &str) -> bool {
    text.chars().all(|character| character <= '\u{ff}')
}

/// RFC 9110, 5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}
