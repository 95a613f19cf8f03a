//! Heap, stack and frames are bounded; running out of one is an error that leaves
//! the sandbox usable.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{
    Bytes, CallOptions, Engine, Error, ErrorKind, HostError, HostModule, Limits, Sandbox, VmmKind,
};
use hypercell_tests::{engine, engine_of, fails, sandbox, says, throws, works};
use serde_json::Value;
use std::time::Duration;

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// Bytes of a frame's header, and of the name of the handler `h`.
const HEADER: usize = 40 + 1;

#[test]
fn a_limit_out_of_its_bounds_is_an_error_that_names_field_and_bounds() {
    let Some(engine) = engine() else { return };
    let limits = Limits::default;
    let hour = Duration::from_secs(3600);
    let ns = Duration::from_nanos(1);
    let cases = [
        ("heap", limits().heap(4 * MIB - 1), "4194304", "2147483648"),
        ("heap", limits().heap(2048 * MIB + 1), "4194304", "2147483648"),
        ("heap", limits().heap(u64::MAX), "4194304", "2147483648"),
        ("stack", limits().stack(256 * KIB - 1), "262144", "16777216"),
        ("stack", limits().stack(16 * MIB + 1), "262144", "16777216"),
        ("input", limits().input(64 * KIB - 1), "65536", "67108864"),
        ("input", limits().input(64 * MIB + 1), "65536", "67108864"),
        ("output", limits().output(0), "65536", "67108864"),
        ("output", limits().output(64 * MIB + 1), "65536", "67108864"),
        ("host_calls", limits().host_calls(1 << 32), "0", "4294967295"),
        ("console", limits().console(1024 * MIB + 1), "0", "1073741824"),
        ("wall", limits().wall(Duration::ZERO), "1ms", "3600s"),
        ("wall", limits().wall(Duration::from_millis(1) - ns), "1ms", "3600s"),
        ("wall", limits().wall(hour + ns), "1ms", "3600s"),
        ("cpu", limits().cpu(Duration::ZERO), "1ms", "3600s"),
        ("cpu", limits().cpu(hour + ns), "1ms", "3600s"),
    ];

    for (field, limits, least, most) in cases {
        let words = [&format!("`{field}`"), least, most];
        says(fails(engine.sandbox().limits(limits.clone()).build(), ErrorKind::InvalidArg), &words);
        says(fails(Engine::builder().limits(limits).build(), ErrorKind::InvalidArg), &words);
    }
}

/// A heap that `hyperlight` can give beside the largest of everything else; it has
/// less memory for a guest than the bounds allow.
const MOST_OF_HYPERLIGHT: u64 = 256 * MIB;

/// The most of everything.
fn most() -> Limits {
    Limits::default()
        .heap(2048 * MIB)
        .stack(16 * MIB)
        .input(64 * MIB)
        .output(64 * MIB)
        .host_calls(u64::from(u32::MAX))
        .console(1024 * MIB)
}

#[test]
fn what_only_one_vmm_can_give_is_refused_by_the_other_with_words() {
    let Some(kvm) = engine_of(VmmKind::Kvm) else { return };
    let Some(hyperlight) = engine_of(VmmKind::Hyperlight) else { return };

    kvm.sandbox().limits(most()).build().unwrap();
    for limits in [most(), Limits::default().heap(2048 * MIB), Limits::default().heap(1024 * MIB)] {
        let error = fails(hyperlight.sandbox().limits(limits).build(), ErrorKind::InvalidArg);
        says(error, &["heap", "MiB", "the hyperlight VMM gives", "the kvm VMM gives more"]);
    }
}

#[test]
fn a_sandbox_works_at_both_ends_of_the_bounds() {
    let Some(engine) = engine() else { return };
    let (ms, hour) = (Duration::from_millis(1), Duration::from_secs(3600));
    let least = Limits::default()
        .heap(4 * MIB)
        .stack(256 * KIB)
        .input(64 * KIB)
        .output(64 * KIB)
        .host_calls(0)
        .console(0);
    let most = most().heap(if engine.vmm() == VmmKind::Kvm { 2048 * MIB } else { MOST_OF_HYPERLIGHT });

    for limits in [least, most.clone().wall(hour).cpu(hour), most.unlimited_wall().unlimited_cpu()] {
        let mut sandbox = engine.sandbox().limits(limits).build().unwrap();
        sandbox.add_handler("h", "const handler = e => e.map(x => x * 2)").unwrap();
        assert_eq!(sandbox.call::<Vec<u32>>("h", &[1, 2]).unwrap(), [2, 4]);
    }
    // So short a time may pass before the first request is through.
    if let Err(error) = engine.sandbox().limits(Limits::default().wall(ms).cpu(ms)).build() {
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    }
}

