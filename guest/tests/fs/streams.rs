//! node:fs: files as streams. The results are those that Node.js gives.

use super::check;

#[test]
fn files_are_streams() {
    check(&[
        (
            r#"const { finished, pipeline } = await import('node:stream/promises'); const w = fs.createWriteStream('a'); w.write('one '); w.write(Buffer.from('two ')); w.end('three'); await finished(w); let text = ''; for await (const piece of fs.createReadStream('a', 'utf8')) text += piece; await pipeline(fs.createReadStream('a'), fs.createWriteStream('b')); return [text, w.bytesWritten, w.path, fs.readFileSync('b', 'utf8')]"#,
            r#"["one two three",13,"a","one two three"]"#,
        ),
        (
            r#"fs.writeFileSync('a', '0123456789'); const read = async (o) => { let all = ''; for await (const x of fs.createReadStream('a', { encoding: 'latin1', ...o })) all += x; return all }; return [await read({ start: 3 }), await read({ end: 2 }), await read({ start: 2, end: 4 }), await read({ highWaterMark: 3 }), await read({ start: 20 }), t(() => fs.createReadStream('a', { start: 5, end: 2 })), t(() => fs.createReadStream('a', { start: 'x' })), t(() => fs.createReadStream(5))]"#,
            r#"["3456789","012","234","0123456789","",["RangeError","The value of \"start\" is out of range. It must be <= \"end\" (here: 2). Received 5","ERR_OUT_OF_RANGE",null,null,null,null],["TypeError","The \"start\" argument must be of type number. Received type string ('x')","ERR_INVALID_ARG_TYPE",null,null,null,null],["TypeError","The \"path\" argument must be of type string or an instance of Buffer or URL. Received type number (5)","ERR_INVALID_ARG_TYPE",null,null,null,null]]"#,
        ),
        (
            r#"const { finished } = await import('node:stream/promises'); const events = []; const s = fs.createReadStream('no'); for (const e of ['open', 'ready', 'error', 'end', 'close']) s.on(e, (x) => events.push([e, told(x)])); await p(finished(s)); await new Promise(r => setTimeout(r)); return events"#,
            r#"[["error",["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null]],["close",null]]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'text'); const events = []; const s = fs.createReadStream('a'); for (const e of ['open', 'ready', 'data', 'end', 'close']) s.on(e, (x) => events.push([e, typeof x])); await new Promise(r => s.on('close', r)); return [events, s.bytesRead, s.path, s.pending, s instanceof fs.ReadStream, await (async () => { const x = new fs.ReadStream('a'); const is = x instanceof (await import('node:stream')).Readable; x.destroy(); await new Promise(r => x.on('close', r)); return is })()]"#,
            r#"[[["open","number"],["ready","undefined"],["data","object"],["end","undefined"],["close","undefined"]],4,"a",true,true,true]"#,
        ),
        (
            r#"const { finished } = await import('node:stream/promises'); fs.writeFileSync('a', '0123456789'); let w = fs.createWriteStream('a', { flags: 'r+', start: 3 }); w.end('XYZ'); await finished(w); w = fs.createWriteStream('a', { flags: 'a' }); w.end('!'); await finished(w); const fd = fs.openSync('a'); let text = ''; for await (const x of fs.createReadStream('ignored', { fd, encoding: 'utf8', autoClose: false })) text += x; const open = t(() => fs.fstatSync(fd).size); fs.closeSync(fd); const h = await fsp.open('b', 'w'); w = h.createWriteStream(); w.end('by handle'); await finished(w); const g = await fsp.open('b'); let more = ''; for await (const x of g.createReadStream({ encoding: 'utf8' })) more += x; return [text, open, more]"#,
            r#"["012XYZ6789!",11,"by handle"]"#,
        ),
        (
            r#"const w = fs.createWriteStream('a'); await new Promise(r => w.write('x', r)); await new Promise(r => w.close(r)); const x = fs.createWriteStream('no/b'); const e = await new Promise(r => x.on('error', r)); return [fs.readFileSync('a', 'utf8'), told(e)]"#,
            r#"["x",["Error","ENOENT: no such file or directory, open 'no/b'","ENOENT",-2,"open","no/b",null]]"#,
        ),
    ]);
}
