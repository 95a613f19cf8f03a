//! structuredClone, as HTML has it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// The value of each expression, in which `$` clones.
fn values(cases: &[(&str, &str)]) {
    let mut guest = guest();
    for (expression, expected) in cases {
        let source = format!("const $ = structuredClone; export default {expression}");
        assert_eq!(guest.value(&source), *expected, "{expression}");
    }
}

/// What an expression throws.
fn throws(name: &str, expressions: &[&str]) {
    let mut guest = guest();
    for expression in expressions {
        let source = format!(
            "const $ = structuredClone; let e; try {{ {expression} }} catch (error) {{ e = error }} export default e?.name ?? 'nothing'"
        );
        assert_eq!(guest.value(&source), format!("{name:?}"), "{expression}");
    }
}

#[test]
fn primitive_values_are_what_they_were() {
    values(&[(
        "[undefined, null, true, false, 'text', '', '\\ud800', 0, -0, NaN, Infinity, 5e-324, 12345678901234567890n, -1n].every(value => Object.is($(value), value))",
        "true",
    )]);
    throws("DataCloneError", &["$(Symbol())", "$({ deep: [Symbol.iterator] })", "$(Object(Symbol()))"]);
}

#[test]
fn wrappers_dates_and_regular_expressions_are_made_again_without_their_properties() {
    values(&[
        (
            "[true, -0, 'text', 7n].map(value => { const object = Object.assign(Object(value), { extra: 1 }), copy = $(object); return copy !== object && Object.is(copy.valueOf(), value) && copy.extra === undefined && Object.getPrototypeOf(copy) === Object.getPrototypeOf(object) })",
            "[true,true,true,true]",
        ),
        (
            "[$(new Date(5)).getTime(), Number.isNaN($(new Date(NaN)).getTime()), $(new Date(-1e13)) instanceof Date]",
            "[5,true,true]",
        ),
        (
            "(r => { r.lastIndex = 3; const copy = $(r); return [copy.source, copy.flags, copy.lastIndex, copy.test('a/\\nb')] })(/a\\/\\n./dgimsuy)",
            r#"["a\\/\\n.","dgimsuy",0,true]"#,
        ),
        ("$(/[a]/v).flags", r#""v""#),
    ]);
}

#[test]
fn objects_have_their_own_enumerable_properties_and_no_class() {
    values(&[
        (
            "(() => { class Point { x = 1; #y = 2; get z() { return 3 } } const copy = $(new Point()); return [copy, Object.getPrototypeOf(copy) === Object.prototype] })()",
            r#"[{"x":1},true]"#,
        ),
        (
            "Object.entries($(Object.create({ inherited: 1 }, { hidden: { value: 1 }, shown: { value: 2, enumerable: true }, got: { get() { return 3 }, enumerable: true } })))",
            r#"[["shown",2],["got",3]]"#,
        ),
        (
            "Object.getOwnPropertyDescriptor($(Object.freeze({ a: 1 })), 'a')",
            r#"{"value":1,"writable":true,"enumerable":true,"configurable":true}"#,
        ),
        ("Object.keys($({ b: 1, 2: 1, a: 1, 1: 1, [Symbol()]: 1 }))", r#"["1","2","b","a"]"#),
        (
            "(o => [Object.getPrototypeOf(o) === Object.prototype, Object.getOwnPropertyDescriptor(o, '__proto__').value, Object.hasOwn(o, 'toString')])($({ ['__proto__']: 1, toString: 2 }))",
            "[true,1,true]",
        ),
        ("(function () { return $(arguments) })(1, 2)", r#"{"0":1,"1":2}"#),
    ]);
}

#[test]
fn arrays_keep_their_length_holes_and_extra_properties() {
    values(&[
        (
            "(a => [a.length, 0 in a, a[1], 2 in a, a.extra, Array.isArray(a)])($(Object.assign([, 1, ,], { extra: 2 })))",
            "[3,false,1,false,2,true]",
        ),
        ("(a => [a.length, Object.keys(a).length])($(new Array(4294967295)))", "[4294967295,0]"),
        ("$([[[]], [1, [2]]])", "[[[]],[1,[2]]]"),
        (
            "(a => a.length === 1000 && a.every((value, index) => value === index))($([...Array(1000).keys()]))",
            "true",
        ),
        ("Object.getPrototypeOf($(new (class extends Array {})())) === Array.prototype", "true"),
    ]);
}

#[test]
fn identity_and_cycles_are_kept() {
    values(&[
        (
            "(o => [o.a === o.b, o.self === o, o.list[0] === o])($((() => { const shared = {}, o = { a: shared, b: shared }; o.self = o; o.list = [o]; return o })()))",
            "[true,true,true]",
        ),
        (
            "(() => { const map = new Map(), set = new Set(), error = new Error(); map.set(map, set).set('e', error); set.add(map).add(set); error.cause = map; const copy = $(map), inner = copy.get(copy); return [inner.has(copy), inner.has(inner), copy.get('e').cause === copy, copy !== map] })()",
            "[true,true,true,true]",
        ),
        (
            "(copy => copy[0].buffer === copy[1].buffer && copy[0].buffer === copy[2])($((b => [new Uint8Array(b), new DataView(b), b])(new ArrayBuffer(8))))",
            "true",
        ),
    ]);
}

#[test]
fn maps_and_sets_are_copied_as_they_were_before_getters_ran() {
    values(&[
        (
            "[...$(new Map([[1, 'a'], [NaN, { b: 1 }], ['1', undefined]]))]",
            r#"[[1,"a"],[null,{"b":1}],["1",null]]"#,
        ),
        ("[...$(new Set(['x', 1, -0]))].length", "3"),
        ("$(Object.assign(new Map(), { extra: 1 })).extra === undefined", "true"),
        (
            "(() => { const map = new Map(); map.set({ get a() { map.clear(); map.set(9, 9); return 1 } }, 2).set(3, 4); return [...$(map)] })()",
            r#"[[{"a":1},2],[3,4]]"#,
        ),
        (
            "(() => { const o = { get a() { delete o.b; o.d = 1; return 1 }, b: 2, c: 3 }; return Object.keys($(o)) })()",
            r#"["a","c"]"#,
        ),
    ]);
}

#[test]
fn errors_keep_name_message_stack_and_cause() {
    values(&[
        (
            "[EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Error].map(C => { const error = new C('m', { cause: [C.name] }), copy = $(error); return Object.getPrototypeOf(copy) === C.prototype && copy !== error && copy.message === 'm' && copy.stack === error.stack && copy.cause[0] === C.name && !Object.keys(copy).length && !Object.hasOwn(copy, 'name') }).every(Boolean)",
            "true",
        ),
        (
            "(() => { class Mine extends TypeError { name = 'Mine'; code = 1 } const copy = $(new Mine('m')); return [copy.constructor === Error, copy.name, copy.code === undefined, copy instanceof Error] })()",
            r#"[true,"Error",true,true]"#,
        ),
        ("Object.hasOwn($(new Error()), 'message')", "false"),
        ("Object.hasOwn($(new Error()), 'cause')", "false"),
        ("$(Object.defineProperty(new Error(), 'message', { get() { return 'no' } })).message", r#""""#),
        ("$(Object.assign(new Error(), { message: 5 })).message", r#""5""#),
        ("$(Object.assign(new Error(), { name: 'RangeError' })) instanceof RangeError", "true"),
        (
            "(e => [e instanceof DOMException, e.name, e.code, e.message, typeof e.stack])($(new DOMException('m', 'AbortError')))",
            r#"[true,"AbortError",20,"m","string"]"#,
        ),
    ]);
}

#[test]
fn buffers_and_views_are_copied_whole() {
    values(&[
        (
            "(() => { const a = new Uint8Array([1, 2, 3]), copy = $(a); a[0] = 9; return [[...copy], copy.buffer !== a.buffer] })()",
            "[[1,2,3],true]",
        ),
        (
            "(v => [v.buffer.byteLength, v.byteOffset, v.length, [...v]])($(new Uint16Array(Uint16Array.of(1, 2, 3, 4).buffer, 2, 2)))",
            "[8,2,2,[2,3]]",
        ),
        (
            "['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float16', 'Float32', 'Float64', 'BigInt64', 'BigUint64'].every(name => { const C = globalThis[name + 'Array'], copy = $(new C(2)); return copy instanceof C && copy.length === 2 })",
            "true",
        ),
        (
            "(d => [d.byteOffset, d.byteLength, d.getUint8(0)])($(new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1)))",
            "[1,1,2]",
        ),
        (
            "(b => [b.resizable, b.byteLength, b.maxByteLength])($(new ArrayBuffer(3, { maxByteLength: 9 })))",
            "[true,3,9]",
        ),
        ("$(Object.assign(new Uint8Array(1), { extra: 1 })).extra === undefined", "true"),
        // What a later getter writes is not in the copy.
        (
            "(() => { const bytes = new Uint8Array(1); return $([bytes, { get a() { bytes[0] = 1 } }])[0][0] })()",
            "0",
        ),
    ]);
    throws(
        "DataCloneError",
        &[
            "const b = new ArrayBuffer(1); b.transfer(); $(b)",
            "const a = new Uint8Array(1); a.buffer.transfer(); $(a)",
            "const b = new ArrayBuffer(8, { maxByteLength: 8 }), a = new Uint8Array(b, 4, 4); b.resize(4); $(a)",
            "const b = new ArrayBuffer(8, { maxByteLength: 8 }), d = new DataView(b, 4); b.resize(2); $(d)",
            "$(new SharedArrayBuffer(1))",
            "$(new Uint8Array(new SharedArrayBuffer(1)))",
        ],
    );
}

#[test]
fn views_without_a_length_of_their_own_follow_the_new_buffer() {
    // Of a buffer that can grow, and of one that cannot.
    for max in [16, 8] {
        let cases = [
            ("new Uint8Array(b)", true),
            ("new Uint8Array(b, 3)", true),
            ("new Float64Array(b)", true),
            ("new DataView(b)", true),
            ("new DataView(b, 7)", true),
            ("new Uint8Array(b, 0, 8)", false),
            ("new Uint8Array(b, 2, 3)", false),
            ("new DataView(b, 0, 8)", false),
        ];
        for (view, follows) in cases {
            let source = format!(
                "const b = new ArrayBuffer(8, {{ maxByteLength: {max} }}); new Uint8Array(b).set([1, 2, 3, 4, 5, 6, 7, 8]);
                 const view = {view}, copy = structuredClone(view), same = [...new Uint8Array(b)].join() === '1,2,3,4,5,6,7,8' && b.byteLength === 8;
                 const before = copy.byteLength; let after;
                 copy.buffer.resize(0); try {{ after = copy.byteLength }} catch {{}}
                 copy.buffer.resize(8);
                 const bytes = copy.byteLength === before;
                 if ({max} > 8) copy.buffer.resize(16);
                 export default [same, bytes, copy.byteLength > before]"
            );
            let grows = follows && max > 8;
            assert_eq!(guest().value(&source), format!("[true,true,{grows}]"), "{view} of {max}");
        }
    }
}

#[test]
fn what_cannot_be_cloned_is_refused_and_named() {
    throws(
        "DataCloneError",
        &[
            "$(() => {})",
            "$(class {})",
            "$({ method() {} })",
            "$(Promise.resolve())",
            "$(new WeakMap())",
            "$(new WeakSet())",
            "$(new WeakRef({}))",
            "$(new Proxy({}, {}))",
            "$(new Proxy([], {}))",
            "$((function* () {})())",
            "$([].values())",
            "$(new Map().entries())",
            "$(new EventTarget())",
            "$(new Event('x'))",
            "$(new AbortController().signal)",
            "$(globalThis)",
            "$(performance)",
            "$(navigator)",
            "$(new (class extends EventTarget {})())",
        ],
    );
    let mut guest = guest();
    for (expression, what) in [
        ("() => {}", "a function"),
        ("new WeakMap()", "WeakMap"),
        ("new Proxy({}, {})", "a Proxy"),
        ("new EventTarget()", "EventTarget"),
    ] {
        let thrown = guest.error(&format!("export default structuredClone({expression})"));
        assert!(thrown.message.contains(what) && thrown.message.contains("cannot be cloned"), "{thrown:?}");
    }
    // What a getter throws is thrown, and nothing was detached.
    assert_eq!(
        guest.value(
            "const b = new ArrayBuffer(1); let e; try { structuredClone({ b, get x() { throw 'mine' } }, { transfer: [b] }) } catch (error) { e = error } export default [e, b.byteLength]"
        ),
        r#"["mine",1]"#
    );
}

#[test]
fn transferred_buffers_are_detached_here_and_there_in_the_clone() {
    values(&[
        (
            "(() => { const b = Uint8Array.of(1, 2).buffer, copy = $(b, { transfer: [b] }); return [b.detached, [...new Uint8Array(copy)]] })()",
            "[true,[1,2]]",
        ),
        (
            "(() => { const a = Uint8Array.of(1, 2, 3), copy = $({ a, again: a.buffer }, { transfer: new Set([a.buffer]) }); return [a.length, [...copy.a], copy.a.buffer === copy.again] })()",
            "[0,[1,2,3],true]",
        ),
        (
            "(() => { const b = new ArrayBuffer(1, { maxByteLength: 4 }), copy = $(b, { transfer: [b] }); return [copy.resizable, copy.maxByteLength] })()",
            "[true,4]",
        ),
        (
            "(() => { const b = new ArrayBuffer(1); return [$(1, { transfer: [b] }), b.detached] })()",
            "[1,true]",
        ),
        ("[$(1, undefined), $(1, null), $(1, {}), $(1, { transfer: [] }), $.length]", "[1,1,1,1,1]"),
    ]);
    throws(
        "DataCloneError",
        &[
            "const b = new ArrayBuffer(1); $(b, { transfer: [b, b] })",
            "$(1, { transfer: [{}] })",
            "$(1, { transfer: [new Uint8Array(1)] })",
            "$(1, { transfer: [new SharedArrayBuffer(1)] })",
            "const b = new ArrayBuffer(1); b.transfer(); $(1, { transfer: [b] })",
            "const b = new ArrayBuffer(1); $({ get a() { b.transfer() } }, { transfer: [b] })",
        ],
    );
    throws(
        "TypeError",
        &["$()", "$(1, 1)", "$(1, { transfer: 1 })", "$(1, { transfer: [1] })", "$(1, { transfer: null })"],
    );
}

#[test]
fn deep_values_are_an_error_that_can_be_caught() {
    assert_eq!(
        guest().value("let o = {}; for (let i = 0; i < 100000; i++) o = { o }; let name; try { structuredClone(o) } catch (e) { name = e.name } export default name"),
        r#""RangeError""#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "const {{ prototype }} = Array, objectPrototype = Object.prototype, map = new Map([[1, new Set([2])]]), bytes = Uint8Array.of(1, 2), list = [1, , {{ a: [3] }}], date = new Date(4), regexp = /x/g, error = new TypeError('m'), options = {{ transfer: [] }};
         const mapGet = Function.prototype.call.bind(Map.prototype.get), setHas = Function.prototype.call.bind(Set.prototype.has);
         options.transfer[Symbol.iterator] = () => ({{ next: () => ({{ done: true }}) }});
         {PATCHES}
         for (let i = 0; i < 9; i++) {{
             defineProperty(prototype, i, {{ set: taint, get: taint }});
             defineProperty(objectPrototype, i, {{ set: taint, get: taint }});
         }}
         defineProperty(regexp, 'global', {{ get: taint }});
         defineProperty(objectPrototype, 'kind', {{ get: taint, set: taint }});
         defineProperty(objectPrototype, 'value', {{ get: taint, set: taint }});
         const copy = structuredClone({{ map, bytes, list, date, regexp, error, value: 'v' }}, options);
         export default mapGet(copy.map, 1) !== undefined && setHas(mapGet(copy.map, 1), 2) && copy.bytes[1] === 2 && copy.list[2].a[0] === 3 && copy.list.length === 3 && copy.error.message + copy.value"
    );
    assert_eq!(guest().value(&source), r#""mv""#);
}
