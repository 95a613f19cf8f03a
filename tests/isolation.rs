//! Nothing of one sandbox or of an earlier state is left for another or a later
//! one, and guest code finds nothing but the language.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{Bytes, CallOptions, ErrorKind, HostModule, Sandbox};
use hypercell_tests::{engine, fails, sandbox, throws, works};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const CANARY: &str = "canary-3f9a1c";

/// Leaves the canary wherever guest code can leave something.
const PLANT: &str = "
    globalThis.own = canary;
    globalThis[canary] = { [canary]: canary };
    globalThis[Symbol.for(canary)] = canary;
    Object.prototype.left = canary;
    Array.prototype[canary] = () => canary;
    Math.left = String.left = JSON.left = canary;
    console.log = Object.assign(() => canary, { canary });
    'x'.padEnd(1e6, canary); new Array(1e4).fill(canary).map(x => x + 1);
    new Uint8Array(1e6).map((_, i) => canary.charCodeAt(i % canary.length));
    RegExp(canary).test(canary);
    Error.prepareStackTrace = () => canary; Error.stackTraceLimit = 3;
    const left = new Map([[canary, canary]]);
    Promise.resolve(canary).then(v => { globalThis.later = v });
    (async () => { await new Promise(() => {}); globalThis.never = canary })();
    throw new Error(canary);";

/// Looks for the canary in everything that can be reached from the global object,
/// and in fresh memory.
const SEARCH: &str = "
    const seen = new Set();
    const found = [];
    const isIt = v => (typeof v === 'string' || typeof v === 'symbol') && String(v).includes('canary' + '-3f9a1c');
    const queue = [[globalThis, 'globalThis']];
    while (queue.length) {
        const [object, path] = queue.pop();
        if (seen.has(object)) continue;
        seen.add(object);
        const next = (value, name) => {
            if (isIt(value)) found.push(path + '.' + name);
            if (value && (typeof value === 'object' || typeof value === 'function')) queue.push([value, path + '.' + name]);
        };
        next(Object.getPrototypeOf(object), 'prototype');
        for (const key of Reflect.ownKeys(object)) {
            if (isIt(key)) found.push(path + '.' + String(key));
            const own = Object.getOwnPropertyDescriptor(object, key);
            next(own.get, String(key)); next(own.set, String(key)); next(own.value, String(key));
        }
        if (typeof object === 'function' && isIt(Function.prototype.toString.call(object))) found.push(path);
    }
    for (let size = 16; size < 2e6; size *= 4) if (new Uint8Array(size).some(byte => byte !== 0)) found.push('fresh memory');
    if (isIt(new Error('x').stack)) found.push('stack');
    export default { found, objects: seen.size };";

/// Plants the canary, in a sandbox with a handler and a module.
fn plant(sandbox: &mut Sandbox) {
    let canary = format!("const canary = '{CANARY}';");
    sandbox
        .script::<Value>(&format!("var {}; let canary_of_script = '{CANARY}'; 0", CANARY.replace('-', "_")))
        .unwrap();
    sandbox.add_module("left", &format!("{canary} export default canary")).unwrap();
    sandbox
        .add_handler(CANARY, &format!("import left from 'user:left'; {canary} const handler = () => left"))
        .unwrap();
    assert_eq!(sandbox.call::<String>(CANARY, &json!({ CANARY: CANARY })).unwrap(), CANARY);
    throws(sandbox.eval::<Value>(&format!("{canary} {PLANT}")));
}

/// Checks that the canary is nowhere.
#[track_caller]
fn is_clean(sandbox: &mut Sandbox) {
    let result = sandbox.eval::<Value>(SEARCH).unwrap().unwrap();
    assert_eq!(result.get("found").unwrap(), &json!([]));
    assert!(result.get("objects").unwrap().as_u64().unwrap() > 500, "the search went nowhere: {result}");
    fails(sandbox.call::<Value>(CANARY, &()), ErrorKind::InvalidArg);
    throws(sandbox.eval::<Value>("import 'user:left'"));
    assert_eq!(sandbox.script::<String>("typeof canary_of_script").unwrap().unwrap(), "undefined");
}

#[test]
fn the_search_finds_what_is_there() {
    let Some(mut sandbox) = sandbox() else { return };
    plant(&mut sandbox);

    let result = sandbox.eval::<Value>(SEARCH).unwrap().unwrap();

    assert!(result.get("found").unwrap().as_array().unwrap().len() > 8, "{result}");
}

#[test]
fn nothing_is_left_after_a_restore() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();

    for _ in 0..3 {
        plant(&mut sandbox);
        sandbox.restore(&fresh).unwrap();
        is_clean(&mut sandbox);
        sandbox.restore(&fresh).unwrap();
    }
}

