//! The address that is connected to is judged, wherever it comes from.

use crate::{
    fails, fetch, policy,
    server::{Server, ok},
};
use hypercell::{FetchErrorKind, FetchPolicy, FetchRequest, Fetcher};
use std::{
    io,
    net::IpAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

fn addresses(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// What becomes of a name with these addresses, by a policy that allows any host.
fn resolved(texts: &'static [&'static str]) -> String {
    let policy = FetchPolicy::new().allow_any_host().resolver(async |_| Ok(addresses(texts)));
    fails(fetch(policy, FetchRequest::get("http://inside.example/")), FetchErrorKind::Denied)
}

#[test]
fn an_address_in_a_url_is_judged_in_all_spellings() {
    let urls = [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http://%31%32%37.0.0.1/",
        "http://127。0。0。1/",
        "http://0/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
    ];
    for url in urls {
        fails(fetch(FetchPolicy::new().allow_any_host(), FetchRequest::get(url)), FetchErrorKind::Denied);
    }
}

#[test]
fn a_name_is_judged_by_its_addresses_and_they_are_not_told() {
    for texts in
        [&["127.0.0.1"][..], &["10.1.2.3", "192.168.1.1"], &["::1"], &["::ffff:10.1.2.3"], &["fd00::1"]]
    {
        let sentence = resolved(texts);
        assert!(
            sentence.contains("`inside.example`") && sentence.contains("allow_private_addresses"),
            "{sentence}"
        );
        assert!(texts.iter().all(|text| !sentence.contains(text)), "{sentence}");
    }
    for texts in [&["169.254.169.254"][..], &["0.0.0.0"], &["224.0.0.1"], &["::"]] {
        assert!(resolved(texts).contains("no policy allows"));
    }
}

#[test]
fn metadata_services_are_out_of_reach_even_with_private_addresses() {
    for text in ["169.254.169.254", "100.100.100.200", "::ffff:169.254.169.254", "fd00:ec2::254"] {
        let policy = FetchPolicy::new()
            .allow_any_host()
            .allow_private_addresses()
            .resolver(move |_| async move { Ok(addresses(&[text])) });
        fails(fetch(policy, FetchRequest::get("http://metadata.example/")), FetchErrorKind::Denied);
    }
}

#[test]
fn only_the_allowed_ones_of_several_addresses_are_connected_to() {
    let server = Server::answering(ok("here"));
    let policy = policy(&[&server]).resolver(async |_| Ok(addresses(&["169.254.169.254", "127.0.0.1"])));
    let answer = fetch(policy, FetchRequest::get(server.url("a.test", "/"))).unwrap();
    assert_eq!(answer.body, b"here");
}

#[test]
fn a_name_that_changes_its_address_is_judged_anew() {
    let server = Server::answering(ok("here"));
    let lookups = AtomicUsize::new(0);
    let policy = policy(&[&server]).resolver(move |_| {
        let first = lookups.fetch_add(1, Ordering::SeqCst) == 0;
        async move { Ok(addresses(if first { &["127.0.0.1"] } else { &["169.254.169.254"] })) }
    });
    let fetcher = Fetcher::new(policy).unwrap();
    crate::run(async {
        let request = || FetchRequest::get(server.url("a.test", "/"));
        assert_eq!(fetcher.fetch(request()).await.unwrap().status, 200);
        fails(fetcher.fetch(request()).await, FetchErrorKind::Denied);
    });
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_name_without_an_address_is_told_by_its_kind() {
    let any = || FetchPolicy::new().allow_any_host();
    let request = || FetchRequest::get("http://nowhere.example/");
    let empty = any().resolver(async |_| Ok(Vec::new()));
    let failing = any().resolver(async |_| Err(io::Error::other("the server at 10.0.0.53 refused")));
    let panicking = any().resolver(async |_| panic!("of the host"));
    for policy in [empty, failing, panicking] {
        let sentence = fails(fetch(policy, request()), FetchErrorKind::Dns);
        assert_eq!(sentence, "the host `nowhere.example` has no address");
    }
}
