//! `https`: certificates, and no way back to `http`.

use crate::{
    fails, fetch, header, policy, run,
    server::{Server, identity, ok, redirect, wait_until_gone},
};
use hypercell::{FetchErrorKind, FetchRequest, Fetcher};
use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    thread,
};
use tokio_rustls::TlsAcceptor;

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

#[test]
fn http_2_is_spoken_where_the_server_does() {
    let (mut config, certificate) = identity();
    config.alpn_protocols = vec![b"h2".to_vec()];
    run(async {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // The server is a task of the same runtime, and ends with it.
        tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let stream = TlsAcceptor::from(Arc::new(config)).accept(stream).await.unwrap();
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((request, mut answer))) = connection.accept().await {
                let head = http::Response::builder().header("x-path", request.uri().path()).body(()).unwrap();
                let mut body = answer.send_response(head, false).unwrap();
                body.send_data("here".into(), true).unwrap();
            }
        });
        let fetcher = Fetcher::new(policy(&[]).ports([port]).trust_certificate(certificate)).unwrap();
        // One connection is accepted, and so serves both.
        for path in ["/first", "/second"] {
            let request = FetchRequest::get(format!("https://a.test:{port}{path}"));
            let answer = fetcher.fetch(request).await.unwrap();
            assert_eq!((answer.status, answer.status_text.as_str()), (200, ""));
            assert_eq!((header(&answer, "x-path"), answer.body.as_slice()), (vec![path], b"here".as_slice()));
        }
    });
}
