//! Connections are kept for the next request of the same fetcher, and for no other.

use crate::{policy, run, server::Server};
use hypercell::{FetchRequest, Fetcher};
use std::collections::HashSet;

/// Does not say that the connection closes.
const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhere";

const REQUESTS: usize = 100;

#[test]
fn a_fetcher_uses_its_connections_again_and_those_of_no_other() {
    let server = Server::keeping(ANSWER);
    let connections = || {
        let fetcher = Fetcher::new(policy(&[&server])).unwrap();
        let before = server.requests().len();
        run(async {
            for _ in 0..REQUESTS {
                fetcher.clone().fetch(FetchRequest::get(server.url("a.test", "/"))).await.unwrap();
            }
        });
        let requests = server.requests().split_off(before);
        assert_eq!(requests.len(), REQUESTS);
        requests.iter().map(|request| request.connection).collect::<HashSet<_>>()
    };
    let (first, second) = (connections(), connections());
    assert!(first.len() < REQUESTS && second.len() < REQUESTS);
    assert!(first.is_disjoint(&second));
}

#[test]
fn a_fetcher_outlives_the_runtime_that_its_connections_were_made_on() {
    let server = Server::keeping(ANSWER);
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    for _ in 0..10 {
        let answer = run(fetcher.fetch(FetchRequest::get(server.url("a.test", "/"))));
        assert_eq!(answer.unwrap().body, b"here");
    }
}
