//! What guest code throws arrives with name, message, code and stack.

use crate::scenario::{Scenario, fails, gives, throws, throws_with};
use hypercell::ErrorKind;

#[test]
fn an_error_of_each_class_keeps_name_and_message() {
    Scenario::new()
        .eval("throw new Error('plain')", throws("Error: plain"))
        .eval("throw new TypeError('of type')", throws("TypeError: of type"))
        .eval("throw new RangeError", throws("RangeError"))
        .eval("throw new AggregateError([1, 2], 'both')", throws("AggregateError: both"))
        .eval("throw new SyntaxError('mine')", throws("SyntaxError: mine"))
        .eval("throw Error('without new')", throws("Error: without new"))
        .eval("null.x", throws_with(&["TypeError", "null"]))
        .eval("undeclared", throws("ReferenceError: undeclared is not defined"))
        .eval("x; let x", throws_with(&["ReferenceError", "x"]))
        .eval("const c = 1; c = 2", throws_with(&["TypeError", "c"]))
        .eval("(void 0)()", throws("TypeError: not a function"))
        .eval("[].at.call(null)", throws_with(&["TypeError"]))
        .holds();
}

#[test]
fn an_error_of_ones_own_keeps_its_name_and_code() {
    Scenario::new()
        .eval(
            "class MyError extends Error { name = 'MyError'; code = 'E_MINE' }; throw new MyError('oh')",
            throws("MyError: oh").code("E_MINE"),
        )
        .eval("throw Object.assign(new Error('x'), { name: 'Renamed', code: 7 })", throws("Renamed: x"))
        .eval("class Unnamed extends RangeError {}; throw new Unnamed('y')", throws("RangeError: y"))
        .eval("throw { name: 'Like', message: 'an error', code: 'E' }", throws("Like: an error").code("E"))
        .holds();
}

