//! Removing trees.

use super::{
    Code, FileSystem, FsError, Ino, Kind, Where,
    inode::Body,
    path::{End, Last},
};

impl FileSystem {
    /// Removes a file or link, and with `recursive` a directory with all that is in it.
    /// With `force`, nothing being there is fine. Removes all or nothing.
    ///
    /// # Errors
    /// `EISDIR` for a directory without `recursive`; `EBUSY` for the root and where a
    /// mount is; `EACCES` and `EROFS`; those of a lookup.
    pub fn remove(&mut self, path: &str, recursive: bool, force: bool) -> Result<Where<()>, FsError> {
        let removed = self.on_mut("rm", path, Last::Entry, |files, walk| {
            match walk.end {
                End::Name => {}
                End::Dot | End::DotDot => return Err(Code::EINVAL),
                End::Root => return Err(Code::EBUSY),
            }
            let ino = walk.target.ok_or(Code::ENOENT)?;
            let is_directory = files.inodes.get(ino)?.kind() == Kind::Directory;
            if is_directory && !recursive {
                return Err(Code::EISDIR);
            }
            if walk.slash && !is_directory {
                return Err(Code::ENOTDIR);
            }
            files.may_remove(walk.parent, ino)?;
            files.remove_tree(walk.parent, &walk.name, ino)
        });
        match removed {
            Err(error) if force && error.code == Code::ENOENT => Ok(Where::Here(())),
            removed => removed,
        }
    }

    fn remove_tree(&mut self, parent: Ino, name: &str, top: Ino) -> Result<(), Code> {
        let all = self.below(top)?;
        for ino in &all {
            let inode = self.inodes.get(*ino)?;
            match &inode.body {
                Body::Mount(_) => return Err(Code::EBUSY),
                Body::Directory(directory) if !directory.entries.is_empty() => inode.writable()?,
                _ if inode.read_only => return Err(Code::EROFS),
                _ => {}
            }
        }
        self.unlink_entry(parent, name)?;
        for ino in all.iter().rev() {
            let inode = self.inodes.get_mut(*ino)?;
            inode.linked = false;
            if let Body::Directory(directory) = &mut inode.body {
                *directory = super::inode::Directory::default();
            }
            self.free(*ino);
        }
        Ok(())
    }
}
