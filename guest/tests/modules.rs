//! Modules: registration, resolution, cycles, and what a failed import leaves.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{Kind, body::Cause};
use support::{guest, told};

#[test]
fn a_module_is_compiled_on_its_first_import_and_not_before() {
    let mut guest = guest();
    guest.module("user:broken", "export const = 1");
    guest.module("user:fine", "export const n = 41");
    assert_eq!(guest.value("import { n } from 'user:fine'; export default n + 1"), "42");
    let error = guest.error("import 'user:broken'");
    assert_eq!((error.cause, error.name.as_str()), (Cause::Syntax, "SyntaxError"));
    assert!(error.stack.contains("user:broken:1:"), "{}", error.stack);
}

#[test]
fn all_importers_share_one_instance() {
    let mut guest = guest();
    guest.module("user:counter", "let n = 0; export const next = () => ++n;");
    guest.handler("a", "import { next } from 'user:counter'; export const handler = () => next();");
    guest.handler("b", "import { next } from 'user:counter'; export const handler = () => next();");
    guest.result("a", "null");
    guest.result("b", "null");
    assert_eq!(guest.result("a", "null"), "3");
}

#[test]
fn modules_may_be_registered_in_any_order_and_import_in_cycles() {
    let mut guest = guest();
    guest.module(
        "user:even",
        "import { odd } from 'user:odd'; export const even = n => n === 0 || odd(n - 1);",
    );
    guest.module(
        "user:odd",
        "import { even } from 'user:even'; export const odd = n => n !== 0 && even(n - 1);",
    );
    guest.handler("h", "import { even } from 'user:even'; export const handler = even;");
    assert_eq!(guest.result("h", "10"), "true");
}

#[test]
fn dynamic_import_works_from_modules_and_scripts() {
    let mut guest = guest();
    guest.module("user:m", "export const n = 5");
    assert_eq!(guest.value("const { n } = await import('user:m'); export default n"), "5");
    assert_eq!(guest.request(Kind::Script, "s.js", "import('user:m').then(m => m.n)").unwrap().body, "5");
}

#[test]
fn a_missing_module_is_named_with_its_importer() {
    let mut guest = guest();
    guest.module("user:a", "import 'user:b'");
    let from_handler =
        guest.request(Kind::Handler, "h", "import 'user:x'; function handler() {}").unwrap_err();
    assert_eq!(
        told(&from_handler),
        (Cause::Exception, "ReferenceError: cannot find module 'user:x' imported from handler 'h'".into())
    );
    let from_module = guest.error("import 'user:a'");
    assert_eq!(from_module.message, "cannot find module 'user:b' imported from 'user:a'");
    let dynamic = guest.error("await import('./relative.js')");
    assert_eq!(dynamic.message, "cannot find module './relative.js' imported from 'main.js'");
    let from_script = guest.request(Kind::Script, "s.js", "import('user:x')").unwrap_err();
    assert_eq!(from_script.message, "cannot find module 'user:x' imported from 's.js'");
}

#[test]
fn a_handler_whose_import_was_missing_loads_once_the_module_is_there() {
    let mut guest = guest();
    let source = "import { n } from 'user:x'; export const handler = () => n;";
    guest.request(Kind::Handler, "h", source).unwrap_err();
    guest.module("user:x", "export const n = 8");
    guest.handler("h", source);
    assert_eq!(guest.result("h", "null"), "8");
}

