//! node:fs in mounts: what it asks the host, and what it makes of the answers.

use super::{
    files, guest_with, run,
    support::{Answer, Guest, Sent},
};
use hypercell_common::{
    Kind, Tag,
    body::Files,
    mount::{Errno, MountKind, MountName, MountOp, MountReply, MountRequest, MountStat, MountWrite},
};
use hypercell_guest::files::{DirEntry, FileSystem, Flags, FsError, Kind as Found, Limits, Where};
use std::{cell::RefCell, rc::Rc};

/// The host's folder; a mount of the number 1 cannot be written.
type Folder = Rc<RefCell<FileSystem>>;

/// Names of one page of a listing.
const PAGE: usize = 2;

/// What the host says of an operation, with the bytes that it gives.
fn serve(
    folder: &mut FileSystem,
    request: &MountRequest,
    bytes: &[u8],
) -> Result<(MountReply, Vec<u8>), FsError> {
    let path = format!("/{}", request.path);
    let nothing = |_: Where<()>| (MountReply::Nothing, Vec::new());
    Ok(match &request.op {
        MountOp::Stat | MountOp::Lstat => {
            let found = if request.op == MountOp::Stat { folder.stat(&path) } else { folder.lstat(&path) };
            let stat = found?.here().unwrap();
            let told = MountStat {
                kind: kind(stat.kind),
                size: stat.size,
                mode: stat.mode & 0o777,
                mtime_us: stat.times.mtime,
                ino: stat.ino,
            };
            (MountReply::Stat(told), Vec::new())
        }
        MountOp::Readdir { after } => {
            let all = folder.readdir(&path)?.here().unwrap().into_iter();
            let mut names: Vec<_> = all
                .filter(|entry| after.as_ref().is_none_or(|after| entry.name > *after))
                .map(|DirEntry { name, kind: found }| MountName { name, kind: kind(found) })
                .collect();
            let more = names.len() > PAGE;
            names.truncate(PAGE);
            (MountReply::Names { names, more }, Vec::new())
        }
        MountOp::Read { offset, len } => {
            let all = folder.read(&path)?.here().unwrap();
            let start = usize::try_from(*offset).unwrap().min(all.len());
            let piece = all[start..].iter().copied().take(usize::try_from(*len).unwrap()).collect::<Vec<_>>();
            (MountReply::Number(piece.len() as u64), piece)
        }
        MountOp::Write(how) => {
            let MountWrite { offset, append, create, exclusive, truncate } = *how;
            let flags = Flags { write: true, append, create, exclusive, truncate, ..Flags::default() };
            let fd = folder.open(&path, flags, 0o644)?.here().unwrap();
            let written = folder.write_fd(fd, bytes, Some(offset));
            folder.close(fd)?;
            (MountReply::Number(written? as u64), Vec::new())
        }
        MountOp::Mkdir => nothing(folder.mkdir(&path, 0o755)?),
        MountOp::Rmdir => nothing(folder.rmdir(&path)?),
        MountOp::Unlink => nothing(folder.unlink(&path)?),
        MountOp::Rename { to } => {
            folder.rename(&path, &format!("/{to}"))?;
            nothing(Where::Here(()))
        }
        MountOp::Symlink { target } => nothing(folder.symlink(target, &path)?),
        MountOp::Readlink => (MountReply::Text(folder.readlink(&path)?.here().unwrap()), Vec::new()),
        MountOp::Chmod { mode } => nothing(folder.chmod(&path, *mode)?),
        MountOp::Utimes { atime_us, mtime_us } => nothing(folder.utimes(&path, *atime_us, *mtime_us)?),
        MountOp::Truncate { len } => nothing(folder.truncate(&path, *len)?),
        MountOp::Realpath => {
            (MountReply::Text(folder.realpath(&path)?.here().unwrap()[1..].to_owned()), Vec::new())
        }
        MountOp::Copy { to, exclusive } => {
            folder.copy_file(&path, &format!("/{to}"), *exclusive)?;
            nothing(Where::Here(()))
        }
    })
}

fn kind(kind: Found) -> MountKind {
    match kind {
        Found::File => MountKind::File,
        Found::Directory => MountKind::Directory,
        Found::Link => MountKind::Symlink,
    }
}

