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
        Err(refusal) => {
            !refusal.message.contains("nested too deeply") && !refusal.message.contains("ambiguous")
        }
    };
    let (mut low, mut high) = (0_usize, 1_usize << 14);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if fits(middle) { low = middle } else { high = middle }
    }
    low
}

#[test]
fn what_is_nested_as_deep_as_it_may_be_does_not_overflow_the_stack() {
    for pattern in PATTERNS {
        let times = deepest(*pattern);
        assert!(times >= 2, "{pattern:?} cannot be nested at all");
        drop(strip_within(&nested(*pattern, times), "deep.ts", usize::MAX));
    }
}

#[test]
fn what_is_nested_up_to_the_longest_source_is_refused_or_stripped() {
    for pattern in PATTERNS {
        let unit = pattern.1.len() + pattern.3.len();
        for length in [1 << 14, 1 << 17, (1 << 20) - 64] {
            let source = nested(*pattern, length / unit);
            if let Err(error) = strip_within(&source, "deep.ts", usize::MAX) {
                assert!(!error.message().contains("failed on this source"), "{pattern:?}: {error}");
            }
        }
    }
}

#[test]
fn two_patterns_in_each_other_end_too() {
    for (index, outer) in PATTERNS.iter().enumerate() {
        for inner in PATTERNS.iter().skip(index % 7).step_by(7) {
            let opening = [outer.1, inner.1].concat();
            let closing = [inner.3, outer.3].concat();
            let pattern = (outer.0, opening.as_str(), inner.2, closing.as_str());
            let times = deepest(pattern);
            drop(strip_within(&nested(pattern, times), "deep.ts", usize::MAX));
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
