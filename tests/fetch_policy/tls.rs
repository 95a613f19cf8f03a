//! `https`: certificates, and no way back to `http`.

use crate::{
    fails, fetch, policy,
    server::{Server, ok, redirect, wait_until_gone},
};
use hypercell::{FetchErrorKind, FetchRequest};
use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread,
};

fn secure() -> Server {
    Server::secure(|_, stream| stream.write_all(&ok("secret")).unwrap())
}

#[test]
fn a_host_with_a_trusted_certificate_answers() {
    let server = secure();
    let policy = policy(&[&server]).trust_certificate(server.certificate());
    let answer = fetch(policy, FetchRequest::get(server.url("a.test", "/"))).unwrap();
    assert_eq!(answer.body, b"secret");
}

#[test]
fn a_certificate_that_does_not_hold_is_refused_before_anything_is_sent() {
    let server = secure();
    let trusting = policy(&[&server]).trust_certificate(server.certificate());
    let other_name = fetch(trusting, FetchRequest::get(server.url("b.test", "/")));
    let unknown = fetch(policy(&[&server]), FetchRequest::get(server.url("a.test", "/")));
    for (answer, host) in [(other_name, "b.test"), (unknown, "a.test")] {
        let sentence = fails(answer, FetchErrorKind::Tls);
        assert!(sentence.contains(host) && sentence.contains("certificate"), "{sentence}");
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_server_without_tls_is_refused() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(&ok("plain")).unwrap();
        wait_until_gone(&mut stream);
    });
    let request = FetchRequest::get(format!("https://a.test:{port}/"));
    let sentence = fails(fetch(policy(&[]).ports([port]), request), FetchErrorKind::Tls);
    assert!(sentence.contains("speaks no TLS"), "{sentence}");
    server.join().unwrap();
}

#[test]
fn a_redirect_from_https_to_http_must_be_allowed() {
    let plain = Arc::new(Server::answering(ok("plain")));
    let server = Server::secure({
        let plain = plain.clone();
        move |_, stream| stream.write_all(&redirect(302, &plain.url("a.test", "/"))).unwrap()
    });
    let policy = || policy(&[&server, &plain]).trust_certificate(server.certificate());
    let request = || FetchRequest::get(server.url("a.test", "/"));
    let sentence = fails(fetch(policy(), request()), FetchErrorKind::Redirect);
    assert!(sentence.contains("allow_insecure_redirects"), "{sentence}");
    assert!(plain.requests().is_empty());
    let answer = fetch(policy().allow_insecure_redirects(), request()).unwrap();
    assert_eq!(answer.url, plain.url("a.test", "/"));
}
