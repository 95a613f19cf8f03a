//! `URLSearchParams`, by the URL Standard.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// An expression's value, of a fresh guest.
fn of(expression: &str) -> String {
    guest().value(&format!(
        "const error = (run) => {{ try {{ run() }} catch (e) {{ return e.name }} return 'no error' }};
         const params = (...init) => new URLSearchParams(...init);
         export default {expression}"
    ))
}

#[test]
fn text_is_parsed_as_a_form() {
    for (text, pairs) in [
        ("", "[]"),
        ("?a=b", r#"[["a","b"]]"#),
        ("??a=b", r#"[["?a","b"]]"#),
        ("a", r#"[["a",""]]"#),
        ("=", r#"[["",""]]"#),
        ("&&a&", r#"[["a",""]]"#),
        ("a=b=c&a=", r#"[["a","b=c"],["a",""]]"#),
        ("a+b=c%20d%2B", r#"[["a b","c d+"]]"#),
        ("a=%zz%4&%c3%a9=%ff", "[[\"a\",\"%zz%4\"],[\"\u{e9}\",\"\u{fffd}\"]]"),
        ("\u{e9}=\u{1f4a9}", "[[\"\u{e9}\",\"\u{1f4a9}\"]]"),
    ] {
        assert_eq!(of(&format!("[...params({text:?})]")), pairs, "{text}");
    }
}

#[test]
fn it_is_made_of_pairs_records_and_other_params() {
    for (init, text) in [
        ("", ""),
        ("undefined", ""),
        ("null", "null="),
        ("1", "1="),
        ("{}", ""),
        ("{ a: 1, b: null, ['\\u00e9']: 'x y' }", "a=1&b=null&%C3%A9=x+y"),
        ("[['a', 'b'], ['a', 'c']]", "a=b&a=c"),
        ("new Map([['a', 1]])", "a=1"),
        ("new Set([new Set(['a', 'b'])])", "a=b"),
        ("params('a=1&b=2')", "a=1&b=2"),
        ("{ *[Symbol.iterator]() { yield ['x', 'y'] } }", "x=y"),
        ("Object.assign(params('a=1'), { b: 2 })", "a=1"),
        ("(function () {})", ""),
        ("{ 'a\\ud800': 1, 'a\\ufffd': 2 }", "a%EF%BF%BD=2"),
        (
            "Object.create({ inherited: 1 }, { hidden: { value: 1 }, own: { value: 2, enumerable: true } })",
            "own=2",
        ),
    ] {
        assert_eq!(of(&format!("`${{params({init})}}`")), format!("{text:?}"), "{init}");
    }
    // A `String` object is a list of characters, which are no pairs.
    for init in [
        "[['a']]",
        "[['a', 'b', 'c']]",
        "[1]",
        "[null]",
        "{ [Symbol.iterator]: 1 }",
        "{ [Symbol('s')]: 1 }",
        "Symbol()",
        "new String('a=1')",
    ] {
        assert_eq!(of(&format!("error(() => params({init}))")), r#""TypeError""#, "{init}");
    }
}

#[test]
fn it_is_written_as_a_form() {
    assert_eq!(
        of("`${params([['a b', 'c&=+?#'], ['*-._~', '\\'()!'], ['\u{e9}', '\\ud800\\0']])}`"),
        r#""a+b=c%26%3D%2B%3F%23&*-._%7E=%27%28%29%21&%C3%A9=%EF%BF%BD%00""#
    );
}

#[test]
fn pairs_are_read_changed_and_deleted_by_name_or_by_name_and_value() {
    assert_eq!(
        of("(() => {
            const it = params('a=1&b=2&a=3&c=4');
            const seen = [it.size, it.get('a'), it.get('z'), it.getAll('a'), it.getAll('z'), it.has('a', '3'), it.has('a', '4'), it.has('a', undefined)];
            it.set('a', 9); seen.push(`${it}`);
            it.set('z', 'y'); seen.push(`${it}`);
            it.append('b', undefined); seen.push(`${it}`);
            it.delete('b', '2'); seen.push(`${it}`);
            it.delete('b', undefined); seen.push(`${it}`, it.size);
            return seen;
        })()"),
        concat!(
            r#"[4,"1",null,["1","3"],[],true,false,true,"a=9&b=2&c=4","a=9&b=2&c=4&z=y","#,
            r#""a=9&b=2&c=4&z=y&b=undefined","a=9&c=4&z=y&b=undefined","a=9&c=4&z=y",3]"#
        )
    );
    for call in
        ["append('a')", "set('a')", "get()", "getAll()", "has()", "delete()", "forEach()", "forEach({})"]
    {
        assert_eq!(of(&format!("error(() => params().{call})")), r#""TypeError""#, "{call}");
    }
}

#[test]
fn it_sorts_by_code_units_and_keeps_the_order_of_equal_names() {
    assert_eq!(
        of("(() => {
            const it = params('z=1&\u{ffbf}=2&\u{1f308}=3&a=4&z=0&=5&aa=6&a=1');
            it.sort();
            return [...it].map(([name, value]) => name + value);
        })()"),
        "[\"5\",\"a4\",\"a1\",\"aa6\",\"z1\",\"z0\",\"\u{1f308}3\",\"\u{ffbf}2\"]"
    );
    assert_eq!(
        of("(() => { const url = new URL('a:?b&a'); url.searchParams.sort(); return url.href })()"),
        r#""a:?a=&b=""#
    );
}

#[test]
fn iteration_sees_what_changes_on_its_way() {
    assert_eq!(
        of("(() => {
            const seen = [];
            const it = params('a=1&b=2&c=3&d=4');
            for (const [name] of it) { seen.push(name); it.delete(name); }
            const url = new URL('https://a/?x=1&y=2');
            for (const [name] of url.searchParams) { seen.push(name); url.search = '?p&q&r'; }
            const grown = params('a');
            grown.forEach((value, name, whole) => { seen.push(name); if (whole.size < 3) whole.append('n' + whole.size, '') });
            return seen;
        })()"),
        r#"["a","c","x","q","r","a","n1","n2"]"#
    );
}

#[test]
fn iterators_have_a_prototype_of_their_own() {
    assert_eq!(
        of("(() => {
            const it = params('a=1&b=2');
            const entries = it.entries();
            const receivers = [];
            it.forEach(function () { receivers.push(Number(this)) }, 7);
            return [
                [...it.keys()], [...it.values()], [...entries], entries.next(), Object.prototype.toString.call(entries),
                it[Symbol.iterator] === it.entries, Object.keys(Object.getPrototypeOf(entries)),
                error(() => Object.getPrototypeOf(entries).next.call(it)), receivers,
            ];
        })()"),
        concat!(
            r#"[["a","b"],["1","2"],[["a","1"],["b","2"]],{"done":true},"[object URLSearchParams Iterator]","#,
            r#"true,["next"],"TypeError",[7,7]]"#
        )
    );
}

#[test]
fn the_class_has_the_shape_that_web_idl_gives_it() {
    assert_eq!(
        of("[URLSearchParams.name, URLSearchParams.length, Object.keys(URLSearchParams.prototype),
             ['append', 'delete', 'get', 'getAll', 'has', 'set', 'sort', 'toString', 'forEach', 'keys'].map((name) => URLSearchParams.prototype[name].length),
             Object.prototype.toString.call(params()), error(() => URLSearchParams()), error(() => URLSearchParams.prototype.keys.call({})),
             error(() => URLSearchParams.prototype.size)]"),
        concat!(
            r#"["URLSearchParams",0,["size","append","delete","get","getAll","has","set","sort","toString","entries","keys","values","forEach"],"#,
            r#"[2,1,1,1,1,2,0,0,1,0],"[object URLSearchParams]","TypeError","TypeError","TypeError"]"#
        )
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "{PATCHES};
         const ofAll = getPrototypeOf(getPrototypeOf(taint));
         defineProperty(ofAll, '0', {{ get: taint, set: taint }});
         const it = new URLSearchParams({{ b: '1', a: '2' }});
         it.append('c', '3'); it.set('a', '4'); it.delete('c', '3'); it.sort();
         let seen = it + ' ' + it.size + it.has('a') + it.get('b') + it.getAll('a').length;
         it.forEach((value, name) => {{ seen += ' ' + name + value }});
         const entries = it.entries();
         for (let step = entries.next(); !step.done; step = entries.next()) seen += ' ' + step.value[0];
         export default seen + ' ' + new URLSearchParams('?x=y') + new URLSearchParams()"
    );
    assert_eq!(guest().value(&source), r#""a=4&b=1 2true11 a4 b1 a b x=y""#);
}
