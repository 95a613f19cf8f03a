//! Timers, jobs and asynchronous host functions, in turns.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{
    Kind,
    body::{Cause, Thrown},
};
use support::{Answer, Guest, configuration, guest};

/// A guest whose host module `h` has asynchronous functions, which end as the test says
/// by their first argument: when the guest waits for the first time, in this order.
fn guest_with_promises(ending: &'static [(u64, &'static str)]) -> Guest {
    let mut guest = guest();
    let mut configuration = configuration(&[("h", &["direct"])]);
    configuration.host_modules.get_mut("h").unwrap().promised = vec!["later".to_owned()];
    guest.configure(&configuration);
    let platform = guest.platform.clone();
    *guest.platform.host.borrow_mut() = Box::new(move |sent| {
        if platform.ended.borrow().is_empty() {
            let ended = ending.iter().map(|(number, json)| (*number, Answer::json(json)));
            platform.ended.borrow_mut().extend(ended);
        }
        assert!(matches!(sent.kind, Kind::HostStart | Kind::HostCall));
        Answer::json("")
    });
    guest
}

#[test]
fn timers_run_in_the_order_in_which_they_are_due() {
    let mut guest = guest();
    let source = "
        const order = [];
        setTimeout(() => order.push('b'), 20);
        setTimeout(() => order.push('a'), 10);
        setTimeout(() => order.push('c'), 20);
        setTimeout(() => order.push('now'));
        queueMicrotask(() => order.push('job'));
        await new Promise(resolve => setTimeout(resolve, 30));
        export default order.join()";
    assert_eq!(guest.value(source), "\"job,now,a,b,c\"");
    let waits = guest.platform.waits.take();
    assert_eq!(waits, [10_000, 10_000, 10_000], "it waits for each in turn, and not for what is due");
}

