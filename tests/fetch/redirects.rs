//! Redirects are followed as the Fetch standard says, and each hop is judged like a first one.

use crate::{
    fails, fetch, header, policy,
    server::{Server, ok, redirect},
};
use hypercell::{FetchErrorKind, FetchPolicy, FetchRequest, RedirectMode};
use std::time::Duration;

/// A server that redirects once, with this status, to `/to` as `location` says, and answers there.
fn once(status: u16, location: &'static str) -> Server {
    Server::start(move |request, stream| {
        let answer = if request.path == "/to" { ok("there") } else { redirect(status, location) };
        stream.write_all(&answer).unwrap();
    })
}

/// A server that counts `/N` down to `/0`.
fn chain() -> Server {
    Server::start(|request, stream| {
        let n: u32 = request.path[1..].parse().unwrap();
        let answer = if n == 0 { ok("there") } else { redirect(302, &format!("/{}", n - 1)) };
        stream.write_all(&answer).unwrap();
    })
}

#[test]
fn a_chain_is_followed_to_its_end() {
    let server = chain();
    let answer = fetch(policy(&[&server]), FetchRequest::get(server.url("a.test", "/10"))).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"there".as_slice()));
    assert_eq!((answer.url, answer.redirected), (server.url("a.test", "/0"), true));
    assert_eq!(server.requests().len(), 11);
}

#[test]
fn a_chain_that_is_longer_than_allowed_fails() {
    let server = chain();
    let chain = |most| {
        let request = FetchRequest::get(server.url("a.test", "/3"));
        fetch(policy(&[&server]).max_redirects(most), request)
    };
    assert_eq!(chain(3).unwrap().status, 200);
    let sentence = fails(chain(2), FetchErrorKind::Redirect);
    assert!(sentence.contains("after 2 redirects") && sentence.contains("max_redirects"), "{sentence}");
}

#[test]
fn a_loop_ends() {
    let server = Server::answering(redirect(302, "/again"));
    fails(crate::get(&server), FetchErrorKind::Redirect);
    assert_eq!(server.requests().len(), 11);
}

#[test]
fn redirects_count_for_the_rate() {
    let server = chain();
    let policy = policy(&[&server]).rate(3, Duration::from_secs(3600));
    fails(fetch(policy, FetchRequest::get(server.url("a.test", "/3"))), FetchErrorKind::Rate);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn the_request_decides_whether_a_redirect_is_followed() {
    let server = once(302, "/to");
    let with = |mode| fetch(policy(&[&server]), FetchRequest::get(server.url("a.test", "/")).redirect(mode));
    fails(with(RedirectMode::Error), FetchErrorKind::Redirect);
    let answer = with(RedirectMode::Manual).unwrap();
    assert_eq!((answer.status, answer.redirected), (302, false));
    assert_eq!(header(&answer, "location"), ["/to"]);
    assert_eq!(with(RedirectMode::Follow).unwrap().body, b"there");
}

#[test]
fn a_redirect_without_a_place_is_the_response() {
    let server = Server::answering(crate::server::response("302 Found", &[], "where?"));
    let answer = crate::get(&server).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (302, b"where?".as_slice()));
}

#[test]
fn method_and_body_change_as_the_standard_says() {
    let cases = [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "PUT", "PUT"),
        (302, "PUT", "PUT"),
        (303, "PUT", "GET"),
        (307, "PUT", "PUT"),
    ];
    for (status, before, after) in cases {
        let server = once(status, "/to");
        let request = FetchRequest::new(before, server.url("a.test", "/"))
            .header("content-type", "text/plain")
            .header("x-kept", "yes")
            .body("the body");
        fetch(policy(&[&server]), request).unwrap();
        let second = &server.requests()[1];
        let case = format!("{status} after {before}");
        assert_eq!(second.method, after, "{case}");
        let (body, content_type) = if after == "GET" { ("", None) } else { ("the body", Some("text/plain")) };
        assert_eq!(second.body, body.as_bytes(), "{case}");
        assert_eq!(second.header("content-type"), content_type, "{case}");
        assert_eq!(second.header("x-kept"), Some("yes"), "{case}");
    }
    let server = once(303, "/to");
    fetch(policy(&[&server]), FetchRequest::new("HEAD", server.url("a.test", "/"))).unwrap();
    assert_eq!(server.requests()[1].method, "HEAD");
}

#[test]
fn credentials_stay_with_their_origin() {
    let other = Server::answering(ok("there"));
    for (host, port, kept) in
        [("a.test", None, true), ("b.test", None, false), ("a.test", Some(&other), false)]
    {
        let server = Server::start({
            let port = port.map(Server::port);
            move |request, stream| {
                let own = request.header("host").unwrap().split_once(':').unwrap().1.to_owned();
                let port = port.map_or(own, |port| port.to_string());
                let place = format!("http://{host}:{port}/to");
                let answer = if request.path == "/to" { ok("there") } else { redirect(307, &place) };
                stream.write_all(&answer).unwrap();
            }
        });
        let request = FetchRequest::get(server.url("a.test", "/"))
            .header("authorization", "Bearer token")
            .header("cookie", "a=1")
            .header("x-kept", "yes");
        let answer = fetch(policy(&[&server, &other]), request).unwrap();
        let second = port.unwrap_or(&server).requests().pop().unwrap();
        assert_eq!(second.header("authorization").is_some(), kept, "{}", answer.url);
        assert_eq!(second.header("cookie").is_some(), kept, "{}", answer.url);
        assert_eq!(second.header("x-kept"), Some("yes"));
    }
}

#[test]
fn a_redirect_goes_only_where_a_request_may() {
    let cases = [
        ("http://evil.example/", FetchErrorKind::Denied, "`evil.example`"),
        ("http://a.test:1/", FetchErrorKind::Denied, "port 1"),
        ("http://169.254.169.254/latest/meta-data/", FetchErrorKind::Denied, "169.254.169.254"),
        ("ftp://a.test/", FetchErrorKind::Redirect, "`ftp`"),
        ("file:///etc/passwd", FetchErrorKind::Redirect, "`file`"),
        ("http://ada:secret@a.test/", FetchErrorKind::Redirect, "password"),
        ("http://[/", FetchErrorKind::Redirect, "not a URL"),
    ];
    for (place, kind, value) in cases {
        let server = Server::answering(redirect(302, place));
        let sentence = fails(crate::get(&server), kind);
        assert!(sentence.contains(value) && !sentence.contains("secret"), "{sentence}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_redirect_to_a_private_address_is_refused_however_it_is_written() {
    for place in ["http://127.0.0.1/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "http://[fd00::1]/"] {
        let policy = FetchPolicy::new().allow_any_host();
        let fetcher = hypercell::Fetcher::answered_by(policy, move |_| async move {
            Ok(hypercell::FetchResponse::new(302, "").header("location", place))
        });
        let answer = crate::run(fetcher.unwrap().fetch(FetchRequest::get("http://public.example/")));
        let sentence = fails(answer, FetchErrorKind::Denied);
        assert!(sentence.contains("allow_private_addresses"), "{sentence}");
    }
}

#[test]
fn two_places_are_none() {
    let server =
        Server::answering(crate::server::response("302 Found", &["location: /a", "location: /b"], ""));
    fails(crate::get(&server), FetchErrorKind::Redirect);
    assert_eq!(server.requests().len(), 1);
}
