//! `multipart/form-data` (HTML 4.10.21.8, RFC 7578).

use super::{
    super::{Answer, Plain, Refusal},
    append_bytes,
    header::is_whitespace,
    isomorphic, isomorphic_bytes,
};
use alloc::{
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use memchr::memmem::find;

/// (bytes, boundary) to entries, each `[name, file name or null, type, bytes]`, or
/// null for bytes that are no form.
///
/// Before the first boundary and after the last one may be what a mail reader would
/// show (RFC 2046, 5.1.1).
pub(super) fn parse(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes), Plain::Text(boundary)] = arguments else {
        return Err(Refusal::type_error("no bytes, or no boundary"));
    };
    match isomorphic_bytes(boundary).and_then(|boundary| parts(bytes, &boundary)) {
        Some(parts) => {
            let entries: Result<_, _> =
                parts.into_iter().map(|(disposition, body)| disposition.entry(body)).collect();
            entries.map(Plain::List)
        }
        None => Ok(Plain::Null),
    }
}

/// What the headers of each part say, and its body. Parts are split by a line break,
/// two hyphens and the boundary.
fn parts<'a>(bytes: &'a [u8], boundary: &[u8]) -> Option<Vec<(Disposition, &'a [u8])>> {
    let delimiter = [b"\r\n--", boundary].concat();
    let first = delimiter.get(2..)?;
    let mut rest = match bytes.strip_prefix(first) {
        Some(rest) => rest,
        None => split_once(bytes, &delimiter)?.1,
    };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (line, part) = split_once(rest, b"\r\n")?;
        // White space that a mail system added.
        if !line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            return None;
        }
        let (disposition, body) = headers(part)?;
        let (body, next) = split_once(body, &delimiter)?;
        parts.push((disposition, body));
        rest = next;
    }
    Some(parts)
}

/// What the headers of a part say.
#[derive(Default)]
struct Disposition {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl Disposition {
    fn entry(self, body: &[u8]) -> Answer {
        let content_type = self.content_type.unwrap_or_else(|| "text/plain".to_string());
        let mut bytes = Vec::new();
        append_bytes(&mut bytes, body)?;
        Ok(Plain::List(vec![
            Plain::Text(self.name),
            self.file_name.map_or(Plain::Null, Plain::Text),
            Plain::Text(content_type),
            Plain::Bytes(bytes),
        ]))
    }
}

/// The headers of a part, and what is after their empty line.
fn headers(mut rest: &[u8]) -> Option<(Disposition, &[u8])> {
    let mut disposition = Disposition::default();
    let mut named = false;
    loop {
        let (line, next) = split_once(rest, b"\r\n")?;
        rest = next;
        if line.is_empty() {
            return named.then_some((disposition, rest));
        }
        let (name, value) = split_once(line, b":")?;
        let value = trimmed(value);
        if name.eq_ignore_ascii_case(b"content-disposition") {
            (disposition.name, disposition.file_name) = form_data(value)?;
            named = true;
        } else if name.eq_ignore_ascii_case(b"content-type") {
            disposition.content_type = Some(isomorphic(value));
        }
    }
}

/// Name and file name, of `form-data; name="…"; filename="…"`.
fn form_data(value: &[u8]) -> Option<(String, Option<String>)> {
    let (kind, mut rest) = split_once(value, b";").unwrap_or((value, b""));
    if !trimmed(kind).eq_ignore_ascii_case(b"form-data") {
        return None;
    }
    let (mut name, mut file_name) = (None, None);
    loop {
        rest = trimmed(rest);
        if rest.is_empty() {
            return Some((name?, file_name));
        }
        let (key, after) = split_once(rest, b"=")?;
        let (value, next) = if let Some(quoted) = after.strip_prefix(b"\"") {
            let (value, next) = split_once(quoted, b"\"")?;
            (unescaped(value), trimmed(next).strip_prefix(b";").unwrap_or_else(|| trimmed(next)))
        } else {
            let (value, next) = split_once(after, b";").unwrap_or((after, b""));
            (lossy(trimmed(value)), next)
        };
        if key.eq_ignore_ascii_case(b"name") {
            name = Some(value);
        } else if key.eq_ignore_ascii_case(b"filename") {
            file_name = Some(value);
        }
        rest = next;
    }
}

/// What [`escaped`] escaped, as it was.
fn unescaped(value: &[u8]) -> String {
    lossy(value).replace("%0A", "\n").replace("%0D", "\r").replace("%22", "\"")
}

/// (entries, boundary) to bytes. An entry is `[name, text]`, or
/// `[name, file name, type, bytes]`.
pub(super) fn serialize(arguments: &[Plain]) -> Answer {
    let [Plain::List(entries), Plain::Text(boundary)] = arguments else {
        return Err(Refusal::type_error("no entries, or no boundary"));
    };
    let mut out = Vec::new();
    for entry in entries {
        let Plain::List(entry) = entry else { return Err(Refusal::type_error("no entry")) };
        append(&mut out, &["--", boundary, "\r\nContent-Disposition: form-data; name=\""])?;
        match entry.as_slice() {
            [Plain::Text(name), Plain::Text(value)] => {
                append(&mut out, &[&escaped(&with_crlf(name)), "\"\r\n\r\n", &with_crlf(value), "\r\n"])?;
            }
            [Plain::Text(name), Plain::Text(file), Plain::Text(kind), Plain::Bytes(bytes)] => {
                let name = escaped(&with_crlf(name));
                append(&mut out, &[&name, "\"; filename=\"", &escaped(file), "\"\r\nContent-Type: "])?;
                append(&mut out, &[kind, "\r\n\r\n"])?;
                append_bytes(&mut out, bytes)?;
                append(&mut out, &["\r\n"])?;
            }
            _ => return Err(Refusal::type_error("no entry")),
        }
    }
    append(&mut out, &["--", boundary, "--\r\n"])?;
    Ok(Plain::Bytes(out))
}

fn append(out: &mut Vec<u8>, texts: &[&str]) -> Result<(), Refusal> {
    texts.iter().try_for_each(|text| append_bytes(out, text.as_bytes()))
}

/// Every line break as CR LF.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

fn escaped(text: &str) -> String {
    text.replace('\n', "%0A").replace('\r', "%0D").replace('"', "%22")
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_edge = |byte: &u8| is_whitespace(char::from(*byte));
    let start = bytes.iter().position(|byte| !is_edge(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_edge(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

/// What is before and after the first `separator`.
fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = find(bytes, separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}