#[test]
fn nothing_is_left_after_a_kill_and_a_restore() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();
    plant(&mut sandbox);
    let source = format!("const a = []; for (let i = 0; ; i++) a[i % 1e5] = '{CANARY}' + i");
    fails(
        sandbox.eval_with::<Value>(&source, &CallOptions::new().wall(Duration::from_millis(50))),
        ErrorKind::Cancelled,
    );

    sandbox.restore(&fresh).unwrap();

    is_clean(&mut sandbox);
}

#[test]
fn nothing_is_left_after_an_unload() {
    let Some(mut sandbox) = sandbox() else { return };
    plant(&mut sandbox);

    sandbox.unload().unwrap();

    is_clean(&mut sandbox);
}

#[test]
fn nothing_is_left_for_a_sandbox_in_the_same_memory() {
    let Some(engine) = engine() else { return };

    // Machines are used again by the sandboxes that come after.
    for _ in 0..20 {
        let mut first = engine.sandbox().build().unwrap();
        plant(&mut first);
        drop(first);
        is_clean(&mut engine.sandbox().build().unwrap());
    }
}

#[test]
fn two_sandboxes_do_not_see_each_other() {
    let Some(engine) = engine() else { return };
    let logs = [(); 2].map(|()| Arc::new(Mutex::new(String::new())));
    let mut sandboxes = logs.clone().map(|log| {
        let host = HostModule::new("test").function("name", {
            let log = Arc::as_ptr(&log).addr();
            move || log
        });
        engine
            .sandbox()
            .host_module(host)
            .console(move |_, text| log.lock().unwrap().push_str(text))
            .build()
            .unwrap()
    });
    let [a, b] = &mut sandboxes;

    plant(a);
    a.eval::<()>("globalThis.shared = 'a'; console.info('a')").unwrap();
    b.eval::<()>("globalThis.shared ??= 'b'; console.info(shared)").unwrap();

    is_clean(b);
    assert_eq!(*logs[0].lock().unwrap(), "a");
    assert_eq!(*logs[1].lock().unwrap(), "b");
    let name = "import { name } from 'host:test'; export default name()";
    assert_ne!(a.eval::<usize>(name).unwrap(), b.eval::<usize>(name).unwrap());
}

#[test]
fn patched_intrinsics_do_not_survive() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler("h", "const handler = list => JSON.stringify(list.map(n => Math.max(n, 2)))")
        .unwrap();
    let fresh = sandbox.snapshot().unwrap();
    let patch =
        "JSON.stringify = () => 'patched'; Array.prototype.map = () => 'patched'; Math.max = () => 'patched';
         globalThis.undefined2 = 1; Object.freeze(Object.prototype); delete globalThis.Map; String = Array";

    sandbox.eval::<()>(patch).unwrap();
    assert_eq!(sandbox.call::<String>("h", &[1, 2, 3]).unwrap(), "patched");

    sandbox.restore(&fresh).unwrap();
    assert_eq!(sandbox.call::<String>("h", &[1, 2, 3]).unwrap(), "[2,2,3]");
    sandbox.eval::<()>(patch).unwrap();
    sandbox.unload().unwrap();
    let whole = "export default [JSON.stringify([1]), typeof Map, Object.isFrozen(Object.prototype), String === Array]";
    assert_eq!(sandbox.eval::<Value>(whole).unwrap().unwrap(), json!(["[1]", "function", false, false]));
}

#[test]
fn a_job_that_waits_does_not_survive() {
    let Some(mut sandbox) = sandbox() else { return };
    let fresh = sandbox.snapshot().unwrap();
    sandbox.eval::<()>("globalThis.resolve = null; new Promise(r => { resolve = r }).then(() => { globalThis.ran = true })").unwrap();

    sandbox.restore(&fresh).unwrap();

    assert_eq!(
        sandbox.eval::<Value>("await 0; export default [typeof resolve, typeof ran]").unwrap().unwrap(),
        json!(["undefined", "undefined"])
    );
}

/// Three random numbers.
const DRAW: &str = "export default [Math.random(), Math.random(), Math.random()].join()";

#[test]
fn no_two_states_draw_the_same_random_numbers() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.eval::<String>(DRAW).unwrap();
    let snapshot = sandbox.snapshot().unwrap();
    let mut drawn = Vec::new();
    let mut draw = |sandbox: &mut Sandbox| drawn.push(sandbox.eval::<String>(DRAW).unwrap().unwrap());

    for _ in 0..20 {
        draw(&mut snapshot.spawn().unwrap());
        sandbox.restore(&snapshot).unwrap();
        draw(&mut sandbox);
        sandbox.unload().unwrap();
        draw(&mut sandbox);
    }
    draw(&mut engine().unwrap().sandbox().build().unwrap());

    let different: BTreeSet<_> = drawn.iter().collect();
    assert_eq!(different.len(), drawn.len());
}

