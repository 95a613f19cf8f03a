//! Hostile sources end in a result: never in an abort, and never in a panic that is told.

use super::{patterns::PATTERNS, strip_within};
use proptest::prelude::*;

fn nested((before, opening, middle, closing): (&str, &str, &str, &str), times: usize) -> String {
    [before, &opening.repeat(times), middle, &closing.repeat(times)].concat()
}

/// The most repetitions that are not refused for depth or work.
fn deepest(pattern: (&str, &str, &str, &str)) -> usize {
    let fits = |times: usize| match super::survey::survey(&nested(pattern, times)) {
        Ok(()) => true,
        Err(refusal) => !at_a_cap(&refusal.message),
    };
    let (mut low, mut high) = (0_usize, 1_usize << 14);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle) { low = middle } else { high = middle }
    }
    low
}

fn at_a_cap(message: &str) -> bool {
    message.contains("nested too deeply") || message.contains("ambiguous")
}

/// What the survey lets through is stripped, or the parser's own error: no panic, and no cap.
fn ends(source: &str, pattern: &dyn std::fmt::Debug) {
    if let Err(error) = strip_within(source, "deep.ts", usize::MAX) {
        assert_eq!(error.file(), "deep.ts");
        assert!(!error.message().contains("failed on this source"), "{pattern:?}: {error}");
        assert!(!at_a_cap(error.message()), "{pattern:?}: {error}");
    }
}

#[test]
fn what_is_nested_as_deep_as_it_may_be_does_not_overflow_the_stack() {
    for pattern in PATTERNS {
        let times = deepest(*pattern);
        assert!(times >= 2, "{pattern:?} cannot be nested at all");
        ends(&nested(*pattern, times), pattern);
    }
}

#[test]
fn valid_code_is_stripped_when_nested_far_deeper_than_people_write() {
    for (pattern, times) in [
        (("x=", "(", "1", ")"), 250),
        (("x=", "[", "1", "]"), 250),
        (("x=1", "+1", "", ""), 3000),
        (("x=", "a?b:", "1", ""), 150),
        (("x=", "a<1?b:", "1", ""), 50),
        (("", "f((a)=>{", "1", "})"), 50),
        (("", "function f(){", "1", "}"), 100),
        (("type A=", "A<", "1", ">"), 15),
        (("type A=", "{a:", "1", "}"), 150),
    ] {
        let source = nested(pattern, times);
        let stripped = strip_within(&source, "deep.ts", usize::MAX);
        assert!(stripped.is_ok_and(|output| output.len() == source.len()), "{pattern:?}");
    }
}

#[test]
fn what_is_nested_up_to_the_longest_source_is_refused_by_the_survey() {
    for pattern in PATTERNS {
        let unit = pattern.1.len() + pattern.3.len();
        for length in [1 << 17, (1 << 20) - 64] {
            let source = nested(*pattern, length / unit);
            let error = strip_within(&source, "deep.ts", usize::MAX).err();
            let refusal = super::survey::survey(&source).err();
            assert!(refusal.is_some(), "{pattern:?} times {}", length / unit);
            assert_eq!(
                error.map(|error| error.message().to_owned()),
                refusal.map(|refusal| refusal.message),
                "{pattern:?}"
            );
        }
    }
}

/// Those that made the parser read again most often, in others.
const WORST: &[(&str, &str, &str, &str)] = &[
    ("x=", "a?(b):c=>", "1", ""),
    ("x=", "a?async(b):c=>", "1", ""),
    ("x=", "a<(", "1", ")"),
    ("x=", "a<b<(", "1", ")"),
    ("", "(a:T=", "1", ")=>1"),
    ("", "({a=", "1", "})"),
    ("type A=", "{[K in ", "1", "]:1}"),
    ("x=", "(a):{b:", "1 1", "}=>1"),
    ("", "for(let of ", "1", ")1"),
    ("x=", "a<b>`${", "1 1", "}`"),
];

/// Five eighths of the depth that may be: what is read twice for each level without being
/// counted would not end at that either.
#[test]
fn two_patterns_in_each_other_end_too() {
    for outer in PATTERNS {
        for inner in WORST {
            let opening = [outer.1, inner.1].concat();
            let closing = [inner.3, outer.3].concat();
            let pattern = (outer.0, opening.as_str(), inner.2, closing.as_str());
            // A panic of the parser in some of them is an error of ours as well.
            let source = nested(pattern, deepest(pattern) * 5 / 8);
            if let Err(error) = strip_within(&source, "deep.ts", usize::MAX) {
                assert!(!at_a_cap(error.message()), "{pattern:?}: {error}");
            }
        }
    }
}

const SOUP: &[&str] = &[
    "a",
    "b",
    "1",
    "'s'",
    "`",
    "${",
    "}",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "=",
    "=>",
    ":",
    "?",
    ",",
    ";",
    "\n",
    ".",
    "?.",
    "!",
    "+",
    "-",
    "/",
    "*",
    "**",
    "|",
    "&",
    "...",
    "@",
    "#",
    "as",
    "satisfies",
    "type",
    "interface",
    "enum",
    "class",
    "extends",
    "implements",
    "abstract",
    "declare",
    "namespace",
    "function",
    "async",
    "await",
    "import",
    "export",
    "from",
    "new",
    "typeof",
    "keyof",
    "infer",
    "is",
    "asserts",
    "readonly",
    "if",
    "else",
    "for",
    "of",
    "in",
    "let",
    "const",
    "return",
    "yield",
    "static",
    "get",
    "constructor",
    "this",
    "<T>",
    "//",
    "/*",
    "*/",
    "\u{1f600}",
    "é",
    "\u{2028}",
    "\\u0061",
    "\"",
    "0x",
    "1n",
    "#!",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_tokens_never_make_the_parser_fail(tokens in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        for source in [tokens.concat(), tokens.join(" ")] {
            if let Err(error) = super::strip(&source, "soup.ts") {
                prop_assert!(!error.message().contains("failed on this source"), "{source:?}: {error}");
            }
        }
    }
}
