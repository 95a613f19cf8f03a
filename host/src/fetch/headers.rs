//! Which headers.

use super::{error::FetchError, message::Headers, policy::FetchPolicy, rules::refuse};
use crate::error::Result;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};

/// Headers of one request or response.
const MAX_COUNT: usize = 100;
/// Bytes of all names and values.
const MAX_BYTES: usize = 64 << 10;

/// What belongs to the HTTP client: where a request goes, where its body ends, what the connection
/// is, and how a body may be encoded. Whoever could set these could smuggle a second request. Names
/// with the prefixes `proxy-` and `sec-` are the client's, too.
const CLIENTS: [&str; 13] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// What servers may take for the word of a proxy: who asks, and, against the policy's methods, by
/// which method. Names with the prefix `x-forwarded-` are the same.
const PROXYS: [&str; 5] =
    ["forwarded", "x-http-method", "x-http-method-override", "x-method-override", "x-real-ip"];

fn is_clients(name: &str) -> bool {
    CLIENTS.contains(&name) || name.starts_with("proxy-") || name.starts_with("sec-")
}

fn is_proxys(name: &str) -> bool {
    PROXYS.contains(&name) || name.starts_with("x-forwarded-")
}

/// The headers that a policy allows.
#[derive(Debug)]
pub(super) struct HeaderRules {
    only: Option<Vec<HeaderName>>,
    allowed: Vec<HeaderName>,
    denied: Vec<HeaderName>,
}

impl HeaderRules {
    pub(super) fn new(policy: &FetchPolicy) -> Result<Self> {
        let allowable = |field, names: &[String]| {
            let names = parse(field, names)?;
            match names.iter().find(|name| is_clients(name.as_str())) {
                Some(name) => {
                    Err(refuse(field, format!("is {:?}, which only the HTTP client may set", name.as_str())))
                }
                None => Ok(names),
            }
        };
        Ok(Self {
            only: policy.headers.as_ref().map(|names| allowable("headers", names)).transpose()?,
            allowed: allowable("allow_header", &policy.allowed_headers)?,
            denied: parse("deny_header", &policy.denied_headers)?,
        })
    }

    /// The headers of a request, if all of them may be sent.
    pub(super) fn admit(&self, headers: Headers) -> Result<HeaderMap, FetchError> {
        check_size("request", headers.iter().map(|(name, value)| name.len() + value.len()))?;
        let mut map = HeaderMap::with_capacity(headers.len());
        for (name, value) in headers {
            let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
                return Err(FetchError::invalid(format!("`{name}` is not the name of a header")));
            };
            self.judge(&name)?;
            let Ok(value) = HeaderValue::from_bytes(&value) else {
                return Err(FetchError::invalid(format!(
                    "the value of the header `{name}` has a control character"
                )));
            };
            map.append(name, value);
        }
        Ok(map)
    }

    fn judge(&self, name: &HeaderName) -> Result<(), FetchError> {
        if is_clients(name.as_str()) {
            return Err(FetchError::denied(format!(
                "only the HTTP client itself may set the header `{name}`"
            )));
        }
        let by_default = match &self.only {
            Some(only) => only.contains(name),
            None => !is_proxys(name.as_str()),
        };
        if self.denied.contains(name) {
            return Err(FetchError::denied(format!("`FetchPolicy::deny_header` denies the header `{name}`")));
        }
        if by_default || self.allowed.contains(name) {
            return Ok(());
        }
        Err(FetchError::denied(format!(
            "fetch may not send the header `{name}`; the embedding program allows it by \
             `FetchPolicy::allow_header`"
        )))
    }
}

fn parse(field: &str, names: &[String]) -> Result<Vec<HeaderName>> {
    let parse = |name: &String| {
        HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| refuse(field, format!("is {name:?}, which is not the name of a header")))
    };
    names.iter().map(parse).collect()
}

/// Checks how much the headers of a `request` or `response` are.
pub(super) fn check_size(whose: &str, sizes: impl Iterator<Item = usize>) -> Result<(), FetchError> {
    let (mut count, mut bytes) = (0_usize, 0_usize);
    for size in sizes {
        count += 1;
        bytes = bytes.saturating_add(size);
    }
    if count > MAX_COUNT || bytes > MAX_BYTES {
        return Err(FetchError::too_large(format!(
            "the {whose} has {count} headers of {bytes} bytes, and {MAX_COUNT} of {MAX_BYTES} bytes in all are allowed"
        )));
    }
    Ok(())
}

/// Takes away what was meant for one origin only, before another one is asked.
pub(super) fn remove_credentials(headers: &mut HeaderMap) {
    headers.remove(header::AUTHORIZATION);
    headers.remove(header::COOKIE);
}

/// Takes away what tells of a body: the Fetch standard's
/// [request-body headers](https://fetch.spec.whatwg.org/#request-body-header-name).
pub(super) fn remove_of_body(headers: &mut HeaderMap) {
    for name in
        [header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION, header::CONTENT_TYPE]
    {
        headers.remove(name);
    }
}
