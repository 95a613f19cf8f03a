//! Modules come in any order, are compiled when they are first imported, and have
//! one instance that all handlers share.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, HostModule};
use hypercell_tests::{engine, fails, sandbox, says, thrown, throws, works};
use serde_json::{Value, json};

#[test]
fn modules_may_come_in_any_order() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_module("top", "import { middle } from 'user:middle'; export const top = `top ${middle}`")
        .unwrap();
    sandbox
        .add_module(
            "middle",
            "import { bottom } from 'user:bottom'; export const middle = `middle ${bottom}`",
        )
        .unwrap();
    sandbox.add_module("bottom", "export const bottom = 'bottom'").unwrap();

    let top = sandbox.eval::<String>("import { top } from 'user:top'; export default top").unwrap();

    assert_eq!(top.unwrap(), "top middle bottom");
}

#[test]
fn modules_may_import_each_other_in_a_circle() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_module(
            "even",
            "import { odd } from 'user:odd'; export function even(n) { return n === 0 || odd(n - 1) }",
        )
        .unwrap();
    sandbox
        .add_module(
            "odd",
            "import { even } from 'user:even'; export function odd(n) { return n !== 0 && even(n - 1) }",
        )
        .unwrap();
    sandbox
        .add_module("self", "import * as self from 'user:self'; export const same = () => self.same === same")
        .unwrap();

    let source = "import { even } from 'user:even'; import { same } from 'user:self'; export default [even(10), even(7), same()]";

    assert_eq!(sandbox.eval::<Value>(source).unwrap().unwrap(), json!([true, false, true]));
}

#[test]
fn a_circle_that_needs_a_binding_too_early_is_an_error() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("a", "import { b } from 'user:b'; export const a = b + 1").unwrap();
    sandbox.add_module("b", "import { a } from 'user:a'; export const b = a + 1").unwrap();

    assert_eq!(throws(sandbox.eval::<Value>("import 'user:a'")).name, "ReferenceError");
    works(&mut sandbox);
}

#[test]
fn handlers_share_one_instance_of_a_module() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("counter", "export let n = 0; export const count = () => ++n").unwrap();
    sandbox.add_module("through", "export { count } from 'user:counter'").unwrap();
    sandbox.add_handler("a", "import { count } from 'user:counter'; const handler = () => count()").unwrap();
    sandbox.add_handler("b", "import { count } from 'user:through'; const handler = () => count()").unwrap();
    sandbox.add_handler("read", "import { n } from 'user:counter'; const handler = () => n").unwrap();

    let counted = ["a", "b", "a", "read"].map(|key| sandbox.call::<i32>(key, &()).unwrap());

    assert_eq!(counted, [1, 2, 3, 3]);
}

#[test]
fn a_missing_module_is_an_error_that_names_it_and_its_importer() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("needs", "import 'user:absent'").unwrap();

    let direct = throws(sandbox.add_handler("h", "import 'user:gone'; const handler = () => 1"));
    says(direct.message, &["user:gone", "'h'"]);
    let indirect = throws(sandbox.add_handler("h", "import 'user:needs'; const handler = () => 1"));
    says(indirect.message, &["user:absent", "user:needs"]);
    for specifier in [
        "gone",
        "./gone.js",
        "/etc/passwd",
        "../../x",
        "https://example.com/x.js",
        "node:native",
        "node:internal/cjs",
        "node:http",
        "web:native",
        "std",
        "",
    ] {
        let error = throws(sandbox.eval::<Value>(&format!("import '{specifier}'")));
        says(error.message, &[specifier, "eval.js"]);
    }

    sandbox.add_module("absent", "").unwrap();
    sandbox.add_handler("h", "import 'user:needs'; const handler = () => 'found'").unwrap();
    assert_eq!(sandbox.call::<String>("h", &()).unwrap(), "found");
}

#[test]
fn a_missing_export_is_an_error_that_names_it() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("m", "export const there = 1").unwrap();

    let error =
        sandbox.add_handler("h", "import { gone } from 'user:m'; const handler = () => gone").unwrap_err();

    assert!(error.is_guest_error());
    says(error, &["SyntaxError", "gone", "user:m"]);
    sandbox.add_handler("h", "import { there } from 'user:m'; const handler = () => there").unwrap();
    assert_eq!(sandbox.call::<i32>("h", &()).unwrap(), 1);
}

#[test]
fn a_module_may_live_in_a_namespace_of_its_own() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module_in("shop", "lib/cart-v1.2_$", "export const where = 'shop'").unwrap();
    sandbox.add_module("lib/cart-v1.2_$", "export const where = 'user'").unwrap();

    let source = "import { where as a } from 'shop:lib/cart-v1.2_$'; import { where as b } from 'user:lib/cart-v1.2_$'; export default [a, b]";

    assert_eq!(sandbox.eval::<Value>(source).unwrap().unwrap(), json!(["shop", "user"]));
}

#[test]
fn names_that_are_no_names_are_refused() {
    let Some(mut sandbox) = sandbox() else { return };
    let long = "x".repeat(257);

    for (name, why) in [
        ("", "empty"),
        ("a b", "' '"),
        ("a:b", "':'"),
        ("a\0", "\\0"),
        ("a\n", "\\n"),
        ("ü", "'ü'"),
        (&long, "257"),
    ] {
        says(fails(sandbox.add_module(name, ""), ErrorKind::InvalidArg), &["name", "module", why]);
        says(fails(sandbox.add_module_in(name, "m", ""), ErrorKind::InvalidArg), &["namespace", why]);
    }
    works(&mut sandbox);
}

