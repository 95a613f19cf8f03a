//! A closure that answers instead of the network, under the same policy.

use crate::{fails, header, run};
use hypercell::{FetchErrorKind, FetchPolicy, FetchRequest, FetchResponse, Fetcher, HostError};
use std::{
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

fn any() -> FetchPolicy {
    FetchPolicy::new().allow_any_host()
}

#[test]
fn a_closure_sees_the_checked_request_and_answers_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let fetcher = Fetcher::answered_by(any(), {
        let seen = seen.clone();
        move |request| {
            seen.lock().unwrap().push(request);
            async { Ok(FetchResponse::new(201, "made").header("X-Made", "yes")) }
        }
    });
    let request =
        FetchRequest::new("post", "HTTP://API.Example:80/a/../b#part").header("X-Asked", "yes").body("body");
    let answer = run(fetcher.unwrap().fetch(request)).unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (201, b"made".as_slice()));
    assert_eq!(header(&answer, "x-made"), ["yes"]);
    assert_eq!(answer.url, "http://api.example/b");
    let seen = seen.lock().unwrap();
    assert_eq!((seen[0].method.as_str(), seen[0].url.as_str()), ("POST", "http://api.example/b"));
    assert_eq!(seen[0].headers, [("x-asked".to_owned(), b"yes".to_vec())]);
    assert_eq!(seen[0].body.as_deref(), Some(b"body".as_slice()));
}

#[test]
fn the_policy_holds_for_a_closure_too() {
    let calls = Arc::new(AtomicUsize::new(0));
    let fetcher = Fetcher::answered_by(FetchPolicy::new().allow_host("a.test").max_response_body(3), {
        let calls = calls.clone();
        move |_| {
            calls.fetch_add(1, Ordering::SeqCst);
            async { Ok(FetchResponse::new(200, "four")) }
        }
    })
    .unwrap();
    fails(run(fetcher.fetch(FetchRequest::get("http://b.test/"))), FetchErrorKind::Denied);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    fails(run(fetcher.fetch(FetchRequest::get("http://a.test/"))), FetchErrorKind::TooLarge);
}

#[test]
fn a_redirect_of_a_closure_leads_to_the_closure() {
    let fetcher = Fetcher::answered_by(any(), async |request| {
        Ok(match request.url.as_str() {
            "https://a.test/" => FetchResponse::new(302, "").header("location", "https://b.test/there"),
            url => FetchResponse::new(200, url),
        })
    });
    let answer = run(fetcher.unwrap().fetch(FetchRequest::get("https://a.test/"))).unwrap();
    assert_eq!((answer.body.as_slice(), answer.redirected), (b"https://b.test/there".as_slice(), true));
}

#[test]
fn errors_and_panics_of_a_closure_are_its_own_kind() {
    let request = || FetchRequest::get("http://a.test/");
    let failing = Fetcher::answered_by(any(), async |_| Err(HostError::new("the cache is cold")));
    let sentence = fails(run(failing.unwrap().fetch(request())), FetchErrorKind::Callback);
    assert!(sentence.contains("the cache is cold"), "{sentence}");
    let panicking = Fetcher::answered_by(any(), async |_| panic!("at /srv/secret"));
    let sentence = fails(run(panicking.unwrap().fetch(request())), FetchErrorKind::Callback);
    assert!(!sentence.contains("secret"), "{sentence}");
}

#[test]
fn an_answer_that_is_no_response_is_refused() {
    let mut text = FetchResponse::new(200, "");
    text.status_text = "two\r\nlines".into();
    let answers = [
        FetchResponse::new(0, ""),
        FetchResponse::new(101, ""),
        FetchResponse::new(600, ""),
        FetchResponse::new(200, "").header("x y", "1"),
        FetchResponse::new(200, "").header("x", "1\n2"),
        text,
    ];
    for answer in answers {
        let fetcher = Fetcher::answered_by(any(), move |_| std::future::ready(Ok(answer.clone())));
        fails(run(fetcher.unwrap().fetch(FetchRequest::get("http://a.test/"))), FetchErrorKind::Callback);
    }
}

#[test]
fn a_closure_that_does_not_answer_ends_by_the_time_limit() {
    let policy = any().timeout(Duration::from_millis(10));
    let fetcher = Fetcher::answered_by(policy, async |_| std::future::pending().await);
    fails(run(fetcher.unwrap().fetch(FetchRequest::get("http://a.test/"))), FetchErrorKind::Timeout);
}

#[test]
fn more_fetches_than_may_run_at_the_same_time_wait_for_their_turn() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let fetcher = Fetcher::answered_by(any().max_concurrent(2), {
        let (running, most) = (running.clone(), most.clone());
        move |_| {
            let (running, most) = (running.clone(), most.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // All others get to run in between.
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(FetchResponse::new(200, ""))
            }
        }
    })
    .unwrap();
    run(async {
        let fetches: Vec<_> = (0..6)
            .map(|_| {
                let fetcher = fetcher.clone();
                tokio::spawn(async move { fetcher.fetch(FetchRequest::get("http://a.test/")).await })
            })
            .collect();
        for fetch in fetches {
            assert_eq!(fetch.await.unwrap().unwrap().status, 200);
        }
    });
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let fetcher = Fetcher::new(any()).unwrap();
    let fetch = pin!(fetcher.fetch(FetchRequest::get("http://a.test/")));
    let Poll::Ready(answer) = fetch.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it must be over at once");
    };
    let sentence = fails(answer, FetchErrorKind::Internal);
    assert!(sentence.contains("tokio"), "{sentence}");
}
