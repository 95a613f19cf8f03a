//! Headers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

fn value(source: &str) -> String {
    guest().value(&format!("export default (() => {{ {source} }})()"))
}

/// What each of these expressions throws, by name.
fn thrown(expressions: &[&str]) -> String {
    let calls: Vec<String> = expressions.iter().map(|expression| format!("() => {expression}")).collect();
    value(&format!(
        "return [{}].map(f => {{ try {{ f(); return 'nothing' }} catch (error) {{ return error.name + ': ' + error.message }} }})",
        calls.join(", ")
    ))
}

#[test]
fn names_mean_the_same_in_any_case_and_values_are_combined() {
    assert_eq!(
        value(
            "const headers = new Headers({ 'X-One': 1, accept: 'a' });
             headers.append('Accept', 'b'); headers.append('x-one', ''); headers.set('B', 'c'); headers.delete('x-none');
             const before = [headers.get('ACCEPT'), headers.get('x-one'), headers.has('b'), headers.get('none'), headers.has('none')];
             headers.set('accept', 'd'); headers.delete('B');
             return [before, [...headers]]"
        ),
        r#"[["a, b","1, ",true,null,false],[["accept","d"],["x-one","1, "]]]"#
    );
}

#[test]
fn they_are_made_of_pairs_of_records_and_of_headers() {
    assert_eq!(
        value(
            "const pair = { *[Symbol.iterator]() { yield 'c'; yield 3 } };
             const hidden = Object.defineProperty({ a: 1 }, 'b', { value: 2, enumerable: false });
             return [new Headers([['a', 1], ['a', 2], pair]), new Headers(hidden), new Headers(new Headers([['a', 'b']])), new Headers(() => 0), new Headers()]
                 .map(headers => JSON.stringify([...headers]))"
        ),
        r#"["[[\"a\",\"1, 2\"],[\"c\",\"3\"]]","[[\"a\",\"1\"]]","[[\"a\",\"b\"]]","[]","[]"]"#
    );
}

#[test]
fn what_cannot_be_a_header_is_refused_by_name() {
    assert_eq!(
        thrown(&[
            "new Headers(null)",
            "new Headers('a: b')",
            "new Headers([['a']])",
            "new Headers([['a', 'b', 'c']])",
            "new Headers([1])",
            "new Headers({ [Symbol()]: 'a' })",
            "new Headers({ 'a b': 'c' })",
            "new Headers().append('', 'a')",
            "new Headers().set('a', 'b\\nc')",
            "new Headers().set('a', 'b\\0')",
            "new Headers().set('a', '\\u0100')",
            "new Headers().get('\\u0100')",
            "new Headers().has('a:')",
            "new Headers().delete('(')",
            "new Headers().append('a')",
            "Headers.prototype.get.call({}, 'a')",
        ])
        .replace("\",\"", "\n"),
        "[\"TypeError: the headers are neither an object nor a sequence
TypeError: the headers are neither an object nor a sequence
TypeError: a header is a pair of name and value, and one here has 1 items
TypeError: a header is a pair of name and value, and one here has 3 items
TypeError: a header is not iterable
TypeError: a symbol cannot be converted to a string
TypeError: 'a b' is not the name of a header
TypeError: '' is not the name of a header
TypeError: the value of the header 'a' has a line break or a NUL
TypeError: the value of the header 'a' has a line break or a NUL
TypeError: a header has a character above U+00FF
TypeError: a header has a character above U+00FF
TypeError: 'a:' is not the name of a header
TypeError: '(' is not the name of a header
TypeError: Headers.append: needs at least 2 arguments, and got 1
TypeError: private class field '#list' does not exist\"]"
    );
}

#[test]
fn values_lose_the_white_space_around_them() {
    assert_eq!(
        value(
            "const headers = new Headers([['a', ' \\t\\r\\nb c\\n '], ['d', ''], ['e', '\\u00ff\\u000b']]);
             return [...headers.values()].map(text => escape(text))"
        ),
        r#"["b%20c","","%FF%0B"]"#
    );
}

#[test]
fn cookies_are_not_combined() {
    assert_eq!(
        value(
            "const headers = new Headers([['z', 1], ['Set-Cookie', 'b=1'], ['set-cookie', 'a=2']]), cookies = headers.getSetCookie();
             cookies.push('mine');
             return [headers.getSetCookie(), headers.get('set-cookie'), [...headers], cookies instanceof Array, new Headers().getSetCookie()]"
        ),
        r#"[["b=1","a=2"],"b=1, a=2",[["set-cookie","b=1"],["set-cookie","a=2"],["z","1"]],true,[]]"#
    );
}

#[test]
fn iteration_sees_what_is_added_while_it_goes_on() {
    assert_eq!(
        value(
            "const headers = new Headers({ b: 1, d: 2 }), seen = [], each = [];
             for (const [name] of headers) { seen.push(name); if (name === 'b') headers.append('c', 3); if (name === 'd') headers.append('a', 4) }
             headers.forEach(function (value, name, all) { each.push(name + value + (this === each) + (all === headers)) }, each);
             return [seen, each, [...headers.keys()]]"
        ),
        r#"[["b","c","d","d"],["a4, 4truetrue","b1truetrue","c3truetrue","d2truetrue"],["a","b","c","d"]]"#
    );
}

#[test]
fn the_interface_has_the_shape_of_web_idl() {
    assert_eq!(
        value(
            "const { prototype } = Headers, iterator = Object.getPrototypeOf(new Headers().entries());
             return [Headers.length, Object.keys(prototype).sort(), prototype.append.length, prototype.forEach.length, prototype[Symbol.iterator] === prototype.entries,
                 String(new Headers()), iterator[Symbol.toStringTag], Object.getPrototypeOf(iterator) === Object.getPrototypeOf(Object.getPrototypeOf([].values()))]"
        ),
        r#"[0,["append","delete","entries","forEach","get","getSetCookie","has","keys","set","values"],2,1,true,"[object Headers]","Headers Iterator",true]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    let source = format!(
        "{PATCHES};
         const headers = new Headers({{ b: ' 1 ', a: 2 }}); headers.append('B', 3); headers.set('c', 4); headers.delete('a');
         headers.append('set-cookie', 5);
         let all = headers.getSetCookie()[0]; const entries = headers.entries();
         for (let item; !(item = entries.next()).done;) all += ' ' + item.value[0] + item.value[1];
         export default all"
    );
    assert_eq!(guest.value(&source), r#""5 b1, 3 c4 set-cookie5""#);
}
