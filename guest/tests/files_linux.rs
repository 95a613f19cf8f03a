//! The file system agrees with Linux: the same random operations on both.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]
#![cfg(target_os = "linux")]

use hypercell_guest::files::{Between, Fd, FileSystem, Flags, Kind, Limits, Stat, Where};
use std::{
    fmt::{Debug, Write as _},
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

/// Directories above the one that is worked in, so that no `..` leaves the first.
const ABOVE: usize = 24;

/// Numbers that look random, the same in each run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }

    /// A path of few names, so that most operations meet what others left.
    fn path(&mut self, base: &str) -> String {
        let mut path = base.to_owned();
        let mut climbs = 0;
        for _ in 0..=self.below(4) {
            let mut name = self.of(&["a", "b", "c", "d", "a", "b", ".", ".."]);
            if name == ".." {
                climbs += 1;
            }
            if climbs > 2 {
                name = "a";
            }
            let slash = self.of(&["/", "/", "/", "//"]);
            write!(path, "{slash}{name}").unwrap();
        }
        if self.below(8) == 0 {
            path.push('/');
        }
        path
    }

    fn target(&mut self, base: &str) -> String {
        match self.below(3) {
            0 => self.path(base),
            1 => self.of(&["a", "b", "c/d", "a/b/c", ".", "a/", "d/"]).to_owned(),
            _ => self.of(&["../a", "../b", "..", "../c/d", "../d/"]).to_owned(),
        }
    }
}

/// Either side's answer: what it says, or Linux' number.
type Answer = Result<String, i32>;

fn real<T: Debug>(result: std::io::Result<T>) -> Answer {
    result.map(|done| format!("{done:?}")).map_err(|error| -error.raw_os_error().unwrap())
}

fn ours<T: Debug>(result: Result<Where<T>, hypercell_guest::files::FsError>) -> Answer {
    result.map(|done| format!("{:?}", done.here().unwrap())).map_err(|error| error.code.errno())
}

struct Both {
    files: FileSystem,
    base: String,
    open: Vec<(File, Fd)>,
}

impl Both {
    fn new(folder: &Path) -> Self {
        let mut base = folder.to_str().unwrap().to_owned();
        for _ in 0..ABOVE {
            base.push_str("/w");
        }
        fs::create_dir_all(&base).unwrap();
        let mut files = FileSystem::new(Limits::default(), 0).unwrap();
        files.mkdir_all(&base, 0o755).unwrap();
        Self { files, base, open: Vec::new() }
    }

    /// One operation on both: what it was, and the two answers.
    fn step(&mut self, random: &mut Random) -> (String, Answer, Answer) {
        let base = self.base.clone();
        let path = random.path(&base);
        match random.below(21) {
            0..=2 => {
                let made = fs::DirBuilder::new().mode(0o755).create(&path);
                (format!("mkdir {path}"), real(made), ours(self.files.mkdir(&path, 0o755)))
            }
            3 => (format!("rmdir {path}"), real(fs::remove_dir(&path)), ours(self.files.rmdir(&path))),
            4 => (format!("unlink {path}"), real(fs::remove_file(&path)), ours(self.files.unlink(&path))),
            5..=7 => {
                let to = random.path(&base);
                let done = self.files.rename(&path, &to).map(|done| {
                    assert_eq!(done, Between::Here(()), "there is no mount");
                    Where::Here(())
                });
                (format!("rename {path} {to}"), real(fs::rename(&path, &to)), ours(done))
            }
            8 | 9 => {
                let target = random.target(&base);
                let made = real(symlink(&target, &path));
                (format!("symlink {target} {path}"), made, ours(self.files.symlink(&target, &path)))
            }
            10 => (
                format!("readlink {path}"),
                real(fs::read_link(&path).map(|target| target.to_str().unwrap().to_owned())),
                ours(self.files.readlink(&path)),
            ),
            11 => (
                format!("realpath {path}"),
                real(fs::canonicalize(&path).map(|target| target.to_str().unwrap().to_owned())),
                ours(self.files.realpath(&path)),
            ),
            12 => {
                let length = random.below(10);
                let cut = OpenOptions::new().read(true).write(true).open(&path);
                let cut = cut.and_then(|file| file.set_len(length));
                (format!("truncate {path} {length}"), real(cut), ours(self.files.truncate(&path, length)))
            }
            13 => {
                let mode = 0o700 | u32::try_from(random.below(0o100)).unwrap();
                let set = fs::set_permissions(&path, fs::Permissions::from_mode(mode));
                (format!("chmod {path} {mode:o}"), real(set), ours(self.files.chmod(&path, mode)))
            }
            14 => (
                format!("stat {path}"),
                real(fs::metadata(&path).map(|is| told(is.mode(), is.len()))),
                ours(self.files.stat(&path).map(stat_told)),
            ),
            15 => (
                format!("lstat {path}"),
                real(fs::symlink_metadata(&path).map(|is| told(is.mode(), is.len()))),
                ours(self.files.lstat(&path).map(stat_told)),
            ),
            16..=18 => self.step_open(random, &path),
            _ if self.open.is_empty() => self.step_open(random, &path),
            _ => self.step_descriptor(random),
        }
    }

    fn step_open(&mut self, random: &mut Random, path: &str) -> (String, Answer, Answer) {
        let mut flags =
            Flags::parse(random.of(&["r", "r+", "w", "wx", "w+", "wx+", "a", "ax", "a+", "ax+"])).unwrap();
        flags.no_follow = random.below(8) == 0;
        flags.directory = random.below(16) == 0 && !flags.create;
        let custom = i32::try_from(flags.bits()).unwrap();
        let file = OpenOptions::new()
            .read(flags.read)
            .write(flags.write)
            .custom_flags(custom)
            .mode(0o644)
            .open(path);
        let fd = self.files.open(path, flags, 0o644);
        let told = format!("open {path} {flags:?}");
        if let (Ok(file), Ok(Where::Here(fd))) = (&file, &fd) {
            self.open.push((file.try_clone().unwrap(), *fd));
        }
        (told, real(file.map(|_| ())), ours(fd.map(|_| Where::Here(()))))
    }

