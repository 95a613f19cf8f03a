//! Components that were given one by one, with a base URL (URL Pattern Standard 3.3).

use super::{
    super::{super::Refusal, parser, record::Url},
    Components, canonical,
    generate::escaped_for_pattern,
};
use alloc::{
    format,
    string::{String, ToString as _},
};

/// What components are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Pattern,
    /// To be matched: all components are canonical, and none is left out.
    Url,
}

pub(super) fn process(
    given: &Components,
    base: Option<&str>,
    purpose: Purpose,
) -> Result<Components, Refusal> {
    let base = base
        .map(|text| {
            let invalid = || Refusal::type_error(format!("the base '{text}' is not a valid URL"));
            parser::parse(text, None).ok_or_else(invalid)
        })
        .transpose()?;
    let mut result = match purpose {
        Purpose::Pattern => Components::default(),
        Purpose::Url => Components::empty(),
    };
    if let Some(base) = &base {
        inherit(&mut result, given, base, purpose);
    }
    let url = purpose == Purpose::Url;
    let canonical = |value: &str, to: fn(&str) -> Result<String, Refusal>| {
        if url { to(value) } else { Ok(value.to_string()) }
    };
    if let Some(value) = &given.protocol {
        result.protocol = Some(canonical(value.strip_suffix(':').unwrap_or(value), canonical::protocol)?);
    }
    if let Some(value) = &given.username {
        result.username = Some(canonical(value, canonical::credential)?);
    }
    if let Some(value) = &given.password {
        result.password = Some(canonical(value, canonical::credential)?);
    }
    if let Some(value) = &given.hostname {
        result.hostname = Some(canonical(value, canonical::hostname)?);
    }
    let protocol = result.protocol.clone().unwrap_or_default();
    if let Some(value) = &given.port {
        result.port = Some(if url { canonical::port_of(&protocol, value)? } else { value.clone() });
    }
    if let Some(value) = &given.pathname {
        let path = match &base {
            Some(base) => from_base(value, base, purpose),
            None => value.clone(),
        };
        result.pathname = Some(if url { canonical::pathname_of(&protocol, &path)? } else { path });
    }
    if let Some(value) = &given.search {
        result.search = Some(canonical(value.strip_prefix('?').unwrap_or(value), canonical::search)?);
    }
    if let Some(value) = &given.hash {
        result.hash = Some(canonical(value.strip_prefix('#').unwrap_or(value), canonical::hash)?);
    }
    Ok(result)
}

/// Takes from the base what comes before the first component that is given.
fn inherit(result: &mut Components, given: &Components, base: &Url, purpose: Purpose) {
    let own = |text: &str| Some(literal(text, purpose));
    let mut free = given.protocol.is_none();
    if !free {
        return;
    }
    result.protocol = own(&base.scheme);
    // Patterns match any credentials unless they say otherwise.
    if purpose == Purpose::Url && given.hostname.is_none() && given.port.is_none() && given.username.is_none()
    {
        result.username = own(&base.username);
        if given.password.is_none() {
            result.password = own(&base.password);
        }
    }
    free &= given.hostname.is_none();
    let query = base.query.as_deref().unwrap_or_default();
    let fragment = base.fragment.as_deref().unwrap_or_default();
    let host = base.host.as_deref().unwrap_or_default();
    for (slot, given, text) in [
        (&mut result.hostname, &given.port, host),
        (&mut result.port, &given.pathname, &base.port_text()),
        (&mut result.pathname, &given.search, &base.path.text()),
        (&mut result.search, &given.hash, query),
    ] {
        if !free {
            return;
        }
        *slot = own(text);
        free = given.is_none();
    }
    if free {
        result.hash = own(fragment);
    }
}

fn literal(text: &str, purpose: Purpose) -> String {
    if purpose == Purpose::Pattern { escaped_for_pattern(text) } else { text.into() }
}

/// A path that is not absolute begins in the base's folder.
fn from_base(path: &str, base: &Url, purpose: Purpose) -> String {
    let absolute = path.starts_with('/')
        || (purpose == Purpose::Pattern && (path.starts_with("\\/") || path.starts_with("{/")));
    let base_path = literal(&base.path.text(), purpose);
    match base_path.rfind('/').and_then(|slash| base_path.get(..=slash)) {
        Some(folder) if !absolute && !base.has_opaque_path() => format!("{folder}{path}"),
        _ => path.into(),
    }
}
