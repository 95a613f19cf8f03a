//! Guest code reaches the host functions that it was given, gets their results
//! and errors, and nothing else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use hypercell::{Bytes, ErrorKind, HostError, HostModule, Limits, Sandbox, Value};
use hypercell_tests::{engine, fails, says, throws, works};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

/// A sandbox with the functions of `host`, which is named `host:test`.
fn with(host: HostModule) -> Option<Sandbox> {
    engine().map(|engine| engine.sandbox().host_module(host).build().unwrap())
}

fn host() -> HostModule {
    HostModule::new("test")
}

/// The value of an expression in which `h` is the host module.
fn value(sandbox: &mut Sandbox, expression: &str) -> Json {
    let source = format!("import * as h from 'host:test'; export default {expression}");
    sandbox.eval::<Json>(&source).unwrap().unwrap()
}

/// Name, message and code of what an expression throws.
fn caught(sandbox: &mut Sandbox, expression: &str) -> (String, String, Option<String>) {
    let source = format!(
        "import * as h from 'host:test';
         let caught; try {{ {expression}; }} catch (e) {{ caught = [e.name, e.message, e.code ?? null, e instanceof Error] }}
         export default caught"
    );
    let (name, message, code, is_error): (_, String, _, bool) = sandbox.eval(&source).unwrap().unwrap();
    assert!(is_error, "{message}");
    (name, message, code)
}

#[test]
fn typed_arguments_and_results_cross() {
    #[derive(Serialize, Deserialize)]
    struct Point {
        x: f64,
        y: f64,
    }
    let functions = host()
        .function("nothing", || ())
        .function("add", |a: i64, b: i64| a + b)
        .function("mirror", |p: Point| Point { x: p.y, y: p.x })
        .function("join", |parts: Vec<String>, by: char| parts.join(&by.to_string()))
        .function("any", |value: Value| value)
        .function("eight", |a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8| [a, b, c, d, e, f, g, h]);
    let Some(mut sandbox) = with(functions) else { return };

    assert_eq!(value(&mut sandbox, "h.nothing()"), json!(null));
    assert_eq!(value(&mut sandbox, "h.add(40, 2)"), json!(42));
    assert_eq!(value(&mut sandbox, "h.mirror({ x: 1.5, y: -2, z: 'more' })"), json!({ "x": -2, "y": 1.5 }));
    assert_eq!(value(&mut sandbox, "h.join(['a', 'b'], '-')"), json!("a-b"));
    assert_eq!(value(&mut sandbox, "h.any({ a: [1, { b: null }] })"), json!({ "a": [1, { "b": null }] }));
    assert_eq!(value(&mut sandbox, "h.eight(1, 2, 3, 4, 5, 6, 7, 8)"), json!([1, 2, 3, 4, 5, 6, 7, 8]));
}

#[test]
fn an_argument_that_is_optional_may_be_left_out() {
    let greet = |name: String, title: Option<String>| format!("{} {name}", title.unwrap_or("Dear".into()));
    let Some(mut sandbox) = with(host().function("greet", greet)) else { return };

    for (arguments, expected) in [
        ("'Ada'", "Dear Ada"),
        ("'Ada', undefined", "Dear Ada"),
        ("'Ada', null", "Dear Ada"),
        ("'Ada', 'Dr'", "Dr Ada"),
    ] {
        assert_eq!(value(&mut sandbox, &format!("h.greet({arguments})")), json!(expected));
    }
}