#[test]
fn the_limits_of_the_engine_hold_where_a_sandbox_has_none_of_its_own() {
    let Some(shared) = engine() else { return };
    let engine = Engine::builder().limits(Limits::default().input(64 * KIB)).build().unwrap();
    let big = "x".repeat(100_000);

    let mut of_engine = engine.sandbox().build().unwrap();
    fails(of_engine.eval::<Value>(&format!("'{big}'")), ErrorKind::Limit);
    let mut of_its_own = engine.sandbox().limits(shared.limits().clone()).build().unwrap();
    of_its_own.eval::<Value>(&format!("'{big}'")).unwrap();
}

/// The source in a function, so that what it holds is garbage afterwards.
fn in_function(source: &str) -> String {
    format!("await (async () => {{ {source} }})()")
}

/// Ways to run out of memory.
const HUNGRY: [(&str, &str); 13] = [
    ("a string that doubles", "let s = 'x'; for (;;) s += s"),
    ("a string repeated", "const s = 'x'.repeat(2 ** 29)"),
    ("strings in an array", "const a = []; for (;;) a.push('x'.repeat(1e6) + a.length)"),
    ("small objects", "const a = []; for (;;) a.push({ a: a.length })"),
    ("a linked list", "let head; for (;;) head = { head }"),
    ("one large typed array", "new Uint8Array(2 ** 31)"),
    ("typed arrays", "const a = []; for (;;) a.push(new Float64Array(1e5))"),
    ("a map", "const m = new Map(); for (let i = 0; ; i++) m.set(i, `${i}`)"),
    ("properties", "const o = {}; for (let i = 0; ; i++) o['k' + i] = i"),
    ("closures", "const a = []; for (;;) { const x = a.length; a.push(() => x) }"),
    ("a big integer", "let n = 3n; for (;;) n *= n"),
    ("promises", "const a = []; for (;;) a.push(new Promise(() => {}))"),
    ("a string joined", "Array(1e6).fill('x'.repeat(1000)).join()"),
];

#[test]
fn running_out_of_heap_is_an_exception_that_leaves_the_sandbox_usable() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().limits(Limits::default().heap(16 * MIB)).build().unwrap();

    for (what, source) in HUNGRY {
        println!("{what}");
        let error = throws(sandbox.eval::<Value>(&in_function(source)));
        assert!(matches!(error.name.as_str(), "InternalError" | "RangeError"), "{what}: {error:?}");
        works(&mut sandbox);
        assert!(sandbox.stats().peak_heap_bytes <= 20 * MIB, "{what}: {:?}", sandbox.stats());
    }
}

#[test]
fn guest_code_can_catch_that_the_heap_is_full_and_go_on() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().limits(Limits::default().heap(16 * MIB)).build().unwrap();
    sandbox
        .add_handler(
            "hungry",
            "function handler(times) {
                 let caught = 0;
                 for (let i = 0; i < times; i++) {
                     let a = [];
                     try { for (;;) a.push({ i, s: 'x'.repeat(i) }) } catch { a = undefined; caught++ }
                 }
                 return caught;
             }",
        )
        .unwrap();

    for _ in 0..3 {
        assert_eq!(sandbox.call::<u32>("hungry", &10).unwrap(), 10);
    }
}

#[test]
fn a_heap_that_stays_full_fails_calls_until_it_is_unloaded() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().limits(Limits::default().heap(16 * MIB)).build().unwrap();
    throws(sandbox.eval::<Value>("globalThis.kept = []; for (let size = 2 ** 20; ; ) try { for (;;) kept.push('x'.repeat(size) + kept.length) } catch (e) { if (size === 1) throw e; size /= 2 }"));

    for _ in 0..20 {
        if let Err(error) = sandbox.eval::<Value>("export default [1, 2, 3].map(String)") {
            assert!(error.is_guest_error(), "{error}");
        }
    }

    sandbox.unload().unwrap();
    works(&mut sandbox);
}

