//! What is out of bounds in a policy is refused by its name and its value.

use hypercell::{ErrorKind, FetchPolicy, Fetcher};
use std::time::Duration;

#[track_caller]
fn refused(policy: FetchPolicy, field: &str, value: &str) {
    let error = Fetcher::new(policy).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArg);
    let message = error.to_string();
    assert!(message.contains(&format!("`{field}`")) && message.contains(value), "{message}");
}

#[test]
fn numbers_have_bounds() {
    let new = FetchPolicy::new;
    refused(new().max_redirects(21), "max_redirects", "21");
    refused(new().timeout(Duration::ZERO), "timeout", "0ns");
    refused(new().timeout(Duration::from_secs(3601)), "timeout", "3601s");
    refused(new().max_request_body((64 << 20) + 1), "max_request_body", "67108865");
    refused(new().max_response_body(u64::MAX), "max_response_body", "18446744073709551615");
    refused(new().rate(0, Duration::from_secs(1)), "rate", "0");
    refused(new().rate(1, Duration::ZERO), "rate", "0ns");
    refused(new().max_concurrent(0), "max_concurrent", "0");
    refused(new().max_concurrent(1025), "max_concurrent", "1025");
}

#[test]
fn words_are_known_or_refused() {
    let new = FetchPolicy::new;
    let none: [&str; 0] = [];
    refused(new().schemes(["ftp"]), "schemes", "\"ftp\"");
    refused(new().schemes(none), "schemes", "empty");
    refused(new().ports([0]), "ports", "0");
    refused(new().ports([]), "ports", "empty");
    refused(new().methods(["connect"]), "methods", "\"connect\"");
    refused(new().methods(["get"]), "methods", "\"get\"");
    refused(new().methods(["A B"]), "methods", "\"A B\"");
    refused(new().methods(none), "methods", "empty");
    refused(new().allow_host("https://a.test"), "allow_host", "\"https://a.test\"");
    refused(new().allow_header("host"), "allow_header", "\"host\"");
    refused(new().headers(["Proxy-Authorization"]), "headers", "\"proxy-authorization\"");
    refused(new().deny_header("a b"), "deny_header", "\"a b\"");
    refused(new().trust_certificate(b"not DER".to_vec()), "trust_certificate", "not a certificate");
}

#[test]
fn bounds_themselves_are_allowed() {
    let policy = FetchPolicy::new()
        .allow_host("a.test")
        .allow_host("::1")
        .max_redirects(20)
        .timeout(Duration::from_millis(1))
        .max_request_body(0)
        .max_response_body(64 << 20)
        .rate(1_000_000, Duration::from_millis(1))
        .max_concurrent(1024)
        .methods(["PROPFIND"]);
    Fetcher::new(policy).unwrap();
    Fetcher::new(FetchPolicy::new().max_redirects(0).unlimited_rate()).unwrap();
}