#[test]
fn the_cause_of_an_error_is_there_for_guest_code() {
    Scenario::new()
        .eval(
            "const inner = new TypeError('inner');
             try { throw new Error('outer', { cause: inner }) } catch (e) { var seen = [e.cause === inner, String(e.cause), 'cause' in new Error('x')] }
             export default seen", gives(r#"[true,"TypeError: inner",false]"#))
        .eval("throw new Error('outer', { cause: new TypeError('inner') })", throws("Error: outer"))
        .holds();
}

#[test]
fn anything_can_be_thrown() {
    Scenario::new()
        .eval("throw 'a string'", throws("Uncaught: a string"))
        .eval("throw ''", throws("Uncaught"))
        .eval("throw 42", throws("Uncaught: 42"))
        .eval("throw -0", throws("Uncaught: -0"))
        .eval("throw 7n", throws("Uncaught: 7n"))
        .eval("throw undefined", throws("Uncaught: undefined"))
        .eval("throw null", throws_with(&["InternalError", "null"]))
        .eval("throw { code: 7 }", throws("Uncaught: { code: 7 }"))
        .eval("throw [1, [2]]", throws("Uncaught: [ 1, [ 2 ] ]"))
        .eval("throw Symbol('s')", throws("Uncaught: Symbol(s)"))
        .eval("throw () => 1", throws_with(&["Uncaught: [Function"]))
        .eval("throw { get message() { throw 1 } }", throws_with(&["Uncaught"]))
        .eval(
            "throw new Proxy(new Error('hidden'), { get() { throw 1 } })",
            throws_with(&["Uncaught: Error: hidden"]),
        )
        .eval(
            "const e = new Error('m'); Object.defineProperty(e, 'stack', { get() { throw 1 } }); throw e",
            throws("Error: m"),
        )
        .holds();
}

#[test]
fn a_stack_has_the_names_and_places_of_the_sources() {
    Scenario::new()
        .module("user:deep", "export function deep(n) {\n  if (n === 0) throw new Error('deep');\n  deep(n - 1);\n}")
        .handler("h", "import { deep } from 'user:deep';\n\nfunction handler(n) { return [n].map(inner) }\nconst inner = n => deep(n)")
        .call("h", serde_json::json!(1), throws("Error: deep").at(&["deep (user:deep:2:26)", "deep (user:deep:3:12)", "inner (handler:h:4:25)", "map (native)", "handler (handler:h:3:38)"]))
        .eval_named("my file.js", "\nfunction f() {\n    throw new Error('f') }\nf();", throws("Error: f").at(&["f (my file.js:3:15)", "<anonymous> (my file.js:4:1)"]))
        .holds();
}

#[test]
fn a_stack_crosses_awaits_and_scripts() {
    Scenario::new()
        .script_named("first.js", "\n\n\nvar f = () => { throw new Error('in f') }; 0", gives("0"))
        .script_named(
            "second.js",
            "\nf()",
            throws("Error: in f").at(&["f (first.js:4:27)", "<eval> (second.js:2:1)"]),
        )
        .handler("later", "async function handler() {\n  await null;\n  nothing.here\n}")
        .call(
            "later",
            serde_json::json!(null),
            throws("ReferenceError: nothing is not defined").at(&["handler (handler:later:3:3)"]),
        )
        .holds();
}

#[test]
fn what_does_not_parse_is_a_syntax_error_with_line_and_column() {
    let broken = "const fine = 1;\nconst broken = ;\n";
    Scenario::new()
        .eval(broken, fails(ErrorKind::Syntax, &["SyntaxError", "';'"]).at(&["eval.js:2:16"]))
        .script(broken, fails(ErrorKind::Syntax, &["SyntaxError", "';'"]).at(&["eval.js:2:16"]))
        .validate(broken, fails(ErrorKind::Syntax, &["SyntaxError", "';'"]).at(&["eval.js:2:16"]))
        .try_handler("h", broken, fails(ErrorKind::Syntax, &["SyntaxError", "';'"]).at(&["handler:h:2:16"]))
        .module("user:broken", broken)
        .eval("import 'user:broken'", fails(ErrorKind::Syntax, &["SyntaxError"]).at(&["user:broken:2:16"]))
        .eval("a b", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .eval("'unfinished", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .eval("let x; let x", fails(ErrorKind::Syntax, &["SyntaxError", "x"]))
        .eval("return 1", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .eval("with ({}) {}", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .eval("a\0b", fails(ErrorKind::Syntax, &["NUL", "byte 1"]))
        .holds();
}

#[test]
fn a_syntax_error_that_guest_code_throws_is_an_exception() {
    Scenario::new()
        .eval("throw new SyntaxError('mine')", throws("SyntaxError: mine"))
        .script("throw new SyntaxError('mine')", throws("SyntaxError: mine"))
        .eval("JSON.parse('{')", throws_with(&["SyntaxError"]))
        .eval("new Function('(')", throws_with(&["SyntaxError"]))
        .script("eval('(')", throws_with(&["SyntaxError"]))
        .holds();
}

#[test]
fn a_rejection_that_nobody_handles_fails_the_call() {
    Scenario::new()
        .eval("await Promise.reject(new Error('awaited'))", throws("Error: awaited"))
        .eval("Promise.reject(new Error('unhandled'))", throws("Error: unhandled"))
        .eval("Promise.reject('a string'); export default 1", throws("Uncaught: a string"))
        .eval("queueMicrotask(() => { throw new Error('in a job') })", throws("Error: in a job"))
        .eval("const p = Promise.reject(new Error('handled later')); await null; p.catch(() => {}); export default 1", gives("1"))
        .eval("Promise.reject(1).finally(() => {})", throws("Uncaught: 1"))
        .eval("Promise.reject(new Error('first')); Promise.reject(new Error('second'))", throws("Error: first"))
        .eval("export default 'fine'", gives(r#""fine""#))
        .holds();
}

#[test]
fn an_error_in_a_loop_of_errors_leaves_all_usable() {
    Scenario::new()
        .handler("throw", "let n = 0; const handler = () => { throw new Error(`number ${++n}`) }")
        .call("throw", serde_json::json!(null), throws("Error: number 1"))
        .call("throw", serde_json::json!(null), throws("Error: number 2"))
        .eval("let caught = 0; for (let i = 0; i < 1000; i++) try { null.x } catch { caught++ }; export default caught", gives("1000"))
        .call("throw", serde_json::json!(null), throws("Error: number 3"))
        .holds();
}

/// The engine formats them with the C library below it.
#[test]
fn messages_of_the_engine_are_formatted_alike() {
    let long = "x".repeat(300);
    let table = [
        (long.as_str(), ErrorKind::Js, format!("ReferenceError: {} is not defined", "x".repeat(63))),
        ("null['%s%d%n']", ErrorKind::Js, "TypeError: cannot read property '%s%d%n' of null".into()),
        ("JSON.parse('{\"a\": tru}')", ErrorKind::Js, "SyntaxError: unexpected token: 'tru'".into()),
        ("1 in 'text'", ErrorKind::Js, "TypeError: invalid 'in' operand".into()),
        (
            "(1).toString(37)",
            ErrorKind::Js,
            "RangeError: toString() radix argument must be between 2 and 36".into(),
        ),
        ("new RegExp('a{2,1}')", ErrorKind::Js, "SyntaxError: invalid repetition count".into()),
        ("BigInt('12x')", ErrorKind::Js, "SyntaxError: invalid BigInt literal".into()),
        ("super.x", ErrorKind::Syntax, "SyntaxError: 'super' is only valid in a method".into()),
        ("await = 1", ErrorKind::Syntax, "SyntaxError: unexpected token in expression: '='".into()),
        ("let y = `${", ErrorKind::Syntax, "SyntaxError: unexpected token in expression: ''".into()),
    ];
    table
        .iter()
        .fold(Scenario::new(), |scenario, (source, kind, words)| {
            scenario.eval(source, fails(*kind, &[words]))
        })
        .holds();
}
