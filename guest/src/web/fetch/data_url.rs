//! `data:` URLs (Fetch Standard 6).

use super::{
    super::{Answer, Plain, Refusal},
    append_bytes,
};
use alloc::{string::ToString as _, vec, vec::Vec};
use data_url::{DataUrl, forgiving_base64::DecodeError};

/// (URL) to `[type, bytes]`, or null for one that is not valid.
pub(super) fn read(arguments: &[Plain]) -> Answer {
    let [Plain::Text(url)] = arguments else { return Err(Refusal::type_error("no string")) };
    let Ok(url) = DataUrl::process(url) else { return Ok(Plain::Null) };
    let mut bytes = Vec::new();
    match url.decode(|part| append_bytes(&mut bytes, part)) {
        Ok(_fragment) => {}
        Err(DecodeError::InvalidBase64(_)) => return Ok(Plain::Null),
        Err(DecodeError::WriteError(refusal)) => return Err(refusal),
    }
    Ok(Plain::List(vec![Plain::Text(url.mime_type().to_string()), Plain::Bytes(bytes)]))
}
