//! Which hosts.

use super::{policy::FetchPolicy, rules::refuse};
use crate::error::Result;
use std::net::IpAddr;
use url::Host;

/// The hosts that a policy allows.
#[derive(Debug)]
pub(super) struct HostRules {
    any: bool,
    hosts: Vec<Host>,
    /// Names, with a dot before them: `.example.com` stands for all names below `example.com`.
    suffixes: Vec<String>,
}

impl HostRules {
    pub(super) fn new(policy: &FetchPolicy) -> Result<Self> {
        let mut rules = Self { any: policy.any_host, hosts: Vec::new(), suffixes: Vec::new() };
        for pattern in &policy.hosts {
            let wrong = || {
                let form = "a name without scheme, port and path, `*.` and a name, or an IP address";
                refuse(
                    "allow_host",
                    format!("is {pattern:?}, and must be {form}; `allow_any_host` allows all"),
                )
            };
            if let Some(name) = pattern.strip_prefix("*.") {
                match Host::parse(name) {
                    Ok(Host::Domain(name)) if !name.contains('*') => rules.suffixes.push(format!(".{name}")),
                    _ => return Err(wrong()),
                }
                continue;
            }
            let host = match pattern.parse() {
                Ok(IpAddr::V4(address)) => Host::Ipv4(address),
                Ok(IpAddr::V6(address)) => Host::Ipv6(address),
                Err(_) => Host::parse(pattern).map_err(|_| wrong())?,
            };
            match &host {
                Host::Domain(name) if name.contains('*') => return Err(wrong()),
                _ => rules.hosts.push(host),
            }
        }
        Ok(rules)
    }

    /// Whether a URL's host is allowed. Names are in the form that the URL standard gives them: lower
    /// case, punycode.
    pub(super) fn allow(&self, host: &Host<&str>) -> bool {
        self.any
            || self.hosts.iter().any(|allowed| allowed == host)
            || match host {
                Host::Domain(name) => self.suffixes.iter().any(|suffix| {
                    // More than the suffix: an empty label is not a name.
                    name.len() > suffix.len() && name.ends_with(suffix)
                }),
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], hosts: &[(&str, bool)]) {
        let policy = patterns.iter().fold(FetchPolicy::new(), |policy, host| policy.allow_host(*host));
        let rules = HostRules::new(&policy).unwrap();
        for (host, allowed) in hosts {
            let host = Host::parse(host).unwrap();
            let borrowed = match &host {
                Host::Domain(name) => Host::Domain(name.as_str()),
                Host::Ipv4(address) => Host::Ipv4(*address),
                Host::Ipv6(address) => Host::Ipv6(*address),
            };
            assert_eq!(rules.allow(&borrowed), *allowed, "{host} by {patterns:?}");
        }
    }

    #[test]
    fn a_name_is_itself_in_any_spelling() {
        check(
            &["API.example.com", "bücher.example"],
            &[
                ("api.example.com", true),
                ("Api.Example.COM", true),
                ("xn--bcher-kva.example", true),
                ("example.com", false),
                ("a.api.example.com", false),
                ("api.example.com.evil.net", false),
                ("notapi.example.com", false),
            ],
        );
    }

    #[test]
    fn a_wildcard_is_all_names_below() {
        check(
            &["*.example.com"],
            &[
                ("a.example.com", true),
                ("a.b.example.com", true),
                ("example.com", false),
                ("notexample.com", false),
                ("a.example.com.evil.net", false),
            ],
        );
    }

    #[test]
    fn an_address_is_itself_in_any_spelling() {
        check(
            &["127.0.0.1", "::1"],
            &[
                ("127.0.0.1", true),
                ("0x7f.1", true),
                ("[::1]", true),
                ("[0:0::1]", true),
                ("127.0.0.2", false),
            ],
        );
    }

    #[test]
    fn what_is_no_host_is_refused_by_its_value() {
        for wrong in
            ["", "*", "*.", "*.*.com", "a*.com", "https://a.com", "a.com:80", "a.com/x", "*.127.0.0.1", "a b"]
        {
            let error = HostRules::new(&FetchPolicy::new().allow_host(wrong)).unwrap_err();
            assert_eq!(error.code(), "ERR_INVALID_ARG");
            assert!(
                error.message().contains(&format!("`allow_host` of a fetch policy is {wrong:?}")),
                "{error}"
            );
        }
    }
}
