//! What a mount gives, and that nothing outside of it is reached.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::{Mount, Mounts};
use crate::ErrorKind;
use hypercell_common::mount::{Errno, MountKind, MountOp, MountReply, MountRequest, MountStat, MountWrite};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
};
use tempfile::TempDir;

const ROOM: usize = 64 << 10;
const SECRET: &[u8] = b"the host's secret";

/// A mounted folder with a secret beside it.
struct World {
    root: TempDir,
    mounts: Mounts,
}

impl World {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("mount/src")).unwrap();
        fs::create_dir(root.path().join("outside")).unwrap();
        fs::write(root.path().join("outside/secret"), SECRET).unwrap();
        fs::write(root.path().join("mount/src/a.txt"), "content").unwrap();
        let folder = root.path().join("mount");
        let mounts = [Mount::read_only(&folder, "/reading"), Mount::read_write(&folder, "/writing")];
        let mounts = Mounts::open(&mounts).unwrap();
        Self { root, mounts }
    }

    fn host(&self, path: &str) -> PathBuf {
        self.root.path().join("mount").join(path)
    }

    fn on(&self, mount: u32, path: &str, op: MountOp, bytes: &[u8]) -> Result<(MountReply, Vec<u8>), Errno> {
        let request = MountRequest { mount, path: path.to_owned(), op };
        self.mounts.serve(&request, bytes, ROOM).map_err(|error| error.errno)
    }

    fn ask(&self, path: &str, op: MountOp) -> Result<MountReply, Errno> {
        Ok(self.on(1, path, op, &[])?.0)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Errno> {
        Ok(self.on(1, path, MountOp::Read { offset: 0, len: u64::MAX }, &[])?.1)
    }

    fn write(&self, path: &str, how: MountWrite, bytes: &[u8]) -> Result<MountReply, Errno> {
        Ok(self.on(1, path, MountOp::Write(how), bytes)?.0)
    }

    fn stat(&self, path: &str) -> MountStat {
        match self.ask(path, MountOp::Lstat).unwrap() {
            MountReply::Stat(stat) => stat,
            other => panic!("{other:?} is no stat"),
        }
    }

    fn names(&self, path: &str) -> Vec<String> {
        match self.ask(path, MountOp::Readdir { after: None }).unwrap() {
            MountReply::Names { names, more: false } => names.into_iter().map(|entry| entry.name).collect(),
            other => panic!("{other:?} are not all names"),
        }
    }
}

/// Makes the file when there is none.
const CREATE: MountWrite =
    MountWrite { offset: 0, append: false, create: true, exclusive: false, truncate: false };

/// Every operation there is.
fn all_operations() -> Vec<MountOp> {
    vec![
        MountOp::Stat,
        MountOp::Lstat,
        MountOp::Readdir { after: None },
        MountOp::Read { offset: 0, len: 100 },
        MountOp::Readlink,
        MountOp::Realpath,
        MountOp::Write(CREATE),
        MountOp::Mkdir,
        MountOp::Rmdir,
        MountOp::Unlink,
        MountOp::Rename { to: "renamed".into() },
        MountOp::Symlink { target: "src".into() },
        MountOp::Chmod { mode: 0 },
        MountOp::Utimes { atime_us: 0, mtime_us: 0 },
        MountOp::Truncate { len: 0 },
        MountOp::Copy { to: "copied".into(), exclusive: false },
    ]
}

#[test]
fn files_are_written_and_read_in_pieces() {
    let world = World::new();
    assert_eq!(world.write("new", CREATE, b"0123456789"), Ok(MountReply::Number(10)));
    assert_eq!(world.write("new", MountWrite { offset: 3, ..CREATE }, b"xyz"), Ok(MountReply::Number(3)));
    assert_eq!(world.write("new", MountWrite { append: true, ..CREATE }, b"!"), Ok(MountReply::Number(1)));
    let piece = world.on(1, "new", MountOp::Read { offset: 2, len: 5 }, &[]);
    assert_eq!(piece, Ok((MountReply::Number(5), b"2xyz6".to_vec())));
    assert_eq!(fs::read(world.host("new")).unwrap(), b"012xyz6789!");

    assert_eq!(world.write("new", MountWrite { exclusive: true, ..CREATE }, b""), Err(Errno::EEXIST));
    assert_eq!(world.write("none", MountWrite::default(), b"x"), Err(Errno::ENOENT));
    world.write("new", MountWrite { truncate: true, ..CREATE }, b"short").unwrap();
    world.ask("new", MountOp::Truncate { len: 3 }).unwrap();
    assert_eq!(world.read("/new"), Ok(b"sho".to_vec()));
    assert_eq!(world.read("src"), Err(Errno::EISDIR));
}

