//! node:fs where a sandbox is no Linux: without files, at its limits, with a program's streams.

use super::{
    files, guest_with, run,
    support::{Answer, Guest, guest},
};
use hypercell_common::{
    Kind, STDIN, Tag,
    body::{Files, Program},
};

#[test]
fn a_sandbox_without_files_says_so() {
    let mut guest = guest();
    let given = run(
        &mut guest,
        "return [t(() => fs.readFileSync('/x')), await p(fsp.stat('/x')), await c(fs.open, '/x', 'w'), fs.existsSync('/x')]",
    );
    let error = |syscall: &str| {
        format!(
            r#"["Error","ERR_NO_FILES: the sandbox has no file system, {syscall}: give it one when it is built","ERR_NO_FILES",null,"{syscall}",null,null]"#
        )
    };
    assert_eq!(given, format!("[{},{},[{}],false]", error("open"), error("stat"), error("open")));
}

#[test]
fn a_full_file_system_keeps_what_it_has() {
    let mut guest = guest_with(Files { bytes: 100, ..files() });
    let given = run(
        &mut guest,
        "fs.writeFileSync('a', 'x'.repeat(60)); fs.mkdirSync('d');
        const fd = fs.openSync('a', 'r+');
        const full = [
            () => fs.writeFileSync('a', 'y'.repeat(101)), () => fs.appendFileSync('a', 'y'.repeat(41)), () => fs.writeFileSync('b', 'y'.repeat(41)),
            () => fs.copyFileSync('a', 'b'), () => fs.truncateSync('a', 101), () => fs.writeSync(fd, 'y'.repeat(50), 55), () => fs.symlinkSync('y'.repeat(50), 'l'),
        ].map(f => t(f).slice(1, 4));
        return [full, (await p(fsp.appendFile('a', 'y'.repeat(41))))[2], fs.readFileSync('a', 'utf8') === 'x'.repeat(60), fs.readdirSync('.'), fs.statfsSync('.').type]",
    );
    let error = |message: &str| format!(r#"["ENOSPC: no space left on device, {message}","ENOSPC",-28]"#);
    let expected = [
        error("write"),
        error("write"),
        error("write"),
        error("copyfile 'a' -> 'b'"),
        error("ftruncate"),
        error("write"),
        format!(r#"["ENOSPC: no space left on device, symlink '{}' -> 'l'","ENOSPC",-28]"#, "y".repeat(50)),
    ];
    assert_eq!(given, format!(r#"[[{}],"ENOSPC",true,["a","d"],16914836]"#, expected.join(",")));
}

#[test]
fn there_are_no_more_entries_and_open_files_than_allowed() {
    let mut guest = guest_with(Files { inodes: 10, ..files() });
    let given = run(
        &mut guest,
        "const made = []; let error; for (let n = 0; n < 20; n++) { try { fs.writeFileSync(`f${n}`, ''); made.push(n) } catch (e) { error ??= e.code } }
        return [made.length, error, t(() => fs.mkdirSync('x/y/z', { recursive: true }))[2], fs.existsSync('x')]",
    );
    assert_eq!(given, r#"[7,"ENOSPC","ENOSPC",false]"#, "the root, /src and /tmp are there");
    let given = run(
        &mut guest_with(files()),
        "fs.writeFileSync('a', ''); const open = []; let error; try { for (;;) open.push(fs.openSync('a')) } catch (e) { error = told(e) }
        open.forEach(fd => fs.closeSync(fd)); const fd = fs.openSync('a'); return [open.length, open[0], error, fd]",
    );
    assert_eq!(
        given,
        r#"[1024,3,["Error","EMFILE: too many open files, open 'a'","EMFILE",-24,"open","a",null],3]"#
    );
}

#[test]
fn what_may_not_be_written_is_not() {
    let given = run(
        &mut guest_with(files()),
        "fs.writeFileSync('a', 'x', { mode: 0o444 }); fs.mkdirSync('d', 0o555);
        return [() => fs.writeFileSync('a', 'y'), () => fs.writeFileSync('d/x', 'y'), () => fs.accessSync('a', fs.constants.W_OK), () => fs.accessSync('a', fs.constants.R_OK)].map(f => t(f)?.[1])",
    );
    assert_eq!(
        given,
        r#"["EACCES: permission denied, open 'a'","EACCES: permission denied, open 'd/x'","EACCES: permission denied, access 'a'",null]"#
    );
}

#[test]
fn many_operations_take_one_timer_and_their_order_is_kept() {
    let given = run(
        &mut guest_with(files()),
        "fs.writeFileSync('a', 'x'); const order = [];
        await Promise.all(Array.from({ length: 1000 }, async (_, n) => { await fsp.readFile('a'); order.push(n) }));
        return [order.length, order.every((n, at) => n === at)]",
    );
    assert_eq!(given, "[1000,true]");
}

#[test]
fn what_a_request_left_waiting_is_forgotten() {
    let mut guest = guest_with(files());
    let left = "import fs from 'node:fs'; globalThis.seen = []; fs.stat('/', () => seen.push('before')); export default 1";
    assert_eq!(guest.value(left), "1");
    let given = run(&mut guest, "await fsp.stat('/'); return seen");
    assert_eq!(given, "[]");
}

#[test]
fn watching_is_said_not_to_be_there() {
    let given = run(
        &mut guest_with(files()),
        "fs.writeFileSync('a', ''); return [t(() => fs.watch('a'))[2], t(() => fs.watchFile('a', () => {}))[2], t(() => fsp.watch('a'))[2], t(() => fs.linkSync('a', 'b'))[1]]",
    );
    assert_eq!(
        given,
        r#"["ERR_FEATURE_UNAVAILABLE_ON_PLATFORM","ERR_FEATURE_UNAVAILABLE_ON_PLATFORM","ERR_FEATURE_UNAVAILABLE_ON_PLATFORM","EPERM: operation not permitted, link 'a' -> 'b'"]"#
    );
}

#[test]
fn named_exports_are_the_members_of_the_default_one() {
    let given = run(
        &mut guest_with(files()),
        "const all = await import('node:fs'); const promises = await import('node:fs/promises');
        const other = (space) => Object.keys(space.default).filter(name => space[name] !== space.default[name]);
        const required = (await import('node:module')).createRequire('/x.js')('fs');
        return [other(all), other(promises), all.promises === promises.default, required === all.default, all.Dir !== undefined, fs.opendirSync('/') instanceof fs.Dir]",
    );
    assert_eq!(given, "[[],[],true,true,true,true]");
}

#[test]
fn paths_are_those_of_the_working_directory() {
    let given = run(
        &mut guest_with(files()),
        "fs.writeFileSync('a', 'x'); fs.mkdirSync('d'); process.chdir('d'); fs.writeFileSync('b', 'y');
        return [process.cwd(), fs.readFileSync('/tmp/d/b', 'utf8'), fs.realpathSync('../a'), t(() => fs.statSync('a'))[1], fs.mkdirSync('e/f', { recursive: true })]",
    );
    assert_eq!(given, r#"["/tmp/d","y","/tmp/a","ENOENT: no such file or directory, stat 'a'","e"]"#);
}

/// Runs a program whose standard input is these pieces, and gives what it wrote and returned.
fn exec(guest: &mut Guest, source: &str, pieces: &'static [&'static [u8]]) -> (String, String, String) {
    let next = std::cell::Cell::new(0);
    *guest.platform.host.borrow_mut() = Box::new(move |sent| {
        if sent.target != STDIN {
            return Answer::json("");
        }
        let piece = pieces.get(next.replace(next.get() + 1));
        piece.map_or_else(
            || Answer::json("null"),
            |bytes| Answer::Return("null".into(), vec![("[]".into(), Tag::Uint8Array, bytes.to_vec())]),
        )
    });
    let program = Program { source: Some(source.to_owned()), ..Program::default() };
    let body = serde_json::to_string(&program).unwrap();
    guest.platform.calls.borrow_mut().clear();
    let done = guest.request(Kind::Exec, "/main.js", &body).unwrap();
    let written = |stream: &str| -> String {
        let calls = guest.platform.calls.borrow();
        calls
            .iter()
            .filter(|sent| sent.kind == Kind::Output && sent.target == stream)
            .map(|sent| &*sent.body)
            .collect()
    };
    (written("stdout"), written("stderr"), done.body)
}

#[test]
fn standard_input_is_a_file() {
    for name in ["0", "'/dev/stdin'"] {
        let source = format!("import fs from 'node:fs'; __return(fs.readFileSync({name}, 'utf8'))");
        let (.., value) = exec(&mut guest_with(files()), &source, &[b"piped ", b"", b"through"]);
        assert_eq!(value, r#""piped through""#);
    }
    let source = "import fs from 'node:fs'; const b = Buffer.alloc(4); const all = [];
        for (let n; (n = fs.readSync(0, b)) > 0; ) all.push(b.toString('latin1', 0, n));
        __return([all, fs.fstatSync(0).isFIFO(), fs.openSync('/dev/stdin'), fs.existsSync('/dev/stdin')])";
    let mut guest = guest_with(files());
    let (.., value) = exec(&mut guest, source, &[b"abcdef", b"g"]);
    assert_eq!(value, r#"[["abcd","ef","g"],true,0,true]"#);
    let (.., value) =
        exec(&mut guest, "import fs from 'node:fs'; fs.readSync(0, Buffer.alloc(1)); __return(1)", &[b"xyz"]);
    assert_eq!(value, "1");
    let (.., value) = exec(&mut guest, source, &[b"next"]);
    assert_eq!(value, r#"[["next"],true,0,true]"#, "nothing is left of the program before");
}

#[test]
fn standard_output_and_error_are_files() {
    let source = "import fs from 'node:fs'; fs.writeSync(1, 'a'); fs.writeFileSync('/dev/stdout', 'bé'); fs.writeFileSync(1, Buffer.from('c'));
        fs.appendFileSync('/dev/stderr', 'd'); fs.writeSync(2, Buffer.from('xey'), 1, 1); const n = fs.writeSync(1, 'é');
        fs.closeSync(1); let code; try { fs.writeSync(0, 'x') } catch (e) { code = e.message } __return([n, code])";
    let (stdout, stderr, value) = exec(&mut guest_with(files()), source, &[]);
    assert_eq!((stdout.as_str(), stderr.as_str()), ("abécé", "de"));
    assert_eq!(value, r#"[2,"EBADF: bad file descriptor, write"]"#);
}

#[test]
fn a_program_that_ends_closes_its_files() {
    let mut guest = guest_with(files());
    assert_eq!(run(&mut guest, "return fs.openSync('kept', 'w+')"), "3");
    let source = "import fs from 'node:fs'; fs.openSync('/tmp/a', 'w'); __return(fs.openSync('/tmp/b', 'w'))";
    for _ in 0..3 {
        assert_eq!(exec(&mut guest, source, &[]).2, "5");
    }
    assert_eq!(
        run(&mut guest, "return [fs.writeSync(3, 'x'), t(() => fs.fstatSync(4))[2]]"),
        r#"[1,"EBADF"]"#
    );
}
