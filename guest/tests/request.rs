//! Request.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// What an asynchronous function with this body gives. `name` gives the name of what a
/// function or a promise throws.
fn value(source: &str) -> String {
    guest().value(&format!(
        "const name = async f => {{ try {{ await (typeof f === 'function' ? f() : f); return 'nothing' }} catch (error) {{ return error.name }} }};
         export default await (async () => {{ {source} }})()"
    ))
}

/// The names of what these expressions throw.
fn thrown(expressions: &[&str]) -> String {
    let calls: Vec<String> =
        expressions.iter().map(|expression| format!("name(() => {expression})")).collect();
    value(&format!("return [...new Set(await Promise.all([{}]))]", calls.join(", ")))
}

#[test]
fn a_request_has_the_standards_defaults() {
    assert_eq!(
        value(
            "const request = new Request('HTTP://a/b/../c?d#e'), all = {};
             for (const key in request) if (typeof request[key] !== 'function') all[key] = request[key];
             const { signal, headers, ...rest } = all;
             return [rest, signal instanceof AbortSignal, signal.aborted, [...headers], request.signal === signal, request.headers === headers]"
        ),
        r##"[{"method":"GET","url":"http://a/c?d#e","destination":"","referrer":"about:client","referrerPolicy":"","mode":"cors","credentials":"same-origin","cache":"default","redirect":"follow","integrity":"","keepalive":false,"isReloadNavigation":false,"isHistoryNavigation":false,"duplex":"half","body":null,"bodyUsed":false},true,false,[],true,true]"##
    );
}

#[test]
fn what_is_given_is_kept_and_goes_on_to_requests_made_of_it() {
    assert_eq!(
        value(
            "const init = { method: 'POST', headers: { a: 'b' }, body: 'c', referrer: '', referrerPolicy: 'origin', mode: 'same-origin', credentials: 'omit', cache: 'only-if-cached', redirect: 'manual', integrity: 'i', keepalive: 1 };
             const fields = request => [request.method, [...request.headers], request.referrer, request.referrerPolicy, request.mode, request.credentials, request.cache, request.redirect, request.integrity, request.keepalive];
             const first = new Request('http://a', init), second = new Request(first), third = new Request(second, { redirect: 'error' });
             return [fields(first), JSON.stringify(fields(first)) === JSON.stringify(fields(second)), third.referrer, third.referrerPolicy, third.redirect, third.method, await third.text()]"
        ),
        r#"[["POST",[["a","b"],["content-type","text/plain;charset=UTF-8"]],"","origin","same-origin","omit","only-if-cached","manual","i",true],true,"about:client","","error","POST","c"]"#
    );
}

#[test]
fn methods_are_normalized_where_the_standard_does_so() {
    assert_eq!(
        value(
            "return ['get', 'Post', 'pUt', 'delete', 'head', 'options', 'patch', 'Mine'].map(method => new Request('http://a', { method }).method)"
        ),
        r#"["GET","POST","PUT","DELETE","HEAD","OPTIONS","patch","Mine"]"#
    );
}

#[test]
fn what_is_no_request_is_refused() {
    assert_eq!(
        thrown(&[
            "new Request()",
            "new Request('/relative')",
            "new Request('http://user@a')",
            "new Request('http://:secret@a')",
            "new Request('http://a', 1)",
            "new Request('http://a', { method: 'connect' })",
            "new Request('http://a', { method: 'TRACE' })",
            "new Request('http://a', { method: 'track' })",
            "new Request('http://a', { method: 'a b' })",
            "new Request('http://a', { method: '' })",
            "new Request('http://a', { method: '\\u0100' })",
            "new Request('http://a', { body: '' })",
            "new Request('http://a', { method: 'HEAD', body: '' })",
            "new Request(new Request('http://a', { method: 'POST', body: '' }), { method: 'GET' })",
            "new Request('http://a', { mode: 'navigate' })",
            "new Request('http://a', { mode: 'other' })",
            "new Request('http://a', { mode: 'no-cors', method: 'PUT' })",
            "new Request('http://a', { cache: 'only-if-cached' })",
            "new Request('http://a', { redirect: 'other' })",
            "new Request('http://a', { credentials: 'other' })",
            "new Request('http://a', { referrer: '/relative' })",
            "new Request('http://a', { referrerPolicy: 'other' })",
            "new Request('http://a', { priority: 'other' })",
            "new Request('http://a', { signal: {} })",
            "new Request('http://a', { window: {} })",
            "new Request('http://a', { headers: 1 })",
            "new Request('http://a', { duplex: 'full' })",
            "new Request('http://a', { method: 'POST', body: new ReadableStream() })",
            "new Request('http://a', { method: 'POST', body: new ReadableStream(), duplex: 'half', keepalive: true })",
            "new Request('http://a', { method: 'POST', body: new ReadableStream(), duplex: 'half', mode: 'no-cors' })",
            "Request('http://a')",
            "Request.prototype.url",
        ]),
        r#"["TypeError"]"#
    );
}

