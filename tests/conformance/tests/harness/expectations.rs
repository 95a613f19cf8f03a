//! What the expectations say is held against what came out, both ways.

use crate::support::{Files, ends, surprises};
use hypercell_conformance::{Expectations, Status, Suite};

const TWO: &str = "test(() => assert_true(false), 'bad'); test(() => {}, 'good')";
const GOOD: &str = "test(() => {}, 'good')";

fn wpt() -> Files {
    Files::of(Suite::Wpt)
}

#[test]
fn what_fails_as_expected_is_no_surprise() {
    let files = wpt()
        .with("a.any.js", TWO)
        .with("b.any.js", TWO)
        .with("c.any.js", "throw 1")
        .with("d/e.any.js", "for (;;);")
        .expecting(
            "[cases.'a.any.js']\nbad = 'known'\n[fail]\n'b.any.js' = 'known'\n[error]\n'c.any.js' = 'known'\n[skip]\n'd/' = \
             'it hangs'",
        );
    let Some(report) = files.run() else { return };

    assert_eq!(surprises(&report), <[&str; 0]>::default());
    ends(&report, "d/e.any.js", Status::Skip, "it hangs");
}

#[test]
fn what_passes_against_expectation_is_a_surprise() {
    let files = wpt()
        .with("a.any.js", GOOD)
        .with("b.any.js", TWO)
        .with("c.any.js", TWO)
        .expecting("[fail]\n'a.any.js' = 'known'\n[cases.'b.any.js']\nbad = 'known'\ngood = 'known'\n[timeout]\n'c.any.js' = 'known'");
    let Some(report) = files.run() else { return };

    let surprises = surprises(&report);
    let [a, b, c] = &surprises[..] else { panic!("{surprises:?}") };
    assert_eq!(a, "a.any.js: pass, expected: fail (known)");
    assert_eq!(b, "b.any.js: the test \"good\" passes, and is expected to fail");
    assert!(c.starts_with("c.any.js: fail, expected: timeout"), "{c}");
}

#[test]
fn an_expectation_may_be_of_one_run_of_a_file() {
    let strict = "/*---\n---*/\nassert.sameValue((function () { return this; })(), globalThis)";
    let files =
        |expectations: &str| Files::of(Suite::Test262).with("a.js", strict).expecting(expectations).run();
    let Some(one) = files("[fail]\n'a.js (strict)' = 'known'") else { return };
    let Some(both) = files("[fail]\n'a.js' = 'known'") else { return };

    assert_eq!(surprises(&one), <[&str; 0]>::default());
    assert_eq!(surprises(&both), ["a.js (sloppy): pass, expected: fail (known)"]);
}

#[test]
fn an_expectation_of_nothing_is_a_surprise() {
    let files = || {
        wpt().with("a.any.js", GOOD).with("b.any.js", GOOD).expecting(
            "[fail]\n'gone.any.js' = 'known'\n[skip]\n'empty/' = 'known'\n[cases.'b.any.js']\ngone = 'known'",
        )
    };
    let Some(report) = files().run() else { return };

    assert_eq!(
        surprises(&report),
        [
            "b.any.js: the expectations name the test \"gone\", which it does not have",
            "empty/: the expectations name it, and there is no such test",
            "gone.any.js: the expectations name it, and there is no such test",
        ]
    );

    let Some(filtered) = files().filtered("a.any").run() else { return };
    assert_eq!(surprises(&filtered), <[&str; 0]>::default());
    assert_eq!(filtered.runs.len(), 1);
}

#[test]
fn what_came_out_can_be_recorded_and_is_then_expected() {
    let files = |expectations: &str| {
        wpt()
            .with("a.any.js", TWO)
            .with("b.any.js", GOOD)
            .with("c.any.js", "throw new Error('two\\nlines')")
            .with("d.any.js", TWO)
            .with("e.any.js", "throw 1")
            .expecting(expectations)
    };
    let before = "[skip]\n'e.any.js' = 'why e'\n[fail]\n'b.any.js' = 'why b'\n'd.any.js' = 'why d'\n[cases.'a.any.js']\nbad = 'why a'";
    let Some(report) = files(before).run() else { return };

    let recorded = Expectations::parse(before).unwrap().recorded(&report.runs).to_toml().unwrap();

    assert_eq!(recorded.matches("why").count(), 3, "{recorded}");
    assert!(!recorded.contains("b.any.js"), "{recorded}");
    assert!(recorded.contains("\"c.any.js\" = \"Error: two\""), "{recorded}");
    let Some(again) = files(&recorded).run() else { return };
    assert_eq!(surprises(&again), <[&str; 0]>::default());
}

#[test]
fn a_run_of_nothing_is_an_error() {
    let Some(result) = wpt().with("a.any.js", GOOD).filtered("none").try_run() else { return };

    let error = result.unwrap_err().to_string();
    assert!(error.contains("there is no file of wpt") && error.contains("\"none\""), "{error}");
}

#[test]
fn a_file_of_expectations_that_is_not_in_order_is_refused() {
    let refused = |text: &str| format!("{:#}", Expectations::parse(text).unwrap_err());

    assert!(refused("[failing]\na = 'x'").contains("failing"));
    assert!(refused("[fail]\na = ' '").contains("[fail] gives no reason for \"a\""));
    assert!(refused("[fail]\na = 'x'\n[skip]\na = 'x'").contains("more than one section"));
    assert!(refused("[fail]\na = 'x'\n[cases.a]\nb = 'x'").contains("more than one section"));
    assert!(refused("[cases.a]\nb = ''").contains("gives no reason for \"b\""));
    assert!(refused("[fail").contains("TOML"));
}
