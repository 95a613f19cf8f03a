//! the smaller modules: node:querystring, node:string_decoder, node:punycode, node:url, node:timers, node:os: the results are those that Node.js gives.

use super::check;

#[test]
fn query_strings_are_read_and_written() {
    check(&[(
        r#"return [{ ...querystring.parse('a=1&a=2&b=%20+&c&=d&%zz=1') }, querystring.stringify({ a: [1, 'x y'], b: true, c: null, d: 'é' }), querystring.parse('a:1;b:2', ';', ':').b, querystring.escape('a b&c'), querystring.unescape('%41%zz')]"#,
        r#"[{"a":["1","2"],"b":"  ","c":"","":"d","%zz":"1"},"a=1&a=x%20y&b=true&c=&d=%C3%A9","2","a%20b%26c","A%zz"]"#,
    )]);
}

#[test]
fn characters_that_are_cut_are_decoded() {
    check(&[
        (
            r#"const { StringDecoder } = string_decoder; const d = new StringDecoder('utf8'); const out = [0xf0, 0x9f, 0x98, 0x80].map(b => d.write(Buffer.from([b]))); const e = new StringDecoder('base64'); const f = new StringDecoder('utf16le'); return [out, d.write(Buffer.from([0xe2])) + d.end(), e.write(Buffer.from('a')) + e.end(Buffer.from('b')), f.write(Buffer.from([0x41])) + f.end(Buffer.from([0]))]"#,
            r#"[["","","","😀"],"�","YWI=","A"]"#,
        ),
        (
            r#"return [punycode.toASCII('mañana.com'), punycode.toUnicode('xn--maana-pta.com'), punycode.encode('ü'), punycode.ucs2.decode('😀')]"#,
            r#"["xn--maana-pta.com","mañana.com","tda",[128512]]"#,
        ),
    ]);
}

#[test]
fn urls_are_taken_apart_as_they_were_before_the_standard() {
    check(&[
        (
            r#"return { ...url.parse('http://a:b@h.com:80/p/q?x=1#y') }"#,
            r##"{"protocol":"http:","slashes":true,"auth":"a:b","host":"h.com:80","port":"80","hostname":"h.com","hash":"#y","search":"?x=1","query":"x=1","pathname":"/p/q","path":"/p/q?x=1","href":"http://a:b@h.com:80/p/q?x=1#y"}"##,
        ),
        (
            r#"return [url.resolve('/a/b/c', '../d'), url.resolve('http://a.com/b', '//c.com/d'), url.format({ protocol: 'http', host: 'a.com', pathname: '/x', query: { q: 1 } }), url.parse('/a?b=c', true).query.b, url.format(new URL('http://u:p@é.com/a?b#c'), { auth: false, fragment: false })]"#,
            r#"["/a/d","http://c.com/d","http://a.com/x?q=1","c","http://xn--9ca.com/a?b"]"#,
        ),
        (
            r#"return [url.pathToFileURL('/a b?#%.txt').href, url.fileURLToPath('file:///a%20b'), url.domainToASCII('español.com'), url.domainToUnicode('xn--espaol-zwa.com'), url.urlToHttpOptions(new URL('http://a:b@x.com:81/p?q')).auth]"#,
            r#"["file:///a%20b%3F%23%25.txt","/a b","xn--espaol-zwa.com","español.com","a:b"]"#,
        ),
        (
            r#"try { url.fileURLToPath('http://a') } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["TypeError","ERR_INVALID_URL_SCHEME","The URL must be of scheme file"]"#,
        ),
    ]);
}

#[test]
fn timers_are_promises_too() {
    check(&[
        (
            r#"return [await timersPromises.setTimeout(1, 'v'), await timersPromises.setImmediate('i'), await timersPromises.setTimeout(1000, 0, { signal: AbortSignal.abort() }).catch(e => [e.name, e.code])]"#,
            r#"["v","i",["AbortError","ABORT_ERR"]]"#,
        ),
        (
            r#"const seen = []; for await (const v of timersPromises.setInterval(1, 'x')) { seen.push(v); if (seen.length === 3) break } return seen"#,
            r#"["x","x","x"]"#,
        ),
        (
            r#"const seen = []; const c = timers.setImmediate(() => seen.push('never')); timers.clearImmediate(c); timers.setImmediate(x => seen.push(x), 'immediate'); queueMicrotask(() => seen.push('microtask')); await timersPromises.setTimeout(5); return seen"#,
            r#"["microtask","immediate"]"#,
        ),
        (
            r#"return [os.EOL, os.platform(), os.endianness(), os.constants.signals.SIGTERM, os.devNull]"#,
            r#"["\n","linux","LE",15,"/dev/null"]"#,
        ),
    ]);
}
