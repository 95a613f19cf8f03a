//! `URL` and `URLSearchParams`, by the URL Standard.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest, told};

/// An expression's value, of a fresh guest.
fn of(expression: &str) -> String {
    guest().value(&format!(
        "const error = (run) => {{ try {{ run() }} catch (e) {{ return e.name }} return 'no error' }};
         export default {expression}"
    ))
}

/// The `href` of each input with its base, where it has one; null for no URL.
fn assert_hrefs(cases: &[(&str, Option<&str>, Option<&str>)]) {
    let mut guest = guest();
    for (input, base, href) in cases {
        let base_text = base.map_or("undefined".to_owned(), |base| serde_json::to_string(base).unwrap());
        let input_text = serde_json::to_string(input).unwrap();
        let found =
            guest.value(&format!("export default URL.parse({input_text}, {base_text})?.href ?? null"));
        assert_eq!(found, serde_json::to_string(href).unwrap(), "{input} with base {base:?}");
    }
}

#[test]
fn a_url_gives_its_parts() {
    assert_eq!(
        of("(() => {
            const url = new URL('HTTPS://user:p%20w@EXAMPLE.com:8080/a/./b/../c?x=1#y');
            return ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']
                .map((name) => url[name]);
        })()"),
        concat!(
            r#"["https://user:p%20w@example.com:8080/a/c?x=1#y","https://example.com:8080","https:","user","p%20w","#,
            r##""example.com:8080","example.com","8080","/a/c","?x=1","#y"]"##
        )
    );
    assert_eq!(
        of("['https://a:443/?#', 'mailto:a@b', 'blob:https://a:1/x', 'blob:ftp://a/', 'file:///a', 'data:,x']
            .map((text) => { const { port, search, hash, origin } = new URL(text); return [port, search, hash, origin] })"),
        r#"[["","","","https://a"],["","","","null"],["","","","https://a:1"],["","","","null"],["","","","null"],["","","","null"]]"#
    );
}

#[test]
fn inputs_are_parsed_as_the_standard_says() {
    assert_hrefs(&[
        ("  https://a\t/\nb  ", None, Some("https://a/b")),
        ("https:a", None, Some("https://a/")),
        ("https:a", Some("https://b/c/d"), Some("https://b/c/a")),
        ("\\\\x\\y", Some("http://b/c"), Some("http://x/y")),
        ("http://a:80/", None, Some("http://a/")),
        ("http://a:65536/", None, None),
        ("http://a b/", None, None),
        ("http://user@/x", None, None),
        ("http://a%41/", None, Some("http://aa/")),
        ("http://a%2fb/", None, None),
        ("http://a/%7Ea/%2e%2E/b", None, Some("http://a/b")),
        ("http://a/ \"<>`{}^\u{e9}", None, Some("http://a/%20%22%3C%3E%60%7B%7D%5E%C3%A9")),
        ("http://a/?'\u{e9}", None, Some("http://a/?%27%C3%A9")),
        ("a:/?'", None, Some("a:/?'")),
        ("a:b c  #d", None, Some("a:b c %20#d")),
        ("web+a:/..//b", None, Some("web+a:/.//b")),
        ("a", None, None),
        ("", Some("http://a/b?c#d"), Some("http://a/b?c")),
        ("#e", Some("mailto:a@b?c"), Some("mailto:a@b?c#e")),
        ("e", Some("mailto:a@b"), None),
        ("?e", Some("http://a/b?c#d"), Some("http://a/b?e")),
        ("//b", Some("https://a/"), Some("https://b/")),
        ("../../../x", Some("http://a/b/c/"), Some("http://a/x")),
    ]);
}

#[test]
fn hosts_are_domains_addresses_or_opaque() {
    assert_hrefs(&[
        ("http://0x7f.1/", None, Some("http://127.0.0.1/")),
        ("http://4294967295/", None, Some("http://255.255.255.255/")),
        ("http://256.0.0.1/", None, None),
        ("http://1.2.3.08/", None, None),
        ("http://[::1]/", None, Some("http://[::1]/")),
        ("http://[1:0::0:2:3:0:0]/", None, Some("http://[1::2:3:0:0]/")),
        ("http://[::1.2.3.4]/", None, Some("http://[::102:304]/")),
        ("http://[::1", None, None),
        ("http://[1::2::3]/", None, None),
        ("http://b\u{fc}cher.de/", None, Some("http://xn--bcher-kva.de/")),
        ("http://GO\u{ff0e}com/", None, Some("http://go.com/")),
        ("http://fa\u{df}.de/", None, Some("http://xn--fa-hia.de/")),
        ("http://a\u{ad}b/", None, Some("http://ab/")),
        ("http://\u{ad}/", None, None),
        ("http://a../", None, Some("http://a../")),
        ("a://B%41\u{e9}/", None, Some("a://B%41%C3%A9/")),
        ("a://b c/", None, None),
    ]);
}

#[test]
fn files_have_drives_and_hosts_of_their_own() {
    assert_hrefs(&[
        ("file:C|/a", None, Some("file:///C:/a")),
        ("file://localhost/a", None, Some("file:///a")),
        ("file://a/../b", None, Some("file://a/b")),
        ("/b", Some("file:///C:/a"), Some("file:///C:/b")),
        ("..", Some("file:///C:/"), Some("file:///C:/")),
        ("D:/b", Some("file:///C:/a"), Some("d:/b")),
        ("file:b", Some("file:///C:/a/c"), Some("file:///C:/a/b")),
    ]);
}