#[test]
fn a_read_is_never_longer_than_its_room() {
    let world = World::new();
    fs::write(world.host("large"), vec![7; ROOM * 2]).unwrap();
    assert_eq!(world.read("large").unwrap().len(), ROOM);
    let end = MountOp::Read { offset: u64::try_from(ROOM * 2).unwrap(), len: 10 };
    assert_eq!(world.on(1, "large", end, &[]), Ok((MountReply::Number(0), Vec::new())));
    let beyond = MountOp::Read { offset: u64::MAX, len: 10 };
    assert_eq!(world.on(1, "large", beyond, &[]), Err(Errno::EINVAL));
}

#[test]
fn folders_are_made_listed_moved_and_removed() {
    let world = World::new();
    world.ask("made", MountOp::Mkdir).unwrap();
    world.ask("src/a.txt", MountOp::Rename { to: "made/b.txt".into() }).unwrap();
    world.ask("made/b.txt", MountOp::Copy { to: "made/c.txt".into(), exclusive: true }).unwrap();
    assert_eq!(world.names("made"), ["b.txt", "c.txt"]);
    assert_eq!(world.ask("made", MountOp::Rmdir), Err(Errno::ENOTEMPTY));
    world.ask("made/b.txt", MountOp::Unlink).unwrap();
    world.ask("made/c.txt", MountOp::Unlink).unwrap();
    world.ask("made", MountOp::Rmdir).unwrap();
    assert_eq!(world.names(""), ["src"]);
    assert_eq!(world.ask("src", MountOp::Unlink), Err(Errno::EISDIR));
    assert_eq!(world.ask("src/../src/.", MountOp::Realpath), Ok(MountReply::Text("src".into())));
}

#[test]
fn a_copy_onto_itself_keeps_the_content() {
    let world = World::new();
    fs::hard_link(world.host("src/a.txt"), world.host("same")).unwrap();
    world.ask("src/a.txt", MountOp::Copy { to: "same".into(), exclusive: false }).unwrap();
    assert_eq!(world.read("src/a.txt"), Ok(b"content".to_vec()));
}

#[test]
fn only_the_bits_for_writing_can_be_set() {
    let world = World::new();
    let before = world.stat("src/a.txt").mode;
    world.ask("src/a.txt", MountOp::Chmod { mode: 0o7555 }).unwrap();
    assert_eq!(world.stat("src/a.txt").mode, before & !0o222);
    world.ask("src/a.txt", MountOp::Chmod { mode: 0o7777 }).unwrap();
    assert_eq!(world.stat("src/a.txt").mode, before | 0o222);
}

#[test]
fn times_can_be_set_to_the_microsecond() {
    let world = World::new();
    for mtime_us in [1_700_000_000_123_456, -1_500_000] {
        world.ask("src/a.txt", MountOp::Utimes { atime_us: 0, mtime_us }).unwrap();
        assert_eq!(world.stat("src/a.txt").mtime_us, mtime_us);
    }
}

#[test]
fn a_mount_to_read_refuses_every_change_and_keeps_its_content() {
    let world = World::new();
    let changes = all_operations().split_off(6);
    for op in changes {
        assert_eq!(world.on(0, "src/a.txt", op.clone(), b"x"), Err(Errno::EROFS), "{op:?}");
    }
    assert_eq!(world.names(""), ["src"]);
    assert_eq!(fs::read(world.host("src/a.txt")).unwrap(), b"content");
}

