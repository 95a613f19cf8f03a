//! Response, and what it shares with Request: bodies.
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

#[test]
fn a_response_is_an_empty_success_unless_it_is_told_otherwise() {
    assert_eq!(
        value(
            "const { type, url, redirected, status, ok, statusText, body, bodyUsed, headers } = new Response();
             const other = new Response('b', { status: 404, statusText: 'No\\t\u{ff}', headers: { a: 'b' } });
             return [type, url, redirected, status, ok, statusText, body, bodyUsed, [...headers], other.ok, other.status, other.statusText, [...other.headers]]"
        ),
        "[\"default\",\"\",false,200,true,\"\",null,false,[],false,404,\"No\\t\u{ff}\",[[\"a\",\"b\"],[\"content-type\",\"text/plain;charset=UTF-8\"]]]"
    );
}

#[test]
fn what_is_no_response_is_refused() {
    assert_eq!(
        value(
            "const all = [];
             for (const status of [0, 100, 199, 600, 1000, NaN, 'x', 65536]) all.push(await name(() => new Response(null, { status })));
             for (const status of [204, 205, 304]) all.push(await name(() => new Response('', { status })), await name(() => new Response(null, { status })));
             for (const statusText of ['\\n', '\\u0100', '\\x7f']) all.push(await name(() => new Response(null, { statusText })));
             all.push(await name(() => new Response(null, { headers: 1 })), await name(() => new Response(null, 1)), await name(() => Response()));
             return [...new Set(all)].concat(all.length, all.filter(name => name === 'RangeError').length, all.filter(name => name === 'nothing').length)"
        ),
        r#"["RangeError","TypeError","nothing",20,8,3]"#
    );
}

#[test]
fn a_body_has_the_type_of_what_it_is_made_of() {
    assert_eq!(
        value(
            "const bodies = ['t', new URLSearchParams('a=b c'), new Blob(['x'], { type: 'T/U' }), new Blob(['x']), new Uint8Array([65]), new Uint8Array([65]).buffer, new DataView(new ArrayBuffer(1)), 5, [1, 2], null, undefined], all = [];
             for (const body of bodies) { const response = new Response(body); all.push([response.headers.get('content-type'), await response.text()]) }
             all.push(new Response('a', { headers: { 'Content-Type': 'mine' } }).headers.get('content-type'));
             return all"
        ),
        r#"[["text/plain;charset=UTF-8","t"],["application/x-www-form-urlencoded;charset=UTF-8","a=b+c"],["t/u","x"],[null,"x"],[null,"A"],[null,"A"],[null,"\u0000"],["text/plain;charset=UTF-8","5"],["text/plain;charset=UTF-8","1,2"],[null,""],[null,""],"mine"]"#
    );
}

#[test]
fn a_plain_object_is_sent_as_json() {
    assert_eq!(
        value(
            "class Mine { toString() { return 'mine' } }
             const bodies = [{ a: [1, { b: 2 }] }, Object.assign(Object.create(null), { c: 3 }), { toString() { return 'own' } }, { [Symbol.toPrimitive]: () => 'primitive' }, new Mine(), { toJSON() { return 4 } }], all = [];
             for (const body of bodies) { const response = new Response(body); all.push([response.headers.get('content-type'), await response.text()]) }
             all.push(new Response({}, { headers: { 'content-type': 'a/b' } }).headers.get('content-type'));
             return all"
        ),
        r#"[["application/json","{\"a\":[1,{\"b\":2}]}"],["application/json","{\"c\":3}"],["text/plain;charset=UTF-8","own"],["text/plain;charset=UTF-8","primitive"],["text/plain;charset=UTF-8","mine"],["application/json","4"],"a/b"]"#
    );
}

#[test]
fn a_body_is_read_once_and_in_any_form() {
    assert_eq!(
        value(
            "const make = () => new Response('[1]', { headers: { 'content-type': 'A/B; Charset=\"x\"' } });
             const blob = await make().blob();
             const forms = [await make().text(), await make().json(), (await make().arrayBuffer()) instanceof ArrayBuffer, [...await make().bytes()], blob.type, await blob.text()];
             const once = make(), before = once.bodyUsed; const reading = once.text(), during = once.bodyUsed;
             await reading;
             return [forms, before, during, await name(once.text()), await name(once.json()), await name(() => once.clone()), once.body.locked, await name(() => once.body.getReader())]"
        ),
        r#"[["[1]",[1],true,[91,49,93],"a/b;charset=x","[1]"],false,true,"TypeError","TypeError","TypeError",true,"TypeError"]"#
    );
}