    fn step_descriptor(&mut self, random: &mut Random) -> (String, Answer, Answer) {
        let chosen = usize::try_from(random.below(self.open.len() as u64)).unwrap();
        let (file, fd) = &mut self.open[chosen];
        let fd = *fd;
        let bytes = vec![b'x'; usize::try_from(random.below(6)).unwrap()];
        let at = random.below(12);
        let mut read = [0; 8];
        let number = |error: hypercell_guest::files::FsError| error.code.errno();
        match random.below(7) {
            0 => (
                format!("write {fd}"),
                real(file.write(&bytes)),
                self.files.write_fd(fd, &bytes, None).map(|n| n.to_string()).map_err(number),
            ),
            1 => (
                format!("write {fd} at {at}"),
                real(file.write_at(&bytes, at)),
                self.files.write_fd(fd, &bytes, Some(at)).map(|n| n.to_string()).map_err(number),
            ),
            2 => (
                format!("read {fd}"),
                real(file.read(&mut read).map(|length| read[..length].to_vec())),
                self.files.read_fd(fd, 8, None).map(|bytes| format!("{bytes:?}")).map_err(number),
            ),
            3 => (
                format!("read {fd} at {at}"),
                real(file.read_at(&mut read, at).map(|length| read[..length].to_vec())),
                self.files.read_fd(fd, 8, Some(at)).map(|bytes| format!("{bytes:?}")).map_err(number),
            ),
            4 => (
                format!("ftruncate {fd} {at}"),
                real(file.set_len(at)),
                self.files.ftruncate(fd, at).map(|()| "()".to_owned()).map_err(number),
            ),
            5 => (
                format!("fstat {fd}"),
                real(file.metadata().map(|is| told(is.mode(), is.len()))),
                self.files
                    .fstat(fd)
                    .map(|stat| format!("{:?}", stat_told(Where::Here(stat)).here().unwrap()))
                    .map_err(number),
            ),
            _ => {
                self.open.swap_remove(chosen);
                (
                    format!("close {fd}"),
                    Ok("()".to_owned()),
                    self.files.close(fd).map(|()| "()".to_owned()).map_err(number),
                )
            }
        }
    }
}

/// What both tell of an inode: a directory's length is each file system's own.
fn told(mode: u32, length: u64) -> (u32, u64) {
    (mode, if mode & 0o170_000 == Kind::Directory.mode() { 0 } else { length })
}

fn stat_told(stat: Where<Stat>) -> Where<(u32, u64)> {
    let stat = stat.here().unwrap();
    Where::Here(told(stat.mode, stat.size))
}

/// All that lies below a folder: paths, kinds, modes, and contents or targets.
fn tree(folder: &Path, list: &mut Vec<(String, u32, Vec<u8>)>) {
    let is = fs::symlink_metadata(folder).unwrap();
    let content = if is.is_symlink() {
        fs::read_link(folder).unwrap().to_str().unwrap().into()
    } else if is.is_file() {
        fs::read(folder).unwrap()
    } else {
        Vec::new()
    };
    list.push((folder.to_str().unwrap().to_owned(), is.mode(), content));
    if is.is_dir() {
        let mut within: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        within.sort();
        for path in within {
            tree(&path, list);
        }
    }
}

#[test]
fn random_operations_have_the_results_that_linux_gives_them() {
    let folder = std::env::temp_dir().join(format!("hypercell-files-{}", std::process::id()));
    for seed in 1..=40 {
        let mut random = Random(seed << 32 | 0x9E37_79B9);
        let mut both = Both::new(&folder);
        let before = both.files.used();
        let mut steps = Vec::new();
        for _ in 0..600 {
            let (step, linux, ours) = both.step(&mut random);
            steps.push(step.replace(&both.base, "~"));
            let last = steps.last().unwrap();
            assert_eq!(
                ours,
                linux,
                "seed {seed}: {last} after {:#?}",
                &steps[steps.len().saturating_sub(60)..]
            );
        }
        let mut linux = Vec::new();
        tree(Path::new(&folder), &mut linux);
        let ours: Vec<_> = both
            .files
            .entries(folder.to_str().unwrap())
            .unwrap()
            .map(|entry| {
                let content = match entry.kind {
                    Kind::Directory => Vec::new(),
                    Kind::File => both.files.read_at(entry.ino, 0, usize::MAX).unwrap().to_vec(),
                    Kind::Link => both.files.readlink(&entry.path).unwrap().here().unwrap().into_bytes(),
                };
                (entry.path, entry.kind.mode() | entry.mode, content)
            })
            .collect();
        assert_eq!(ours, linux, "seed {seed}");
        for (_, fd) in both.open.drain(..) {
            both.files.close(fd).unwrap();
        }
        // Nothing stays behind of what was removed.
        let kept: Vec<_> = both.files.readdir(&both.base).unwrap().here().unwrap();
        for entry in kept {
            both.files.remove(&format!("{}/{}", both.base, entry.name), true, false).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
        let top = folder.to_str().unwrap();
        both.files.remove(top, true, false).unwrap();
        both.files.mkdir_all(&both.base, 0o755).unwrap();
        assert_eq!(both.files.used(), before, "seed {seed}");
    }
}
