//! Values that JSON has no words for, in both directions: their JSON form lies in the
//! body, and sections say what they are.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{
    Kind, Message, Section, Tag,
    body::{Cause, Configure},
};
use support::{Guest, Outcome, guest, told};

type Parts = [(&'static str, Tag, Vec<u8>)];

fn double(value: f64) -> Vec<u8> {
    value.to_le_bytes().to_vec()
}

fn with_event(guest: &mut Guest, key: &str, body: &str, parts: &Parts) -> Outcome {
    let sections: Vec<_> = parts.iter().map(|(path, tag, data)| Section { path, tag: *tag, data }).collect();
    guest.run(&Message { body, sections: &sections, ..Message::new(Kind::Call, 1, key) })
}

/// Checks what an expression crosses as, and that the same comes back when it goes in.
fn crosses(guest: &mut Guest, expression: &str, body: &str, parts: &Parts) {
    let left = guest.eval(&format!("export default ({expression})")).unwrap();
    assert_eq!(left.body, body, "{expression}");
    let sections: Vec<_> =
        parts.iter().map(|(path, tag, data)| ((*path).to_owned(), *tag, data.clone())).collect();
    assert_eq!(left.sections, sections, "{expression}");
    let back = with_event(guest, "echo", body, parts).unwrap();
    assert_eq!((back.body.as_str(), back.sections), (body, sections), "{expression}");
}

fn echoing() -> Guest {
    let mut guest = guest();
    guest.handler("echo", "export const handler = e => e");
    guest
}

#[test]
fn numbers_that_json_lacks_cross() {
    let mut guest = echoing();
    crosses(&mut guest, "NaN", "null", &[("[]", Tag::Number, double(f64::NAN))]);
    crosses(
        &mut guest,
        "{ a: [1, Infinity, -Infinity] }",
        r#"{"a":[1,null,null]}"#,
        &[
            (r#"["a",1]"#, Tag::Number, double(f64::INFINITY)),
            (r#"["a",2]"#, Tag::Number, double(f64::NEG_INFINITY)),
        ],
    );
}

#[test]
fn a_url_crosses_as_what_it_is_whatever_its_class_has_become() {
    let mut guest = echoing();
    guest.eval("Object.defineProperty(URL.prototype, 'href', { get() { throw 1 } }); globalThis.Own = URL; globalThis.URL = 1").unwrap();
    crosses(&mut guest, "[new Own('HTTP://a/../b')]", r#"["http://a/b"]"#, &[("[0]", Tag::URL, vec![])]);
    guest.handler("is", "export const handler = ([url]) => [url instanceof Own, url.pathname]");
    let seen = with_event(&mut guest, "is", r#"["http://a/b"]"#, &[("[0]", Tag::URL, vec![])]).unwrap();
    assert_eq!(seen.body, r#"[true,"/b"]"#);

    assert_eq!(guest.value("export default Object.create(Own.prototype, { toJSON: { value: 0 } })"), "{}");
    let invalid = with_event(&mut guest, "echo", r#"["no url"]"#, &[("[0]", Tag::URL, vec![])]).unwrap_err();
    assert_eq!(invalid.name, "TypeError");
}

#[test]
fn undefined_crosses_where_a_value_must_be() {
    let mut guest = echoing();
    crosses(&mut guest, "[undefined, 1]", "[null,1]", &[("[0]", Tag::Undefined, vec![])]);
    crosses(
        &mut guest,
        "new Map([[undefined, undefined]])",
        "[[null,null]]",
        &[("[0,0]", Tag::Undefined, vec![]), ("[0,1]", Tag::Undefined, vec![]), ("[]", Tag::Map, vec![])],
    );
    crosses(&mut guest, "{ gone: undefined }", "{}", &[]);
    crosses(&mut guest, "[, 1]", "[null,1]", &[]);
}

#[test]
fn big_integers_cross_with_all_their_digits() {
    let mut guest = echoing();
    for digits in ["0", "-1", "123456789012345678901234567890", "-18446744073709551616"] {
        crosses(&mut guest, &format!("{digits}n"), &format!("\"{digits}\""), &[("[]", Tag::BigInt, vec![])]);
    }
    crosses(&mut guest, "[Object(7n)]", r#"["7"]"#, &[("[0]", Tag::BigInt, vec![])]);
    let long = "9".repeat(20_000);
    crosses(&mut guest, &format!("{long}n"), &format!("\"{long}\""), &[("[]", Tag::BigInt, vec![])]);
}

#[test]
fn dates_cross_to_the_millisecond() {
    let mut guest = echoing();
    for (milliseconds, text) in [
        (0.0, "\"1970-01-01T00:00:00.000Z\""),
        (-1.0, "\"1969-12-31T23:59:59.999Z\""),
        (8.64e15, "\"+275760-09-13T00:00:00.000Z\""),
        (f64::NAN, "null"),
    ] {
        let expression = format!("new Date({milliseconds})");
        crosses(&mut guest, &expression, text, &[("[]", Tag::Date, double(milliseconds))]);
    }
    crosses(
        &mut guest,
        "new (class Mine extends Date {})(5)",
        "\"1970-01-01T00:00:00.005Z\"",
        &[("[]", Tag::Date, double(5.0))],
    );
}

#[test]
fn typed_arrays_of_every_class_cross_as_the_bytes_that_they_show() {
    let mut guest = echoing();
    for tag in Tag::ALL.iter().filter(|tag| tag.element_len().is_some()) {
        let (name, size) = (tag.name(), tag.element_len().unwrap());
        let bytes: Vec<u8> = (0..=255).map(|n| n % 200).take(size * 2).collect();
        let all: Vec<u8> = [vec![0; size], bytes.clone(), vec![0; size]].concat();
        let expression = format!("new {name}(new Uint8Array({all:?}).buffer, {size}, 2)");
        crosses(&mut guest, &expression, "null", &[("[]", *tag, bytes)]);
        crosses(&mut guest, &format!("[new {name}(0)]"), "[null]", &[("[0]", *tag, vec![])]);
    }
}

#[test]
fn maps_and_sets_hold_any_value_and_any_key() {
    let mut guest = echoing();
    crosses(
        &mut guest,
        "new Map([['a', 1], [2, [3]], [null, { b: true }]])",
        r#"[["a",1],[2,[3]],[null,{"b":true}]]"#,
        &[("[]", Tag::Map, vec![])],
    );
    crosses(&mut guest, "{ s: new Set(['x', 1]) }", r#"{"s":["x",1]}"#, &[(r#"["s"]"#, Tag::Set, vec![])]);
    crosses(
        &mut guest,
        "new Map([[new Set([1n]), new Map([[new Date(0), new Uint8Array([7])]])]])",
        r#"[[["1"],[["1970-01-01T00:00:00.000Z",null]]]]"#,
        &[
            ("[0,0,0]", Tag::BigInt, vec![]),
            ("[0,0]", Tag::Set, vec![]),
            ("[0,1,0,0]", Tag::Date, double(0.0)),
            ("[0,1,0,1]", Tag::Uint8Array, vec![7]),
            ("[0,1]", Tag::Map, vec![]),
            ("[]", Tag::Map, vec![]),
        ],
    );
    crosses(&mut guest, "new Map()", "[]", &[("[]", Tag::Map, vec![])]);
    crosses(&mut guest, "new (class Mine extends Set {})([1])", "[1]", &[("[]", Tag::Set, vec![])]);
}

#[test]
fn errors_cross_with_name_message_code_cause_and_stack() {
    let mut guest = echoing();
    let expression = "(() => {
        const bare = error => { error.stack = 's'; return error };
        const cause = bare(new RangeError('inner', { cause: new Date(0) }));
        return bare(Object.assign(new TypeError('outer', { cause }), { code: 'E_CODE', lost: 1 }));
    })()";
    crosses(
        &mut guest,
        expression,
        r#"{"name":"TypeError","message":"outer","code":"E_CODE","cause":{"name":"RangeError","message":"inner","cause":"1970-01-01T00:00:00.000Z","stack":"s"},"stack":"s"}"#,
        &[
            (r#"["cause","cause"]"#, Tag::Date, double(0.0)),
            (r#"["cause"]"#, Tag::Error, vec![]),
            ("[]", Tag::Error, vec![]),
        ],
    );
}

#[test]
fn what_arrives_is_of_its_class() {
    let mut guest = guest();
    guest.handler(
        "look",
        "export const handler = ([map, set, date, error, floats, big, nothing, nan]) => [
             map instanceof Map && map.get('k') === 1, set instanceof Set && set.has(2), date instanceof Date && date.getTime() === 3,
             error instanceof RangeError && error.message === 'm' && error.code === 'C' && error.cause === null && !Object.keys(error).length,
             floats instanceof Float64Array && floats[0] === 1.5, big === 10n ** 20n, nothing === undefined, Number.isNaN(nan)]",
    );
    let parts = [
        ("[0]", Tag::Map, vec![]),
        ("[1]", Tag::Set, vec![]),
        ("[2]", Tag::Date, double(3.0)),
        ("[3]", Tag::Error, vec![]),
        ("[4]", Tag::Float64Array, double(1.5)),
        ("[5]", Tag::BigInt, vec![]),
        ("[6]", Tag::Undefined, vec![]),
        ("[7]", Tag::Number, double(f64::NAN)),
    ];
    let body = r#"[[["k",1]],[2],null,{"name":"RangeError","message":"m","code":"C","cause":null},null,"100000000000000000000",null,null]"#;
    let looked = with_event(&mut guest, "look", body, &parts).unwrap();
    assert_eq!(looked.body, "[true,true,true,true,true,true,true,true]");
}

#[test]
fn a_section_that_does_not_fit_its_place_fails_the_request() {
    let mut guest = echoing();
    for (body, tag) in [
        ("{}", Tag::Map),
        ("[1]", Tag::Map),
        ("\"x\"", Tag::Set),
        ("7", Tag::BigInt),
        ("null", Tag::URL),
        ("[]", Tag::URL),
        ("null", Tag::Error),
    ] {
        let error = with_event(&mut guest, "echo", body, &[("[]", tag, vec![])]).unwrap_err();
        assert_eq!(error.cause, Cause::Request, "{body} {tag:?}");
        assert!(error.message.contains(tag.name()), "{}", error.message);
    }
    let error = with_event(&mut guest, "echo", "\"x\"", &[("[]", Tag::BigInt, vec![])]).unwrap_err();
    assert_eq!(error.name, "SyntaxError");
}

#[test]
fn what_cannot_cross_inside_of_a_collection_is_told_by_its_place() {
    let mut guest = guest();
    for (expression, place) in [
        ("{ m: new Map([['k', [() => 1]]]) }", "a function at $.m.get(\"k\")[0]"),
        ("new Map([[7, Symbol()]])", "a symbol at $.get(7)"),
        ("new Map([[1, 2], [{}, () => 1]])", "a function at $[1].value"),
        ("[new Map([[{ a: Symbol() }, 1]])]", "a symbol at $[0][0].key.a"),
        ("new Set([1, new Set([() => 1])])", "a function at $[1][0]"),
        ("new Error('m', { cause: { a: Symbol() } })", "a symbol at $.cause.a"),
        ("(m => m.set('self', m))(new Map())", "a cycle at $.get(\"self\")"),
        ("(s => s.add([s]))(new Set())", "a cycle at $[0][0]"),
        ("(e => (e.cause = e, e))(new Error())", "a cycle at $.cause"),
        ("(a => (a.buffer.transfer(), [a]))(new Float32Array(1))", "a detached Float32Array at $[0]"),
    ] {
        let error = guest.error(&format!("export default ({expression})"));
        let message = format!("TypeError: {place} cannot cross to the host");
        assert_eq!(told(&error), (Cause::Exception, message), "{expression}");
    }
}

#[test]
fn collections_nest_as_deep_as_their_json_form_may() {
    // The frames of a build that is not optimised are large.
    const STACK: usize = 16 << 20;
    let nest = || {
        let mut guest = guest();
        guest.configure(&Configure { stack_bytes: 8 << 20, ..support::configuration(&[]) });
        let nested = |levels: usize, make: &str| {
            format!("let v = 1; for (let i = 0; i < {levels}; i++) v = {make}; export default v")
        };
        for (make, levels) in [("new Set([v])", 127), ("new Map([[v, 1]])", 63), ("new Map([[1, v]])", 63)] {
            let body = guest.value(&nested(levels, make));
            serde_json::from_str::<serde_json::Value>(&body).unwrap();
            for levels in [levels + 1, 5_000] {
                let error = guest.error(&nested(levels, make));
                assert!(error.message.starts_with("a value nested more than 127 levels deep"), "{error:?}");
            }
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(nest).unwrap().join().unwrap();
}

#[test]
fn running_out_of_stack_is_told_and_never_changes_what_a_value_is() {
    let mut guest = guest();
    guest.configure(&Configure { stack_bytes: 128 << 10, ..support::configuration(&[]) });
    for make in ["new Set([v])", "new Map([[v, 1]])", "[new Date(0), v]", "new Error('e', { cause: v })"] {
        let source = format!("let v = 1; for (let i = 0; i < 60; i++) v = {make}; export default v");
        assert_eq!(guest.error(&source).message, "Maximum call stack size exceeded", "{make}");
    }
}

#[test]
fn to_json_of_ones_own_is_honoured_for_every_class() {
    let mut guest = guest();
    for source in [
        "const { toJSON } = Date.prototype; export default Object.create({ toJSON, toISOString: () => 'own' })",
        "class D extends Date { toJSON() { return 'own' } } export default new D(0)",
        "const d = new Date(0); d.toJSON = () => 'own'; export default d",
        "Date.prototype.toJSON = () => 'own'; export default new Date(0)",
        "Map.prototype.toJSON = () => 'own'; export default new Map()",
        "Error.prototype.toJSON = () => 'own'; export default new TypeError('x')",
        "Float64Array.prototype.toJSON = () => 'own'; export default new Float64Array(1)",
    ] {
        let reply = guest.eval(source).unwrap();
        assert_eq!((reply.body.as_str(), reply.sections.len()), ("\"own\"", 0), "{source}");
    }
}

#[test]
fn what_only_inherits_from_a_class_is_a_plain_object() {
    let mut guest = guest();
    for class in ["Date", "Map", "Set", "BigInt", "Float64Array"] {
        let body = guest.value(&format!(
            "const o = Object.create({class}.prototype, {{ a: {{ value: 1, enumerable: true }}, toJSON: {{ value: 0 }} }}); export default o"
        ));
        assert_eq!(body, r#"{"a":1}"#, "{class}");
    }
}

#[test]
fn an_endless_collection_is_stopped() {
    let mut guest = guest();
    guest.platform.polls_left.set(Some(40));
    let error = guest.error(
        "const s = new Set(); const more = n => s.add({ get a() { more(n + 1); s.delete(this); return n } }); more(0); export default s",
    );
    assert_eq!(error.cause, Cause::Interrupted);
}

#[test]
fn patched_intrinsics_do_not_change_what_crosses() {
    let mut guest = echoing();
    guest
        .eval(
            "const trap = () => { throw new Error('trapped') };
             const view = Object.getPrototypeOf(Uint8Array.prototype);
             for (const [owner, keys] of [
                 [Map.prototype, ['entries', 'set', 'get', 'forEach', Symbol.iterator]], [Set.prototype, ['values', 'add', 'forEach', Symbol.iterator]],
                 [Date.prototype, ['getTime', 'valueOf', 'toISOString', 'toString']], [BigInt.prototype, ['toString', 'valueOf']],
                 [Object.getPrototypeOf(new Map().entries()), ['next']], [Object.getPrototypeOf(new Set().values()), ['next']],
             ]) for (const key of keys) owner[key] = trap;
             for (const key of ['buffer', 'byteOffset', 'byteLength', 'length', Symbol.toStringTag]) Object.defineProperty(view, key, { get: trap });
             for (const name of ['Map', 'Set', 'Date', 'BigInt', 'Float64Array', 'Error', 'RangeError']) globalThis[name] = undefined;
             const { defineProperty } = Object;
             Function.prototype.call = Function.prototype.apply = trap;
             for (const key of ['cause', 'code', 'done', '0', '1', 'value']) defineProperty(Object.prototype, key, { get: () => 'patched', set: trap, configurable: true });
             Array.prototype[Symbol.iterator] = Array.prototype.push = trap;",
        )
        .unwrap();
    let parts = [
        ("[0,0,0]", Tag::BigInt, vec![]),
        ("[0,0,1]", Tag::Date, double(0.0)),
        ("[0]", Tag::Map, vec![]),
        ("[1,0]", Tag::Float64Array, double(2.0)),
        ("[1]", Tag::Set, vec![]),
    ];
    let body = r#"[[["1","1970-01-01T00:00:00.000Z"]],[null]]"#;
    let back = with_event(&mut guest, "echo", body, &parts).unwrap();
    assert_eq!(back.body, body);
    let tags: Vec<_> = back.sections.iter().map(|(path, tag, _)| (path.as_str(), *tag)).collect();
    assert_eq!(tags, parts.each_ref().map(|(path, tag, _)| (*path, *tag)));
}
