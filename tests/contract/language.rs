//! The language itself: the same engine, on another allocator, C library and
//! mathematics.

use crate::scenario::{Scenario, gives, succeeds, throws_with};
use serde_json::json;

#[test]
fn typed_arrays_and_views_read_and_write_alike() {
    Scenario::new()
        .expressions(&[
            ("[...new Uint8ClampedArray([-1, 0.5, 1.5, 300])]", "[0,0,2,255]"),
            ("[...new Int16Array([32768, -1.9, NaN])]", "[-32768,-1,0]"),
            ("[...new Float32Array([0.1, 1e40])].map(String)", r#"["0.10000000149011612","Infinity"]"#),
            ("[...new Float16Array([0.1, 65520])].map(String)", r#"["0.0999755859375","Infinity"]"#),
            ("[...new Uint8Array(new Float64Array([1.5]).buffer)]", "[0,0,0,0,0,0,248,63]"),
            ("(v => (v.setInt32(1, -2, true), v.setFloat64(8, Math.PI), [v.getUint8(1), v.getInt32(1), v.getFloat64(8)]))(new DataView(new ArrayBuffer(16)))", "[254,-16777217,3.141592653589793]"),
            ("(b => (b.resize(8), [b.byteLength, b.maxByteLength]))(new ArrayBuffer(4, { maxByteLength: 16 }))", "[8,16]"),
            ("[...new Float64Array([3, -0, NaN, -1, 0]).sort()].map(n => Object.is(n, -0) ? '-0' : String(n))", r#"["-1","-0","0","3","NaN"]"#),
            ("new Uint8Array([1, 2, 3, 4]).copyWithin(0, 2)", "<03040304>"),
            ("String(new BigInt64Array([2n ** 63n])[0])", r#""-9223372036854775808""#),
        ])
        .expression("new Uint8Array(-1)", throws_with(&["RangeError"]))
        .expression("new DataView(new ArrayBuffer(1)).getInt32(0)", throws_with(&["RangeError"]))
        .holds();
}

#[test]
fn generators_iterators_and_destructuring_work() {
    Scenario::new()
        .eval(
            "function* fib() { let [a, b] = [0, 1]; for (;;) { yield a; [a, b] = [b, a + b] } }
             const [zero, ...[, one]] = [0, 1, 1];
             const { x: { y = 5 } = {}, ...rest } = { z: 1, w: 2 };
             export default [[...fib().take(8)], zero, one, y, rest, [...'ab'].entries().toArray()]", gives(r#"[[0,1,1,2,3,5,8,13],0,1,5,{"z":1,"w":2},[[0,"a"],[1,"b"]]]"#))
        .eval(
            "const log = [];
             function* g() { try { log.push(yield 1); yield 2 } finally { log.push('closed') } }
             for (const v of g()) { log.push(v); break }
             const it = g(); it.next(); it.next('sent');
             try { it.throw(new Error('thrown in')) } catch (e) { log.push(e.message) }
             export default log", gives(r#"[1,"closed","sent","closed","thrown in"]"#))
        .eval("const seen = []; for await (const v of [1, Promise.resolve(2)]) seen.push(v); export default seen", gives("[1,2]"))
        .holds();
}

#[test]
fn classes_and_private_names_work() {
    Scenario::new()
        .eval(
            "class A { static #count = 0; #id = ++A.#count; get id() { return this.#id } static { this.ready = true } static has(o) { return #id in o } }
             class B extends A { constructor() { super(); this.own = new.target.name } get id() { return super.id * 10 } }
             export default [new A().id, new B().id, A.ready, A.has(new B()), A.has({}), new B()]", gives(r#"[1,20,true,true,false,{"own":"B"}]"#))
        .eval("class A { #x; static get(o) { return o.#x } }; A.get({})", throws_with(&["TypeError"]))
        .eval("class A {}; A()", throws_with(&["TypeError"]))
        .holds();
}

#[test]
fn collections_keep_their_order_and_identity() {
    Scenario::new()
        .expressions(&[
            ("[...new Map([[NaN, 1], [-0, 2], ['a', 3]]).set(NaN, 4).delete('a') ? new Map([[0, 1]]).keys() : []]", "[0]"),
            ("[...new Set([3, 1, 3, 2])]", "[3,1,2]"),
            ("[...new Set([1, 2, 3]).intersection(new Set([3, 2]))].length", "2"),
            ("Object.groupBy([1, 2, 3], n => n % 2 ? 'odd' : 'even')", r#"{"odd":[1,3],"even":[2]}"#),
            ("[3, 20, 100].sort()", "[100,20,3]"),
            ("[3, , 1].toSorted().length", "3"),
            ("[[5, 'a'], [1, 'b'], [5, 'c'], [1, 'd']].sort((x, y) => x[0] - y[0]).map(x => x[1])", r#"["b","d","a","c"]"#),
            ("Array.from({ length: 2000 }, (_, i) => (i * 7919) % 2000).sort((a, b) => a - b).every((n, i) => n === i)", "true"),
        ])
        .holds();
}

#[test]
fn dates_compute_and_format_in_utc() {
    Scenario::new()
        .expressions(&[
            (
                "new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 999)).toISOString()",
                r#""2024-02-29T23:59:59.999Z""#,
            ),
            (
                "[Date.parse('2024-01-01T00:00:00+02:00'), Date.parse('2024-13-01'), Date.parse('nonsense')]",
                "[1704060000000,NaN,NaN]",
            ),
            (
                "[new Date(8.64e15).toISOString(), new Date(8.64e15 + 1).getTime()]",
                r#"["+275760-09-13T00:00:00.000Z",NaN]"#,
            ),
            ("new Date(0).toUTCString()", r#""Thu, 01 Jan 1970 00:00:00 GMT""#),
            (
                "[new Date(-1e15).toISOString(), new Date(-62198755200000).toISOString(), new Date(253402300800000).toISOString()]",
                r#"["-029719-04-05T22:13:20.000Z","-000001-01-01T00:00:00.000Z","+010000-01-01T00:00:00.000Z"]"#,
            ),
            ("[new Date(-1).getUTCDay(), new Date(-1).getUTCMilliseconds()]", "[3,999]"),
        ])
        .expression("new Date(NaN).toISOString()", throws_with(&["RangeError"]))
        .holds();
}

#[test]
fn json_in_guest_code_works_alike() {
    Scenario::new()
        .expressions(&[
            (
                "JSON.stringify({ a: [1, { b: undefined }], c: () => 1 }, null, 2)",
                r#""{\n  \"a\": [\n    1,\n    {}\n  ]\n}""#,
            ),
            ("JSON.stringify('\\ud800\\u2028\"')", "\"\\\"\\\\ud800\u{2028}\\\\\\\"\\\"\""),
            (
                "JSON.parse('[1e5, -0, 1E-2, \"\\\\u00e9\"]', (k, v) => Object.is(v, -0) ? 'minus zero' : v)",
                r#"[100000,"minus zero",0.01,"é"]"#,
            ),
            ("JSON.stringify([NaN, -0, 1e21, 5e-324])", r#""[null,0,1e+21,5e-324]""#),
            ("JSON.parse('{\"__proto__\": 1}').__proto__", "1"),
        ])
        .expression("JSON.parse('{\"a\": 01}')", throws_with(&["SyntaxError"]))
        .expression("JSON.parse('')", throws_with(&["SyntaxError"]))
        .expression("JSON.stringify((o => o.o = o)({}))", throws_with(&["TypeError", "circular"]))
        .expression("JSON.stringify(1n)", throws_with(&["TypeError"]))
        .holds();
}

#[test]
fn the_globals_are_the_language_and_little_else() {
    Scenario::new()
        .expression("Reflect.ownKeys(globalThis).map(String).sort()", succeeds())
        .expression("['require', 'module', 'window', 'document', 'XMLHttpRequest', 'Worker', 'os', 'std', 'print', 'WebAssembly', 'gc'].filter(name => name in globalThis)", gives("[]"))
        .expression("[typeof console.log, typeof performance.now, typeof setTimeout]", gives(r#"["function","function","function"]"#))
        .holds();
}

#[test]
fn garbage_goes_after_each_call() {
    Scenario::new()
        .handler(
            "litter",
            "let last;
             const handler = () => { const found = last?.deref() !== undefined; const cycle = {}; cycle.itself = cycle; last = new WeakRef(cycle); return found }",
        )
        .call("litter", json!(null), gives("false"))
        .call("litter", json!(null), gives("false"))
        .eval("globalThis.registry = new FinalizationRegistry(held => { globalThis.finalized = held }); registry.register({}, 'held')", succeeds())
        .eval("export default globalThis.finalized ?? null", gives(r#""held""#))
        .holds();
}

/// A checksum over a program that exercises most of the engine.
#[test]
fn a_long_computation_comes_to_the_same() {
    Scenario::new()
        .handler(
            "mix",
            "function handler(rounds) {
                 let seed = 12345, hash = 0;
                 const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
                 const add = text => { for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0 };
                 const map = new Map(), list = [];
                 for (let i = 0; i < rounds; i++) {
                     const n = random() * 1e6, key = n.toString(36).slice(0, 4);
                     map.set(key, (map.get(key) ?? 0) + Math.sqrt(n));
                     list.push({ key, n, text: `${key}-${n.toFixed(3)}` });
                     if (i % 7 === 0) list.sort((a, b) => a.n - b.n).splice(random() * list.length, 3);
                     if (i % 11 === 0) add(JSON.stringify(JSON.parse(JSON.stringify(list.slice(0, 5)))));
                     if (i % 13 === 0) add(list.map(x => x.text).join().replace(/[a-f]+/g, s => s.toUpperCase()));
                 }
                 add([...map].flat().join()); add(String(BigInt(hash) ** 20n));
                 return hash;
             }",
        )
        .call("mix", json!(500), succeeds())
        .call("mix", json!(501), succeeds())
        .holds();
}
