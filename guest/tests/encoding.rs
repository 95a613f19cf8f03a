//! `TextEncoder` and `TextDecoder`, by the Encoding Standard.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// An expression's value, of a fresh guest.
fn of(expression: &str) -> String {
    guest().value(&format!(
        "const bytes = (...items) => new Uint8Array(items);
         const error = (run) => {{ try {{ run() }} catch (e) {{ return e.name }} return 'no error' }};
         export default {expression}"
    ))
}

/// What a new `TextDecoder(label)` makes of bytes.
fn decoded(label: &str, bytes: &[u8]) -> String {
    of(&format!("new TextDecoder({label:?}).decode(bytes(...{bytes:?}))"))
}

#[test]
fn an_encoder_gives_utf_8_and_u_fffd_for_lone_surrogates() {
    assert_eq!(
        of("[new TextEncoder().encoding,
             Array.from(new TextEncoder().encode('z\u{a2}\u{6c34}\u{1d11e}')),
             Array.from(new TextEncoder().encode('a\\ud800b\\udc00')),
             new TextEncoder().encode().length, new TextEncoder().encode(undefined).length,
             new TextDecoder().decode(new TextEncoder().encode(null)),
             new TextEncoder().encode('a') instanceof Uint8Array]"),
        r#"["utf-8",[122,194,162,230,176,180,240,157,132,158],[97,239,191,189,98,239,191,189],0,0,"null",true]"#
    );
}

#[test]
fn encode_into_writes_whole_characters_only_and_counts_code_units_and_bytes() {
    for (text, room, expected) in [
        ("Hi", 0, "[0,0,\"\"]"),
        ("Hi", 1, "[1,1,\"48\"]"),
        ("\u{1d306}", 3, "[0,0,\"00 00 00\"]"),
        ("\u{1d306}", 4, "[2,4,\"f0 9d 8c 86\"]"),
        ("\u{1d306}A", 4, "[2,4,\"f0 9d 8c 86\"]"),
        ("A\u{6c34}", 3, "[1,1,\"41 00 00\"]"),
        ("\u{a5}\u{a5}", 4, "[2,4,\"c2 a5 c2 a5\"]"),
    ] {
        let written = of(&format!(
            "(() => {{
                const into = new Uint8Array({room});
                const {{ read, written }} = new TextEncoder().encodeInto({text:?}, into);
                return [read, written, Array.from(into, (byte) => byte.toString(16).padStart(2, '0')).join(' ')];
            }})()"
        ));
        assert_eq!(written, expected, "{text:?} into {room} bytes");
    }
    assert_eq!(
        of("(() => {
            const memory = new Uint8Array(6).fill(120);
            const result = new TextEncoder().encodeInto('\\ud834A', memory.subarray(1, 5));
            return [result, Array.from(memory)];
        })()"),
        r#"[{"read":2,"written":4},[120,239,191,189,65,120]]"#,
        "a lone surrogate takes three bytes, and nothing is written outside of the view"
    );
}

