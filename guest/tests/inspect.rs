//! Values as text: as Node.js shows them, within bounds, and without a getter, a trap
//! or a replaced built-in having a say.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::Kind;
use support::{Guest, configuration, guest};

/// What `console.log` of Node.js prints, by expression: each starts with `> `.
const NODE: &str = include_str!("inspect/node.txt");

fn shown(guest: &mut Guest, expression: &str) -> String {
    guest.request(Kind::Script, "s.js", &format!("console.log({expression}); 0")).unwrap();
    guest.console().remove(0).1
}

fn line(expression: &str) -> String {
    shown(&mut guest(), expression)
}

#[test]
fn values_are_shown_as_node_shows_them() {
    let blocks: Vec<_> = NODE.strip_prefix("> ").unwrap().split("\n> ").collect();
    assert!(blocks.len() > 200);
    let mut guest = guest();
    for block in blocks {
        let (expression, expected) = block.split_once('\n').unwrap();
        let expected = expected.strip_suffix('\n').filter(|_| block.ends_with("\n\n")).unwrap_or(expected);
        assert_eq!(shown(&mut guest, expression), expected.trim_end_matches('\n'), "{expression}");
    }
}

#[test]
fn errors_are_shown_with_stack_cause_and_properties() {
    for (expression, expected) in [
        ("new TypeError('m')", "TypeError: m\n    at <eval> (s.js)"),
        ("new Error()", "Error\n    at <eval> (s.js)"),
        ("[new Error('m')]", "[\n  Error: m\n      at <eval> (s.js)\n]"),
        ("new Error('m', { cause: 'c' })", "Error: m\n    at <eval> (s.js) {\n  [cause]: 'c'\n}"),
        ("Object.assign(new Error('m'), { code: 'E' })", "Error: m\n    at <eval> (s.js) {\n  code: 'E'\n}"),
        (
            "new AggregateError([1, 2], 'm')",
            "AggregateError: m\n    at <eval> (s.js) {\n  [errors]: [ 1, 2 ]\n}",
        ),
        ("(e => (e.name = 'Mine', e))(new Error('m'))", "Mine: m\n    at <eval> (s.js)"),
        ("(e => (e.stack = 'mine', e))(new Error('m'))", "[mine]"),
        ("(e => (e.stack = 'E: m\\n    at x', e))(new Error('m'))", "E: m\n    at x"),
        (
            "(e => (e.self = e, e))(new Error('m'))",
            "<ref *1> Error: m\n    at <eval> (s.js) {\n  self: [Circular *1]\n}",
        ),
    ] {
        let line = line(expression);
        let (before, place) = line.split_once("(s.js:1:").unwrap_or((line.as_str(), "0)"));
        let after = place.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(')');
        let line = if place == "0)" { line.clone() } else { format!("{before}(s.js){after}") };
        assert_eq!(line, expected, "{expression}");
    }
    let class = line("new (class MyError extends Error {})('m')");
    assert!(class.starts_with("MyError: m\n    at "), "{class}");
    let plain = line("new (class Foo extends Error {})('m')");
    assert!(plain.starts_with("Foo [Error]: m\n") || plain.starts_with("Error: m\n"), "{plain}");
    let inner = line("new Error('outer', { cause: new TypeError('inner') })");
    assert!(inner.contains("{\n  [cause]: TypeError: inner\n      at "), "{inner}");
}

#[test]
fn classes_of_the_platform_are_shown_as_classes_and_convert_themselves() {
    assert_eq!(line("AbortController, [EventTarget]"), "[class AbortController] [ [class EventTarget] ]");
    assert_eq!(line("atob, Map"), "[Function: atob] [Function: Map]");
    assert_eq!(line("'%s', new URL('https://a.example')"), "https://a.example/");
    let frozen = "(f => Object.defineProperty(f, 'prototype', { writable: false }))(function f() {})";
    assert_eq!(line(frozen), "[Function: f]");
}

#[test]
fn what_cannot_be_seen_from_outside_is_said_to_be_unknown() {
    for (expression, expected) in [
        (
            "new Map([[1, 2]]).entries(), new Set([1]).values()",
            "[Map Iterator] { <items unknown> } [Set Iterator] { <items unknown> }",
        ),
        ("new WeakMap(), new WeakSet()", "WeakMap { <items unknown> } WeakSet { <items unknown> }"),
        ("Object.create(new Proxy({}, {}))", "Object <Complex prototype> {}"),
        ("(r => (r.revoke(), [r.proxy]))(Proxy.revocable({}, {}))", "[ <Revoked Proxy> ]"),
    ] {
        assert_eq!(line(expression), expected, "{expression}");
    }
    let mut guest = guest();
    let rest = "const it = new Map([[1, 2], [3, 4]]).entries(); console.log(it); export default [...it]";
    assert_eq!(guest.value(rest), "[[1,2],[3,4]]", "an iterator that was shown has lost nothing");
}

