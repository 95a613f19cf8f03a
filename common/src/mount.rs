//! What the guest asks of a host folder, and what it gets. The bytes of a file travel in
//! a binary section beside these bodies.

use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// One operation on a mount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountRequest {
    /// Which mount, counted from 0 in the order in which the sandbox was given them.
    pub mount: u32,
    /// A path inside of it, with `/` between names; empty for the folder itself.
    pub path: String,
    /// What to do there.
    pub op: MountOp,
}

/// What to do at a path of a mount. All but [`MountOp::Lstat`], [`MountOp::Unlink`],
/// [`MountOp::Rename`] and [`MountOp::Readlink`] follow a link at the path's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MountOp {
    /// What is there: [`MountReply::Stat`].
    Stat,
    /// The same, of a link itself.
    Lstat,
    /// The names in a folder, in the order of their bytes: [`MountReply::Names`].
    Readdir {
        /// Only names after this one: the last of the page before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// Bytes of a file: [`MountReply::Number`] of them, in a section. There may be fewer
    /// than asked for before the file's end; there are none at it.
    Read {
        /// The first byte.
        offset: u64,
        /// The most bytes.
        len: u64,
    },
    /// Writes the section's bytes: [`MountReply::Number`] of them, which is all.
    Write(MountWrite),
    /// Makes a folder.
    Mkdir,
    /// Removes an empty folder.
    Rmdir,
    /// Removes a file or a link.
    Unlink,
    /// Moves what is there within the mount; what `to` names is replaced.
    Rename {
        /// The path afterwards.
        to: String,
    },
    /// Makes a link.
    Symlink {
        /// What it names, relative to the folder that the link is in.
        target: String,
    },
    /// What a link names: [`MountReply::Text`].
    Readlink,
    /// Sets who may write.
    Chmod {
        /// A mode, of which only the bits `0o222` count.
        mode: u32,
    },
    /// Sets times, in microseconds since 1970.
    Utimes {
        /// Of the last access.
        atime_us: i64,
        /// Of the last change.
        mtime_us: i64,
    },
    /// Sets a file's length.
    Truncate {
        /// In bytes.
        len: u64,
    },
    /// The path without links, relative to the mount: [`MountReply::Text`].
    Realpath,
    /// Copies a file within the mount. Large ones are refused with [`Errno::EFBIG`]: read
    /// and write those.
    Copy {
        /// The path of the copy.
        to: String,
        /// Whether it must not exist.
        #[serde(default)]
        exclusive: bool,
    },
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MountWrite {
    /// Where to; without meaning with `append`.
    pub offset: u64,
    /// Writes at the file's end, wherever that is by then.
    pub append: bool,
    /// Makes the file when there is none.
    pub create: bool,
    /// Makes the file, and fails when there is something.
    pub exclusive: bool,
    /// Empties the file first.
    pub truncate: bool,
}

/// What came of a [`MountRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MountReply {
    /// It is done.
    Nothing,
    /// A number of bytes.
    Number(u64),
    /// A path.
    Text(String),
    /// What is at the path.
    Stat(MountStat),
    /// Names in a folder.
    Names {
        /// In the order of their bytes.
        names: Vec<MountName>,
        /// Whether there are names after the last one.
        more: bool,
    },
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountStat {
    /// File, folder or link.
    pub kind: MountKind,
    /// Bytes of a file.
    pub size: u64,
    /// The permission bits, `0o777` at most.
    pub mode: u32,
    /// When it was changed last, in microseconds since 1970.
    pub mtime_us: i64,
    /// The inode's number.
    pub ino: u64,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MountName {
    /// The name.
    pub name: String,
    /// What it names; a link is a link.
    pub kind: MountKind,
}

/// What something in a file system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MountKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, a fifo or a socket: it cannot be opened.
    Other,
}

macro_rules! errnos {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        /// Why an operation on a mount failed: the errors of POSIX, with Linux's numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Errno { $(#[doc = $text] $name,)* }

        impl Errno {
            /// The error of a number; [`Errno::EIO`] for one that is not among these.
            #[must_use]
            pub const fn from_number(number: i32) -> Self {
                match number { $($number => Self::$name,)* _ => Self::EIO }
            }

            /// The number on Linux, e.g. 2.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self { $(Self::$name => $number,)* }
            }

            /// The name, e.g. `ENOENT`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it means, e.g. `no such file or directory`.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

errnos! {
    EPERM = 1, "operation not permitted";
    ENOENT = 2, "no such file or directory";
    EINTR = 4, "interrupted system call";
    EIO = 5, "i/o error";
    ENXIO = 6, "no such device or address";
    EBADF = 9, "bad file descriptor";
    EAGAIN = 11, "resource temporarily unavailable";
    ENOMEM = 12, "not enough memory";
    EACCES = 13, "permission denied";
    EBUSY = 16, "resource busy or locked";
    EEXIST = 17, "file already exists";
    EXDEV = 18, "cross-device link not permitted";
    ENODEV = 19, "no such device";
    ENOTDIR = 20, "not a directory";
    EISDIR = 21, "illegal operation on a directory";
    EINVAL = 22, "invalid argument";
    ENFILE = 23, "file table overflow";
    EMFILE = 24, "too many open files";
    ETXTBSY = 26, "text file is busy";
    EFBIG = 27, "file too large";
    ENOSPC = 28, "no space left on device";
    EROFS = 30, "read-only file system";
    EMLINK = 31, "too many links";
    ENAMETOOLONG = 36, "name too long";
    ENOSYS = 38, "function not implemented";
    ENOTEMPTY = 39, "directory not empty";
    ELOOP = 40, "too many symbolic links encountered";
    EOVERFLOW = 75, "value too large for defined data type";
    EILSEQ = 84, "illegal byte sequence";
    ENOTSUP = 95, "operation not supported";
    ESTALE = 116, "stale file handle";
    EDQUOT = 122, "disk quota exceeded";
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn requests_and_replies_keep_their_form_on_the_wire() {
        let forms = [
            (MountOp::Stat, r#""stat""#),
            (MountOp::Readdir { after: None }, r#"{"readdir":{}}"#),
            (MountOp::Read { offset: 1, len: 2 }, r#"{"read":{"offset":1,"len":2}}"#),
            (MountOp::Rename { to: "b".to_string() }, r#"{"rename":{"to":"b"}}"#),
        ];
        for (op, json) in forms {
            assert_eq!(serde_json::to_string(&op).ok().as_deref(), Some(json));
            assert_eq!(serde_json::from_str::<MountOp>(json).ok(), Some(op));
        }
        let write = serde_json::from_str::<MountOp>(r#"{"write":{"create":true}}"#).ok();
        assert_eq!(write, Some(MountOp::Write(MountWrite { create: true, ..MountWrite::default() })));
    }

    #[test]
    fn an_errno_is_its_name_on_the_wire_and_its_number_on_linux() {
        assert_eq!(serde_json::to_string(&Errno::ENOENT).ok().as_deref(), Some(r#""ENOENT""#));
        assert_eq!(Errno::from_number(40), Errno::ELOOP);
        assert_eq!(Errno::from_number(-1), Errno::EIO);
        assert_eq!((Errno::EXDEV.number(), Errno::EXDEV.code()), (18, "EXDEV"));
    }
}
