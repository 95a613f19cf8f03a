//! The sandbox's files: filled from outside, mounted, imported, and read back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, FileTree, Limits, Mount, Program, SandboxBuilder};
use hypercell_tests::{Folder, engine, fails, says, thrown, works};
use serde_json::{Value, json};
use std::fs;

fn builder() -> Option<SandboxBuilder> {
    engine().map(|engine| engine.sandbox())
}

fn tree() -> FileTree {
    FileTree::new()
        .file("src/index.js", "import { half } from './lib/math.js'; import data from '/data.json' with { type: 'json' }; export default half(data.n)")
        .file("src/lib/math.js", "export const half = n => n / 2")
        .file("data.json", r#"{ "n": 84 }"#)
        .file("bytes.bin", [0xff, 0, 0xfe])
        .symlink("link", "data.json")
        .dir("empty")
}

#[test]
fn files_are_there_from_the_start_and_can_be_imported() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.files(tree()).build().unwrap();
    assert_eq!(
        sandbox.eval::<f64>("export { default } from './index.js'").unwrap(),
        Some(42.0),
        "evaluations lie in /src"
    );
    let source = "
        import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
        export default [[...readFileSync('/bytes.bin')], readdirSync('/').sort(), readlinkSync('/link')]";
    assert_eq!(
        sandbox.eval::<Value>(source).unwrap().unwrap(),
        json!([[255, 0, 254], ["bytes.bin", "data.json", "empty", "link", "src", "tmp"], "data.json"])
    );
}

#[test]
fn a_program_can_be_a_file() {
    let Some(builder) = builder() else { return };
    let files = FileTree::new()
        .file("app/main.js", "import { name } from './name.js'; console.log(name, import.meta.url)")
        .file("app/name.js", "export const name = 'ada'");
    let mut sandbox = builder.files(files).build().unwrap();
    let output = sandbox.exec(Program::file("/app/main.js")).unwrap();
    assert_eq!(output.stdout_text(), "ada file:///app/main.js\n", "{}", output.stderr_text());
    let output = sandbox.exec(Program::file("/app/none.js")).unwrap();
    assert_eq!(output.exit_code, 1);
    says(output.stderr_text(), &["/app/none.js", "cannot be read"]);
}

#[test]
fn what_a_program_wrote_can_be_listed_read_and_exported() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.files(tree()).build().unwrap();
    let source = "
        import fs from 'node:fs';
        fs.mkdirSync('/out/deep', { recursive: true });
        fs.writeFileSync('/out/deep/a.txt', 'x'.repeat(100_000));
        fs.writeFileSync('/out/b.bin', new Uint8Array([1, 2, 3]));
        fs.symlinkSync('b.bin', '/out/link');
        for (let i = 0; i < 600; i++) fs.writeFileSync(`/out/deep/${i}`, String(i));";
    let output = sandbox.exec(source).unwrap();
    assert_eq!(output.exit_code, 0, "{}", output.stderr_text());

    let listed = sandbox.list_files("/out").unwrap();
    assert_eq!(listed.len(), 605);
    let link = listed.iter().find(|entry| entry.path == "/out/link").unwrap();
    assert_eq!(link.link.as_deref(), Some("b.bin"));
    assert_eq!(sandbox.read_file("/out/deep/a.txt").unwrap(), "x".repeat(100_000).into_bytes());

    let folder = Folder::new();
    let exported = sandbox.export_files("/out").unwrap();
    exported.write_to(folder.file("copy")).unwrap();
    assert_eq!(fs::read(folder.file("copy/b.bin")).unwrap(), [1, 2, 3]);
    assert_eq!(fs::read_to_string(folder.file("copy/deep/599")).unwrap(), "599");
    let error = fails(sandbox.list_files("/nothing"), ErrorKind::InvalidArg);
    says(error, &["ENOENT", "/nothing"]);
}

#[test]
fn a_restore_takes_files_back_and_an_unload_fills_them_anew() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.files(tree()).build().unwrap();
    let fresh = sandbox.snapshot().unwrap();
    let change = "import fs from 'node:fs'; fs.writeFileSync('/data.json', '{}'); fs.rmSync('/src', { recursive: true })";
    for _ in 0..2 {
        assert_eq!(sandbox.exec(change).unwrap().exit_code, 0);
        assert_eq!(sandbox.read_file("/data.json").unwrap(), b"{}");
        sandbox.restore(&fresh).unwrap();
        assert_eq!(sandbox.read_file("/data.json").unwrap(), br#"{ "n": 84 }"#);
    }
    assert_eq!(sandbox.exec(change).unwrap().exit_code, 0);
    sandbox.unload().unwrap();
    assert_eq!(sandbox.read_file("/src/lib/math.js").unwrap(), b"export const half = n => n / 2");
}

