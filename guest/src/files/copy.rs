//! Copying files and trees.

use super::{
    Between, Code, FileSystem, FsError, Ino, Place, Where,
    attributes::existing,
    inode::{Body, Directory},
    path::{Last, Walk},
    tree::{copied, copied_bytes, push},
};
use alloc::{boxed::Box, vec::Vec};

/// How a tree is copied, as the options of `fs.cp` have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Node.js")]
pub struct Copying {
    /// Directories are copied.
    pub recursive: bool,
    /// Files that are there are replaced; without, they stay as they are.
    pub force: bool,
    /// Without `force`, a file that is there is `EEXIST`.
    pub error_on_exist: bool,
    /// Copies have the times of what they are copies of.
    pub preserve_times: bool,
}

impl Default for Copying {
    fn default() -> Self {
        Self { recursive: false, force: true, error_on_exist: false, preserve_times: false }
    }
}

/// Where a copy goes.
enum Target {
    /// To an inode that is there: a directory that is filled, a file that is replaced.
    Onto(Ino),
    /// To a new entry.
    Into(Ino, Box<str>),
}

impl FileSystem {
    /// Copies a file's contents and mode, over a file that is there unless `exclusive`.
    ///
    /// # Errors
    /// `EEXIST`, `EISDIR`, `ENOSPC`, `EACCES`, `EROFS`; those of a lookup.
    pub fn copy_file(&mut self, from: &str, to: &str, exclusive: bool) -> Result<Between<()>, FsError> {
        let at = |code| FsError::between(code, "copyfile", from, to);
        let source = self.walk(from, Last::Follow).map_err(at)?;
        let last = if exclusive { Last::Keep } else { Last::Follow };
        let target = self.walk(to, last);
        if let Where::Here(walk) = &source {
            existing(walk).and_then(|ino| self.contents(ino)).map_err(at)?;
        }
        match (source, target.map_err(at)?) {
            (Where::Here(source), Where::Here(target)) => {
                self.copy_bytes(&source, &target, exclusive).map(Between::Here).map_err(at)
            }
            (source, target) => Ok(Between::Mount { from: place(source), to: place(target) }),
        }
    }

    fn copy_bytes(&mut self, source: &Walk, target: &Walk, exclusive: bool) -> Result<(), Code> {
        let source = existing(source)?;
        let mode = self.inodes.get(source)?.mode;
        let flags = super::Flags { write: true, create: true, exclusive, ..super::Flags::default() };
        let Some(ino) = self.may_open(target, flags)? else {
            self.room(1, self.contents(source)?.len() as u64, 0)?;
            let bytes = copied_bytes(self.contents(source)?)?;
            return self.make(target, Body::File(bytes), mode).map(|_| ());
        };
        if ino == source {
            return Ok(());
        }
        let (bytes, freed) = (self.contents(source)?, self.contents(ino)?.len());
        self.room(0, bytes.len() as u64, freed as u64)?;
        let bytes = copied_bytes(bytes)?;
        self.put(ino, bytes)?;
        self.inodes.get_mut(ino)?.mode = mode;
        Ok(())
    }

    /// Copies a file, a link as it is, or a tree; a directory into one that is there.
    /// Copies all or nothing.
    ///
    /// # Errors
    /// `EISDIR` for a directory without `recursive` or one that a file would replace,
    /// `ENOTDIR` for what a directory would replace, `EINVAL` into itself or onto
    /// itself, `EEXIST`, `EXDEV` where a mount is in the tree or would be written,
    /// `ENOSPC`, `EACCES`, `EROFS`; those of a lookup.
    pub fn copy(&mut self, from: &str, to: &str, how: Copying) -> Result<Between<()>, FsError> {
        let at = |code| FsError::between(code, "cp", from, to);
        let source = self.walk(from, Last::Keep).map_err(at)?;
        let target = self.walk(to, Last::Keep).map_err(at)?;
        match (source, target) {
            (Where::Here(source), Where::Here(target)) => {
                self.copy_tree(&source, &target, how).map(Between::Here).map_err(at)
            }
            (source, target) => Ok(Between::Mount { from: place(source), to: place(target) }),
        }
    }

