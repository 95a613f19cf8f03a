//! URLs and `application/x-www-form-urlencoded` (URL Standard).
//!
//! The parser is the standard's state machine, as its setters need the single
//! states. Hosts, with all of IDNA, are parsed by the crate `url`: its own parser
//! differs from the standard in paths and hosts of `file` URLs and in some setters.

mod encode;
mod host;
mod parser;
mod path;
mod pattern;
mod record;
mod setters;

use super::{Answer, Native, Plain, Refusal};
use alloc::{string::String, vec::Vec};
use encode::FORM;
use percent_encoding::utf8_percent_encode;
use record::Url;

pub(super) const NATIVES: &[(&str, Native)] =
    &[("parseUrl", parse), ("setUrl", set), ("parseForm", parse_form), ("serializeForm", serialize_form)];

pub(super) fn natives() -> impl Iterator<Item = &'static (&'static str, Native)> {
    [NATIVES, pattern::NATIVES].into_iter().flatten()
}

/// (text, base or undefined) to the URL's parts, see [`parts`], or null for no
/// valid URL.
fn parse(arguments: &[Plain]) -> Answer {
    let (input, base) = match arguments {
        [Plain::Text(input), Plain::Undefined] => (input, None),
        [Plain::Text(input), Plain::Text(base)] => match parser::parse(base, None) {
            Some(base) => (input, Some(base)),
            None => return Ok(Plain::Null),
        },
        _ => return Err(Refusal::type_error("no strings")),
    };
    Ok(parser::parse(input, base.as_ref()).map_or(Plain::Null, |url| parts(&url)))
}

/// (a URL's `href`, attribute, its value) to the parts of the URL after
/// the attribute was set.
fn set(arguments: &[Plain]) -> Answer {
    let [Plain::Text(href), Plain::Text(attribute), Plain::Text(value)] = arguments else {
        return Err(Refusal::type_error("no strings"));
    };
    let mut url = parser::parse(href, None).ok_or_else(|| Refusal::type_error("no URL"))?;
    setters::set(&mut url, attribute, value);
    Ok(parts(&url))
}

/// What the attributes of a `URL` give: href, origin, protocol, username, password,
/// host, hostname, port, pathname, search, hash.
fn parts(url: &Url) -> Plain {
    let parts = [
        url.href(),
        url.origin(),
        url.protocol(),
        url.username.clone(),
        url.password.clone(),
        url.host_and_port(),
        url.host.clone().unwrap_or_default(),
        url.port_text(),
        url.path.text(),
        url.search(),
        url.hash(),
    ];
    Plain::List(parts.into_iter().map(Plain::Text).collect())
}

/// (text) to a list of names and values, by turns.
fn parse_form(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    let pairs = form_urlencoded::parse(text.as_bytes());
    let items = pairs.flat_map(|(name, value)| [name, value]);
    Ok(Plain::List(items.map(|item| Plain::Text(item.into_owned())).collect()))
}

/// (names and values, by turns) to text.
fn serialize_form(arguments: &[Plain]) -> Answer {
    let [Plain::List(items)] = arguments else { return Err(Refusal::type_error("no list")) };
    let mut text = String::new();
    let items: Vec<&str> = items.iter().filter_map(Plain::as_text).collect();
    for pair in items.chunks(2) {
        if !text.is_empty() {
            text.push('&');
        }
        for (at, item) in pair.iter().enumerate() {
            if at > 0 {
                text.push('=');
            }
            for (at, word) in item.split(' ').enumerate() {
                if at > 0 {
                    text.push('+');
                }
                text.extend(utf8_percent_encode(word, FORM));
            }
        }
    }
    Ok(Plain::Text(text))
}
