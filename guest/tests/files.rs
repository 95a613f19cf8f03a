//! The file system's promises beside what Linux does: errors' words, limits,
//! descriptors, and what the host forbids or keeps.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use hypercell_guest::files::{Access, Copying, FileSystem, Flags, FsError, Kind, Limits, Where, normalize};

fn files() -> FileSystem {
    limited(Limits::default())
}

fn limited(limits: Limits) -> FileSystem {
    FileSystem::new(limits, 1_000).unwrap()
}

fn flags(text: &str) -> Flags {
    Flags::parse(text).unwrap()
}

fn write(files: &mut FileSystem, path: &str, text: &str) {
    files.write(path, text.as_bytes(), flags("w"), 0o644).unwrap();
}

fn text(files: &FileSystem, path: &str) -> String {
    String::from_utf8(files.read(path).unwrap().here().unwrap().to_vec()).unwrap()
}

fn said<T: core::fmt::Debug>(result: Result<T, FsError>) -> String {
    result.unwrap_err().to_string()
}

/// A path, its mode, and the contents of a file.
type Found = (String, u32, Vec<u8>);

/// All that there is, and what is used.
fn all(files: &FileSystem) -> (Vec<Found>, (u64, usize)) {
    let entries = files.entries("/").unwrap().map(|entry| {
        let content = match entry.kind {
            Kind::File => files.read_at(entry.ino, 0, usize::MAX).unwrap().to_vec(),
            _ => Vec::new(),
        };
        (entry.path, entry.mode, content)
    });
    (entries.collect(), files.used())
}

#[test]
fn errors_are_said_in_the_words_of_node() {
    let mut files = files();
    files.mkdir_all("/d/e", 0o755).unwrap();
    write(&mut files, "/f", "abc");
    assert_eq!(said(files.read("/x")), "ENOENT: no such file or directory, open '/x'");
    assert_eq!(said(files.read("/d")), "EISDIR: illegal operation on a directory, read");
    let written = files.write("/d", b"", flags("w"), 0o644);
    assert_eq!(said(written), "EISDIR: illegal operation on a directory, open '/d'");
    let written = files.write("/f", b"", flags("r"), 0o644);
    assert_eq!(said(written), "EBADF: bad file descriptor, write");
    assert_eq!(said(files.mkdir_all("/f/x/y", 0o755)), "ENOTDIR: not a directory, mkdir '/f/x/y'");
    assert_eq!(said(files.mkdir_all("/f", 0o755)), "EEXIST: file already exists, mkdir '/f'");
    assert_eq!(said(files.rmdir("/d")), "ENOTEMPTY: directory not empty, rmdir '/d'");
    assert_eq!(said(files.rename("/d", "/d/e/x")), "EINVAL: invalid argument, rename '/d' -> '/d/e/x'");
    let copied = files.copy_file("/f", "/d", false);
    assert_eq!(said(copied), "EISDIR: illegal operation on a directory, copyfile '/f' -> '/d'");
    assert_eq!(said(files.symlink("x", "/f")), "EEXIST: file already exists, symlink 'x' -> '/f'");
    assert_eq!(said(files.readlink("/f")), "EINVAL: invalid argument, readlink '/f'");
    assert_eq!(said(files.readdir("/f")), "ENOTDIR: not a directory, scandir '/f'");
    let made = files.mkdtemp("/x/y", "AbC123");
    assert_eq!(said(made), "ENOENT: no such file or directory, mkdtemp '/x/yXXXXXX'");
    assert_eq!(said(files.fstat(99)), "EBADF: bad file descriptor, fstat");
    assert_eq!(files.stat("/x").unwrap_err().code.errno(), -2);
    files.symlink("/loop", "/loop").unwrap();
    assert_eq!(said(files.stat("/loop")), "ELOOP: too many symbolic links encountered, stat '/loop'");
    let long = format!("/{}", "n".repeat(256));
    assert!(said(files.mkdir(&long, 0o755)).starts_with("ENAMETOOLONG: name too long, mkdir"));
    assert!(said(files.stat(&"/d".repeat(2048))).starts_with("ENAMETOOLONG"));
}

#[test]
fn a_working_directory_is_put_before_a_path_and_changes_no_dots() {
    assert_eq!(normalize("/home", "a/../b"), "/home/a/../b");
    assert_eq!(normalize("/", "a"), "/a");
    assert_eq!(normalize("/home", "/a"), "/a");
    assert_eq!(normalize("/home", ""), "");
}

