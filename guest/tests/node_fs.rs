//! `node:fs` and `node:fs/promises`: what programs get of them is what Node.js gives.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

#[path = "fs/arguments.rs"]
mod arguments;
#[path = "fs/attributes.rs"]
mod attributes;
#[path = "fs/content.rs"]
mod content;
#[path = "fs/details.rs"]
mod details;
#[path = "fs/entries.rs"]
mod entries;
#[path = "fs/forms.rs"]
mod forms;
#[path = "fs/mounts.rs"]
mod mounts;
#[path = "fs/refusals.rs"]
mod refusals;
#[path = "fs/sandbox.rs"]
mod sandbox;
#[path = "fs/streams.rs"]
mod streams;

use hypercell_common::body::{Configure, Files};
use support::{Guest, configuration, guest};

/// The modules, and functions that make JSON of what is thrown: by a function, by a promise, or
/// given to a callback.
const PRELUDE: &str = r#"
    import fs from "node:fs";
    import * as fsp from "node:fs/promises";
    const told = (e) => e instanceof Error ? [e.name, e.message, e.code, e.errno, e.syscall, e.path, e.dest] : e;
    const t = (f) => { try { return f() } catch (e) { return told(e) } };
    const p = async (promise) => { try { return await promise } catch (e) { return told(e) } };
    const c = (f, ...args) => new Promise((resolve) => t(() => f(...args, (...all) => resolve(all.map(told)))));
"#;

/// A guest with files, and with mounts at these paths.
fn guest_with(files: Files) -> Guest {
    let mut guest = guest();
    guest.configure(&Configure { files: Some(files), cwd: "/tmp".into(), ..configuration(&[]) });
    guest
}

fn files() -> Files {
    Files { bytes: 16 << 20, inodes: 1000, mounts: Vec::new() }
}

/// What the body of an asynchronous function gives, as JSON text.
fn run(guest: &mut Guest, source: &str) -> String {
    let given = guest.value(&format!(
        "{PRELUDE} export default JSON.stringify(await (async () => {{ {source} }})()) ?? 'undefined'"
    ));
    serde_json::from_str(&given).unwrap()
}

/// Bodies of asynchronous functions, and the JSON text of what Node.js makes of each in an empty
/// folder.
fn check(snippets: &[(&str, &str)]) {
    for (source, expected) in snippets {
        assert_eq!(run(&mut guest_with(files()), source), *expected, "{source}");
    }
}
