//! The web platform's bytecode: that it is what this engine makes of the sources.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

#[path = "../build/modules.rs"]
#[allow(dead_code, reason = "the build script uses all of it")]
mod modules;

use rquickjs::{Context, Runtime};
use std::{collections::BTreeMap, fs, path::PathBuf};
use support::guest;

/// What is in the image.
const MODULES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bytecode.rs"));

#[test]
fn bytecode_is_what_the_guests_own_engine_makes_of_the_sources() {
    let files: BTreeMap<String, PathBuf> = modules::modules().unwrap().into_iter().collect();
    assert_eq!(files.keys().collect::<Vec<_>>(), MODULES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let runtime = Runtime::new().unwrap();
    runtime.set_loader(modules::Imports, modules::Imports);
    let context = Context::full(&runtime).unwrap();
    for (name, bytecode) in MODULES {
        let source = fs::read(&files[*name]).unwrap();
        let made = context.with(|ctx| modules::bytecode(&ctx, name, source)).unwrap();
        assert!(made == *bytecode, "{name}: another release or configuration of QuickJS wrote the bytecode");
    }
}

#[test]
fn a_source_that_does_not_compile_is_told_with_its_line() {
    let context = Context::full(&Runtime::new().unwrap()).unwrap();
    let fault =
        context.with(|ctx| modules::bytecode(&ctx, "web:new", "let a;\nlet a;\n".into())).unwrap_err();
    assert!(fault.contains("web:new:2:"), "{fault}");
}

#[test]
fn functions_of_the_platform_read_as_native_code() {
    let mut guest = guest();
    for (expression, name) in [("atob", "atob"), ("URL", "URL"), ("URL.prototype.toString", "toString")] {
        let text = guest.value(&format!("export default String({expression})"));
        assert_eq!(text, format!(r#""function {name}() {{\n    [native code]\n}}""#), "{expression}");
    }
}
