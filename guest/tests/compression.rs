//! CompressionStream and DecompressionStream.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// "expected output", by zlib.
const DEFLATED: &str = "75,173,40,72,77,46,73,77,81,200,47,45,41,40,45,1,0";
/// The same in zlib's frame: a header, and an Adler-32.
const ZLIB: &str = "120,156,75,173,40,72,77,46,73,77,81,200,47,45,41,40,45,1,0,48,173,6,36";
/// The same in gzip's frame with every field that a header can have: extra data, a name, a comment, a checksum.
const GZIP: &str = "31,139,8,31,1,2,3,4,2,3,3,0,97,98,99,110,97,109,101,0,99,111,109,109,101,110,116,0,206,136,\
                    75,173,40,72,77,46,73,77,81,200,47,45,41,40,45,1,0,176,1,57,179,15,0,0,0";

/// What the body of an asynchronous function gives, as JSON text.
fn value(source: &str) -> String {
    guest().value(&format!(
        "const gzip = [{GZIP}], zlib = [{ZLIB}], raw = [{DEFLATED}];
         // All bytes that come out of a pair when these chunks went in, as text; or the name of the error.
         const through = async (pair, ...chunks) => {{
             let text = '';
             try {{
                 const fed = ReadableStream.from(chunks.map(chunk => Array.isArray(chunk) ? new Uint8Array(chunk) : chunk));
                 for await (const bytes of fed.pipeThrough(pair)) for (const byte of bytes) text += String.fromCharCode(byte);
             }} catch (error) {{ return error.name }}
             return text;
         }};
         const unpack = (format, ...chunks) => through(new DecompressionStream(format), ...chunks);
         export default await (async () => {{ {source} }})()"
    ))
}

#[test]
fn the_three_formats_are_decompressed_however_they_are_cut() {
    assert_eq!(
        value(
            "const bytewise = bytes => bytes.map(byte => [byte]);
             return [
                 await unpack('gzip', gzip), await unpack('deflate', zlib), await unpack('deflate-raw', raw),
                 await unpack('gzip', ...bytewise(gzip)), await unpack('deflate', ...bytewise(zlib)), await unpack('deflate-raw', [], ...bytewise(raw), []),
             ].every(text => text === 'expected output')"
        ),
        "true"
    );
}

#[test]
fn what_is_compressed_comes_back_whole() {
    assert_eq!(
        value(
            "const data = []; for (let i = 0; i < 100000; i++) data.push((i * i >> 7) & 255);
             const results = [];
             for (const format of ['gzip', 'deflate', 'deflate-raw']) {
                 const packed = await through(new CompressionStream(format), data, data.slice(0, 10));
                 const text = await unpack(format, [...packed].map(c => c.charCodeAt(0)));
                 results.push(packed.length < data.length, text === String.fromCharCode(...data.slice(0, 50000)) + String.fromCharCode(...data.slice(50000)) + String.fromCharCode(...data.slice(0, 10)));
             }
             const empty = await unpack('gzip', [...await through(new CompressionStream('gzip'))].map(c => c.charCodeAt(0)));
             return [results, empty]"
        ),
        r#"[[true,true,true,true,true,true],""]"#
    );
}

#[test]
fn damaged_cut_and_trailing_data_are_type_errors() {
    assert_eq!(
        value(
            "const change = (bytes, index, by = 1) => bytes.with(index, bytes[index] ^ by), told = [];
             for (const [format, bytes] of [['gzip', gzip], ['deflate', zlib], ['deflate-raw', raw]])
                 told.push(
                     await unpack(format), await unpack(format, []), await unpack(format, bytes.slice(0, -1)), await unpack(format, bytes.slice(0, 1)),
                     await unpack(format, [...bytes, 0]), await unpack(format, bytes, [0]), await unpack(format, bytes, bytes),
                 );
             for (const index of [0, 1, 2, 3, 28, 29, gzip.length - 8, gzip.length - 1])
                 told.push(await unpack('gzip', change(gzip, index, 224)));
             told.push(await unpack('deflate', change(zlib, 0)), await unpack('deflate', change(zlib, zlib.length - 1)), await unpack('deflate-raw', [255, 255]));
             return [told.length, told.filter(name => name !== 'TypeError')]"
        ),
        "[32,[]]"
    );
}