#[test]
fn modules_show_their_exports_also_before_they_are_initialised() {
    let mut guest = guest();
    guest.module(
        "user:a",
        "import * as self from 'user:a'; console.log(self); export const late = 1; export function f() {}",
    );
    guest.value("import * as a from 'user:a'; console.log(a); export default 0");
    let lines: Vec<String> = guest.console().into_iter().map(|sent| sent.1).collect();
    assert_eq!(
        lines,
        [
            "[Module: null prototype] { f: [Function: f], late: <uninitialized> }",
            "[Module: null prototype] { f: [Function: f], late: 1 }"
        ]
    );
}

#[test]
fn neither_getters_nor_traps_run() {
    let mut guest = guest();
    guest.value(
        "globalThis.ran = [];
         const note = name => () => { ran.push(name); throw new Error(name) };
         const traps = Object.fromEntries(Reflect.ownKeys(Reflect).filter(key => typeof key === 'string').map(key => [key, note(key)]));
         const getter = (object, key) => Object.defineProperty(object, key, { get: note(String(key)), enumerable: true });
         const hostile = [
             new Proxy({ a: 1 }, traps), new Proxy([1], traps), new Proxy(() => 1, traps), new Proxy(class A {}, traps), new Proxy(new Map([[1, 2]]), traps), new Proxy(new Error('m'), traps),
             Object.create(new Proxy({}, traps)), Object.setPrototypeOf([1], new Proxy([], traps)), Object.setPrototypeOf(() => 1, new Proxy(() => 1, traps)),
             ...['constructor', 'a', Symbol.toStringTag, Symbol.iterator, Symbol.for('nodejs.util.inspect.custom'), 'name', 'message', 'length', 'size', 'then'].flatMap(key =>
                 [getter({}, key), Object.create(getter({}, key)), key === 'length' ? 0 : getter([1], key), getter(new Map([[1, 2]]), key), getter(new Error('m'), key), getter(new Date(0), key)]),
             getter([1], '0'), getter(new Error('m'), 'stack'), getter(new Error('m'), 'cause'), getter(function () {}, 'name'), getter(class {}, 'name'),
             Object.defineProperty(class {}, Symbol.hasInstance, { value: note('hasInstance') }), new (Object.defineProperty(class {}, Symbol.hasInstance, { value: note('hasInstance') })),
             { toJSON: note('toJSON'), valueOf: note('valueOf') },
         ];
         for (const value of hostile) { console.log(value, [value]); console.dir(value, { showHidden: true, depth: 9 }); console.table(value); console.table([value]); console.log('%o %O', value, value) }",
    );
    guest.console();
    assert_eq!(guest.value("export default ran"), "[]");
}

#[test]
fn replaced_built_ins_are_not_asked() {
    let mut guest = guest();
    let asked = guest.value(
        "const values = ['%s %d', { a: { b: 1 } }, '5', new Map([[1, { a: 2 }]]), new Set([1]), new Date(0), /x/gi, new Error('m'), Symbol('s'), { [Symbol('k')]: 1 }, Object(1n), Object('s'), Object(Symbol('b')),
             new Uint8Array(2), new DataView(new ArrayBuffer(2)), [1, , 2], Array(200).fill(1), Promise.resolve(1), () => 1, class A {}, Math, new Proxy([1], {}), new Map().keys()];
         const { apply, ownKeys, getOwnPropertyDescriptor: own, defineProperty: define, getPrototypeOf: up } = Reflect;
         const { log, table, dir } = console, rows = [[{ a: 1 }]], full = [values, { showHidden: true, depth: 9 }];
         const print = () => { apply(log, undefined, values); apply(table, undefined, rows); apply(dir, undefined, full) };
         const targets = [];
         for (const name of ownKeys(globalThis)) {
             const held = globalThis[name];
             if (typeof held !== 'function' && name !== 'Reflect' && name !== 'JSON' && name !== 'performance' && name !== 'Symbol') continue;
             for (const object of [held, held.prototype, held.prototype && up(held.prototype), up(held)]) if (object) for (const key of ownKeys(object)) {
                 const { configurable, value, get } = own(object, key);
                 if (configurable && (typeof value === 'function' || get) && key !== 'constructor') targets.push([object, key]);
             }
         }
         for (const iterator of [new Map().keys(), new Set().keys(), [].keys()]) targets.push([up(iterator), 'next']);
         for (const key of ['value', 'get', 'set', 'done', 'enumerable', 'then', 'toJSON', 'depth', 'nodejs.util.inspect.custom']) targets.push([Object.prototype, key]);
         print();
         let asked = 0;
         const trap = { __proto__: null, configurable: true, get() { asked++ } };
         const { length } = targets;
         for (let i = 0; i < length; i++) define(targets[i][0], targets[i][1], trap);
         asked = 0;
         print();
         const count = asked;
         export default [length > 400, count]",
    );
    let lines: Vec<String> = guest.console().into_iter().map(|sent| sent.1).collect();
    let (before, after) = lines.split_at(lines.len() / 2);
    assert_eq!(before.len(), 3);
    assert_eq!(before[..2], after[..2]);
    assert_eq!(asked, "[true,0]");
}

