//! node:fs: details that programs rely on. The results are those that Node.js gives.

use super::check;

#[test]
fn details_are_those_of_node() {
    check(&[
        (
            r#"fs.writeFileSync('a', 'x', null); return [fs.readFileSync('a', null).length, Buffer.isBuffer(fs.readFileSync('a')), fs.readFileSync('a', { encoding: null }).length, fs.writeFileSync('b', 'é', { encoding: null }), fs.readFileSync('b', 'utf8'), fs.mkdirSync('m', null), fs.readdirSync('.', null), await c(fs.readFile, 'a', null).then(x => String(x[1]))]"#,
            r#"[1,true,1,null,"é",null,["a","b","m"],"x"]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'abcdef'); const fd = fs.openSync('a'); const one = await new Promise(r => fs.read(fd, (e, n, b) => r([n, b.length]))); const two = await new Promise(r => fs.read(fd, Buffer.alloc(3), (e, n) => r([e, n]))); const three = [fs.readSync(fd, Buffer.alloc(3), 0, 2, 1n), fs.readSync(fd, new DataView(new ArrayBuffer(4)), { position: 0 }), fs.readSync(fd, new Uint16Array(2), 0, 4, 0)]; fs.closeSync(fd); return [one, two, three]"#,
            r#"[[6,16384],[null,0],[2,4,4]]"#,
        ),
        (
            r#"class X extends fs.ReadStream { constructor(p) { super(p, 'utf8'); this.mine = 1 } hi() { return 2 } } fs.writeFileSync('a', 'q'); const x = new X('a'); let s = ''; for await (const d of x) s += d; return [s, x.mine, x.hi(), x instanceof X, x instanceof fs.ReadStream, typeof fs.ReadStream.prototype, fs.ReadStream.name, typeof fs.WriteStream, await (async () => { const y = fs.ReadStream('a'); y.destroy(); await new Promise(r => y.on('close', r)); return y instanceof fs.ReadStream })()]"#,
            r#"["q",1,2,true,true,"object","ReadStream","function",true]"#,
        ),
        (
            r#"const copy = { ...fs }; return [typeof copy.readFileSync, typeof copy.promises.readFile, fs.readFile.name, fs.readFileSync.name, fs.promises.stat.name, typeof fs.realpathSync.native, typeof fs.realpath.native]"#,
            r#"["function","function","readFile","readFileSync","stat","function","function"]"#,
        ),
        (
            r#"const { promisify } = await import('node:util'); fs.writeFileSync('a', 'z'); return [await promisify(fs.stat)('a').then(s => s.size), await p(promisify(fs.stat)('no')), await promisify(fs.readFile)('a', 'utf8')]"#,
            r#"[1,["Error","ENOENT: no such file or directory, stat 'no'","ENOENT",-2,"stat","no",null],"z"]"#,
        ),
        (
            r#"fs.mkdirSync('d/e', { recursive: true }); fs.writeFileSync('d/e/f', ''); await fsp.rm('d', { recursive: true, force: true, maxRetries: 3, retryDelay: 10 }); return [fs.existsSync('d'), t(() => fs.rmSync('no', { recursive: true }))]"#,
            r#"[false,["Error","ENOENT: no such file or directory, lstat 'no'","ENOENT",-2,"lstat","no",null]]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'x'); fs.symlinkSync('a', 'l'); fs.mkdirSync('d'); fs.symlinkSync('d', 'k'); fs.writeFileSync('k/f', '1'); fs.rmSync('l'); fs.rmSync('k', { recursive: true }); return [fs.readdirSync('.'), fs.readdirSync('d')]"#,
            r#"[["a","d"],["f"]]"#,
        ),
        (
            r#"const h = await fsp.open('a', 'wx+', 0o600); await h.write('héllo', 0, 'utf8'); const s = await h.stat({ bigint: true }); const e = await p(fsp.open('a', 'wx')); await h.close(); return [String(s.size), (Number(s.mode) & 0o777).toString(8), e, await p(h.close())]"#,
            r#"["6","600",["Error","EEXIST: file already exists, open 'a'","EEXIST",-17,"open","a",null],null]"#,
        ),
        (
            r#"const events = []; const w = fs.createWriteStream('a', { encoding: 'latin1' }); for (const e of ['open', 'ready', 'finish', 'close']) w.on(e, () => events.push(e)); w.write('é'); w.end(); await new Promise(r => w.on('close', r)); return [events, fs.readFileSync('a').length, w.bytesWritten, w.path, w.fd]"#,
            r#"[["open","ready","finish","close"],1,1,"a",null]"#,
        ),
        (
            r#"const r = fs.createReadStream('no', { autoClose: true }); const e = await new Promise(r2 => r.on('error', r2)); const sig = new AbortController(); fs.writeFileSync('a', 'x'); const s = fs.createReadStream('a', { signal: sig.signal }); sig.abort(); const f = await new Promise(r2 => s.on('error', r2)); return [told(e), f.name, f.code]"#,
            r#"[["Error","ENOENT: no such file or directory, open 'no'","ENOENT",-2,"open","no",null],"AbortError","ABORT_ERR"]"#,
        ),
        (
            r#"let thrown; try { fs.readFile('a', 'utf8', 5) } catch (e) { thrown = e.code } const seen = await new Promise(r => { fs.readFile('no', () => { queueMicrotask(() => r('micro')) }) }); return [thrown, seen]"#,
            r#"["ERR_INVALID_ARG_TYPE","micro"]"#,
        ),
        (
            r#"const file = import.meta.url; fs.writeFileSync('x y%', '1'); const { pathToFileURL } = await import('node:url'); return [await fsp.readFile(pathToFileURL('x y%'), 'utf8'), fs.readdirSync(Buffer.from('.'))]"#,
            r#"["1",["x y%"]]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'abc'); const before = fs.statSync('a').mtimeMs; await new Promise(r => setTimeout(r, 5)); fs.appendFileSync('a', 'd'); return [fs.statSync('a').mtimeMs > before, fs.statSync('a').birthtimeMs <= fs.statSync('a').mtimeMs]"#,
            r#"[true,true]"#,
        ),
        (
            r#"const r = []; const dir = await fsp.opendir('.'); r.push(await dir.read(), await p(dir.close()), t(() => dir.readSync())?.[2], t(() => dir.closeSync())?.[2]); const s = new fs.Stats(); return [r, s.isFile(), t(() => fs.opendirSync('.', { bufferSize: 0 }))]"#,
            r#"[[null,null,"ERR_DIR_CLOSED","ERR_DIR_CLOSED"],false,["RangeError","The value of \"options.bufferSize\" is out of range. It must be >= 1 && <= 4294967295. Received 0","ERR_OUT_OF_RANGE",null,null,null,null]]"#,
        ),
        (
            r#"return [t(() => fs.ftruncateSync(99, 1.5)), t(() => fs.mkdirSync('a', { mode: 'x' })), t(() => fs.chownSync('.', 'a', 1)), t(() => fs.readlinkSync('.', 'nope')), t(() => fs.readdirSync('.', { recursive: 1 })), t(() => fs.readdirSync('.', 5)), t(() => fs.cpSync('a', 'b', 5)), t(() => fs.statSync('.', 5).isDirectory()), t(() => fs.readSync(0.5, Buffer.alloc(1))), t(() => fs.writeFileSync('a', 'x', { mode: 'zz' }))]"#,
            r#"[["RangeError","The value of \"len\" is out of range. It must be an integer. Received 1.5","ERR_OUT_OF_RANGE",null,null,null,null],["TypeError","The argument 'mode' must be a 32-bit unsigned integer or an octal string. Received 'x'","ERR_INVALID_ARG_VALUE",null,null,null,null],["TypeError","The \"uid\" argument must be of type number. Received type string ('a')","ERR_INVALID_ARG_TYPE",null,null,null,null],["TypeError","The argument 'encoding' is invalid encoding. Received 'nope'","ERR_INVALID_ARG_VALUE",null,null,null,null],["TypeError","The \"options.recursive\" property must be of type boolean. Received type number (1)","ERR_INVALID_ARG_TYPE",null,null,null,null],["TypeError","The \"options\" argument must be one of type string or object. Received type number (5)","ERR_INVALID_ARG_TYPE",null,null,null,null],["TypeError","The \"options\" argument must be of type object. Received type number (5)","ERR_INVALID_ARG_TYPE",null,null,null,null],true,["RangeError","The value of \"fd\" is out of range. It must be an integer. Received 0.5","ERR_OUT_OF_RANGE",null,null,null,null],["TypeError","The argument 'mode' must be a 32-bit unsigned integer or an octal string. Received 'zz'","ERR_INVALID_ARG_VALUE",null,null,null,null]]"#,
        ),
        (
            r#"fs.writeFileSync('deep', 'x'); return [t(() => fs.cpSync('deep', 'deep/x')), t(() => fs.cpSync('deep', 'deep')), t(() => fs.copyFileSync('deep', 'deep')), fs.readFileSync('deep', 'utf8'), t(() => fs.renameSync('deep', 'deep')), t(() => fs.mkdirSync('.')), t(() => fs.rmdirSync('.')), t(() => fs.mkdirSync('..', { recursive: true }))]"#,
            r#"[["Error","ENOTDIR: not a directory, lstat 'deep/x'","ENOTDIR",-20,"lstat","deep/x",null],["SystemError","Invalid src or dest: cp returned EINVAL (src and dest cannot be the same) deep","ERR_FS_CP_EINVAL",22,"cp","deep",null],null,"x",null,["Error","EEXIST: file already exists, mkdir '.'","EEXIST",-17,"mkdir",".",null],["Error","EINVAL: invalid argument, rmdir '.'","EINVAL",-22,"rmdir",".",null],null]"#,
        ),
    ]);
}
