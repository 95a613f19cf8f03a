//! Handlers: what they must provide, what they get and give, and how they fail.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{Kind, Message, Section, Tag, body::Cause, call_flags};
use support::{guest, told};

#[test]
fn a_handler_gets_its_event_and_returns_its_result() {
    let mut guest = guest();
    guest.handler("h", "export function handler(event) { return { got: event, twice: event.n * 2 }; }");
    assert_eq!(
        guest.result("h", r#"{"n":21,"list":[1,null,"x"]}"#),
        r#"{"got":{"n":21,"list":[1,null,"x"]},"twice":42}"#
    );
}

#[test]
fn a_handler_may_just_be_declared() {
    for source in [
        "function handler() { return 1; }",
        "const handler = () => 1;",
        "let handler; handler = async () => 1",
        "export default function handler() { return 1; }",
        "const f = () => 1; export { f as handler };",
        "export const handler = () => 1 // the last line is a comment",
        "class C { static run() { return 1 } }\nvar handler = C.run",
    ] {
        let mut guest = guest();
        guest.handler("h", source);
        assert_eq!(guest.result("h", "null"), "1", "{source}");
    }
}

#[test]
fn a_handler_may_be_reexported_from_a_module() {
    for source in [
        "export * from 'user:impl'",
        "export { handler } from 'user:impl'",
        "import { handler } from 'user:impl'",
    ] {
        let mut guest = guest();
        guest.module("user:impl", "export const handler = () => 'from afar'");
        guest.handler("h", source);
        assert_eq!(guest.result("h", "null"), r#""from afar""#, "{source}");
    }
}

#[test]
fn a_source_without_a_handler_is_refused_and_can_be_corrected() {
    let mut guest = guest();
    for source in ["export const other = 1", "export default () => 1", "const handler = 5", ""] {
        let error = guest.request(Kind::Handler, "h", source).unwrap_err();
        assert_eq!(
            told(&error),
            (
                Cause::Request,
                "RequestError: the source of 'h' must provide a function named `handler`, and does not"
                    .into()
            ),
        );
    }
    guest.handler("h", "export const handler = () => 'right'");
    assert_eq!(guest.result("h", "null"), r#""right""#);
}

#[test]
fn a_syntax_error_has_the_position_in_the_users_file() {
    let mut guest = guest();
    let error =
        guest.request(Kind::Handler, "h", "const fine = 1;\nexport function handler( { }\n").unwrap_err();
    assert_eq!((error.cause, error.name.as_str()), (Cause::Syntax, "SyntaxError"));
    assert!(error.stack.contains("handler:h:3:1") || error.stack.contains("handler:h:2:"), "{}", error.stack);
    assert!(!error.stack.contains("hypercell"), "{}", error.stack);
    guest.handler("h", "export const handler = () => 1");
}

#[test]
fn an_unfinished_statement_is_not_finished_by_the_glue() {
    let mut guest = guest();
    for source in [
        "function handler() {}\nif (true)",
        "function handler() {}\nconst a =",
        "function handler() {} /* open",
        "function handler() {} `open",
    ] {
        let error = guest.request(Kind::Handler, "h", source).unwrap_err();
        assert_eq!(error.cause, Cause::Syntax, "{source}: {error:?}");
    }
}

#[test]
fn a_handler_that_throws_while_loading_can_be_loaded_again() {
    let mut guest = guest();
    let error = guest
        .request(Kind::Handler, "h", "throw new RangeError('no luck'); function handler() {}")
        .unwrap_err();
    assert_eq!(told(&error), (Cause::Exception, "RangeError: no luck".into()));
    assert!(error.stack.contains("handler:h:1:"), "{}", error.stack);
    let error = guest.call("h", "null").unwrap_err();
    assert_eq!(told(&error), (Cause::Request, "RequestError: there is no handler 'h'".into()));
    guest.handler("h", "export const handler = () => 1");
    assert_eq!(guest.result("h", "null"), "1");
}

#[test]
fn a_handler_module_is_evaluated_once_and_keeps_its_state() {
    let mut guest = guest();
    guest.handler("h", "globalThis.loads = (globalThis.loads ?? 0) + 1; let calls = 0; function handler() { return [loads, ++calls]; }");
    guest.result("h", "null");
    assert_eq!(guest.result("h", "null"), "[1,2]");
}

#[test]
fn top_level_await_is_awaited_before_the_first_call() {
    let mut guest = guest();
    guest.handler("h", "const ready = await Promise.resolve('ready'); export const handler = () => ready;");
    assert_eq!(guest.result("h", "null"), r#""ready""#);
}

#[test]
fn a_taken_key_is_refused_until_the_handler_is_removed() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => 1");
    let error = guest.request(Kind::Handler, "h", "export const handler = () => 2").unwrap_err();
    assert_eq!(told(&error), (Cause::Request, "RequestError: there is a handler 'h' already".into()));
    guest.request(Kind::RemoveHandler, "h", "").unwrap();
    let error = guest.request(Kind::RemoveHandler, "h", "").unwrap_err();
    assert_eq!(told(&error), (Cause::Request, "RequestError: there is no handler 'h'".into()));
    guest.handler("h", "export const handler = () => 2");
    assert_eq!(guest.result("h", "null"), "2");
}

#[test]
fn async_handlers_and_thenables_are_awaited() {
    let mut guest = guest();
    guest.handler("async", "export async function handler(e) { await null; return e + 1; }");
    guest.handler("thenable", "export const handler = e => ({ then(resolve) { resolve(e + 2); } })");
    guest.handler("chain", "export const handler = e => new Promise(r => Promise.resolve().then(() => r(Promise.resolve(e + 3))))");
    assert_eq!(guest.result("async", "1"), "2");
    assert_eq!(guest.result("thenable", "1"), "3");
    assert_eq!(guest.result("chain", "1"), "4");
}

#[test]
fn a_rejected_handler_fails_with_its_reason() {
    let mut guest = guest();
    guest.handler(
        "h",
        "export async function handler() { const e = new TypeError('late'); e.code = 'E_LATE'; throw e; }",
    );
    let error = guest.call("h", "null").unwrap_err();
    assert_eq!(told(&error), (Cause::Exception, "TypeError: late".into()));
    assert_eq!(error.code.as_deref(), Some("E_LATE"));
    assert!(error.stack.contains("handler (handler:h:1:"), "{}", error.stack);
}

#[test]
fn a_promise_that_never_settles_is_an_error() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => new Promise(() => {})");
    let error = guest.call("h", "null").unwrap_err();
    assert_eq!(told(&error), (Cause::Exception, "Error: the handler's promise never settles".into()));
}

#[test]
fn undefined_is_an_error_that_says_so() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => {}");
    let error = guest.call("h", "null").unwrap_err();
    assert_eq!(error.cause, Cause::Request);
    assert!(error.message.contains("'h' returned undefined"), "{}", error.message);
}

#[test]
fn an_event_that_is_not_json_is_refused() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    for event in ["{", "nope", "[1,]", "\"\0\"", "1 2", "{\"a\":1,}"] {
        let error = guest.call("h", event).unwrap_err();
        assert_eq!(error.cause, Cause::Request, "{event:?}: {error:?}");
        assert!(error.message.starts_with("the event of 'h': the body is not JSON:"), "{}", error.message);
    }
    assert_eq!(guest.result("h", "{}"), "{}");
}

