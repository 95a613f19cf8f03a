//! The console: levels, formats, and that it never fails a call.

use crate::scenario::{Scenario, gives, gives_nothing, succeeds, throws};
use serde_json::json;

#[test]
fn each_method_has_its_level_and_the_order_stays() {
    Scenario::new()
        .eval(
            "for (const method of ['error', 'log', 'debug', 'warn', 'info']) console[method](method, 1)",
            gives_nothing().telling(&[
                "error: error 1",
                "log: log 1",
                "debug: debug 1",
                "warn: warn 1",
                "info: info 1",
            ]),
        )
        .eval(
            "console.assert(true, 'no'); console.assert(1 === 2, 'asserted', {}); console.assert(0n)",
            gives_nothing().telling(&["error: Assertion failed: asserted {}", "error: Assertion failed"]),
        )
        .holds();
}

#[test]
fn a_trace_tells_where_it_was_called() {
    Scenario::new()
        .eval(
            "function f() {\n  console.trace('here', 1)\n}\nf()",
            gives_nothing().telling_times(1).telling(&[
                "debug: Trace: here 1\n    at f (eval.js:2:11)\n    at <anonymous> (eval.js:4:1)",
            ]),
        )
        .holds();
}

#[test]
fn values_are_written_for_people() {
    let lines = [
        ("'text', 1, -0, 0.5, true, null, undefined", "text 1 -0 0.5 true null undefined"),
        ("", ""),
        ("''", ""),
        ("'ü😀\\0'", "ü😀\0"),
        ("{ a: [1, 'x'], 'b c': {} }", "{ a: [ 1, 'x' ], 'b c': {} }"),
        ("[1, , undefined]", "[ 1, <1 empty item>, undefined ]"),
        ("10n, Symbol('s'), /x/g", "10n Symbol(s) /x/g"),
        ("new Map([[1, 2]]), new Set([1])", "Map(1) { 1 => 2 } Set(1) { 1 }"),
        ("() => 1, class A {}, function f() {}", "[Function (anonymous)] [class A] [Function: f]"),
        ("new (class Point { x = 1 })", "Point { x: 1 }"),
        ("Object.create(null), new Proxy({}, {})", "[Object: null prototype] {} {}"),
        ("(o => o.self = o)({})", "<ref *1> { self: [Circular *1] }"),
        ("[[[[[[1]]]]]]", "[ [ [ [Array] ] ] ]"),
        ("{ get a() { throw 1 } }", "{ a: [Getter] }"),
        ("new Uint8Array([1, 2])", "Uint8Array(2) [ 1, 2 ]"),
        ("'%s %d', 'text', 1.5, 2", "text 1.5 2"),
        ("new Date(0)", "1970-01-01T00:00:00.000Z"),
    ];
    lines
        .iter()
        .fold(Scenario::new(), |scenario, (values, line)| {
            scenario
                .eval(&format!("console.log({values})"), gives_nothing().telling(&[&format!("log: {line}")]))
        })
        .holds();
}

#[test]
fn errors_are_written_with_their_stack() {
    Scenario::new()
        .eval(
            "\nconsole.error(new TypeError('oh'))",
            gives_nothing().telling(&["error: TypeError: oh\n    at <anonymous> (eval.js:2:19)"]),
        )
        .holds();
}

#[test]
fn long_lines_and_long_lists_are_cut() {
    Scenario::new()
        .eval(
            "console.log('x'.repeat(1e6))",
            gives_nothing().telling(&[&format!("log: {}… [truncated]", "x".repeat(64 << 10))]),
        )
        .eval(
            "console.dir(Array(150).fill(1), { maxArrayLength: 3 })",
            gives_nothing().telling(&["log: [ 1, 1, 1, ... 147 more items ]"]),
        )
        .holds();
}

#[test]
fn nothing_that_is_logged_fails_a_call() {
    Scenario::new()
        .eval("console.log(new Proxy({}, { get() { throw 1 } })); export default 1", gives("1"))
        .eval("console.log({ toString() { throw 1 }, get [Symbol.toStringTag]() { throw 1 } }); export default 2", gives("2"))
        .eval("console.log(Math, Reflect, console); export default 3", gives("3").telling_times(1))
        .eval("console.log(Object.defineProperty({}, 'constructor', { get() { throw 1 } })); export default 4", gives("4"))
        .eval("console.log = 5; export default typeof console.log", gives(r#""number""#))
        .holds();
}

#[test]
fn lines_and_host_calls_keep_their_order_also_when_the_call_fails() {
    Scenario::new()
        .try_handler("h", "import { next } from 'host:test'; console.info('loading'); async function handler() { console.log('one'); next(); await null; console.warn('two'); next(); throw new Error('end') }", succeeds().telling(&["info: loading"]))
        .call("h", json!(null), throws("Error: end").telling(&["log: one", "test.next()", "warn: two", "test.next()"]))
        .holds();
}
