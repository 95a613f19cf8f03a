//! Hosts (URL Standard 3).

use super::parser::Invalid;
use alloc::string::{String, ToString as _};
use percent_encoding::percent_decode_str;
use url::Host;

/// What starts a label in Punycode.
const PUNYCODE: &str = "xn--";
/// As long, and of no meaning.
const PLAIN: &str = "x---";

/// The host parser (3.5), and its serializer (3.6).
pub(super) fn parse_host(text: &str, special: bool) -> Result<String, Invalid> {
    if !special {
        return serialized(Host::parse_opaque(text));
    }
    let domain = percent_decode_str(text).decode_utf8_lossy().to_ascii_lowercase();
    if !domain.is_ascii() || !domain.contains(PUNYCODE) {
        return serialized(Host::parse(text));
    }
    // Of a domain in ASCII, IDNA only has what to warn of (3.3), but the crate refuses
    // Punycode that is not valid. All else that makes a domain invalid is asked without it.
    let plain = domain.replace(PUNYCODE, PLAIN);
    match Host::parse(&plain) {
        Ok(Host::Domain(parsed)) if parsed == plain => Ok(domain),
        _ => Err(Invalid),
    }
}

fn serialized(host: Result<Host, url::ParseError>) -> Result<String, Invalid> {
    host.map(|host| host.to_string()).map_err(|_| Invalid)
}
