//! Values on their way out: JSON text, bytes, and what is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{
    Tag,
    body::{Cause, Configure},
};
use support::{configuration, guest, told};

/// Each expression with the JSON that it crosses as.
fn crosses(cases: &[(&str, &str)]) {
    let mut guest = guest();
    for (expression, json) in cases {
        assert_eq!(guest.value(&format!("export default ({expression})")), *json, "{expression}");
    }
}

/// Each expression with what the error says about it.
fn is_refused(cases: &[(&str, &str)]) {
    let mut guest = guest();
    for (source, message) in cases {
        let error = guest.error(source);
        assert_eq!(
            told(&error),
            (Cause::Exception, format!("TypeError: {message} cannot cross to the host")),
            "{source}"
        );
    }
}

#[test]
fn primitives_cross_as_json_has_them() {
    crosses(&[
        ("null", "null"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        ("-0", "0"),
        ("-7", "-7"),
        ("2147483648", "2147483648"),
        ("1e21", "1e+21"),
        ("1e-7", "1e-7"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("5e-324", "5e-324"),
        ("2 ** 53", "9007199254740992"),
        ("-(2 ** 53) + 1", "-9007199254740991"),
        ("2 ** 63", "9223372036854776000"),
        ("JSON.parse('[1, -1, -0, 1.5]')", "[1,-1,0,1.5]"),
        ("NaN", "null"),
        ("-Infinity", "null"),
        ("''", r#""""#),
        ("'plain'", r#""plain""#),
    ]);
}

#[test]
fn strings_are_escaped_and_well_formed() {
    crosses(&[
        (r#"'"\\\b\t\n\f\r'"#, r#""\"\\\b\t\n\f\r""#),
        (r"'\u0000\u0001\u001f\u007f'", "\"\\u0000\\u0001\\u001f\u{7f}\""),
        ("'grüße, 日本, 😀'", "\"grüße, 日本, 😀\""),
        (r"'\ud83d\ude00'", "\"😀\""),
        (r"'a\ud800b'", "\"a\u{fffd}b\""),
        (r"'\udc00\ud800'", "\"\u{fffd}\u{fffd}\""),
        (r"'\ud7ff\ue000'", "\"\u{d7ff}\u{e000}\""),
        (r"'\u2028\u2029'", "\"\u{2028}\u{2029}\""),
        (r"({ ['\ud800\n']: 1 })", "{\"\u{fffd}\\n\":1}"),
    ]);
}

#[test]
fn containers_cross_as_json_stringify_has_them() {
    crosses(&[
        ("{}", "{}"),
        ("[]", "[]"),
        ("({ b: 1, a: 2, 1: 3 })", r#"{"1":3,"b":1,"a":2}"#),
        ("({ gone: undefined, kept: null })", r#"{"kept":null}"#),
        ("[undefined, , 1]", "[null,null,1]"),
        (
            "Object.create({ inherited: 1 }, { hidden: { value: 1 }, seen: { value: 2, enumerable: true } })",
            r#"{"seen":2}"#,
        ),
        ("Object.assign(Object.create(null), { a: 1 })", r#"{"a":1}"#),
        ("new (class P { x = 1; #y = 2; get z() { return 3 } })", r#"{"x":1}"#),
        ("new Map([[1, 2]])", "[[1,2]]"),
        ("({ [Symbol('s')]: 1 })", "{}"),
        ("JSON.parse('{\"__proto__\":{\"a\":1}}')", r#"{"__proto__":{"a":1}}"#),
        ("Object.assign([1], { extra: 1 })", "[1]"),
    ]);
}

#[test]
fn boxed_primitives_cross_as_what_they_hold() {
    crosses(&[
        ("[new Number(1.5), new String('s'), new Boolean(false)]", r#"[1.5,"s",false]"#),
        ("Object.create(Number.prototype)", "{}"),
        ("Object.assign(Object.create(String.prototype), { a: 1 })", r#"{"a":1}"#),
    ]);
}

#[test]
fn to_json_is_honoured() {
    crosses(&[
        ("new Date(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("({ a: { toJSON() { return 1 } } })", r#"{"a":1}"#),
        ("({ a: { toJSON() {} }, b: 1 })", r#"{"b":1}"#),
        ("[{ toJSON() {} }]", "[null]"),
        ("({ a: { toJSON(key) { return [key, typeof key] } } })", r#"{"a":["a","string"]}"#),
        ("[{ toJSON(key) { return [key, typeof key] } }]", r#"[["0","string"]]"#),
        ("({ toJSON(key) { return [key] } })", r#"[""]"#),
        ("({ toJSON: 1 })", r#"{"toJSON":1}"#),
        ("(BigInt.prototype.toJSON = function () { return String(this) }, [10n])", r#"["10"]"#),
        ("(Object.prototype.toJSON = () => 'patched', { a: 1 })", r#""patched""#),
    ]);
}

#[test]
fn a_result_that_becomes_undefined_is_absent() {
    let mut guest = guest();
    assert_eq!(guest.value("export default { toJSON() {} }"), "");
}

#[test]
fn bytes_cross_in_sections() {
    let mut guest = guest();
    let reply = guest
        .eval(
            "class Mine extends Uint8Array {}
             const big = new Uint8Array(100000).fill(7);
             export default { a: [1, new Uint8Array([0, 127, 128, 255])], b: { c: new ArrayBuffer(2) }, m: new Mine([1]), e: new Uint8Array(0), big,
                              view: new Uint8Array(new Uint8Array([9, 8, 7]).buffer, 1, 1) }",
        )
        .unwrap();
    assert_eq!(reply.body, r#"{"a":[1,null],"b":{"c":null},"m":null,"e":null,"big":null,"view":null}"#);
    assert_eq!(
        reply.sections,
        [
            (r#"["a",1]"#.to_owned(), Tag::Uint8Array, vec![0, 127, 128, 255]),
            (r#"["b","c"]"#.to_owned(), Tag::Uint8Array, vec![0, 0]),
            (r#"["m"]"#.to_owned(), Tag::Uint8Array, vec![1]),
            (r#"["e"]"#.to_owned(), Tag::Uint8Array, vec![]),
            (r#"["big"]"#.to_owned(), Tag::Uint8Array, vec![7; 100_000]),
            (r#"["view"]"#.to_owned(), Tag::Uint8Array, vec![8]),
        ]
    );
}

#[test]
fn bytes_at_the_root_have_an_empty_path() {
    let mut guest = guest();
    let reply = guest.eval("export default new Uint8Array([1, 2])").unwrap();
    assert_eq!(
        (reply.body.as_str(), reply.sections),
        ("null", vec![("[]".to_owned(), Tag::Uint8Array, vec![1, 2])])
    );
}

#[test]
fn section_paths_are_json_whatever_the_keys() {
    let mut guest = guest();
    let reply =
        guest.eval(r#"export default { 'a"\n\ud800': { '__proto__x': [new Uint8Array(1)] } }"#).unwrap();
    assert_eq!(reply.sections[0].0, "[\"a\\\"\\n\u{fffd}\",\"__proto__x\",0]");
}

#[test]
fn what_json_cannot_carry_is_refused_by_path() {
    is_refused(&[
        ("export default { a: [0, 1, 2, { b() {} }] }", "a function at $.a[3].b"),
        ("export default class {}", "a function at $"),
        ("export default [Symbol('s')]", "a symbol at $[0]"),
        ("export default { 'odd key': Symbol() }", "a symbol at $[\"odd key\"]"),
        ("export default [/x/]", "a RegExp at $[0]"),
        ("export default { p: Promise.resolve(1) }", "a Promise at $.p"),
        ("export default [new WeakMap()]", "a weak reference at $[0]"),
        ("export default [new WeakRef({})]", "a weak reference at $[0]"),
        ("export default [new DataView(new ArrayBuffer(1))]", "a DataView at $[0]"),
        ("const a = { b: [] }; a.b.push(a); export default a", "a cycle at $.b[0]"),
        ("const b = new ArrayBuffer(8); b.transfer(); export default { b }", "a detached ArrayBuffer at $.b"),
        ("export default new Proxy(() => 1, {})", "a function at $"),
    ]);
}

#[test]
fn the_same_object_twice_is_no_cycle() {
    crosses(&[("(s => [s, s, { s }])({ x: 1 })", r#"[{"x":1},{"x":1},{"s":{"x":1}}]"#)]);
}

#[test]
fn depth_is_limited_below_what_the_hosts_parser_takes() {
    let mut guest = guest();
    // The frames of a build that is not optimised are large.
    guest.configure(&Configure { stack_bytes: 1 << 20, ..configuration(&[]) });
    let nested = |levels: usize| {
        format!(
            "let v = 1; for (let i = 0; i < {levels}; i++) v = i % 2 ? {{ k: v }} : [v]; export default v"
        )
    };
    let deepest = guest.value(&nested(127));
    serde_json::from_str::<serde_json::Value>(&deepest).unwrap();
    let error = guest.error(&nested(128));
    assert!(error.message.starts_with("a value nested more than 127 levels deep at $"), "{}", error.message);
    assert!(error.message.len() < 300, "{}", error.message);
    guest.error(&nested(100_000));
}

#[test]
fn a_getter_that_throws_fails_the_encoding_with_its_error() {
    let mut guest = guest();
    for source in [
        "export default { a: 1, get b() { throw new RangeError('get') } }",
        "export default { toJSON() { throw new RangeError('get') } }",
        "export default { get toJSON() { throw new RangeError('get') } }",
        "export default [new Proxy({}, { ownKeys() { throw new RangeError('get') } })]",
        "export default new Proxy([1], { get(t, k) { if (k === 'toJSON') return; throw new RangeError('get') } })",
    ] {
        assert_eq!(told(&guest.error(source)), (Cause::Exception, "RangeError: get".into()), "{source}");
    }
}

#[test]
fn proxies_cross_as_what_they_show() {
    crosses(&[
        ("new Proxy({ a: 1 }, { get: (t, k) => k === 'toJSON' ? undefined : 2 })", r#"{"a":2}"#),
        ("new Proxy([1, 2], {})", "[1,2]"),
    ]);
}

#[test]
fn a_length_that_is_a_lie_is_bounded() {
    let mut guest = guest();
    for source in [
        "const a = []; a.length = 4294967295; export default a",
        "export default new Proxy([], { get: (t, k) => k === 'length' ? 1e15 : k === 'toJSON' ? undefined : null })",
    ] {
        let error = guest.error(source);
        assert_eq!(
            told(&error),
            (Cause::Exception, "RangeError: the value is above the limit of 67108864 bytes of JSON".into())
        );
    }
    assert_eq!(
        guest.value("export default new Proxy([], { get: (t, k) => k === 'length' ? 'x' : undefined })"),
        "[]"
    );
}

#[test]
fn a_member_removed_meanwhile_is_skipped() {
    crosses(&[("({ get a() { delete this.b; return 1 }, b: 2, c: 3 })", r#"{"a":1,"c":3}"#)]);
}

#[test]
fn patched_intrinsics_do_not_change_the_encoding() {
    let mut guest = guest();
    guest
        .eval(
            "const trap = () => { throw new Error('trapped') };
             Array.prototype[Symbol.iterator] = trap; JSON.stringify = trap; Object.keys = trap; Array.isArray = trap;
             Reflect.ownKeys = trap; String.prototype.toString = trap; Number.prototype.valueOf = trap; Number.prototype.toString = trap;
             Uint8Array.prototype.toBase64 = trap; Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), 'length', { get: trap });
             Object.defineProperty(Array.prototype, 'x', { get: trap });
             globalThis.Uint8Array = globalThis.ArrayBuffer = globalThis.Object = undefined;",
        )
        .unwrap();
    let reply = guest.eval("const b = new (Int8Array.prototype.constructor)(2).buffer; export default [1, 'a', 1.5, { k: [] }, new Number(3), b]").unwrap();
    assert_eq!(reply.body, r#"[1,"a",1.5,{"k":[]},3,null]"#);
    assert_eq!(reply.sections, [("[5]".to_owned(), Tag::Uint8Array, vec![0, 0])]);
}

#[test]
fn an_array_with_a_lying_own_length_getter_is_harmless() {
    let mut guest = guest();
    let reply = guest.eval("const u = new Uint8Array([5]); Object.defineProperty(u, 'length', { get() { return 'x' } }); Object.defineProperty(u, 'byteLength', { value: 1e9 }); export default u").unwrap();
    assert_eq!(reply.sections, [("[]".to_owned(), Tag::Uint8Array, vec![5])]);
}

#[test]
fn a_megabyte_crosses_both_ways() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    let text = "x€".repeat(300_000);
    let event = serde_json::to_string(&vec![text]).unwrap();
    assert_eq!(guest.result("h", &event), event);
}

#[test]
fn everything_that_json_has_round_trips() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    for event in [
        "null",
        "[]",
        "{}",
        r#"{"a":{"b":{"c":1}},"list":[1,2.5,-3,true,false,null,"s"],"":"","__proto__":1,"constructor":2,"toString":3}"#,
    ] {
        assert_eq!(guest.result("h", event), event);
    }
}

#[test]
fn ropes_and_slices_are_strings() {
    crosses(&[
        (
            "(() => { let s = ''; for (let i = 0; i < 2000; i++) s += i; return s.length === JSON.parse(JSON.stringify(s)).length && [s.slice(0, 5)] })()",
            r#"["01234"]"#,
        ),
        (
            "(() => { let s = ''; for (let i = 0; i < 10000; i++) s += 'ab'; return [s].concat(s.substring(10, 12)) })()",
            &format!("[\"{}\",\"ab\"]", "ab".repeat(10_000)),
        ),
    ]);
}

#[test]
fn a_character_that_needs_escaping_is_found_at_any_place() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    for length in 0..100 {
        for at in [0, length / 2, length] {
            for odd in ["\"", "\\", "\u{1}", "€", "\u{d7ff}"] {
                let mut text = "x".repeat(length);
                text.insert_str(at, odd);
                let event = serde_json::to_string(&text).unwrap();
                assert_eq!(guest.result("h", &event), event);
            }
        }
    }
}