#[test]
fn members_are_read_in_their_order() {
    assert_eq!(
        value(
            "const read = []; new Request('http://a', new Proxy({}, { get: (target, key) => { read.push(key) } }));
             return read.join()"
        ),
        r#""body,cache,credentials,duplex,headers,integrity,keepalive,method,mode,priority,redirect,referrer,referrerPolicy,signal,window""#
    );
}

#[test]
fn headers_given_replace_those_of_the_request() {
    assert_eq!(
        value(
            "const first = new Request('http://a', { headers: { a: '1', cookie: 'c', host: 'h' } });
             return [[...new Request(first).headers], [...new Request(first, { headers: { b: '2' } }).headers], [...new Request(first, { headers: [] }).headers]]"
        ),
        r#"[[["a","1"],["cookie","c"],["host","h"]],[["b","2"]],[]]"#
    );
}

#[test]
fn a_body_moves_to_the_request_that_is_made_of_it() {
    assert_eq!(
        value(
            "const all = [], stream = () => new ReadableStream({ start(c) { c.enqueue(new Uint8Array([98])); c.close() } });
             for (const body of ['b', stream()]) {
                 const first = new Request('http://a', { method: 'POST', body, duplex: 'half' }), second = new Request(first);
                 all.push([first.bodyUsed, second.bodyUsed, await second.text(), await name(first.text()), await name(() => new Request(first)), await new Request(first, { body: 'new' }).text()]);
             }
             const touched = new Request('http://a', { method: 'POST', body: 'c' }), { body } = touched, next = new Request(touched);
             return [...all, touched.body === body, next.body === body, await next.text()]"
        ),
        r#"[[true,false,"b","TypeError","TypeError","new"],[true,false,"b","TypeError","TypeError","new"],true,false,"c"]"#
    );
}

#[test]
fn a_request_that_could_not_be_made_leaves_the_body() {
    assert_eq!(
        value(
            "const first = new Request('http://a', { method: 'POST', body: 'b' });
             return [await name(() => new Request(first, { method: 'GET' })), await name(() => new Request(first, { method: 'CONNECT' })), first.bodyUsed, await first.text()]"
        ),
        r#"["TypeError","TypeError",false,"b"]"#
    );
}

#[test]
fn the_signal_follows_those_it_was_made_of() {
    assert_eq!(
        value(
            "const controller = new AbortController(), first = new Request('http://a', { signal: controller.signal }), seen = [];
             const second = new Request(first), third = second.clone(), free = new Request(first, { signal: null }), other = new Request(first, { signal: new AbortController().signal });
             third.signal.onabort = () => seen.push('third');
             controller.abort('why');
             return [first.signal === controller.signal, first.signal.reason, second.signal.reason, third.signal.reason, seen, free.signal.aborted, other.signal.aborted, new Request(first).signal.aborted]"
        ),
        r#"[false,"why","why","why",["third"],false,false,true]"#
    );
}

#[test]
fn a_clone_is_read_on_its_own() {
    assert_eq!(
        value(
            "const request = new Request('http://a', { method: 'PUT', body: 'b', headers: { h: '1' }, redirect: 'error' }), clone = request.clone();
             clone.headers.set('h', '2');
             const all = [clone.method, clone.redirect, request.headers.get('h'), await clone.text(), request.bodyUsed, await request.text()];
             return [...all, await name(() => request.clone()), String(request), Request.length]"
        ),
        r#"["PUT","error","1","b",false,"b","TypeError","[object Request]",1]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    let source = format!(
        "const {{ then }} = Promise.prototype, {{ apply }} = Reflect;
         const settled = promise => ({{ then(done, failed) {{ apply(then, promise, [done, failed]) }} }});
         const controller = new AbortController();
         {PATCHES};
         const first = new Request('http://a', {{ method: 'post', body: 'b', headers: {{ h: '1' }}, signal: controller.signal, cache: 'reload' }});
         const streamed = first.clone(); streamed.body;
         const second = new Request(first), third = new Request(streamed, {{ integrity: 'i' }});
         controller.abort('why');
         export default second.method + second.url + second.cache + second.headers.get('h') + second.signal.reason
             + await settled(second.text()) + await settled(third.text()) + third.integrity"
    );
    assert_eq!(guest.value(&source), r#""POSThttp://a/reload1whybbi""#);
}
