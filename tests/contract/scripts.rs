//! Modules that are evaluated at once, and classic scripts in one realm.

use crate::scenario::{Scenario, fails, gives, gives_nothing, throws, throws_with};
use hypercell::ErrorKind;

#[test]
fn eval_gives_the_default_export_of_any_kind() {
    Scenario::new()
        .eval("export default 6 * 7", gives("42"))
        .eval("const unused = 1", gives_nothing())
        .eval("", gives_nothing())
        .eval("export default undefined", gives_nothing())
        .eval("export default null", gives("null"))
        .eval("export default Promise.resolve([1, 2])", gives("[1,2]"))
        .eval("export default Promise.resolve()", gives_nothing())
        .eval("export default Promise.reject(new Error('rejected'))", throws("Error: rejected"))
        .eval("export default { then(resolve) { resolve('thenable') } }", gives(r#""thenable""#))
        .eval("const a = await 20; export default a + await Promise.resolve(1)", gives("21"))
        .eval("const a = 1; export { a as default }", gives("1"))
        .eval("export default function () {}", throws("TypeError: a function at $ cannot cross to the host"))
        .eval("export default class {}", throws("TypeError: a function at $ cannot cross to the host"))
        .eval("export const named = 1", gives_nothing())
        .holds();
}

#[test]
fn evaluations_share_the_global_object_and_not_their_scopes() {
    Scenario::new()
        .eval("globalThis.shared = { n: 1 }; const own = 1; var alsoOwn = 2", gives_nothing())
        .eval(
            "export default [++shared.n, typeof own, typeof alsoOwn]",
            gives(r#"[2,"undefined","undefined"]"#),
        )
        .eval("export default this === undefined", gives("true"))
        .eval("const own = 3; export default own", gives("3"))
        .holds();
}

#[test]
fn scripts_share_one_realm_and_give_their_completion_value() {
    Scenario::new()
        .script("var a = 1; let b = 2; const c = 3; function f() { return a + b + c }", gives_nothing())
        .script("b = 20; f()", gives("24"))
        .script("Promise.resolve(7)", gives("7"))
        .script("if (true) { 'of a block' }", gives(r#""of a block""#))
        .script("let b", throws_with(&["SyntaxError", "b"]))
        .script("const c = 4", throws_with(&["SyntaxError", "c"]))
        .script("c = 4", throws_with(&["TypeError", "c"]))
        .script("var a = 10; f()", gives("33"))
        .eval(
            "export default [typeof a, typeof b, globalThis.a, globalThis.b ?? null]",
            gives(r#"["number","number",10,null]"#),
        )
        .holds();
}

#[test]
fn scripts_are_sloppy_and_modules_strict() {
    Scenario::new()
        .script("sloppy = 1; this === globalThis && sloppy === 1", gives("true"))
        .script("(function () { return this === globalThis })()", gives("true"))
        .script("with ({ x: 5 }) x", gives("5"))
        .script("010 + delete Object.prototype", gives("8"))
        .script("Object.freeze([1])[0] = 2", gives("2"))
        .script("'use strict'; undeclared1 = 1", throws_with(&["ReferenceError", "undeclared1"]))
        .eval("undeclared2 = 1", throws_with(&["ReferenceError", "undeclared2"]))
        .eval("export default (function () { return this === undefined })()", gives("true"))
        .eval("Object.freeze([1])[0] = 2", throws_with(&["TypeError"]))
        .eval("delete Object.prototype", throws_with(&["TypeError"]))
        .eval("010", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .holds();
}

#[test]
fn scripts_can_import() {
    Scenario::new()
        .module("user:one", "export default 1")
        .script("import('user:one').then(m => m.default)", gives("1"))
        .script_named(
            "asks.js",
            "import('user:none')",
            throws("ReferenceError: cannot find module 'user:none' imported from 'asks.js'"),
        )
        .script("import x from 'user:one'", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .script("#!/usr/bin/env node\n1 + 1", gives("2"))
        .holds();
}

#[test]
fn eval_inside_of_guest_code_works() {
    Scenario::new()
        .script("var x = 'global'; (function () { var x = 'local'; return [eval('x'), (0, eval)('x'), new Function('return x')()] })()", gives(r#"["local","global","global"]"#))
        .eval("export default [eval('var y = 2; y * 2'), typeof y]", gives(r#"[4,"undefined"]"#))
        .eval("eval('throw new RangeError(1)')", throws("RangeError: 1"))
        .holds();
}

#[test]
fn validate_compiles_and_runs_nothing() {
    Scenario::new()
        .validate(
            "import { x } from 'user:unseen'; globalThis.ran = true; console.log('ran'); export default x",
            gives_nothing().telling(&[]),
        )
        .eval("export default 'ran' in globalThis", gives("false"))
        .validate("export default (", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .holds();
}
