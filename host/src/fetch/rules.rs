//! The policy, checked, and its judgement of requests.

use super::{
    error::FetchError, headers::HeaderRules, hosts::HostRules, message::FetchRequest, policy::FetchPolicy,
    resolve,
};
use crate::error::{Error, Result};
use bytes::Bytes;
use reqwest::{Method, header::HeaderMap};
use std::{fmt, net::IpAddr, ops::RangeInclusive, time::Duration};
use url::{Host, Url};

/// Bytes of a URL.
const MAX_URL: usize = 32 << 10;

const REDIRECTS: RangeInclusive<u32> = 0..=20;
const BODY: RangeInclusive<u64> = 0..=64 << 20;
const CONCURRENT: RangeInclusive<u32> = 1..=1024;
const REQUESTS: RangeInclusive<u32> = 1..=1_000_000;
const TIME: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(3600);

/// A policy whose values are in their bounds.
#[derive(Debug)]
pub(super) struct Rules {
    hosts: HostRules,
    headers: HeaderRules,
    schemes: Vec<String>,
    ports: Vec<u16>,
    methods: Vec<String>,
    private: bool,
    max_request_body: u64,
    pub(super) max_response_body: u64,
    pub(super) max_redirects: u32,
    pub(super) insecure_redirects: bool,
    pub(super) timeout: Duration,
}

/// One request on its way: what the policy allows, in the HTTP client's types.
#[derive(Debug, Clone)]
pub(super) struct Hop {
    pub(super) method: Method,
    /// Without a fragment.
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Bytes>,
}

impl Rules {
    /// Checks every value of a policy.
    pub(super) fn new(policy: &FetchPolicy) -> Result<Self> {
        within("max_redirects", policy.max_redirects, &REDIRECTS)?;
        within("max_request_body", policy.max_request_body, &BODY)?;
        within("max_response_body", policy.max_response_body, &BODY)?;
        within("max_concurrent", policy.max_concurrent, &CONCURRENT)?;
        within("timeout", policy.timeout, &TIME)?;
        if let Some((requests, per)) = policy.rate {
            within("rate", requests, &REQUESTS)?;
            within("rate", per, &TIME)?;
        }
        one_at_least("schemes", &policy.schemes)?;
        one_at_least("ports", &policy.ports)?;
        one_at_least("methods", &policy.methods)?;
        if let Some(scheme) =
            policy.schemes.iter().find(|scheme| !matches!(scheme.as_str(), "https" | "http"))
        {
            return Err(refuse("schemes", format!("has {scheme:?} in it; there are https and http")));
        }
        if policy.ports.contains(&0) {
            return Err(refuse("ports", "has 0 in it, which is not a port".into()));
        }
        for method in &policy.methods {
            if is_forbidden(method) {
                return Err(refuse(
                    "methods",
                    format!("has {method:?} in it, which the Fetch standard forbids"),
                ));
            }
            if Method::from_bytes(method.as_bytes()).is_err() || *method != normalize(method) {
                return Err(refuse(
                    "methods",
                    format!("has {method:?} in it, which is not the name of a method"),
                ));
            }
        }
        Ok(Self {
            hosts: HostRules::new(policy)?,
            headers: HeaderRules::new(policy)?,
            schemes: policy.schemes.clone(),
            ports: policy.ports.clone(),
            methods: policy.methods.clone(),
            private: policy.private_addresses,
            max_request_body: policy.max_request_body,
            max_response_body: policy.max_response_body,
            max_redirects: policy.max_redirects,
            insecure_redirects: policy.insecure_redirects,
            timeout: policy.timeout,
        })
    }

