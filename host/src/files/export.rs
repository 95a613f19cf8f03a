//! A tree to a folder of the host. The tree is guest code's, mostly.

use super::{
    path::stays_inside,
    tree::{FileEntry, FileTree},
};
use crate::{
    error::{Error, Result},
    folder::{Access, Folder, Kind},
};
use std::{
    io::{self, Write},
    path::Path,
};

impl FileTree {
    /// Writes the tree into a folder of the host, which is made when it is missing. Files
    /// and links that are there are replaced, folders are kept, with what else is in them.
    ///
    /// Nothing is written outside of the folder: no link is followed on the way, neither of
    /// the tree nor of the folder, and none is made that leads out.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the tree is wrong or has a link that leads out or may (it is
    /// absolute, or has `..` after a name): nothing was written. `ERR_INTERNAL` with the
    /// path when something cannot be written, such as a file where a folder is; what came
    /// before it was.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<()> {
        let path = folder.as_ref();
        let during = |error: Error| error.during(&format!("cannot write to the folder `{}`", path.display()));
        self.check().map_err(during)?;
        for (path, entry) in self.entries() {
            if let FileEntry::Symlink { target } = entry
                && !stays_inside(path, target)
            {
                return Err(during(Error::invalid_argument(format!(
                    "the link {path:?} says {target:?}, which leads out of it or may do so; nothing was written"
                ))));
            }
        }
        let root = Folder::open_or_create(path)
            .map_err(|e| during(Error::internal("it does not open; nothing was written").with_source(e)))?;
        let count = self.entries().len();
        for (index, (path, entry)) in self.entries().enumerate() {
            write(&root, path, entry).map_err(|error| {
                let message = format!("{path:?} failed after {index} of {count} entries were written");
                during(Error::internal(message).with_source(error))
            })?;
        }
        Ok(())
    }
}

/// Writes one entry whose folders were written before.
fn write(root: &Folder, path: &str, entry: FileEntry<'_>) -> io::Result<()> {
    let mut names = path.split('/').map(Path::new);
    let last = names.next_back().unwrap_or(Path::new("."));
    // Name by name, so that no link is followed.
    let mut folder: Option<Folder> = None;
    for name in names {
        folder = Some(folder.as_ref().unwrap_or(root).folder(name)?);
    }
    let folder = folder.as_ref().unwrap_or(root);
    match entry {
        FileEntry::Dir => match folder.stat(last, false) {
            Ok(there) if there.kind == Kind::Directory => Ok(()),
            // What else is there makes this fail.
            _ => folder.create_folder(last),
        },
        FileEntry::File { content, executable } => {
            make_way(folder, last)?;
            // Only a new file has no other name, and is no link.
            let access =
                Access { write: true, exclusive: true, no_follow: true, executable, ..Access::default() };
            folder.file(last, access)?.write_all(content)
        }
        FileEntry::Symlink { target } => {
            make_way(folder, last)?;
            folder.symlink(target, last)
        }
    }
}

/// Removes a file or a link.
fn make_way(folder: &Folder, name: &Path) -> io::Result<()> {
    match folder.stat(name, false) {
        Ok(there) if matches!(there.kind, Kind::File | Kind::Symlink) => folder.remove_file(name),
        // What else is there makes the next step fail.
        _ => Ok(()),
    }
}
