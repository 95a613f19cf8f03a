//! TypeScript, wherever source text is taken.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{ErrorKind, FileTree, Program, SandboxBuilder, Source};
use hypercell_tests::{engine, fails, says, throws, works};

fn builder() -> Option<SandboxBuilder> {
    engine().map(|engine| engine.sandbox())
}

#[test]
fn a_name_or_the_sandbox_says_that_source_is_typescript() {
    let Some(builder) = builder() else { return };
    let source = "const n: number = 6; export default (n as number) * 7";
    let mut plain = builder.clone().build().unwrap();
    assert_eq!(plain.eval::<i32>(Source::new(source).named("x.ts")).unwrap(), Some(42));
    fails(plain.eval::<i32>(source), ErrorKind::Syntax);

    let mut typed = builder.typescript(true).build().unwrap();
    assert_eq!(typed.eval::<i32>(source).unwrap(), Some(42));
    typed.add_module("types", "export type A = number; export const one: A = 1").unwrap();
    typed.add_handler("h", "import { one, type A } from 'user:types'; export function handler(e: { n: A }): A { return e.n + one }").unwrap();
    assert_eq!(typed.call::<i32>("h", &serde_json::json!({ "n": 1 })).unwrap(), 2);
    typed.validate("let a: string").unwrap();
    let ran = typed.run::<i32>("const give: (n: number) => void = __return; give(3)").unwrap();
    assert_eq!(ran.value, Some(3), "{}", ran.output.stderr_text());
}

#[test]
fn files_import_each_other_by_either_name() {
    let Some(builder) = builder() else { return };
    let files = FileTree::new()
        .file("src/index.ts", "import { twice } from './twice.js'; import type { N } from './types.ts'; const n: N = 21; console.log(twice(n))")
        .file("src/twice.ts", "import type { N } from './types'; export const twice = (n: N): N => n * 2")
        .file("src/types.ts", "export type N = number");
    let mut sandbox = builder.files(files).build().unwrap();
    let output = sandbox.exec(Program::file("/src/index.ts")).unwrap();
    assert_eq!((output.stdout_text().as_ref(), output.exit_code), ("42\n", 0), "{}", output.stderr_text());
}

#[test]
fn stacks_show_the_users_lines_and_columns() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.build().unwrap();
    let source = "type Long = {\n  a: number;\n};\nfunction fail<T extends Long>(value: T): never { throw new Error('boom') }\nfail({ a: 1 });";
    let error = throws(sandbox.eval::<()>(Source::new(source).named("user.ts")));
    says(&error.stack, &["user.ts:4:", "user.ts:5:"]);
    let output = sandbox.exec(Program::new(source).named("/user.ts")).unwrap();
    says(output.stderr_text(), &["Uncaught Error: boom", "/user.ts:4:", "/user.ts:5:"]);
}

#[test]
fn a_syntax_error_has_its_place_in_the_users_file() {
    let Some(builder) = builder() else { return };
    let files = FileTree::new().file("src/bad.ts", "let ok: number = 1;\nlet x: = 2;\n");
    let mut sandbox = builder.files(files).build().unwrap();
    let error = fails(sandbox.add_module("m.ts", "let a: number = ;"), ErrorKind::Syntax);
    says(error.js().unwrap().stack.clone(), &["user:m.ts:1:"]);
    let error = fails(sandbox.eval::<()>("import './bad.ts'"), ErrorKind::Syntax);
    says(&error.js().unwrap().stack, &["/src/bad.ts:2:"]);
    let output = sandbox.exec(Program::new("\n\nenum A { B }").named("/e.ts")).unwrap();
    assert_eq!(output.exit_code, 1);
    says(output.stderr_text(), &["SyntaxError", "enum", "/e.ts:3:1"]);
    works(&mut sandbox);
}

#[test]
fn hostile_typescript_of_guest_code_is_an_error_and_no_more() {
    let Some(builder) = builder() else { return };
    let mut sandbox = builder.build().unwrap();
    let source = "
        import fs from 'node:fs';
        const errors = [];
        for (const text of ['('.repeat(500_000), '!'.repeat(900_000), 'a<'.repeat(100_000), '`${'.repeat(100_000), 'x'.repeat(2_000_000)]) {
            fs.writeFileSync('/src/hostile.ts', text);
            try { await import('/src/hostile.ts?' + errors.length) } catch (error) { errors.push(error.name) }
        }
        __return(errors.length)";
    let ran = sandbox.run::<i32>(source).unwrap();
    assert_eq!(ran.value, Some(5), "{}", ran.output.stderr_text());
    works(&mut sandbox);
}