#[test]
fn bounds_hold_for_whatever_is_shown() {
    for expression in [
        "'€'.repeat(50000)",
        "'x'.repeat(40000), 'y'.repeat(40000)",
        "Array(100).fill('z'.repeat(2000))",
        "new Error('€'.repeat(50000))",
        "Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['key' + i, i]))",
        "{ ['k'.repeat(1e6)]: 1 }",
        "Symbol('s'.repeat(1e6))",
        "(f => f(f, 5))((f, n) => n ? Array.from({ length: 100 }, () => ({ inner: f(f, n - 5) })) : 'x'.repeat(3000))",
        "Array(100).fill(Array(100).fill(Array(100).fill('abcdef')))",
    ] {
        let long = line(expression);
        assert!(long.len() < 66_000 && long.ends_with("… [truncated]"), "{expression}: {}", long.len());
    }
    for expression in [
        "['€'.repeat(50000)]",
        "new Uint8Array(1e6)",
        "Array(1e6)",
        "Array(1e6).fill(1)",
        "new Map(Array.from({ length: 1e4 }, (_, i) => [i, i]))",
        "(a => { a[4294967294] = 1; return a })([])",
    ] {
        let cut = line(expression);
        assert!(cut.len() < 66_000 && !cut.contains("truncated"), "{expression}: {}", cut.len());
        assert!(cut.contains(" more ") || cut.contains("empty item"), "{expression}: {cut}");
    }
}

#[test]
fn nesting_ends_where_the_stack_does_and_the_text_says_so() {
    let mut guest = guest();
    guest.configure(&configuration(&[]));
    guest.value(
        "let deep = {}; for (let i = 0; i < 1e4; i++) deep = { deep };
         console.dir(deep, { depth: null }); console.dir(deep, { depth: Infinity }); console.dir(deep, { depth: -1 }); console.log('after')",
    );
    let lines: Vec<String> = guest.console().into_iter().map(|sent| sent.1).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].contains("[Object]") || lines[0].contains("no stack or memory left"), "{}", lines[0]);
    assert_eq!(lines[0], lines[1]);
    assert_eq!(lines[2..], ["[Object]", "after"]);
}

#[test]
fn deep_recursion_through_hooks_ends() {
    let mut guest = guest();
    guest.value(
        "const hook = Symbol.for('nodejs.util.inspect.custom');
         console.log({ [hook](depth, options, inspect) { return inspect(this) } });
         console.log({ [hook]() { return { [hook]: this[hook] } } });
         console.log({ [hook]() { console.log(this); return 'x' } }); console.log('after')",
    );
    assert_eq!(guest.console().last().unwrap().1, "after");
}

#[test]
fn hooks_get_depth_options_and_inspect() {
    let mut guest = guest();
    assert_eq!(
        shown(
            &mut guest,
            "[{ [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) { return [depth, options.depth, options.maxArrayLength, options.stylize('s', 'string'), typeof inspect, inspect({ a: [[1]] }, { depth: 0 })].join() } }]"
        ),
        "[ 1,2,100,s,function,{ a: [Array] } ]"
    );
    assert_eq!(
        shown(&mut guest, "{ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('oops') } }, 1"),
        "<inspection threw: oops> 1"
    );
    assert_eq!(
        shown(
            &mut guest,
            "new Proxy({ [Symbol.for('nodejs.util.inspect.custom')]() { return 'through' } }, {})"
        ),
        "through"
    );
}

#[test]
fn an_endless_hook_is_interrupted() {
    let mut guest = guest();
    guest.platform.polls_left.set(Some(50));
    let error = guest.error("console.log({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } })");
    assert_eq!(error.cause, hypercell_common::body::Cause::Interrupted);
}

#[test]
fn cycles_through_every_kind_of_container_end() {
    let cycle = line(
        "(o => { o.map = new Map([[o, o]]); o.set = new Set([o]); o.error = Object.assign(new Error('m'), { o }); o.promise = Promise.resolve(o); o.f = Object.assign(() => 1, { o }); o.proxy = new Proxy(o, {}); return o })({})",
    );
    assert!(cycle.starts_with("<ref *1> {\n") && cycle.matches("[Circular *1]").count() == 7, "{cycle}");
}