#[test]
fn a_cycle_that_failed_to_load_loads_once_it_is_complete() {
    let mut guest = guest();
    guest.module(
        "user:a",
        "import { b } from 'user:b'; import { c } from 'user:c'; export const a = () => b() + c;",
    );
    guest.module("user:b", "import { a } from 'user:a'; export const b = () => typeof a;");
    let source = "import { a } from 'user:a'; export const handler = a;";
    for _ in 0..3 {
        let error = guest.request(Kind::Handler, "h", source).unwrap_err();
        assert_eq!(error.message, "cannot find module 'user:c' imported from 'user:a'");
    }
    guest.module("user:c", "export const c = '!'");
    guest.handler("h", source);
    assert_eq!(guest.result("h", "null"), r#""function!""#);
}

#[test]
fn names_of_recompiled_modules_stay_clean_in_stacks() {
    let mut guest = guest();
    guest.module("user:a", "import { b } from 'user:b'; import 'user:c'; export const a = b;");
    guest.module("user:b", "import 'user:a';\nexport const b = () => { throw new Error('x') };");
    guest.eval("import 'user:a'").unwrap_err();
    guest.module("user:c", "");
    let error = guest.error("import { a } from 'user:a'; a()");
    assert!(error.stack.contains("(user:b:2:"), "{:?}", error.stack);
}

#[test]
fn an_export_that_is_not_there_is_a_syntax_error_at_load() {
    let mut guest = guest();
    guest.module("user:m", "export const a = 1");
    let error =
        guest.request(Kind::Handler, "h", "import { b } from 'user:m'; function handler() {}").unwrap_err();
    assert_eq!((error.cause, error.name.as_str()), (Cause::Syntax, "SyntaxError"));
    guest.handler("h", "import { a } from 'user:m'; export const handler = () => a");
    assert_eq!(guest.result("h", "null"), "1");
}

#[test]
fn a_specifier_is_registered_once() {
    let mut guest = guest();
    guest.module("user:m", "");
    let error = guest.request(Kind::Module, "user:m", "").unwrap_err();
    assert_eq!(
        told(&error),
        (Cause::Request, "RequestError: the module 'user:m' is registered already".into())
    );
}

#[test]
fn malformed_and_reserved_specifiers_are_refused() {
    let mut guest = guest();
    for specifier in ["", "plain", ":x", "user:", "host:math", "handler:h", "user:a\u{1}1", "user:\0"] {
        let error = guest.request(Kind::Module, specifier, "").unwrap_err();
        assert_eq!(error.cause, Cause::Request, "{specifier:?}");
    }
}

#[test]
fn handlers_cannot_be_imported() {
    let mut guest = guest();
    guest.handler("h", "export const handler = () => 1");
    assert_eq!(
        guest.error("import 'handler:h'").message,
        "cannot find module 'handler:h' imported from 'main.js'"
    );
}

#[test]
fn evaluated_files_and_modules_do_not_take_each_others_names() {
    let mut guest = guest();
    guest.module("user:m", "export default 'module'");
    assert_eq!(guest.request(Kind::Eval, "user:m", "").unwrap_err().cause, Cause::Request);
    assert_eq!(guest.request(Kind::Eval, "host:m", "").unwrap_err().cause, Cause::Request);
    guest.request(Kind::Eval, "file:///main.js", "").unwrap();
    guest.request(Kind::Eval, "file:///main.js", "").unwrap();
    assert_eq!(guest.request(Kind::Module, "file:///main.js", "").unwrap_err().cause, Cause::Request);
}

#[test]
fn import_attributes_that_do_not_fit_are_refused() {
    let mut guest = guest();
    guest.module("user:m", "");
    let error = guest.error("import 'user:m' with { type: 'css' }");
    assert_eq!(
        error.message,
        "the import of 'user:m' from 'main.js' has attributes, which are not supported"
    );
    let error = guest.error("import 'user:m' with { type: 'json' }");
    assert_eq!(error.message, "the import of 'user:m' from 'main.js' is of JSON, which it is not");
}

#[test]
fn a_module_that_throws_fails_every_importer_with_the_same_error() {
    let mut guest = guest();
    guest.module("user:m", "throw new Error('module down')");
    for _ in 0..2 {
        assert_eq!(guest.error("import 'user:m'").message, "module down");
    }
}

#[test]
fn a_deep_chain_of_imports_ends_in_an_error_and_not_in_a_crash() {
    let mut guest = guest();
    for n in 0..5000 {
        guest.module(&format!("user:m{n}"), &format!("import 'user:m{}'", n + 1));
    }
    let error = guest.error("import 'user:m0'");
    assert!(["RangeError", "InternalError", "SyntaxError"].contains(&error.name.as_str()), "{error:?}");
    assert_eq!(guest.value("export default 1"), "1");
}

#[test]
fn validation_compiles_and_neither_resolves_nor_runs() {
    let mut guest = guest();
    guest
        .request(Kind::Validate, "v.js", "import { x } from 'user:nowhere'; globalThis.ran = true; x();")
        .unwrap();
    assert_eq!(guest.value("export default typeof ran"), r#""undefined""#);
    let error = guest.request(Kind::Validate, "v.js", "let a;\nlet a;").unwrap_err();
    assert_eq!((error.cause, error.name.as_str()), (Cause::Syntax, "SyntaxError"));
    assert!(error.stack.contains("v.js:2:"), "{}", error.stack);
    assert_eq!(
        guest.error("import 'user:nowhere'").message,
        "cannot find module 'user:nowhere' imported from 'main.js'"
    );
}