    /// The first hop of a request.
    pub(super) fn admit(&self, request: FetchRequest) -> Result<Hop, FetchError> {
        let FetchRequest { method, url, headers, body, .. } = request;
        if url.len() > MAX_URL {
            return Err(too_long(url.len()));
        }
        let mut url = Url::parse(&url)
            .map_err(|error| FetchError::invalid(format!("`{url}` is not an absolute URL: {error}")))?;
        url.set_fragment(None);
        let name = normalize(&method);
        let Ok(method) = Method::from_bytes(name.as_bytes()) else {
            return Err(FetchError::invalid(format!("`{method}` is not the name of a method")));
        };
        if body.is_some() && matches!(method, Method::GET | Method::HEAD) {
            return Err(FetchError::invalid(format!("a request with the method {method} has no body")));
        }
        let bytes = body.as_ref().map_or(0, |body| body.len() as u64);
        if bytes > self.max_request_body {
            let most = self.max_request_body;
            return Err(FetchError::too_large(format!(
                "the request's body has {bytes} bytes, and {most} are allowed by `FetchPolicy::max_request_body`"
            )));
        }
        let hop = Hop { method, url, headers: self.headers.admit(headers)?, body: body.map(Into::into) };
        self.judge(&hop)?;
        Ok(hop)
    }

    /// Judges where a hop goes, and how.
    pub(super) fn judge(&self, hop: &Hop) -> Result<(), FetchError> {
        let Hop { method, url, .. } = hop;
        let denied = |what: String, allows: &str| {
            let hint = format!("the embedding program allows those by `FetchPolicy::{allows}`");
            Err(FetchError::denied(format!("fetch may not {what}; {hint}")))
        };
        let scheme = url.scheme();
        if !self.schemes.iter().any(|allowed| allowed == scheme) {
            return match scheme {
                "https" | "http" => denied(format!("use the scheme `{scheme}`"), "schemes"),
                _ => Err(FetchError::denied(format!("fetch has no scheme `{scheme}`, only https and http"))),
            };
        }
        if url.as_str().len() > MAX_URL {
            return Err(too_long(url.as_str().len()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::invalid("a URL has no user name and no password; send a header"));
        }
        let Some(host) = url.host() else {
            return Err(FetchError::invalid("the URL has no host"));
        };
        if !self.hosts.allow(&host) {
            return denied(format!("reach the host `{host}`"), "allow_host");
        }
        let port = url.port_or_known_default().unwrap_or(0);
        if !self.ports.contains(&port) {
            return denied(format!("reach port {port} of `{host}`"), "ports");
        }
        if !self.methods.iter().any(|allowed| allowed == method.as_str()) {
            return match is_forbidden(method.as_str()) {
                true => Err(FetchError::denied(format!("fetch may never use the method {method}"))),
                false => denied(format!("use the method {method}"), "methods"),
            };
        }
        // Names are judged by the addresses that they turn out to have.
        let address = match host {
            Host::Domain(_) => return Ok(()),
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        resolve::judge(address, self.private, &host.to_string())
    }
}

fn too_long(bytes: usize) -> FetchError {
    FetchError::too_large(format!("the URL has {bytes} bytes, and {MAX_URL} are allowed"))
}

/// [Forbidden methods](https://fetch.spec.whatwg.org/#forbidden-method), in any case.
fn is_forbidden(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// A [normalized method](https://fetch.spec.whatwg.org/#concept-method-normalize): six of them are
/// put in capitals, and `patch` is not.
fn normalize(method: &str) -> String {
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let found = known.iter().find(|known| method.eq_ignore_ascii_case(known));
    found.map_or_else(|| method.to_owned(), ToString::to_string)
}

/// The error of a value that is out of its bounds.
pub(super) fn refuse(field: &str, why: String) -> Error {
    Error::invalid_argument(format!("`{field}` of a fetch policy {why}"))
}

fn within<T: PartialOrd + fmt::Debug>(field: &str, value: T, bounds: &RangeInclusive<T>) -> Result<()> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = (bounds.start(), bounds.end());
    Err(refuse(field, format!("is {value:?}, and must be from {least:?} to {most:?}")))
}

fn one_at_least<T>(field: &str, values: &[T]) -> Result<()> {
    if values.is_empty() {
        return Err(refuse(field, "is empty, and must name one at least".into()));
    }
    Ok(())
}