#[test]
fn callbacks_get_their_arguments_and_the_global_object() {
    let mut guest = guest();
    let source = "
        export default new Promise(resolve => setTimeout(function (...all) { resolve([this === globalThis, all]) }, 1, 'x', { y: 1 }))";
    assert_eq!(guest.value(source), r#"[true,["x",{"y":1}]]"#);
}

#[test]
fn an_interval_repeats_until_it_is_cleared() {
    let mut guest = guest();
    let source = "
        let n = 0;
        export default new Promise(resolve => {
            const id = setInterval(() => { if (++n === 3) { clearInterval(id); resolve(n) } }, 5);
        })";
    assert_eq!(guest.value(source), "3");
    assert_eq!(guest.platform.waits.take(), [5_000, 5_000, 5_000]);
}

#[test]
fn numbers_of_timers_start_at_one_and_what_is_no_function_is_a_type_error() {
    let mut guest = guest();
    assert_eq!(guest.value("export default [setTimeout(() => {}), setInterval(() => {})]"), "[1,2]");
    assert_eq!(guest.value("export default setTimeout(() => {})"), "1", "each request has its own");
    for call in ["setTimeout()", "setTimeout('code', 1)", "setInterval({})"] {
        assert_eq!(guest.error(call).name, "TypeError", "{call}");
    }
    assert_eq!(
        guest.value("clearTimeout(); clearTimeout(77); clearInterval('x'); export default setTimeout.length"),
        "1"
    );
}

#[test]
fn nested_timers_wait_four_milliseconds() {
    let mut guest = guest();
    let source = "
        let depth = 0;
        export default new Promise(resolve => {
            const next = () => ++depth === 10 ? resolve(depth) : setTimeout(next, 0);
            setTimeout(next, 0);
        })";
    assert_eq!(guest.value(source), "10");
    assert_eq!(guest.platform.waits.take(), [4_000; 4]);
}

#[test]
fn what_is_left_when_the_result_is_there_is_forgotten() {
    let mut guest = guest();
    let source = "globalThis.ran = []; setTimeout(() => ran.push('late'), 1); setInterval(() => ran.push('again'), 1); export default 1";
    assert_eq!(guest.value(source), "1");
    assert_eq!(guest.platform.waits.take(), [0_u64; 0], "nobody waits for them");
    assert_eq!(guest.value("await new Promise(r => setTimeout(r, 100)); export default ran"), "[]");
}

#[test]
fn a_callback_that_throws_fails_the_call_with_its_stack() {
    let mut guest = guest();
    let thrown = guest.error(
        "function broken() { throw new RangeError('no') }
         setTimeout(broken, 1);
         await new Promise(() => {})",
    );
    assert_eq!((thrown.name.as_str(), thrown.message.as_str()), ("RangeError", "no"));
    assert!(thrown.stack.contains("broken (main.js:1"), "{}", thrown.stack);
}

#[test]
fn a_rejection_fails_the_call_in_the_turn_that_leaves_it_unhandled() {
    let mut guest = guest();
    let late = "const p = Promise.reject(new Error('mine')); setTimeout(() => p.catch(() => {}), 1);
                await new Promise(r => setTimeout(r, 5)); export default 1";
    assert_eq!(guest.error(late).message, "mine");
    let soon = "const p = Promise.reject(new Error('mine')); queueMicrotask(() => p.catch(() => {}));
                await new Promise(r => setTimeout(r, 5)); export default 1";
    assert_eq!(guest.value(soon), "1");
}

#[test]
fn a_promise_that_nothing_can_settle_is_an_error_at_once() {
    let mut guest = guest();
    let thrown = guest.error("export default new Promise(() => {})");
    assert!(thrown.message.contains("never settles"), "{}", thrown.message);
    assert!(guest.platform.waits.take().is_empty());
}

#[test]
fn more_timers_than_allowed_are_refused() {
    let mut guest = guest();
    guest.configure(&configuration(&[]));
    let source = "
        let refused;
        try { for (;;) setTimeout(() => {}, 1000) } catch (error) { refused = error }
        export default [refused.name, refused instanceof DOMException, setTimeout.name]";
    assert_eq!(guest.value(source), r#"["QuotaExceededError",true,"setTimeout"]"#);
    assert_eq!(
        guest.value("for (let i = 0; i < 1000; i++) clearTimeout(setTimeout(() => {})); export default 1"),
        "1"
    );
}

#[test]
fn answers_come_in_the_order_in_which_functions_end() {
    let mut guest = guest_with_promises(&[(2, "\"second\""), (1, "\"first\"")]);
    let source = "
        import { later } from 'host:h';
        const order = [];
        const calls = [later('a'), later('b')].map(p => p.then(v => order.push(v)));
        await Promise.all(calls);
        export default order";
    assert_eq!(guest.value(source), r#"["second","first"]"#);
    let started: Vec<_> =
        guest.platform.calls.take().into_iter().map(|s| (s.kind, s.value, s.target, s.body)).collect();
    let start = |number, body: &str| (Kind::HostStart, number, "h\0later".to_owned(), body.to_owned());
    assert_eq!(started, [start(1, "[\"a\"]"), start(2, "[\"b\"]")]);
}

#[test]
fn a_function_that_fails_rejects_its_promise() {
    let mut guest = guest_with_promises(&[]);
    let thrown = Thrown {
        name: "TypeError".into(),
        message: "no".into(),
        code: Some("E".into()),
        ..Thrown::default()
    };
    guest.platform.ended.borrow_mut().push_back((1, Answer::Throw(thrown)));
    let source = "
        import { later } from 'host:h';
        export default later().catch(e => [e instanceof TypeError, e.message, e.code])";
    assert_eq!(guest.value(source), r#"[true,"no","E"]"#);
}

#[test]
fn arguments_that_cannot_cross_reject_the_promise_and_start_nothing() {
    let mut guest = guest_with_promises(&[]);
    let source = "
        import { later } from 'host:h';
        export default later(() => {}).catch(e => e.name)";
    assert_eq!(guest.value(source), "\"TypeError\"");
    assert!(guest.platform.calls.take().is_empty());
}

#[test]
fn an_answer_to_no_call_fails_the_request() {
    let mut guest = guest_with_promises(&[(77, "1")]);
    let thrown = guest.error("import { later } from 'host:h'; export default later()");
    assert_eq!(thrown.cause, Cause::Request);
    assert!(thrown.message.contains("77"), "{}", thrown.message);
}

#[test]
fn timers_do_not_keep_answers_away() {
    let mut guest = guest_with_promises(&[(1, "\"answer\"")]);
    let platform = guest.platform.clone();
    guest.platform.calls.take();
    let source = "
        import { direct, later } from 'host:h';
        const answer = later();
        // Each callback takes longer than its interval: there is always one due.
        setInterval(() => direct(), 5);
        export default answer";
    let inner = guest.platform.host.replace(Box::new(|_| Answer::json("")));
    *guest.platform.host.borrow_mut() = Box::new(move |sent| {
        platform.now_us.set(platform.now_us.get() + 10_000);
        inner(sent)
    });
    assert_eq!(guest.value(source), "\"answer\"");
}

#[test]
fn hostcall_reaches_what_is_registered_for_its_type() {
    let mut guest = guest_with_promises(&[(1, "[1]")]);
    assert_eq!(guest.value("export default await hostcall('db.get', { key: 1 })"), "[1]");
    let sent = guest.platform.calls.take().remove(0);
    assert_eq!(
        (sent.kind, sent.target.as_str(), sent.body.as_str()),
        (Kind::HostStart, "\0db.get", r#"[{"key":1}]"#)
    );
}
