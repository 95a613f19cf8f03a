//! A file of web-platform-tests that does not pass is seen, in whatever way it fails, and
//! is nothing to the next one.

use crate::support::{Files, SHORT, bad, ends, of, surprises};
use hypercell_conformance::{CaseStatus, Status, Suite};

const GOOD: &str = "test(() => assert_true(true), 'good')";

fn wpt() -> Files {
    Files::of(Suite::Wpt)
}

#[test]
fn each_assertion_fails_when_it_does_not_hold() {
    let failing = "
        const rejected = Promise.reject(new RangeError('r'));
        rejected.catch(() => {});
        const failing = {
            assert_true: () => assert_true(1),
            assert_false: () => assert_false(0),
            assert_equals: () => assert_equals('1', 1),
            'assert_equals of zeros': () => assert_equals(-0, 0),
            assert_not_equals: () => assert_not_equals(NaN, NaN),
            assert_in_array: () => assert_in_array(1, ['1']),
            assert_array_equals: () => assert_array_equals([1, 2], [1, 3]),
            'assert_array_equals of lengths': () => assert_array_equals([1, 2], [1]),
            'assert_array_equals of holes': () => assert_array_equals([undefined], Array(1)),
            'assert_array_equals of no array': () => assert_array_equals('ab', ['a', 'b']),
            assert_array_approx_equals: () => assert_array_approx_equals([1, 2], [1, 2.2], 0.1),
            assert_object_equals: () => assert_object_equals({ a: { b: 1 } }, { a: { b: 2 } }),
            'assert_object_equals of more': () => assert_object_equals({ a: 1, b: 2 }, { a: 1 }),
            'assert_object_equals of less': () => assert_object_equals({}, { a: 1 }),
            assert_approx_equals: () => assert_approx_equals(1, 1.2, 0.1),
            assert_less_than: () => assert_less_than(1, 1),
            assert_greater_than: () => assert_greater_than(1, 1),
            assert_less_than_equal: () => assert_less_than_equal(2, 1),
            assert_greater_than_equal: () => assert_greater_than_equal(1, 2),
            assert_between_exclusive: () => assert_between_exclusive(1, 1, 2),
            assert_between_inclusive: () => assert_between_inclusive(0, 1, 2),
            assert_regexp_match: () => assert_regexp_match('a', /b/),
            assert_class_string: () => assert_class_string([], 'Object'),
            assert_own_property: () => assert_own_property({}, 'toString'),
            assert_not_own_property: () => assert_not_own_property({ a: 1 }, 'a'),
            assert_inherits: () => assert_inherits({ a: 1 }, 'a'),
            assert_idl_attribute: () => assert_idl_attribute({}, 'a'),
            assert_readonly: () => assert_readonly({ a: 1 }, 'a'),
            assert_implements: () => assert_implements(undefined, 'a feature'),
            assert_unreached: () => assert_unreached(),
            assert_any: () => assert_any(assert_equals, 1, [2, 3]),
            assert_throws_js: () => assert_throws_js(TypeError, () => {}),
            'assert_throws_js of another class': () => assert_throws_js(TypeError, () => { throw new RangeError() }),
            'assert_throws_js of a subclass': () => assert_throws_js(Error, () => { throw new RangeError() }),
            'assert_throws_js of no object': () => assert_throws_js(TypeError, () => { throw 'TypeError' }),
            assert_throws_exactly: () => assert_throws_exactly({}, () => { throw {} }),
            assert_throws_dom: () => assert_throws_dom('AbortError', () => { throw new RangeError() }),
            'assert_throws_dom of nothing': () => assert_throws_dom('AbortError', () => {}),
            'an exception': () => { throw new Error('thrown') },
        };
        for (const name in failing) test(failing[name], name);
        promise_test(t => promise_rejects_js(t, TypeError, rejected), 'promise_rejects_js');
        promise_test(t => promise_rejects_js(t, RangeError, Promise.resolve()), 'promise_rejects_js of a value');
        promise_test(t => promise_rejects_exactly(t, {}, rejected), 'promise_rejects_exactly');
        promise_test(t => promise_rejects_dom(t, 'AbortError', rejected), 'promise_rejects_dom');
        promise_test(() => rejected, 'a rejection');
        promise_test(() => 1, 'no promise');
        async_test(t => t.unreached_func('reached')(), 'unreached_func');
        async_test(t => queueMicrotask(t.step_func_done(() => assert_true(false))), 'step_func_done');
        async_test(t => t.step(() => { throw null }), 'step');
    ";
    let Some(report) = wpt().with("failing.any.js", failing).run() else { return };

    let run = of(&report, "failing.any.js");
    assert_eq!(run.status, Status::Fail, "{run:?}");
    let good: Vec<_> = run.cases.iter().filter(|case| case.is_good()).map(|case| &case.name).collect();
    assert_eq!(good, <[&str; 0]>::default());
    assert_eq!(run.cases.len(), 48);
    assert!(run.cases.iter().all(|case| !case.message.is_empty()), "{run:?}");
}

