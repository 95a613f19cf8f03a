//! A file of test262 that does not pass is seen, in whatever way it fails, and is nothing
//! to the next one.

use crate::support::{Files, SHORT, ends, of, surprises};
use hypercell_conformance::{Status, Suite};

/// A file with this frontmatter.
fn file(frontmatter: &str, source: &str) -> String {
    format!("/*---\n{frontmatter}\n---*/\n{source}\n")
}

fn test262() -> Files {
    Files::of(Suite::Test262)
}

#[test]
fn what_throws_fails_in_the_mode_in_which_it_throws() {
    let files = test262()
        .with("a.js", &file("flags: []", "assert.sameValue((function () { return this; })(), globalThis)"))
        .with("b.js", &file("description: none", "throw 'a string'"))
        .with("c.js", &file("flags: [module]", "assert(false, 'in a module')"))
        .with("d.js", &file("description: fine", "(() => {})"));
    let Some(report) = files.run() else { return };

    ends(&report, "a.js (sloppy)", Status::Pass, "");
    ends(&report, "a.js (strict)", Status::Fail, "Test262Error");
    ends(&report, "b.js (sloppy)", Status::Fail, "a string");
    ends(&report, "c.js (module)", Status::Fail, "in a module: expected true, got false");
    ends(&report, "d.js (strict)", Status::Pass, "");
    assert_eq!(surprises(&report).len(), 4);
}

#[test]
fn each_assertion_fails_when_it_does_not_hold() {
    let failing = [
        "assert(1)",
        "assert.sameValue(-0, 0)",
        "assert.sameValue('1', 1)",
        "assert.notSameValue(NaN, NaN)",
        "assert.throws(TypeError, function () {})",
        "assert.throws(Error, function () { throw new RangeError() })",
        "assert.throws(TypeError, function () { throw 'TypeError' })",
        "assert.compareArray([1, 2], [1, 3])",
        "assert.compareArray([1, 2], [1])",
        "verifyProperty({}, 'a', { value: 1 })",
        "verifyProperty({ a: 1 }, 'a', undefined)",
        "verifyProperty({ a: 1 }, 'a', { value: 2 })",
        "verifyProperty({ a: 1 }, 'a', { enumerable: false })",
        "verifyProperty({ a: 1 }, 'a', { writable: false })",
        "verifyProperty({ a: 1 }, 'a', { configurable: false })",
        "verifyProperty({ get a() { return 1 } }, 'a', { get: undefined })",
        "verifyPrimordialCallableProperty(Math, 'max', 'max', 3)",
        "verifyPrimordialCallableProperty(Math, 'max', 'min', 2)",
    ];
    let frontmatter = "flags: [noStrict]\nincludes: [compareArray.js, propertyHelper.js]";
    let files = failing.iter().enumerate().fold(test262(), |files, (at, source)| {
        files.with(&format!("{at:02}.js"), &file(frontmatter, source))
    });
    let Some(report) = files.run() else { return };

    for at in 0..failing.len() {
        ends(&report, &format!("{at:02}.js (sloppy)"), Status::Fail, "Test262Error");
    }
}

#[test]
fn an_expected_exception_must_come_in_its_phase_and_be_of_its_type() {
    let negative =
        |phase: &str, kind: &str| format!("flags: [noStrict]\nnegative:\n  phase: {phase}\n  type: {kind}");
    let files = test262()
        .with("none.js", &file(&negative("runtime", "TypeError"), "1"))
        .with("type.js", &file(&negative("runtime", "TypeError"), "throw new RangeError('other')"))
        .with("late.js", &file(&negative("parse", "SyntaxError"), "throw new SyntaxError('while running')"))
        .with("eval.js", &file(&negative("parse", "SyntaxError"), "eval('(')"))
        .with("soon.js", &file(&negative("runtime", "SyntaxError"), "("))
        .with("right.js", &file(&negative("runtime", "SyntaxError"), "eval('(')"));
    let Some(report) = files.run() else { return };

    ends(&report, "none.js (sloppy)", Status::Fail, "expected TypeError at runtime, and nothing was thrown");
    ends(&report, "type.js (sloppy)", Status::Fail, "RangeError: other");
    ends(&report, "late.js (sloppy)", Status::Fail, "while running");
    ends(&report, "eval.js (sloppy)", Status::Fail, "expected SyntaxError at parse");
    ends(&report, "soon.js (sloppy)", Status::Fail, "does not compile");
    ends(&report, "right.js (sloppy)", Status::Pass, "");
}

