//! node:fs: entries of directories. The results are those that Node.js gives.

use super::check;

#[test]
fn entries_are_made_listed_moved_copied_and_removed() {
    check(&[
        (
            r#"return [fs.mkdirSync('a'), fs.mkdirSync('b/c/d', { recursive: true }), fs.mkdirSync('b/c/e', { recursive: true }), fs.mkdirSync('b/c', { recursive: true }), fs.mkdirSync('g/', 0o700), (fs.statSync('g').mode & 0o777).toString(8), (fs.statSync('a').mode & 0o777).toString(8)]"#,
            r#"[null,"b","b/c/e",null,null,"700","755"]"#,
        ),
        (
            r#"fs.mkdirSync('d/e', { recursive: true }); fs.writeFileSync('d/f', ''); fs.writeFileSync('d/e/x', ''); fs.symlinkSync('f', 'd/l'); return [fs.readdirSync('d'), fs.readdirSync('d', 'hex'), fs.readdirSync('d', 'buffer').map(b => [Buffer.isBuffer(b), String(b)]), fs.readdirSync('d', { withFileTypes: true }).map(e => [e.name, e.parentPath, e.isFile(), e.isDirectory(), e.isSymbolicLink(), e.isFIFO()]), fs.readdirSync('d', { recursive: true }), fs.readdirSync('./.', { recursive: true, withFileTypes: true }).map(e => [e.parentPath, e.name]), Object.keys(fs.readdirSync('d', { withFileTypes: true })[0])]"#,
            r#"[["e","f","l"],["65","66","6c"],[[true,"e"],[true,"f"],[true,"l"]],[["e","d",false,true,false,false],["f","d",true,false,false,false],["l","d",false,false,true,false]],["e","f","l","e/x"],[["./.","d"],["d","e"],["d","f"],["d","l"],["d/e","x"]],["name","parentPath","path"]]"#,
        ),
        (
            r#"const a = fs.mkdtempSync('t-'); const b = await fsp.mkdtemp('t-'); const [, d] = await c(fs.mkdtemp, 't-'); return [[a, b, d].map(x => /^t-[A-Za-z0-9]{6}$/.test(x)), a !== b, (fs.statSync(a).mode & 0o777).toString(8)]"#,
            r#"[[true,true,true],true,"700"]"#,
        ),
        (
            r#"fs.mkdirSync('d/e/f', { recursive: true }); fs.writeFileSync('d/e/x', ''); fs.writeFileSync('y', ''); fs.rmSync('y'); fs.rmSync('d', { recursive: true }); fs.mkdirSync('d'); fs.rmdirSync('d'); return [fs.readdirSync('.'), fs.rmSync('no', { force: true, recursive: true })]"#,
            r#"[[],null]"#,
        ),
        (
            r#"fs.writeFileSync('a', '1'); fs.writeFileSync('b', '2'); fs.renameSync('a', 'b'); fs.mkdirSync('d/e', { recursive: true }); fs.mkdirSync('x'); fs.renameSync('d', 'x'); return [fs.readFileSync('b', 'utf8'), fs.readdirSync('.', { recursive: true })]"#,
            r#"["1",["b","x","x/e"]]"#,
        ),
        (
            r#"fs.writeFileSync('f', 'text'); fs.symlinkSync('f', 'l'); fs.symlinkSync('no', 'n', 'file'); return [fs.readlinkSync('l'), fs.readlinkSync('l', 'hex'), fs.readlinkSync('l', { encoding: 'buffer' }).length, fs.readFileSync('l', 'utf8'), fs.existsSync('n'), fs.lstatSync('n').isSymbolicLink(), fs.statSync('l').isFile(), fs.lstatSync('l').size, fs.realpathSync('l') === fs.realpathSync('.') + '/f', fs.realpathSync.native('l') === fs.realpathSync('f')]"#,
            r#"["f","66",1,"text",false,true,true,1,true,true]"#,
        ),
        (
            r#"fs.mkdirSync('d/e', { recursive: true }); fs.writeFileSync('d/f', ''); const dir = fs.opendirSync('d'); const first = [dir.path, dir.readSync() !== null, dir.readSync() !== null, dir.readSync()]; dir.closeSync(); const names = []; for await (const e of await fsp.opendir('d')) names.push([e.name, e.isDirectory()]); const [, third] = await c(fs.opendir, 'd'); const read = await third.read(); await third.close(); return [first, names.sort(), names.some(([n]) => n === read.name), t(() => dir.readSync()), t(() => dir.closeSync())]"#,
            r#"[["d",true,true,null],[["e",true],["f",false]],true,["Error","Directory handle was closed","ERR_DIR_CLOSED",null,null,null,null],["Error","Directory handle was closed","ERR_DIR_CLOSED",null,null,null,null]]"#,
        ),
        (
            r#"fs.mkdirSync('a/b/c', { recursive: true }); fs.writeFileSync('a/f', 'f', { mode: 0o640 }); fs.writeFileSync('a/b/g', 'g'); fs.symlinkSync('f', 'a/l'); fs.cpSync('a', 'z', { recursive: true }); fs.cpSync('a/f', 'deep/er/f'); fs.cpSync('a', 'v', { recursive: true, verbatimSymlinks: true }); fs.cpSync('a', 'h', { recursive: true, filter: (s, d) => !s.endsWith('b') && d.startsWith('h') }); fs.cpSync('a', 'x', { recursive: true, dereference: true }); return [fs.readdirSync('z', { recursive: true }).sort(), fs.readlinkSync('z/l') === fs.realpathSync('a') + '/f', fs.readlinkSync('v/l'), (fs.statSync('z/f').mode & 0o777).toString(8), fs.readFileSync('deep/er/f', 'utf8'), fs.readdirSync('h').sort(), fs.lstatSync('x/l').isFile()]"#,
            r#"[["b","b/c","b/g","f","l"],true,"f","640","f",["f","l"],true]"#,
        ),
        (
            r#"fs.mkdirSync('a/b', { recursive: true }); fs.writeFileSync('f', '1'); fs.writeFileSync('g', '2'); fs.cpSync('f', 'g', { force: false }); return [fs.readFileSync('g', 'utf8'), t(() => fs.cpSync('f', 'g', { force: false, errorOnExist: true })), t(() => fs.cpSync('a', 'z')), t(() => fs.cpSync('a', 'a/b/c', { recursive: true })), t(() => fs.cpSync('a', 'a', { recursive: true })), t(() => fs.cpSync('f', 'a')), t(() => fs.cpSync('a', 'f', { recursive: true })), t(() => fs.cpSync('f', 'g', { mode: 99 })), t(() => fs.cpSync('f', 'g', { force: 1 })), await p(fsp.cp('no', 'x')), await c(fs.cp, 'a', 'z')]"#,
            r#"["2",["SystemError","Target already exists: cp returned EEXIST (g already exists) g","ERR_FS_CP_EEXIST",17,"cp","g",null],["SystemError","Path is a directory: cp returned EISDIR (a is a directory (not copied)) a","ERR_FS_EISDIR",22,"cp","a",null],["SystemError","Invalid src or dest: cp returned EINVAL (cannot copy a to a subdirectory of self a/b/c) a/b/c","ERR_FS_CP_EINVAL",22,"cp","a/b/c",null],["SystemError","Invalid src or dest: cp returned EINVAL (src and dest cannot be the same) a","ERR_FS_CP_EINVAL",22,"cp","a",null],["SystemError","Cannot overwrite directory with non-directory: cp returned ENOTDIR (cannot overwrite directory a with non-directory f) a","ERR_FS_CP_NON_DIR_TO_DIR",20,"cp","a",null],["SystemError","Cannot overwrite non-directory with directory: cp returned EISDIR (cannot overwrite non-directory f with directory a) f","ERR_FS_CP_DIR_TO_NON_DIR",21,"cp","f",null],["RangeError","The value of \"mode\" is out of range. It must be >= 0 && <= 7. Received 99","ERR_OUT_OF_RANGE",null,null,null,null],["TypeError","The \"options.force\" property must be of type boolean. Received type number (1)","ERR_INVALID_ARG_TYPE",null,null,null,null],["Error","ENOENT: no such file or directory, lstat 'no'","ENOENT",-2,"lstat","no",null],[["SystemError","Path is a directory: cp returned EISDIR (a is a directory (not copied)) a","ERR_FS_EISDIR",21,"cp","a",null]]]"#,
        ),
        (
            r#"fs.mkdirSync('a/b', { recursive: true }); fs.writeFileSync('a/x', '1'); fs.writeFileSync('a/b/y', '2'); fs.utimesSync('a/x', 100, 200); await fsp.cp('a', 'z', { recursive: true, preserveTimestamps: true, filter: async (s) => !s.endsWith('y') }); const back = await c(fs.cp, 'a', 'w', { recursive: true }); return [fs.readdirSync('z', { recursive: true }).sort(), fs.statSync('z/x').mtimeMs, back, fs.readdirSync('w', { recursive: true }).sort()]"#,
            r#"[["b","x"],200000,[null,null],["b","b/y","x"]]"#,
        ),
    ]);
}
