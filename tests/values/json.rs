//! What JSON has, and bytes.

use crate::echo;
use hypercell::{Bytes, CallOptions, ErrorKind, Sandbox, Value};
use hypercell_tests::{fails, sandbox, says, thrown, throws, works};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn text(sandbox: &mut Sandbox, event: &str) -> String {
    sandbox.call_json("echo", event, &CallOptions::new()).unwrap()
}

/// The result of an expression, as the JSON text that the guest wrote.
fn written(sandbox: &mut Sandbox, expression: &str) -> String {
    sandbox.add_handler("written", &format!("const handler = () => ({expression})")).unwrap();
    let text = sandbox.call_json("written", "null", &CallOptions::new()).unwrap();
    sandbox.remove_handler("written").unwrap();
    text
}

#[test]
fn every_json_value_comes_back_as_it_went() {
    let Some(mut sandbox) = echo() else { return };
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1.5),
        json!(""),
        json!("text"),
        json!([]),
        json!({}),
        json!([[], [[]], {}, null, [1, "two", 3.5, false]]),
        json!({ "a": { "b": { "c": [{ "d": null }] } }, "": "empty key", "with space": 1 }),
    ];

    for value in values {
        assert_eq!(sandbox.call::<Json>("echo", &value).unwrap(), value);
    }
}

