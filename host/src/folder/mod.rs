//! A folder of the host, and nothing outside of it: the one place that names cap-std.
//!
//! Paths are resolved by the kernel (`openat2` with `RESOLVE_BENEATH`), or name by name
//! where it cannot: `..`, absolute links and folders that are swapped meanwhile do not lead
//! out. Nothing but regular files and folders is ever opened.

mod entry;

use cap_std::{
    ambient_authority,
    fs::{Dir, DirBuilder, MetadataExt, OpenOptions, OpenOptionsExt},
};
pub(crate) use entry::{Entry, Kind, Stat};
use std::{
    ffi::OsString,
    fs::{File, FileTimes, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Opening neither waits for another end nor makes a terminal ours.
const WITHOUT_WAITING: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;

/// An open folder.
#[derive(Debug)]
pub(crate) struct Folder(Dir);

/// How a file is opened: to read, unless this says to write.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Access {
    pub(crate) write: bool,
    pub(crate) append: bool,
    pub(crate) create: bool,
    /// Creates, and fails when there is something.
    pub(crate) exclusive: bool,
    /// Does not follow a link at the path's end.
    pub(crate) no_follow: bool,
    /// A file that is created can be executed.
    pub(crate) executable: bool,
}

impl Folder {
    /// Opens a folder of the host by a path of the embedding program.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// The same, and makes it when it is missing.
    pub(crate) fn open_or_create(path: &Path) -> io::Result<Self> {
        Dir::create_ambient_dir_all(path, ambient_authority())?;
        Self::open(path)
    }

    /// Opens a folder in this one, not through a link.
    pub(crate) fn folder(&self, name: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(libc::O_DIRECTORY | libc::O_NOFOLLOW | WITHOUT_WAITING);
        let file = self.0.open_with(name, &options)?.into_std();
        Ok(Self(Dir::from_std_file(file)))
    }

    /// What is at a path.
    pub(crate) fn stat(&self, path: &Path, follow: bool) -> io::Result<Stat> {
        let data = if follow { self.0.metadata(path) } else { self.0.symlink_metadata(path) }?;
        Ok(Stat {
            kind: Kind::of(&data.file_type()),
            size: data.len(),
            mode: data.mode() & 0o777,
            mtime_us: data.mtime().saturating_mul(1_000_000).saturating_add(data.mtime_nsec() / 1000),
            ino: data.ino(),
        })
    }

    /// What is in the folder at a path, in no order.
    pub(crate) fn entries(&self, path: &Path) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
        let entry = |entry: io::Result<cap_std::fs::DirEntry>| {
            let entry = entry?;
            Ok(Entry { name: entry.file_name(), kind: Kind::of(&entry.file_type()?) })
        };
        Ok(self.0.read_dir(path)?.map(entry))
    }

    /// Opens a regular file.
    ///
    /// # Errors
    /// `EISDIR` for a folder, `EACCES` for a device, a fifo or a socket, and the system's.
    pub(crate) fn file(&self, path: &Path, access: Access) -> io::Result<File> {
        let Access { write, append, create, exclusive, no_follow, executable } = access;
        // Opening a device can have effects of its own, so it does not come to that.
        match self.stat(path, !no_follow) {
            Ok(stat) if !exclusive => regular(stat.kind)?,
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.read(!write).write(write).append(append).create(create).create_new(exclusive);
        options.mode(if executable { 0o777 } else { 0o666 });
        options.custom_flags(WITHOUT_WAITING | if no_follow { libc::O_NOFOLLOW } else { 0 });
        let file = self.0.open_with(path, &options)?.into_std();
        // It may have become something else in between.
        regular(Kind::of_std(&file.metadata()?.file_type()))?;
        Ok(file)
    }

    /// Sets who may write a file or a folder.
    pub(crate) fn set_writable(&self, path: &Path, mode: u32) -> io::Result<()> {
        let file = self.file_or_folder(path)?;
        let before = file.metadata()?.permissions().mode();
        let mode = before & 0o777 & !0o222 | mode & 0o222;
        file.set_permissions(Permissions::from_mode(mode))
    }

    /// Sets the times of a file or a folder.
    pub(crate) fn set_times(&self, path: &Path, times: FileTimes) -> io::Result<()> {
        self.file_or_folder(path)?.set_times(times)
    }

    fn file_or_folder(&self, path: &Path) -> io::Result<File> {
        let allowed = |kind| if kind == Kind::Directory { Ok(()) } else { regular(kind) };
        allowed(self.stat(path, true)?.kind)?;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(WITHOUT_WAITING);
        let file = self.0.open_with(path, &options)?.into_std();
        allowed(Kind::of_std(&file.metadata()?.file_type()))?;
        Ok(file)
    }

    pub(crate) fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.create_dir_with(path, &DirBuilder::new())
    }

    pub(crate) fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.0.remove_dir(path)
    }

    pub(crate) fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.0.remove_file(path)
    }

    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.rename(from, &self.0, to)
    }

    /// Makes a link; who calls this has checked where it leads.
    pub(crate) fn symlink(&self, target: &str, path: &Path) -> io::Result<()> {
        self.0.symlink(target, path)
    }

    /// What a link says, wherever that is.
    pub(crate) fn read_link(&self, path: &Path) -> io::Result<OsString> {
        self.0.read_link_contents(path).map(PathBuf::into_os_string)
    }

    /// The path without links, relative to this folder.
    pub(crate) fn real_path(&self, path: &Path) -> io::Result<OsString> {
        self.0.canonicalize(path).map(PathBuf::into_os_string)
    }
}

fn regular(kind: Kind) -> io::Result<()> {
    match kind {
        Kind::File => Ok(()),
        Kind::Directory => Err(io::Error::from_raw_os_error(libc::EISDIR)),
        // A link here is one that must not be followed.
        Kind::Symlink => Err(io::Error::from_raw_os_error(libc::ELOOP)),
        Kind::Other => Err(io::Error::from_raw_os_error(libc::EACCES)),
    }
}
