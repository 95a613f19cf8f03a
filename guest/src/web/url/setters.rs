//! The setters of the class `URL` (URL Standard 6.1), but for `href`.

use super::{
    encode::{USERINFO, encoded},
    parser::{State, parse_into},
    record::{Path, Url},
};
use alloc::{format, string::String};

/// Sets an attribute. What is not valid is ignored from there on, as specified.
pub(super) fn set(url: &mut Url, attribute: &str, value: &str) {
    // The states tell a fault only to say where they stopped.
    let _ = match attribute {
        "protocol" => parse_into(url, &format!("{value}:"), State::SchemeStart),
        "username" | "password" => {
            if !url.cannot_have_credentials_or_port() {
                let part = if attribute == "username" { &mut url.username } else { &mut url.password };
                *part = encoded(value, USERINFO);
            }
            Ok(())
        }
        "host" if !url.has_opaque_path() => parse_into(url, value, State::Host),
        "hostname" if !url.has_opaque_path() => parse_into(url, value, State::Hostname),
        "port" if url.cannot_have_credentials_or_port() => Ok(()),
        "port" if value.is_empty() => {
            url.port = None;
            Ok(())
        }
        "port" => parse_into(url, value, State::Port),
        "pathname" if !url.has_opaque_path() => {
            url.path = Path::default();
            parse_into(url, value, State::PathStart)
        }
        "search" => {
            url.query = None;
            set_marked(url, value, '?', State::Query)
        }
        "hash" => {
            url.fragment = None;
            set_marked(url, value, '#', State::Fragment)
        }
        _ => Ok(()),
    };
}

fn set_marked(url: &mut Url, value: &str, mark: char, state: State) -> Result<(), super::parser::Invalid> {
    if value.is_empty() {
        return Ok(());
    }
    let part = if state == State::Query { &mut url.query } else { &mut url.fragment };
    *part = Some(String::new());
    parse_into(url, value.strip_prefix(mark).unwrap_or(value), state)
}