#[test]
fn a_failing_test_is_told_by_name_and_its_neighbours_pass() {
    let failing = "test(() => assert_equals(1, 2, 'sum'), 'bad'); test(() => {}, 'good')";
    let Some(report) = wpt().with("a.any.js", failing).with("b.any.js", GOOD).run() else { return };

    let [case] = bad(of(&report, "a.any.js"))[..] else { panic!("{report:?}") };
    assert_eq!((case.name.as_str(), case.status), ("bad", CaseStatus::Fail));
    assert!(case.message.contains("sum expected (number) 2 but got (number) 1"), "{case:?}");
    ends(&report, "b.any.js", Status::Pass, "");
    assert_eq!(surprises(&report).len(), 1);
}

#[test]
fn a_file_that_hangs_is_a_timeout_and_the_next_one_runs() {
    let files = wpt()
        .with("a.any.js", "test(() => {}, 'before'); test(() => { for (;;); }, 'hangs')")
        .with("b.any.js", "promise_test(() => new Promise(() => {}), 'waits for nothing')")
        .with("c.any.js", GOOD)
        .within(SHORT);
    let Some(report) = files.run() else { return };

    ends(&report, "a.any.js", Status::Timeout, "limit");
    assert_eq!(of(&report, "a.any.js").cases.len(), 1);
    ends(&report, "b.any.js", Status::Timeout, "never");
    ends(&report, "c.any.js", Status::Pass, "");
}

#[test]
fn a_file_that_fills_the_heap_is_a_result_and_the_next_one_runs() {
    let greedy =
        "test(() => { const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1)); }, 'greedy')";
    let Some(report) = wpt().with("a.any.js", greedy).with("b.any.js", GOOD).run() else { return };

    assert_ne!(of(&report, "a.any.js").status, Status::Pass, "{report:?}");
    ends(&report, "b.any.js", Status::Pass, "");
}

#[test]
fn what_nobody_catches_is_an_error_of_the_file() {
    let files = wpt()
        .with("parse.any.js", "test(() => {}, 'never' ")
        .with("throws.any.js", "test(() => {}, 'before'); throw new RangeError('at the top')")
        .with("rejects.any.js", "test(() => {}, 'good'); Promise.reject(new RangeError('unhandled'))")
        .with(
            "tolerant.any.js",
            "setup({ allow_uncaught_exception: true }); test(() => {}, 'good'); Promise.reject(1)",
        )
        .with("empty.any.js", "1 + 1");
    let Some(report) = files.run() else { return };

    ends(&report, "parse.any.js", Status::Error, "SyntaxError");
    ends(&report, "throws.any.js", Status::Error, "at the top");
    assert_eq!(of(&report, "throws.any.js").cases.len(), 1);
    ends(&report, "rejects.any.js", Status::Error, "unhandled");
    ends(&report, "tolerant.any.js", Status::Pass, "");
    ends(&report, "empty.any.js", Status::Timeout, "never");
}

#[test]
fn metadata_says_what_is_loaded_and_how_often_a_file_runs() {
    let files = wpt()
        .with("deep/shared.js", "const shared = 'shared';")
        .with(
            "deep/a.any.js",
            "// META: title=Title\n// META: script=shared.js\n// META: variant=?one\n// META: variant=?two\ntest(() => \
             assert_equals(location.search + shared, '?oneshared'))",
        )
        .with("deep/b.any.js", "// META: script=none.js\ntest(() => {}, 'never')");
    let Some(report) = files.run() else { return };

    ends(&report, "deep/a.any.js?one", Status::Pass, "");
    assert_eq!(of(&report, "deep/a.any.js?one").cases[0].name, "Title");
    ends(&report, "deep/a.any.js?two", Status::Fail, "");
    ends(&report, "deep/b.any.js", Status::Error, "its script none.js is not in the folder");
}