    fn copy_tree(&mut self, source: &Walk, target: &Walk, how: Copying) -> Result<(), Code> {
        let source = existing(source)?;
        let is_directory = self.inodes.get(source)?.directory().is_ok();
        if is_directory && !how.recursive {
            return Err(Code::EISDIR);
        }
        if target.target == Some(source)
            || (is_directory && self.is_within(target.target.unwrap_or(target.parent), source)?)
        {
            return Err(Code::EINVAL);
        }
        let to = match target.target {
            Some(ino) => Target::Onto(ino),
            None => {
                self.may_make(target.parent)?;
                if is_directory {
                    self.may_be_deep(target.parent, self.height(source)?)?;
                }
                Target::Into(target.parent, copied(&target.name)?.into())
            }
        };
        let plan = self.plan(source, to, how)?;
        self.check_room(&plan)?;
        self.carry_out(plan, how)
    }

    /// What is copied to where: directories that are there merge, and what is new
    /// comes with all below it.
    fn plan(&self, source: Ino, to: Target, how: Copying) -> Result<Vec<(Ino, Target)>, Code> {
        let mut plan = Vec::new();
        let mut open = Vec::new();
        push(&mut open, (source, to))?;
        while let Some((source, to)) = open.pop() {
            let body = &self.inodes.get(source)?.body;
            let Target::Onto(target) = to else {
                let within = self.below(source)?;
                if within.iter().any(|ino| self.inodes.get(*ino).is_ok_and(is_mount)) {
                    return Err(Code::EXDEV);
                }
                push(&mut plan, (source, to))?;
                continue;
            };
            let there = self.inodes.get(target)?;
            match (body, &there.body) {
                (Body::Mount(_), _) | (_, Body::Mount(_)) => return Err(Code::EXDEV),
                (Body::Directory(directory), Body::Directory(entries)) => {
                    for (name, ino) in &directory.entries {
                        let to = match entries.get(name) {
                            Some(there) => Target::Onto(there),
                            None => {
                                there.writable()?;
                                if self.inodes.get(*ino)?.directory().is_ok() {
                                    self.may_be_deep(target, self.height(*ino)?)?;
                                }
                                Target::Into(target, copied(name)?.into())
                            }
                        };
                        push(&mut open, (*ino, to))?;
                    }
                }
                (Body::Directory(_), _) => return Err(Code::ENOTDIR),
                (_, Body::Directory(_)) => return Err(Code::EISDIR),
                _ if how.force => {
                    // A link is replaced, which is a change of its directory.
                    there.writable()?;
                    push(&mut plan, (source, to))?;
                }
                _ if how.error_on_exist => return Err(Code::EEXIST),
                _ => {}
            }
        }
        Ok(plan)
    }

    fn check_room(&self, plan: &[(Ino, Target)]) -> Result<(), Code> {
        let (mut inodes, mut bytes, mut freed) = (0_usize, 0_u64, 0_u64);
        for (source, to) in plan {
            match to {
                Target::Onto(target) => freed += self.inodes.get(*target)?.len(),
                Target::Into(..) => {
                    let all = self.below(*source)?;
                    inodes += all.len();
                    for ino in all.iter().skip(1) {
                        bytes += self.inodes.get(*ino)?.len();
                    }
                }
            }
            bytes += self.inodes.get(*source)?.len();
        }
        self.room(inodes, bytes, freed)
    }