#[test]
fn what_does_not_fit_is_enospc_and_changes_nothing() {
    let mut files = limited(Limits { bytes: 10, inodes: 6, ..Limits::default() });
    write(&mut files, "/f", "1234567");
    files.mkdir("/d", 0o755).unwrap();
    write(&mut files, "/d/g", "x");
    let before = all(&files);
    let fd = files.open("/f", flags("r+"), 0).unwrap().here().unwrap();
    let refusals = [
        said(files.write("/f", b"12345678901", flags("w"), 0o644)),
        said(files.append("/f", b"890", 0o644)),
        said(files.write("/new", b"890", flags("w"), 0o644)),
        said(files.write_fd(fd, b"x", Some(9))),
        said(files.ftruncate(fd, 10)),
        said(files.truncate("/f", 1 << 40)),
        said(files.symlink("123", "/link")),
        said(files.copy_file("/f", "/g", false)),
        said(
            files
                .copy("/d", "/h", Copying { recursive: true, ..Copying::default() })
                .and_then(|_| files.copy("/f", "/h/f", Copying::default())),
        ),
    ];
    for refusal in refusals {
        assert!(refusal.starts_with("ENOSPC: no space left on device, "), "{refusal}");
    }
    files.remove("/h", true, false).unwrap();
    assert_eq!(said(files.mkdir_all("/1/2/3", 0o755)), "ENOSPC: no space left on device, mkdir '/1/2/3'");
    assert_eq!(all(&files), before);
    assert_eq!(said(files.write_fd(fd, b"x", Some(u64::MAX))), "EFBIG: file too large, write");
    assert_eq!(files.write_fd(fd, b"xyz", None).unwrap(), 3);
}

#[test]
fn holes_are_zeros_and_count() {
    let mut files = limited(Limits { bytes: 100, ..Limits::default() });
    let fd = files.open("/f", flags("w+"), 0o644).unwrap().here().unwrap();
    files.write_fd(fd, b"end", Some(5)).unwrap();
    assert_eq!(text(&files, "/f"), "\0\0\0\0\0end");
    assert_eq!(files.used(), (8, 2));
    files.truncate("/f", 6).unwrap();
    files.truncate("/f", 7).unwrap();
    assert_eq!(text(&files, "/f"), "\0\0\0\0\0e\0");
}

#[test]
fn descriptors_begin_at_three_and_the_lowest_is_taken() {
    let mut files = limited(Limits { descriptors: 3, ..Limits::default() });
    let open = |files: &mut FileSystem| files.open("/f", flags("a+"), 0o644).map(|fd| fd.here().unwrap());
    assert_eq!([(); 3].map(|()| open(&mut files).unwrap()), [3, 4, 5]);
    assert_eq!(said(open(&mut files)), "EMFILE: too many open files, open '/f'");
    files.close(4).unwrap();
    assert_eq!(files.open_mounted(7, 99).unwrap(), 4);
    assert_eq!((files.mounted(4), files.mounted(3)), (Some((7, 99)), None));
    assert_eq!(said(files.read_fd(4, 1, None)), "EBADF: bad file descriptor, read");
    files.close(4).unwrap();
    assert_eq!(said(files.close(4)), "EBADF: bad file descriptor, close");
    assert_eq!(said(files.close(0)), "EBADF: bad file descriptor, close");
    assert_eq!(open(&mut files).unwrap(), 4);
}

#[test]
fn a_file_lives_until_its_last_descriptor_is_closed() {
    let mut files = files();
    write(&mut files, "/f", "text");
    let ino = files.stat("/f").unwrap().here().unwrap().ino;
    let fd = files.open("/f", flags("r+"), 0).unwrap().here().unwrap();
    files.unlink("/f").unwrap();
    files.write_fd(fd, b"T", Some(0)).unwrap();
    assert_eq!(files.read_fd(fd, 10, None).unwrap(), b"Text");
    assert_eq!((files.fstat(fd).unwrap().links, files.used()), (0, (4, 2)));
    files.close(fd).unwrap();
    assert_eq!(files.used(), (0, 1));
    assert!(files.read_at(ino, 0, 1).is_err());
    write(&mut files, "/f", "other");
    assert_ne!(files.stat("/f").unwrap().here().unwrap().ino, ino);
}

#[test]
fn the_write_bit_is_enforced_and_open_files_stay_writable() {
    let mut files = files();
    let fd = files.open("/f", flags("w"), 0o444).unwrap().here().unwrap();
    files.write_fd(fd, b"text", None).unwrap();
    assert_eq!(said(files.open("/f", flags("r+"), 0)), "EACCES: permission denied, open '/f'");
    assert_eq!(said(files.append("/f", b"x", 0o644)), "EACCES: permission denied, open '/f'");
    assert_eq!(said(files.truncate("/f", 0)), "EACCES: permission denied, open '/f'");
    let access = Access { write: true, ..Access::default() };
    assert_eq!(said(files.access("/f", access)), "EACCES: permission denied, access '/f'");
    assert_eq!(text(&files, "/f"), "text");
    files.mkdir("/d", 0o755).unwrap();
    write(&mut files, "/d/f", "");
    files.chmod("/d", 0o555).unwrap();
    assert_eq!(said(files.unlink("/d/f")), "EACCES: permission denied, unlink '/d/f'");
    assert_eq!(said(files.mkdir("/d/e", 0o755)), "EACCES: permission denied, mkdir '/d/e'");
    assert_eq!(said(files.remove("/d", true, true)), "EACCES: permission denied, rm '/d'");
    assert_eq!(files.stat("/d").unwrap().here().unwrap().mode, 0o040_555);
}

