//! Functions called by name, and generators whose yields go out one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod support;

use hypercell_common::{Kind, body::Cause};
use support::{Guest, guest, told};

fn call(guest: &mut Guest, target: &str, arguments: &str) -> String {
    guest.request(Kind::CallFunction, target, arguments).expect("the function returns").body
}

/// Takes everything that a generator yields, and what it returned.
fn take(guest: &mut Guest, target: &str) -> (Vec<String>, String) {
    let mut yields = Vec::new();
    let mut reply = guest.request(Kind::Generate, target, "[]").unwrap();
    while reply.kind == Kind::Yield {
        yields.push(reply.body);
        reply = guest.request(Kind::Next, "", "").unwrap();
    }
    (yields, reply.body)
}

#[test]
fn exported_and_global_functions_are_called_by_name() {
    let mut guest = guest();
    guest.eval("export const add = (a, b) => a + b; globalThis.shout = async text => text + '!'").unwrap();

    assert_eq!(call(&mut guest, "add", "[1,2]"), "3");
    assert_eq!(call(&mut guest, "shout", r#"["hey"]"#), r#""hey!""#);
    assert_eq!(call(&mut guest, "shout", "[]"), r#""undefined!""#, "what is not given is undefined");
    guest.eval("export const nothing = () => {}").unwrap();
    assert_eq!(call(&mut guest, "nothing", "[]"), "");
}

#[test]
fn the_last_module_that_exports_a_name_has_it() {
    let mut guest = guest();
    guest.request(Kind::Eval, "a.js", "export const f = () => 'a'; export const g = () => 'g of a'").unwrap();
    guest.request(Kind::Eval, "b.js", "export const f = () => 'b'; export const n = 1").unwrap();
    guest.eval("globalThis.f = () => 'global'; globalThis.n = () => 'function n'").unwrap();

    assert_eq!(call(&mut guest, "f", "[]"), r#""b""#);
    assert_eq!(call(&mut guest, "g", "[]"), r#""g of a""#);
    assert_eq!(call(&mut guest, "n", "[]"), r#""function n""#, "what is no function is passed over");
}

#[test]
fn a_registered_modules_function_is_called_by_its_specifier() {
    let mut guest = guest();
    guest.module("user:math", "export const double = n => 2 * n; export default 1");

    assert_eq!(call(&mut guest, "user:math\0double", "[21]"), "42");
    let missing = guest.request(Kind::CallFunction, "user:math\0half", "[1]").unwrap_err();
    assert_eq!(
        told(&missing),
        (Cause::Request, "RequestError: the module 'user:math' exports no function 'half'".into())
    );
    let unknown = guest.request(Kind::CallFunction, "user:none\0f", "[]").unwrap_err();
    assert!(unknown.message.contains("cannot find module 'user:none'"), "{}", unknown.message);
}

#[test]
fn what_is_not_there_is_named() {
    let mut guest = guest();
    for kind in [Kind::CallFunction, Kind::Generate] {
        let missing = guest.request(kind, "gone", "[]").unwrap_err();
        assert_eq!(missing.cause, Cause::Request);
        assert!(missing.message.contains("no function 'gone'"), "{}", missing.message);
    }
    guest.eval("export const f = () => 1").unwrap();
    let wrong = guest.request(Kind::CallFunction, "f", "{}").unwrap_err();
    assert!(wrong.message.contains("no array"), "{}", wrong.message);
}

#[test]
fn yields_come_one_by_one_and_then_the_returned_value() {
    let mut guest = guest();
    guest.eval(
        "export function* sync() { yield 1; yield Promise.resolve(2); return 'end' }
         export async function* later() { for (const n of [1, 2]) { await new Promise(r => setTimeout(r, 1)); yield n } }
         export const plain = () => 'no generator'",
    ).unwrap();

    assert_eq!(take(&mut guest, "sync"), (vec!["1".into(), "2".into()], r#""end""#.into()));
    assert_eq!(take(&mut guest, "later"), (vec!["1".into(), "2".into()], String::new()));
    assert_eq!(take(&mut guest, "plain"), (vec![], r#""no generator""#.into()));
}

#[test]
fn nothing_runs_that_nobody_asked_for() {
    let mut guest = guest();
    guest.eval("globalThis.made = 0; export function* all() { for (;;) yield ++made }").unwrap();

    assert_eq!(guest.request(Kind::Generate, "all", "[]").unwrap().body, "1");
    assert_eq!(guest.request(Kind::Next, "", "").unwrap().body, "2");
    assert_eq!(guest.request(Kind::Return, "", "").unwrap().kind, Kind::Done);
    assert_eq!(guest.value("export default made"), "2");
    assert_eq!(guest.request(Kind::Next, "", "").unwrap_err().cause, Cause::Request);
}

#[test]
fn ending_early_runs_finally() {
    let mut guest = guest();
    guest
        .eval(
            "globalThis.log = [];
         export function* sync() { try { yield 1 } finally { log.push('sync') } }
         export async function* later() { try { yield 1 } finally { await null; log.push('later') } }
         export function* fails() { try { yield 1 } finally { throw new Error('in finally') } }",
        )
        .unwrap();
    for name in ["sync", "later"] {
        guest.request(Kind::Generate, name, "[]").unwrap();
        guest.request(Kind::Return, "", "").unwrap();
    }
    assert_eq!(guest.value("export default log"), r#"["sync","later"]"#);
    guest.request(Kind::Generate, "fails", "[]").unwrap();
    assert_eq!(guest.request(Kind::Return, "", "").unwrap_err().message, "in finally");
}

#[test]
fn timers_live_on_between_yields_and_end_with_the_generator() {
    let mut guest = guest();
    guest
        .eval(
            "globalThis.ticks = 0;
         export async function* ticking() {
             setInterval(() => ticks++, 10);
             for (;;) { await new Promise(r => setTimeout(r, 27)); yield ticks }
         }",
        )
        .unwrap();
    assert_eq!(guest.request(Kind::Generate, "ticking", "[]").unwrap().body, "2");
    assert_eq!(guest.request(Kind::Next, "", "").unwrap().body, "5");
    guest.request(Kind::Return, "", "").unwrap();
    assert_eq!(guest.value("await new Promise(r => setTimeout(r, 100)); export default ticks"), "5");
}

#[test]
fn a_generator_that_throws_is_over_and_another_request_ends_it() {
    let mut guest = guest();
    guest.eval("export function* broken() { yield 1; throw new RangeError('no') } export function* two() { yield 1; yield 2 }").unwrap();
    guest.request(Kind::Generate, "broken", "[]").unwrap();
    assert_eq!(guest.request(Kind::Next, "", "").unwrap_err().name, "RangeError");
    assert_eq!(guest.request(Kind::Next, "", "").unwrap_err().cause, Cause::Request);
    guest.request(Kind::Generate, "two", "[]").unwrap();
    guest.value("export default 1");
    assert_eq!(guest.request(Kind::Next, "", "").unwrap_err().cause, Cause::Request);
}