fn answer(folder: &Folder, sent: &Sent) -> Answer {
    let request: MountRequest = serde_json::from_str(&sent.body).unwrap();
    let bytes = sent.sections.first().map(|(_, _, bytes)| bytes.clone()).unwrap_or_default();
    let reads = matches!(
        request.op,
        MountOp::Stat | MountOp::Lstat | MountOp::Readdir { .. } | MountOp::Read { .. } | MountOp::Realpath
    );
    // Copies of one operation have no more bytes than this.
    let large = matches!(request.op, MountOp::Copy { .. })
        && folder
            .borrow()
            .stat(&format!("/{}", request.path))
            .is_ok_and(|stat| stat.here().unwrap().size > 1 << 20);
    let served = match request.mount {
        1 if !reads => Err(Errno::EROFS),
        _ if large => Err(Errno::EFBIG),
        _ => serve(&mut folder.borrow_mut(), &request, &bytes)
            .map_err(|error| Errno::from_number(-error.code.errno())),
    };
    let given = served.as_ref().map(|(_, bytes)| bytes.clone()).unwrap_or_default();
    let body = serde_json::to_string(&served.map(|(reply, _)| reply)).unwrap();
    let sections = if given.is_empty() { vec![] } else { vec![("[]".into(), Tag::Uint8Array, given)] };
    Answer::Return(body, sections)
}

/// A guest with the host's folder at `/mnt`, and at `/ro` to read.
fn mounted() -> (Guest, Folder) {
    let guest = guest_with(Files { mounts: vec!["/mnt".into(), "/ro".into()], ..files() });
    let mut folder = FileSystem::new(Limits::default(), 0).unwrap();
    folder.write("/host", b"from the host", Flags::parse("w").unwrap(), 0o644).unwrap();
    let folder = Rc::new(RefCell::new(folder));
    let served = Rc::clone(&folder);
    *guest.platform.host.borrow_mut() = Box::new(move |sent| match sent.kind {
        Kind::Mount => answer(&served, sent),
        _ => Answer::json(""),
    });
    (guest, folder)
}

fn check(snippets: &[(&str, &str)]) {
    for (source, expected) in snippets {
        assert_eq!(run(&mut mounted().0, source), *expected, "{source}");
    }
}