/// Ways to run out of stack.
const DEEP: [(&str, &str); 14] = [
    ("calls", "const f = () => f() + 1; f()"),
    (
        "large frames",
        "const names = Array.from({ length: 1000 }, (_, i) => `v${i}`);
         const f = new Function('f', `let ${names}; return f(f) + v0`);
         f(f)",
    ),
    ("getters", "const o = { get a() { return this.a } }; o.a"),
    ("proxies", "const p = new Proxy({}, { get: (t, k, r) => r[k] }); p.a"),
    ("conversions", "const o = { toString() { return '' + this } }; '' + o"),
    ("constructors", "class A { constructor() { new A() } } new A()"),
    ("sorting", "const f = () => [1, 2].sort(f); f()"),
    ("replacing", "const f = () => 'a'.replace('a', f); f()"),
    ("reviving", "const f = () => JSON.parse('[1]', f); f()"),
    ("serialising", "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)"),
    ("toJSON", "const o = { toJSON() { return JSON.stringify(this) } }; JSON.stringify(o)"),
    ("chained proxies", "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.a"),
    ("flattening", "const a = []; a[0] = a; a.flat(Infinity)"),
    ("spawning", "const f = async () => { await f() }; await f()"),
];

/// Text that a parser must descend into.
const NESTED: [(&str, &str); 8] = [
    ("JSON", "JSON.parse('['.repeat(1e6))"),
    ("parentheses", "(0, eval)('('.repeat(1e6))"),
    ("arrays", "(0, eval)('['.repeat(1e6))"),
    ("functions", "new Function('()=>{'.repeat(1e6))"),
    ("unary operators", "(0, eval)('!'.repeat(1e6) + '1')"),
    ("templates", "(0, eval)('`${'.repeat(1e6))"),
    ("groups", "new RegExp('('.repeat(1e6) + ')'.repeat(1e6))"),
    ("lookaheads", "new RegExp('(?='.repeat(1e6) + ')'.repeat(1e6))"),
];

#[test]
fn running_out_of_stack_is_a_range_error_that_leaves_the_sandbox_usable() {
    let Some(mut sandbox) = sandbox() else { return };

    for (what, source) in DEEP {
        println!("{what}");
        let error = throws(sandbox.eval::<Value>(&in_function(source)));
        assert_eq!(error.name, "RangeError", "{what}: {error:?}");
        works(&mut sandbox);
    }
}

#[test]
fn text_nested_too_deep_to_be_parsed_is_an_exception_that_leaves_the_sandbox_usable() {
    let Some(mut sandbox) = sandbox() else { return };

    for (what, source) in NESTED {
        println!("{what}");
        let error = throws(sandbox.eval::<Value>(source));
        assert!(
            matches!(error.name.as_str(), "RangeError" | "SyntaxError" | "InternalError"),
            "{what}: {error:?}"
        );
        works(&mut sandbox);
    }
    let error = sandbox.eval::<Value>(&"(".repeat(1_000_000)).unwrap_err();
    assert!(error.is_guest_error(), "{error}");
    let error = sandbox.script::<Value>(&"[".repeat(1_000_000)).unwrap_err();
    assert!(error.is_guest_error(), "{error}");
    works(&mut sandbox);
}

#[test]
fn the_smallest_stack_ends_in_the_same_errors() {
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().limits(Limits::default().stack(256 * KIB)).build().unwrap();

    for (what, source) in DEEP.into_iter().chain(NESTED) {
        println!("{what}");
        throws(sandbox.eval::<Value>(&in_function(source)));
        works(&mut sandbox);
    }
}

/// A sandbox with a handler `h` that tells how long its event is, and one that
/// returns text so long.
fn with_small_frames(host: HostModule) -> Option<Sandbox> {
    let limits = Limits::default().input(64 * KIB).output(64 * KIB);
    let mut sandbox = engine()?.sandbox().limits(limits).host_module(host).build().unwrap();
    sandbox.add_handler("h", "let calls = 0; const handler = e => [++calls, e.length]").unwrap();
    sandbox.add_handler("long", "const handler = n => 'x'.repeat(n)").unwrap();
    Some(sandbox)
}

