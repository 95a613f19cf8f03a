//! Running out of heap or stack is an exception that leaves everything usable.

use crate::scenario::{Scenario, fails, gives, throws, throws_with};
use hypercell::ErrorKind;
use serde_json::json;

/// Why errors differ where memory ends.
const FULL: &str = "where heap or stack are full depends on the sizes of blocks and frames";

const FINE: &str = "export default [1, 2, 3].map(n => n * 2)";

/// The source in a function, so that what it holds is garbage afterwards.
fn inside(source: &str) -> String {
    format!("(() => {{ {source} }})()")
}

#[test]
fn running_out_of_heap_is_an_exception() {
    let hungry = [
        "const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)",
        "const a = []; for (;;) a.push({ a: a.length })",
        "new Uint8Array(2 ** 31 - 1)",
        "const a = []; for (;;) a.push(new Float64Array(1e5))",
        "const o = {}; for (let i = 0; ; i++) o['k' + i] = i",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, `${i}`)",
    ];
    hungry
        .iter()
        .fold(Scenario::new().heap(16 << 20), |scenario, source| {
            scenario
                .eval(&inside(source), throws_with(&["InternalError: out of memory"]).roughly(FULL))
                .eval(FINE, gives("[2,4,6]"))
        })
        .holds();
}

#[test]
fn guest_code_can_catch_that_the_heap_is_full() {
    Scenario::new()
        .heap(16 << 20)
        .handler(
            "hungry",
            "function handler(times) {
                 let caught = 0;
                 for (let i = 0; i < times; i++) {
                     let a = [];
                     try { for (;;) a.push('x'.repeat(1e6) + a.length) } catch { a = undefined; caught++ }
                 }
                 return caught;
             }",
        )
        .call("hungry", json!(5), gives("5"))
        .call("hungry", json!(5), gives("5"))
        .holds();
}

#[test]
fn a_restore_frees_a_heap_that_is_full() {
    Scenario::new()
        .heap(16 << 20)
        .handler("h", "const handler = n => 'x'.repeat(n).length")
        .snapshot()
        .eval(
            "globalThis.kept = []; for (;;) kept.push('x'.repeat(1e5) + kept.length)",
            throws_with(&["InternalError: out of memory"]).roughly(FULL),
        )
        .restore(0)
        .call("h", json!(8_000_000), gives("8000000"))
        .holds();
}

#[test]
fn running_out_of_stack_is_a_range_error() {
    let deep = [
        "const f = () => f() + 1; f()",
        "const o = { get a() { return this.a } }; o.a",
        "const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.a",
        "const o = { toString() { return '' + this } }; '' + o",
        "class A { constructor() { new A() } } new A()",
        "const f = () => [1, 2].sort(f); f()",
        "const f = () => 'a'.replace('a', f); f()",
        "const f = () => JSON.parse('[1]', f); f()",
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)",
        "const o = { toJSON() { return JSON.stringify(this) } }; JSON.stringify(o)",
        "const a = []; a[0] = a; a.flat(Infinity)",
    ];
    deep.iter()
        .fold(Scenario::new(), |scenario, source| {
            scenario
                .eval(&inside(source), throws("RangeError: Maximum call stack size exceeded").roughly(FULL))
                .eval(FINE, gives("[2,4,6]"))
        })
        .holds();
}

#[test]
fn a_larger_stack_allows_deeper_calls() {
    let depth = "let depth = 0; const f = () => { depth++; f() }; try { f() } catch {}";
    for (stack, allowed) in [(256 << 10, "10 < depth && depth < 1000"), (8 << 20, "1000 < depth")] {
        Scenario::new()
            .stack(stack)
            .eval(&format!("{depth} export default {allowed}"), gives("true"))
            .eval(FINE, gives("[2,4,6]"))
            .holds();
    }
}

#[test]
fn text_that_is_nested_too_deep_is_an_exception() {
    Scenario::new()
        .eval(
            "JSON.parse('['.repeat(1e6))",
            throws("RangeError: Maximum call stack size exceeded").roughly(FULL),
        )
        .eval(
            "(0, eval)('('.repeat(1e6))",
            throws("RangeError: Maximum call stack size exceeded").roughly(FULL),
        )
        .eval(
            "new RegExp('(?='.repeat(1e6) + ')'.repeat(1e6))",
            throws("SyntaxError: stack overflow").roughly(FULL),
        )
        .eval(FINE, gives("[2,4,6]"))
        .holds();
}

#[test]
fn what_is_above_the_limits_on_frames_is_refused() {
    const FRAMES: &str = "a native engine has no regions for frames, and so no limits on them";
    let large = "x".repeat(8 << 20);
    Scenario::new()
        .handler("length", "let calls = 0; const handler = e => [++calls, e?.length ?? null]")
        .call(
            "length",
            json!(large),
            fails(ErrorKind::Limit, &["input limit of 8388608 bytes"]).only_on_vms(FRAMES),
        )
        .eval(
            &format!("'{large}'"),
            fails(ErrorKind::Limit, &["input limit of 8388608 bytes"]).only_on_vms(FRAMES),
        )
        .try_handler(
            "new",
            &format!("// {large}"),
            fails(ErrorKind::Limit, &["input limit"]).only_on_vms(FRAMES),
        )
        .eval(
            "export default 'x'.repeat(8 << 20)",
            throws_with(&["RangeError", "output limit of 8388608 bytes"]).only_on_vms(FRAMES),
        )
        .eval(
            "export default new Uint8Array(8 << 20)",
            throws_with(&["RangeError", "output limit"]).only_on_vms(FRAMES),
        )
        .eval(
            "import { echo } from 'host:test'; echo('x'.repeat(8 << 20))",
            throws_with(&["RangeError", "output limit"]).telling(&[]).only_on_vms(FRAMES),
        )
        .eval(
            "import { bytes } from 'host:test'; bytes(8 << 20)",
            throws_with(&["RangeError", "input limit"]).code("ERR_LIMIT").only_on_vms(FRAMES),
        )
        .call("length", json!("x"), gives("[1,1]"))
        .holds();
}
