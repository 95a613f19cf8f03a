//! Values cross as `JSON.stringify` has them, and what JSON has no words for as it is.

use crate::scenario::{Scenario, fails, gives, gives_nothing, succeeds, throws, throws_with};
use hypercell::{BigInt, Date, ErrorKind, ErrorValue, TypedArray, Value};
use serde_json::json;

const ECHO: &str = "const handler = event => event";

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

#[test]
fn each_kind_of_json_comes_back_as_it_went() {
    Scenario::new()
        .handler("echo", ECHO)
        .call("echo", json!(null), gives("null"))
        .call("echo", json!(true), gives("true"))
        .call("echo", json!(false), gives("false"))
        .call("echo", json!(""), gives(r#""""#))
        .call("echo", json!([]), gives("[]"))
        .call("echo", json!({}), gives("{}"))
        .call(
            "echo",
            json!([[], [[]], {}, null, [1, "two", 3.5, false]]),
            gives(r#"[[],[[]],{},null,[1,"two",3.5,false]]"#),
        )
        .call(
            "echo",
            json!({ "": { "a b": [{ "__proto__": null }] } }),
            gives(r#"{"":{"a b":[{"__proto__":null}]}}"#),
        )
        .holds();
}

#[test]
fn json_text_is_read_as_json_parse_reads_it() {
    Scenario::new()
        .handler("echo", ECHO)
        .call_json("echo", " [ 1 ,\n2\t] ", gives("[1,2]"))
        .call_json("echo", r#"{"2":1,"b":2,"1":3}"#, gives(r#"{"1":3,"2":1,"b":2}"#))
        .call_json("echo", r#"{"a":1,"a":2}"#, gives(r#"{"a":2}"#))
        .call_json("echo", r#""\u00fc\u0041\/\ud83d\ude00""#, gives("\"üA/😀\""))
        .call_json("echo", "{", fails(ErrorKind::InvalidArg, &["the event of 'echo'", "not JSON"]))
        .call_json("echo", "[1,]", fails(ErrorKind::InvalidArg, &["not JSON", "1:4"]))
        .call_json("echo", "'a'", fails(ErrorKind::InvalidArg, &["not JSON"]))
        .call_json("echo", "\0", fails(ErrorKind::InvalidArg, &["NUL at byte 0"]))
        .call_json("echo", "1 2", fails(ErrorKind::InvalidArg, &["not JSON"]))
        .holds();
}

#[test]
fn what_json_stringify_does_to_objects_is_done() {
    Scenario::new()
        .expressions(&[
            ("{ a: { toJSON: key => [key] } }", r#"{"a":["a"]}"#),
            ("[{ toJSON() { return undefined } }]", "[undefined]"),
            ("[{ toJSON: key => typeof key + key }]", r#"["string0"]"#),
            ("{ gone: undefined, kept: null }", r#"{"kept":null}"#),
            ("[undefined, , 1]", "[undefined,null,1]"),
            ("[new Number(1), new String('s'), new Boolean(false)]", r#"[1,"s",false]"#),
            ("new (class Point { x = 1; #y = 2; get z() { return 3 } })", r#"{"x":1}"#),
            ("Object.create({ inherited: 1 })", "{}"),
            ("Object.assign(Object.create(null), { a: 1 })", r#"{"a":1}"#),
            ("{ [Symbol('s')]: 1, b: 2 }", r#"{"b":2}"#),
            ("{ b: 1, 1: 2, a: 3, 0: 4 }", r#"{"0":4,"1":2,"b":1,"a":3}"#),
            ("(s => [s, s])({ shared: 1 })", r#"[{"shared":1},{"shared":1}]"#),
            ("Object.defineProperty({}, 'hidden', { value: 1 })", "{}"),
        ])
        .holds();
}

#[test]
fn getters_and_proxies_are_asked() {
    Scenario::new()
        .expressions(&[
            ("{ get a() { return [1] } }", r#"{"a":[1]}"#),
            ("new Proxy({ a: 1 }, {})", r#"{"a":1}"#),
            ("new Proxy([1, 2], { get: (t, k) => k === 'length' ? 3 : t[k] })", "[1,2,undefined]"),
            ("new Proxy({ a: 1 }, { ownKeys: () => ['b', 'a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 7 }), get: (t, k) => k === 'toJSON' ? undefined : k })", r#"{"b":"b","a":"a"}"#),
        ])
        .expression("{ get a() { throw new RangeError('mine') } }", throws("RangeError: mine"))
        .expression("[{ toJSON() { throw 'a string' } }]", throws("Uncaught: a string"))
        .expression("new Proxy({}, { ownKeys() { throw new TypeError('no keys') } })", throws("TypeError: no keys"))
        .expression("(r => (r.revoke(), r.proxy))(Proxy.revocable([], {}))", throws_with(&["TypeError", "revoked"]))
        .holds();
}

#[test]
fn what_json_does_not_have_is_refused_with_its_path() {
    Scenario::new()
        .expression(
            "{ a: [0, { b() {} }] }",
            throws("TypeError: a function at $.a[1].b cannot cross to the host"),
        )
        .expression("class {}", throws("TypeError: a function at $ cannot cross to the host"))
        .expression("[Symbol('s')]", throws("TypeError: a symbol at $[0] cannot cross to the host"))
        .expression(
            "{ 'odd key': /x/ }",
            throws("TypeError: a RegExp at $[\"odd key\"] cannot cross to the host"),
        )
        .expression("[Object(Symbol())]", throws("TypeError: a symbol at $[0] cannot cross to the host"))
        .expression("[Promise.resolve()]", throws("TypeError: a Promise at $[0] cannot cross to the host"))
        .expression(
            "(a => (a.b = [a], a))({})",
            throws("TypeError: a cycle at $.b[0] cannot cross to the host"),
        )
        .expression(
            "new Map([['k', new Set([new Map([[{}, () => 1]])])]])",
            throws("TypeError: a function at $.get(\"k\")[0][0].value cannot cross to the host"),
        )
        .expression(
            "[new DataView(new ArrayBuffer(1))]",
            throws("TypeError: a DataView at $[0] cannot cross to the host"),
        )
        .holds();
}

#[test]
fn what_json_has_no_words_for_crosses_as_what_it_is() {
    Scenario::new()
        .expressions(&[
            ("new Date(0)", r#"Date"1970-01-01T00:00:00.000Z""#),
            ("[new Date(NaN)]", "[DateNaN]"),
            ("[NaN, Infinity, -Infinity, -0]", "[NaN,Infinity,-Infinity,0]"),
            ("[12n, -(2n ** 64n), Object(3n)]", "[12n,-18446744073709551616n,3n]"),
            ("new Map([['a', new Set([1, 'x'])], [{}, undefined]])", r#"Map{"a":Set[1,"x"],{}:undefined}"#),
            ("{ view: new Float32Array([1]).subarray(0, 1) }", r#"{"view":Float32Array<0000803f>}"#),
            ("new BigInt64Array([-1n])", "BigInt64Array<ffffffffffffffff>"),
            (
                "Object.assign(new RangeError('far', { cause: new Error('near') }), { code: 'E' })",
                r#"Error["RangeError", "far", "E"]+stack+cause:Error["Error", "near"]+stack"#,
            ),
            ("{ toJSON: () => new Map([[1n, 2]]) }", "Map{1n:2}"),
        ])
        .eval("BigInt.prototype.toJSON = function () { return `${this}n` }", gives_nothing())
        .expression("[12n]", gives(r#"["12n"]"#))
        .holds();
}

#[test]
fn what_json_has_no_words_for_goes_in_as_what_it_is() {
    let mut error = ErrorValue::new("RangeError", "far");
    error.cause = Some(Value::Null);
    error.stack = Some("    at nowhere".into());
    let event = Value::Array(vec![
        Value::Map(vec![(Value::Date(Date(7.0)), Value::Set(vec![Value::from(f64::NAN)]))]),
        Value::BigInt(BigInt::from(u128::MAX)),
        Value::TypedArray(TypedArray::from(vec![0.5_f64])),
        Value::Undefined,
        Value::from(error),
    ]);
    Scenario::new()
        .handler(
            "look",
            "const handler = ([map, big, floats, nothing, error]) => [
                 map instanceof Map, [...map.keys()][0].getTime() === 7, [...map.values()][0].has(NaN), big === 2n ** 128n - 1n,
                 floats instanceof Float64Array && floats[0] === 0.5, nothing === undefined,
                 error instanceof RangeError && error.message === 'far' && error.cause === null ]",
        )
        .call("look", event.clone(), gives("[true,true,true,true,true,true,true]"))
        .handler("echo", ECHO)
        .call("echo", event.clone(), gives(crate::outcome::render(&event)))
        .handler("ask", "import { echo } from 'host:test'; export const handler = event => echo(event)")
        .call("ask", event.clone(), succeeds())
        .holds();
}

#[test]
fn bytes_go_in_at_any_depth() {
    Scenario::new()
        .handler("look", "const handler = e => [e.list[1] instanceof Uint8Array, [...e.list[1]], e.deep['odd \"key\"\\n'].byteLength, e.list[0]]")
        .call("look", object([
            ("list", Value::Array(vec![Value::Null, bytes(&[0, 1, 255])])),
            ("deep", object([("odd \"key\"\n", bytes(&[]))])),
        ]), gives("[true,[0,1,255],0,null]"))
        .handler("is", "const handler = e => e instanceof Uint8Array && e.buffer.byteLength === 3")
        .call("is", bytes(&[1, 2, 3]), gives("true"))
        .call("is", json!([1, 2, 3]), gives("false"))
        .holds();
}

#[test]
fn bytes_come_out_at_any_depth() {
    Scenario::new()
        .expressions(&[
            ("new Uint8Array([1, 2, 255])", "<0102ff>"),
            ("new ArrayBuffer(2)", "<0000>"),
            ("[new Uint8Array(0), { a: { 'b.c': new Uint8Array([7]) } }]", r#"[<>,{"a":{"b.c":<07>}}]"#),
            ("new Uint8Array([1, 2, 3, 4]).subarray(1, 3)", "<0203>"),
            ("new (class Mine extends Uint8Array {})([9])", "<09>"),
            ("(b => [b, b])(new Uint8Array([5]))", "[<05>,<05>]"),
            ("{ toJSON: () => new Uint8Array([6]) }", "<06>"),
            ("{ ['__proto__']: new Uint8Array([8]) }", r#"{"__proto__":<08>}"#),
        ])
        .holds();
}

#[test]
fn a_megabyte_of_text_crosses_both_ways() {
    let text = "x€😀\0\"".repeat((1 << 20) / 10);
    Scenario::new()
        .handler("echo", ECHO)
        .handler("length", "const handler = event => event.length")
        .call("echo", json!(text), gives(json!(text)))
        .call("length", json!(text), gives(6 * ((1 << 20) / 10)))
        .expression("'ab'.repeat(1 << 19)", gives(json!("ab".repeat(1 << 19))))
        .holds();
}

#[test]
fn four_megabytes_of_bytes_and_of_numbers_cross_both_ways() {
    let all: Vec<u8> = (0..=255).cycle().take(4 << 20).collect();
    let numbers: Vec<u32> = (0..600_000).collect();
    Scenario::new()
        .handler("echo", ECHO)
        .handler("sum", "const handler = event => event.reduce((sum, n) => sum + n, 0)")
        .call("echo", bytes(&all), gives(crate::outcome::render(&bytes(&all))))
        .call("sum", bytes(&all), gives(255 * 128 * ((4 << 20) / 256)))
        .call("echo", json!(numbers), gives(json!(numbers)))
        .call("sum", json!(numbers), gives(179_999_700_000_u64))
        .holds();
}

#[test]
fn values_nest_down_to_a_depth_that_the_error_tells() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    Scenario::new()
        .handler("echo", ECHO)
        .call_json("echo", &nested(127), gives(nested(127)))
        .call_json("echo", &nested(128), throws_with(&["TypeError", "127 levels", "$[0][0]"]))
        .call_json("echo", &nested(2000), throws_with(&["TypeError", "127 levels"]))
        .holds();
}

#[test]
fn a_key_named_proto_is_a_key_and_nothing_else() {
    Scenario::new()
        .handler("look", "const handler = e => [Object.hasOwn(e, '__proto__'), e.polluted === undefined, ({}).polluted === undefined, e]")
        .call("look", json!({ "__proto__": { "polluted": 1 } }), gives(r#"[true,true,true,{"__proto__":{"polluted":1}}]"#))
        .holds();
}

#[test]
fn patched_intrinsics_do_not_change_how_values_cross() {
    Scenario::new()
        .handler("echo", ECHO)
        .eval(
            "const trap = () => { throw new Error('trapped') };
             JSON.stringify = JSON.parse = Object.keys = Array.isArray = trap;
             Array.prototype[Symbol.iterator] = Array.prototype.map = Array.prototype.push = trap;
             Number.prototype.valueOf = String.prototype.toString = Promise.resolve = Promise.prototype.then = trap;
             Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), 'length', { get: trap });
             const setter = key => Object.defineProperty(Object.prototype, key, { set: trap, get() {}, configurable: true });
             setter('name'); setter('0');
             globalThis.Uint8Array = globalThis.Array = globalThis.JSON = globalThis.Error = globalThis.TypeError = undefined",
            gives_nothing(),
        )
        .call(
            "echo",
            object([("name", Value::Array(vec![bytes(&[1]), Value::Bool(true)]))]),
            gives(r#"{"name":[<01>,true]}"#),
        )
        .expression("[() => 1]", throws("TypeError: a function at $[0] cannot cross to the host"))
        .holds();
}
