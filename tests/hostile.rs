//! A guest that fell to its attacker lies on the wire: the host lives, its
//! neighbours work, and a restore brings it back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, HostModule, Limits, Termination};
use hypercell_tests::{Hostile, fails, says};
use serde_json::{Value, json};
use std::{
    future::pending,
    sync::{
        Arc, Mutex,
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};

#[test]
fn an_honest_answer_is_taken() {
    let Some(mut guest) = Hostile::new() else { return };

    assert_eq!(guest.order("echo").unwrap(), json!({ "event": 1 }));
    assert_eq!(guest.sandbox.call::<Vec<u32>>("echo", &[1, 2]).unwrap(), [1, 2]);
}

#[test]
fn a_false_length_of_an_answer_is_refused() {
    let Some(mut guest) = Hostile::new() else { return };

    for order in
        ["length:0", "length:1", "length:39", "length:40", "length:exact+1", "length:4096", "length:region"]
    {
        says(guest.aborts(order), &["frame"]);
    }
    // What is too long, and what has no end that could be counted to.
    let words = guest.by_vmm(["output region has 2097152"; 3], ["trailing", "too large", "too large"]);
    for (order, words) in ["length:2097153", "length:2147483648", "length:max"].into_iter().zip(words) {
        says(guest.aborts(order), &[words]);
    }
}

#[test]
fn an_answer_of_a_kind_that_is_none_is_refused() {
    let Some(mut guest) = Hostile::new() else { return };

    for kind in (0..=40).filter(|kind| ![33, 34].contains(kind)).chain([999, 0x2100, 65535]) {
        says(guest.aborts(&format!("kind:{kind}")), &["kind"]);
    }
    says(guest.aborts("kind:wrong"), &["HostReturn"]);
    // An error whose body is no error.
    says(guest.aborts("kind:34"), &["its error is broken"]);
}

#[test]
fn a_header_that_lies_is_refused() {
    let Some(mut guest) = Hostile::new() else { return };
    let lies = [
        ("total:+1", "says that it has"),
        ("total:-1", "says that it has"),
        ("total:+1000000", "says that it has"),
        ("total:-1000", "says that it has"),
        ("sections:overflow", "4294967295 sections"),
        ("sections:many", "65537 sections"),
        ("sections:trailing", "8 bytes follow"),
        ("sections:long", "section data needs 4294967295 bytes"),
        ("sections:tag", "tag 65535 is unknown"),
        ("sections:data", "1 bytes of data cannot be a value of the type Map"),
        ("utf8", "UTF-8"),
        ("version", "wire version 65535"),
        ("magic", "starts with"),
        ("old-call", "it answered call"),
        ("double-ready", "Ready"),
    ];

    for (order, words) in lies {
        says(guest.aborts(order), &[words]);
    }
}

#[test]
fn sections_that_lie_about_the_answer_are_an_error_of_the_call() {
    let Some(mut guest) = Hostile::new() else { return };
    let deep = format!("values:{}{} 36 []", "[".repeat(200), "]".repeat(200));
    let lies = [
        // Tags: see `hypercell_common::Tag`.
        ("values:1 36 []", "no place for a value of the type Map"),
        ("values:[[1]] 36 []", "type Map"),
        ("values:[[1,2,3]] 36 []", "type Map"),
        ("values:{} 37 []", "type Set"),
        ("values:[1] 37 [] 37 []", "type Set"),
        ("values:[[1,2]] 36 [] 36 [0]", "the path \"[0]\" of a section"),
        ("values:\"1x\" 34 []", "type BigInt"),
        ("values:7 38 []", "type URL"),
        ("values:{} 39 []", "type Error"),
        ("values:{\"name\":1,\"message\":2} 39 []", "type Error"),
        ("values:\"text\" 10 []", "type Float64Array"),
        ("values:[] 32 [0]", "the path \"[0]\" of a section"),
        ("values:null 32 [\"a\"]", "leads to no place"),
        ("values:[] 32 [18446744073709551615]", "leads to no place"),
        ("values:[] 32 [-1]", "is not valid"),
        ("values:[] 32 [[0]]", "is not valid"),
        ("values:[] 32 $", "is not valid"),
        (deep.as_str(), "recursion limit"),
    ];

    for (order, words) in lies {
        let error = fails(guest.sandbox.call::<hypercell::Value>(order, &()), ErrorKind::InvalidArg);
        says(error, &["does not fit", words]);
        assert_eq!(guest.order("echo").unwrap(), json!({ "event": 1 }));
    }
    let never = guest.sandbox.call::<hypercell::Value>("values:\"text\" 35 []", &()).unwrap();
    assert!(matches!(never, hypercell::Value::Date(date) if date.to_iso().is_none()), "{never:?}");
}

#[test]
fn a_host_call_that_is_wrong_in_itself_is_an_error_of_the_guest() {
    let Some(mut guest) = Hostile::new() else { return };
    let throw = 10;
    let thrown = [
        ("hostcall:unknown", "ReferenceError"),
        ("hostcall:unknown:test:missing", "ReferenceError"),
        ("hostcall:bad-json:test:double", "TypeError"),
        ("hostcall:full:test:missing", "ReferenceError"),
    ];

    for (order, name) in thrown {
        let answer = guest.order(order).unwrap();
        assert_eq!(answer.get("kind").unwrap(), throw, "{answer}");
        says(answer.get("body").unwrap(), &[name]);
        guest.recovers();
    }
    let answer = guest.order("hostcall:plain:test:double").unwrap();
    assert_eq!((answer.get("kind").unwrap(), answer.get("body").unwrap()), (&json!(9), &json!("2")));
}

#[test]
fn a_host_call_that_breaks_the_protocol_ends_the_call() {
    let Some(mut guest) = Hostile::new() else { return };

    says(guest.aborts("hostcall:stale:test:double"), &["called the host for call"]);
    let words = guest.by_vmm("output region", "trailing");
    says(guest.aborts("hostcall:huge:test:double"), &[words]);
    assert_eq!(guest.sandbox.stats().host_calls, 0);
}

#[test]
fn asynchronous_calls_that_make_no_sense_are_refused() {
    let Some(mut guest) = Hostile::new() else { return };

    says(guest.aborts("hostcall:start-zero:test:double"), &["started a host function with the number 0"]);
    let (throw, returned, elapsed) = (10, 9, 12);
    for (order, kind, words) in [
        ("hostcall:start:test:double", throw, "ReferenceError"),
        ("hostcall:cancel:test:double", returned, ""),
        ("hostcall:wait:test:double", elapsed, ""),
    ] {
        let answer = guest.order(order).unwrap();
        assert_eq!(answer.get("kind").unwrap(), kind, "{answer}");
        says(answer.get("body").unwrap(), &[words]);
        guest.recovers();
    }
}

#[test]
fn a_flood_of_asynchronous_calls_and_waits_ends_by_the_limits() {
    let (dropped, hears) = channel();
    let host = HostModule::new("test").async_function("forever", move |_: Value| {
        let dropped = Dropped(dropped.clone());
        async move {
            let _dropped = dropped;
            pending::<()>().await;
        }
    });
    let limits = Limits::default().wall(Duration::from_millis(200)).async_calls(10);
    let Some(mut guest) = Hostile::with(limits, host) else { return };

    fails(guest.order("flood:start"), ErrorKind::Cancelled);
    for _ in 0..10 {
        hears.recv().unwrap();
    }
    assert!(hears.try_recv().is_err(), "ten were started");
    guest.recovers();

    fails(guest.order("flood:wait"), ErrorKind::Cancelled);
    assert_eq!(guest.sandbox.stats().terminated_by, Some(Termination::WallClock));
    guest.recovers();
}

/// Says that it was dropped.
struct Dropped(Sender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn a_host_function_that_panics_on_lies_is_survived() {
    let host =
        HostModule::new("test").function("double", |_: u32| -> u32 { panic!("a host function fails") });
    let Some(mut guest) = Hostile::with(Limits::default(), host) else { return };

    let answer = guest.order("hostcall:plain:test:double").unwrap();

    says(answer.get("body").unwrap(), &["ERR_HOST_PANIC"]);
    guest.recovers();
}

#[test]
fn a_flood_of_host_calls_ends_by_the_limits() {
    let limits = Limits::default().wall(Duration::from_millis(200)).host_calls(10);
    let Some(mut guest) = Hostile::with(limits, HostModule::new("test")) else { return };

    fails(guest.order("flood:host"), ErrorKind::Cancelled);

    let stats = guest.sandbox.stats();
    assert_eq!((stats.host_calls, stats.terminated_by), (10, Some(Termination::WallClock)));
    guest.recovers();
}

#[test]
fn a_flood_of_lines_ends_by_the_limits() {
    let Some(guest) = Hostile::new() else { return };
    let lines = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&lines);
    let limits = Limits::default().wall(Duration::from_millis(200)).console(100);
    let console = move |_, text: &str| sink.lock().unwrap().push_str(text);
    let mut sandbox = guest.engine.sandbox().limits(limits).console(console).build().unwrap();

    fails(sandbox.call::<Value>("flood:console", &()), ErrorKind::Cancelled);

    let lines = lines.lock().unwrap();
    assert!(lines.len() < 200, "{lines}");
    says(&*lines, &["[\"flood\"]", "limit of 100 bytes"]);
}

#[test]
fn an_answer_that_never_comes_ends_by_limit_or_kill() {
    let Some(mut guest) = Hostile::new() else { return };
    let ms = Duration::from_millis(50);

    for (options, by) in [
        (CallOptions::new().wall(ms), Termination::WallClock),
        (CallOptions::new().cpu(ms), Termination::CpuTime),
    ] {
        fails(guest.sandbox.call_with::<Value>("never", &(), &options), ErrorKind::Cancelled);
        assert_eq!(guest.sandbox.stats().terminated_by, Some(by));
        guest.recovers();
    }
    let handle = guest.sandbox.interrupt_handle();
    let killer = thread::spawn(move || {
        while !handle.kill() {
            thread::yield_now();
        }
    });
    fails(guest.order("never"), ErrorKind::Cancelled);
    killer.join().unwrap();
    guest.recovers();
}

#[test]
fn last_words_are_bounded_and_escaped() {
    let Some(mut guest) = Hostile::new() else { return };

    says(guest.aborts("abort:plain"), &["the guest gave up: plain"]);
    says(guest.aborts("abort:utf8"), &["bad \u{fffd}"]);
    says(guest.aborts("abort:rude"), &["red"]);
    let long = guest.aborts("abort:long");
    says(&long, &[guest.by_vmm("long", "overflowed")]);
    assert!(long.len() < 20_000, "{}", long.len());
    for order in ["abort:long", "abort:rude"] {
        assert!(!guest.aborts(order).chars().any(char::is_control));
    }
}
