//! Limits, and guest code that goes out of its way to hit them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{
    Kind,
    body::{Cause, Configure},
};
use support::{Answer, Guest, configuration, guest, guest_with_host, told};

fn assert_alive(guest: &mut Guest) {
    assert_eq!(guest.value("export default [1, 'still here']"), r#"[1,"still here"]"#);
}

#[test]
fn an_interrupt_ends_what_guest_code_does() {
    for source in [
        "while (true) {}",
        "for (;;) { try { while (true) {} } catch {} finally { continue } }",
        "const f = () => Promise.resolve().then(f); await f()",
        "const f = async () => { for (;;) await null }; await f()",
        "(function* () { for (;;) yield 1 })().forEach(() => {})",
        "export default { get a() { while (true) {} } }",
        "export default { toJSON() { while (true) {} } }",
        "throw { get message() { while (true) {} } }",
        "const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { while (true) {} } }); throw e",
        "const a = []; a.length = 3e7; export default a",
        "/(a+)+$/.test('a'.repeat(40) + 'b'); for (;;);",
        "console.log({ get a() { while (true) {} } }); for (;;);",
        "queueMicrotask(function again() { queueMicrotask(again) })",
        "export default { then(resolve) { while (true) {} } }",
    ] {
        let mut guest = guest();
        guest.platform.polls_left.set(Some(200));
        let error = guest.error(source);
        assert_eq!((error.cause, error.message.as_str()), (Cause::Interrupted, "interrupted"), "{source}");
    }
}

#[test]
fn an_interrupt_that_is_swallowed_still_fails_the_call() {
    let mut guest = guest();
    guest.handler("h", "export const handler = async () => { try { await (async () => { for (;;); })() } catch {} return 'got away' }");
    guest.platform.polls_left.set(Some(50));
    assert_eq!(guest.call("h", "null").unwrap_err().cause, Cause::Interrupted);
}

#[test]
fn an_interrupt_does_not_reach_the_next_call() {
    let mut guest = guest();
    guest.platform.polls_left.set(Some(3));
    guest.error("for (;;);");
    guest.platform.polls_left.set(None);
    assert_alive(&mut guest);
}

#[test]
fn an_interrupt_during_a_host_call_is_noticed_after_it() {
    let mut guest = guest_with_host(&[("m", &["f"])], |_| Answer::json("1"));
    guest.platform.polls_left.set(Some(1));
    assert_eq!(
        guest.error("import { f } from 'host:m'; for (let i = 0; i < 100; i++) f()").cause,
        Cause::Interrupted
    );
    assert!(guest.platform.calls.borrow().len() < 3);
}

#[test]
fn heap_exhaustion_is_an_error_and_leaves_the_engine_usable() {
    for source in [
        "const all = []; for (;;) all.push(new Array(1000).fill(1))",
        "globalThis.leak = []; for (;;) leak.push({})",
        "let s = 'x'; for (;;) s += s",
        "'€'.repeat(2 ** 25)",
        "new Uint8Array(2 ** 30)",
        "const a = []; for (;;) a.push(Symbol())",
        "let o = {}; for (let i = 0; ; i++) o['key' + i] = i",
        "const all = []; for (;;) all.push(Promise.resolve().then(() => all))",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, [i])",
    ] {
        let mut guest = guest();
        guest.configure(&Configure { heap_bytes: 8 << 20, ..configuration(&[]) });
        // In a function, because what a module binds at its top level stays.
        let error = guest.error(&format!("await (async () => {{ {source} }})()"));
        assert_eq!(error.cause, Cause::Exception, "{source}: {error:?}");
        assert!(["InternalError", "RangeError"].contains(&error.name.as_str()), "{source}: {error:?}");
        assert_ne!(error.message, "", "{source}");
        // What guest code keeps alive stays until it lets go.
        guest.configure(&configuration(&[]));
        // Jobs that are left run then too, and may be the first to tell what they ran out of:
        // which ones there are depends on the last few bytes of the heap.
        let _ = guest.eval("delete globalThis.leak");
        guest.configure(&Configure { heap_bytes: 8 << 20, ..configuration(&[]) });
        assert_alive(&mut guest);
    }
}

#[test]
fn guest_code_may_catch_its_heap_exhaustion_and_go_on() {
    let mut guest = guest();
    guest.configure(&Configure { heap_bytes: 8 << 20, ..configuration(&[]) });
    let value = guest.value(
        "let caught = 0;
         for (let i = 0; i < 5; i++) try { const all = []; for (;;) all.push(new Array(100).fill(i)) } catch { caught++ }
         export default caught",
    );
    assert_eq!(value, "5");
}

#[test]
fn the_glue_survives_a_heap_with_no_room_at_all() {
    let mut guest = guest_with_host(&[("m", &["f"])], |sent| {
        Answer::Return(
            sent.body.clone(),
            vec![("[0]".into(), hypercell_common::Tag::Uint8Array, vec![0; 5000])],
        )
    });
    guest.configure(&Configure { heap_bytes: 6 << 20, ..configuration(&[("m", &["f"])]) });
    guest.handler(
        "h",
        "import { f } from 'host:m';
         globalThis.leak = [];
         const fill = () => { for (let size = 100000; size > 0; size >>= 1) try { for (;;) leak.push(new Array(size).fill(0)) } catch {} };
         const steps = [
             () => f('a'.repeat(100), new Uint8Array(10)), () => console.log({ a: [1, { b: 'x€' }] }, new Error('e')), () => ({ b: new ArrayBuffer(100), s: '€'.repeat(100) }),
             () => Promise.reject(new Error('x')), () => import('user:nowhere'), () => { throw { message: 'm€' } }, () => Math.random(), () => Promise.resolve(1),
             () => new Proxy([1], {}), () => ({ toJSON: () => 'x€' }), () => { throw Symbol('€') }, () => { queueMicrotask(() => { throw 1 }); return 1 },
         ];
         export const handler = n => { leak = []; fill(); return steps[n](); };",
    );
    for n in 0..12 {
        // Whatever comes out, it comes out: a value, or an error with a name.
        if let Err(error) = guest.call("h", &n.to_string()) {
            assert!(!error.name.is_empty(), "{n}: {error:?}");
        }
    }
    guest.configure(&configuration(&[]));
    guest.value("leak = undefined");
    assert_alive(&mut guest);
}

