//! A sandbox lives through handlers, evaluations, scripts, failures and unloads,
//! and stays usable.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, HostModule, Source, Status};
use hypercell_tests::{engine, fails, new_engine, sandbox, says, thrown, throws, works};
use serde_json::{Value, json};
use std::{collections::BTreeMap, thread, time::Duration};

#[test]
fn a_handler_when_called_returns_what_it_made_of_the_event() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("greet", "export const handler = e => ({ text: `Hello, ${e.name}!` })").unwrap();

    let answer: Value = sandbox.call("greet", &json!({ "name": "Ada" })).unwrap();

    assert_eq!(answer, json!({ "text": "Hello, Ada!" }));
}

#[test]
fn a_handler_may_be_exported_or_just_declared() {
    let Some(mut sandbox) = sandbox() else { return };
    let sources = [
        "function handler(e) { return e + 1 }",
        "export function handler(e) { return e + 1 }",
        "const handler = e => e + 1",
        "export const handler = e => e + 1; // the end",
        "let handler; handler = e => e + 1 /* no export */",
        "const plus = e => e + 1; export { plus as handler }",
        "export default 1; async function handler(e) { return e + 1 }",
        "// export nothing\nvar handler = 'export'; handler = async e => await (e + 1)",
    ];

    for (at, source) in sources.iter().enumerate() {
        let key = format!("handler {at}");
        sandbox.add_handler(&key, source).unwrap();
        assert_eq!(sandbox.call::<i32>(&key, &41).unwrap(), 42, "{source}");
    }
}

#[test]
fn an_async_handler_is_awaited() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler(
            "later",
            "async function handler(ticks) {
                 for (let i = 0; i < ticks; i++) await null;
                 if (ticks > 100) throw new RangeError('too late');
                 return { ticks };
             }",
        )
        .unwrap();

    assert_eq!(sandbox.call::<Value>("later", &100).unwrap(), json!({ "ticks": 100 }));
    assert_eq!(thrown(sandbox.call::<Value>("later", &101)), "RangeError: too late");
    works(&mut sandbox);
}

#[test]
fn a_promise_that_never_settles_is_an_error() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("never", "const handler = () => new Promise(() => {})").unwrap();

    says(thrown(sandbox.call::<Value>("never", &())), &["never settles"]);
    says(thrown(sandbox.eval::<Value>("await new Promise(() => {})")), &["never settles"]);
    works(&mut sandbox);
}

#[test]
fn a_handler_that_returns_undefined_is_an_error_that_says_so() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("nothing", "function handler() {}").unwrap();
    sandbox.add_handler("later", "async function handler() {}").unwrap();

    for key in ["nothing", "later"] {
        let error = fails(sandbox.call::<Value>(key, &()), ErrorKind::InvalidArg);
        says(error, &[key, "undefined"]);
    }
    works(&mut sandbox);
}

#[test]
fn an_unknown_handler_is_an_error_that_names_it() {
    let Some(mut sandbox) = sandbox() else { return };

    says(fails(sandbox.call::<Value>("nobody", &()), ErrorKind::InvalidArg), &["nobody"]);
    says(fails(sandbox.remove_handler("nobody"), ErrorKind::InvalidArg), &["nobody"]);
    works(&mut sandbox);
}

#[test]
fn handlers_keep_their_state_between_calls() {
    let Some(mut sandbox) = sandbox() else { return };
    let counter = "let n = 0; const handler = () => ++n";
    sandbox.add_handler("a", counter).unwrap();
    sandbox.add_handler("b", counter).unwrap();

    let counted = ["a", "a", "b", "a"].map(|key| sandbox.call::<i32>(key, &()).unwrap());

    assert_eq!(counted, [1, 2, 1, 3]);
}

#[test]
fn a_removed_handler_is_gone_and_its_key_free() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("h", "const handler = () => 'old'").unwrap();

    sandbox.remove_handler("h").unwrap();

    fails(sandbox.call::<String>("h", &()), ErrorKind::InvalidArg);
    sandbox.add_handler("h", "const handler = () => 'new'").unwrap();
    assert_eq!(sandbox.call::<String>("h", &()).unwrap(), "new");
}

#[test]
fn eval_returns_the_default_export_or_what_it_resolves_to() {
    let Some(mut sandbox) = sandbox() else { return };
    let cases = [
        ("export default 6 * 7", Some(json!(42))),
        ("const unused = 1", None),
        ("export default undefined", None),
        ("export default null", Some(json!(null))),
        ("export default Promise.resolve([1, 2])", Some(json!([1, 2]))),
        ("export default Promise.resolve()", None),
        ("export default { then(resolve) { resolve('thenable') } }", Some(json!("thenable"))),
        ("const a = await 20; export default a + await Promise.resolve(1)", Some(json!(21))),
        ("", None),
    ];

    for (source, expected) in cases {
        assert_eq!(
            sandbox.eval::<Option<Value>>(source).unwrap().map(Option::unwrap_or_default),
            expected,
            "{source}"
        );
    }
}

