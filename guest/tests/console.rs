//! `console` as the Console Standard has it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::Kind;
use support::{Guest, guest};

fn logs(guest: &mut Guest, source: &str) -> Vec<String> {
    guest.value(source);
    guest.console().into_iter().map(|(level, text)| format!("{level}|{text}")).collect()
}

#[test]
fn each_method_has_its_level() {
    let mut guest = guest();
    assert_eq!(
        logs(
            &mut guest,
            "for (const m of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'dirxml', 'table', 'count']) console[m](m)"
        ),
        [
            "log|log",
            "info|info",
            "debug|debug",
            "warn|warn",
            "error|error",
            "log|'dir'",
            "log|dirxml",
            "log|table",
            "info|count: 1"
        ]
    );
}

#[test]
fn the_namespace_is_as_specified() {
    let mut guest = guest();
    assert_eq!(
        guest.value(
            "const d = Object.getOwnPropertyDescriptor(globalThis, 'console'), tag = Object.getOwnPropertyDescriptor(console, Symbol.toStringTag), proto = Object.getPrototypeOf(console);
             export default [d.writable, d.enumerable, d.configurable, tag.value, tag.writable, tag.enumerable, tag.configurable, String(console),
                 Reflect.ownKeys(proto).length, Object.getPrototypeOf(proto) === Object.prototype]"
        ),
        r#"[true,false,true,"console",false,false,true,"[object console]",0,true]"#
    );
    assert_eq!(
        guest.value(
            "const names = Object.keys(console); export default [names.join(), names.every(name => {
                 const d = Object.getOwnPropertyDescriptor(console, name), f = d.value;
                 return d.writable && d.enumerable && d.configurable && f.name === name && f.length === 0 && !('prototype' in f) && f.call(null) === undefined })]"
        ),
        r#"["assert,clear,debug,error,info,log,table,trace,warn,dir,dirxml,count,countReset,group,groupCollapsed,groupEnd,time,timeLog,timeEnd",true]"#
    );
    assert_eq!(guest.value("globalThis.console = 1; export default console"), "1");
}

#[test]
fn assert_prints_only_what_is_false() {
    let mut guest = guest();
    assert_eq!(
        logs(
            &mut guest,
            "for (const yes of [true, 1, 'x', 1n, {}, [], Symbol()]) console.assert(yes, 'silent');
             for (const no of [false, 0, NaN, '', 0n, null, undefined]) console.assert(no, '%s', 1);
             console.assert(); console.assert(false, { a: 1 }, 'x'); console.assert(false, 'text', 2)"
        )[6..],
        [
            "error|Assertion failed: 1",
            "error|Assertion failed",
            "error|Assertion failed { a: 1 } x",
            "error|Assertion failed: text 2"
        ]
    );
}

#[test]
fn groups_indent_every_line_until_they_end() {
    let mut guest = guest();
    assert_eq!(
        logs(
            &mut guest,
            "console.group('one', 1); console.log('a\\nb'); console.groupCollapsed(); console.warn('c'); console.groupEnd(); console.log('d'); console.groupEnd(); console.groupEnd(); console.log('e');
             console.group(); console.group(); console.clear(); console.log('f')"
        ),
        ["log|one 1", "log|  a\n  b", "warn|    c", "log|  d", "log|e", "log|f"]
    );
    assert!(
        logs(&mut guest, "for (let i = 0; i < 1e5; i++) console.group(); console.log('deep')")[0].len()
            < 1100
    );
    let lines = logs(&mut guest, "console.log('\\n'.repeat(60000))");
    assert!(lines[0].len() < 66_000 && lines[0].ends_with("… [truncated]"), "{}", lines[0].len());
}

#[test]
fn counters_count_by_label() {
    let mut guest = guest();
    assert_eq!(
        logs(
            &mut guest,
            "console.count(); console.count('default'); console.count(undefined); console.count('x'); console.count({ toString: () => 'x' }); console.countReset('x'); console.count('x'); console.countReset('none'); console.count(null)"
        ),
        [
            "info|default: 1",
            "info|default: 2",
            "info|default: 3",
            "info|x: 1",
            "info|x: 2",
            "info|x: 1",
            "warn|Count for 'none' does not exist",
            "info|null: 1"
        ]
    );
    assert_eq!(logs(&mut guest, "console.count('x')"), ["info|x: 2"], "counters are the realm's");
    let labels = logs(&mut guest, "for (let i = 0; i < 1100; i++) console.count('l' + i)");
    assert!(labels.last().unwrap().contains("there are 1000 labels already"), "{labels:?}");
}

#[test]
fn labels_that_have_no_text_throw() {
    let mut guest = guest();
    for method in ["count", "countReset", "time", "timeLog", "timeEnd"] {
        let error =
            guest.error(&format!("console.{method}({{ toString() {{ throw new RangeError('no text') }} }})"));
        assert_eq!((error.name.as_str(), error.message.as_str()), ("RangeError", "no text"), "{method}");
        assert_eq!(guest.error(&format!("console.{method}(Symbol())")).name, "TypeError", "{method}");
    }
}

#[test]
fn timers_tell_how_long_they_run() {
    let mut guest = guest();
    let lines = logs(
        &mut guest,
        "console.time(); console.time(); console.timeLog('default', 'and', { a: 1 }); console.timeEnd(); console.timeEnd(); console.timeLog('none')",
    );
    assert_eq!(lines[0], "warn|Label 'default' already exists for console.time()");
    assert!(lines[1].starts_with("log|default: ") && lines[1].ends_with("s and { a: 1 }"), "{lines:?}");
    assert!(lines[2].starts_with("info|default: ") && lines[2].ends_with('s'), "{lines:?}");
    assert_eq!(
        lines[3..],
        [
            "warn|No such label 'default' for console.timeEnd()",
            "warn|No such label 'none' for console.timeLog()"
        ]
    );
}

