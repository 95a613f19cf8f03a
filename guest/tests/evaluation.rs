//! Modules and scripts that run once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{Kind, Message, body::Cause};
use hypercell_guest::engine::Job;
use support::{guest, told};

#[test]
fn the_default_export_is_the_result() {
    let mut guest = guest();
    assert_eq!(guest.value("export default { a: 1 }"), r#"{"a":1}"#);
    assert_eq!(guest.value("const x = await Promise.resolve(2); export default x"), "2");
    assert_eq!(guest.value("export default Promise.resolve({ deep: [3] })"), r#"{"deep":[3]}"#);
    assert_eq!(guest.value("export default { then(resolve) { resolve(4) } }"), "4");
}

#[test]
fn no_default_export_and_undefined_are_an_empty_result() {
    let mut guest = guest();
    assert_eq!(guest.value("export const other = 1"), "");
    assert_eq!(guest.value("export default undefined"), "");
    assert_eq!(guest.value(""), "");
}

#[test]
fn evaluations_share_the_realm_and_not_their_bindings() {
    let mut guest = guest();
    guest.value("globalThis.shared = 1; const own = 2;");
    assert_eq!(guest.value("export default [shared, typeof own]"), r#"[1,"undefined"]"#);
}

#[test]
fn an_error_has_name_message_code_and_stack() {
    let mut guest = guest();
    let error = guest
        .error("\nfunction deep() { const e = new TypeError('wrong'); e.code = 'E_X'; throw e }\ndeep();");
    assert_eq!(told(&error), (Cause::Exception, "TypeError: wrong".into()));
    assert_eq!(error.code.as_deref(), Some("E_X"));
    assert_eq!(error.stack, "    at deep (main.js:2:33)\n    at <anonymous> (main.js:3:1)\n");
}

#[test]
fn syntax_errors_and_thrown_ones_are_told_apart() {
    let mut guest = guest();
    let parse = guest.error("let a = ;");
    assert_eq!(
        (parse.cause, parse.name.as_str(), parse.stack.trim()),
        (Cause::Syntax, "SyntaxError", "at main.js:1:9")
    );
    for thrown in [
        "JSON.parse('{')",
        "new Function('(')",
        "throw new SyntaxError('mine')",
        "await Promise.reject(new SyntaxError('mine'))",
    ] {
        let error = guest.error(thrown);
        assert_eq!((error.cause, error.name.as_str()), (Cause::Exception, "SyntaxError"), "{thrown}");
    }
}

#[test]
fn what_is_thrown_and_no_error_is_told_all_the_same() {
    let mut guest = guest();
    for (thrown, message) in [
        ("'a string'", "a string"),
        ("42", "42"),
        ("undefined", "undefined"),
        ("12n", "12n"),
        ("Symbol('s')", "Symbol(s)"),
        ("{ a: [1, 'x'] }", "{ a: [ 1, 'x' ] }"),
        ("() => 1", "[Function (anonymous)]"),
        ("new Proxy({ a: 1 }, {})", "{ a: 1 }"),
    ] {
        assert_eq!(
            told(&guest.error(&format!("throw {thrown}"))),
            (Cause::Exception, format!("Uncaught: {message}"))
        );
    }
    assert_eq!(guest.error("throw { name: 'Mine', message: 'duck' }").name, "Mine");
    assert_eq!(guest.error("throw new DOMException('no', 'AbortError')").name, "AbortError");
    assert!(guest.error("throw null").message.contains("out of memory (or guest code threw null)"));
}

#[test]
fn errors_whose_properties_throw_or_lie_are_told_as_far_as_they_can_be() {
    let mut guest = guest();
    for (make, name) in [
        ("e => Object.defineProperty(e, 'message', { get() { throw 1 } })", "Error"),
        ("e => Object.defineProperty(e, 'stack', { get() { throw e } })", "Error"),
        ("e => Object.defineProperty(e, 'name', { value: { toString() { throw 1 } } })", "Error"),
        ("e => Object.defineProperty(e, 'name', { value: 'Odd' })", "Odd"),
        ("e => Object.setPrototypeOf(e, null)", "Error"),
        ("e => Object.setPrototypeOf(e, new Proxy({}, { get() { throw 1 } }))", "Error"),
        ("e => (e.code = 5, e)", "Error"),
        ("e => (Error.prepareStackTrace = () => { throw 1 }, new Error('m'))", "Error"),
        ("e => (Error.prepareStackTrace = () => ({}), new Error('m'))", "Error"),
    ] {
        let error = guest.error(&format!("throw ({make})(new Error('m'))"));
        assert_eq!(
            (error.cause, error.name.as_str(), error.code.as_deref()),
            (Cause::Exception, name, None),
            "{make}"
        );
        guest.value("Error.prepareStackTrace = undefined");
    }
    let error = guest.error("throw new Proxy(new Error('m'), { get() { throw 1 } })");
    assert_eq!(
        told(&error),
        (Cause::Exception, "Uncaught: Error: m\n    at <anonymous> (main.js:1:21)".into())
    );
}

#[test]
fn long_messages_are_cut_between_characters() {
    let mut guest = guest();
    let error = guest.error("const e = new Error('€'.repeat(100000)); e.name = 'n'.repeat(5000); throw e");
    assert!(
        error.message.len() < 66_000 && error.message.ends_with("€… [truncated]"),
        "{}",
        error.message.len()
    );
    assert!(error.name.len() < 1100 && error.name.ends_with("n… [truncated]"));
    let lone = guest.error(r"throw new Error('a\ud800b')");
    assert_eq!(lone.message, "a\u{fffd}b");
}

#[test]
fn an_unhandled_rejection_fails_an_evaluation() {
    let mut guest = guest();
    assert_eq!(guest.error("Promise.reject(new Error('lost')); export default 1").message, "lost");
    assert_eq!(guest.error("export default Promise.reject(new Error('result'))").message, "result");
    assert_eq!(guest.value("Promise.reject(1).catch(() => {}); export default 1"), "1");
}

#[test]
fn a_module_that_waits_for_ever_is_an_error() {
    let mut guest = guest();
    assert_eq!(guest.error("await new Promise(() => {})").message, "the module's promise never settles");
    assert_eq!(
        guest.error("export default new Promise(() => {})").message,
        "the default export's promise never settles"
    );
}

#[test]
fn a_script_gives_its_completion_value() {
    let mut guest = guest();
    let mut run = |source| guest.request(Kind::Script, "s.js", source).unwrap().body;
    assert_eq!(run("1; 2"), "2");
    assert_eq!(run("var x = 5"), "");
    assert_eq!(run("x + 1"), "6");
    assert_eq!(run("Promise.resolve(x)"), "5");
    assert_eq!(run("sloppy = 7; this === globalThis && sloppy"), "7");
    assert_eq!(run("let lexical = 8"), "");
    assert_eq!(run("lexical"), "8");
    assert_eq!(run("with ({ y: 9 }) y"), "9");
}

#[test]
fn scripts_keep_their_names_and_lines_in_stacks() {
    let mut guest = guest();
    guest
        .request(
            Kind::Script,
            "first.js",
            "#!/usr/bin/env hypercell\nfunction fail() {\n  throw new Error('x');\n}",
        )
        .unwrap();
    guest.request(Kind::Script, "second.js", "var between;\n\n").unwrap();
    let error = guest.request(Kind::Script, "third.js", "#!third\n\n  fail();").unwrap_err();
    assert_eq!(error.stack, "    at fail (first.js:3:13)\n    at <eval> (third.js:3:3)\n");
    let error = guest.request(Kind::Script, "fourth.js", "ok;\nlet let = 1").unwrap_err();
    assert_eq!((error.cause, error.name.as_str()), (Cause::Syntax, "SyntaxError"));
    assert!(error.stack.starts_with("    at fourth.js:2:"), "{}", error.stack);
}

#[test]
fn a_syntax_error_that_a_script_throws_is_an_exception() {
    let mut guest = guest();
    for source in ["JSON.parse('{')", "eval('(')", "throw new SyntaxError('mine')"] {
        let error = guest.request(Kind::Script, "s.js", source).unwrap_err();
        assert_eq!((error.cause, error.name.as_str()), (Cause::Exception, "SyntaxError"), "{source}");
    }
}

#[test]
fn a_frame_that_is_no_request_is_answered_with_an_error() {
    let mut guest = guest();
    for kind in Kind::ALL
        .iter()
        .filter(|kind| !kind.is_to_guest() || matches!(kind, Kind::HostReturn | Kind::HostThrow))
    {
        let error = guest.run(&Message::new(*kind, 3, "")).unwrap_err();
        assert_eq!(
            told(&error),
            (Cause::Request, format!("RequestError: a frame of kind {kind:?} is not a request"))
        );
    }
}

#[test]
fn the_reply_carries_the_number_of_its_request() {
    let mut guest = guest();
    let reply = guest
        .run(&Message { body: "export default 1", ..Message::new(Kind::Eval, u64::MAX, "e.js") })
        .unwrap();
    assert_eq!(reply.call, u64::MAX);
}

#[test]
fn bytes_that_are_no_frame_are_no_job() {
    for bytes in [&[][..], b"HCF1", &[0; 64]] {
        assert!(Job::read(bytes).is_err());
    }
}
