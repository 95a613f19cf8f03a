//! Mounts of the host's folders, and that whatever fails leaves everything as it was.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use hypercell_guest::files::{
    Between, Copying, FileSystem, Flags, FsError, Kind, Limits, MountPath, Place, Where,
};

fn mounted() -> FileSystem {
    let mut files = FileSystem::new(Limits::default(), 0).unwrap();
    files.mkdir_all("/srv/here", 0o755).unwrap();
    files.write("/srv/file", b"text", Flags::parse("w").unwrap(), 0o644).unwrap();
    files.mount("/srv/host", 7).unwrap();
    files.mount("/srv/other", 8).unwrap();
    files.symlink("/srv/host/data", "/link").unwrap();
    files
}

fn inside(mount: u32, inside: &str) -> MountPath {
    MountPath { mount, inside: inside.into(), directory: false }
}

fn code<T: core::fmt::Debug>(result: Result<T, FsError>) -> &'static str {
    result.unwrap_err().code.name()
}

#[test]
fn what_resolves_into_a_mount_is_left_to_the_host() {
    let mut files = mounted();
    let flags = Flags::parse("w").unwrap();
    assert_eq!(files.read("/srv/host/a/b").unwrap(), Where::Mount(inside(7, "a/b")));
    assert_eq!(files.lstat("/srv/host").unwrap(), Where::Mount(inside(7, "")));
    assert_eq!(files.readdir("/srv/host/.//a/../b").unwrap(), Where::Mount(inside(7, "b")));
    assert_eq!(files.write("/link/x", b"x", flags, 0o644).unwrap(), Where::Mount(inside(7, "data/x")));
    assert_eq!(files.open("/srv/other/x", flags, 0o644).unwrap(), Where::Mount(inside(8, "x")));
    assert_eq!(files.mkdir_all("/srv/host/a/b", 0o755).unwrap(), Where::Mount(inside(7, "a/b")));
    assert_eq!(files.unlink("/srv/host/a").unwrap(), Where::Mount(inside(7, "a")));
    assert_eq!(files.remove("/srv/host/a", true, true).unwrap(), Where::Mount(inside(7, "a")));
    assert_eq!(files.mkdtemp("/srv/host/t-", "x").unwrap(), Where::Mount(inside(7, "t-x")));
    let slash = MountPath { directory: true, ..inside(7, "a") };
    assert_eq!(files.stat("/srv/host/a/").unwrap(), Where::Mount(slash));
    // The link itself is here.
    assert_eq!(files.readlink("/link").unwrap(), Where::Here("/srv/host/data".into()));
}

#[test]
fn a_path_that_leaves_a_mount_is_here_again() {
    let files = mounted();
    assert_eq!(files.read("/srv/host/a/../../file").unwrap(), Where::Here(&b"text"[..]));
    assert_eq!(files.read("/srv/host/../other/x").unwrap(), Where::Mount(inside(8, "x")));
    assert_eq!(files.realpath("/srv/host/..").unwrap(), Where::Here("/srv".into()));
    assert_eq!(files.realpath("/srv/host/../../..").unwrap(), Where::Here("/".into()));
}

#[test]
fn a_mount_is_seen_in_its_folder_and_stays_there() {
    let mut files = mounted();
    let list: Vec<_> = files
        .readdir("/srv")
        .unwrap()
        .here()
        .unwrap()
        .into_iter()
        .map(|entry| (entry.name, entry.kind))
        .collect();
    let folders = ["here", "host", "other"].map(|name| (name.to_owned(), Kind::Directory));
    assert_eq!(list[0], ("file".to_owned(), Kind::File));
    assert_eq!(list[1..], folders);
    assert_eq!(code(files.rmdir("/srv/host")), "EBUSY");
    assert_eq!(code(files.rmdir("/srv/host/.")), "EBUSY");
    assert_eq!(code(files.unlink("/srv/host")), "EISDIR");
    assert_eq!(code(files.mkdir("/srv/host", 0o755)), "EEXIST");
    assert_eq!(code(files.rename("/srv/host", "/away")), "EBUSY");
    assert_eq!(code(files.rename("/srv/here", "/srv/host")), "EBUSY");
    assert_eq!(code(files.remove("/srv/host", true, true)), "EBUSY");
    assert_eq!(code(files.remove("/srv", true, true)), "EBUSY");
    assert_eq!(code(files.mount("/srv/host", 9)), "EBUSY");
    assert_eq!(code(files.mount("/srv/host/x", 9)), "EBUSY");
    assert_eq!(code(files.mount("/srv/file", 9)), "ENOTDIR");
    assert_eq!(code(files.mount("/", 9)), "EBUSY");
    assert_eq!(files.readdir("/srv").unwrap().here().unwrap().len(), 4);
    let listed: Vec<_> = files.entries("/srv").unwrap().map(|entry| entry.path).collect();
    assert_eq!(listed, ["/srv", "/srv/file", "/srv/here"]);
}