#[test]
fn methods_reject_and_do_not_throw() {
    assert_eq!(
        value(
            "const { text, json } = Response.prototype, promises = [text.call({}), new Response().json(), new Response('{').json(), new Response('a').formData()];
             return [promises.every(promise => promise instanceof Promise), await Promise.all(promises.map(name)), await name(() => Response.prototype.body)]"
        ),
        r#"[true,["TypeError","SyntaxError","SyntaxError","TypeError"],"TypeError"]"#
    );
}

#[test]
fn no_body_is_read_as_nothing_as_often_as_one_likes() {
    assert_eq!(
        value(
            "const response = new Response();
             return [await response.text(), await response.text(), (await response.arrayBuffer()).byteLength, (await response.blob()).size, response.bodyUsed]"
        ),
        r#"["","",0,0,false]"#
    );
}

#[test]
fn text_is_utf_8_without_its_mark() {
    assert_eq!(
        value(
            "const bytes = new Uint8Array([0xEF, 0xBB, 0xBF, 0x61, 0xFF]);
             return [await new Response(bytes).text(), await new Response('\\uFEFFb\\uD800').text(), (await new Response('\\uFEFF').bytes()).length, await new Response('\\uFEFF{}').json()]"
        ),
        "[\"a\u{fffd}\",\"b\u{fffd}\",3,{}]"
    );
}

#[test]
fn bytes_are_copied_in_and_out() {
    assert_eq!(
        value(
            "const bytes = new Uint8Array([1, 2]), response = new Response(bytes), blob = new Blob(['ab']);
             bytes[0] = 9;
             const clone = response.clone(); (await clone.bytes())[0] = 8; new Uint8Array(await new Response(blob).arrayBuffer())[0] = 7;
             return [[...await response.bytes()], await blob.text()]"
        ),
        r#"[[1,2],"ab"]"#
    );
}

#[test]
fn the_stream_of_a_body_is_there_when_it_is_asked_for() {
    assert_eq!(
        value(
            "const response = new Response('abc'), { body } = response;
             const locked = body.getReader({ mode: 'byob' }), before = response.bodyUsed;
             const chunk = await locked.read(new Uint8Array(2));
             const refused = await name(response.text()); locked.releaseLock();
             return [body === response.body, before, [...chunk.value], response.bodyUsed, refused, await name(response.text()), String(body)]"
        ),
        r#"[true,false,[97,98],true,"TypeError","TypeError","[object ReadableStream]"]"#
    );
}

#[test]
fn a_stream_can_be_a_body() {
    assert_eq!(
        value(
            "const stream = () => new ReadableStream({ start(c) { c.enqueue(new Uint8Array([97])); c.enqueue(new Uint8Array([98])); c.close() } });
             const body = stream(), response = new Response(body), bad = new ReadableStream({ start(c) { c.enqueue('text'); c.close() } });
             const locked = stream(); locked.getReader(); const read = stream(); await read.cancel();
             return [response.body === body, response.headers.get('content-type'), await response.text(), response.bodyUsed, await name(new Response(bad).text()),
                 await name(() => new Response(locked)), await name(() => new Response(read)), await name(new Response(new ReadableStream({ start(c) { c.error(new RangeError) } })).text())]"
        ),
        r#"[true,null,"ab",true,"TypeError","TypeError","TypeError","RangeError"]"#
    );
}

#[test]
fn a_clone_is_read_on_its_own() {
    assert_eq!(
        value(
            "const stream = new ReadableStream({ start(c) { c.enqueue(new Uint8Array([97])); c.close() } }), all = [];
             for (const body of ['a', stream, null]) {
                 const response = new Response(body, { status: 201, statusText: 's', headers: { h: '1' } }), clone = response.clone();
                 clone.headers.set('h', '2');
                 all.push([clone.status, clone.statusText, response.headers.get('h'), await clone.text(), response.bodyUsed, await response.text()]);
             }
             const streamed = new Response('s'); streamed.body; all.push(await streamed.clone().text() + await streamed.text());
             const locked = new Response('l'); locked.body.getReader(); all.push(await name(() => locked.clone()));
             return all"
        ),
        r#"[[201,"s","1","a",false,"a"],[201,"s","1","a",false,"a"],[201,"s","1","",false,""],"ss","TypeError"]"#
    );
}