#[test]
fn no_operation_leads_out_of_the_folder() {
    let world = World::new();
    let outside = world.root.path().join("outside");
    symlink(&outside, world.host("absolute")).unwrap();
    symlink("../outside", world.host("relative")).unwrap();
    symlink(".", world.host("src/here")).unwrap();
    symlink("src/../../outside", world.host("winding")).unwrap();
    let ways = [
        "../outside/secret",
        "src/../../outside/secret",
        "src/here/../../../outside/secret",
        "absolute/secret",
        "relative/secret",
        "winding/secret",
        "/../outside/secret",
    ];
    for way in ways {
        for op in all_operations() {
            let answer = world.on(1, way, op.clone(), b"overwritten");
            assert_eq!(answer, Err(Errno::EACCES), "{op:?} of {way}");
        }
        for op in
            [MountOp::Rename { to: way.into() }, MountOp::Copy { to: format!("{way}.new"), exclusive: false }]
        {
            assert_eq!(world.ask("src/a.txt", op.clone()), Err(Errno::EACCES), "{op:?}");
        }
    }
    assert_eq!(fs::read(outside.join("secret")).unwrap(), SECRET);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    // An absolute path is one inside of the folder.
    assert_eq!(world.read(outside.join("secret").to_str().unwrap()), Err(Errno::ENOENT));
}

#[test]
fn links_of_guest_code_lead_down_and_nowhere_else() {
    let world = World::new();
    for target in ["/etc/passwd", "..", "../outside/secret", "src/../../outside"] {
        let op = MountOp::Symlink { target: target.into() };
        assert_eq!(world.ask("link", op), Err(Errno::EPERM), "{target}");
    }
    world.ask("link", MountOp::Symlink { target: "src/a.txt".into() }).unwrap();
    assert_eq!(world.read("link"), Ok(b"content".to_vec()));
    assert_eq!(world.ask("link", MountOp::Readlink), Ok(MountReply::Text("src/a.txt".into())));
    assert_eq!(world.stat("link").kind, MountKind::Symlink);

    // A link of the host that leads up is not moved to where it would lead out.
    symlink("../src/a.txt", world.host("src/up")).unwrap();
    assert_eq!(world.ask("src/up", MountOp::Rename { to: "up".into() }), Err(Errno::EPERM));
    symlink("loop", world.host("loop")).unwrap();
    assert_eq!(world.read("loop"), Err(Errno::ELOOP));
}

#[test]
fn fifos_sockets_and_devices_are_refused_without_waiting() {
    let world = World::new();
    nix::unistd::mkfifo(&world.host("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let socket = UnixListener::bind(world.host("socket")).unwrap();
    for path in ["fifo", "socket"] {
        assert_eq!(world.stat(path).kind, MountKind::Other);
        for op in [
            MountOp::Read { offset: 0, len: 1 },
            MountOp::Write(CREATE),
            MountOp::Truncate { len: 0 },
            MountOp::Chmod { mode: 0 },
            MountOp::Utimes { atime_us: 0, mtime_us: 0 },
            MountOp::Copy { to: "copied".into(), exclusive: false },
        ] {
            assert_eq!(world.ask(path, op.clone()), Err(Errno::EACCES), "{op:?} of a {path}");
        }
        assert_eq!(world.ask(path, MountOp::Readdir { after: None }), Err(Errno::ENOTDIR));
        let onto = MountOp::Copy { to: path.into(), exclusive: false };
        assert_eq!(world.ask("src/a.txt", onto), Err(Errno::EACCES));
    }
    drop(socket);

    let devices = Mounts::open(&[Mount::read_write("/dev", "/dev")]).unwrap();
    let op = MountOp::Read { offset: 0, len: 1 };
    let zero = MountRequest { mount: 0, path: "zero".into(), op };
    assert_eq!(devices.serve(&zero, &[], ROOM).map_err(|error| error.errno), Err(Errno::EACCES));
}

#[test]
fn a_folder_that_is_swapped_for_a_link_gives_no_secret() {
    const ROUNDS: usize = 3000;
    const SWAPS: usize = 300;
    const MOST_ROUNDS: usize = 1_000_000;
    let world = World::new();
    fs::write(world.host("src/secret"), "harmless").unwrap();
    symlink("../outside", world.host("link")).unwrap();
    let stop = AtomicBool::new(false);
    let swaps = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                // The name is now a folder of ours, now a link to the one outside.
                let _gone = fs::rename(world.host("src"), world.host("aside"));
                let _gone = fs::rename(world.host("link"), world.host("src"));
                let _gone = fs::rename(world.host("src"), world.host("link"));
                let _gone = fs::rename(world.host("aside"), world.host("src"));
                swaps.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut read = 0;
        for round in 0..MOST_ROUNDS {
            if round >= ROUNDS && swaps.load(Ordering::Relaxed) >= SWAPS {
                break;
            }
            match world.read("src/secret") {
                Ok(bytes) => {
                    assert_eq!(bytes, b"harmless");
                    read += 1;
                }
                Err(errno) => assert!(matches!(errno, Errno::EACCES | Errno::ENOENT), "{errno:?}"),
            }
            let _refused = world.write("src/secret", MountWrite::default(), b"harmless");
            let _refused = world.ask("src/made", MountOp::Mkdir);
        }
        stop.store(true, Ordering::Relaxed);
        assert!(read > 0, "the folder was never there");
        assert!(swaps.load(Ordering::Relaxed) >= SWAPS, "the folder was hardly ever swapped");
    });
    assert_eq!(fs::read(world.root.path().join("outside/secret")).unwrap(), SECRET);
    assert_eq!(fs::read_dir(world.root.path().join("outside")).unwrap().count(), 1);
}

