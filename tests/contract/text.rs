//! Text is unicode, whatever it holds.

use crate::scenario::{Scenario, gives, succeeds, throws, throws_with};
use serde_json::json;

#[test]
fn text_comes_back_as_it_went() {
    let texts = [
        "grüße, 日本語, עברית",
        "😀 🦀 \u{10ffff}",
        "a\0b\0",
        "\u{1}\u{1f}\u{7f}\u{80}\u{2028}\u{2029}\u{feff}",
        "\"\\/\u{8}\u{c}\n\r\t",
        "e\u{301}",
        "\u{d7ff}\u{e000}\u{fffd}",
    ];
    texts
        .iter()
        .fold(Scenario::new().handler("echo", "const handler = s => s"), |scenario, text| {
            scenario.call("echo", json!(text), gives(json!(text))).call(
                "echo",
                json!({ *text: text }),
                gives(json!({ *text: text })),
            )
        })
        .holds();
}

#[test]
fn guest_code_sees_utf_16() {
    Scenario::new()
        .handler("measure", "const handler = s => [s.length, s.codePointAt(0), [...s].length, s.charCodeAt(1), s.isWellFormed()]")
        .call("measure", json!("😀"), gives("[2,128512,1,56832,true]"))
        .call("measure", json!("aü"), gives("[2,97,2,252,true]"))
        .call_json("measure", r#""\ud800x""#, gives("[2,55296,2,120,false]"))
        .holds();
}

#[test]
fn a_lone_surrogate_arrives_as_the_replacement_character() {
    Scenario::new()
        .expressions(&[
            (r"'a\ud800b'", "\"a\u{fffd}b\""),
            (r"({ '\udc00': '\udc00\ud800' })", "{\"\u{fffd}\":\"\u{fffd}\u{fffd}\"}"),
            (r"'\ud83d' + '\ude00'", "\"😀\""),
            (r"'\ud7ff\ue000'", "\"\u{d7ff}\u{e000}\""),
        ])
        .eval(r"throw new Error('\ud800 in a message')", throws("Error: \u{fffd} in a message"))
        .eval(r"console.log('\udfff in a line')", succeeds().telling(&["log: \u{fffd} in a line"]))
        .holds();
}

#[test]
fn text_that_looks_like_bytes_is_text() {
    Scenario::new()
        .handler("echo", "const handler = s => s")
        .call(
            "echo",
            json!([{ "$bytes": "AAEC" }, null, "[0]", "<00>"]),
            gives(r#"[{"$bytes":"AAEC"},null,"[0]","<00>"]"#),
        )
        .holds();
}

#[test]
fn text_changes_case_and_form_by_unicode() {
    Scenario::new()
        .expressions(&[
            ("['straße'.toUpperCase(), 'İ'.toLowerCase().length, 'ΑΣ'.toLowerCase()]", r#"["STRASSE",2,"ας"]"#),
            ("['\u{1e9b}\u{323}'].flatMap(s => ['NFC', 'NFD', 'NFKC', 'NFKD'].map(f => s.normalize(f).length))", "[2,3,1,3]"),
            ("['z', 'ä', 'a', 'Z'].sort()", r#"["Z","a","z","ä"]"#),
            ("'a-b_c'.split(/[-_]/).concat('😀'.split(''))", "[\"a\",\"b\",\"c\",\"\u{fffd}\",\"\u{fffd}\"]"),
            ("['abc'.at(-1), 'abc'.padStart(5, '12'), ' \u{a0}\u{feff}x'.trim(), 'x'.localeCompare('y')]", r#"["c","12abc","x",-1]"#),
            ("encodeURIComponent('ü 😀/') + decodeURIComponent('%E2%82%AC')", r#""%C3%BC%20%F0%9F%98%80%2F€""#),
            ("[btoa('hi'), atob('aGk=')]", r#"["aGk=","hi"]"#),
        ])
        .expression("decodeURIComponent('%')", throws_with(&["URIError"]))
        .expression("'x'.repeat(-1)", throws_with(&["RangeError"]))
        .holds();
}

#[test]
fn regular_expressions_match_alike() {
    Scenario::new()
        .expressions(&[
            (r"'2024-05-06'.match(/(?<y>\d{4})-(?<m>\d\d)/).groups", r#"{"y":"2024","m":"05"}"#),
            (r"'a1b22'.replace(/\d+/g, n => n * 2)", r#""a2b44""#),
            (r"[...'aXbX'.matchAll(/X/g)].map(m => m.index)", "[1,3]"),
            (r"[/^.$/u.test('😀'), /^.$/.test('😀'), /\p{Script=Greek}/u.test('λ'), /[\p{L}--[a-z]]/v.test('a')]", "[true,false,true,false]"),
            (r"['aaa'.match(/a+?(?=a)/)[0], /(?<!x)y/.test('xy'), /(a)|b/.exec('b')[1] ?? null, /ſ/i.test('s'), /ſ/iu.test('s')]", r#"["a",false,null,false,true]"#),
            (r"(r => [r.test('xa'), r.lastIndex, r.test('xa')])(/a/y)", "[false,0,false]"),
            (r"/(?:)/.source + /a\/b/gimsuy.flags + String(new RegExp('/'))", r#""(?:)gimsuy/\\//""#),
            (r"'x'.replace('x', '$$-$&-$`-$1')", r#""$-x--$1""#),
        ])
        .expression("new RegExp('(')", throws_with(&["SyntaxError"]))
        .expression("/a/g[Symbol.replace].call(1)", throws_with(&["TypeError"]))
        .holds();
}
