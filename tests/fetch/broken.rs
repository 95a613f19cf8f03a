//! Servers that are slow, that break off, and that do not speak HTTP.

use crate::{
    fails, fetch, get, policy,
    server::{Server, response, wait_until_gone},
};
use hypercell::{FetchErrorKind, FetchRequest, Fetcher};
use std::{
    net::{Ipv4Addr, TcpListener},
    sync::mpsc,
    time::Duration,
};

/// A server that sends this, and then nothing until the client is gone, which it tells.
fn holding(start: &'static str) -> (Server, mpsc::Receiver<()>) {
    let (gone, is_gone) = mpsc::channel();
    let server = Server::start(move |_, stream| {
        stream.write_all(start.as_bytes()).unwrap();
        wait_until_gone(stream);
        gone.send(()).unwrap();
    });
    (server, is_gone)
}

#[test]
fn a_response_that_does_not_come_ends_by_the_time_limit() {
    for start in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nand then"] {
        let (server, is_gone) = holding(start);
        let policy = policy(&[&server]).timeout(Duration::from_millis(100));
        let answer = fetch(policy, FetchRequest::get(server.url("a.test", "/")));
        let sentence = fails(answer, FetchErrorKind::Timeout);
        assert!(sentence.contains("100ms") && sentence.contains("FetchPolicy::timeout"), "{sentence}");
        is_gone.recv().unwrap();
    }
}

#[test]
fn a_resolver_that_does_not_answer_ends_by_the_time_limit() {
    let server = Server::answering("");
    let policy = policy(&[&server])
        .timeout(Duration::from_millis(100))
        .resolver(async |_| std::future::pending().await);
    fails(fetch(policy, FetchRequest::get(server.url("a.test", "/"))), FetchErrorKind::Timeout);
}

#[test]
fn dropping_the_future_cancels_the_request() {
    let (come, has_come) = mpsc::channel();
    let (gone, is_gone) = mpsc::channel();
    let server = Server::start(move |_, stream| {
        come.send(()).unwrap();
        wait_until_gone(stream);
        gone.send(()).unwrap();
    });
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    let request = FetchRequest::get(server.url("a.test", "/"));
    crate::run(async {
        let fetch = tokio::spawn(async move { fetcher.fetch(request).await });
        tokio::task::spawn_blocking(move || has_come.recv().unwrap()).await.unwrap();
        fetch.abort();
        assert!(fetch.await.unwrap_err().is_cancelled());
        // The runtime goes on meanwhile, so it is the drop that closes the connection.
        tokio::task::spawn_blocking(move || is_gone.recv().unwrap()).await.unwrap();
    });
}

#[test]
fn a_body_that_is_cut_is_not_a_body() {
    let cut = [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfive\r\nhello\r\n0\r\n\r\n",
    ];
    for answer in cut {
        fails(get(&Server::answering(answer)), FetchErrorKind::Protocol);
    }
    for body in [&b"\x1f\x8b\x08\0\0\0\0\0"[..], b"not gzip"] {
        let answer = response("200 OK", &["content-encoding: gzip"], body);
        fails(get(&Server::answering(answer)), FetchErrorKind::Protocol);
    }
}

#[test]
fn what_is_not_http_is_refused() {
    let answers = [
        "",
        "HTTP/1.1",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 99999 OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "hello there",
        "\0\0\0\0\0\0\0\0",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nna me: value\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n",
    ];
    for answer in answers {
        let sentence = fails(get(&Server::answering(answer)), FetchErrorKind::Protocol);
        assert!(sentence.contains("a.test") && !sentence.contains("127.0.0.1"), "{answer:?}: {sentence}");
    }
}

#[test]
fn headers_without_end_are_left() {
    let (gone, is_gone) = mpsc::channel();
    let server = Server::start(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
        while stream.write_all(b"x-more: and more\r\n").is_ok() {}
        gone.send(()).unwrap();
    });
    fails(get(&server), FetchErrorKind::Protocol);
    is_gone.recv().unwrap();
}

#[test]
fn headers_have_a_size() {
    let line = |bytes: usize| format!("x: {}", "x".repeat(bytes));
    let sized = |bytes| get(&Server::answering(response("200 OK", &[&line(bytes)], "")));
    assert_eq!(sized(60 << 10).unwrap().status, 200);
    fails(sized(64 << 10), FetchErrorKind::TooLarge);
    // The client's own limit on their count.
    let many = vec!["x: 1"; 101];
    fails(get(&Server::answering(response("200 OK", &many, ""))), FetchErrorKind::Protocol);
}

#[test]
fn a_port_where_nobody_listens_is_no_connection() {
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let server = Server::answering("");
    let request = FetchRequest::get(format!("http://a.test:{closed}/"));
    let sentence = fails(fetch(policy(&[&server]).ports([closed]), request), FetchErrorKind::Connect);
    assert_eq!(sentence, format!("there is no connection to port {closed} of `a.test`"));
}