#[test]
fn mounts_show_a_folder_of_the_host() {
    let Some(builder) = builder() else { return };
    let folder = Folder::new();
    fs::create_dir_all(folder.file("ro/node_modules/pkg")).unwrap();
    fs::create_dir(folder.file("rw")).unwrap();
    fs::write(folder.file("ro/greet.js"), "export { name as default } from 'pkg'").unwrap();
    fs::write(folder.file("ro/node_modules/pkg/package.json"), r#"{ "exports": "./main.cjs" }"#).unwrap();
    fs::write(folder.file("ro/node_modules/pkg/main.cjs"), "exports.name = require('./name.json').name")
        .unwrap();
    fs::write(folder.file("ro/node_modules/pkg/name.json"), r#"{ "name": "ada" }"#).unwrap();
    let mut sandbox = builder
        .mount(Mount::read_only(folder.file("ro"), "/project"))
        .mount(Mount::read_write(folder.file("rw"), "/out"))
        .build()
        .unwrap();
    let source = "
        import fs from 'node:fs';
        import greet from '/project/greet.js';
        fs.writeFileSync('/out/a.txt', greet);
        fs.appendFileSync('/out/a.txt', '!');
        let refused; try { fs.writeFileSync('/project/x', '') } catch (error) { refused = error.code }
        let escaped; try { fs.readFileSync('/project/../../etc/hostname') } catch (error) { escaped = error.code }
        __return([greet, refused, escaped, fs.readFileSync('/out/a.txt', 'utf8'), fs.readdirSync('/project').sort()])";
    let ran = sandbox.run::<Value>(source).unwrap();
    let expected = json!(["ada", "EROFS", "ENOENT", "ada!", ["greet.js", "node_modules"]]);
    assert_eq!(ran.value, Some(expected), "{}", ran.output.stderr_text());
    assert_eq!(fs::read_to_string(folder.file("rw/a.txt")).unwrap(), "ada!");
}

#[test]
fn mounts_that_cannot_be_are_refused() {
    let Some(builder) = builder() else { return };
    let folder = Folder::new();
    let refused = |mount| {
        let builder = builder.clone().mount(mount);
        fails(builder.build(), ErrorKind::InvalidArg)
    };
    says(refused(Mount::read_only(folder.file("none"), "/m")), &["none", "/m"]);
    says(refused(Mount::read_only(folder.file("."), "m")), &["\"m\""]);
    says(refused(Mount::read_only(folder.file("."), "/a/../b")), &["/a/../b"]);
    let without = builder.clone().without_files().mount(Mount::read_only(folder.file("."), "/m"));
    says(fails(without.build(), ErrorKind::InvalidArg), &["/m", "without_files"]);
    let conflict = builder.clone().files(FileTree::new().file("a", "").file("a/b", ""));
    says(fails(conflict.build(), ErrorKind::InvalidArg), &["a"]);
}

#[test]
fn files_have_limits_and_nothing_is_lost_at_them() {
    let Some(builder) = builder() else { return };
    let limits = Limits::default().files(1 << 20).inodes(64);
    let mut sandbox = builder.clone().limits(limits.clone()).build().unwrap();
    let source = "
        import fs from 'node:fs';
        fs.writeFileSync('/a', 'kept');
        const codes = [];
        try { fs.appendFileSync('/a', new Uint8Array(2 << 20)) } catch (error) { codes.push(error.code) }
        try { for (let i = 0; ; i++) fs.writeFileSync(`/${i}`, '') } catch (error) { codes.push(error.code) }
        __return([codes, fs.readFileSync('/a', 'utf8')])";
    let ran = sandbox.run::<Value>(source).unwrap();
    assert_eq!(ran.value, Some(json!([["ENOSPC", "ENOSPC"], "kept"])), "{}", ran.output.stderr_text());
    works(&mut sandbox);
    let large = builder.limits(limits).files(FileTree::new().file("large", vec![0; 2 << 20]));
    says(fails(large.build(), ErrorKind::InvalidArg), &["ENOSPC", "/large"]);
}

#[test]
fn a_sandbox_can_have_no_files() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.without_files().build().unwrap();
    says(thrown(sandbox.eval::<()>("import fs from 'node:fs'; fs.readFileSync('/x')")), &["file system"]);
    says(thrown(sandbox.eval::<()>("import './x.js'")), &["cannot find module './x.js'"]);
    fails(sandbox.read_file("/x"), ErrorKind::InvalidArg);
    works(&mut sandbox);
}

#[test]
fn sources_that_are_no_text_are_told() {
    let Some(builder) = builder() else { return };
    let files = FileTree::new()
        .file("src/bad.js", [b'1', 0xff])
        .file("src/bad.json", "{")
        .file("src/syntax.js", "let a;\nlet a;\nexport {}");
    let mut sandbox = builder.files(files).build().unwrap();
    says(thrown(sandbox.eval::<()>("import './bad.js'")), &["/src/bad.js", "UTF-8", "byte 1"]);
    says(fails(sandbox.eval::<()>("import './bad.json'"), ErrorKind::Syntax), &["/src/bad.json"]);
    fails(sandbox.eval::<()>("import './syntax.js'"), ErrorKind::Syntax);
    works(&mut sandbox);
}