#[test]
fn wrong_arguments_are_type_errors_with_the_arguments_number() {
    let Some(mut sandbox) = with(host().function("add", |a: i32, b: i32| a + b)) else { return };
    let cases = [
        ("h.add(1, 2, 3)", "2 arguments at most"),
        ("h.add(...Array(5000).fill(1))", "given 5000"),
        ("h.add()", "argument 1 is missing"),
        ("h.add(1)", "argument 2 is missing"),
        ("h.add(1, 'two')", "argument 2"),
        ("h.add(1.5, 2)", "argument 1"),
        ("h.add({}, 2)", "argument 1"),
        ("h.add(1, 2 ** 31)", "argument 2"),
        ("h.add(1, NaN)", "argument 2"),
        ("h.add(() => 1, 2)", "$[0]"),
        ("h.add(1, 2n ** 31n)", "argument 2"),
        ("h.add(1, { a: [Symbol('x')] })", "$[1].a[0]"),
    ];

    for (call, words) in cases {
        let (name, message, _) = caught(&mut sandbox, call);
        assert_eq!(name, "TypeError", "{call}: {message}");
        says(message, &[words]);
    }
    assert_eq!(value(&mut sandbox, "h.add(1, 2)"), json!(3));
    assert_eq!(value(&mut sandbox, "h.add(1, 2n)"), json!(3), "a BigInt that fits is an integer");
}

#[test]
fn a_raw_function_gets_and_returns_json_text() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let functions = host()
        .raw_function("raw", move |arguments| {
            log.lock().unwrap().push(arguments.to_owned());
            Ok(format!("{{\"got\":{arguments}}}"))
        })
        .raw_function("broken", |_| Ok("{".into()))
        .raw_function("fails", |_| Err(HostError::new("no").with_code("E_RAW")));
    let Some(mut sandbox) = with(functions) else { return };

    assert_eq!(
        value(&mut sandbox, "h.raw(1, 'ü', [null], { __proto__: null, b: 0.5 })"),
        json!({ "got": [1, "ü", [null], { "b": 0.5 }] })
    );
    assert_eq!(value(&mut sandbox, "h.raw()"), json!({ "got": [] }));
    assert_eq!(*seen.lock().unwrap(), [r#"[1,"ü",[null],{"b":0.5}]"#, "[]"]);
    says(caught(&mut sandbox, "h.broken()").1, &["not JSON"]);
    assert_eq!(caught(&mut sandbox, "h.fails()"), ("Error".into(), "no".into(), Some("E_RAW".into())));
}

#[test]
fn bytes_cross_at_any_depth() {
    #[derive(Deserialize)]
    struct Upload {
        name: String,
        data: Bytes,
    }
    let functions = host()
        .function("flip", |data: Bytes| Bytes(data.iter().rev().copied().collect()))
        .function("sizes", |uploads: Vec<Upload>| {
            uploads.iter().map(|u| (u.name.clone(), u.data.len())).collect::<Vec<_>>()
        })
        .function("echo", |value: Value| value)
        .function("numbers", || vec![1u8, 2, 3]);
    let Some(mut sandbox) = with(functions) else { return };

    let flipped = "(b => [b instanceof Uint8Array, [...b]])(h.flip(new Uint8Array([1, 2, 255])))";
    assert_eq!(value(&mut sandbox, flipped), json!([true, [255, 2, 1]]));
    let sizes =
        "h.sizes([{ name: 'a', data: new ArrayBuffer(3) }, { name: 'b', data: new Uint8Array(1000000) }])";
    assert_eq!(value(&mut sandbox, sizes), json!([["a", 3], ["b", 1_000_000]]));
    let deep = "(v => [v.a[1].b instanceof Uint8Array, v.a[1].b.length, v.n])(h.echo({ a: [0, { b: new Uint8Array(5) }], n: null }))";
    assert_eq!(value(&mut sandbox, deep), json!([true, 5, null]));
    assert_eq!(value(&mut sandbox, "Array.isArray(h.numbers())"), json!(true));
    let (name, message, _) = caught(&mut sandbox, "h.flip('text')");
    assert_eq!(name, "TypeError");
    says(message, &["argument 1", "typed array"]);
}

#[test]
fn an_error_arrives_with_name_message_and_code() {
    let functions = host()
        .function("plain", || -> Result<(), HostError> { Err(HostError::new("plain message")) })
        .function("full", || -> Result<(), HostError> {
            Err(HostError::new("not here").with_name("NotFoundError").with_code("ERR_NOT_FOUND"))
        })
        .function("range", || -> Result<(), HostError> { Err(HostError::new("far").with_name("RangeError")) })
        .function("parse", |text: String| -> Result<i32, HostError> { Ok(text.parse()?) })
        .function("io", || -> Result<(), std::io::Error> { Err(std::io::Error::other("of the disk")) });
    let Some(mut sandbox) = with(functions) else { return };

    assert_eq!(caught(&mut sandbox, "h.plain()"), ("Error".into(), "plain message".into(), None));
    assert_eq!(
        caught(&mut sandbox, "h.full()"),
        ("NotFoundError".into(), "not here".into(), Some("ERR_NOT_FOUND".into()))
    );
    assert_eq!(
        caught(&mut sandbox, "try { h.range() } catch (e) { if (e instanceof RangeError) throw e }").0,
        "RangeError"
    );
    says(caught(&mut sandbox, "h.parse('x')").1, &["invalid digit"]);
    assert_eq!(caught(&mut sandbox, "h.io()").1, "of the disk");
    assert_eq!(value(&mut sandbox, "h.parse('42')"), json!(42));
}

#[test]
fn an_error_that_nobody_catches_fails_the_call() {
    let fail = || -> Result<(), HostError> {
        Err(HostError::new("gone").with_name("GoneError").with_code("E_GONE"))
    };
    let Some(mut sandbox) = with(host().function("fail", fail)) else { return };
    sandbox
        .add_handler(
            "h",
            "import { fail } from 'host:test';\nfunction inner() { fail() }\nconst handler = () => inner()",
        )
        .unwrap();

    let error = throws(sandbox.call::<Json>("h", &()));

    assert_eq!(
        (error.name.as_str(), error.message.as_str(), error.code.as_deref()),
        ("GoneError", "gone", Some("E_GONE"))
    );
    says(error.stack, &["inner", ":2"]);
    works(&mut sandbox);
}

#[test]
fn a_panic_is_an_error_that_says_nothing_of_the_host() {
    let calls = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&calls);
    let state = Arc::new(Mutex::new(()));
    let functions = host()
        .function("panics", move || -> u32 {
            counter.fetch_add(1, Ordering::Relaxed);
            let _held = state.lock();
            panic!("secret of the host")
        })
        .function("fine", || "fine");
    let Some(mut sandbox) = with(functions) else { return };

    for _ in 0..3 {
        let (name, message, code) = caught(&mut sandbox, "h.panics()");
        assert_eq!((name.as_str(), code.as_deref()), ("Error", Some("ERR_HOST_PANIC")));
        says(&message, &["test.panics"]);
        assert!(!message.contains("secret"));
        assert_eq!(value(&mut sandbox, "h.fine()"), json!("fine"));
    }
    let uncaught = fails(sandbox.eval::<Json>("import { panics } from 'host:test'; panics()"), ErrorKind::Js);
    assert!(!format!("{uncaught:?}").contains("secret"));
    assert_eq!(calls.load(Ordering::Relaxed), 4);
    works(&mut sandbox);
}