#[test]
fn an_async_file_must_say_that_it_is_done() {
    let file = |source: &str| file("flags: [async, noStrict]\nincludes: [asyncHelpers.js]", source);
    let files = test262()
        .with("never.js", &file("Promise.resolve()"))
        .with(
            "fails.js",
            &file("Promise.resolve().then(() => { throw new Error('later') }).then($DONE, $DONE)"),
        )
        .with("throws.js", &file("throw new Error('at once')"))
        .with("twice.js", &file("$DONE(); $DONE(new Error('after all'))"))
        .with("helper.js", &file("asyncTest(async () => assert.throwsAsync(TypeError, async () => {}))"))
        .with("loose.js", &file("Promise.reject(new Error('loose')); Promise.resolve().then($DONE)"));
    let Some(report) = files.run() else { return };

    ends(&report, "never.js (sloppy)", Status::Timeout, "it never called $DONE");
    ends(&report, "fails.js (sloppy)", Status::Fail, "later");
    ends(&report, "throws.js (sloppy)", Status::Fail, "at once");
    ends(&report, "twice.js (sloppy)", Status::Fail, "after all");
    ends(&report, "helper.js (sloppy)", Status::Fail, "the promise was fulfilled");
    ends(&report, "loose.js (sloppy)", Status::Pass, "");
}

#[test]
fn a_file_that_hangs_is_a_timeout_and_the_next_one_runs() {
    let files = test262()
        .with("a.js", &file("flags: [noStrict]", "var left = 1; for (;;);"))
        .with("b.js", &file("flags: [noStrict]", "assert.sameValue(typeof left, 'undefined')"))
        .within(SHORT);
    let Some(report) = files.run() else { return };

    ends(&report, "a.js (sloppy)", Status::Timeout, "limit");
    ends(&report, "b.js (sloppy)", Status::Pass, "");
}

#[test]
fn a_file_that_fills_the_heap_is_a_result_and_the_next_one_runs() {
    let greedy = "var all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));";
    let files = test262()
        .with("a.js", &file("flags: [noStrict]", greedy))
        .with("b.js", &file("flags: [noStrict]", "assert.sameValue(typeof all, 'undefined')"));
    let Some(report) = files.run() else { return };

    let status = of(&report, "a.js (sloppy)").status;
    assert!(matches!(status, Status::Fail | Status::Crash), "{report:?}");
    ends(&report, "b.js (sloppy)", Status::Pass, "");
}

#[test]
fn a_file_that_is_not_in_order_is_an_error() {
    let files = test262()
        .with("bare.js", "1")
        .with("yaml.js", &file("flags: {", "1"))
        .with("include.js", &file("flags: [raw, onlyStrict]\nincludes: [none.js]", "1"))
        .with("missing.js", &file("flags: [onlyStrict]\nincludes: [none.js]", "1"));
    let Some(report) = files.run() else { return };

    ends(&report, "bare.js", Status::Error, "it has no frontmatter");
    ends(&report, "yaml.js", Status::Error, "its frontmatter is not as it must be");
    ends(&report, "include.js (raw)", Status::Pass, "");
    ends(&report, "missing.js (strict)", Status::Error, "there is no file none.js to include");
}

#[test]
fn what_the_sandbox_lacks_is_skipped_with_the_reason() {
    let files = test262()
        .with("a.js", &file("features: [Temporal]", "throw 1"))
        .with("b.js", &file("flags: [CanBlockIsTrue]", "throw 1"))
        .with("c.js", &file("flags: []", "$262.createRealm()"))
        .with("d_FIXTURE.js", "throw 1")
        .expecting("[features]\nTemporal = 'not in QuickJS'");
    let Some(report) = files.run() else { return };

    ends(&report, "a.js", Status::Skip, "feature Temporal: not in QuickJS");
    ends(&report, "b.js", Status::Skip, "cannot block");
    ends(&report, "c.js", Status::Skip, "the sandbox has no $262.createRealm");
    assert_eq!(report.runs.len(), 3);
    assert!(report.surprises.is_empty(), "{report:?}");
}

#[test]
fn a_checkout_has_its_tests_and_its_harness_in_folders() {
    let files = test262()
        .with("harness/assert.js", "globalThis.assert = { own: true };")
        .with("harness/mine.js", "globalThis.mine = 1;")
        .with(
            "test/deep/a.js",
            &file("includes: [mine.js]\nflags: [noStrict]", "if (!assert.own || mine !== 1) throw 1"),
        )
        .with("tools/b.js", "throw 1");
    let Some(report) = files.run() else { return };

    ends(&report, "test/deep/a.js (sloppy)", Status::Pass, "");
    assert_eq!(report.runs.len(), 1);
}
