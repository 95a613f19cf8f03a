//! node:fs: contents of files. The results are those that Node.js gives.

use super::check;

#[test]
fn contents_are_read_and_written() {
    check(&[
        (
            r#"fs.writeFileSync('a', 'häß'); return [fs.readFileSync('a', 'utf8'), fs.readFileSync('a').toString('hex'), fs.readFileSync('a', { encoding: 'base64' }), fs.readFileSync('a', 'latin1'), fs.statSync('a').size]"#,
            r#"["häß","68c3a4c39f","aMOkw58=","hÃ¤Ã",5]"#,
        ),
        (
            r#"fs.writeFileSync('a', Buffer.from([1, 2, 255])); fs.appendFileSync('a', new Uint16Array([0x0403]));  fs.appendFileSync('a', '636465', 'hex'); return [...fs.readFileSync('a')]"#,
            r#"[1,2,255,3,4,99,100,101]"#,
        ),
        (
            r#"fs.writeFileSync('a', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0xe2, 0x82, 0x62])); return [fs.readFileSync('a', 'utf8'), fs.readFileSync('a', 'utf-8').length, fs.readFileSync('a', 'UTF8') === fs.readFileSync('a').toString()]"#,
            r#"["﻿a��b",5,true]"#,
        ),
        (
            r#"fs.writeFileSync('a', '123456'); fs.writeFileSync('a', 'ab', { flag: 'r+' }); const one = fs.readFileSync('a', 'utf8'); fs.writeFileSync('a', 'z', { flag: 'a' }); return [one, fs.readFileSync('a', 'utf8'), t(() => fs.writeFileSync('a', 'x', { flag: 'wx' })), fs.readFileSync('b', { flag: 'a+', encoding: 'utf8' }), t(() => fs.writeFileSync('a', 'x', { flag: 'r' }))]"#,
            r#"["ab3456","ab3456z",["Error","EEXIST: file already exists, open 'a'","EEXIST",-17,"open","a",null],"",["Error","EBADF: bad file descriptor, write","EBADF",-9,"write",null,null]]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'x', { mode: 0o600 }); fs.writeFileSync('b', 'x'); fs.writeFileSync('c', 'x', { mode: '755' }); return ['a', 'b', 'c'].map(f => (fs.statSync(f).mode & 0o777).toString(8))"#,
            r#"["600","644","755"]"#,
        ),
        (
            r#"fs.writeFileSync(Buffer.from('ä'), 'x'); const { pathToFileURL } = await import('node:url'); return [fs.readFileSync('ä', 'utf8'), fs.readFileSync(pathToFileURL('ä'), 'utf8'), fs.existsSync(pathToFileURL('b')), fs.existsSync({}), fs.existsSync('a\0')]"#,
            r#"["x","x",false,false,false]"#,
        ),
        (
            r#"const fd = fs.openSync('a', 'w+'); const n = [fs.writeSync(fd, 'hello'), fs.writeSync(fd, Buffer.from('_world_'), 1, 5, 3), fs.writeSync(fd, 'é', null, 'latin1'), fs.writeSync(fd, 'XY', 0)]; const b = Buffer.alloc(10, '.'); const r = [fs.readSync(fd, b, 2, 4, 1), b.toString('latin1'), fs.readSync(fd, b), fs.readSync(fd, b, { position: 0, length: 2 }), fs.readSync(fd, b, 0, 3, 100), fs.fstatSync(fd).size]; fs.closeSync(fd); return [n, r, fs.readFileSync('a', 'latin1')]"#,
            r#"[[5,5,1,2],[4,"..Ylwo....",2,2,0,8],"XYlwoéld"]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'abcdefgh'); const fd = fs.openSync('a'); const x = Buffer.alloc(3), y = Buffer.alloc(2); const r = [fs.readvSync(fd, [x, y]), String(x), String(y), fs.readvSync(fd, [x, y], 6), String(x), String(y), fs.readFileSync(fd, 'utf8')]; fs.closeSync(fd); return r"#,
            r#"[5,"abc","de",2,"ghc","de","fgh"]"#,
        ),
        (
            r#"const fd = fs.openSync('a', 'w'); const r = [fs.writevSync(fd, [Buffer.from('ab'), Buffer.from('cd')]), fs.writevSync(fd, [Buffer.from('X')], 1), t(() => fs.readSync(fd, Buffer.alloc(2)))]; fs.fsyncSync(fd); fs.fdatasyncSync(fd); fs.closeSync(fd); return [r, fs.readFileSync('a', 'utf8'), t(() => fs.fsyncSync(fd)), t(() => fs.fdatasyncSync(fd))]"#,
            r#"[[4,1,["Error","EBADF: bad file descriptor, read","EBADF",-9,"read",null,null]],"aXcd",["Error","EBADF: bad file descriptor, fsync","EBADF",-9,"fsync",null,null],["Error","EBADF: bad file descriptor, fdatasync","EBADF",-9,"fdatasync",null,null]]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'abcdef'); fs.truncateSync('a', 3); const r = [fs.readFileSync('a', 'utf8')]; fs.truncateSync('a', 5); r.push(fs.readFileSync('a', 'hex')); const fd = fs.openSync('a', 'r+'); fs.ftruncateSync(fd, 1); fs.closeSync(fd); r.push(fs.readFileSync('a', 'utf8')); fs.truncateSync('a'); r.push(fs.statSync('a').size); return r"#,
            r#"["abc","6162630000","a",0]"#,
        ),
        (
            r#"const fd = fs.openSync('a', 'a+'); fs.writeFileSync(fd, 'one'); fs.writeFileSync(fd, 'two'); fs.appendFileSync(fd, '!'); const r = fs.readSync(fd, Buffer.alloc(20), 0, 20, 0); fs.closeSync(fd); return [r, fs.readFileSync('a', 'utf8')]"#,
            r#"[7,"onetwo!"]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'same'); const fd = fs.openSync('a'); fs.unlinkSync('a'); const r = [fs.readFileSync(fd, 'utf8'), fs.fstatSync(fd).nlink, fs.existsSync('a')]; fs.closeSync(fd); return r"#,
            r#"["same",0,false]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'x'); fs.copyFileSync('a', 'b'); fs.writeFileSync('a', 'y'); return [fs.readFileSync('b', 'utf8'), t(() => fs.copyFileSync('a', 'b', fs.constants.COPYFILE_EXCL)), fs.copyFileSync('a', 'b'), fs.readFileSync('b', 'utf8')]"#,
            r#"["x",["Error","EEXIST: file already exists, copyfile 'a' -> 'b'","EEXIST",-17,"copyfile","a","b"],null,"y"]"#,
        ),
    ]);
}
