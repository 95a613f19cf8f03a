//! The web platform's modules: that they are there, and that guest code cannot reach into them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

#[test]
fn modules_of_the_web_platform_cannot_be_imported() {
    for specifier in ["web:main", "web:native", "web:primordials", "web:webidl"] {
        let mut guest = guest();
        let thrown = guest.error(&format!("export default await import({specifier:?})"));
        assert_eq!(thrown.name, "ReferenceError", "{specifier}");
    }
    let mut guest = guest();
    let refused = guest.request(hypercell_common::Kind::Module, "web:mine", "").unwrap_err();
    assert!(refused.message.contains("reserved"), "{}", refused.message);
}

#[test]
fn base64_is_forgiving_and_says_what_it_does_not_take() {
    let mut guest = guest();
    assert_eq!(
        guest.value("export default [btoa('h\u{e9}'), atob(' aOk '), atob('')]"),
        r#"["aOk=","hé",""]"#
    );
    for (source, name, code) in
        [("btoa('\u{20ac}')", "InvalidCharacterError", "5"), ("atob('a')", "InvalidCharacterError", "5")]
    {
        let caught = guest.value(&format!(
            "let e; try {{ {source} }} catch (error) {{ e = error }}
             export default [e.name, e.code, e instanceof DOMException, e instanceof Error]"
        ));
        assert_eq!(caught, format!("[\"{name}\",{code},true,true]"));
    }
    assert_eq!(guest.error("export default atob()").name, "TypeError");
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    // Not a template literal: the engine calls `concat` of the prototype for these.
    let source = format!(
        "{PATCHES}; export default btoa('a') + ' ' + atob('YQ==') + ' ' + new DOMException('m', 'AbortError').code"
    );
    assert_eq!(guest.value(&source), r#""YQ== a 20""#);
}

#[test]
fn stacks_show_no_built_in_function_that_the_platform_called() {
    let mut guest = guest();
    let thrown = guest.error(
        "const target = new EventTarget();
         target.addEventListener('x', function mine() { [1].map(function inner() { null.property }) });
         target.dispatchEvent(new Event('x'));",
    );
    let frames: Vec<&str> =
        thrown.stack.lines().filter_map(|line| line.trim().strip_prefix("at ")?.split(' ').next()).collect();
    assert_eq!(frames, ["inner", "map", "mine", "<anonymous>"], "{}", thrown.stack);
}

#[test]
fn stacks_show_nothing_of_the_platform() {
    let mut guest = guest();
    let thrown = guest.error("function mine() { return atob('a') }\nexport default mine()");
    assert!(thrown.stack.contains("mine") && !thrown.stack.contains("web:"), "{}", thrown.stack);
}
