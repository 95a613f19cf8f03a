//! Blob and File.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

fn value(source: &str) -> String {
    guest().value(&format!("export default await (async () => {{ {source} }})()"))
}

/// What each of these expressions throws, by name.
fn thrown(expressions: &[&str]) -> String {
    let calls: Vec<String> = expressions.iter().map(|expression| format!("() => {expression}")).collect();
    value(&format!(
        "return [{}].map(f => {{ try {{ f(); return 'nothing' }} catch (error) {{ return error.name }} }})",
        calls.join(", ")
    ))
}

#[test]
fn a_blob_is_its_parts_one_after_the_other() {
    assert_eq!(
        value(
            "const view = new Uint8Array([0, 99, 100, 0]).subarray(1, 3);
             const blob = new Blob(['a\u{e9}', new Blob(['b']), view, view.buffer, new DataView(view.buffer, 1, 1), 5, null, {}], { type: 'Text/Plain' });
             view.fill(0);
             return [await blob.text(), blob.size, blob.type]"
        ),
        r#"["aébcd\u0000cd\u0000c5null[object Object]",31,"text/plain"]"#
    );
}

#[test]
fn a_blob_without_parts_is_empty() {
    assert_eq!(
        value(
            "const blob = new Blob(); return [blob.size, blob.type, await blob.text(), Blob.length, String(blob)]"
        ),
        r#"[0,"","",0,"[object Blob]"]"#
    );
    assert_eq!(
        thrown(&[
            "new Blob(null)",
            "new Blob('parts')",
            "new Blob({})",
            "new Blob([], 1)",
            "new Blob([], { endings: 'mac' })",
            "new Blob([Symbol()])",
            "Blob()",
            "Blob.prototype.size",
        ]),
        r#"["TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"]"#
    );
}

#[test]
fn parts_are_taken_from_any_iterator_and_options_are_read_in_order() {
    assert_eq!(
        value(
            "const read = [];
             const options = { get type() { read.push('type') }, get endings() { read.push('endings') } };
             const parts = { *[Symbol.iterator]() { read.push('parts'); yield 'x'; yield { toString() { read.push('string'); return 'y' } } } };
             return [await new Blob(parts, options).text(), read]"
        ),
        r#"["xy",["parts","string","endings","type"]]"#
    );
}

#[test]
fn a_type_that_is_not_printable_ascii_is_none() {
    assert_eq!(
        value(
            "return ['A/B;C=D', 'te\u{a0}xt', 'a\\tb', 'a/\u{130}', ' ~'].map(type => [new Blob([], { type }).type, new Blob().slice(0, 0, type).type])"
        ),
        r#"[["a/b;c=d","a/b;c=d"],["",""],["",""],["",""],[" ~"," ~"]]"#
    );
}

#[test]
fn native_endings_are_line_feeds() {
    assert_eq!(
        value(
            "const parts = ['a\\r\\nb\\rc\\n\\r', '\\n', new Uint8Array([13, 10])];
             return [await new Blob(parts, { endings: 'native' }).text(), await new Blob(parts).text()]"
        ),
        r#"["a\nb\nc\n\n\n\r\n","a\r\nb\rc\n\r\n\r\n"]"#
    );
}

#[test]
fn slices_count_from_both_ends_and_are_clamped() {
    assert_eq!(
        value(
            "const blob = new Blob(['abcdef'], { type: 'a/b' }), slices = [];
             for (const range of [[], [2], [-2], [1, -1], [4, 2], [NaN, Infinity], [-100, 100], [1.5, 2.5], [0.5, 4.51], [undefined, undefined], [0, null]])
                 slices.push(await blob.slice(...range).text());
             return [slices, await blob.slice(1).slice(1, 3).text(), blob.slice().type, blob.slice(0, 1, 'X').type]"
        ),
        r#"[["abcdef","cdef","ef","bcde","","abcdef","abcdef","","abcde","abcdef",""],"cd","","x"]"#
    );
}

#[test]
fn what_is_read_is_a_copy() {
    assert_eq!(
        value(
            "const blob = new Blob(['abc']);
             new Uint8Array(await blob.arrayBuffer()).fill(0); (await blob.bytes()).fill(0);
             (await blob.stream().getReader().read()).value.fill(0);
             return [await blob.text(), (await blob.bytes()).constructor === Uint8Array]"
        ),
        r#"["abc",true]"#
    );
}

#[test]
fn a_stream_gives_the_bytes_in_chunks() {
    assert_eq!(
        value(
            "const sizes = []; for await (const chunk of new Blob(['x'.repeat(100000)]).stream()) sizes.push(chunk.length);
             const reader = new Blob(['abc']).stream().getReader({ mode: 'byob' });
             const { value } = await reader.read(new Uint8Array(2));
             return [sizes, [...value], (await new Blob().stream().getReader().read()).done]"
        ),
        "[[65536,34464],[97,98],true]"
    );
}

#[test]
fn text_is_utf_8_whatever_the_bytes() {
    assert_eq!(
        value("return await new Blob([new Uint8Array([0xEF, 0xBB, 0xBF, 0x61, 0xFF]), '\\uD800']).text()"),
        "\"a\u{fffd}\u{fffd}\""
    );
}

#[test]
fn a_file_is_a_blob_with_a_name_and_a_time() {
    assert_eq!(
        value(
            "const file = new File(['ab'], 'n/\\uD800', { type: 'A', lastModified: 1.9 });
             const now = Date.now(), { lastModified } = new File([], '');
             return [file.name, file.lastModified, file.type, file.size, file instanceof Blob, lastModified >= now,
                 new File([], '', { lastModified: new Date(5) }).lastModified, Object.is(new File([], '', { lastModified: -0.5 }).lastModified, 0),
                 File.length, String(file), file.slice() instanceof File]"
        ),
        "[\"n/\u{fffd}\",1,\"a\",2,true,true,5,true,2,\"[object File]\",false]"
    );
    assert_eq!(
        thrown(&[
            "new File()",
            "new File([])",
            "new File(undefined, '')",
            "new File([], '', 1)",
            "File.prototype.name"
        ]),
        r#"["TypeError","TypeError","TypeError","TypeError","TypeError"]"#
    );
}

#[test]
fn blobs_and_files_can_be_cloned() {
    assert_eq!(
        value(
            "const { blob, file } = structuredClone({ blob: new Blob(['a'], { type: 'b' }), file: new File(['c'], 'd', { type: 'e', lastModified: 6 }) });
             return [blob instanceof File, blob.type, await blob.text(), file instanceof File, file.name, file.type, file.lastModified, await file.text()]"
        ),
        r#"[false,"b","a",true,"d","e",6,"c"]"#
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    let source = format!(
        "const {{ then }} = Promise.prototype, {{ apply }} = Reflect;
         const settled = promise => ({{ then(done, failed) {{ apply(then, promise, [done, failed]) }} }});
         const iterator = Symbol.iterator; let left = 3;
         {PATCHES};
         const parts = {{ [iterator]: () => ({{ next: () => ({{ done: !left--, value: 'a\\r' }}) }}) }};
         const file = new File(parts, 'n', {{ endings: 'native', type: 'T', lastModified: 1 }});
         const copy = structuredClone(file), {{ value }} = await settled(copy.stream().getReader().read());
         export default await settled(file.slice(1).text()) + file.type + copy.name + value[0] + (await settled(copy.bytes()))[1]"
    );
    assert_eq!(guest.value(&source), r#""\na\na\ntn9710""#);
}