#[test]
fn what_the_host_made_read_only_does_not_change() {
    let mut files = files();
    files.mkdir_all("/app/lib", 0o755).unwrap();
    write(&mut files, "/app/lib/f", "text");
    write(&mut files, "/free", "free");
    let fd = files.open("/app/lib/f", flags("r+"), 0).unwrap().here().unwrap();
    files.set_read_only("/app", true).unwrap();
    let before = all(&files);
    let recursive = Copying { recursive: true, ..Copying::default() };
    let refusals = [
        said(files.write("/app/lib/f", b"x", flags("w"), 0o644)),
        said(files.write("/app/new", b"x", flags("w"), 0o644)),
        said(files.write_fd(fd, b"x", None)),
        said(files.ftruncate(fd, 0)),
        said(files.mkdir("/app/new", 0o755)),
        said(files.mkdir_all("/app/new/er", 0o755)),
        said(files.symlink("x", "/app/new")),
        said(files.unlink("/app/lib/f")),
        said(files.rmdir("/app")),
        said(files.remove("/app", true, true)),
        said(files.rename("/app/lib/f", "/out")),
        said(files.rename("/app", "/out")),
        said(files.rename("/free", "/app/lib/f")),
        said(files.chmod("/app/lib/f", 0o777)),
        said(files.utimes("/app/lib/f", 0, 0)),
        said(files.copy_file("/free", "/app/lib/f", false)),
        said(files.copy("/free", "/app/lib/f", recursive)),
    ];
    for refusal in refusals {
        assert!(refusal.starts_with("EROFS: read-only file system, "), "{refusal}");
    }
    assert_eq!(all(&files), before);
    files.copy("/app", "/mine", recursive).unwrap();
    files.append("/mine/lib/f", b"!", 0o644).unwrap();
    assert_eq!(text(&files, "/mine/lib/f"), "text!");
    files.set_read_only("/app", false).unwrap();
    files.remove("/app", true, false).unwrap();
}

#[test]
fn directories_are_only_so_deep() {
    let mut files = limited(Limits { depth: 4, ..Limits::default() });
    files.mkdir_all("/1/2/3/4", 0o755).unwrap();
    assert!(said(files.mkdir("/1/2/3/4/5", 0o755)).starts_with("ENAMETOOLONG"));
    write(&mut files, "/1/2/3/4/file", "");
    files.mkdir_all("/a/b/c", 0o755).unwrap();
    assert!(said(files.rename("/a", "/1/2/a")).starts_with("ENAMETOOLONG"));
    let recursive = Copying { recursive: true, ..Copying::default() };
    assert!(said(files.copy("/a", "/1/2/a", recursive)).starts_with("ENAMETOOLONG"));
    files.rename("/a", "/1/a").unwrap();
    files.rename("/1/a/b", "/b").unwrap();
}

#[test]
fn the_deepest_tree_is_copied_listed_and_removed() {
    let mut files = limited(Limits { depth: 2_000, ..Limits::default() });
    let deep = "/d".repeat(1_000);
    files.mkdir_all(&deep, 0o755).unwrap();
    files.rename("/d", "/e").unwrap();
    let below = deep.replacen("/d", "/e", 1);
    files.mkdir_all(&deep, 0o755).unwrap();
    files.symlink(&below, "/near").unwrap();
    files.rename("/d", "/near/d").unwrap();
    assert_eq!(files.entries("/e").unwrap().count(), 2_000);
    files.copy("/e", "/copy", Copying { recursive: true, ..Copying::default() }).unwrap();
    assert_eq!(files.entries("/copy").unwrap().count(), 2_000);
    files.remove("/e", true, false).unwrap();
    files.remove("/copy", true, false).unwrap();
    assert_eq!(files.used().1, 2);
}

#[test]
fn making_folders_tells_the_first_that_was_made() {
    let mut files = files();
    let made = |result: Result<Where<Option<String>>, FsError>| result.unwrap().here().unwrap();
    assert_eq!(made(files.mkdir_all("/a/b/c/", 0o755)).as_deref(), Some("/a"));
    assert_eq!(made(files.mkdir_all("/a/b/c", 0o755)), None);
    assert_eq!(made(files.mkdir_all("/a/x/../y/z", 0o755)).as_deref(), Some("/a/x"));
    assert_eq!(files.mkdtemp("/a/tmp-", "Q1w2E3").unwrap().here().unwrap(), "/a/tmp-Q1w2E3");
    let names: Vec<_> =
        files.readdir("/a").unwrap().here().unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["b", "tmp-Q1w2E3", "x", "y"]);
    assert_eq!(files.stat("/a").unwrap().here().unwrap().links, 6);
}