#[test]
fn every_heap_size_from_too_small_on_gives_a_reply() {
    for kib in (300..1400).step_by(13) {
        let mut guest = guest_with_host(&[("m", &["f"])], |sent| Answer::json(&sent.body));
        guest.module(
            "user:m",
            "export const list = Array.from({ length: 200 }, (_, i) => ({ i, s: '€' + i }));",
        );
        guest.configure(&Configure {
            heap_bytes: kib << 10,
            gc_threshold_bytes: 64 << 10,
            ..configuration(&[("m", &["f"])])
        });
        let source = "import { list } from 'user:m'; import { f } from 'host:m'; const r = f(list, new Uint8Array(2000)); console.log(r); \
                      export const handler = async e => { await null; return [list, e, r] }";
        if guest.request(Kind::Handler, "h", source).is_ok() {
            let _ = guest.call("h", r#"{"a":[1,2,{"b":"€uro"}]}"#);
        }
        let _ = guest.request(Kind::Script, "s.js", "throw new Error('x'.repeat(1000))");
        let _ = guest.eval("export default Promise.reject(new TypeError('y€'))");
    }
}

#[test]
fn deep_recursion_is_an_error_and_leaves_the_engine_usable() {
    for source in [
        "(function f() { f() })()",
        "const o = { get a() { return this.a } }; o.a",
        "const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x",
        "const o = { toString() { return `${this}` } }; `${o}`",
        "let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; JSON.stringify(o)",
        "JSON.parse('['.repeat(1e6))",
        "eval('('.repeat(1e5))",
        "new RegExp('('.repeat(1e5) + ')'.repeat(1e5))",
        "export default { get a() { return this.a } }",
        "export default { toJSON() { return JSON.stringify(this) } }",
        "const f = () => console.log({ get a() { f() } }); f(); (function g() { g() })()",
    ] {
        let mut guest = guest();
        let error = guest.error(source);
        assert_eq!(error.cause, Cause::Exception, "{source}: {error:?}");
        assert!(
            ["InternalError", "RangeError", "SyntaxError"].contains(&error.name.as_str()),
            "{source}: {error:?}"
        );
        assert_alive(&mut guest);
    }
}

#[test]
fn an_event_nested_beyond_the_stack_is_refused() {
    let mut guest = guest();
    guest.handler("h", "export const handler = e => 1");
    let event = "[".repeat(200_000) + &"]".repeat(200_000);
    let error = guest.call("h", &event).unwrap_err();
    assert!(["InternalError", "RangeError"].contains(&error.name.as_str()), "{error:?}");
    assert_eq!(guest.result("h", "[[[[]]]]"), "1");
}

#[test]
fn a_long_prototype_chain_is_walked_with_polls() {
    let mut guest = guest();
    guest.platform.polls_left.set(Some(100));
    let error = guest.error("let p = { __proto__: null }; for (let i = 0; i < 2e5; i++) p = Object.create(p); export default Array(1000).fill(p)");
    assert_eq!(error.cause, Cause::Interrupted);
}

#[test]
fn a_configuration_replaces_the_one_before() {
    let mut guest = guest();
    guest.configure(&Configure { heap_bytes: 2 << 20, ..configuration(&[]) });
    guest.error("new Array(1e6).fill(0)");
    guest.configure(&configuration(&[]));
    assert_eq!(guest.value("export default new Array(1e6).fill(0).length"), "1000000");
    guest.configure(&Configure { stack_bytes: 32 << 10, ..configuration(&[]) });
    let depth = "let n = 0; (function f() { try { n++; f() } catch {} })(); export default n";
    let shallow: u32 = guest.value(depth).parse().unwrap();
    guest.configure(&Configure { stack_bytes: 512 << 10, ..configuration(&[]) });
    let deep: u32 = guest.value(depth).parse().unwrap();
    assert!(shallow < deep / 4, "{shallow} {deep}");
}

#[test]
fn a_configuration_with_a_bad_field_is_refused_by_name() {
    let mut guest = guest();
    let good = configuration(&[]);
    for (bad, field) in [
        (Configure { heap_bytes: 0, ..good.clone() }, "heap_bytes is 0"),
        (Configure { stack_bytes: 0, ..good.clone() }, "stack_bytes is 0"),
        (Configure { stack_bytes: 1 << 30, ..good.clone() }, "stack_bytes is 1073741824"),
        (Configure { gc_threshold_bytes: 0, ..good.clone() }, "gc_threshold_bytes is 0"),
        (configuration(&[("", &[])]), "host module \"\""),
        (configuration(&[("m", &["nul\0"])]), "host function \"nul\\0\""),
        (configuration(&[("m", &["f", "f"])]), "the host module 'm' has the function 'f' twice"),
    ] {
        let error = guest.request(Kind::Configure, "", &serde_json::to_string(&bad).unwrap()).unwrap_err();
        assert!(error.cause == Cause::Request && error.message.contains(field), "{error:?}");
    }
    let error = guest.request(Kind::Configure, "", "{}").unwrap_err();
    assert!(
        told(&error).1.starts_with("RequestError: the configuration is malformed: missing field"),
        "{error:?}"
    );
}
