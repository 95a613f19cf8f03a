//! fetch.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{FETCH, Kind, Tag, body::Thrown};
use support::{Answer, Guest, PATCHES, guest};

/// What an asynchronous function with this body gives. `thrown` gives what a promise is
/// rejected with.
fn value_of(guest: &mut Guest, source: &str) -> String {
    guest.value(&format!(
        "const thrown = promise => promise.then(() => 'nothing', error => error);
         export default await (async () => {{ {source} }})()"
    ))
}

/// The same, of a guest that nobody answers.
fn value(source: &str) -> String {
    value_of(&mut guest(), source)
}

/// A guest whose host answers its requests with these, as they come.
fn guest_with(answers: Vec<Answer>) -> Guest {
    let guest = guest();
    guest.platform.ended.borrow_mut().extend((1..).zip(answers));
    guest
}

/// The host's answer: `fields` are members of its JSON, without the body.
fn response(fields: &str, body: &[u8]) -> Answer {
    let json = format!("{{{fields},\"body\":null}}");
    Answer::Return(json, vec![("[\"body\"]".to_owned(), Tag::Uint8Array, body.to_vec())])
}

/// A response without anything particular.
fn plain(body: &[u8]) -> Answer {
    response(r#""status":200,"statusText":"","url":"http://a/","redirected":false,"headers":[]"#, body)
}

fn denied() -> Thrown {
    Thrown {
        name: "TypeError".into(),
        message: "fetch is not allowed".into(),
        code: Some("ERR_FETCH_DENIED".into()),
        ..Thrown::default()
    }
}

#[test]
fn the_host_gets_the_request_in_one_piece() {
    let mut guest = guest_with(vec![plain(b""), plain(b""), plain(b""), plain(b"")]);
    let source = "
        await fetch('http://a/b?c#d', { method: 'post', body: { e: 1 }, headers: [['X-Y', ' z '], ['x-y', '\u{ff}'], ['Accept', 'f/g']], redirect: 'manual' });
        await fetch('http://a', { method: 'POST', duplex: 'half', body: new Blob(['h', 'i']).stream() });
        await fetch(new Request('http://a', { method: 'PUT', body: new URLSearchParams('j=k') }), { redirect: 'error' });
        await fetch(new URL('https://a/l'));";
    value_of(&mut guest, source);
    let calls = guest.platform.calls.take();
    assert!(calls.iter().all(|sent| sent.kind == Kind::HostStart && sent.target == FETCH));
    let bodies: Vec<&str> = calls.iter().map(|sent| sent.body.as_str()).collect();
    assert_eq!(
        bodies,
        [
            r#"["POST","http://a/b?c","manual","x-y:z\nx-y:\u{ff}\naccept:f/g\ncontent-type:application/json\n",null]"#.replace("\\u{ff}", "\u{ff}"),
            r#"["POST","http://a/","follow","accept:*/*\n",null]"#.to_owned(),
            r#"["PUT","http://a/","error","content-type:application/x-www-form-urlencoded;charset=UTF-8\naccept:*/*\n",null]"#.to_owned(),
            r#"["GET","https://a/l","follow","accept:*/*\n",null]"#.to_owned(),
        ]
    );
    let sections: Vec<_> = calls.into_iter().map(|sent| sent.sections).collect();
    let body = |bytes: &[u8]| vec![("[4]".to_owned(), Tag::Uint8Array, bytes.to_vec())];
    assert_eq!(sections, [body(br#"{"e":1}"#), body(b"hi"), body(b"j=k"), vec![]]);
}

#[test]
fn the_response_is_what_the_host_answers() {
    let fields = r#""status":404,"statusText":"Gone \u00fc","url":"http://b/c","redirected":true,"headers":[["content-type","d/e"],["set-cookie","f"],["set-cookie","g"],["x","\u00ff"]]"#;
    let mut guest = guest_with(vec![response(fields, b"body")]);
    let source = "
        const response = await fetch('http://a'), { status, statusText, url, redirected, ok, type } = response;
        const refused = await thrown(Promise.resolve().then(() => response.headers.set('a', 'b')));
        const clone = response.clone();
        return [status, statusText, url, redirected, ok, type, [...response.headers], refused.name, await response.text(), await clone.text()]";
    assert_eq!(
        value_of(&mut guest, source),
        "[404,\"Gone ü\",\"http://b/c\",true,false,\"basic\",[[\"content-type\",\"d/e\"],[\"set-cookie\",\"f\"],[\"set-cookie\",\"g\"],[\"x\",\"ÿ\"]],\"TypeError\",\"body\",\"body\"]"
    );
}

#[test]
fn nothing_comes_between_the_host_and_the_response() {
    let mut guest = guest_with(vec![plain(b"a")]);
    let source = "
        const seen = [], take = { configurable: true, get() { if (!(this instanceof Response)) seen.push(String(this)) } };
        Object.defineProperty(Object.prototype, 'then', take);
        const response = await fetch('http://a', { method: 'POST', body: new Blob(['b']).stream(), duplex: 'half' });
        const text = await response.text();
        delete Object.prototype.then;
        return [text, seen]";
    assert_eq!(value_of(&mut guest, source), r#"["a",[]]"#);
}

#[test]
fn what_has_no_body_gets_none() {
    let no_content = r#""status":204,"statusText":"","url":"","redirected":false,"headers":[]"#;
    let mut guest = guest_with(vec![response(no_content, b""), plain(b""), plain(b"")]);
    let source = "
        const all = [await fetch('http://a/#b'), await fetch('http://a', { method: 'HEAD' }), await fetch('http://a')];
        return all.map(response => [response.body === null, response.url])";
    assert_eq!(
        value_of(&mut guest, source),
        r#"[[true,"http://a/"],[true,"http://a/"],[false,"http://a/"]]"#
    );
}

#[test]
fn what_the_host_refuses_is_a_network_error_with_its_reason() {
    let odd = r#""status":700,"statusText":"","url":"","redirected":false,"headers":[]"#;
    let mut guest = guest_with(vec![Answer::Throw(denied()), response(odd, b"")]);
    let source = "
        const denied = await thrown(fetch('http://a')), odd = await thrown(fetch('http://a'));
        return [denied instanceof TypeError, denied.message, denied.cause instanceof Error, denied.cause.code, odd.name, odd.message]";
    assert_eq!(
        value_of(&mut guest, source),
        r#"[true,"fetch is not allowed",true,"ERR_FETCH_DENIED","TypeError","the response has the status 700"]"#
    );
}

#[test]
fn a_host_that_does_not_start_it_refuses_it_as_well() {
    let mut guest = guest();
    *guest.platform.host.borrow_mut() = Box::new(|_| Answer::Throw(denied()));
    let source = "
        const { name, message, cause } = await thrown(fetch('http://a'));
        return [name, message, cause.code, fetch.length, fetch.name, Object.keys(globalThis).includes('fetch')]";
    assert_eq!(
        value_of(&mut guest, source),
        r#"["TypeError","fetch is not allowed","ERR_FETCH_DENIED",1,"fetch",true]"#
    );
}

#[test]
fn an_abort_cancels_what_the_host_does() {
    let mut guest = guest();
    let source = "
        const controller = new AbortController(), pending = thrown(fetch('http://a', { signal: controller.signal }));
        setTimeout(() => controller.abort('why'), 1);
        return pending";
    assert_eq!(value_of(&mut guest, source), "\"why\"");
    let calls: Vec<_> = guest.platform.calls.take().iter().map(|sent| (sent.kind, sent.value)).collect();
    assert_eq!(calls, [(Kind::HostStart, 1), (Kind::HostCancel, 1)]);
}

#[test]
fn nothing_is_sent_for_what_was_aborted_before() {
    let mut guest = guest();
    let source = "
        const controller = new AbortController(), pending = thrown(fetch('http://a', { method: 'POST', body: 'b', signal: controller.signal }));
        controller.abort();
        return [(await pending).name, (await thrown(fetch('http://a', { signal: AbortSignal.timeout(0) }))).name]";
    guest.platform.ended.borrow_mut().clear();
    assert_eq!(value_of(&mut guest, source), r#"["AbortError","TimeoutError"]"#);
    let started = guest.platform.calls.take().iter().filter(|sent| sent.kind == Kind::HostStart).count();
    assert_eq!(started, 1, "only what was not aborted yet");
}

#[test]
fn an_abort_after_the_response_tells_the_host_nothing() {
    let mut guest = guest_with(vec![plain(b"a")]);
    let source = "
        const controller = new AbortController(), response = await fetch('http://a', { signal: controller.signal });
        controller.abort('why');
        return thrown(response.text())";
    assert_eq!(value_of(&mut guest, source), "\"why\"");
    assert_eq!(guest.platform.calls.take().len(), 1);
}

#[test]
fn what_is_no_request_rejects() {
    assert_eq!(
        value(
            "const aborted = { signal: AbortSignal.abort() };
             const promises = [fetch(), fetch('/relative'), fetch('http://a', { body: 'b', ...aborted }), fetch('http://a', { method: 'TRACE' }), fetch('ftp://a'), fetch('about:blank'), fetch('blob:a'), fetch('file:///a'), fetch('data:a')];
             return [...new Set((await Promise.all(promises.map(thrown))).map(error => error.name))]"
        ),
        r#"["TypeError"]"#
    );
}

#[test]
fn data_urls_are_answered_at_once() {
    assert_eq!(
        value(
            "const all = [];
             for (const url of ['data:,a%20b#c', 'data:text/html;charset=x;base64,YQ', 'data:;a=b,', 'data:nothing,x']) {
                 const response = await fetch(url);
                 all.push([response.status, response.statusText, response.ok, response.type, response.url, response.redirected, [...response.headers], await response.text()]);
             }
             const head = await fetch('data:,a', { method: 'HEAD' });
             return [all, head.body, await fetch(new Request('data:,a')).then(r => r.headers.set('a', 'b')).catch(error => error.name)]"
        ),
        r#"[[[200,"OK",true,"basic","data:,a%20b",false,[["content-type","text/plain;charset=US-ASCII"]],"a b"],[200,"OK",true,"basic","data:text/html;charset=x;base64,YQ",false,[["content-type","text/html;charset=x"]],"a"],[200,"OK",true,"basic","data:;a=b,",false,[["content-type","text/plain;a=b"]],""],[200,"OK",true,"basic","data:nothing,x",false,[["content-type","text/plain;charset=US-ASCII"]],"x"]],null,"TypeError"]"#
    );
}

#[test]
fn an_aborted_signal_rejects_before_anything_is_done() {
    assert_eq!(
        value(
            "const reason = {}, log = [], request = new Request('http://a', { method: 'POST', body: 'b', signal: AbortSignal.abort() });
             const first = fetch('http://a', { signal: AbortSignal.abort() }).catch(error => log.push(error.name, error instanceof DOMException));
             await Promise.all([first, Promise.resolve().then(() => log.push('next'))]);
             return [log, await thrown(fetch('http://a', { signal: AbortSignal.abort(reason) })) === reason, (await thrown(fetch(request))).name, request.bodyUsed]"
        ),
        r#"[["AbortError",true,"next"],true,"AbortError",true]"#
    );
}

#[test]
fn an_abort_while_the_body_is_read_rejects_and_cancels_it() {
    assert_eq!(
        value(
            "const controller = new AbortController(), seen = [], body = new ReadableStream({ cancel(reason) { seen.push(reason) } });
             const pending = thrown(fetch('http://a', { method: 'POST', body, duplex: 'half', signal: controller.signal }));
             await null; controller.abort('why');
             return [await pending, seen]"
        ),
        r#"["why",["why"]]"#
    );
}

#[test]
fn a_body_that_fails_rejects_with_its_reason() {
    assert_eq!(
        value(
            "const of = start => thrown(fetch('http://a', { method: 'POST', duplex: 'half', body: new ReadableStream({ start }) }));
             return [await of(c => c.error('mine')), (await of(c => { c.enqueue('text'); c.close() })).name]"
        ),
        r#"["mine","TypeError"]"#
    );
}

#[test]
fn an_abort_after_the_response_fails_what_was_not_read() {
    assert_eq!(
        value(
            "const controller = new AbortController(), { signal } = controller, get = (url = 'data:,abc') => fetch(url, { signal });
             const read = await get(), unread = await get(), streamed = await get(), half = await get('data:,' + 'x'.repeat(70000)), empty = await get('data:,');
             const text = await read.text(), reader = streamed.body.getReader(), halfReader = half.body.getReader(), emptyReader = empty.body.getReader();
             await halfReader.read(); const waiting = reader.closed.catch(error => error); controller.abort('why');
             return [text, await thrown(unread.text()), await thrown(unread.json()), await thrown(unread.clone().text()), await thrown(reader.read()), await waiting, await thrown(halfReader.read()), (await emptyReader.read()).done,
                 await thrown(unread.body.getReader().read())]"
        ),
        r#"["abc","why","why","why","why","why","why",true,"why"]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest_with(vec![response(
        r#""status":200,"statusText":"","url":"","redirected":false,"headers":[["d","e"]]"#,
        b"f",
    )]);
    let source = format!(
        "const {{ then }} = Promise.prototype, {{ apply }} = Reflect;
         const settled = promise => ({{ then(done, failed) {{ apply(then, promise, [done, failed]) }} }});
         const {{ signal }} = new AbortController();
         {PATCHES};
         const local = await settled(fetch('data:a/b,c', {{ signal, headers: {{ a: 'b' }} }}));
         const response = await settled(fetch('http://a', {{ method: 'POST', body: 'b', signal }}));
         export default await settled(local.text()) + local.headers.get('content-type') + response.headers.get('d') + await settled(response.text())"
    );
    assert_eq!(guest.value(&source), r#""ca/bef""#);
}
