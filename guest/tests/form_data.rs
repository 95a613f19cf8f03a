//! FormData, and forms as bodies.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

/// What an asynchronous function with this body gives. `name` gives the name of what a
/// function or a promise throws, `parse` the form that is in a text.
fn value(source: &str) -> String {
    guest().value(&format!(
        "const name = async f => {{ try {{ await (typeof f === 'function' ? f() : f); return 'nothing' }} catch (error) {{ return error.name }} }};
         const parse = (body, type = 'multipart/form-data; boundary=B') => new Response(body, {{ headers: {{ 'content-type': type }} }}).formData();
         export default await (async () => {{ {source} }})()"
    ))
}

#[test]
fn entries_keep_their_order_and_names_may_occur_again() {
    assert_eq!(
        value(
            "const form = new FormData(); form.append('a', 1); form.append('b', '\\uD800'); form.append('a', null);
             const before = [form.get('a'), form.getAll('a'), form.get('none'), form.getAll('none'), form.has('b'), form.has('none')];
             form.set('a', 'new'); form.set('c', 2); form.delete('b'); form.delete('none');
             return [before, [...form], [...form.keys()], [...form.values()]]"
        ),
        "[[\"1\",[\"1\",\"null\"],null,[],true,false],[[\"a\",\"new\"],[\"c\",\"2\"]],[\"a\",\"c\"],[\"new\",\"2\"]]"
    );
}

#[test]
fn blobs_become_files() {
    assert_eq!(
        value(
            "const form = new FormData(), file = new File(['f'], 'name', { type: 't', lastModified: 5 }), blob = new Blob(['b'], { type: 'u' });
             form.append('a', blob); form.append('b', blob, 'x/y'); form.append('c', file); form.append('d', file, 'other'); form.set('e', blob, undefined);
             const all = []; for (const [key, value] of form) all.push([key, value instanceof File, value.name, value.type, value.size]);
             return [all, form.get('c') === file, form.get('a') === form.get('a'), form.get('d').lastModified]"
        ),
        r#"[[["a",true,"blob","u",1],["b",true,"x/y","u",1],["c",true,"name","t",1],["d",true,"other","t",1],["e",true,"blob","u",1]],true,true,5]"#
    );
}

#[test]
fn what_fits_no_signature_is_refused() {
    assert_eq!(
        value(
            "const form = new FormData(), all = [() => form.append('a'), () => form.append('a', 'b', 'c'), () => form.set('a', {}, undefined), () => form.get(), () => new FormData({}), () => new FormData(null), () => FormData(), () => form.append(Symbol(), 1), () => FormData.prototype.has.call({}, 'a')];
             return [await Promise.all(all.map(name)), await name(() => new FormData(undefined, null)), [...form].length, FormData.length, form.append.length, form.set.length, String(form)]"
        ),
        r#"[["TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"],"nothing",0,0,2,2,"[object FormData]"]"#
    );
}

#[test]
fn a_form_is_sent_as_multipart_form_data() {
    assert_eq!(
        value(
            "const form = new FormData(); form.append('a\\n\"', 'x\\r\\ny\\nz'); form.append('b', new File(['\\0'], 'f\\r\\n\"\u{e9}', { type: 'T' })); form.append('c', new Blob([]));
             const response = new Response(form), type = response.headers.get('content-type'), boundary = type.split('boundary=')[1];
             const other = new Response(form).headers.get('content-type');
             return [type.split('=')[0], boundary.length < 71, type !== other, (await response.text()).replaceAll(boundary, 'B')]"
        ),
        "[\"multipart/form-data; boundary\",true,true,\"--B\\r\\nContent-Disposition: form-data; name=\\\"a%0D%0A%22\\\"\\r\\n\\r\\nx\\r\\ny\\r\\nz\\r\\n\
         --B\\r\\nContent-Disposition: form-data; name=\\\"b\\\"; filename=\\\"f%0D%0A%22é\\\"\\r\\nContent-Type: t\\r\\n\\r\\n\\u0000\\r\\n\
         --B\\r\\nContent-Disposition: form-data; name=\\\"c\\\"; filename=\\\"blob\\\"\\r\\nContent-Type: application/octet-stream\\r\\n\\r\\n\\r\\n--B--\\r\\n\"]"
    );
}

#[test]
fn what_was_sent_is_read_back() {
    assert_eq!(
        value(
            "const form = new FormData(), bytes = new Uint8Array(256).map((_, i) => i); form.append('\u{e9}\"', '\\r\\n--'); form.append('f', new File([bytes, '\\r\\n--'], 'n\"\\n', { type: 'a/b' })); form.append('', '');
             for (const back of [await new Response(form).formData(), await new Request('http://a', { method: 'POST', body: form }).clone().formData()]) {
                 const file = back.get('f'), same = [...await file.bytes()].slice(0, 256).every((byte, i) => byte === i);
                 var all = [[...back.keys()], back.get('\u{e9}\"'), file.name, file.type, file.size, same];
             }
             return all"
        ),
        "[[\"é\\\"\",\"f\",\"\"],\"\\r\\n--\",\"n\\\"\\n\",\"a/b\",260,true]"
    );
}

#[test]
fn multipart_is_read_as_others_write_it() {
    assert_eq!(
        value(
            "const form = await parse('preamble\\r\\n--B \\t\\r\\nX-Other: 1\\r\\ncontent-disposition:form-data;name=plain\\r\\n\\r\\nv\\r\\n--B\\r\\nContent-Disposition: form-data; filename=\"f\"; name=\"n\"\\r\\n\\r\\n--b\\r\\n\\r\\n--B--epilogue');
             return [form.get('plain'), form.get('n').name, form.get('n').type, await form.get('n').text(), [...await parse('--B--')].length, [...await parse('--B--\\r\\n', 'multipart/form-data; boundary=\"B\"')].length]"
        ),
        r#"["v","f","text/plain","--b\r\n",0,0]"#
    );
}

#[test]
fn what_is_no_form_is_a_type_error() {
    assert_eq!(
        value(
            "const part = 'Content-Disposition: form-data; name=\"a\"\\r\\n\\r\\nv\\r\\n';
             const bodies = ['', 'text', '--B', '--B\\r\\n', '--B\\r\\n' + part, '--C\\r\\n' + part + '--C--', '--B\\r\\nContent-Type: a\\r\\n\\r\\nv\\r\\n--B--', '--B\\r\\nContent-Disposition: form-data\\r\\n\\r\\nv\\r\\n--B--', '--B\\r\\nContent-Disposition: attachment; name=\"a\"\\r\\n\\r\\nv\\r\\n--B--', '--B\\r\\nContent-Disposition: form-data; name=\"a\\r\\n\\r\\nv\\r\\n--B--', '--Bx\\r\\n' + part + '--B--', '--B\\r\\nnone\\r\\n\\r\\n--B--'];
             return [...new Set(await Promise.all([...bodies.map(body => name(parse(body))), name(parse('--B--', 'multipart/form-data')), name(parse('a', 'text/plain')), name(new Response().formData())]))]"
        ),
        r#"["TypeError"]"#
    );
}

#[test]
fn url_encoded_bodies_are_forms() {
    assert_eq!(
        value(
            "const type = 'application/x-www-form-urlencoded', form = await parse('a=b+c&\u{e9}=%C3%A9%FF&&d', type);
             return [[...form], [...await parse('', type)].length, [...await new Response(new URLSearchParams('x=y')).formData()]]"
        ),
        "[[[\"a\",\"b c\"],[\"é\",\"é\u{fffd}\"],[\"d\",\"\"]],0,[[\"x\",\"y\"]]]"
    );
}
