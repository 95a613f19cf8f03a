//! Handlers: how they are provided, awaited, kept, removed and replaced.

use crate::scenario::{Scenario, fails, gives, throws};
use hypercell::ErrorKind;
use serde_json::json;

#[test]
fn a_handler_may_be_exported_or_just_declared() {
    let sources = [
        "function handler(e) { return e + 1 }",
        "export function handler(e) { return e + 1 }",
        "const handler = e => e + 1",
        "let handler; handler = e => e + 1 /* no export */",
        "const plus = e => e + 1; export { plus as handler }",
        "export default 1; async function handler(e) { return e + 1 }",
        "// export nothing\nvar handler = 'export'; handler = async e => await (e + 1) // the end",
    ];
    sources
        .iter()
        .enumerate()
        .fold(Scenario::new(), |scenario, (at, source)| {
            scenario.handler(&format!("h{at}"), source).call(&format!("h{at}"), json!(41), gives(42))
        })
        .holds();
}

#[test]
fn a_source_without_a_handler_is_refused() {
    Scenario::new()
        .try_handler(
            "h",
            "const handler = 5",
            fails(ErrorKind::InvalidArg, &["'h'", "function named `handler`"]),
        )
        .try_handler(
            "h",
            "const other = () => 1",
            fails(ErrorKind::InvalidArg, &["'h'", "function named `handler`"]),
        )
        .try_handler("h", "", fails(ErrorKind::InvalidArg, &["'h'", "function named `handler`"]))
        .try_handler(
            "h",
            "throw new Error('while loading'); function handler() {}",
            throws("Error: while loading"),
        )
        .try_handler(
            "h",
            "await Promise.reject(new Error('later')); function handler() {}",
            throws("Error: later"),
        )
        .call("h", json!(null), fails(ErrorKind::InvalidArg, &["there is no handler 'h'"]))
        .handler("h", "const handler = () => 'at last'")
        .call("h", json!(null), gives(r#""at last""#))
        .holds();
}

#[test]
fn promises_are_awaited() {
    Scenario::new()
        .handler("later", "async function handler(ticks) { for (let i = 0; i < ticks; i++) await null; if (ticks > 100) throw new RangeError('too late'); return { ticks } }")
        .call("later", json!(0), gives(r#"{"ticks":0}"#))
        .call("later", json!(100), gives(r#"{"ticks":100}"#))
        .call("later", json!(101), throws("RangeError: too late"))
        .handler("all", "const handler = async list => Promise.all(list.map(async n => { await null; return n * 2 }))")
        .call("all", json!([1, 2, 3]), gives("[2,4,6]"))
        .handler("race", "const handler = () => Promise.race([new Promise(() => {}), Promise.resolve('first')])")
        .call("race", json!(null), gives(r#""first""#))
        .handler("settled", "const handler = () => Promise.allSettled([1, Promise.reject(2)])")
        .call("settled", json!(null), gives(r#"[{"status":"fulfilled","value":1},{"status":"rejected","reason":2}]"#))
        .handler("thenable", "const handler = () => ({ then(resolve) { resolve('of a thenable') } })")
        .call("thenable", json!(null), gives(r#""of a thenable""#))
        .holds();
}

#[test]
fn jobs_run_in_their_order_and_before_the_call_ends() {
    Scenario::new()
        .handler(
            "order",
            "globalThis.order = [];
             const handler = async () => {
                 queueMicrotask(() => order.push('job'));
                 Promise.resolve().then(() => order.push('then 1')).then(() => order.push('then 2'));
                 order.push('sync');
                 await null;
                 order.push('awaited');
                 return order.length;
             }",
        )
        .call("order", json!(null), gives("4"))
        .eval("export default order", gives(r#"["sync","job","then 1","awaited","then 2"]"#))
        .holds();
}

#[test]
fn a_promise_that_never_settles_is_an_error() {
    Scenario::new()
        .handler("never", "const handler = () => new Promise(() => {})")
        .call("never", json!(null), throws("Error: the handler's promise never settles"))
        .eval("await new Promise(() => {})", throws("Error: the module's promise never settles"))
        .try_handler(
            "loads",
            "await new Promise(() => {}); function handler() {}",
            throws("Error: the handler's promise never settles"),
        )
        .script("new Promise(() => {})", throws("Error: the script's promise never settles"))
        .holds();
}

#[test]
fn a_result_of_undefined_is_refused() {
    Scenario::new()
        .handler("nothing", "function handler() {}")
        .handler("later", "async function handler() {}")
        .handler("null", "const handler = () => null")
        .handler("json", "const handler = () => ({ toJSON() {} })")
        .call("nothing", json!(null), fails(ErrorKind::InvalidArg, &["'nothing' returned undefined"]))
        .call("later", json!(null), fails(ErrorKind::InvalidArg, &["'later' returned undefined"]))
        .call("json", json!(null), fails(ErrorKind::InvalidArg, &["'json' returned undefined"]))
        .call("null", json!(null), gives("null"))
        .holds();
}

#[test]
fn handlers_are_removed_and_replaced() {
    Scenario::new()
        .handler("h", "globalThis.left = 'old'; const handler = () => 'old'")
        .try_handler(
            "h",
            "const handler = () => 'second'",
            fails(ErrorKind::InvalidArg, &["there is a handler 'h' already"]),
        )
        .call("h", json!(null), gives(r#""old""#))
        .remove_handler("h")
        .call("h", json!(null), fails(ErrorKind::InvalidArg, &["there is no handler 'h'"]))
        .try_remove_handler("h", fails(ErrorKind::InvalidArg, &["there is no handler 'h'"]))
        .handler("h", "const handler = () => `new, and ${left}`")
        .call("h", json!(null), gives(r#""new, and old""#))
        .holds();
}

#[test]
fn handlers_keep_their_state_apart() {
    let counter = "let n = 0; const handler = step => n += step";
    Scenario::new()
        .handler("a", counter)
        .handler("b", counter)
        .call("a", json!(1), gives("1"))
        .call("a", json!(10), gives("11"))
        .call("b", json!(100), gives("100"))
        .call("a", json!(1), gives("12"))
        .holds();
}

#[test]
fn any_text_is_a_key() {
    ["__proto__", "constructor", "ä/ö ü.js", "a:b", "host:x", "'\"`${}", "eval.js", "🦀"]
        .iter()
        .fold(Scenario::new(), |scenario, key| {
            scenario
                .handler(key, "const handler = e => { if (e === null) throw new Error('null'); return e }")
                .call(key, json!(key), gives(json!(key)))
                .call(key, json!(null), throws("Error: null"))
        })
        .holds();
}