#[test]
fn nothing_is_moved_across_a_mounts_boundary_and_copies_are_shared_work() {
    let mut files = mounted();
    assert_eq!(code(files.rename("/srv/file", "/srv/host/file")), "EXDEV");
    assert_eq!(code(files.rename("/srv/host/file", "/file")), "EXDEV");
    assert_eq!(code(files.rename("/srv/host/a", "/srv/other/a")), "EXDEV");
    let (from, to) = (Place::Mount(inside(7, "a")), Place::Mount(inside(7, "b")));
    assert_eq!(files.rename("/srv/host/a", "/srv/host/b").unwrap(), Between::Mount { from, to });
    let (from, to) = (Place::Here, Place::Mount(inside(7, "f")));
    assert_eq!(files.copy_file("/srv/file", "/srv/host/f", false).unwrap(), Between::Mount { from, to });
    assert_eq!(code(files.copy_file("/srv/none", "/srv/host/f", false)), "ENOENT");
    let (from, to) = (Place::Mount(inside(8, "")), Place::Here);
    let recursive = Copying { recursive: true, ..Copying::default() };
    assert_eq!(files.copy("/srv/other", "/copy", recursive).unwrap(), Between::Mount { from, to });
    assert_eq!(code(files.copy("/srv", "/copy", recursive)), "EXDEV");
}

/// Paths, modes, times and contents, and what is used.
fn all(files: &FileSystem) -> (Vec<String>, (u64, usize)) {
    let told = |entry: hypercell_guest::files::Entry| {
        let content = match entry.kind {
            Kind::File => format!("{:?}", files.read_at(entry.ino, 0, usize::MAX).unwrap()),
            Kind::Link => files.readlink(&entry.path).unwrap().here().unwrap(),
            Kind::Directory => String::new(),
        };
        format!("{} {} {:o} {} {content}", entry.path, entry.ino, entry.mode, entry.mtime)
    };
    (files.entries("/").unwrap().map(told).collect(), files.used())
}

#[test]
fn random_operations_that_fail_leave_everything_as_it_was() {
    let limits = Limits { bytes: 60, inodes: 12, depth: 4, descriptors: 4 };
    let mut seen = std::collections::BTreeSet::new();
    for seed in 1..=30_u64 {
        let mut state = seed << 32 | 0x9E37_79B9;
        let mut below = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state >> 11).unwrap() % bound
        };
        let mut files = FileSystem::new(limits, 0).unwrap();
        for now in 1..500 {
            files.set_now(now);
            let mut path = || -> String { (0..=below(3)).map(|_| ["/a", "/b", "/c"][below(3)]).collect() };
            let (from, to) = (path(), path());
            let bytes = vec![b'x'; below(20)];
            let how = Copying { recursive: below(4) > 0, force: below(2) > 0, ..Copying::default() };
            let before = all(&files);
            let done = match below(13) {
                0 => files.mkdir(&from, 0o755).map(drop),
                1 => files.mkdir_all(&from, 0o755).map(drop),
                2 | 3 => files.write(&from, &bytes, Flags::parse("w").unwrap(), 0o644).map(drop),
                4 => files.append(&from, &bytes, 0o644).map(drop),
                5 => files.symlink(&to, &from).map(drop),
                6 | 7 => files.copy(&from, &to, how).map(drop),
                8 => files.copy_file(&from, &to, false).map(drop),
                9 => files.rename(&from, &to).map(drop),
                10 if below(4) == 0 => files.remove(&from, true, false).map(drop),
                10 => files.unlink(&from).map(drop),
                11 => files.truncate(&from, below(70) as u64).map(drop),
                _ => files.chmod(&from, [0o755, 0o555][below(2)]).map(drop),
            };
            if let Err(error) = done {
                seen.insert(error.code.name());
                assert_eq!(all(&files), before, "seed {seed}: {error}");
            }
            let (list, (bytes, inodes)) = all(&files);
            assert_eq!(list.len(), inodes, "seed {seed}");
            let counted: u64 = files
                .entries("/")
                .unwrap()
                .filter(|entry| entry.kind != Kind::Directory)
                .map(|entry| entry.length)
                .sum();
            assert!(bytes == counted && bytes <= limits.bytes && inodes <= limits.inodes, "seed {seed}");
        }
    }
    for code in ["ENOSPC", "EACCES", "ENAMETOOLONG", "EISDIR", "ENOTDIR", "ENOTEMPTY", "EINVAL", "ELOOP"] {
        assert!(seen.contains(code), "{code} was not met, but {seen:?}");
    }
}