#[test]
fn evaluations_share_the_global_object_and_not_their_scopes() {
    let Some(mut sandbox) = sandbox() else { return };

    sandbox.eval::<()>("globalThis.shared = { n: 1 }; const own = 1").unwrap();

    assert_eq!(sandbox.eval::<i32>("export default ++shared.n").unwrap(), Some(2));
    assert_eq!(sandbox.eval::<String>("export default typeof own").unwrap().unwrap(), "undefined");
}

#[test]
fn what_eval_throws_arrives_with_name_message_code_and_line() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "\n\nclass MyError extends Error { name = 'MyError'; code = 'E_MINE' }\nfunction deep() { throw new MyError('oh') }\ndeep();";

    let error = throws(sandbox.eval::<Value>(Source::new(source).named("my file.js")));

    assert_eq!((error.name.as_str(), error.message.as_str()), ("MyError", "oh"));
    assert_eq!(error.code.as_deref(), Some("E_MINE"));
    says(error.stack, &["deep", "my file.js:4", "my file.js:5"]);
    works(&mut sandbox);
}

#[test]
fn anything_can_be_thrown() {
    let Some(mut sandbox) = sandbox() else { return };
    let cases = [
        ("throw 'a string'", "a string"),
        ("throw 42", "42"),
        ("throw undefined", "undefined"),
        ("throw { code: 7 }", "7"),
        ("throw Symbol('s')", "s"),
        ("throw { get message() { throw 1 } }", ""),
        ("throw new Proxy(new Error('hidden'), { get() { throw 1 } })", ""),
        ("const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { throw 1 } }); throw e", "m"),
        ("await Promise.reject(new Error('rejected'))", "rejected"),
        ("Promise.reject(new Error('unhandled'))", "unhandled"),
        ("queueMicrotask(() => { throw new Error('in a job') })", "in a job"),
    ];

    for (source, message) in cases {
        says(throws(sandbox.eval::<Value>(source)).message, &[message]);
        works(&mut sandbox);
    }
    assert!(!thrown(sandbox.eval::<Value>("throw null")).is_empty());
    works(&mut sandbox);
}

#[test]
fn what_does_not_parse_is_a_syntax_error_with_its_place() {
    let Some(mut sandbox) = sandbox() else { return };
    let broken = "const fine = 1;\nconst broken = ;\n";

    let errors = [
        fails(sandbox.eval::<Value>(broken), ErrorKind::Syntax),
        fails(sandbox.script::<Value>(Source::new(broken).named("eval.js")), ErrorKind::Syntax),
        fails(sandbox.validate(broken), ErrorKind::Syntax),
        fails(sandbox.add_handler("eval.js", broken), ErrorKind::Syntax),
    ];

    for error in errors {
        let js = error.js().unwrap();
        assert_eq!(js.name, "SyntaxError");
        assert!(!js.message.is_empty());
        says(&js.stack, &["eval.js:2"]);
    }
    works(&mut sandbox);
}

#[test]
fn a_syntax_error_that_guest_code_throws_is_an_exception() {
    let Some(mut sandbox) = sandbox() else { return };

    for source in ["throw new SyntaxError('mine')", "JSON.parse('{')", "new Function('(')", "(0, eval)('(')"]
    {
        assert_eq!(throws(sandbox.eval::<Value>(source)).name, "SyntaxError", "{source}");
        assert_eq!(throws(sandbox.script::<Value>(source)).name, "SyntaxError", "{source}");
    }
    works(&mut sandbox);
}

#[test]
fn scripts_share_one_realm_and_give_their_completion_value() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.script::<Value>("var a = 1; let b = 2; const c = 3; function f() { return a + b + c }").unwrap();

    assert_eq!(sandbox.script::<i32>("b = 20; f()").unwrap(), Some(24));
    assert_eq!(sandbox.script::<i32>("Promise.resolve(7)").unwrap(), Some(7));
    assert_eq!(sandbox.script::<i32>("var unused").unwrap(), None);
    assert_eq!(
        sandbox.script::<bool>("sloppy = 1; this === globalThis && sloppy === 1").unwrap(),
        Some(true)
    );
    fails(sandbox.script::<Value>("let b"), ErrorKind::Js);
    assert_eq!(sandbox.script::<i32>("f()").unwrap(), Some(24));
}

#[test]
fn what_a_script_throws_shows_its_own_name_and_line() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .script::<Value>(Source::new("\n\n\nvar f = () => { throw new Error('in f') }").named("first.js"))
        .unwrap();

    let error = throws(sandbox.script::<Value>(Source::new("\nf()").named("second.js")));

    says(error.stack, &["first.js:4", "second.js:2"]);
}

#[test]
fn validate_compiles_and_runs_nothing() {
    let Some(mut sandbox) = sandbox() else { return };

    sandbox.validate("import { x } from 'user:unseen'; globalThis.ran = true; export default x").unwrap();

    assert_eq!(sandbox.eval::<bool>("export default 'ran' in globalThis").unwrap(), Some(false));
}