#[test]
fn what_cannot_be_run_is_skipped_with_the_reason() {
    let files = wpt()
        .with("a.html", "")
        .with("b.window.js", "")
        .with("c.worker.js", "")
        .with("d.sub.any.js", "")
        .with("e.any.js", "// META: global=serviceworker")
        .with("helper.js", "throw 1")
        .with("resources/f.any.js", "throw 1");
    let Some(report) = files.run() else { return };

    let reasons: Vec<_> = report.runs.iter().map(|run| (run.id.as_str(), run.message.as_str())).collect();
    assert_eq!(
        reasons,
        [
            ("a.html", "it needs a document"),
            ("b.window.js", "it needs a document"),
            ("c.worker.js", "it needs a worker"),
            ("d.sub.any.js", "a server must fill in its text"),
            ("e.any.js", "it is for serviceworker only"),
        ]
    );
    assert_eq!(report.total.skip, 5);
}

#[test]
fn the_folders_own_harness_is_used_when_there_is_one() {
    // The least that the runner relies on.
    let own = "
        const results = [], completions = [];
        globalThis.add_start_callback = () => {};
        globalThis.add_result_callback = callback => results.push(callback);
        globalThis.add_completion_callback = callback => completions.push(callback);
        globalThis.test = name => results.forEach(callback => callback({ name, status: 1, message: 'own' }));
        Promise.resolve().then(() => completions.forEach(callback => callback([], { status: 0 })));
    ";
    let files = wpt().with("resources/testharness.js", own).with("a.any.js", "test('name')");
    let Some(report) = files.run() else { return };

    let [case] = bad(of(&report, "a.any.js"))[..] else { panic!("{report:?}") };
    assert_eq!((case.name.as_str(), case.message.as_str()), ("name", "own"));
}

#[test]
fn tests_wait_for_timers_where_the_realm_has_them() {
    // Whether the guest has timers or not: jobs will do.
    let timers = "globalThis.setTimeout = (func, delay, ...values) => queueMicrotask(() => func(...values));";
    let waiting = "// META: script=timers.js
        async_test(t => t.step_timeout(t.step_func_done(n => assert_equals(n, 7)), 10, 7), 'of a test');
        async_test(t => step_timeout(t.step_func_done(), 10), 'of the file');
        promise_test(async t => {
            let looks = 0;
            await t.step_wait(() => ++looks === 3);
            assert_equals(looks, 3);
        }, 'until something holds');
        async_test(t => t.step_wait_func_done(() => false, t.unreached_func(), 'what never holds', 300, 100), 'fails');
        async_test(t => t.force_timeout(), 'forced');
    ";
    let Some(report) = wpt().with("timers.js", timers).with("a.any.js", waiting).run() else { return };

    let run = of(&report, "a.any.js");
    let bad: Vec<_> = bad(run).iter().map(|case| (case.name.as_str(), case.status)).collect();
    assert_eq!(bad, [("forced", CaseStatus::Timeout), ("fails", CaseStatus::Fail)]);
    assert_eq!(run.cases.len(), 5);
}

#[test]
fn odd_names_and_long_messages_are_told_all_the_same() {
    let odd = "test(() => {}, 'lone \\ud800'); test(() => { throw new Error('x'.repeat(1 << 24)) }, 'long')";
    let Some(report) = wpt().with("a.any.js", odd).run() else { return };

    let run = of(&report, "a.any.js");
    assert_eq!(run.status, Status::Fail, "{:?}", run.message);
    let [case] = bad(run)[..] else { panic!("{report}") };
    assert!(case.name == "long" && case.message.len() < 5000, "{case:?}");
}

#[test]
fn two_tests_with_one_name_are_an_error() {
    let Some(report) = wpt().with("a.any.js", "test(() => {}, 'a'); test(() => {}, 'a')").run() else {
        return;
    };

    ends(&report, "a.any.js", Status::Error, "two tests with the name");
}
