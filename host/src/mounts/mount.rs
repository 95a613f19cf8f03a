//! Which folders, and where the guest sees them.

use crate::{
    error::{Error, Result},
    folder::Folder,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A host folder that guest code sees at a path of its own.
///
/// It is opened once, when the sandbox is built. Guest code reaches what is in it and
/// nothing else, whatever links there are; devices, fifos and sockets in it are not opened.
/// What guest code writes there is the host's at once, and no restore takes it back.
///
/// ```
/// use hypercell::Mount;
///
/// let mounts = [Mount::read_only("/srv/project", "/project"), Mount::read_write("/srv/out", "/out")];
/// # drop(mounts);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    host: PathBuf,
    guest: String,
    writable: bool,
}

impl Mount {
    /// A folder that guest code reads. `guest_path` is absolute, such as `/project`; it is
    /// checked when a sandbox is built.
    pub fn read_only(host_folder: impl AsRef<Path>, guest_path: impl Into<String>) -> Self {
        Self { host: host_folder.as_ref().to_owned(), guest: guest_path.into(), writable: false }
    }

    /// A folder that guest code reads and writes.
    pub fn read_write(host_folder: impl AsRef<Path>, guest_path: impl Into<String>) -> Self {
        Self { writable: true, ..Self::read_only(host_folder, guest_path) }
    }

    /// Where guest code sees it.
    #[must_use]
    pub fn guest_path(&self) -> &str {
        &self.guest
    }

    /// Whether guest code may write.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    fn check(&self) -> Result<()> {
        let wrong = |why| {
            let path = &self.guest;
            Err(Error::invalid_argument(format!("the guest path of a mount is {path:?}, and {why}")))
        };
        let Some(names) = self.guest.strip_prefix('/') else {
            return wrong("it must begin with `/`");
        };
        if names.is_empty() {
            return wrong("a mount needs a folder of its own below `/`");
        }
        if names.split('/').any(|name| matches!(name, "" | "." | "..") || name.contains('\0')) {
            return wrong("its names must be neither empty nor `.` nor `..`, and have no NUL");
        }
        Ok(())
    }
}

/// The mounts of a sandbox, opened. Clones share the folders.
#[derive(Debug, Clone, Default)]
pub struct Mounts {
    pub(super) opened: Arc<[Opened]>,
}

#[derive(Debug)]
pub(super) struct Opened {
    pub(super) folder: Folder,
    pub(super) writable: bool,
}

impl Mounts {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.opened.len()
    }

    /// Opens the folders.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when a folder cannot be opened, or a guest path is wrong or there
    /// twice: with both paths and the reason.
    pub fn open(mounts: &[Mount]) -> Result<Self> {
        let mut opened = Vec::with_capacity(mounts.len());
        for (index, mount) in mounts.iter().enumerate() {
            mount.check()?;
            if mounts.iter().take(index).any(|other| other.guest == mount.guest) {
                let path = &mount.guest;
                return Err(Error::invalid_argument(format!("two mounts have the guest path `{path}`")));
            }
            let folder = Folder::open(&mount.host).map_err(|error| {
                let (host, guest) = (mount.host.display(), &mount.guest);
                Error::invalid_argument(format!("cannot mount the folder `{host}` at `{guest}`"))
                    .with_source(error)
            })?;
            opened.push(Opened { folder, writable: mount.writable });
        }
        Ok(Self { opened: opened.into() })
    }
}
