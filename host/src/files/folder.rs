//! A tree from a folder of the host.

use super::{
    limits::FileLimits,
    path::stays_inside,
    tree::{FileTree, Node},
};
use crate::{
    error::{Error, Result},
    folder::{Access, Entry, Folder, Kind},
};
use std::{io::Read, path::Path, rc::Rc, sync::Arc};

impl FileTree {
    /// Copies a folder of the host, all of it: files, folders, and links that stay inside.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` with the path: of a folder or a file that cannot be read, of a link
    /// that leads out or may (`..` after a name), of a device, a fifo or a socket, of a name
    /// that is not UTF-8. `ERR_LIMIT` when there is more than `limits` allow.
    pub fn from_folder(path: impl AsRef<Path>, limits: &FileLimits) -> Result<Self> {
        let path = path.as_ref();
        let during = |error: Error| error.during(&format!("cannot take the folder `{}`", path.display()));
        let root = Folder::open(path)
            .map_err(|e| during(Error::invalid_argument("it does not open").with_source(e)))?;
        copy(root, limits).map_err(during)
    }
}

/// A folder that is still to be read: opened when it is its turn.
struct Pending {
    parent: Rc<Folder>,
    name: String,
    path: String,
}

fn copy(root: Folder, limits: &FileLimits) -> Result<FileTree> {
    let mut tree = FileTree::new();
    let mut pending = Vec::new();
    level(Rc::new(root), "", &mut tree, &mut pending, limits)?;
    while let Some(Pending { parent, name, path }) = pending.pop() {
        let folder = parent.folder(Path::new(&name)).map_err(|e| unreadable(&path, e))?;
        level(Rc::new(folder), &path, &mut tree, &mut pending, limits)?;
    }
    Ok(tree)
}

/// Takes what is directly in a folder.
fn level(
    folder: Rc<Folder>,
    prefix: &str,
    tree: &mut FileTree,
    pending: &mut Vec<Pending>,
    limits: &FileLimits,
) -> Result<()> {
    for entry in folder.entries(Path::new(".")).map_err(|e| unreadable(prefix, e))? {
        let Entry { name, kind } = entry.map_err(|e| unreadable(prefix, e))?;
        let name = name.into_string().map_err(|name| {
            Error::invalid_argument(format!("{:?} is not UTF-8", Path::new(prefix).join(name)))
        })?;
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let node = match kind {
            Kind::Directory => {
                pending.push(Pending { parent: Rc::clone(&folder), name, path: path.clone() });
                Node::Dir
            }
            Kind::File => file(&folder, &name, &path, tree.room(&path, limits)?)?,
            Kind::Symlink => link(&folder, &name, &path)?,
            Kind::Other => {
                return Err(Error::invalid_argument(format!("`{path}` is a device, a fifo or a socket")));
            }
        };
        tree.take(&path, node, limits)?;
    }
    Ok(())
}

fn file(folder: &Folder, name: &str, path: &str, room: u64) -> Result<Node> {
    let mut content = Vec::new();
    let access = Access { no_follow: true, ..Access::default() };
    let file = folder.file(Path::new(name), access).map_err(|e| unreadable(path, e))?;
    // One byte more tells that there is more, which the tree's limit refuses.
    file.take(room.saturating_add(1)).read_to_end(&mut content).map_err(|e| unreadable(path, e))?;
    let mode = folder.stat(Path::new(name), false).map_err(|e| unreadable(path, e))?.mode;
    Ok(Node::File { content: Arc::new(content), executable: mode & 0o100 != 0 })
}

fn link(folder: &Folder, name: &str, path: &str) -> Result<Node> {
    let target = folder.read_link(Path::new(name)).map_err(|e| unreadable(path, e))?;
    let target = target.into_string().map_err(|target| {
        Error::invalid_argument(format!("the link `{path}` says {target:?}, which is not UTF-8"))
    })?;
    if !stays_inside(path, &target) {
        return Err(Error::invalid_argument(format!(
            "the link `{path}` says {target:?}, which leads out of the folder or may do so"
        )));
    }
    Ok(Node::Symlink { target })
}

fn unreadable(path: &str, error: std::io::Error) -> Error {
    Error::invalid_argument(format!("`{path}` cannot be read")).with_source(error)
}
