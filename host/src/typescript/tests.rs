//! What stripping promises.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{TypeScriptError, limits::MAX_SOURCE, strip, strip_within};
use proptest::prelude::*;

fn stripped(source: &str) -> String {
    strip(source, "file.ts").unwrap_or_else(|error| unreachable!("{error}\n{source}"))
}

/// What is left, with each run of white space as one space.
fn words(source: &str) -> String {
    stripped(source).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(source: &str) -> TypeScriptError {
    strip(source, "file.ts").unwrap_err()
}

/// Each line is as long as before, and each character that is left is where it was, but for
/// `;`, `(` and `)`, which keep two statements apart or a pair together.
fn places_stay(source: &str, output: &str) -> bool {
    let (before, after): (Vec<u16>, Vec<u16>) =
        (source.encode_utf16().collect(), output.encode_utf16().collect());
    let breaks = [0x0a, 0x0d, 0x2028, 0x2029];
    before.len() == after.len()
        && before.iter().zip(&after).all(|(before, after)| {
            before == after
                || *after == 0x20 && !breaks.contains(before)
                || [b';', b'(', b')'].map(u16::from).contains(after) && !breaks.contains(before)
        })
}

#[test]
fn types_become_white_space() {
    assert_eq!(stripped("let x: number = 1;"), "let x         = 1;");
    assert_eq!(stripped("a as B;"), "a     ;");
    assert_eq!(stripped("type 名 = '😀';\nb"), ";             \nb");
}

#[test]
fn javascript_comes_back_as_it_is() {
    for source in [
        "",
        "export default async function handler(event) { return await f(`${event.a / 2}`) }\n",
        "#!/usr/bin/env node\nlet r = /[/\"'`]/g, d = a / b / c;\r\nif (a) /x'/.test(b)\n",
        "class A { #b = 1; static { A.c = 1 } get type() { return this.#b / 2 / 3 } }",
        "for (const enum_ of [1, 2]) { label: for (;;) break label }",
        "await f(); import('a'); export { a as default } from 'b' with { type: 'json' };",
        "\u{feff}let a = 1 // mark\u{2028}let b",
    ] {
        assert_eq!(stripped(source), source);
    }
}

#[test]
fn all_that_is_only_types_is_stripped() {
    for (source, left) in [
        ("import type { A } from 'a'; b", "; b"),
        ("import { type A, b } from 'a';", "import { b } from 'a';"),
        ("export type { A } from 'a'; export { type B, c };", "; export { c };"),
        ("interface A<T> extends B { c: T } d", "; d"),
        ("declare const a: string; declare module 'm' { export const x: 1 } b", "; b"),
        ("declare global { interface Window { a: 1 } } b", "; b"),
        ("namespace A { export type B = 1; interface C {} } d", "; d"),
        ("const a = { b: 1 } satisfies C as const;", "const a = { b: 1 } ;"),
        ("f<T>(a!, b?.c!);", "f (a , b?.c );"),
        ("function f(a: string): void; function f(a) {}", "; function f(a) {}"),
        (
            "abstract class A<T> implements B { abstract c(): T; private readonly d?: T = 1 }",
            "class A { d = 1 }",
        ),
        (
            "class A { constructor(a?: number, ...b: C[]) { super() } declare c: D; [key: string]: E }",
            "class A { constructor(a , ...b ) { super() } ; ; }",
        ),
        ("const f = async <T,>(a: T): Promise<T> => a;", "const f = async (a ) => a;"),
        ("function f(this: Window, a: A): asserts a is B {}", "function f( a ) {}"),
        ("const f = x ? (a) : (b: T): U => b;", "const f = x ? (a) : (b ) => b;"),
        (
            "type A<T> = T extends (infer U extends string)[] ? { [K in keyof T as `a${K}`]-?: U } : never; b",
            "; b",
        ),
        ("let a: Map<string, Array<Set<number>>>= b, c: typeof import('d')", "let a = b, c"),
    ] {
        assert_eq!(words(source), left, "{source}");
        assert!(places_stay(source, &stripped(source)), "{source}");
    }
}

#[test]
fn statements_stay_apart_where_a_type_was_between_them() {
    let left = stripped("let a = b\ntype C = 1\n(d)");
    assert!(left.contains(';'), "{left}");
    assert_eq!(stripped("a = b as C\n(d)"), "a = b;    \n(d)");
}

#[test]
fn what_is_more_than_types_is_refused_with_what_to_write_instead() {
    for (source, column, said) in [
        ("enum A { B }", 1, "write `const Name"),
        ("let a; const enum A { B }", 8, "write `const Name"),
        ("  namespace A { export const b = 1 }", 3, "write a module"),
        ("import a = require('a');", 1, "write `import name from"),
        ("export = a;", 1, "write `export default`"),
        ("class A { constructor(private b: C) {} }", 31, "declare the field"),
        ("let a = <B>c;", 9, "write `value as T`"),
        ("-a as number ** 2;", 1, "put it in parentheses"),
        ("@d class A {}", 1, "decorators are not supported"),
        ("let a = <div>it</div>;", 0, "JSX cannot be stripped"),
        ("let a = <A b={c} />;", 0, "JSX cannot be stripped"),
    ] {
        let error = refused(source);
        assert!(error.message().contains(said), "{source}: {error}");
        assert!(column == 0 || (error.line(), error.column()) == (1, column), "{source}: {error}");
    }
}

#[test]
fn an_error_says_where_it_is() {
    let error = refused("let a = 1;\nlet é = '😀', b = ;\n");
    assert_eq!((error.file(), error.line(), error.column()), ("file.ts", 2, 18));
    assert_eq!(error.to_string(), format!("file.ts:2:18: {}", error.message()));
    assert_eq!(refused("\u{feff}enum A {}").column(), 2);
    for (source, place, said) in [
        ("f(\n{ a: 1 ", (2, 1), "`{` is never closed"),
        ("f(]", (1, 3), "unexpected `]`"),
        ("`a${b", (1, 1), "`${` is never closed"),
        ("let a = 'b\n", (1, 9), "Unterminated"),
    ] {
        let error = refused(source);
        assert_eq!((error.line(), error.column()), place, "{error}");
        assert!(error.message().contains(said), "{error}");
    }
}

#[test]
fn a_source_has_a_longest_length() {
    let longest = " ".repeat(MAX_SOURCE);
    assert_eq!(stripped(&longest), longest);
    let error = refused(&format!("{longest} "));
    assert!(error.message().contains("1048577 bytes, and may have 1048576"), "{error}");
    assert!(strip_within("let a", "a.ts", 4).unwrap_err().message().contains("may have 4"));
}

#[test]
fn a_slash_that_may_be_two_things_is_refused() {
    for source in ["a = {} / b / 2", "i++ / 2 / j", "{ }\n/a/.test(b)"] {
        assert!(refused(source).message().contains("in parentheses"), "{source}");
    }
    assert_eq!(
        stripped("if (a) { b } /c'/.test(d); (i++) / 2 / 3"),
        "if (a) { b } /c'/.test(d); (i++) / 2 / 3"
    );
}

#[test]
fn large_ordinary_code_passes() {
    let function = "export function f(a: number, b: Map<string, Array<A>>): A {\n  for (let i = 0; i < a; i++) {\n    if (a < i && b.get(`${i}`)?.length > 1) { g<A>(a as B, { c: [1, 2], d: (e: E): F => e!.f }) } else { h() }\n  }\n  return a ? b : (c) as D\n}\n";
    let numbers = |separator: &str, count: usize| vec!["1"; count].join(separator);
    for source in [
        function.repeat(500 * 1024 / function.len()),
        function.replace(';', "").replace("for (let i = 0 i < a i++)", "while (a)").repeat(1000),
        format!("[{}]", numbers(", ", 50_000)),
        numbers(" + ", 2001),
        format!("x = {{ {} }}", (0..40).map(|i| format!("a{i}: 1 << {i}, ")).collect::<String>()),
        format!("a{}", "\n  .then((b) => b.c)".repeat(400)),
        format!("if (a) b();{}", " else if (a) { b() }".repeat(500)),
        format!("{}1{}", "[".repeat(200), "]".repeat(200)),
        "foo(a)\nbar[b] = c.d\n".repeat(20_000),
    ] {
        let output = stripped(&source);
        assert!(places_stay(&source, &output));
    }
}

const PARTS: &[&str] = &[
    "let a: A<B[]> = b as C;",
    "type A = { b: 1\n c: '😀' };",
    "interface D { e(): void }\n",
    "f<T>(a!);\n",
    "class A<T> { private b?: T; c(d: T): this is E { } }\r\n",
    "import { type A, b } from 'c';\n",
    "\u{2028}",
    "const g = async <T>(\n a: T\n): Promise<T> => { return a satisfies T }\n",
    "// é\n",
    "/* 名 */ ",
    "\u{a0}",
    "if (a) type\n",
    "declare function h(a: '名😀');\n",
    "return_: for (const a of b as C[]) { }\n",
    "x = a as\n B\n(c);\n",
];

proptest! {
    #[test]
    fn every_place_stays(parts in prop::collection::vec(prop::sample::select(PARTS), 0..12)) {
        let source = parts.concat();
        if let Ok(output) = strip(&source, "file.ts") {
            prop_assert!(places_stay(&source, &output), "{source:?}\n{output:?}");
            prop_assert_eq!(source.split('\n').count(), output.split('\n').count());
        }
    }
}
