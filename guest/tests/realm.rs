//! `console` and `Math.random`: what the realm has that QuickJS has not, or not so.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::Kind;
use support::{Guest, guest};

fn logs(guest: &mut Guest, source: &str) -> Vec<(String, String)> {
    guest.value(source);
    guest.console()
}

fn line(expression: &str) -> String {
    let mut guest = guest();
    logs(&mut guest, &format!("console.log({expression})")).remove(0).1
}

#[test]
fn each_method_sends_its_level() {
    let mut guest = guest();
    let sent =
        logs(&mut guest, "for (const m of ['log', 'info', 'debug', 'warn', 'error']) console[m](m, 1)");
    let sent: Vec<_> = sent.iter().map(|(level, text)| format!("{level}|{text}")).collect();
    assert_eq!(sent, ["log|log 1", "info|info 1", "debug|debug 1", "warn|warn 1", "error|error 1"]);
}

#[test]
fn values_are_shown_for_people() {
    for (expression, shown) in [
        ("", ""),
        ("'a string', \"it's\"", "a string it's"),
        ("1, -0, 1.5, NaN, 10n, true, null, undefined", "1 -0 1.5 NaN 10n true null undefined"),
        (
            "Symbol('s'), () => 1, function named() {}, class C {}",
            "Symbol(s) [Function (anonymous)] [Function: named] [Function: C]",
        ),
        ("{ a: 1, 'odd key': 'x' }, {}, []", r#"{ a: 1, "odd key": "x" } {} []"#),
        ("[1, [2, { b: [] }]]", "[ 1, [ 2, { b: [] } ] ]"),
        ("{ a: { b: { c: { d: { e: 1 } } } } }", "{ a: { b: { c: { d: [Object] } } } }"),
        ("[[[[[1]]]]]", "[ [ [ [ [Array] ] ] ] ]"),
        (
            "new (class Point { x = 1 }), Object.create(null), new Map()",
            "Point { x: 1 } [Object: null prototype] {} Map {}",
        ),
        ("new Proxy({}, { get() { throw 1 } })", "[Proxy]"),
        (
            "Array(102).fill(0).length, Array(102).fill(7)",
            &format!("102 [ {}7, … 2 more ]", "7, ".repeat(99)),
        ),
        (r"'a\ud800b', ['\n']", "a\u{fffd}b [ \"\\n\" ]"),
    ] {
        assert_eq!(line(expression), shown, "{expression}");
    }
}

#[test]
fn cycles_are_marked() {
    let mut guest = guest();
    assert_eq!(
        logs(&mut guest, "const a = { n: 1 }; a.self = a; a.list = [a]; console.log(a)")[0].1,
        "{ n: 1, self: [Circular], list: [ [Circular] ] }"
    );
}

#[test]
fn errors_are_shown_with_their_stack() {
    let mut guest = guest();
    guest
        .request(Kind::Script, "s.js", "\nfunction f() { console.error(new TypeError('bad')) }\nf()")
        .unwrap();
    assert_eq!(
        guest.console(),
        [("error".to_owned(), "TypeError: bad\n    at f (s.js:2:34)\n    at <eval> (s.js:3:1)".to_owned())]
    );
}

#[test]
fn logging_never_throws() {
    let mut guest = guest();
    guest.value(
        "const trap = () => { throw new Error('trapped') };
         const hostile = [
             { get a() { trap() } }, new Proxy({}, { ownKeys: trap, get: trap, getPrototypeOf: trap }), { [Symbol.toPrimitive]: trap, toString: trap, toJSON: trap },
             Object.create({ get constructor() { trap() } }), Object.defineProperty(new Error('m'), 'stack', { get: trap }),
             Object.defineProperty(function () {}, 'name', { get: trap }), Object.create(new Proxy({}, { get: trap })),
             Object.defineProperty([1], '0', { get: trap }), Proxy.revocable({}, {}).proxy,
         ];
         for (const method of ['log', 'error', 'trace']) for (const value of hostile) console[method](value, [value]);
         Object.defineProperty(Symbol.prototype, 'description', { get: trap });
         console.log(Symbol('x'), hostile);
         const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); console.log(proxy);",
    );
    assert!(guest.console().len() > 27);
}

