//! `URLPattern`, by the URL Pattern Standard.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest, told};

/// An expression's value, of a fresh guest.
fn of(expression: &str) -> String {
    guest().value(&format!(
        "const error = (run) => {{ try {{ run() }} catch (e) {{ return e.name }} return 'no error' }};
         const NAMES = ['protocol', 'username', 'password', 'hostname', 'port', 'pathname', 'search', 'hash'];
         const parts = (...given) => {{ const pattern = new URLPattern(...given); return NAMES.map((name) => pattern[name]) }};
         const test = (pattern, ...inputs) => new URLPattern(pattern).test(...inputs);
         export default {expression}"
    ))
}

#[test]
fn a_pattern_for_a_whole_url_gives_its_components() {
    for (given, components) in [
        ("", r#"["*","*","*","*","*","*","*","*"]"#),
        ("{ pathname: '/a' }", r#"["*","*","*","*","*","/a","*","*"]"#),
        ("'https://example.com/a/*'", r#"["https","*","*","example.com","","/a/*","*","*"]"#),
        (
            "'https://*.example.com:8080/:id\\\\?q=*#h'",
            r##"["https","*","*","*.example.com","8080","/:id","q=*","h"]"##,
        ),
        ("'http{s}?://a'", r#"["http{s}?","*","*","a","","*","*","*"]"#),
        ("'https://u\\\\:p@a/'", r#"["https","u","p","a","","/","*","*"]"#),
        ("'data\\\\:x*'", r#"["data","*","*","","","x*","*","*"]"#),
        ("'https://[\\\\:\\\\:1]/'", r#"["https","*","*","[\\:\\:1]","","/","*","*"]"#),
        ("'/b?c', 'https://a:8080/x#y'", r#"["https","*","*","a","8080","/b","c","*"]"#),
        ("{ pathname: 'b', baseURL: 'https://a/x/y?z' }", r#"["https","*","*","a","","/x/b","*","*"]"#),
        ("{ protocol: 'https', port: '443' }", r#"["https","*","*","*","","*","*","*"]"#),
        ("{ protocol: 'https:', search: '?a', hash: '#b' }", r#"["https","*","*","*","*","*","a","b"]"#),
    ] {
        assert_eq!(of(&format!("parts({given})")), components, "{given}");
    }
}

#[test]
fn patterns_have_one_canonical_form() {
    for (pathname, canonical) in [
        ("/\u{e9}", "/%C3%A9"),
        ("/a/./b/../c", "/a/c"),
        ("/:id([0-9]+)?", "/:id([0-9]+)?"),
        ("/:id([^\\/]+?)", "/:id"),
        ("/(.*)", "/*"),
        ("/{a}b", "/ab"),
        ("/{:id}b", "/{:id}b"),
        ("/{:id}{b}?", "/{:id}{b}?"),
        ("/a\\:b", "/a\\:b"),
    ] {
        let json = serde_json::to_string(pathname).unwrap();
        let found = of(&format!("new URLPattern({{ pathname: {json} }}).pathname"));
        assert_eq!(found, serde_json::to_string(canonical).unwrap(), "{pathname}");
    }
}

#[test]
fn groups_match_segments_wildcards_and_regular_expressions() {
    for (pathname, path, groups) in [
        ("/a/:id", "/a/1", Some(r#"{"id":"1"}"#)),
        ("/a/:id", "/a/1/2", None),
        ("/a/:id", "/a/", None),
        ("/a/*", "/a/1/2", Some(r#"{"0":"1/2"}"#)),
        ("/a/:id?", "/a", Some("{}")),
        ("/a/:id+", "/a/1/2", Some(r#"{"id":"1/2"}"#)),
        ("/a/:id*", "/a", Some("{}")),
        ("/a/(\\\\d+)/:x(y|z)", "/a/12/z", Some(r#"{"0":"12","x":"z"}"#)),
        ("/a/(\\\\d+)", "/a/b", None),
        ("/a{/b}?", "/a/b", Some("{}")),
        ("/a{/b/:c}*", "/a/b/1/b/2", Some(r#"{"c":"1/b/2"}"#)),
        ("/:\u{e9}", "/x", Some("{\"\u{e9}\":\"x\"}")),
        ("/\u{e9}", "/\u{e9}", Some("{}")),
    ] {
        let found = of(&format!(
            "new URLPattern({{ pathname: '{pathname}' }}).exec({{ pathname: '{path}' }})?.pathname.groups ?? null"
        ));
        assert_eq!(found, groups.unwrap_or("null"), "{pathname} of {path}");
    }
}

#[test]
fn regular_expressions_have_all_that_the_flag_v_gives_and_takes() {
    for (pattern, path, matches) in [
        ("/([[a-z]--[m]]+)", "/abc", true),
        ("/([[a-z]--[m]]+)", "/m", false),
        ("/([[a-z]&&[aeiou]]+)", "/b", false),
        ("/([\\\\p{L}\\\\-]+)", "/a-b", true),
        // Characters that only a class cannot have as they are.
        ("/(a-b)", "/a-b", true),
        ("/(a/b)", "/a/b", true),
        ("/(a::b)", "/a::b", true),
        ("/((?i-s:a-b))", "/A-B", true),
        ("/((?<!!)x)", "/x", true),
        ("/a-b", "/a-b", true),
    ] {
        let found = of(&format!("test({{ pathname: '{pattern}' }}, {{ pathname: '{path}' }})"));
        assert_eq!(found, matches.to_string(), "{pattern} of {path}");
    }
    for pattern in ["/([a-])", "/([(])", "/(\\\\z)", "/([a&&&b])"] {
        assert_eq!(
            of(&format!("error(() => new URLPattern({{ pathname: '{pattern}' }}))")),
            r#""TypeError""#,
            "{pattern}"
        );
    }
}

#[test]
fn a_match_tells_its_inputs_and_each_component() {
    assert_eq!(
        of("new URLPattern('https://:host.com/a/*\\\\?q=:q').exec('https://x.com/a/b?q=1#h')"),
        concat!(
            r#"{"inputs":["https://x.com/a/b?q=1#h"],"protocol":{"input":"https","groups":{}},"username":{"input":"","groups":{"0":""}},"#,
            r#""password":{"input":"","groups":{"0":""}},"hostname":{"input":"x.com","groups":{"host":"x"}},"port":{"input":"","groups":{}},"#,
            r#""pathname":{"input":"/a/b","groups":{"0":"b"}},"search":{"input":"q=1","groups":{"q":"1"}},"hash":{"input":"h","groups":{"0":"h"}}}"#
        )
    );
    assert_eq!(
        of("[new URLPattern({ pathname: '/b' }).exec('../b', 'https://a/x/').inputs,
             new URLPattern({ pathname: '/b' }).exec({ pathname: 'b', baseURL: 'https://a' }).inputs,
             Object.keys(new URLPattern({ pathname: '/:b?' }).exec({ pathname: '' }).pathname.groups)]"),
        r#"[["../b","https://a/x/"],[{"baseURL":"https://a","pathname":"b"}],["b"]]"#
    );
}

#[test]
fn what_is_no_url_matches_nothing() {
    assert_eq!(
        of("[test({}, 'a'), test({}, 'a', 'https://b'), test({}, 'https://a:99999'), test({}, { port: 'x' }), test({}),
             test({}, 'a:b'), new URLPattern().exec('a'), test({}, { baseURL: 'no base' })]"),
        "[false,true,false,false,true,true,null,false]"
    );
}

#[test]
fn case_can_be_ignored_in_the_path_the_search_and_the_hash() {
    assert_eq!(
        of("[new URLPattern('https://a/B?C#D', { ignoreCase: true }).test('HTTPS://A/b?c#d'),
             new URLPattern('/B', 'https://a', { ignoreCase: true }).test('https://a/b'),
             new URLPattern({ pathname: '/B' }, { ignoreCase: true }).test('https://a/b'),
             new URLPattern({ username: 'B' }, { ignoreCase: true }).test('https://b@a/'),
             test({ pathname: '/B' }, 'https://a/b')]"),
        "[true,true,true,false,false]"
    );
}

#[test]
fn what_is_no_pattern_is_an_error_that_shows_it() {
    for given in [
        "'/a'",
        "'/a', 'no base'",
        "{ pathname: '/' }, 'https://a'",
        "{ pathname: '/:a/:a' }",
        "{ pathname: '/(' }",
        "{ pathname: '/()' }",
        "{ pathname: '/((a))' }",
        "{ pathname: '/(\u{e9})' }",
        "{ pathname: '/{a' }",
        "{ pathname: '/:' }",
        "{ pathname: '/a\\\\' }",
        "{ port: '99999' }",
        "{ protocol: 'a b' }",
        "{ hostname: 'a b' }",
        "Symbol()",
        "{}, 1",
    ] {
        assert_eq!(of(&format!("error(() => new URLPattern({given}))")), r#""TypeError""#, "{given}");
    }
    let thrown = guest().error("new URLPattern({ pathname: '/{a' })");
    assert_eq!(told(&thrown).1, "TypeError: the pattern '/{a': '' is not expected there");
}

#[test]
fn a_long_pattern_is_refused_and_not_worked_on_for_ever() {
    assert_eq!(of("error(() => new URLPattern({ pathname: '*'.repeat(1e5) }))"), r#""TypeError""#);
}

#[test]
fn dictionaries_are_read_once_each_member_in_the_order_of_their_names() {
    assert_eq!(
        of("(() => {
            const read = [];
            new URLPattern(new Proxy({}, { get(target, key) { read.push(key) } }));
            return read;
        })()"),
        r#"["baseURL","hash","hostname","password","pathname","port","protocol","search","username"]"#
    );
}

#[test]
fn the_class_has_the_shape_that_web_idl_gives_it() {
    assert_eq!(
        of("[URLPattern.name, URLPattern.length, URLPattern.prototype.test.length, URLPattern.prototype.exec.length,
             Object.keys(URLPattern.prototype), Object.prototype.toString.call(new URLPattern()), error(() => URLPattern()),
             error(() => URLPattern.prototype.test.call({})), error(() => URLPattern.prototype.hash),
             new URLPattern({ hash: '(a)' }).hasRegExpGroups, new URLPattern({ hash: ':a*' }).hasRegExpGroups]"),
        concat!(
            r#"["URLPattern",0,0,0,["protocol","username","password","hostname","port","pathname","search","hash","hasRegExpGroups","test","exec"],"#,
            r#""[object URLPattern]","TypeError","TypeError","TypeError",true,false]"#
        )
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "{PATCHES};
         const ofAll = getPrototypeOf(getPrototypeOf(taint));
         defineProperty(ofAll, '0', {{ get: taint, set: taint }});
         globalThis.RegExp = taint;
         const pattern = new URLPattern('/a/:id', 'https://b/', {{ ignoreCase: true }});
         const {{ inputs, pathname }} = pattern.exec('https://b/A/1');
         const other = new URLPattern({{ pathname: '/(x)', baseURL: 'https://b/' }}).test({{ pathname: '/x', baseURL: 'https://b/' }});
         export default inputs.length + pathname.groups.id + other + pattern.hostname + pattern.hasRegExpGroups"
    );
    assert_eq!(guest().value(&source), r#""11truebfalse""#);
}