#[test]
fn encode_into_takes_an_array_of_bytes_and_nothing_else() {
    for other in
        ["new Int8Array(4)", "new Uint8ClampedArray(4)", "new DataView(new ArrayBuffer(4))", "[]", ""]
    {
        let refused = of(&format!("error(() => new TextEncoder().encodeInto('a', {other}))"));
        assert_eq!(refused, r#""TypeError""#, "{other}");
    }
}

#[test]
fn labels_are_of_any_case_with_whitespace_around_them() {
    for (label, name) in [
        ("utf8", "utf-8"),
        ("UTF-8", "utf-8"),
        (" \\t\\n\\f\\rascii\\r ", "windows-1252"),
        ("latin1", "windows-1252"),
        ("utf-16", "utf-16le"),
        ("csunicode", "utf-16le"),
        ("unicodefffe", "utf-16be"),
        ("x-sjis", "shift_jis"),
        ("gb2312", "gbk"),
        ("logical", "iso-8859-8-i"),
        ("x-user-defined", "x-user-defined"),
        ("sun_eu_greek", "iso-8859-7"),
    ] {
        assert_eq!(of(&format!("new TextDecoder('{label}').encoding")), format!("\"{name}\""), "{label}");
    }
    for label in
        ["", "utf-7", "utf-32", "\\0utf-8", "utf-8\\u00a0", "\\u000butf-8", "replacement", "iso-2022-kr"]
    {
        assert_eq!(of(&format!("error(() => new TextDecoder('{label}'))")), r#""RangeError""#, "{label}");
    }
}

#[test]
fn every_family_of_encodings_is_decoded() {
    for (label, bytes, text) in [
        ("windows-1252", &[0x80, 0xe9][..], "\u{20ac}\u{e9}"),
        ("koi8-r", &[0xc1], "\u{430}"),
        ("macintosh", &[0x8a], "\u{e4}"),
        ("shift_jis", &[0x82, 0xa0, 0xb1], "\u{3042}\u{ff71}"),
        ("euc-jp", &[0xa4, 0xa2], "\u{3042}"),
        ("iso-2022-jp", &[0x1b, 0x24, 0x42, 0x24, 0x22], "\u{3042}"),
        ("euc-kr", &[0xb0, 0xa1], "\u{ac00}"),
        ("big5", &[0xa4, 0x40], "\u{4e00}"),
        ("gbk", &[0xd2, 0xbb], "\u{4e00}"),
        ("gb18030", &[0x94, 0x39, 0xda, 0x33], "\u{1f4a9}"),
        ("utf-16le", &[0x3d, 0xd8, 0xa9, 0xdc], "\u{1f4a9}"),
        ("utf-16be", &[0xd8, 0x3d, 0xdc, 0xa9], "\u{1f4a9}"),
        ("x-user-defined", &[0x41, 0xff], "A\u{f7ff}"),
    ] {
        assert_eq!(decoded(label, bytes), format!("\"{text}\""), "{label}");
    }
}

#[test]
fn faults_become_one_u_fffd_for_each_maximal_part() {
    for (label, bytes, text) in [
        ("utf-8", &[0xf0, 0x9f, 0x92][..], "\u{fffd}"),
        ("utf-8", &[0xf0, 0x9f, 0x41], "\u{fffd}A"),
        ("utf-8", &[0xf0, 0x8f, 0x92], "\u{fffd}\u{fffd}\u{fffd}"),
        ("utf-8", &[0xed, 0xa0, 0x80], "\u{fffd}\u{fffd}\u{fffd}"),
        ("utf-16le", &[0x00, 0xd8, 0x41, 0x00], "\u{fffd}A"),
        ("utf-16le", &[0x41, 0x00, 0x41], "A\u{fffd}"),
        ("shift_jis", &[0x80, 0x82], "\\u0080\u{fffd}"),
    ] {
        // JSON text has control characters only as escapes; this one it leaves as it is.
        let text = text.replace("\\u0080", "\u{80}");
        assert_eq!(decoded(label, bytes), format!("\"{text}\""), "{label} {bytes:x?}");
    }
}

#[test]
fn fatal_decoders_throw_and_are_as_new_after_it() {
    for bytes in ["255", "0xc0, 0x80", "0xe2, 0x99", "0xf4, 0x90, 0x80, 0x80", "0xed, 0xb0, 0x80"] {
        let thrown = of(&format!(
            "(() => {{
                const decoder = new TextDecoder('utf-8', {{ fatal: true }});
                return [error(() => decoder.decode(bytes({bytes}))), decoder.decode(bytes(0xe2, 0x99, 0xa5))];
            }})()"
        ));
        assert_eq!(thrown, "[\"TypeError\",\"\u{2665}\"]", "{bytes}");
    }
    assert_eq!(
        of("(() => {
            const decoder = new TextDecoder('utf-16le', { fatal: true });
            decoder.decode(bytes(0), { stream: true });
            return [error(() => decoder.decode(bytes(0, 0))), decoder.decode(bytes(97, 0)), decoder.fatal];
        })()"),
        r#"["TypeError","a",true]"#,
        "the end of a stream is its end, though it throws"
    );
}