#[test]
fn json_text_comes_back_exactly() {
    let Some(mut sandbox) = echo() else { return };
    let compact = r#"{"b":1,"a":[true,null,"ü\n\"\\",{"c":0.5}],"":{}}"#;

    assert_eq!(text(&mut sandbox, compact), compact);
    assert_eq!(text(&mut sandbox, " [ 1 ,\n2\t] "), "[1,2]");
    assert_eq!(text(&mut sandbox, r#""\u00fc\u0041\/""#), "\"üA/\"");
    assert_eq!(text(&mut sandbox, r#"{"2":1,"b":2,"1":3}"#), r#"{"1":3,"2":1,"b":2}"#);
    assert_eq!(text(&mut sandbox, r#"{"a":1,"a":2}"#), r#"{"a":2}"#);
}

#[test]
fn numbers_are_written_as_javascript_writes_them() {
    let Some(mut sandbox) = echo() else { return };
    let cases = [
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1E3", "1000"),
        ("9007199254740992", "9007199254740992"),
        ("9007199254740993", "9007199254740992"),
        ("9223372036854775807", "9223372036854776000"),
        ("18446744073709551615", "18446744073709552000"),
        ("123456789012345680000", "123456789012345680000"),
        ("1e21", "1e+21"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1e-7", "1e-7"),
        ("0.000001", "0.000001"),
        ("5e-324", "5e-324"),
        ("2.2250738585072014e-308", "2.2250738585072014e-308"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("1e-400", "0"),
        ("1e400", "null"),
    ];

    for (event, expected) in cases {
        assert_eq!(text(&mut sandbox, event), expected, "{event}");
    }
    assert_eq!(
        written(&mut sandbox, "[NaN, Infinity, -Infinity, 0.1 + 0.2, -0]"),
        "[null,null,null,0.30000000000000004,0]"
    );
}

#[test]
fn integers_arrive_as_integers_of_any_width() {
    let Some(mut sandbox) = echo() else { return };

    assert_eq!(sandbox.call::<u8>("echo", &255).unwrap(), 255);
    assert_eq!(sandbox.call::<i64>("echo", &-9_007_199_254_740_992_i64).unwrap(), -9_007_199_254_740_992);
    assert_eq!(sandbox.call::<u64>("echo", &9_007_199_254_740_992_u64).unwrap(), 9_007_199_254_740_992);
    assert_eq!(sandbox.call::<f64>("echo", &7).unwrap(), 7.0);
    assert_eq!(sandbox.call::<i32>("echo", &7.0).unwrap(), 7);
}

#[test]
fn text_is_unicode_whatever_it_holds() {
    let Some(mut sandbox) = echo() else { return };
    let texts = [
        "grüße, 日本語, עברית",
        "😀 🦀 \u{10ffff}",
        "a\0b\0",
        "\u{1}\u{1f}\u{7f}\u{80}\u{2028}\u{2029}\u{feff}",
        "\"\\/\u{8}\u{c}\n\r\t",
        "e\u{301}",
        "\u{d7ff}\u{e000}\u{fffd}",
    ];

    for text in texts {
        assert_eq!(sandbox.call::<String>("echo", text).unwrap(), text);
        let keyed = BTreeMap::from([(text.to_owned(), text.to_owned())]);
        assert_eq!(sandbox.call::<BTreeMap<String, String>>("echo", &keyed).unwrap(), keyed);
    }
    sandbox.add_handler("measure", "const handler = s => [s.length, s.codePointAt(0)]").unwrap();
    assert_eq!(sandbox.call::<Json>("measure", "😀").unwrap(), json!([2, 0x1f600]));
}

#[test]
fn a_lone_surrogate_arrives_as_the_replacement_character() {
    let Some(mut sandbox) = echo() else { return };

    assert_eq!(written(&mut sandbox, r"'a\ud800b'"), "\"a\u{fffd}b\"");
    assert_eq!(
        written(&mut sandbox, r"({ '\udc00': '\udc00\ud800' })"),
        "{\"\u{fffd}\":\"\u{fffd}\u{fffd}\"}"
    );
    assert_eq!(written(&mut sandbox, r"'\ud83d' + '\ude00'"), "\"😀\"");
    assert_eq!(text(&mut sandbox, r#""\ud800""#), "\"\u{fffd}\"");
}

#[test]
fn a_megabyte_crosses_both_ways() {
    let Some(mut sandbox) = echo() else { return };
    let string = "x€😀\0".repeat(130_000);
    let array: Vec<u32> = (0..200_000).collect();
    let bytes = Bytes((0..1_000_000u32).map(|n| (n % 251) as u8).collect());

    assert_eq!(sandbox.call::<String>("echo", &string).unwrap(), string);
    assert_eq!(sandbox.call::<Vec<u32>>("echo", &array).unwrap(), array);
    assert_eq!(sandbox.call::<Bytes>("echo", &bytes).unwrap(), bytes);
}

#[test]
fn bytes_cross_at_any_depth() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler(
            "reverse",
            "const flip = v => v instanceof Uint8Array ? v.slice().reverse()
                 : Array.isArray(v) ? v.map(flip)
                 : v && typeof v === 'object' ? Object.fromEntries(Object.entries(v).map(([k, v]) => [k, flip(v)])) : v;
             export const handler = flip;",
        )
        .unwrap();
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let object = |members: Vec<(&str, Value)>| {
        Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let nested = |a: Value, b: Value| {
        object(vec![
            ("list", Value::Array(vec![Value::Null, a, Value::Bool(true)])),
            ("odd \"key\"\n\u{1}/ü", object(vec![("__proto__", b), ("text", Value::String("[1]".into()))])),
        ])
    };

    let given = nested(bytes(&[1, 2, 255]), bytes(&[0, 9]));
    assert_eq!(
        sandbox.call::<Value>("reverse", &given).unwrap(),
        nested(bytes(&[255, 2, 1]), bytes(&[9, 0]))
    );
    assert_eq!(sandbox.call::<Value>("reverse", &bytes(&[])).unwrap(), bytes(&[]));
    assert_eq!(sandbox.call::<Bytes>("reverse", &bytes(&[1, 2])).unwrap().0, [2, 1]);
}

#[test]
fn bytes_are_fields_of_types_too() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Upload {
        name: String,
        parts: Vec<Bytes>,
        thumbnail: Option<Bytes>,
    }
    let Some(mut sandbox) = echo() else { return };
    let parts = vec![Bytes(vec![0, 128, 255]), Bytes(vec![]), Bytes(b"null".to_vec())];
    let upload = Upload { name: "a".into(), parts, thumbnail: None };

    assert_eq!(sandbox.call::<Upload>("echo", &upload).unwrap(), upload);
}

#[test]
fn every_view_of_bytes_arrives_as_the_bytes_that_it_shows() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "const all = new Uint8Array([1, 2, 3, 4]);
         class Mine extends Uint8Array {}
         export default [all, all.buffer, all.subarray(1, 3), new Uint8Array(all.buffer, 3), new Mine([9]), new ArrayBuffer(2)]";

    let views = sandbox.eval::<Vec<Bytes>>(source).unwrap().unwrap();

    let views: Vec<_> = views.into_iter().map(|bytes| bytes.0).collect();
    assert_eq!(views, [vec![1, 2, 3, 4], vec![1, 2, 3, 4], vec![2, 3], vec![4], vec![9], vec![0, 0]]);
}

#[test]
fn text_that_looks_like_a_marker_is_text() {
    let Some(mut sandbox) = echo() else { return };
    let forged =
        json!([{ "$bytes": "AAEC" }, { "type": "Buffer", "data": [1] }, null, "[0]", "data:;base64,AAEC"]);

    assert_eq!(sandbox.call::<Json>("echo", &forged).unwrap(), forged);
}

#[test]
fn bytes_do_not_fit_json_text() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("bytes", "const handler = () => [new Uint8Array(3)]").unwrap();

    let error = fails(sandbox.call_json("bytes", "null", &CallOptions::new()), ErrorKind::InvalidArg);

    says(error, &["binary", "[0]", "Uint8Array"]);
    works(&mut sandbox);
}

#[test]
fn a_key_named_proto_is_a_key_and_nothing_else() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler(
            "look",
            "const handler = e => [Object.hasOwn(e, '__proto__'), e.polluted === undefined, ({}).polluted === undefined, e]",
        )
        .unwrap();
    let event = json!({ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } } });

    assert_eq!(sandbox.call::<Json>("look", &event).unwrap(), json!([true, true, true, event]));
}

#[test]
fn what_json_stringify_does_to_objects_is_done() {
    let Some(mut sandbox) = sandbox() else { return };
    let cases = [
        ("new Date(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("new Date(NaN)", "null"),
        ("{ a: { toJSON: key => [key] } }", r#"{"a":["a"]}"#),
        ("[{ toJSON() { return undefined } }]", "[null]"),
        ("{ gone: undefined, kept: null }", r#"{"kept":null}"#),
        ("[undefined, , 1]", "[null,null,1]"),
        ("[new Number(1), new String('s'), new Boolean(false)]", r#"[1,"s",false]"#),
        ("new (class Point { x = 1; #y = 2; get z() { return 3 } })", r#"{"x":1}"#),
        ("Object.create({ inherited: 1 })", "{}"),
        ("[new Map([[1, 2]]), new Set([3])]", "[[[1,2]],[3]]"),
        ("(s => [s, s])({ shared: 1 })", r#"[{"shared":1},{"shared":1}]"#),
        ("new Proxy({ a: 1 }, {})", r#"{"a":1}"#),
    ];

    for (expression, expected) in cases {
        assert_eq!(written(&mut sandbox, expression), expected, "{expression}");
    }
}

#[test]
fn what_cannot_cross_is_an_error_with_its_path() {
    let Some(mut sandbox) = sandbox() else { return };
    let cases = [
        ("{ a: [0, { b() {} }] }", "a function at $.a[1].b"),
        ("class {}", "a function at $"),
        ("[Symbol('s')]", "a symbol at $[0]"),
        ("{ 'odd key': /x/ }", "a RegExp at $[\"odd key\"]"),
        ("(a => (a.b = [a], a))({})", "a cycle at $.b[0]"),
        ("(a => (a.push(a), a))([])", "a cycle at $[0]"),
        ("{ later: Promise.resolve() }", "a Promise at $.later"),
        ("[new WeakMap()]", "a weak reference at $[0]"),
        ("[new DataView(new ArrayBuffer(1))]", "at $[0]"),
    ];

    for (expression, words) in cases {
        let error = throws(sandbox.eval::<Value>(&format!("export default ({expression})")));
        assert_eq!(error.name, "TypeError", "{expression}");
        says(error.message, &[words, "cannot cross"]);
        works(&mut sandbox);
    }
}

#[test]
fn what_a_getter_or_to_json_throws_fails_the_call_with_it() {
    let Some(mut sandbox) = sandbox() else { return };

    for expression in [
        "{ get a() { throw new RangeError('mine') } }",
        "[{ toJSON() { throw new RangeError('mine') } }]",
        "new Proxy({}, { ownKeys() { throw new RangeError('mine') } })",
    ] {
        let error = thrown(sandbox.eval::<Value>(&format!("export default ({expression})")));
        assert_eq!(error, "RangeError: mine", "{expression}");
    }
    works(&mut sandbox);
}

#[test]
fn nesting_crosses_down_to_a_depth_that_the_error_tells() {
    let Some(mut sandbox) = echo() else { return };
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));

    assert_eq!(text(&mut sandbox, &nested(127)), nested(127));
    sandbox.call::<Json>("echo", &serde_json::from_str::<Json>(&nested(127)).unwrap()).unwrap();
    for levels in [128, 1000] {
        let error = throws(sandbox.call_json("echo", &nested(levels), &CallOptions::new()));
        says(error.message, &["127 levels"]);
    }
    works(&mut sandbox);
}

#[test]
fn a_result_that_does_not_fit_its_type_is_an_error_that_says_why() {
    #[derive(Debug, Deserialize)]
    struct Answer {
        #[expect(dead_code, reason = "it is never filled")]
        count: u8,
    }
    let Some(mut sandbox) = echo() else { return };
    let cases = [
        (json!({}), "count"),
        (json!({ "count": 256 }), "256"),
        (json!({ "count": "1" }), "string"),
        (json!(1), "integer"),
    ];

    for (event, why) in cases {
        let error = fails(sandbox.call::<Answer>("echo", &event), ErrorKind::InvalidArg);
        says(error, &["does not fit", why]);
    }
    says(fails(sandbox.call::<u8>("echo", &Bytes(vec![1])), ErrorKind::InvalidArg), &["does not fit"]);
    fails(sandbox.call::<Bytes>("echo", "text"), ErrorKind::InvalidArg);
    fails(sandbox.eval::<u8>("export default -1"), ErrorKind::InvalidArg);
    works(&mut sandbox);
}

#[test]
fn patched_intrinsics_do_not_change_how_values_cross() {
    let Some(mut sandbox) = echo() else { return };
    sandbox
        .eval::<()>(
            "const trap = () => { throw new Error('trapped') };
             const patch = (owner, key) => { owner[key] = trap };
             patch(JSON, 'stringify'); patch(JSON, 'parse'); patch(Object, 'keys'); patch(Array, 'isArray'); patch(Reflect, 'ownKeys');
             patch(Array.prototype, Symbol.iterator); patch(Array.prototype, 'map'); patch(Array.prototype, 'push');
             patch(String.prototype, 'toString'); patch(Number.prototype, 'toString'); patch(Number.prototype, 'valueOf');
             patch(Uint8Array.prototype, 'toBase64'); patch(Promise, 'resolve'); patch(Promise.prototype, 'then');
             Object.defineProperty(Object.getPrototypeOf(Uint8Array.prototype), 'length', { get: trap });
             const setter = key => Object.defineProperty(Object.prototype, key, { set: trap, get() {}, configurable: true });
             setter('name'); setter('list'); setter('0');
             const remove = name => { globalThis[name] = undefined };
             remove('Uint8Array'); remove('ArrayBuffer'); remove('Array'); remove('JSON'); remove('Error'); remove('TypeError');",
        )
        .unwrap();
    let event = Value::Object(
        [
            ("name".to_owned(), Value::String("x".into())),
            ("list".to_owned(), Value::Array(vec![Value::Bytes(vec![1, 2]), Value::Bool(true)])),
        ]
        .into_iter()
        .collect(),
    );

    assert_eq!(sandbox.call::<Value>("echo", &event).unwrap(), event);
    says(throws(sandbox.eval::<Value>("export default [() => 1]")).message, &["a function at $[0]"]);
}