fn json_string(len: usize) -> String {
    format!("\"{}\"", "x".repeat(len - 2))
}

#[test]
fn an_event_up_to_the_input_limit_is_taken_and_none_above() {
    let Some(mut sandbox) = with_small_frames(HostModule::new("test")) else { return };
    let limit = 64 << 10;
    let mut call = |len| sandbox.call_json("h", &json_string(len - HEADER), &CallOptions::new());

    assert_eq!(call(limit).unwrap(), format!("[1,{}]", limit - HEADER - 2));
    for above in [limit + 1, limit * 100] {
        says(fails(call(above), ErrorKind::Limit), &["input limit", &above.to_string(), "65536"]);
    }
    assert_eq!(call(limit).unwrap(), format!("[2,{}]", limit - HEADER - 2), "what was refused did not run");

    let above = Bytes(vec![0; limit]);
    fails(sandbox.call::<Value>("h", &above), ErrorKind::Limit);
    fails(sandbox.add_module("m", &"/".repeat(limit)), ErrorKind::Limit);
    fails(sandbox.add_handler("new", &"/".repeat(limit)), ErrorKind::Limit);
    fails(sandbox.script::<Value>(&"/".repeat(limit)), ErrorKind::Limit);
    works(&mut sandbox);
}

#[test]
fn a_result_up_to_the_output_limit_is_given_and_none_above() {
    let Some(mut sandbox) = with_small_frames(HostModule::new("test")) else { return };
    let most = (64 << 10) - 40 - 2;

    assert_eq!(sandbox.call::<String>("long", &most).unwrap().len(), most);
    for above in [most + 1, most * 100] {
        let error = throws(sandbox.call::<String>("long", &above));
        assert_eq!(error.name, "RangeError");
        says(error.message, &["output limit", "65536"]);
        works(&mut sandbox);
    }
    says(throws(sandbox.eval::<Bytes>("export default new Uint8Array(1e6)")).message, &["output limit"]);
    let endless = throws(sandbox.eval::<Value>("throw new Error('x'.repeat(1e6))"));
    assert!(endless.message.len() < 64 << 10);
    works(&mut sandbox);
}

#[test]
fn arguments_and_results_of_host_functions_have_the_same_limits() {
    let host = HostModule::new("test")
        .function("length", |text: String| text.len())
        .function("long", |len: usize| "x".repeat(len))
        .function("fail", |len: usize| -> Result<(), HostError> { Err(HostError::new("x".repeat(len))) });
    let Some(mut sandbox) = with_small_frames(host) else { return };
    sandbox
        .add_handler(
            "try",
            "import * as h from 'host:test';
             const handler = ([f, value]) => { try { const r = h[f](f === 'length' ? 'x'.repeat(value) : value); return r.length ?? r } catch (e) { return [e.name, e.code ?? null, e.message] } }",
        )
        .unwrap();
    let limit = 64 << 10;

    for function in ["length", "long"] {
        assert_eq!(sandbox.call::<usize>("try", &(function, 60_000)).unwrap(), 60_000);
        for len in [limit, limit * 100] {
            let (name, _, message): (String, Option<String>, String) =
                sandbox.call("try", &(function, len)).unwrap();
            assert_eq!(name, "RangeError", "{function}: {message}");
            says(message, &["limit"]);
        }
    }
    let (_, code, _): (String, Option<String>, String) = sandbox.call("try", &("long", limit)).unwrap();
    assert_eq!(code.as_deref(), Some("ERR_LIMIT"));
    let (name, _, message): (String, Option<String>, String) = sandbox.call("try", &("fail", limit)).unwrap();
    assert_eq!(name, "Error", "a long message is cut, and stays the function's own");
    assert!(message.starts_with("xxx") && message.ends_with("[truncated]"));
    assert!(message.len() < limit / 2);
    works(&mut sandbox);
}

#[test]
fn an_error_of_the_limits_is_an_ordinary_error() {
    let Some(mut sandbox) = with_small_frames(HostModule::new("test")) else { return };

    let error: Error = sandbox.call::<Value>("h", &"x".repeat(1 << 20)).unwrap_err();

    assert_eq!(error.code(), "ERR_LIMIT");
    assert!(!error.is_poisoned() && !error.is_cancelled() && !error.is_guest_error());
    sandbox.snapshot().unwrap();
}