#[test]
fn dir_takes_options_and_no_format() {
    let mut guest = guest();
    assert_eq!(
        logs(
            &mut guest,
            "const deep = { a: { b: { c: { d: 1 } } } };
             console.dir(deep); console.dir(deep, { depth: 0 }); console.dir(deep, { depth: null }); console.dir('%s', 1); console.dir();
             console.dir([1], { showHidden: true }); console.dir({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'mine' }, { get depth() { throw 1 } })"
        ),
        [
            "log|{ a: { b: { c: [Object] } } }",
            "log|{ a: [Object] }",
            "log|{\n  a: { b: { c: { d: 1 } } }\n}",
            "log|'%s'",
            "log|undefined",
            "log|[ 1, [length]: 1 ]",
            "log|{\n  [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]\n}"
        ]
    );
}

#[test]
fn tables_have_a_row_for_each_element() {
    let mut guest = guest();
    for (arguments, table) in [
        (
            "[{ a: 1, b: 'x' }, { a: 22, c: [1, 2, 3, 4] }]",
            "┌─────────┬────┬─────┬──────────────────────────────┐
│ (index) │ a  │ b   │ c                            │
├─────────┼────┼─────┼──────────────────────────────┤
│ 0       │ 1  │ 'x' │                              │
│ 1       │ 22 │     │ [ 1, 2, 3, ... 1 more item ] │
└─────────┴────┴─────┴──────────────────────────────┘",
        ),
        (
            "[1, '日本', { get a() { throw 1 } }]",
            "┌─────────┬──────────┬────────┐
│ (index) │ a        │ Values │
├─────────┼──────────┼────────┤
│ 0       │          │ 1      │
│ 1       │          │ '日本' │
│ 2       │ [Getter] │        │
└─────────┴──────────┴────────┘",
        ),
        (
            "new Map([['k', { a: 1, b: 2, c: 3 }]])",
            "┌───────────────────┬─────┬──────────┐
│ (iteration index) │ Key │ Values   │
├───────────────────┼─────┼──────────┤
│ 0                 │ 'k' │ [Object] │
└───────────────────┴─────┴──────────┘",
        ),
        (
            "new Set(['a'])",
            "┌───────────────────┬────────┐
│ (iteration index) │ Values │
├───────────────────┼────────┤
│ 0                 │ 'a'    │
└───────────────────┴────────┘",
        ),
        (
            "{ x: { a: 1, b: 2 }, y: 5 }, ['b', 'z']",
            "┌─────────┬───┬───┐
│ (index) │ b │ z │
├─────────┼───┼───┤
│ x       │ 2 │   │
│ y       │   │   │
└─────────┴───┴───┘",
        ),
        (
            "[]",
            "┌─────────┐
│ (index) │
├─────────┤
└─────────┘",
        ),
        ("5", "5"),
        ("null", "null"),
        ("'%s', ['a']", "%s"),
    ] {
        assert_eq!(logs(&mut guest, &format!("console.table({arguments})")), [format!("log|{table}")]);
    }
    assert_eq!(guest.error("console.table([], 'a')").name, "TypeError");
}

#[test]
fn tables_are_cut_with_a_mark() {
    let mut guest = guest();
    for data in [
        "Array.from({ length: 1e5 }, (_, i) => i)",
        "Array.from({ length: 3000 }, (_, i) => ({ ['column' + i]: i }))",
        "[{ a: 'x'.repeat(1e5) }]",
        "new Map(Array.from({ length: 1e5 }, (_, i) => [i, i]))",
        "new Set(Array.from({ length: 1e5 }, (_, i) => i))",
        "[Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => ['k' + i, i]))]",
    ] {
        let line = logs(&mut guest, &format!("console.table({data})")).remove(0);
        assert!(line.len() < 66_000, "{data}: {}", line.len());
        assert!(line.contains("truncated") || line.contains(" more "), "{data}");
    }
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
             Object.defineProperty([1], '0', { get: trap }), (({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {})), Symbol('x'), 1n,
         ];
         for (const method of ['log', 'error', 'trace', 'dir', 'dirxml', 'table', 'group', 'groupEnd']) for (const value of hostile) console[method](value, method === 'table' ? undefined : [value]);
         for (const value of hostile) for (const specifier of 'sdifoOcj') console.log('%' + specifier, value);
         Object.defineProperty(Symbol.prototype, 'description', { get: trap });
         console.log(Symbol('x'), hostile)",
    );
    assert!(guest.console().len() > 150);
}

#[test]
fn trace_has_the_callers_stack_and_nothing_of_the_glue() {
    let mut guest = guest();
    guest
        .request(
            Kind::Script,
            "s.js",
            "function f() { console.trace('%s', 'here', 1) }\nf(); console.trace()",
        )
        .unwrap();
    assert_eq!(
        guest.console(),
        [
            ("debug".to_owned(), "Trace: here 1\n    at f (s.js:1:23)\n    at <eval> (s.js:2:1)".to_owned()),
            ("debug".to_owned(), "Trace\n    at <eval> (s.js:2:14)".to_owned())
        ]
    );
}