#[test]
fn files_of_the_host_are_read_and_written_as_others_are() {
    let (mut guest, folder) = mounted();
    let given = run(
        &mut guest,
        "fs.writeFileSync('/mnt/a', 'one'); fs.appendFileSync('/mnt/a', ' two'); await fsp.writeFile('/mnt/b', Buffer.alloc(200_000, 'x'));
        const s = fs.statSync('/mnt/a');
        return [fs.readFileSync('/mnt/host', 'utf8'), String(await fsp.readFile('/mnt/a')), fs.readFileSync('/mnt/b').equals(Buffer.alloc(200_000, 'x')), s.isFile(), s.size, s.dev !== fs.statSync('/tmp').dev, fs.existsSync('/mnt/no')]",
    );
    assert_eq!(given, r#"["from the host","one two",true,true,7,true,false]"#);
    assert_eq!(folder.borrow().read("/a").unwrap(), Where::Here(&b"one two"[..]));
    assert_eq!(folder.borrow().read("/b").unwrap(), Where::Here(&[b'x'; 200_000][..]));
}

#[test]
fn open_files_of_the_host_have_positions() {
    check(&[(
        "const fd = fs.openSync('/mnt/a', 'w+'); const b = Buffer.alloc(4);
        const r = [fs.writeSync(fd, 'hello'), fs.writeSync(fd, ' world'), fs.writeSync(fd, 'J', 0), fs.readSync(fd, b), fs.readSync(fd, b, 0, 4, 0), String(b), fs.fstatSync(fd).size];
        fs.ftruncateSync(fd, 7); fs.futimesSync(fd, 1, 2); fs.fchmodSync(fd, 0o644); r.push(fs.fstatSync(fd).mtimeMs); fs.closeSync(fd);
        const e = fs.openSync('/mnt/a', 'a+'); fs.writeSync(e, '!', 0); fs.closeSync(e);
        const g = fs.openSync('/mnt/a'); const h = fs.openSync('/mnt/a'); r.push(fs.readFileSync(g, 'utf8'), fs.readSync(h, b), fs.readFileSync(g, 'utf8'), g, h);
        fs.closeSync(g); fs.closeSync(h);
        return [...r, t(() => fs.readSync(g, b)), t(() => fs.closeSync(g))]",
        r#"[5,6,1,0,4,"Jell",11,2000,"Jello w!",4,"",3,4,["Error","EBADF: bad file descriptor, read","EBADF",-9,"read",null,null],["Error","EBADF: bad file descriptor, close","EBADF",-9,"close",null,null]]"#,
    ), (
        "const r = fs.openSync('/mnt/host'), w = fs.openSync('/mnt/x', 'wx'); return [t(() => fs.writeSync(r, 'x'))[1], t(() => fs.readSync(w, Buffer.alloc(1)))[1], t(() => fs.ftruncateSync(r, 0))[1], t(() => fs.openSync('/mnt/x', 'wx'))[1], t(() => fs.openSync('/mnt/no'))[1]]",
        r#"["EBADF: bad file descriptor, write","EBADF: bad file descriptor, read","EINVAL: invalid argument, ftruncate","EEXIST: file already exists, open '/mnt/x'","ENOENT: no such file or directory, open '/mnt/no'"]"#,
    )]);
}

#[test]
fn entries_of_the_host_are_listed_made_moved_and_removed() {
    check(&[(
        "const r = [fs.mkdirSync('/mnt/d/e/f', { recursive: true }), fs.mkdirSync('/mnt/d/e', { recursive: true }), fs.mkdirSync('/mnt/g')];
        for (const name of 'vwxyz') fs.writeFileSync('/mnt/d/' + name, ''); fs.symlinkSync('v', '/mnt/d/l');
        r.push(fs.readdirSync('/mnt/d'), fs.readdirSync('/mnt/d', { withFileTypes: true }).filter(e => e.isDirectory()).map(e => e.name), fs.readlinkSync('/mnt/d/l'), fs.realpathSync('/mnt/d/l'), fs.lstatSync('/mnt/d/l').isSymbolicLink());
        fs.renameSync('/mnt/d/v', '/mnt/d/u'); fs.unlinkSync('/mnt/d/w'); fs.rmdirSync('/mnt/g'); fs.truncateSync('/mnt/d/x', 3); fs.utimesSync('/mnt/d/x', 5, 6);
        r.push(fs.readdirSync('/mnt/d', { recursive: true }), fs.statSync('/mnt/d/x').size, /^\\/mnt\\/t-[A-Za-z0-9]{6}$/.test(fs.mkdtempSync('/mnt/t-')));
        fs.rmSync('/mnt/d', { recursive: true }); fs.rmSync('/mnt/none', { force: true });
        return [...r, fs.existsSync('/mnt/d'), fs.readdirSync('/').includes('mnt')]",
        r#"["/mnt/d",null,null,["e","l","v","w","x","y","z"],["e"],"v","/mnt/d/v",true,["e","l","u","x","y","z","e/f"],3,true,false,true]"#,
    )]);
}

#[test]
fn errors_of_the_host_are_errors_of_node() {
    check(&[(
        "fs.mkdirSync('/mnt/d/e', { recursive: true });
        return [() => fs.readFileSync('/mnt/no'), () => fs.statSync('/mnt/host/x'), () => fs.readFileSync('/mnt/d'), () => fs.writeFileSync('/mnt/d', ''), () => fs.rmdirSync('/mnt/d'), () => fs.mkdirSync('/mnt/d'), () => fs.rmSync('/mnt/d'), () => fs.statSync('/mnt/host/'), () => fs.readdirSync('/mnt/host'), () => fs.mkdirSync('/mnt/host/x', { recursive: true }), () => fs.renameSync('/mnt/no', '/mnt/x'), () => fs.readlinkSync('/mnt/host'), () => fs.unlinkSync('/mnt/no'), () => fs.accessSync('/mnt/host', fs.constants.X_OK), () => fs.writeFileSync('/ro/x', ''), () => fs.unlinkSync('/ro/host'), () => fs.chmodSync('/ro/host', 0)].map(f => t(f)[1])",
        r#"["ENOENT: no such file or directory, open '/mnt/no'","ENOTDIR: not a directory, stat '/mnt/host/x'","EISDIR: illegal operation on a directory, read","EISDIR: illegal operation on a directory, open '/mnt/d'","ENOTEMPTY: directory not empty, rmdir '/mnt/d'","EEXIST: file already exists, mkdir '/mnt/d'","Path is a directory: rm returned EISDIR (is a directory) /mnt/d","ENOTDIR: not a directory, stat '/mnt/host/'","ENOTDIR: not a directory, scandir '/mnt/host'","ENOTDIR: not a directory, mkdir '/mnt/host/x'","ENOENT: no such file or directory, rename '/mnt/no' -> '/mnt/x'","EINVAL: invalid argument, readlink '/mnt/host'","ENOENT: no such file or directory, unlink '/mnt/no'","EACCES: permission denied, access '/mnt/host'","EROFS: read-only file system, open '/ro/x'","EROFS: read-only file system, unlink '/ro/host'","EROFS: read-only file system, chmod '/ro/host'"]"#,
    ), (
        "return [t(() => fs.rmSync('/mnt', { recursive: true })), t(() => fs.rmdirSync('/mnt')), t(() => fs.renameSync('/mnt', '/x')), t(() => fs.rmSync('/', { recursive: true }))].map(e => e[2])",
        r#"["EBUSY","EBUSY","EBUSY","EBUSY"]"#,
    )]);
}

#[test]
fn a_host_that_says_nothing_sensible_is_an_input_error() {
    let (mut guest, _) = mounted();
    *guest.platform.host.borrow_mut() = Box::new(|_| Answer::json("{}"));
    let given = run(&mut guest, "return t(() => fs.readFileSync('/mnt/host'))");
    assert_eq!(given, r#"["Error","EIO: i/o error, open '/mnt/host'","EIO",-5,"open","/mnt/host",null]"#);
}

#[test]
fn nothing_is_moved_across_the_border_but_copies_are_made() {
    check(&[(
        "fs.writeFileSync('a', 'mine'); return [t(() => fs.renameSync('a', '/mnt/a')), t(() => fs.renameSync('/mnt/host', 'x'))[1], t(() => fs.renameSync('/mnt/host', '/ro/x'))[2], fs.readFileSync('a', 'utf8')]",
        r#"[["Error","EXDEV: cross-device link not permitted, rename 'a' -> '/mnt/a'","EXDEV",-18,"rename","a","/mnt/a"],"EXDEV: cross-device link not permitted, rename '/mnt/host' -> 'x'","EXDEV","mine"]"#,
    ), (
        "const large = Buffer.from(Array.from({ length: 150_000 }, (_, n) => n * 7)); fs.writeFileSync('a', large); fs.writeFileSync('e', ''); fs.writeFileSync('/mnt/a', 'old'.repeat(100_000));
        fs.copyFileSync('a', '/mnt/a'); fs.copyFileSync('e', '/mnt/e'); fs.copyFileSync('/mnt/a', 'b'); fs.copyFileSync('/ro/a', '/mnt/c'); fs.copyFileSync('/mnt/c', '/mnt/f');
        const one = ['/mnt/a', 'b', '/mnt/c', '/mnt/f'].map(f => fs.readFileSync(f).equals(large));
        return [one, fs.statSync('/mnt/e').size, t(() => fs.copyFileSync('a', '/mnt/a', fs.constants.COPYFILE_EXCL)), t(() => fs.copyFileSync('/mnt/a', 'b', fs.constants.COPYFILE_EXCL))[1], t(() => fs.copyFileSync('/mnt/no', 'b'))[1], t(() => fs.copyFileSync('a', '/ro/x'))[2], t(() => fs.copyFileSync('/mnt', 'b'))[2]]",
        r#"[[true,true,true,true],0,["Error","EEXIST: file already exists, copyfile 'a' -> '/mnt/a'","EEXIST",-17,"copyfile","a","/mnt/a"],"EEXIST: file already exists, copyfile '/mnt/a' -> 'b'","ENOENT: no such file or directory, copyfile '/mnt/no' -> 'b'","EROFS","EISDIR"]"#,
    ), (
        "const huge = Buffer.alloc(2 << 20, 'abc'); fs.writeFileSync('/mnt/a', huge); fs.copyFileSync('/mnt/a', '/mnt/b'); fs.copyFileSync('/mnt/a', '/mnt/a'); return [fs.readFileSync('/mnt/b').equals(huge), fs.readFileSync('/mnt/a').equals(huge)]",
        "[true,true]",
    ), (
        "fs.mkdirSync('a/b', { recursive: true }); fs.writeFileSync('a/x', '1'); fs.writeFileSync('a/b/y', '2'); fs.cpSync('a', '/mnt/a', { recursive: true }); fs.cpSync('/mnt/a', 'z', { recursive: true }); await fsp.cp('/ro/a', '/mnt/w', { recursive: true });
        return [fs.readdirSync('z', { recursive: true }), fs.readFileSync('z/b/y', 'utf8'), fs.readdirSync('/mnt/w', { recursive: true })]",
        r#"[["b","x","b/y"],"2",["b","x","b/y"]]"#,
    )]);
}

#[test]
fn a_copy_that_does_not_fit_leaves_what_was_there() {
    let mut guest = guest_with(Files { bytes: 100, mounts: vec!["/mnt".into()], ..files() });
    let (_, folder) = mounted();
    folder.borrow_mut().write("/large", &[b'x'; 200], Flags::parse("w").unwrap(), 0o644).unwrap();
    *guest.platform.host.borrow_mut() = Box::new(move |sent| answer(&folder, sent));
    let given = run(
        &mut guest,
        "fs.writeFileSync('a', 'kept'); return [t(() => fs.copyFileSync('/mnt/large', 'a'))[1], fs.readFileSync('a', 'utf8')]",
    );
    assert_eq!(given, r#"["ENOSPC: no space left on device, copyfile '/mnt/large' -> 'a'","kept"]"#);
}
