//! Modules come in any order, and have one instance.

use crate::scenario::{Scenario, fails, gives, succeeds, throws, throws_with};
use hypercell::ErrorKind;
use serde_json::json;

#[test]
fn modules_come_in_any_order_and_namespaces_are_kept_apart() {
    Scenario::new()
        .module("user:top", "import { middle } from 'shop:lib/middle'; export const top = `top ${middle}`")
        .module("shop:lib/middle", "import { bottom } from 'user:bottom'; export const middle = `middle ${bottom}`")
        .module("user:bottom", "export const bottom = 'bottom'")
        .eval("import { top } from 'user:top'; export default top", gives(r#""top middle bottom""#))
        .module("shop:bottom", "export const bottom = 'of the shop'")
        .eval("import { bottom as a } from 'shop:bottom'; import { bottom as b } from 'user:bottom'; export default [a, b]", gives(r#"["of the shop","bottom"]"#))
        .holds();
}

#[test]
fn modules_may_import_each_other_in_a_circle() {
    Scenario::new()
        .module("user:even", "import { odd } from 'user:odd'; export function even(n) { return n === 0 || odd(n - 1) }")
        .module("user:odd", "import { even } from 'user:even'; export function odd(n) { return n !== 0 && even(n - 1) }")
        .module("user:self", "import * as self from 'user:self'; export const same = () => self.same === same")
        .eval("import { even } from 'user:even'; import { same } from 'user:self'; export default [even(10), even(7), same()]", gives("[true,false,true]"))
        .module("user:a", "import { b } from 'user:b'; export const a = b + 1")
        .module("user:b", "import { a } from 'user:a'; export const b = a + 1")
        .eval("import 'user:a'", throws_with(&["ReferenceError"]))
        .eval("export default 'fine'", gives(r#""fine""#))
        .holds();
}

#[test]
fn a_module_has_one_instance_with_live_bindings() {
    Scenario::new()
        .module("user:counter", "console.log('evaluated'); export let n = 0; export const count = () => ++n")
        .module("user:through", "export { count } from 'user:counter'; export * as all from 'user:counter'")
        .try_handler("a", "import { count } from 'user:counter'; const handler = () => count()", succeeds().telling(&["log: evaluated"]))
        .try_handler("b", "import { count, all } from 'user:through'; const handler = () => [count(), all.n]", succeeds().telling(&[]))
        .handler("read", "import { n } from 'user:counter'; const handler = () => n")
        .call("a", json!(null), gives("1"))
        .call("b", json!(null), gives("[2,2]"))
        .call("read", json!(null), gives("2"))
        .eval("import { n } from 'user:counter'; n = 5", throws_with(&["TypeError"]))
        .eval("import * as c from 'user:counter'; export default [Object.keys(c), Object.isExtensible(c), c[Symbol.toStringTag]]", gives(r#"[["count","n"],false,"Module"]"#))
        .holds();
}

#[test]
fn a_missing_module_is_an_error_that_names_it_and_its_importer() {
    Scenario::new()
        .module("user:needs", "import 'user:absent'")
        .try_handler("h", "import 'user:gone'; const handler = () => 1", throws("ReferenceError: cannot find module 'user:gone' imported from handler 'h'"))
        .try_handler("h", "import 'user:needs'; const handler = () => 1", throws("ReferenceError: cannot find module 'user:absent' imported from 'user:needs'"))
        .eval("import './gone.js'", throws("ReferenceError: cannot find module './gone.js' imported from 'eval.js'"))
        .eval("import 'std'", throws("ReferenceError: cannot find module 'std' imported from 'eval.js'"))
        .eval("import ''", throws("ReferenceError: cannot find module '' imported from 'eval.js'"))
        .eval("import 'host:gone'", throws("ReferenceError: cannot find host module 'host:gone' imported from 'eval.js': there are 'host:other', 'host:test'"))
        .eval("import x from 'user:needs' with { type: 'json' }", throws_with(&["TypeError", "JSON"]))
        .module("user:absent", "export default 'found'")
        .handler("h", "import 'user:needs'; import found from 'user:absent'; const handler = () => found")
        .call("h", json!(null), gives(r#""found""#))
        .holds();
}

#[test]
fn a_missing_export_is_an_error_that_names_it() {
    Scenario::new()
        .module("user:m", "export const there = 1")
        .try_handler(
            "h",
            "import { gone } from 'user:m'; const handler = () => gone",
            fails(ErrorKind::Syntax, &["gone", "user:m"]),
        )
        .eval("import nothing from 'user:m'", fails(ErrorKind::Syntax, &["default", "user:m"]))
        .eval("import { gone } from 'host:test'", fails(ErrorKind::Syntax, &["gone", "host:test"]))
        .eval("import * as m from 'user:m'; export default [m.there, m.gone ?? null]", gives("[1,null]"))
        .holds();
}

#[test]
fn modules_are_imported_when_they_are_needed() {
    Scenario::new()
        .handler("load", "const handler = async name => (await import('user:' + name)).default")
        .module("user:one", "export default 1")
        .call("load", json!("one"), gives("1"))
        .call("load", json!("two"), throws("ReferenceError: cannot find module 'user:two' imported from handler 'load'"))
        .module("user:two", "export default await Promise.resolve(2)")
        .call("load", json!("two"), gives("2"))
        .eval("export default await import('user:three').catch(e => e.name)", gives(r#""ReferenceError""#))
        .eval("const [a, b] = await Promise.all([import('user:one'), import('user:one')]); export default a === b", gives("true"))
        .holds();
}

#[test]
fn a_module_that_throws_or_does_not_parse_fails_its_importers_only() {
    Scenario::new()
        .module("user:bad", "globalThis.tries = (globalThis.tries ?? 0) + 1; throw new RangeError('no')")
        .module("user:through", "import 'user:bad'; console.log('never')")
        .module("user:broken", "export const = ;")
        .try_handler("h", "import 'user:bad'; function handler() {}", throws("RangeError: no"))
        .try_handler(
            "h",
            "import 'user:through'; function handler() {}",
            throws("RangeError: no").telling(&[]),
        )
        .eval("export default tries", gives("1"))
        .eval("import 'user:broken'", fails(ErrorKind::Syntax, &["SyntaxError"]).at(&["user:broken:1:14"]))
        .eval("import 'user:broken'", fails(ErrorKind::Syntax, &["SyntaxError"]))
        .eval("export default 'fine'", gives(r#""fine""#))
        .holds();
}

#[test]
fn names_that_are_taken_or_reserved_are_refused() {
    Scenario::new()
        .module("user:m", "export default 'first'")
        .try_module(
            "user:m",
            "export default 'second'",
            fails(ErrorKind::InvalidArg, &["'user:m' is registered already"]),
        )
        .eval("import m from 'user:m'; export default m", gives(r#""first""#))
        .try_module(
            "handler:m",
            "",
            fails(ErrorKind::InvalidArg, &["handler"])
                .only_on_vms("the host crate refuses it in its own words"),
        )
        .try_module(
            "web:m",
            "",
            fails(ErrorKind::InvalidArg, &["web"]).only_on_vms("the host crate refuses it in its own words"),
        )
        .try_module(
            "host:m",
            "",
            fails(ErrorKind::InvalidArg, &["host"]).only_on_vms("the host crate refuses it in its own words"),
        )
        .eval_named("user:m", "", fails(ErrorKind::InvalidArg, &["'user:m' is that of a registered module"]))
        .eval_named("user:file", "export default 1", gives("1"))
        .try_module("user:file", "", fails(ErrorKind::InvalidArg, &["'user:file' has the name of a file"]))
        .holds();
}

#[test]
fn a_graph_of_hundreds_of_modules_loads_in_order() {
    let children = |n: u32| [2 * n, 2 * n + 1].into_iter().filter(|child| *child < 300);
    (1..300)
        .fold(Scenario::new().eval("globalThis.order = []", succeeds()), |scenario, n| {
            let imports: String = children(n).map(|child| format!("import 'user:m{child}';")).collect();
            scenario.module(&format!("user:m{n}"), &format!("{imports} order.push({n})"))
        })
        .eval(
            "import 'user:m1'; export default [order.length, order.slice(0, 4), order.at(-1)]",
            gives("[299,[256,257,128,258],1]"),
        )
        .holds();
}

#[test]
fn import_meta_says_nothing_of_the_host() {
    Scenario::new()
        .eval(
            "export default Reflect.ownKeys(import.meta).map(key => `${String(key)}=${import.meta[key]}`)",
            succeeds(),
        )
        .holds();
}