#[test]
fn chunks_of_a_cloned_stream_are_cloned() {
    assert_eq!(
        value(
            "const chunk = new Uint16Array([1, 2]), body = chunk => new ReadableStream({ start(c) { c.enqueue(chunk); c.close() } }), all = [];
             const response = new Response(body(chunk)), clone = response.clone();
             const [a, b] = [await response.body.getReader().read(), await clone.body.getReader().read()];
             const bad = new Response(body(() => 1)), other = bad.clone();
             return [a.value === chunk, b.value === chunk, b.value instanceof Uint16Array, [...b.value], await name(bad.body.getReader().read()), await name(other.text())]"
        ),
        r#"[true,false,true,[1,2],"DataCloneError","DataCloneError"]"#
    );
}

#[test]
fn nothing_comes_between_a_body_and_its_reader() {
    assert_eq!(
        value(
            "const bytes = text => new TextEncoder().encode(text), bye = bytes('bye');
             const stream = new ReadableStream({ start(c) { c.enqueue(bytes('hello')); c.close() } }), streamed = new Response(stream), plain = new Response(bytes('hello'));
             const texts = []; let taken = 0;
             Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { taken++; return this instanceof Response ? undefined : done => done({ done: false, value: bye }) } });
             const promises = [streamed.text(), plain.text()];
             promises[0].then(text => texts.push(text)); promises[1].then(text => texts.push(text));
             for (let i = 0; i < 20; i++) await 0;
             delete Object.prototype.then;
             return [texts, taken, streamed.body.locked, await name(() => streamed.body.getReader())]"
        ),
        r#"[["hello","hello"],0,true,"TypeError"]"#
    );
}

#[test]
fn static_responses_are_as_the_standard_has_them() {
    assert_eq!(
        value(
            "const error = Response.error(), redirect = Response.redirect('http://a/b?c#d', 301), json = Response.json({ a: 1 }, { status: 201, headers: { x: 'y' } });
             return [error.type, error.status, error.ok, error.body, await name(() => error.headers.set('a', 'b')),
                 redirect.status, redirect.type, redirect.headers.get('location'), await name(() => redirect.headers.append('a', 'b')), Response.redirect('http://a').status,
                 await name(() => Response.redirect('/relative')), await name(() => Response.redirect('http://a', 200)),
                 json.status, [...json.headers], await json.json(), Response.json(1, { headers: { 'content-type': 'x' } }).headers.get('content-type'),
                 await name(() => Response.json(undefined)), await name(() => Response.json(Symbol())), await name(() => Response.json(1, { status: 204 })),
                 Response.json.length, Response.redirect.length, Response.length]"
        ),
        r#"["error",0,false,null,"TypeError",301,"default","http://a/b?c#d","TypeError",302,"TypeError","RangeError",201,[["content-type","application/json"],["x","y"]],{"a":1},"x","TypeError","TypeError","TypeError",1,1,0]"#
    );
}

#[test]
fn members_are_those_of_the_interface() {
    assert_eq!(
        value(
            "return [Object.keys(Response.prototype).sort().join(), Object.keys(Response).sort().join(), new Response().headers instanceof Headers, String(new Response())]"
        ),
        r#"["arrayBuffer,blob,body,bodyUsed,bytes,clone,formData,headers,json,ok,redirected,status,statusText,text,type,url","error,json,redirect",true,"[object Response]"]"#
    );
}

#[test]
fn the_last_of_several_content_types_counts_and_keeps_the_charset() {
    assert_eq!(
        value(
            "const of = async (...types) => (await new Response('', { headers: types.map(type => ['content-type', type]) }).blob()).type;
             return [await of('text/html;charset=a', 'text/plain'), await of('text/html;charset=a', 'text/html;x=y'), await of('text/html', '*/*'), await of('nothing'), await of('text/html;x=\"a,b\"')]"
        ),
        r#"["text/plain","text/html;x=y;charset=a","text/html","","text/html;x=\"a,b\""]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    let source = format!(
        "const {{ then }} = Promise.prototype, {{ apply }} = Reflect, own = Object.prototype, blob = new Blob(['i']);
         const settled = promise => ({{ then(done, failed) {{ apply(then, promise, [done, failed]) }} }});
         {PATCHES};
         own.get = own.set = own.value = undefined;
         const make = body => new Response(body, {{ headers: {{ a: 'b' }} }});
         const clone = make('c').clone(), streamed = make('d'), stream = streamed.body, {{ a }} = await settled(make({{ a: 'e' }}).json());
         const form = new FormData(); form.append('f', 'g'); form.append('h', blob, 'j');
         const back = await settled(make(form).formData());
         export default await settled(clone.text()) + await settled(streamed.text()) + a + back.get('f') + await settled(back.get('h').text())
             + back.get('h').name + (await settled(make('k').bytes()))[0] + await settled((await settled(make('l').blob())).text())"
    );
    assert_eq!(guest.value(&source), r#""cdegij107l""#);
}