#[test]
fn the_namespace_of_host_modules_is_refused() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("secret").function("get", || "of the host");
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();

    for name in ["secret", "other"] {
        says(
            fails(sandbox.add_module_in("host", name, "export const get = 1"), ErrorKind::InvalidArg),
            &["host"],
        );
    }

    let source = "import { get } from 'host:secret'; export default get()";
    assert_eq!(sandbox.eval::<String>(source).unwrap().unwrap(), "of the host");
}

#[test]
fn a_duplicate_module_is_refused_and_the_first_one_stays() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("m", "export default 'first'").unwrap();

    says(fails(sandbox.add_module("m", "export default 'second'"), ErrorKind::InvalidArg), &["user:m"]);

    assert_eq!(sandbox.eval::<String>("import m from 'user:m'; export default m").unwrap().unwrap(), "first");
}

#[test]
fn a_module_that_nobody_imports_is_never_compiled() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("broken", "export const = ;").unwrap();
    sandbox.add_module("throwing", "throw new Error('evaluated')").unwrap();
    sandbox.add_handler("h", "const handler = () => 'fine'").unwrap();

    assert_eq!(sandbox.call::<String>("h", &()).unwrap(), "fine");

    let error = fails(sandbox.eval::<Value>("import 'user:broken'"), ErrorKind::Syntax);
    says(&error.js().unwrap().stack, &["user:broken:1"]);
    assert_eq!(sandbox.call::<String>("h", &()).unwrap(), "fine");
}

#[test]
fn a_module_that_throws_fails_each_import_and_nothing_else() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_module("bad", "globalThis.tries = (globalThis.tries ?? 0) + 1; throw new RangeError('no')")
        .unwrap();
    sandbox.add_module("through", "import 'user:bad'").unwrap();

    for importer in ["bad", "through", "bad"] {
        let source = format!("import 'user:{importer}'; function handler() {{}}");
        assert_eq!(thrown(sandbox.add_handler("h", &source)), "RangeError: no");
        works(&mut sandbox);
    }
    assert_eq!(sandbox.eval::<i32>("export default tries").unwrap(), Some(1), "it is evaluated once");
}

#[test]
fn a_module_that_awaits_is_waited_for() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("late", "await null; export const late = await Promise.resolve('late')").unwrap();

    let source = "import { late } from 'user:late'; export default late";

    assert_eq!(sandbox.eval::<String>(source).unwrap().unwrap(), "late");
}

#[test]
fn a_module_may_be_imported_when_it_is_needed() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .add_handler("load", "const handler = async name => (await import('user:' + name)).default")
        .unwrap();
    sandbox.add_module("one", "export default 1").unwrap();

    assert_eq!(sandbox.call::<i32>("load", "one").unwrap(), 1);
    says(throws(sandbox.call::<i32>("load", "two")).message, &["user:two", "'load'"]);
    sandbox.add_module("two", "export default 2").unwrap();
    assert_eq!(sandbox.call::<i32>("load", "two").unwrap(), 2);
    let caught = "export default await import('user:three').catch(e => e.name)";
    assert_eq!(sandbox.eval::<String>(caught).unwrap().unwrap(), "ReferenceError");
    assert_eq!(sandbox.script::<i32>("import('user:one').then(m => m.default)").unwrap(), Some(1));
}

#[test]
fn a_module_reaches_host_functions() {
    let Some(engine) = engine() else { return };
    let host = HostModule::new("math").function("add", |a: i32, b: i32| a + b);
    let mut sandbox = engine.sandbox().host_module(host).build().unwrap();
    sandbox
        .add_module(
            "sum",
            "import { add } from 'host:math'; export const sum = list => list.reduce((a, b) => add(a, b), 0)",
        )
        .unwrap();
    sandbox.add_handler("sum", "import { sum } from 'user:sum'; export const handler = sum").unwrap();

    assert_eq!(sandbox.call::<i32>("sum", &[1, 2, 3]).unwrap(), 6);
}

#[test]
fn a_graph_of_a_thousand_modules_loads() {
    let Some(mut sandbox) = sandbox() else { return };
    for n in 0..1000 {
        sandbox.add_module(&format!("m{n}"), &format!("export default {n}")).unwrap();
    }
    let imports: String = (0..1000).map(|n| format!("import m{n} from 'user:m{n}';")).collect();
    let sum: String = (0..1000).map(|n| format!("+m{n}")).collect();

    let total = sandbox.eval::<i32>(&format!("{imports} export default {sum}")).unwrap();

    assert_eq!(total, Some((0..1000).sum()));
}

#[test]
fn a_chain_of_modules_too_deep_for_the_stack_is_an_error() {
    let Some(mut sandbox) = sandbox() else { return };
    for n in 0..10_000 {
        sandbox.add_module(&format!("m{n}"), &format!("import 'user:m{}'", n + 1)).unwrap();
    }
    sandbox.add_module("m10000", "").unwrap();

    throws(sandbox.eval::<Value>("import 'user:m0'"));

    works(&mut sandbox);
    sandbox.eval::<Value>("import 'user:m9990'").unwrap();
}
