//! The command: what it prints, writes and exits with.

use crate::support::{Files, engine, shipped};
use hypercell_conformance::Suite;
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn conformance(suite: &str, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hypercell-conformance"));
    command.arg(suite).arg(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn what_is_as_expected_exits_with_0() {
    if engine().is_none() {
        return;
    }

    let output =
        conformance("test262", &shipped(Suite::Test262), &["--filter", "language/", "--timeout", "60s"]);

    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stdout = text(&output.stdout);
    assert!(stdout.contains("language/async"), "{stdout}");
    assert!(stdout.contains("skipped 1: feature tail-call-optimization"), "{stdout}");
    assert!(stdout.contains("; 0 unexpected"), "{stdout}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn what_is_not_exits_with_1_and_is_told_in_print_and_in_the_report() {
    if engine().is_none() {
        return;
    }
    let files = Files::of(Suite::Wpt)
        .with(
            "deep/er/still/a.any.js",
            "test(() => assert_true(false), 'bad\\u001b'); test(() => {}, 'good')",
        )
        .with("expectations.toml", "");
    let json = files.path().join("report.json");

    let output = conformance("wpt", files.path(), &["--json", json.to_str().unwrap()]);

    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stdout = text(&output.stdout);
    assert!(stdout.contains("unexpected: deep/er/still/a.any.js: the test \"bad"), "{stdout}");
    assert!(!stdout.contains('\u{1b}'), "{stdout}");
    let report: Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert_eq!(report["suite"], "wpt");
    assert_eq!(report["folders"]["deep/er"]["fail"], 1);
    assert_eq!(report["total"]["cases_passed"], 1);
    assert_eq!(report["runs"][0]["cases"][1]["status"], "pass");
    assert_eq!(report["surprises"].as_array().unwrap().len(), 1);
}

#[test]
fn expectations_lie_beside_the_suite_or_where_they_are_said_to_be() {
    if engine().is_none() {
        return;
    }
    let files = Files::of(Suite::Wpt)
        .with("a.any.js", "test(() => assert_true(false), 'bad')")
        .with("expectations.toml", "[fail]\n'a.any.js' = 'known'")
        .with("other.toml", "[timeout]\n'a.any.js' = 'known'");
    let other = files.path().join("other.toml");

    assert_eq!(conformance("wpt", files.path(), &[]).status.code(), Some(0));
    let output = conformance("wpt", files.path(), &["--expectations", other.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn wrong_use_says_so() {
    let missing = conformance("wpt", Path::new("/nowhere/at/all"), &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("cannot open the folder /nowhere/at/all"), "{missing:?}");

    let timeout = conformance("wpt", &shipped(Suite::Wpt), &["--timeout", "2h"]);
    assert_eq!(timeout.status.code(), Some(2));
    assert!(text(&timeout.stderr).contains("from 1ms to 10min"), "{timeout:?}");

    let vmm = conformance("wpt", &shipped(Suite::Wpt), &["--vmm", "none"]);
    assert_eq!(vmm.status.code(), Some(2));
}
