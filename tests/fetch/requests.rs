//! What a request may say, and how it arrives.

use crate::{
    fails, fetch, get, header, policy,
    server::{Server, ok, response},
};
use hypercell::{FetchErrorKind, FetchPolicy, FetchRequest, Fetcher};
use std::time::Duration;

#[test]
fn a_request_arrives_as_it_was_made() {
    let server = Server::answering(ok("done"));
    let request = FetchRequest::new("post", server.url("a.test", "/path?q=1#part"))
        .header("Content-Type", "text/plain")
        .header("X-Twice", "1")
        .header("x-twice", "2")
        .header("authorization", "Bearer token")
        .body("the body");
    let answer = fetch(policy(&[&server]), request).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"done".as_slice()));
    assert_eq!((answer.url, answer.redirected), (server.url("a.test", "/path?q=1"), false));

    let came = server.request();
    assert_eq!((came.method.as_str(), came.path.as_str()), ("POST", "/path?q=1"));
    assert_eq!(came.body, b"the body");
    assert_eq!(came.header("content-type"), Some("text/plain"));
    assert_eq!(came.header("authorization"), Some("Bearer token"));
    assert_eq!(came.header("host"), Some(format!("a.test:{}", server.port()).as_str()));
    let twice: Vec<_> = came.headers.iter().filter(|(name, _)| name == "x-twice").collect();
    assert_eq!(twice.len(), 2);
}

#[test]
fn a_request_that_could_have_a_body_tells_that_it_has_none() {
    let server = Server::answering(ok(""));
    for (method, length) in [("POST", Some("0")), ("PUT", Some("0")), ("GET", None), ("DELETE", None)] {
        let request = FetchRequest::new(method, server.url("a.test", "/"));
        fetch(policy(&[&server]), request).unwrap();
        let came = server.requests().pop().unwrap();
        assert_eq!((came.method.as_str(), came.header("content-length")), (method, length));
    }
    let empty = FetchRequest::new("POST", server.url("a.test", "/")).body("");
    fetch(policy(&[&server]), empty).unwrap();
    assert_eq!(server.requests().pop().unwrap().header("content-length"), Some("0"));
}

#[test]
fn a_response_arrives_as_it_was_made() {
    let lines = ["Set-Cookie: a=1", "set-cookie: b=2", "X-Latin: \u{e9}"];
    let server = Server::answering(response("404 Not Here", &lines, "nothing"));
    let answer = get(&server).unwrap();
    assert_eq!((answer.status, answer.status_text.as_str()), (404, "Not Here"));
    assert_eq!(header(&answer, "set-cookie"), ["a=1", "b=2"]);
    assert_eq!(header(&answer, "x-latin"), ["\u{e9}"]);
    assert_eq!(answer.body, b"nothing");
}

#[test]
fn the_client_sends_nothing_of_the_host_and_of_earlier_requests() {
    let server = Server::answering(response("200 OK", &["set-cookie: a=1"], ""));
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    crate::run(async {
        for path in ["/first", "/second"] {
            fetcher.fetch(FetchRequest::get(server.url("a.test", path))).await.unwrap();
        }
    });
    for request in server.requests() {
        let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
    }
}

#[test]
fn nothing_is_allowed_until_it_is_said() {
    let server = Server::answering(ok(""));
    let url = server.url("localhost", "/");
    let steps: [(FetchPolicy, &str); 3] = [
        (FetchPolicy::new(), "FetchPolicy::allow_host"),
        (FetchPolicy::new().allow_any_host(), "FetchPolicy::ports"),
        (FetchPolicy::new().allow_any_host().ports([server.port()]), "FetchPolicy::allow_private_addresses"),
    ];
    for (policy, what_allows) in steps {
        let sentence = fails(fetch(policy, FetchRequest::get(&url)), FetchErrorKind::Denied);
        assert!(sentence.contains("localhost") && sentence.contains(what_allows), "{sentence}");
    }
    assert!(server.requests().is_empty());
    let allowed = FetchPolicy::new().allow_host("localhost").ports([server.port()]).allow_private_addresses();
    assert_eq!(fetch(allowed, FetchRequest::get(&url)).unwrap().status, 200);
}