    /// Makes all copies first, and gives them their places once none can fail any more.
    fn carry_out(&mut self, plan: Vec<(Ino, Target)>, how: Copying) -> Result<(), Code> {
        let mut made = Vec::new();
        made.try_reserve(plan.len()).map_err(|_| Code::ENOSPC)?;
        let mut ready = Ok(());
        for (source, to) in &plan {
            let copy = match to {
                Target::Onto(_) => self.body_of(*source).map(Copy::Body),
                Target::Into(..) => self.detached(*source, how).map(Copy::Tree),
            };
            match copy {
                Ok(copy) => made.push(copy),
                Err(code) => {
                    ready = Err(code);
                    break;
                }
            }
            if let Target::Into(parent, _) = to {
                // Of all entries at once: those before have no place yet.
                ready = self.reserve_entries(*parent, plan.len());
                if ready.is_err() {
                    break;
                }
            }
        }
        if ready.is_err() {
            for copy in made {
                if let Copy::Tree(top) = copy {
                    self.discard(top);
                }
            }
            return ready;
        }
        for ((source, to), copy) in plan.into_iter().zip(made) {
            let ino = match (to, copy) {
                (Target::Into(parent, name), Copy::Tree(top)) => {
                    self.link(parent, name, top)?;
                    continue;
                }
                (Target::Onto(ino), Copy::Body(body)) => {
                    let (old, new) = (self.inodes.get(ino)?.len(), self.inodes.get(source)?.len());
                    let mode = self.inodes.get(source)?.mode;
                    let inode = self.inodes.get_mut(ino)?;
                    (inode.body, inode.mode) = (body, mode);
                    self.bytes = self.bytes - old + new;
                    ino
                }
                _ => continue,
            };
            self.written(ino)?;
            if how.preserve_times {
                let times = self.inodes.get(source)?.times;
                self.set_times(ino, times.atime, times.mtime)?;
            }
        }
        Ok(())
    }

    /// A copy of a tree that has no entry yet.
    fn detached(&mut self, source: Ino, how: Copying) -> Result<Ino, Code> {
        let body = self.body_of(source)?;
        let inode = self.inodes.get(source)?;
        let (mode, root) = (inode.mode, self.root);
        let top = self.insert(body, mode, root)?;
        let filled = self.fill(source, top, how);
        if filled.is_err() {
            self.discard(top);
        }
        filled.map(|()| top)
    }

    fn fill(&mut self, source: Ino, top: Ino, how: Copying) -> Result<(), Code> {
        let mut open = Vec::new();
        push(&mut open, (source, top))?;
        while let Some((source, copy)) = open.pop() {
            let mut entries = 0;
            while let Ok(directory) = self.inodes.get(source)?.directory()
                && let Some((name, ino)) = directory.entries.get(entries)
            {
                let (name, ino): (Box<str>, Ino) = (copied(name)?.into(), *ino);
                let body = self.body_of(ino)?;
                let mode = self.inodes.get(ino)?.mode;
                self.reserve_entry(copy)?;
                let new = self.insert(body, mode, copy)?;
                self.link(copy, name, new)?;
                push(&mut open, (ino, new))?;
                entries += 1;
            }
            self.touched(copy)?;
            if how.preserve_times {
                let times = self.inodes.get(source)?.times;
                self.set_times(copy, times.atime, times.mtime)?;
            }
        }
        Ok(())
    }

    /// Frees a tree that has no entry.
    fn discard(&mut self, top: Ino) {
        for ino in self.below(top).unwrap_or_default().iter().rev() {
            if let Ok(inode) = self.inodes.get_mut(*ino) {
                inode.linked = false;
            }
            self.free(*ino);
        }
    }

    /// A copy of a file's or link's body; an empty directory for a directory.
    fn body_of(&self, ino: Ino) -> Result<Body, Code> {
        match &self.inodes.get(ino)?.body {
            Body::File(bytes) => copied_bytes(bytes).map(Body::File),
            Body::Link(target) => copied(target).map(Body::Link),
            Body::Directory(_) => Ok(Body::Directory(Directory::default())),
            Body::Mount(_) => Err(Code::EXDEV),
        }
    }

    fn reserve_entries(&mut self, directory: Ino, count: usize) -> Result<(), Code> {
        match &mut self.inodes.get_mut(directory)?.body {
            Body::Directory(directory) => directory.entries.try_reserve(count).map_err(|_| Code::ENOSPC),
            _ => Err(Code::ENOTDIR),
        }
    }
}

/// A copy that has no place yet.
enum Copy {
    Body(Body),
    Tree(Ino),
}

fn is_mount(inode: &super::inode::Inode) -> bool {
    matches!(inode.body, Body::Mount(_))
}

fn place(walk: Where<Walk>) -> Place {
    match walk {
        Where::Here(_) => Place::Here,
        Where::Mount(path) => Place::Mount(path),
    }
}
