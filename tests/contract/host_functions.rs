//! Host functions: arguments, results, errors, and the order of calls.

use crate::scenario::{Scenario, fails, gives, throws, throws_with};
use hypercell::ErrorKind;
use serde_json::json;

const IMPORT: &str = "import * as h from 'host:test'; export default";

fn on_host(expression: &str) -> String {
    format!("{IMPORT} {expression}")
}

#[test]
fn arguments_and_results_cross() {
    Scenario::new()
        .eval(&on_host("h.add(40, 2)"), gives("42").telling(&["test.add(40,2)"]))
        .eval(&on_host("h.add(0.1, 0.2)"), gives("0.30000000000000004"))
        .eval(&on_host("h.nothing()"), gives("null").telling(&["test.nothing()"]))
        .eval(
            &on_host("h.echo({ a: [1, { b: null }], 'ü\\0': '😀' })"),
            gives(r#"{"a":[1,{"b":null}],"ü\u0000":"😀"}"#),
        )
        .eval(
            &on_host("[undefined, NaN, -0, [undefined], new Date(0), { x: undefined }].map(v => h.echo(v))"),
            gives(r#"[undefined,NaN,0,[undefined],Date"1970-01-01T00:00:00.000Z",{}]"#).telling(&[
                "test.echo(undefined)",
                "test.echo(NaN)",
                "test.echo(0)",
                "test.echo([undefined])",
                r#"test.echo(Date"1970-01-01T00:00:00.000Z")"#,
                "test.echo({})",
            ]),
        )
        .eval(&on_host("h['odd-name.v1/$']()"), gives("true"))
        .eval("import { where } from 'host:other'; export default where()", gives(r#""other""#))
        .holds();
}

#[test]
fn bytes_cross_both_ways() {
    Scenario::new()
        .eval(&on_host("(b => [b instanceof Uint8Array, [...b]])(h.bytes(3))"), gives("[true,[0,1,2]]"))
        .eval(&on_host("h.sum(new Uint8Array([1, 2, 255]))"), gives("258").telling(&["test.sum(<0102ff>)"]))
        .eval(&on_host("h.sum(h.bytes(100000).subarray(10).buffer)"), gives(12_742_320))
        .eval(&on_host("(v => [v.a[1].b instanceof Uint8Array, v.a[1].b.length, v.n])(h.echo({ a: [0, { b: new Uint8Array(5) }], n: null }))"), gives("[true,5,null]").telling(&[r#"test.echo({"a":[0,{"b":<0000000000>}],"n":null})"#]))
        .eval(&on_host("[h.echo(h.bytes(2)), h.bytes(0)]"), gives("[<0001>,<>]"))
        .holds();
}

#[test]
fn errors_are_of_their_class_with_name_message_and_code() {
    let caught = |how: &str| {
        on_host(&format!(
            "(() => {{ try {{ h.fail('{how}') }} catch (e) {{ return [e.name, e.message, e.code ?? null, e instanceof Error, e instanceof RangeError, Object.keys(e)] }} }})()"
        ))
    };
    Scenario::new()
        .eval(&caught("plain"), gives(r#"["Error","plain",null,true,false,[]]"#))
        .eval(&caught("range"), gives(r#"["RangeError","far",null,true,true,[]]"#))
        .eval(&caught("code"), gives(r#"["Error","not here","ERR_NOT_FOUND",true,false,[]]"#))
        .eval(&caught("own"), gives(r#"["NotFoundError","ü \"quoted\"\n😀","E_OWN",true,false,[]]"#))
        .eval(&caught("empty"), gives(r#"["Error","","",true,false,[]]"#))
        .eval(&on_host("(() => { try { h.add('1', 2) } catch (e) { return [e.name, e.message, e instanceof TypeError] } })()"), gives(r#"["TypeError","add takes two numbers",true]"#))
        .holds();
}

#[test]
fn an_error_that_nobody_catches_fails_the_call() {
    Scenario::new()
        .handler("h", "import { fail } from 'host:test';\nfunction inner(how) { fail(how) }\nconst handler = how => inner(how)")
        .call("h", json!("own"), throws("NotFoundError: ü \"quoted\"\n😀").code("E_OWN").telling(&[r#"test.fail("own")"#]).at(&["inner (handler:h:2:28)", "handler (handler:h:3:30)"]))
        .call("h", json!("range"), throws("RangeError: far"))
        .holds();
}

#[test]
fn arguments_that_cannot_cross_are_refused_before_the_host_sees_them() {
    Scenario::new()
        .eval(
            &on_host("h.echo(() => 1)"),
            throws("TypeError: a function at $[0] cannot cross to the host").telling(&[]),
        )
        .eval(
            &on_host("h.add(1, /x/)"),
            throws("TypeError: a RegExp at $[1] cannot cross to the host").telling(&[]),
        )
        .eval(
            &on_host("h.echo({ a: [Symbol('x')] })"),
            throws("TypeError: a symbol at $[0].a[0] cannot cross to the host").telling(&[]),
        )
        .eval(
            &on_host("h.echo({ get a() { throw new RangeError('mine') } })"),
            throws("RangeError: mine").telling(&[]),
        )
        .holds();
}

#[test]
fn the_host_crate_counts_arguments() {
    Scenario::new()
        .eval(
            &on_host("h.add(1, 2, 3)"),
            throws_with(&["TypeError", "2 arguments at most", "given 3"])
                .telling(&[])
                .only_on_vms("the host crate checks it, and the native engine has another host"),
        )
        .eval(&on_host("h.add(1)"), throws("TypeError: add takes two numbers").telling(&["test.add(1,null)"]))
        .holds();
}

#[test]
fn a_thousand_calls_fit_one_call() {
    Scenario::new()
        .handler("loop", "import { next } from 'host:test'; const handler = times => { let sum = 0; for (let i = 0; i < times; i++) sum += next(); return sum }")
        .call("loop", json!(1000), gives("500500").telling_times(1000))
        .call("loop", json!(1), gives("1001").telling(&["test.next()"]))
        .holds();
}

#[test]
fn calls_nest_in_arguments_getters_and_jobs() {
    Scenario::new()
        .eval(
            &on_host("h.add(h.add(1, 2), h.add(3, h.add(4, 5)))"),
            gives("15").telling(&["test.add(1,2)", "test.add(4,5)", "test.add(3,9)", "test.add(3,12)"]),
        )
        .eval(
            &on_host("h.echo({ get a() { return h.add(1, 1) }, b: { toJSON: () => h.next() } })"),
            gives(r#"{"a":2,"b":1}"#).telling(&[
                "test.add(1,1)",
                "test.next()",
                r#"test.echo({"a":2,"b":1})"#,
            ]),
        )
        .eval(
            "import { echo } from 'host:test'; Promise.resolve('job').then(echo); export default echo('now')",
            gives(r#""now""#).telling(&[r#"test.echo("now")"#, r#"test.echo("job")"#]),
        )
        .eval(
            "import { next } from 'host:test'; export default [3, 1, 2].sort((a, b) => (next(), a - b))",
            gives("[1,2,3]"),
        )
        .holds();
}

#[test]
fn host_modules_look_like_modules() {
    Scenario::new()
        .eval("import * as h from 'host:test'; export default [Object.keys(h).sort(), h.add.name, h.add.length, typeof h.default, Object.isExtensible(h)]", gives(r#"[["add","bytes","default","echo","fail","next","nothing","odd-name.v1/$","sum"],"add",0,"object",false]"#))
        .eval("import h, { add } from 'host:test'; export default [h.add === add, Object.getPrototypeOf(h) === null]", gives("[true,true]"))
        .eval("import { 'odd-name.v1/$' as odd } from 'host:test'; export default odd()", gives("true"))
        .eval("const { add } = await import('host:test'); export default add(1, 1)", gives("2"))
        .eval("import * as h from 'host:test'; h.add = 1", throws_with(&["TypeError"]))
        .eval("export default typeof add", gives(r#""undefined""#))
        .eval("import { gone } from 'host:other'", fails(ErrorKind::Syntax, &["gone", "host:other"]))
        .holds();
}

#[test]
fn a_module_reaches_host_functions() {
    Scenario::new()
        .module(
            "user:sum",
            "import { add } from 'host:test'; export const sum = list => list.reduce((a, b) => add(a, b), 0)",
        )
        .handler("sum", "import { sum } from 'user:sum'; export const handler = sum")
        .call(
            "sum",
            json!([1, 2, 3]),
            gives("6").telling(&["test.add(0,1)", "test.add(1,2)", "test.add(3,3)"]),
        )
        .holds();
}

#[test]
fn large_arguments_and_results_cross() {
    Scenario::new()
        .eval(&on_host("h.echo('x'.repeat(1 << 20)).length"), gives(1 << 20))
        .eval(&on_host("h.sum(h.bytes(4 << 20))"), gives(255 * 128 * ((4 << 20) / 256)))
        .eval(
            &on_host("h.echo(Array.from({ length: 100000 }, (_, i) => i)).reduce((a, b) => a + b)"),
            gives(4_999_950_000_u64),
        )
        .holds();
}
