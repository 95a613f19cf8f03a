//! Components in their canonical form (URL Pattern Standard 3.1 and 3.2).

use super::super::{
    super::Refusal,
    encode::{USERINFO, encoded},
    parser::{self, Invalid, State, parse_into},
    record::{Path, Url, is_special},
};
use alloc::{format, string::String};

type Canonical = Result<String, Refusal>;

fn refused(what: &str, value: &str) -> Refusal {
    Refusal::type_error(format!("'{value}' is not a valid {what}"))
}

/// What `state` makes of a value in a URL that does not matter.
fn parsed(value: &str, what: &str, state: State, prepare: impl FnOnce(&mut Url)) -> Result<Url, Refusal> {
    let mut url = Url { scheme: "https".into(), host: Some("dummy.invalid".into()), ..Url::default() };
    prepare(&mut url);
    let outcome: Result<(), Invalid> = parse_into(&mut url, value, state);
    outcome.map(|()| url).map_err(|_| refused(what, value))
}

pub(super) fn protocol(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    let url = parser::parse(&format!("{value}://dummy.invalid/"), None);
    url.map(|url| url.scheme).ok_or_else(|| refused("protocol", value))
}

/// Of a username or a password.
#[expect(clippy::unnecessary_wraps, reason = "the form of all of these")]
pub(super) fn credential(value: &str) -> Canonical {
    Ok(encoded(value, USERINFO))
}

pub(super) fn hostname(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    Ok(parsed(value, "hostname", State::Hostname, |_| {})?.host.unwrap_or_default())
}

pub(super) fn ipv6_hostname(value: &str) -> Canonical {
    if value.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '[' | ']' | ':')) {
        Ok(value.to_ascii_lowercase())
    } else {
        Err(refused("IPv6 address", value))
    }
}

pub(super) fn port(value: &str) -> Canonical {
    port_of("", value)
}

/// Of a port that is left out where it is the protocol's default.
pub(super) fn port_of(protocol: &str, value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    Ok(parsed(value, "port", State::Port, |url| url.scheme = protocol.into())?.port_text())
}

pub(super) fn pathname(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    if value.starts_with('/') {
        return Ok(parsed(value, "pathname", State::PathStart, |_| {})?.path.text());
    }
    // Fixed text can be in the middle of a path.
    let path = parsed(&format!("/-{value}"), "pathname", State::PathStart, |_| {})?.path.text();
    Ok(path.get(2..).unwrap_or_default().into())
}

pub(super) fn opaque_pathname(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    let url = parsed(value, "pathname", State::OpaquePath, |url| url.path = Path::Opaque(String::new()))?;
    Ok(url.path.text())
}

pub(super) fn search(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    Ok(parsed(value, "search", State::Query, |_| {})?.query.unwrap_or_default())
}

pub(super) fn hash(value: &str) -> Canonical {
    if value.is_empty() {
        return Ok(String::new());
    }
    Ok(parsed(value, "hash", State::Fragment, |_| {})?.fragment.unwrap_or_default())
}

/// Of a path, by the protocol that it is for.
pub(super) fn pathname_of(protocol: &str, value: &str) -> Canonical {
    if protocol.is_empty() || is_special(protocol) { pathname(value) } else { opaque_pathname(value) }
}