#[test]
fn what_is_no_url_is_an_error_that_shows_it() {
    let thrown = guest().error("new URL('/a', 'b')");
    assert_eq!(told(&thrown).1, "TypeError: Invalid URL: '/a' with base 'b'");
    assert_eq!(
        of("[URL.canParse('a'), URL.canParse('a', 'http://b'), URL.canParse(undefined, 'a:/b'), URL.parse('a'),
             URL.parse('a', 'http://b') instanceof URL, error(() => new URL()), error(() => URL.parse()), error(() => URL.canParse())]"),
        r#"[false,true,true,null,true,"TypeError","TypeError","TypeError"]"#
    );
}

#[test]
fn setters_change_what_can_be_changed_and_leave_the_rest() {
    let mut guest = guest();
    for (href, attribute, value, expected) in [
        ("https://a/", "protocol", "http", "http://a/"),
        ("https://a:80/", "protocol", "http", "http://a/"),
        ("https://a/", "protocol", "mailto", "https://a/"),
        ("a:b", "protocol", "https", "a:b"),
        ("https://u@a:1/", "protocol", "file", "https://u@a:1/"),
        ("https://a/", "username", "u:@\u{e9}", "https://u%3A%40%C3%A9@a/"),
        ("mailto:a", "username", "u", "mailto:a"),
        ("https://u:p@a/", "password", "", "https://u@a/"),
        ("https://a:1/", "host", "b:2", "https://b:2/"),
        ("https://a:1/", "host", "b", "https://b:1/"),
        ("https://a:1/", "host", "b:443", "https://b/"),
        ("https://a:1/", "hostname", "b:2", "https://a:1/"),
        ("https://a/", "hostname", "", "https://a/"),
        ("https://a/", "hostname", "b/c", "https://b/"),
        ("a://b/", "hostname", "", "a:///"),
        ("https://a/", "port", "8080x", "https://a:8080/"),
        ("https://a:1/", "port", "x", "https://a:1/"),
        ("https://a:1/", "port", "65536", "https://a:1/"),
        ("https://a:1/", "port", "", "https://a/"),
        ("file:///a", "port", "1", "file:///a"),
        ("https://a/", "pathname", "b?#\\c", "https://a/b%3F%23/c"),
        ("mailto:a", "pathname", "b", "mailto:a"),
        ("a:/b", "pathname", "//c", "a:/.//c"),
        ("https://a/?b#c", "search", "?d e#", "https://a/?d%20e%23#c"),
        ("https://a/?b#c", "search", "", "https://a/#c"),
        ("https://a/?b#c", "hash", "#d e", "https://a/?b#d%20e"),
        ("https://a/?b#c", "hash", "", "https://a/?b"),
        ("https://a/b", "href", "c:d", "c:d"),
    ] {
        let found = guest.value(&format!(
            "const url = new URL({href:?}); url.{attribute} = {}; export default url.href",
            serde_json::to_string(value).unwrap()
        ));
        assert_eq!(found, format!("{expected:?}"), "{href}: {attribute} = {value}");
    }
    assert_eq!(
        of("(() => {
            const url = new URL('https://a/');
            return [error(() => { url.href = 'b' }), error(() => { url.origin = 'https://b' }), url.href, JSON.stringify({ url }), `${url}`];
        })()"),
        r#"["TypeError","TypeError","https://a/","{\"url\":\"https://a/\"}","https://a/"]"#
    );
}

#[test]
fn a_url_and_its_search_params_follow_one_another() {
    assert_eq!(
        of("(() => {
            const url = new URL('https://a/?x=1&y=%7e#z');
            const params = url.searchParams;
            const seen = [url.search];
            params.append('\u{e9}', ' &');
            seen.push(url.href);
            url.search = '?only=1';
            seen.push(`${params}`);
            params.delete('only');
            seen.push(url.href);
            url.href = 'https://b/?n=2';
            seen.push(params.get('n'), url.searchParams === params);
            return seen;
        })()"),
        r##"["?x=1&y=%7e","https://a/?x=1&y=%7E&%C3%A9=+%26#z","only=1","https://a/#z","2",true]"##
    );
}

#[test]
fn the_class_has_the_shape_that_web_idl_gives_it() {
    assert_eq!(
        of("[URL.name, URL.length, URL.parse.length, URL.canParse.length, Object.keys(URL), Object.keys(URL.prototype),
             Object.prototype.toString.call(new URL('a:b')), error(() => URL('a:b')),
             error(() => Object.getOwnPropertyDescriptor(URL.prototype, 'href').get.call({})),
             error(() => URL.prototype.toJSON.call({})),
             Object.getOwnPropertyDescriptor(globalThis, 'URL').enumerable]"),
        concat!(
            r#"["URL",1,1,1,["parse","canParse"],["href","origin","protocol","username","password","host","hostname","port","#,
            r#""pathname","search","searchParams","hash","toJSON","toString"],"[object URL]","TypeError","TypeError","TypeError",false]"#
        )
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "{PATCHES};
         const ofAll = getPrototypeOf(getPrototypeOf(taint));
         defineProperty(ofAll, '0', {{ get: taint, set: taint }});
         defineProperty(ofAll, 'get', {{ value: taint }});
         const url = new URL('../b?x=1#y', 'https://\u{e9}.example/a/');
         url.protocol = 'http'; url.username = 'u'; url.password = 'p'; url.host = 'h:1'; url.hostname = 'i'; url.port = '2';
         url.pathname = '/p'; url.search = 's=1'; url.searchParams.append('t', '2'); url.hash = 'z';
         let name; try {{ new URL('none') }} catch (e) {{ name = e.name }}
         export default url + ' ' + URL.canParse('a:b') + ' ' + URL.parse('a:b') + ' ' + url.origin + ' ' + name"
    );
    assert_eq!(guest().value(&source), r#""http://u:p@i:2/p?s=1&t=2#z true a:b http://i:2 TypeError""#);
}