#[test]
fn sections_are_planted_as_uint8arrays() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => [e.a[1] instanceof Uint8Array, e.a[1].length, e.a[1][2], Object.keys(e), e]");
    let sections = [
        Section { path: r#"["a",1]"#, tag: Tag::Uint8Array, data: &[1, 2, 3] },
        Section { path: r#"["__proto__"]"#, tag: Tag::Uint8Array, data: &[9] },
    ];
    let message = Message {
        body: r#"{"a":[0,null],"__proto__":null}"#,
        sections: &sections,
        ..Message::new(Kind::Call, 77, "h")
    };
    let reply = guest.run(&message).unwrap();
    assert_eq!(reply.body, r#"[true,3,3,["a","__proto__"],{"a":[0,null],"__proto__":null}]"#);
    assert_eq!(
        reply.sections,
        [
            (r#"[4,"a",1]"#.into(), Tag::Uint8Array, vec![1, 2, 3]),
            (r#"[4,"__proto__"]"#.into(), Tag::Uint8Array, vec![9])
        ]
    );
}

#[test]
fn a_section_whose_path_leads_nowhere_is_refused() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    for path in [r#"["x","y"]"#, "nonsense", r#"[{"a":1}]"#, r#"["a",-1]"#] {
        let sections = [Section { path, tag: Tag::Uint8Array, data: &[] }];
        let message =
            Message { body: r#"{"a":[]}"#, sections: &sections, ..Message::new(Kind::Call, 1, "h") };
        let error = guest.run(&message).unwrap_err();
        assert_eq!(error.cause, Cause::Request, "{path}: {error:?}");
    }
}

#[test]
fn an_event_that_is_all_binary_has_an_empty_path() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => e");
    let sections = [Section { path: "[]", tag: Tag::Uint8Array, data: b"bytes" }];
    let reply = guest
        .run(&Message { body: "null", sections: &sections, ..Message::new(Kind::Call, 1, "h") })
        .unwrap();
    assert_eq!(
        (reply.body.as_str(), reply.sections),
        ("null", vec![("[]".to_owned(), Tag::Uint8Array, b"bytes".to_vec())])
    );
}

#[test]
fn an_unhandled_rejection_fails_the_call_and_not_the_next() {
    let mut guest = guest();
    guest.handler(
        "h",
        "export const handler = e => { if (e) Promise.reject(new Error('forgotten')); return 1; }",
    );
    let error = guest.call("h", "true").unwrap_err();
    assert_eq!(told(&error), (Cause::Exception, "Error: forgotten".into()));
    assert_eq!(guest.result("h", "false"), "1");
}

#[test]
fn a_rejection_that_is_handled_later_is_none() {
    let mut guest = guest();
    guest.handler("h", "export const handler = async () => { const p = Promise.reject(new Error('caught')); await null; try { await p } catch { return 'fine' } }");
    assert_eq!(guest.result("h", "null"), r#""fine""#);
}

#[test]
fn the_first_of_several_unhandled_rejections_is_told() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => { for (const n of ['a', 'b', 'c']) Promise.reject(new Error(n)); return 1; }");
    assert_eq!(guest.call("h", "null").unwrap_err().message, "a");
}

#[test]
fn a_microtask_that_throws_fails_the_call() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => { queueMicrotask(() => { throw new Error('from a microtask') }); return 1; }");
    assert_eq!(guest.call("h", "null").unwrap_err().message, "from a microtask");
    assert_eq!(guest.value("export default 1"), "1");
}

#[test]
fn microtasks_run_before_the_result_is_taken() {
    let mut guest = guest();
    guest.handler(
        "h",
        "export const handler = () => { const r = { n: 0 }; queueMicrotask(() => { r.n = 1 }); return r; }",
    );
    assert_eq!(guest.result("h", "null"), r#"{"n":1}"#);
}

#[test]
fn garbage_is_collected_unless_the_call_says_otherwise() {
    let mut guest = guest();
    guest.handler("h", "let ref; function cycle() { const a = {}; a.self = a; return new WeakRef(a); } export const handler = e => e ? (ref = cycle(), 1) : ref.deref() === undefined;");
    guest.request(Kind::Call, "h", "true").unwrap();
    assert_eq!(guest.result("h", "false"), "true");
    guest
        .run(&Message { value: call_flags::NO_GC, body: "true", ..Message::new(Kind::Call, 1, "h") })
        .unwrap();
    assert_eq!(guest.result("h", "false"), "false");
}

#[test]
fn the_reply_tells_the_heap_peak() {
    let mut guest = guest();
    guest.platform.heap_peak.set(123_456);
    assert_eq!(guest.eval("export default 1").unwrap().value, 123_456);
}

#[test]
fn names_with_control_characters_are_refused() {
    let mut guest = guest();
    for key in ["", "a\nb", "nul\0"] {
        let error = guest.request(Kind::Handler, key, "export const handler = () => 1").unwrap_err();
        assert_eq!(error.cause, Cause::Request, "{key:?}");
    }
}

#[test]
fn a_source_with_a_nul_does_not_parse() {
    let mut guest = guest();
    let error = guest.request(Kind::Handler, "h", "export const handler = '\0'").unwrap_err();
    assert_eq!(
        told(&error),
        (Cause::Syntax, "SyntaxError: the source has a NUL character at byte 24".into())
    );
}
