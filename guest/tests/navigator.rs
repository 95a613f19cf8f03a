//! `performance` and `navigator`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

#[test]
fn the_user_agent_is_the_product_and_its_version() {
    assert_eq!(
        guest().value(
            "export default [navigator.userAgent, String(navigator), Object.keys(Navigator.prototype)]"
        ),
        format!(r#"["Hypercell/{}","[object Navigator]",["userAgent"]]"#, env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(guest().error("export default new Navigator()").name, "TypeError");
}

#[test]
fn performance_counts_from_its_time_origin_and_never_back() {
    assert_eq!(
        guest().value(
            "const { timeOrigin } = performance, first = performance.now(); let last = first, back = false;
             for (let i = 0; i < 1000; i++) { const next = performance.now(); back ||= next < last; last = next }
             export default [back, first >= 0, Math.abs(timeOrigin + last - Date.now()) < 1000, JSON.stringify(performance) === JSON.stringify({ timeOrigin }), performance instanceof EventTarget, String(performance)]"
        ),
        r#"[false,true,true,true,true,"[object Performance]"]"#
    );
    for source in ["new Performance()", "performance.now.call({})", "Performance.prototype.timeOrigin"] {
        assert_eq!(guest().error(&format!("export default {source}")).name, "TypeError", "{source}");
    }
}

#[test]
fn performance_goes_by_the_platforms_clock_and_not_by_the_wall_clock() {
    let mut guest = guest();
    let source = "
        const wait = ms => new Promise(resolve => setTimeout(resolve, ms)), { timeOrigin } = performance;
        Date.now = () => 0;
        const before = performance.now(); await wait(25);
        const event = new Event('x'), after = performance.now();
        export default [after - before, event.timeStamp === after, performance.timeOrigin === timeOrigin]";
    assert_eq!(guest.value(source), "[25,true,true]");
}

#[test]
fn the_clock_goes_on_when_that_of_the_platform_was_set_back() {
    let mut guest = guest();
    guest.value("globalThis.first = performance.now(); export default 1");
    guest.platform.now_us.set(0);
    assert_eq!(guest.value("export default performance.now() - first"), "0");
    guest.platform.now_us.set(1_500);
    assert_eq!(guest.value("export default performance.now() - first"), "1.5");
}

#[test]
fn guest_code_can_put_its_own_in_their_place() {
    assert_eq!(
        guest().value("performance = 1; globalThis.navigator = 2; export default [performance, navigator, Object.keys(globalThis).includes('navigator')]"),
        "[1,2,true]"
    );
}