#[test]
fn a_byte_order_mark_is_left_out_once_unless_it_is_asked_for() {
    for (label, mark, a) in [
        ("utf-8", "0xef, 0xbb, 0xbf", "97"),
        ("utf-16le", "0xff, 0xfe", "97, 0"),
        ("utf-16be", "0xfe, 0xff", "0, 97"),
    ] {
        let texts = of(&format!(
            "[false, true].map((ignoreBOM) => {{
                const decoder = new TextDecoder('{label}', {{ ignoreBOM }});
                const input = bytes({mark}, {mark}, {a});
                return [decoder.decode(input), decoder.decode(input), decoder.ignoreBOM].map(escape);
            }})"
        ));
        assert_eq!(
            texts, r#"[["%uFEFFa","%uFEFFa","false"],["%uFEFF%uFEFFa","%uFEFF%uFEFFa","true"]]"#,
            "{label}"
        );
    }
    assert_eq!(
        of("(() => {
            const decoder = new TextDecoder();
            return [[0xef], [0xbb], [0xbf, 97], [0xef, 0xbb, 0xbf]]
                .map((part) => escape(decoder.decode(bytes(...part), { stream: true })));
        })()"),
        r#"["","","a","%uFEFF"]"#,
        "also when it is cut, and only at the start of a stream"
    );
}

#[test]
fn streams_come_to_the_same_wherever_they_are_cut() {
    assert_eq!(
        of("['utf-8', 'utf-16le', 'gb18030', 'iso-2022-jp'].map((label) => {
            const input = {
                'utf-8': bytes(0, 0x61, 0xc2, 0x80, 0xef, 0xbf, 0xbd, 0xf0, 0x90, 0x80, 0x80, 0xe2, 0x41),
                'utf-16le': bytes(0x61, 0, 0x3d, 0xd8, 0xa9, 0xdc, 0x00, 0xd8, 0x41, 0),
                'gb18030': bytes(0x61, 0xd2, 0xbb, 0x94, 0x39, 0xda, 0x33, 0x81),
                'iso-2022-jp': bytes(0x61, 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x62),
            }[label];
            const whole = new TextDecoder(label).decode(input);
            return [1, 2, 3, 5].every((size) => {
                const decoder = new TextDecoder(label);
                let text = '';
                for (let at = 0; at < input.length; at += size) {
                    text += decoder.decode(input.subarray(at, at + size), { stream: true });
                }
                return text + decoder.decode() === whole && decoder.decode() === '';
            });
        })"),
        "[true,true,true,true]"
    );
}

#[test]
fn any_buffer_or_view_is_decoded_also_a_shared_a_moved_and_a_detached_one() {
    assert_eq!(
        of("(() => {
            const { buffer } = bytes(97, 98, 99, 100);
            const shared = new SharedArrayBuffer(2);
            new Uint8Array(shared).set([121, 122]);
            const decode = (input, options) => new TextDecoder().decode(input, options);
            const texts = [buffer, new DataView(buffer, 1, 2), new Uint16Array(buffer, 2), shared, new Uint8Array(shared, 1)];
            const view = bytes(97);
            const late = decode(view, { get stream() { view.buffer.transfer(); return false } });
            return [...texts.map((input) => decode(input)), decode(view), decode(view.buffer), late];
        })()"),
        r#"["abcd","bc","cd","yz","z","","",""]"#
    );
    for other in ["'text'", "[97]", "null", "{}", "1"] {
        assert_eq!(
            of(&format!("error(() => new TextDecoder().decode({other}))")),
            r#""TypeError""#,
            "{other}"
        );
    }
}

