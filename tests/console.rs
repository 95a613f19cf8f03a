//! The console reaches the host's sink line by line, up to its limit, and nothing
//! that it does can fail a call.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ConsoleLevel, ErrorKind, HostModule, Limits, Sandbox, SandboxBuilder};
use hypercell_tests::{engine, fails, says, thrown, works};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

type Lines = Arc<Mutex<Vec<(ConsoleLevel, String)>>>;

/// A sandbox and the lines that its console gets.
fn logged(configure: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Option<(Sandbox, Lines)> {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    let console = move |level, text: &str| sink.lock().unwrap().push((level, text.to_owned()));
    let sandbox = configure(engine()?.sandbox().console(console)).build().unwrap();
    Some((sandbox, lines))
}

fn texts(lines: &Lines) -> Vec<String> {
    lines.lock().unwrap().drain(..).map(|(_, text)| text).collect()
}

#[test]
fn each_method_has_its_level_and_the_order_stays() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };

    sandbox
        .eval::<()>("for (const method of ['error', 'log', 'debug', 'warn', 'info', 'log']) console[method](method); console.assert(false, 'asserted')")
        .unwrap();

    let lines = lines.lock().unwrap();
    let lines: Vec<_> = lines.iter().map(|(level, text)| (level.as_str(), text.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("error", "error"),
            ("log", "log"),
            ("debug", "debug"),
            ("warn", "warn"),
            ("info", "info"),
            ("log", "log"),
            ("error", "Assertion failed: asserted")
        ]
    );
}

#[test]
fn every_other_method_has_a_level_too() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };

    sandbox
        .eval::<()>(
            "console.dir({ a: 1 }); console.dirxml(1); console.table([{ a: 1 }]); console.count(); console.countReset('none'); \
             console.group('group'); console.log('two\\nlines'); console.groupEnd(); console.time('t'); console.timeLog('t'); console.timeEnd('t'); console.timeEnd('t'); console.trace('here')",
        )
        .unwrap();

    let lines = lines.lock().unwrap();
    let told: Vec<_> = lines.iter().map(|(level, text)| format!("{level}: {text}")).collect();
    assert_eq!(
        told.get(..7).unwrap(),
        [
            "log: { a: 1 }",
            "log: 1",
            "log: ┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘",
            "info: default: 1",
            "warn: Count for 'none' does not exist",
            "log: group",
            "log:   two\n  lines",
        ]
    );
    says(told.get(7).unwrap(), &["log: t: ", "s"]);
    says(told.get(8).unwrap(), &["info: t: ", "s"]);
    assert_eq!(told.get(9).unwrap(), "warn: No such label 't' for console.timeEnd()");
    says(told.get(10).unwrap(), &["debug: Trace: here\n    at "]);
    assert_eq!(told.len(), 11);
}

#[test]
fn groups_counters_and_timers_are_the_realms() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };
    let snapshot = sandbox.snapshot().unwrap();
    let source = "console.count(); console.group(); console.time('t'); console.log('in')";

    for _ in 0..2 {
        sandbox.eval::<()>(source).unwrap();
        assert_eq!(texts(&lines), ["default: 1", "  in"]);
        sandbox.eval::<()>(source).unwrap();
        assert_eq!(
            texts(&lines),
            ["  default: 2", "    Label 't' already exists for console.time()", "    in"]
        );
        sandbox.restore(&snapshot).unwrap();
    }
}

#[test]
fn values_are_written_for_people() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };

    sandbox.eval::<()>("console.log('text', 1, -0.5, true, null, undefined); console.log({ a: [1, 'x'] }); console.log(); console.log('ü😀\\0')").unwrap();

    let texts = texts(&lines);
    assert_eq!(texts.first().unwrap(), "text 1 -0.5 true null undefined");
    says(texts.get(1).unwrap(), &["a", "1", "x"]);
    assert_eq!(texts.get(2..).unwrap(), ["", "ü😀\0"]);
}

#[test]
fn nothing_that_is_logged_fails_a_call() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };
    let odd = [
        "Symbol('s')",
        "10n",
        "() => 1",
        "class A {}",
        "new Proxy({}, { get() { throw 1 } })",
        "{ get a() { throw 1 } }",
        "{ toString() { throw 1 } }",
        "Object.create(null)",
        "(o => o.self = o)({})",
        "new Uint8Array(1e6)",
        "Array(1e6)",
        "'\\ud800'",
        "[[[[[[[[[[[[[[]]]]]]]]]]]]]]",
        "globalThis",
        "new Error('e')",
    ];

    for value in odd {
        sandbox.eval::<()>(&format!("console.log('before', ({value})); console.log('after')")).unwrap();
        let texts = texts(&lines);
        says(texts.first().unwrap(), &["before"]);
        assert_eq!(texts.last().unwrap(), "after", "{value}");
    }
}

#[test]
fn output_above_the_limit_is_cut_with_a_mark() {
    let Some((mut sandbox, lines)) = logged(|builder| builder.limits(Limits::default().console(10))) else {
        return;
    };

    for _ in 0..2 {
        sandbox.eval::<()>("console.log('1234'); console.log('567'); console.log('8ü90'); for (let i = 0; i < 100; i++) console.log('more')").unwrap();

        let texts = texts(&lines);
        assert_eq!(texts.get(..2).unwrap(), ["1234", "567"]);
        says(texts.get(2).unwrap(), &["8ü…", "limit of 10 bytes"]);
        assert_eq!(texts.len(), 3, "{texts:?}");
    }
}