#[test]
fn a_tree_is_copied_into_one_that_is_there() {
    let mut files = files();
    files.mkdir_all("/from/sub", 0o755).unwrap();
    write(&mut files, "/from/sub/new", "new");
    write(&mut files, "/from/both", "theirs");
    files.symlink("both", "/from/link").unwrap();
    files.utimes("/from/both", 5, 6).unwrap();
    files.mkdir("/to", 0o755).unwrap();
    write(&mut files, "/to/both", "ours");
    let recursive = Copying { recursive: true, ..Copying::default() };
    assert_eq!(
        said(files.copy("/from", "/x", Copying::default())),
        "EISDIR: illegal operation on a directory, cp '/from' -> '/x'"
    );
    assert!(said(files.copy("/from", "/from/sub/x", recursive)).starts_with("EINVAL"));
    assert!(said(files.copy("/from", "/to/both", recursive)).starts_with("ENOTDIR"));
    assert!(said(files.copy("/from/both", "/to", recursive)).starts_with("EISDIR"));
    let before = all(&files);
    let careful = Copying { force: false, error_on_exist: true, ..recursive };
    assert!(said(files.copy("/from", "/to", careful)).starts_with("EEXIST"));
    assert_eq!(all(&files), before);
    files.copy("/from", "/to", Copying { force: false, ..recursive }).unwrap();
    assert_eq!((text(&files, "/to/both"), text(&files, "/to/sub/new")), ("ours".into(), "new".into()));
    files.copy("/from", "/to", Copying { preserve_times: true, ..recursive }).unwrap();
    assert_eq!((text(&files, "/to/both"), text(&files, "/to/link")), ("theirs".into(), "theirs".into()));
    assert_eq!(files.stat("/to/both").unwrap().here().unwrap().times.mtime, 6);
}

#[test]
fn the_host_is_told_what_changed_since() {
    let mut files = files();
    files.mkdir_all("/app/lib", 0o755).unwrap();
    for name in ["/app/a", "/app/b", "/app/lib/c", "/app/lib/d"] {
        write(&mut files, name, name);
    }
    let start = files.generation();
    let changed = |files: &FileSystem, since| -> Vec<String> {
        files.changed_since("/app", since).unwrap().map(|entry| entry.path).collect()
    };
    assert_eq!(changed(&files, start), [""; 0]);
    files.append("/app/b", b"!", 0o644).unwrap();
    write(&mut files, "/app/new", "");
    files.chmod("/app/lib/d", 0o600).unwrap();
    files.unlink("/app/a").unwrap();
    assert_eq!(changed(&files, start), ["/app/b", "/app/lib/d", "/app/new"]);
    let later = files.generation();
    files.rename("/app/lib", "/app/other").unwrap();
    assert_eq!(changed(&files, later), ["/app/other", "/app/other/c", "/app/other/d"]);
    let list: Vec<_> =
        files.entries("/app").unwrap().map(|entry| (entry.path, entry.kind, entry.length)).collect();
    assert_eq!(list[0], ("/app".into(), Kind::Directory, 0));
    assert_eq!(list[1], ("/app/b".into(), Kind::File, 7));
    assert_eq!(list.len(), 6);
}

#[test]
fn times_are_those_of_the_caller() {
    let mut files = files();
    files.set_now(2_000);
    write(&mut files, "/f", "x");
    files.set_now(3_000);
    files.chmod("/f", 0o600).unwrap();
    let times = files.stat("/f").unwrap().here().unwrap().times;
    assert_eq!((times.birthtime, times.mtime, times.ctime), (2_000, 2_000, 3_000));
    assert_eq!(files.stat("/").unwrap().here().unwrap().times.mtime, 2_000);
    files.set_now(4_000);
    files.utimes("/f", 10, -20).unwrap();
    let times = files.stat("/f").unwrap().here().unwrap().times;
    assert_eq!((times.atime, times.mtime, times.ctime), (10, -20, 4_000));
}

#[test]
fn flags_are_those_of_node_and_linux() {
    for text in ["r", "r+", "w", "wx", "w+", "wx+", "a", "ax", "a+", "ax+", "rs+", "as"] {
        assert_eq!(Flags::from_bits(flags(text).bits()), flags(text), "{text}");
    }
    assert_eq!((flags("w").bits(), flags("ax+").bits()), (0o1101, 0o2302));
    assert_eq!(Flags::parse("rw"), None);
}
