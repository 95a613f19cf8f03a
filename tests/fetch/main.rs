//! A fetch goes where the policy allows and nowhere else, ends in its time and its sizes, and fails
//! with a kind and a sentence that tell nothing of the host. On real connections to servers on
//! loopback.
#![expect(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod addresses;
mod bodies;
mod bounds;
mod broken;
mod callback;
mod connections;
mod guest;
mod redirects;
mod requests;
mod server;
mod tls;

use hypercell::{FetchError, FetchErrorKind, FetchPolicy, FetchRequest, FetchResponse, Fetcher};
use server::Server;
use std::net::{IpAddr, Ipv4Addr};

/// A policy for these servers, each of which is known as any name below `test`.
fn policy(servers: &[&Server]) -> FetchPolicy {
    FetchPolicy::new()
        .allow_host("*.test")
        .ports(servers.iter().map(|server| server.port()))
        .allow_private_addresses()
        .resolver(async |_| Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]))
}

/// Runs a future to its end.
fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// What becomes of one request by a policy.
fn fetch(policy: FetchPolicy, request: FetchRequest) -> Result<FetchResponse, FetchError> {
    run(Fetcher::new(policy).unwrap().fetch(request))
}

/// What becomes of a `GET` of `a.test` on a server, by its policy.
fn get(server: &Server) -> Result<FetchResponse, FetchError> {
    fetch(policy(&[server]), FetchRequest::get(server.url("a.test", "/")))
}

/// The sentence of a fetch that must fail in this way.
#[track_caller]
fn fails(result: Result<FetchResponse, FetchError>, kind: FetchErrorKind) -> String {
    match result {
        Ok(response) => panic!("it must fail as {kind} and gave {response:?}"),
        Err(error) if error.kind() == kind => error.to_string(),
        Err(error) => panic!("it must fail as {kind} and failed as {}: {error:?}", error.kind()),
    }
}

/// The values of a header.
fn header<'a>(response: &'a FetchResponse, name: &str) -> Vec<&'a str> {
    let values = response.headers.iter().filter(|(found, _)| found == name);
    values.map(|(_, value)| std::str::from_utf8(value).unwrap()).collect()
}