#[test]
fn output_up_to_the_limit_is_whole() {
    let Some((mut sandbox, lines)) = logged(|builder| builder.limits(Limits::default().console(8))) else {
        return;
    };

    sandbox.eval::<()>("console.log('12345678')").unwrap();
    assert_eq!(texts(&lines), ["12345678"]);
}

#[test]
fn a_limit_of_zero_leaves_the_mark_only() {
    let Some((mut sandbox, lines)) = logged(|builder| builder.limits(Limits::default().console(0))) else {
        return;
    };

    sandbox.eval::<()>("console.log('x'); console.log('y')").unwrap();

    let texts = texts(&lines);
    assert_eq!(texts.len(), 1);
    says(texts.first().unwrap(), &["limit of 0 bytes"]);
}

#[test]
fn one_endless_line_is_cut() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };

    sandbox.eval::<()>("console.log('x'.repeat(10_000_000)); console.log('next')").unwrap();

    let texts = texts(&lines);
    let total: usize = texts.iter().map(String::len).sum();
    assert!(total < 2 << 20, "{total}");
    says(texts.first().unwrap(), &["xxx", "truncated"]);
    assert_eq!(texts.last().unwrap(), "next");
}

#[test]
fn what_is_large_or_endless_is_cut_with_a_mark() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };
    let values = [
        "Array(100).fill('x'.repeat(9000))",
        "Object.fromEntries(Array.from({ length: 2e4 }, (_, i) => ['key' + i, { i }]))",
        "Array(100).fill(Array(100).fill(Array(100).fill('abcdef')))",
        "new Error('x'.repeat(1e6))",
    ];

    for value in values {
        sandbox
            .eval::<()>(&format!("console.log({value}); console.table({value}); console.log('next')"))
            .unwrap();
        let texts = texts(&lines);
        assert_eq!(texts.len(), 3, "{value}");
        let first = texts.first().unwrap();
        assert!(first.ends_with("… [truncated]"), "{value}");
        assert!(texts.iter().all(|text| text.len() < 66_000), "{value}");
        assert_eq!(texts.last().unwrap(), "next");
    }
    sandbox
        .eval::<()>("let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; console.dir(deep, { depth: null }); console.log('next')")
        .unwrap();
    let texts = texts(&lines);
    assert!(texts.first().unwrap().contains("[Array]") || texts.first().unwrap().contains("no stack"));
    assert_eq!(texts.last().unwrap(), "next");
}

#[test]
fn lines_of_a_call_that_fails_arrive() {
    let Some((mut sandbox, lines)) = logged(|builder| builder) else { return };

    assert_eq!(thrown(sandbox.eval::<Value>("console.log('thrown'); throw new Error('x')")), "Error: x");
    let options = CallOptions::new().wall(Duration::from_millis(20));
    fails(sandbox.eval_with::<Value>("console.log('stopped'); for (;;);", &options), ErrorKind::Cancelled);

    assert_eq!(texts(&lines), ["thrown", "stopped"]);
}

#[test]
fn lines_and_host_calls_keep_their_order() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let (console, function) = (Arc::clone(&order), Arc::clone(&order));
    let host = HostModule::new("test")
        .function("note", move |n: u32| function.lock().unwrap().push(format!("call {n}")));
    let Some(engine) = engine() else { return };
    let sink = move |_, text: &str| console.lock().unwrap().push(text.to_owned());
    let mut sandbox = engine.sandbox().host_module(host).console(sink).build().unwrap();

    sandbox.eval::<()>("import { note } from 'host:test'; for (let n = 0; n < 2; n++) { console.log(`line ${n}`); note(n) }").unwrap();

    assert_eq!(*order.lock().unwrap(), ["line 0", "call 0", "line 1", "call 1"]);
    assert_eq!(sandbox.stats().host_calls, 2, "lines are no host calls");
}

#[test]
fn a_sink_that_panics_loses_its_line_and_nothing_else() {
    let Some(engine) = engine() else { return };
    let kept = Lines::default();
    let lines = Arc::clone(&kept);
    let sink = move |level, text: &str| {
        if text == "bad" {
            panic!("a sink fails");
        }
        lines.lock().unwrap().push((level, text.to_owned()));
    };
    let mut sandbox = engine.sandbox().console(sink).build().unwrap();

    sandbox.eval::<()>("console.log('one'); console.log('bad'); console.log('two')").unwrap();

    assert_eq!(texts(&kept), ["one", "two"]);
    works(&mut sandbox);
}

#[test]
fn a_flood_without_a_sink_ends_by_the_limits_on_time() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().build().unwrap();

    let options = CallOptions::new().wall(Duration::from_millis(50));
    fails(sandbox.eval_with::<Value>("for (;;) console.log('flood')", &options), ErrorKind::Cancelled);

    sandbox.unload().unwrap();
    works(&mut sandbox);
}
