//! From a path to an inode, as Linux walks it.

use super::{Code, FileSystem, Ino, MountId, MountPath, Where, inode::Body};
use alloc::{format, string::String, vec, vec::Vec};

/// `PATH_MAX` without its NUL.
const PATH_LENGTH: usize = 4095;
const NAME_LENGTH: usize = 255;
const LINK_DEPTH: usize = 40;

/// The path from the root: one that does not begin with a slash is below the working
/// directory. Nothing is resolved: what `..` means depends on links.
#[must_use]
pub fn normalize(cwd: &str, path: &str) -> String {
    if path.starts_with('/') || path.is_empty() {
        // The empty path names nothing.
        return path.into();
    }
    let between = if cwd.ends_with('/') { "" } else { "/" };
    format!("{cwd}{between}{path}")
}

/// What is done with a link that is the last of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// It is followed.
    Follow,
    /// It is, unless a slash is behind it: a file is not made by such a name.
    Create,
    /// It is not, unless a slash is behind it.
    Keep,
    /// It is not, and a mount is not entered: the entry itself is meant, for making
    /// or removing it.
    Entry,
}

impl Last {
    /// Whether a link is not followed, with a slash behind it or without.
    fn keeps(self, slash: bool) -> bool {
        match self {
            Self::Follow => false,
            Self::Create => slash,
            Self::Keep => !slash,
            Self::Entry => true,
        }
    }
}

/// How a path ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Name,
    Dot,
    DotDot,
    Root,
}

/// The end of a path.
#[derive(Debug)]
pub(super) struct Walk {
    /// The directory that has, or would have, the entry.
    pub(super) parent: Ino,
    /// The entry's name if the end is one.
    pub(super) name: String,
    pub(super) end: End,
    /// What is there.
    pub(super) target: Option<Ino>,
    /// The path ended with a slash.
    pub(super) slash: bool,
}

/// The part of a path that is still to be walked: what is behind links is below
/// what they lead to.
struct Rest<'a>(Vec<&'a str>);

impl<'a> Rest<'a> {
    fn next(&mut self) -> Option<&'a str> {
        while let Some(top) = self.0.last_mut() {
            let path = top.trim_start_matches('/');
            if path.is_empty() {
                self.0.pop();
                continue;
            }
            let (name, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
            *top = rest;
            return Some(name);
        }
        None
    }

    /// Whether no name is left, and whether a slash is.
    fn ends(&self) -> (bool, bool) {
        let last = self.0.iter().all(|path| path.bytes().all(|byte| byte == b'/'));
        (last, last && self.0.iter().any(|path| !path.is_empty()))
    }
}

impl FileSystem {
    /// Walks a path. Only its last name may be missing.
    pub(super) fn walk(&self, path: &str, last: Last) -> Result<Where<Walk>, Code> {
        if path.is_empty() {
            return Err(Code::ENOENT);
        }
        if path.len() > PATH_LENGTH {
            return Err(Code::ENAMETOOLONG);
        }
        if path.contains('\0') {
            return Err(Code::EINVAL);
        }
        let mut rest = Rest(vec![path]);
        let mut links = 0;
        let mut at = self.root;
        let mut end = End::Root;
        let mut slash = false;
        while let Some(name) = rest.next() {
            let (is_last, has_slash) = rest.ends();
            slash = has_slash;
            if name == "." || name == ".." {
                end = if name == "." { End::Dot } else { End::DotDot };
                if name == ".." {
                    at = self.inodes.get(at)?.parent;
                }
                continue;
            }
            if name.len() > NAME_LENGTH {
                return Err(Code::ENAMETOOLONG);
            }
            let found = self.inodes.get(at)?.directory()?.get(name);
            let ended = |target| Walk { parent: at, name: name.into(), end: End::Name, target, slash };
            let Some(ino) = found else {
                return if is_last { Ok(Where::Here(ended(None))) } else { Err(Code::ENOENT) };
            };
            match &self.inodes.get(ino)?.body {
                Body::Directory(_) if is_last => return Ok(Where::Here(ended(Some(ino)))),
                Body::Directory(_) => (at, end) = (ino, End::Name),
                Body::File(_) if !is_last || (slash && matches!(last, Last::Follow | Last::Keep)) => {
                    return Err(Code::ENOTDIR);
                }
                Body::File(_) => return Ok(Where::Here(ended(Some(ino)))),
                Body::Mount(_) if is_last && last == Last::Entry => {
                    return Ok(Where::Here(ended(Some(ino))));
                }
                Body::Mount(mount) => match enter(*mount, &mut rest, slash) {
                    Some(inside) if last == Last::Entry && inside.inside.is_empty() => {
                        return Ok(Where::Here(Walk { end: End::Root, ..ended(Some(ino)) }));
                    }
                    Some(inside) => return Ok(Where::Mount(inside)),
                    // The path left it again.
                    None => end = End::DotDot,
                },
                Body::Link(_) if is_last && last.keeps(slash) => {
                    return Ok(Where::Here(ended(Some(ino))));
                }
                Body::Link(target) => {
                    links += 1;
                    if links > LINK_DEPTH {
                        return Err(Code::ELOOP);
                    }
                    if target.starts_with('/') {
                        at = self.root;
                    }
                    end = End::Root;
                    rest.0.push(target);
                }
            }
        }
        let parent = self.inodes.get(at)?.parent;
        Ok(Where::Here(Walk { parent, name: String::new(), end, target: Some(at), slash }))
    }

    /// The path of what an inode's parents lead to.
    pub(super) fn path_of(&self, mut ino: Ino) -> Result<String, Code> {
        let mut names = Vec::new();
        while ino != self.root {
            let parent = self.inodes.get(ino)?.parent;
            let entries = &self.inodes.get(parent)?.directory()?.entries;
            let (name, _) = entries.iter().find(|(_, entry)| *entry == ino).ok_or(Code::ENOENT)?;
            names.push(&**name);
            ino = parent;
        }
        let mut path = String::new();
        for name in names.iter().rev() {
            path.push('/');
            path.push_str(name);
        }
        Ok(if path.is_empty() { "/".into() } else { path })
    }

    /// How many directories an inode is below the root.
    pub(super) fn depth(&self, mut ino: Ino) -> Result<usize, Code> {
        let mut depth = 0;
        while ino != self.root {
            ino = self.inodes.get(ino)?.parent;
            depth += 1;
        }
        Ok(depth)
    }
}

/// Takes the rest of a path into a mount; none if the path leaves it again, whose
/// rest is then still to be walked.
fn enter(mount: MountId, rest: &mut Rest<'_>, mut slash: bool) -> Option<MountPath> {
    let mut names = Vec::new();
    while let Some(name) = rest.next() {
        (_, slash) = rest.ends();
        match name {
            "." => slash = true,
            ".." => {
                slash = true;
                names.pop()?;
            }
            _ => names.push(name),
        }
    }
    Some(MountPath { mount, inside: names.join("/"), directory: slash })
}