#[test]
fn chunks_are_buffers_and_views_of_any_kind() {
    assert_eq!(
        value(
            "const padded = new Uint8Array([9, ...raw, 9]), even = new Uint8Array([...raw, 0]).buffer;
             return [
                 await unpack('deflate-raw', new Uint8Array(raw).buffer),
                 await unpack('deflate-raw', padded.subarray(1, -1)),
                 await unpack('deflate-raw', new DataView(padded.buffer, 1, raw.length)),
                 await unpack('deflate-raw', new Int16Array(even, 0, 8), [0]),
                 await unpack('gzip', 'text'), await unpack('gzip', null), await unpack('gzip', {}), await unpack('gzip', 1),
                 await through(new CompressionStream('gzip'), undefined), await through(new CompressionStream('gzip'), ['a'].values()),
             ]"
        ),
        r#"["expected output","expected output","expected output","expected output","TypeError","TypeError","TypeError","TypeError","TypeError","TypeError"]"#
    );
}

#[test]
fn a_chunk_that_is_taken_away_is_compressed_all_the_same() {
    assert_eq!(
        value(
            "const data = Uint8Array.from({ length: 300000 }, (_, i) => (i * i * i) >> 9), kept = data.slice();
             const gone = new Uint8Array(4); gone.buffer.transfer();
             const pair = new CompressionStream('gzip'), writer = pair.writable.getWriter();
             writer.write(gone); writer.write(gone.buffer); writer.write(data); writer.close();
             // Looked up when a read ends, in the middle of what enqueues.
             Object.defineProperty(Object.prototype, 'then', { configurable: true, get() { if (data.length) data.buffer.transfer() } });
             let at = 0, same = true;
             for await (const chunk of pair.readable.pipeThrough(new DecompressionStream('gzip')))
                 for (const byte of chunk) same &&= byte === kept[at++];
             delete Object.prototype.then;
             return [data.length, at, same, await through(new CompressionStream('gzip'), new ArrayBuffer(1, { maxByteLength: 2 }))]"
        ),
        r#"[0,300000,true,"TypeError"]"#
    );
}

#[test]
fn little_input_that_is_much_output_waits_for_its_reader() {
    assert_eq!(
        value(
            "const bomb = new CompressionStream('deflate'), packing = bomb.writable.getWriter(), packed = [];
             (async () => { for (let i = 0; i < 128; i++) await packing.write(new Uint8Array(65536)); await packing.close() })();
             for await (const chunk of bomb.readable) packed.push(...chunk);
             const { readable, writable } = new DecompressionStream('deflate'), writer = writable.getWriter();
             let taken = false; const written = writer.write(new Uint8Array(packed)).then(() => taken = true), closed = writer.close();
             for (let i = 0; i < 2000; i++) await undefined;
             const waits = !taken; let length = 0, largest = 0;
             for await (const chunk of readable) { length += chunk.length; largest = Math.max(largest, chunk.length) }
             await Promise.all([written, closed]);
             return [packed.length < 20000, waits, length === 128 * 65536, largest <= 65536]"
        ),
        "[true,true,true,true]"
    );
}

#[test]
fn a_decompressor_can_be_left_in_the_middle() {
    assert_eq!(
        value(
            "const cancelled = new DecompressionStream('gzip'), writer = cancelled.writable.getWriter();
             writer.write(new Uint8Array(gzip.slice(0, 20))).catch(() => {});
             await cancelled.readable.cancel('enough');
             const aborted = new CompressionStream('gzip'); await aborted.writable.abort('gone');
             return [await writer.closed.catch(reason => reason), await aborted.readable.getReader().read().catch(reason => reason)]"
        ),
        r#"["enough","gone"]"#
    );
}

#[test]
fn formats_and_receivers_are_checked() {
    for source in [
        "new CompressionStream()",
        "new DecompressionStream()",
        "new CompressionStream('GZIP')",
        "new DecompressionStream('')",
        "new DecompressionStream(Symbol())",
        "CompressionStream('gzip')",
        "CompressionStream.prototype.readable",
        "Object.getOwnPropertyDescriptor(DecompressionStream.prototype, 'writable').get.call(new CompressionStream('gzip'))",
    ] {
        assert_eq!(guest().error(&format!("export default {source}")).name, "TypeError", "{source}");
    }
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "const input = new Uint8Array([{DEFLATED}]), fromCharCode = String.fromCharCode;
         {PATCHES}
         const pair = new DecompressionStream('deflate-raw'), writer = pair.writable.getWriter();
         writer.write(input); writer.close();
         let text = '';
         const again = pair.readable.pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip'));
         for await (const chunk of again) for (let i = 0; i in chunk; i++) text += fromCharCode(chunk[i]);
         export default text"
    );
    assert_eq!(guest().value(&source), r#""expected output""#);
}