#[test]
fn names_come_in_pages_and_those_that_are_not_utf_8_not_at_all() {
    let world = World::new();
    for number in 0..300 {
        fs::write(world.host(&format!("src/file{number:03}")), "").unwrap();
    }
    fs::write(world.host("src").join(Path::new(OsStr::from_bytes(b"\xff"))), "").unwrap();
    let (mut all, mut after) = (Vec::new(), None);
    for _page in 0..1000 {
        let op = MountOp::Readdir { after: after.clone() };
        let request = MountRequest { mount: 0, path: "src".into(), op };
        let (reply, _) = world.mounts.serve(&request, &[], 1000).unwrap();
        assert!(serde_json::to_string(&reply).unwrap().len() < 1100);
        let MountReply::Names { names, more } = reply else { panic!("{reply:?} has no names") };
        after = names.last().map(|entry| entry.name.clone());
        all.extend(names.into_iter().map(|entry| entry.name));
        if !more {
            break;
        }
    }
    let mut expected = vec!["a.txt".to_owned()];
    expected.extend((0..300).map(|number| format!("file{number:03}")));
    assert_eq!(all, expected);
}

#[test]
fn wrong_requests_are_errors() {
    let world = World::new();
    assert_eq!(world.on(2, "", MountOp::Stat, &[]), Err(Errno::ENODEV));
    assert_eq!(world.ask("a\0b", MountOp::Stat), Err(Errno::EINVAL));
    assert_eq!(world.ask(&"a/".repeat(3000), MountOp::Stat), Err(Errno::ENAMETOOLONG));
    assert_eq!(world.ask(&"a".repeat(300), MountOp::Stat), Err(Errno::ENAMETOOLONG));
    assert_eq!(world.ask("src/a.txt/b", MountOp::Stat), Err(Errno::ENOTDIR));
    let huge = MountWrite { offset: u64::MAX, ..CREATE };
    assert!(world.write("src/a.txt", huge, b"x").is_err());
    fs::write(world.host("sparse"), "").unwrap();
    fs::File::options().write(true).open(world.host("sparse")).unwrap().set_len(1 << 30).unwrap();
    let copy = MountOp::Copy { to: "copied".into(), exclusive: false };
    assert_eq!(world.ask("sparse", copy), Err(Errno::EFBIG));
}

#[test]
fn what_cannot_be_mounted_is_refused_with_both_paths() {
    let root = tempfile::tempdir().unwrap();
    let missing = root.path().join("missing");
    let error = Mounts::open(&[Mount::read_only(&missing, "/data")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArg);
    assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
    assert!(error.to_string().contains("`/data`: No such file"), "{error}");
    for path in ["data", "/", "/a//b", "/a/../b", "/a/", "/a\0"] {
        let error = Mounts::open(&[Mount::read_only(root.path(), path)]).unwrap_err();
        assert!(error.to_string().contains("guest path"), "{error}");
    }
    let twice = [Mount::read_only(root.path(), "/a"), Mount::read_write(root.path(), "/a")];
    assert!(Mounts::open(&twice).unwrap_err().to_string().contains("two mounts"));
}