#[test]
fn the_classes_have_the_shape_that_web_idl_gives_them() {
    assert_eq!(
        of("[TextEncoder, TextDecoder].map((Class) => [
            Class.name, Class.length, Object.keys(Class.prototype), Object.prototype.toString.call(new Class()),
            Object.keys(Class.prototype).map((key) => error(() => Class.prototype[key].call ? Class.prototype[key].call({}) : 0)),
            error(() => Class()), Object.getOwnPropertyDescriptor(globalThis, Class.name).enumerable,
        ])"),
        concat!(
            r#"[["TextEncoder",0,["encoding","encode","encodeInto"],"[object TextEncoder]","#,
            r#"["TypeError","TypeError","TypeError"],"TypeError",false],"#,
            r#"["TextDecoder",0,["encoding","fatal","ignoreBOM","decode"],"[object TextDecoder]","#,
            r#"["TypeError","TypeError","TypeError","TypeError"],"TypeError",false]]"#
        )
    );
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "{PATCHES};
         const encoder = new TextEncoder();
         const decoder = new TextDecoder('UTF-8', {{ fatal: true }});
         const encoded = encoder.encode('a\u{e9}\u{1f4a9}');
         const {{ read, written }} = encoder.encodeInto('abc', encoded);
         let text = decoder.decode(encoded, {{ stream: true }}) + decoder.decode();
         try {{ new TextDecoder('none') }} catch (e) {{ text += ' ' + e.name }}
         export default text + ' ' + read + written;"
    );
    assert_eq!(guest().value(&source), "\"abc\u{1f4a9} RangeError 33\"");
}

/// What the body of an asynchronous function gives, with `through(transform, ...chunks)`.
fn streamed(source: &str) -> String {
    guest().value(&format!(
        "const through = async (transform, ...chunks) => {{
             const out = [];
             try {{ for await (const chunk of ReadableStream.from(chunks).pipeThrough(transform)) out.push(chunk) }}
             catch (error) {{ out.push(error.name) }}
             return out.map(chunk => typeof chunk === 'string' ? chunk : Array.from(chunk));
         }};
         export default await (async () => {{ {source} }})()"
    ))
}

#[test]
fn streams_join_characters_that_chunks_cut() {
    assert_eq!(
        streamed(
            "const bytes = (...items) => new Uint8Array(items);
             return [
                 await through(new TextDecoderStream(), bytes(0xe6, 0xb0), bytes(), bytes(0xb4, 0x41)),
                 await through(new TextDecoderStream('utf-16le'), bytes(0x41), bytes(0, 0x42)),
                 await through(new TextDecoderStream('utf-8', { fatal: true }), bytes(0xe6)),
                 await through(new TextDecoderStream(), bytes(0xef, 0xbb), bytes(0xbf, 0x61).buffer),
                 await through(new TextDecoderStream(), 'no bytes'),
             ]"
        ),
        "[[\"\u{6c34}A\"],[\"A\",\"\u{fffd}\"],[\"TypeError\"],[\"a\"],[\"TypeError\"]]"
    );
    assert_eq!(
        streamed(
            "return [
                 await through(new TextEncoderStream(), '\\ud83d', '', '\\ude00'),
                 await through(new TextEncoderStream(), '\\ud83d'),
                 await through(new TextEncoderStream(), '', 7),
                 await through(new TextEncoderStream(), Symbol()),
             ]"
        ),
        r#"[[[240,159,152,128]],[[239,191,189]],[[55]],["TypeError"]]"#
    );
}

#[test]
fn streams_say_what_they_decode() {
    assert_eq!(
        streamed(
            "const decoder = new TextDecoderStream('LATIN1', { fatal: 1, ignoreBOM: 0 });
             const { encoding, fatal, ignoreBOM } = decoder;
             let wrong; try { new TextDecoderStream('nonsense') } catch (error) { wrong = error.name }
             return [encoding, fatal, ignoreBOM, new TextEncoderStream().encoding, wrong, String(decoder)]"
        ),
        r#"["windows-1252",true,false,"utf-8","RangeError","[object TextDecoderStream]"]"#
    );
}