#[test]
fn random_numbers_are_spread_over_their_range() {
    let Some(mut sandbox) = sandbox() else { return };

    let drawn = sandbox
        .eval::<Vec<f64>>("export default Array.from({ length: 20000 }, Math.random)")
        .unwrap()
        .unwrap();

    assert!(drawn.iter().all(|n| (0.0..1.0).contains(n)));
    let mean = drawn.iter().sum::<f64>() / 20_000.0;
    assert!((0.48..0.52).contains(&mean), "{mean}");
    for tenth in 0..10 {
        let low = f64::from(tenth) / 10.0;
        let count = drawn.iter().filter(|n| (low..low + 0.1).contains(*n)).count();
        assert!((1700..2300).contains(&count), "{count} from {low}");
    }
    let different: BTreeSet<_> = drawn.iter().map(|n| n.to_bits()).collect();
    assert_eq!(different.len(), drawn.len());
}

/// What the host's clock says, in milliseconds.
fn host_clock() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

#[test]
fn the_clock_is_right_after_each_restore_and_never_goes_back() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("now", "const handler = () => { const a = Date.now(); for (let i = 0; i < 1e5; i++); return [a, Date.now(), new Date().getTimezoneOffset()] }").unwrap();
    let snapshot = sandbox.snapshot().unwrap();
    let mut last = 0.0;

    for _ in 0..20 {
        let mut spawned = snapshot.spawn().unwrap();
        sandbox.restore(&snapshot).unwrap();
        for sandbox in [&mut sandbox, &mut spawned] {
            let [first, second, zone] = sandbox.call::<[f64; 3]>("now", &()).unwrap();
            assert!((first - host_clock()).abs() < 2000.0, "{first}");
            assert!(last <= first && first <= second, "{last} {first} {second}");
            assert_eq!(zone, 0.0, "guests live in UTC");
            last = second;
        }
    }
}

/// Everything but the language that guest code finds: the web platform, what programs of Node.js
/// expect, and `hostcall`.
const BEYOND_THE_LANGUAGE: &str = "AbortController AbortSignal Blob Buffer ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy
    Crypto CryptoKey CustomEvent DOMException DecompressionStream ErrorEvent Event EventTarget File FormData Headers Navigator
    Performance PromiseRejectionEvent QuotaExceededError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader
    ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder
    TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern URLSearchParams
    WritableStream WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval
    clearTimeout console crypto env fetch global hostcall navigator onerror onrejectionhandled onunhandledrejection performance process
    queueMicrotask reportError self setImmediate setInterval setTimeout structuredClone";

/// The globals of ECMAScript 2025 and its annex B.
const LANGUAGE: &str = "AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date
    DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array
    Int8Array InternalError Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set
    SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array
    Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis
    isFinite isNaN parseFloat parseInt undefined unescape";

#[test]
fn guest_code_finds_the_language_and_little_else() {
    let Some(mut sandbox) = sandbox() else { return };

    let names = sandbox
        .eval::<Vec<String>>("export default Reflect.ownKeys(globalThis).map(String)")
        .unwrap()
        .unwrap();

    let language: BTreeSet<_> = LANGUAGE.split_whitespace().collect();
    let beyond: BTreeSet<_> = names
        .iter()
        .map(String::as_str)
        .filter(|name| !language.contains(name) && !name.starts_with("Symbol("))
        .collect();
    assert_eq!(beyond, BEYOND_THE_LANGUAGE.split_whitespace().collect());
}

#[test]
fn import_meta_and_stacks_say_nothing_of_the_host() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("test").function("f", || 1);
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    let source = "import * as h from 'host:test';
         const own = Reflect.ownKeys(import.meta).map(key => `${String(key)}=${String(import.meta[key])}`);
         export default [own, new Error('x').stack, h.f.toString(), Reflect.ownKeys(h).map(String)].flat().join('\\n')";

    let text = sandbox.eval::<String>(source).unwrap().unwrap();

    for word in ["/work", "/home", "/root", "/tmp", ".rs", "cargo", "rustc", "0x"] {
        assert!(!text.contains(word), "{text}");
    }
}

#[test]
fn bytes_of_one_call_are_not_in_the_buffers_of_the_next() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_handler("h", "const handler = e => e === null ? new Uint8Array(1 << 20) : e.length").unwrap();

    assert_eq!(
        sandbox.call::<usize>("h", &Bytes(CANARY.repeat(50_000).into_bytes())).unwrap(),
        50_000 * CANARY.len()
    );

    assert!(sandbox.call::<Bytes>("h", &()).unwrap().iter().all(|byte| *byte == 0));
    works(&mut sandbox);
}