#[test]
fn assert_logs_only_what_is_false() {
    let mut guest = guest();
    let sent = logs(
        &mut guest,
        "for (const yes of [true, 1, 'x', 1n, {}, [], Symbol()]) console.assert(yes, 'silent');
         console.assert(); for (const no of [false, 0, NaN, '', 0n, null, undefined]) console.assert(no, 'loud', 1)",
    );
    assert_eq!(sent[0], ("error".to_owned(), "Assertion failed".to_owned()));
    assert_eq!(sent.len(), 8);
    assert!(
        sent[1..].iter().all(|sent| *sent == ("error".to_owned(), "Assertion failed: loud 1".to_owned())),
        "{sent:?}"
    );
}

#[test]
fn trace_has_the_callers_stack_and_nothing_of_the_glue() {
    let mut guest = guest();
    guest.request(Kind::Script, "s.js", "function f() { console.trace('here', 1) }\nf()").unwrap();
    assert_eq!(
        guest.console(),
        [("debug".to_owned(), "Trace: here 1\n    at f (s.js:1:23)\n    at <eval> (s.js:2:1)".to_owned())]
    );
}

#[test]
fn long_lines_are_cut_between_characters_and_say_so() {
    let long = line("'€'.repeat(50000)");
    assert!(long.len() < 66_000 && long.ends_with("€… [truncated]"), "{}", long.len());
    for many in [
        "'x'.repeat(40000), 'y'.repeat(40000)",
        "Array(100).fill('z'.repeat(2000))",
        "['€'.repeat(50000)]",
        "new Error('€'.repeat(50000))",
    ] {
        let long = line(many);
        assert!(long.len() < 66_000 && long.ends_with("… [truncated]"), "{many}: {}", long.len());
    }
}

#[test]
fn console_is_an_ordinary_global() {
    let mut guest = guest();
    assert_eq!(
        guest.value("const d = Object.getOwnPropertyDescriptor(globalThis, 'console'); export default [d.writable, d.enumerable, d.configurable, console.log(), console.log.name, console.log.length]"),
        r#"[true,false,true,null,"log",0]"#
    );
    assert_eq!(guest.value("globalThis.console = 1; export default console"), "1");
}

const DRAW: &str = "export default Array.from({ length: 8 }, Math.random)";

#[test]
fn math_random_has_the_attributes_of_the_specification() {
    let mut guest = guest();
    assert_eq!(
        guest.value("const d = Object.getOwnPropertyDescriptor(Math, 'random'); export default [d.writable, d.enumerable, d.configurable, d.value.length, d.value.name, 'prototype' in d.value]"),
        r#"[true,false,true,0,"random",false]"#
    );
    assert_eq!(guest.error("new Math.random()").name, "TypeError");
}

#[test]
fn math_random_is_uniform_in_its_interval() {
    let mut guest = guest();
    let value = guest.value(
        "const buckets = Array(16).fill(0); let fine = true, sum = 0; const seen = new Set();
         for (let i = 0; i < 64000; i++) { const r = Math.random(); fine &&= r >= 0 && r < 1 && (r * 2 ** 53) % 1 === 0; buckets[Math.floor(r * 16)]++; seen.add(r) }
         export default [fine, seen.size > 63990, Math.min(...buckets) > 3700, Math.max(...buckets) < 4300]",
    );
    assert_eq!(value, "[true,true,true,true]");
}

#[test]
fn equal_seeds_draw_equal_numbers_and_fresh_entropy_draws_others() {
    let (mut one, mut two) = (guest(), guest());
    let first = one.value(DRAW);
    assert_eq!(first, two.value(DRAW));
    two.platform.entropy.set(Some([8; 32]));
    assert_ne!(one.value(DRAW), two.value(DRAW));
    two.platform.entropy.set(Some([7; 32]));
    assert_eq!(two.value(DRAW), first);
}

#[test]
fn entropy_reaches_guest_code_that_kept_the_function() {
    let mut guest = guest();
    guest.handler("h", "const { random } = Math; export const handler = () => random()");
    guest.platform.entropy.set(Some([1; 32]));
    let first = guest.result("h", "null");
    assert_ne!(guest.result("h", "null"), first);
    guest.platform.entropy.set(Some([1; 32]));
    assert_eq!(guest.result("h", "null"), first);
}