#[test]
fn what_is_not_there_is_an_error_that_names_it_at_load() {
    let Some(mut sandbox) = with(host().function("there", || 1)) else { return };

    let function = sandbox
        .add_handler("h", "import { gone } from 'host:test'; const handler = () => gone()")
        .unwrap_err();
    assert!(function.is_guest_error());
    says(function, &["gone", "host:test"]);
    let module = throws(sandbox.add_handler("h", "import 'host:absent'; const handler = () => 1"));
    says(module.message, &["host:absent", "'h'", "host:test"]);

    sandbox.add_handler("h", "import { there } from 'host:test'; const handler = () => there()").unwrap();
    assert_eq!(sandbox.call::<i32>("h", &()).unwrap(), 1);
}

#[test]
fn names_that_are_no_names_are_refused() {
    let Some(engine) = engine() else { return };

    for name in ["", "a b", "a:b", "a\0b", "ü", &"x".repeat(257)] {
        let module = HostModule::new(name).function("f", || 1);
        says(fails(engine.sandbox().host_module(module).build(), ErrorKind::InvalidArg), &["host module"]);
        let function = host().function(name, || 1);
        says(
            fails(engine.sandbox().host_module(function).build(), ErrorKind::InvalidArg),
            &["function", "`test`"],
        );
    }
}