#[test]
fn a_policy_denies_by_host_scheme_and_method() {
    let server = Server::answering(ok(""));
    let cases = [
        ("GET", "http://evil.example/", "`evil.example`", "allow_host"),
        ("GET", "http://test/", "`test`", "allow_host"),
        ("GET", "http://a.test.evil.example/", "`a.test.evil.example`", "allow_host"),
        ("GET", "https://a.test/", "`https`", "schemes"),
        ("GET", "http://a.test/", "port 80", "ports"),
        ("DELETE", &server.url("a.test", "/"), "DELETE", "methods"),
        ("patch", &server.url("a.test", "/"), "patch", "methods"),
        ("TRACE", &server.url("a.test", "/"), "TRACE", "never"),
        ("GET", "file:///etc/passwd", "`file`", "https and http"),
        ("GET", "data:,text", "`data`", "https and http"),
    ];
    for (method, url, value, what_allows) in cases {
        let policy = policy(&[&server]).schemes(["http"]).methods(["GET", "PATCH"]);
        let sentence = fails(fetch(policy, FetchRequest::new(method, url)), FetchErrorKind::Denied);
        assert!(sentence.contains(value) && sentence.contains(what_allows), "{sentence}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn what_is_no_request_is_invalid() {
    let server = Server::answering(ok(""));
    let url = server.url("a.test", "/");
    let credentials = url.replace("a.test", "ada:secret@a.test");
    let cases = [
        FetchRequest::get("/relative"),
        FetchRequest::get("http://"),
        FetchRequest::get(credentials),
        FetchRequest::new("", &url),
        FetchRequest::new("GET /smuggled HTTP/1.1\r\nx:", &url),
        FetchRequest::get(&url).body("a body"),
        FetchRequest::new("head", &url).body("a body"),
        FetchRequest::get(&url).header("x y", "1"),
        FetchRequest::get(&url).header("x", "1\r\nhost: evil.example"),
    ];
    for request in cases {
        let sentence = fails(fetch(policy(&[&server]), request), FetchErrorKind::Invalid);
        assert!(!sentence.contains("secret") && !sentence.contains('\n'), "{sentence}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn headers_of_the_client_are_nobodys() {
    let server = Server::answering(ok(""));
    for name in
        ["Host", "connection", "content-length", "Transfer-Encoding", "proxy-authorization", "sec-fetch-site"]
    {
        let request = FetchRequest::new("POST", server.url("a.test", "/")).header(name, "1");
        let sentence = fails(fetch(policy(&[&server]), request), FetchErrorKind::Denied);
        assert!(sentence.contains(&name.to_lowercase()), "{sentence}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn headers_that_speak_for_a_proxy_must_be_allowed() {
    let server = Server::answering(ok(""));
    let request = || FetchRequest::get(server.url("a.test", "/")).header("X-Forwarded-For", "10.0.0.1");
    let sentence = fails(fetch(policy(&[&server]), request()), FetchErrorKind::Denied);
    assert!(sentence.contains("x-forwarded-for") && sentence.contains("allow_header"), "{sentence}");
    fetch(policy(&[&server]).allow_header("X-Forwarded-For"), request()).unwrap();
    assert_eq!(server.request().header("x-forwarded-for"), Some("10.0.0.1"));
}

#[test]
fn a_policy_names_the_headers_that_may_be_sent() {
    let server = Server::answering(ok(""));
    let with = |name: &str| FetchRequest::get(server.url("a.test", "/")).header(name, "1");
    let only = || policy(&[&server]).headers(["x-a", "x-b"]).allow_header("x-c").deny_header("X-B");
    for allowed in ["x-a", "X-C"] {
        fetch(only(), with(allowed)).unwrap();
    }
    for denied in ["x-b", "accept", "authorization"] {
        fails(fetch(only(), with(denied)), FetchErrorKind::Denied);
    }
}

#[test]
fn headers_and_urls_have_sizes() {
    let server = Server::answering(ok(""));
    let url = server.url("a.test", "/");
    let many = (0..101).fold(FetchRequest::get(&url), |request, n| request.header(format!("x-{n}"), "1"));
    let large = FetchRequest::get(&url).header("x", "x".repeat(64 << 10));
    let long = FetchRequest::get(url.clone() + &"x".repeat(32 << 10));
    for request in [many, large, long] {
        fails(fetch(policy(&[&server]), request), FetchErrorKind::TooLarge);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn requests_beyond_the_rate_are_refused_for_all_clones() {
    let server = Server::answering(ok(""));
    let fetcher = Fetcher::new(policy(&[&server]).rate(2, Duration::from_secs(3600))).unwrap();
    let again = fetcher.clone();
    crate::run(async {
        let request = || FetchRequest::get(server.url("a.test", "/"));
        fetcher.fetch(request()).await.unwrap();
        again.fetch(request()).await.unwrap();
        let sentence = fails(fetcher.fetch(request()).await, FetchErrorKind::Rate);
        assert!(sentence.contains("FetchPolicy::rate"), "{sentence}");
    });
    assert_eq!(server.requests().len(), 2);
}