#[test]
fn a_handler_that_failed_to_load_can_be_loaded_again_under_its_key() {
    let Some(mut sandbox) = sandbox() else { return };
    let failures = [
        ("const handler = (", ErrorKind::Syntax),
        ("throw new Error('while loading'); function handler() {}", ErrorKind::Js),
        ("import 'user:missing'; function handler() {}", ErrorKind::Js),
        ("await Promise.reject(new Error('later')); function handler() {}", ErrorKind::Js),
        ("const handler = 5", ErrorKind::InvalidArg),
        ("const other = () => 1", ErrorKind::InvalidArg),
        ("", ErrorKind::InvalidArg),
    ];

    for (source, kind) in failures {
        fails(sandbox.add_handler("retried", source), kind);
        fails(sandbox.call::<Value>("retried", &()), ErrorKind::InvalidArg);
        works(&mut sandbox);
    }
    sandbox.add_handler("retried", "const handler = () => 'at last'").unwrap();
    assert_eq!(sandbox.call::<String>("retried", &()).unwrap(), "at last");
}

#[test]
fn names_that_are_no_names_are_refused() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "const handler = () => 1";
    let long = "x".repeat(1025);

    for (name, why) in [("", "empty"), ("a\nb", "control"), ("a\0b", "control"), (&long, "1025")] {
        let errors = [
            sandbox.add_handler(name, source),
            sandbox.remove_handler(name),
            sandbox.validate(Source::new(source).named(name)),
            sandbox.eval::<Value>(Source::new(source).named(name)).map(drop),
            sandbox.script::<Value>(Source::new(source).named(name)).map(drop),
        ];
        for error in errors {
            says(fails(error, ErrorKind::InvalidArg), &["name", why]);
        }
    }
    works(&mut sandbox);
}

#[test]
fn a_duplicate_handler_is_refused_and_the_first_one_stays() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("twice", "const handler = () => 'first'").unwrap();

    let error = fails(sandbox.add_handler("twice", "const handler = () => 'second'"), ErrorKind::InvalidArg);

    says(error, &["twice"]);
    assert_eq!(sandbox.call::<String>("twice", &()).unwrap(), "first");
}

#[test]
fn any_other_text_is_a_key() {
    let Some(mut sandbox) = sandbox() else { return };

    for key in ["__proto__", "constructor", "ä/ö ü.js", "a:b", "host:x", "'\"`${}", "eval.js", "🦀"] {
        sandbox.add_handler(key, "const handler = e => e").unwrap();
        assert_eq!(sandbox.call::<String>(key, key).unwrap(), key);
    }
}

#[test]
fn an_event_without_json_form_is_refused() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("h", "let calls = 0; const handler = () => ++calls").unwrap();
    let odd = BTreeMap::from([(vec![1], 2)]);

    fails(sandbox.call::<Value>("h", &odd), ErrorKind::InvalidArg);
    for text in ["", "{", "{'a': 1}", "[1,]", "nul", "1 2", "\0", "\"\n\""] {
        fails(sandbox.call_json("h", text, &CallOptions::new()), ErrorKind::InvalidArg);
    }

    assert_eq!(sandbox.call::<i32>("h", &()).unwrap(), 1, "no handler ran");
}

#[test]
fn unload_forgets_handlers_modules_and_globals_and_keeps_the_host_functions() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("math").function("add", |a: i32, b: i32| a + b);
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    sandbox.add_module("m", "export const m = 1").unwrap();
    sandbox
        .add_handler("h", "import { m } from 'user:m'; globalThis.left = m; const handler = () => m")
        .unwrap();

    sandbox.unload().unwrap();

    fails(sandbox.call::<Value>("h", &()), ErrorKind::InvalidArg);
    fails(sandbox.eval::<Value>("import 'user:m'"), ErrorKind::Js);
    assert_eq!(sandbox.eval::<String>("export default typeof left").unwrap().unwrap(), "undefined");
    sandbox.add_module("m", "export const m = 2").unwrap();
    sandbox
        .add_handler(
            "h",
            "import { m } from 'user:m'; import { add } from 'host:math'; const handler = () => add(m, 40)",
        )
        .unwrap();
    assert_eq!(sandbox.call::<i32>("h", &()).unwrap(), 42);
}

#[test]
fn status_tells_whether_the_sandbox_can_be_used() {
    let Some(mut sandbox) = sandbox() else { return };
    assert_eq!(sandbox.status(), Status::Ready);

    let options = CallOptions::new().wall(Duration::from_millis(20));
    fails(sandbox.eval_with::<Value>("for (;;);", &options), ErrorKind::Cancelled);
    assert_eq!(sandbox.status(), Status::Poisoned);

    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn sandboxes_move_between_threads_and_outlive_their_engine() {
    let Some(engine) = new_engine() else { return };
    let sandboxes: Vec<_> = (0..3).map(|_| engine.sandbox().build().unwrap()).collect();
    drop(engine);

    let threads: Vec<_> = sandboxes
        .into_iter()
        .enumerate()
        .map(|(n, mut sandbox)| {
            thread::spawn(move || {
                sandbox.add_handler("h", "let sum = 0; const handler = n => sum += n").unwrap();
                (0..100).map(|_| sandbox.call::<usize>("h", &n).unwrap()).last().unwrap()
            })
        })
        .collect();

    let sums: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(sums, [0, 100, 200]);
}
