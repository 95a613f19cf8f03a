//! The shipped suites come to what their expectations say.

use crate::support::{LONG, engine, shipped, surprises};
use hypercell_conformance::{Expectations, Folder, Options, Report, Suite, run};

fn report(suite: Suite) -> Option<Report> {
    let path = shipped(suite);
    let expectations = Expectations::read(&path.join("expectations.toml")).unwrap();
    let options = Options { engine: engine()?, expectations, filter: None, timeout: LONG };
    Some(run(suite, &Folder::open(&path).unwrap(), &options, |_, _, _| ()).unwrap())
}

#[test]
fn web_platform_tests_are_as_expected() {
    let Some(report) = report(Suite::Wpt) else { return };

    assert_eq!(surprises(&report), <[&str; 0]>::default());
    assert!(report.total.pass >= 15, "{report}");
    assert!(report.total.cases_passed >= 60, "{report}");
}

#[test]
fn test262_is_as_expected() {
    let Some(report) = report(Suite::Test262) else { return };

    assert_eq!(surprises(&report), <[&str; 0]>::default());
    assert!(report.total.pass >= 36, "{report}");
}

#[test]
fn the_expectations_for_a_checkout_of_test262_can_be_read() {
    let path = shipped(Suite::Test262).join("../../expectations/test262.toml");

    assert!(Expectations::read(&path).is_ok());
}
