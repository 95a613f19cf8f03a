//! node:fs: callbacks, promises and file handles. The results are those that Node.js gives.

use super::check;

#[test]
fn callbacks_and_promises_give_what_the_synchronous_functions_do() {
    check(&[
        (
            r#"return [await c(fs.writeFile, 'a', 'text'), await c(fs.readFile, 'a', 'utf8'), await c(fs.appendFile, 'a', '!'), String((await c(fs.readFile, 'a'))[1]), await c(fs.readFile, 'no'), await c(fs.mkdir, 'd/e', { recursive: true }), await c(fs.mkdir, 'd'), await c(fs.readdir, 'd'), await c(fs.rename, 'a', 'b'), await c(fs.unlink, 'b'), await c(fs.rm, 'd', { recursive: true }), await c(fs.rmdir, 'd'), await new Promise(r => fs.exists('.', r)), await c(fs.access, 'no'), (await c(fs.stat, '.'))[1].isDirectory(), await c(fs.lstat, 'no'), await c(fs.symlink, 'x', 'l'), await c(fs.readlink, 'l'), (await c(fs.realpath, '.'))[0], await c(fs.copyFile, 'no', 'x'), await c(fs.truncate, 'no', 0), await c(fs.chmod, 'no', 0), await c(fs.utimes, 'no', 0, 0), await c(fs.link, 'no', 'x')]"#,
            r#"[[null],[null,"text"],[null],"text!",[["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null]],[null,"d"],[["Error","EEXIST: file already exists, mkdir 'd'","EEXIST",-17,"mkdir","d",null]],[null,["e"]],[null],[null],[null],[["Error","ENOENT: no such file or directory, rmdir 'd'","ENOENT",-2,"rmdir","d",null]],true,[["Error","ENOENT: no such file or directory, access 'no'","ENOENT",-2,"access","no",null]],true,[["Error","ENOENT: no such file or directory, lstat 'no'","ENOENT",-2,"lstat","no",null]],[null],[null,"x"],null,[["Error","ENOENT: no such file or directory, copyfile 'no' -> 'x'","ENOENT",-2,"copyfile","no","x"]],[["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null]],[["Error","ENOENT: no such file or directory, chmod 'no'","ENOENT",-2,"chmod","no",null]],[["Error","ENOENT: no such file or directory, utime 'no'","ENOENT",-2,"utime","no",null]],[["Error","ENOENT: no such file or directory, link 'no' -> 'x'","ENOENT",-2,"link","no","x"]]]"#,
        ),
        (
            r#"const [, fd] = await c(fs.open, 'a', 'w+'); const b = Buffer.alloc(5); const r = [await c(fs.write, fd, 'hello'), (await c(fs.write, fd, Buffer.from('J'), 0, 1, 0)).slice(0, 2), (await c(fs.read, fd, b, 0, 5, 0)).slice(0, 2), String(b), (await c(fs.read, fd, { buffer: b, position: 1 })).slice(0, 2), (await c(fs.read, fd, b, { position: 2 })).slice(0, 2), (await c(fs.readv, fd, [b], 0)).slice(0, 2), (await c(fs.writev, fd, [b])).slice(0, 2), (await c(fs.fstat, fd))[1].size, await c(fs.ftruncate, fd, 2), await c(fs.fsync, fd), await c(fs.fdatasync, fd), await c(fs.futimes, fd, 1, 1), await c(fs.close, fd), await c(fs.close, fd)]; return r"#,
            r#"[[null,5,"hello"],[null,1],[null,5],"Jello",[null,4],[null,3],[null,5],[null,5],10,[null],[null],[null],[null],[null],[["Error","EBADF: bad file descriptor, close","EBADF",-9,"close",null,null]]]"#,
        ),
        (
            r#"const order = []; const done = new Promise(r => fs.stat('.', () => { order.push('callback'); r() })); queueMicrotask(() => order.push('microtask')); Promise.resolve().then(() => order.push('promise')); process.nextTick(() => order.push('tick')); order.push('sync'); await done; return order"#,
            r#"["sync","microtask","promise","tick","callback"]"#,
        ),
        (
            r#"const { promisify } = await import('node:util'); const fd = fs.openSync('a', 'w+'); const w = await promisify(fs.write)(fd, 'abc', 0); const r = await promisify(fs.read)(fd, Buffer.alloc(2), 0, 2, 0); fs.closeSync(fd); return [w, r.bytesRead, String(r.buffer), await promisify(fs.exists)('a'), await promisify(fs.readFile)('a', 'utf8')]"#,
            r#"[{"bytesWritten":3,"buffer":"abc"},2,"ab",true,"abc"]"#,
        ),
        (
            r#"await fsp.writeFile('a', 'text'); await fsp.appendFile('a', '!'); await fsp.mkdir('d'); await fsp.copyFile('a', 'd/b'); await fsp.rename('a', 'c'); return [await fsp.readFile('c', 'utf8'), (await fsp.readFile('c')).length, await fsp.readdir('.'), await p(fsp.readFile('no')), await p(fsp.access('c')), (await fsp.stat('c')).size, await p(fsp.rm('d')), await p(fsp.rm('d', { recursive: true })), await p(fsp.unlink('c')), await p(fsp.rmdir('no')), await p(fsp.readlink('no')), await p(fsp.truncate('no')), await p(fsp.lchmod?.('x') ?? 0).then(e => e[0] ?? e)]"#,
            r#"["text!",5,["c","d"],["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null],null,5,["SystemError","Path is a directory: rm returned EISDIR (is a directory) d","ERR_FS_EISDIR",21,"rm","d",null],null,null,["Error","ENOENT: no such file or directory, rmdir 'no'","ENOENT",-2,"rmdir","no",null],["Error","ENOENT: no such file or directory, readlink 'no'","ENOENT",-2,"readlink","no",null],["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null],"Error"]"#,
        ),
        (
            r#"async function* pieces() { yield 'one '; yield Buffer.from('two '); yield 'three' } await fsp.writeFile('a', pieces()); await fsp.appendFile('a', pieces()); await fsp.writeFile('b', ['x', 'y']); return [await fsp.readFile('a', 'utf8'), await fsp.readFile('b', 'utf8')]"#,
            r#"["one two threeone two three","xy"]"#,
        ),
        (
            r#"const h = await fsp.open('a', 'w+'); const r = [typeof h.fd, (await h.write('hello world')).bytesWritten, (await h.write(Buffer.from('J'), 0, 1, 0)).bytesWritten, (await h.read(Buffer.alloc(5), 0, 5, 0)).bytesRead, String((await h.read({ buffer: Buffer.alloc(3), position: 1 })).buffer), (await h.read(Buffer.alloc(4), { position: 9 })).bytesRead, (await h.stat()).size, await h.truncate(5), (await h.readv([Buffer.alloc(2)], 0)).bytesRead, (await h.writev([Buffer.from('ab')], 0)).bytesWritten, await h.sync(), await h.datasync(), await h.chmod(0o600), await h.utimes(1, 2)]; let closed = 0; h.on('close', () => closed++); await h.close(); await h.close(); return [r, await fsp.readFile('a', 'utf8'), h.fd, closed, await p(h.read()), await p(h.stat())]"#,
            r#"[["number",11,1,5,"ell",2,11,null,2,2,null,null,null,null],"abllo",-1,1,["Error","file closed","EBADF",null,"read",null,null],["Error","file closed","EBADF",null,"fstat",null,null]]"#,
        ),
        (
            r#"const h = await fsp.open('a', 'w+'); await h.writeFile('one'); await h.appendFile(' two'); await h.writeFile([' three']); const all = await fsp.readFile('a', 'utf8'); await h.close(); const g = await fsp.open('a'); const text = await g.readFile('utf8'); const rest = await g.readFile({ encoding: 'utf8' }); await g.close(); return [all, text, rest, await (async () => { const h = await fsp.open('a'); const text = await fsp.readFile(h, 'utf8'); await h.close(); return text })()]"#,
            r#"["one two three","one two three","","one two three"]"#,
        ),
        (
            r#"await fsp.writeFile('a', 'one\ntwo\r\nthree\n'); const h = await fsp.open('a'); const lines = []; for await (const line of h.readLines()) lines.push(line); return lines"#,
            r#"["one","two","three"]"#,
        ),
        (
            r#"await fsp.writeFile('a', 'x'); const done = AbortSignal.abort(); const c1 = new AbortController(); const later = fsp.readFile('a', { signal: c1.signal }); c1.abort(); const e = await p(fsp.readFile('a', { signal: done })); const f = await p(later); const g = (await c(fs.readFile, 'a', { signal: done })); const w = await p(fsp.writeFile('b', 'x', { signal: done })); return [e, f, g, w, fs.existsSync('b'), await fsp.readFile('a', { signal: new AbortController().signal, encoding: 'utf8' })]"#,
            r#"[["AbortError","The operation was aborted","ABORT_ERR",null,null,null,null],["AbortError","The operation was aborted","ABORT_ERR",null,null,null,null],[["AbortError","The operation was aborted","ABORT_ERR",null,null,null,null]],["AbortError","The operation was aborted","ABORT_ERR",null,null,null,null],false,"x"]"#,
        ),
        (
            r#"await fsp.writeFile('a', 'x'.repeat(100_000)); return (await (await fs.openAsBlob('a', { type: 'text/plain' })).text()).length"#,
            r#"100000"#,
        ),
    ]);
}
