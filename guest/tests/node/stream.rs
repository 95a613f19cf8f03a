//! node:stream and its parts: the results are those that Node.js gives.

use super::check;

#[test]
fn what_is_written_comes_out() {
    check(&[
        (
            r#"const seen = []; for await (const c of stream.Readable.from(['a', 'b'])) seen.push(c); return seen"#,
            r#"["a","b"]"#,
        ),
        (
            r#"const t = new stream.Transform({ transform(c, e, cb) { cb(null, String(c).toUpperCase()) } }); t.write('a'); t.end('b'); let all = ''; for await (const c of t) all += c; return all"#,
            r#""AB""#,
        ),
        (
            r#"const chunks = []; const w = new stream.Writable({ write(c, e, cb) { chunks.push(c.toString()); setTimeout(cb) } }); await stream.promises.pipeline(stream.Readable.from(['x', 'y']), async function* (s) { for await (const c of s) yield c + c }, w); return [chunks, w.writableFinished]"#,
            r#"[["xx","yy"],true]"#,
        ),
        (
            r#"const r = new stream.Readable({ read() {} }); r.setEncoding('utf8'); r.push(Buffer.from([0xe2, 0x82])); r.push(Buffer.from([0xac])); r.push(null); let all = ''; r.on('data', d => all += d); await events.once(r, 'end'); return all"#,
            r#""€""#,
        ),
        (
            r#"const r = new stream.Readable({ read() { this.destroy(new Error('broken')) } }); return await new Promise(done => stream.pipeline(r, new stream.PassThrough(), e => done(e.message)))"#,
            r#""broken""#,
        ),
        (
            r#"const w = new stream.Writable({ highWaterMark: 3, write(c, e, cb) { setTimeout(cb) } }); const full = [w.write('ab'), w.write('cd')]; await events.once(w, 'drain'); return [full, w.writableLength]"#,
            r#"[[true,false],0]"#,
        ),
        (
            r#"return await stream.Readable.from([1, 2, 3, 4]).filter(x => x % 2).map(x => x * 10).toArray()"#,
            r#"[10,30]"#,
        ),
        (
            r#"const w = stream.Readable.toWeb(stream.Readable.from(['a', 'b'])); const seen = []; for await (const c of w) seen.push(c); return seen"#,
            r#"["a","b"]"#,
        ),
        (
            r#"const seen = []; for await (const c of stream.Readable.fromWeb(new ReadableStream({ start(c) { c.enqueue('x'); c.close() } }))) seen.push(c.toString()); return seen"#,
            r#"["x"]"#,
        ),
        (
            r#"return [await consumers.text(stream.Readable.from(['a', 'b'])), await consumers.json(stream.Readable.from(['[1', ']'])), (await consumers.buffer(stream.Readable.from([Buffer.from('q')]))).toString()]"#,
            r#"["ab",[1],"q"]"#,
        ),
        (
            r#"const w = new stream.PassThrough(); w.on('error', () => {}); w.end(); return await new Promise(r => w.write('x', e => r(e.code))).catch(() => 0)"#,
            r#""ERR_STREAM_WRITE_AFTER_END""#,
        ),
    ]);
}
