//! Bodies arrive whole and decoded, or not at all; sizes are those of decoded bytes.

use crate::{
    fails, fetch, get, header, policy,
    server::{Server, ok, response, wait_until_gone},
};
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use hypercell::{FetchErrorKind, FetchRequest};
use std::{io::Write, sync::mpsc};

const MIB: usize = 1 << 20;

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// The bytes of a response in chunks of this size.
fn chunked(headers: &str, body: &[u8], size: usize) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n{headers}\r\n").into_bytes();
    for chunk in body.chunks(size) {
        write!(answer, "{:x}\r\n", chunk.len()).unwrap();
        answer.extend_from_slice(chunk);
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

fn pattern(bytes: usize) -> Vec<u8> {
    (0..=250).cycle().take(bytes).collect()
}

#[test]
fn a_chunked_body_arrives_whole() {
    let body = pattern(100_000);
    for size in [1000, 100_000] {
        assert_eq!(get(&Server::answering(chunked("", &body, size))).unwrap().body, body);
    }
}

#[test]
fn a_body_without_a_length_ends_with_the_connection() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end");
    assert_eq!(get(&server).unwrap().body, b"to the end");
}

#[test]
fn compressed_bodies_are_decoded() {
    let body = pattern(100_000);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(&body).unwrap();
    // Brotli has streams that store: window bits, one block of 16 bits' length, and the empty last one.
    let stored = b"\x0b\x02\x80hello\x03";
    let cases: [(&str, Vec<u8>, &[u8]); 3] = [
        ("gzip", gzip(&body), &body),
        ("deflate", zlib.finish().unwrap(), &body),
        ("br", stored.to_vec(), b"hello"),
    ];
    for (coding, encoded, expected) in cases {
        let line = format!("content-encoding: {coding}");
        let server = Server::answering(response("200 OK", &[&line], encoded));
        let answer = get(&server).unwrap();
        assert_eq!(answer.body, expected, "{coding}");
        assert!(header(&answer, "content-encoding").is_empty());
        assert!(server.request().header("accept-encoding").unwrap().contains(coding));
    }
}

#[test]
fn a_compressed_body_in_chunks_is_decoded() {
    let body = pattern(100_000);
    let server = Server::answering(chunked("content-encoding: gzip\r\n", &gzip(&body), 777));
    assert_eq!(get(&server).unwrap().body, body);
}

#[test]
fn a_response_without_a_body_has_none_to_decode() {
    let server =
        Server::answering("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 100000000\r\n\r\n");
    let head = FetchRequest::new("HEAD", server.url("a.test", "/"));
    assert_eq!(fetch(policy(&[&server]), head).unwrap().body, b"");
    let server = Server::answering("HTTP/1.1 204 No Content\r\ncontent-encoding: gzip\r\n\r\n");
    assert_eq!(get(&server).unwrap().body, b"");
}

#[test]
fn a_large_body_arrives_up_to_the_limit_and_not_one_byte_above() {
    let limited = |body: &[u8], chunk: Option<usize>| {
        let answer = chunk.map_or_else(|| ok(body), |size| chunked("", body, size));
        let server = Server::answering(answer);
        let policy = policy(&[&server]).max_response_body(8 * MIB as u64);
        fetch(policy, FetchRequest::get(server.url("a.test", "/")))
    };
    let body = pattern(8 * MIB + 1);
    let (fits, larger) = (&body[..8 * MIB], &body[..]);
    for chunk in [None, Some(64 << 10)] {
        assert_eq!(limited(fits, chunk).unwrap().body, fits);
        let sentence = fails(limited(larger, chunk), FetchErrorKind::TooLarge);
        assert!(sentence.contains("8388608") && sentence.contains("max_response_body"), "{sentence}");
    }
}

#[test]
fn a_gzip_bomb_stops_at_the_limit() {
    let bomb = gzip(&vec![0; 32 * MIB]);
    assert!(bomb.len() < MIB, "the bytes that are sent are below the limit");
    let server = Server::answering(response("200 OK", &["content-encoding: gzip"], bomb));
    let policy = policy(&[&server]).max_response_body(MIB as u64);
    fails(fetch(policy, FetchRequest::get(server.url("a.test", "/"))), FetchErrorKind::TooLarge);
}

#[test]
fn a_body_without_end_is_left_at_the_limit() {
    let (gone, is_gone) = mpsc::channel();
    let server = Server::start(move |_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        while stream.write_all(&[b'x'; 1000]).is_ok() {}
        wait_until_gone(stream);
        gone.send(()).unwrap();
    });
    let sentence = fails(get(&server), FetchErrorKind::TooLarge);
    assert!(sentence.contains("4194304"), "the default: {sentence}");
    is_gone.recv().unwrap();
}

#[test]
fn a_request_body_is_sent_up_to_the_limit() {
    let server = Server::answering(ok(""));
    let send = |bytes| {
        let request = FetchRequest::new("PUT", server.url("a.test", "/")).body(pattern(bytes));
        fetch(policy(&[&server]).max_request_body(2 * MIB as u64), request)
    };
    send(2 * MIB).unwrap();
    assert_eq!(server.request().body, pattern(2 * MIB));
    let sentence = fails(send(2 * MIB + 1), FetchErrorKind::TooLarge);
    assert!(sentence.contains("2097153") && sentence.contains("max_request_body"), "{sentence}");
    assert_eq!(server.requests().len(), 1);
}