#[test]
fn a_module_or_function_of_the_same_name_replaces_the_first() {
    let Some(engine) = engine() else { return };
    let first = host().function("f", || 1).function("gone", || 1);
    let second = host().function("f", || 2).function("f", || 3);
    let mut sandbox = engine.sandbox().host_module(first).host_module(second).build().unwrap();

    assert_eq!(value(&mut sandbox, "[h.f(), Object.keys(h).includes('gone')]"), json!([3, false]));
}

#[test]
fn any_name_that_is_allowed_can_be_imported() {
    let functions = host()
        .function("default", || "d")
        .function("a-b.c/d$", || "odd")
        .function("__proto__", || "p")
        .function("then", || "t");
    let Some(mut sandbox) = with(functions) else { return };

    let source = "import d, { 'a-b.c/d$' as odd, __proto__ as p, then as t } from 'host:test'; export default [d(), odd(), p(), t()]";

    assert_eq!(sandbox.eval::<Json>(source).unwrap().unwrap(), json!(["d", "odd", "p", "t"]));
}

#[test]
fn ten_thousand_calls_fit_one_call() {
    let calls = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&calls);
    let Some(mut sandbox) = with(host().function("next", move || counter.fetch_add(1, Ordering::Relaxed)))
    else {
        return;
    };

    let sum = value(
        &mut sandbox,
        "(() => { let sum = 0; for (let i = 0; i < 10000; i++) sum += h.next(); return sum })()",
    );

    assert_eq!(sum, json!(9999 * 10_000 / 2));
    assert_eq!(sandbox.stats().host_calls, 10_000);
}

#[test]
fn calls_above_their_limit_are_errors_that_can_be_caught() {
    let Some(engine) = engine() else { return };
    for limit in [0, 5] {
        let limits = Limits::default().host_calls(limit);
        let mut sandbox =
            engine.sandbox().limits(limits).host_module(host().function("f", || 1)).build().unwrap();
        let count =
            "(() => { let n = 0; try { for (;;) { h.f(); n++ } } catch (e) { return [n, e.code] } })()";

        for _ in 0..2 {
            assert_eq!(value(&mut sandbox, count), json!([limit, "ERR_LIMIT"]));
            assert_eq!(sandbox.stats().host_calls, limit);
        }
        works(&mut sandbox);
    }
}

#[test]
fn functions_run_on_the_thread_of_the_call() {
    let on = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&on);
    let Some(mut sandbox) =
        with(host().function("note", move || *noted.lock().unwrap() = Some(thread::current().id())))
    else {
        return;
    };

    let thread = thread::spawn(move || {
        value(&mut sandbox, "h.note()");
        thread::current().id()
    });

    assert_eq!(thread.join().unwrap(), on.lock().unwrap().unwrap());
}

#[test]
fn state_of_the_host_is_not_rolled_back() {
    let calls = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&calls);
    let Some(mut sandbox) = with(host().function("next", move || counter.fetch_add(1, Ordering::Relaxed)))
    else {
        return;
    };
    sandbox
        .add_handler("h", "import { next } from 'host:test'; let n = 0; const handler = () => [n++, next()]")
        .unwrap();
    let fresh = sandbox.snapshot().unwrap();

    for n in 0..5 {
        assert_eq!(sandbox.call::<Json>("h", &()).unwrap(), json!([0, n]));
        sandbox.restore(&fresh).unwrap();
    }
}

#[test]
fn a_function_may_use_another_sandbox() {
    let Some(engine) = engine() else { return };
    let mut inner = engine.sandbox().build().unwrap();
    inner
        .add_handler(
            "double",
            "const handler = n => { if (n < 0) throw new RangeError('inner'); return n * 2 }",
        )
        .unwrap();
    let inner = Mutex::new(inner);
    let double = move |n: i32| inner.lock().unwrap().call::<i32>("double", &n);
    let Some(mut outer) = with(host().function("double", double)) else { return };

    assert_eq!(value(&mut outer, "[h.double(4), h.double(h.double(5))]"), json!([8, 20]));
    says(caught(&mut outer, "h.double(-1)").1, &["inner"]);
    assert_eq!(value(&mut outer, "h.double(21)"), json!(42));
}
