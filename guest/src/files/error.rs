//! What an operation on files fails with, in Node.js' words.

use alloc::string::String;
use core::fmt::{Display, Formatter, Result};

macro_rules! codes {
    ($($code:ident = $number:literal, $text:literal;)*) => {
        /// Why an operation failed: Linux' error by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = $text] $code,)*
        }

        impl Code {
            /// The name, such as `ENOENT`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => stringify!($code),)* }
            }

            /// The number as Node.js has it in `errno`: Linux' number, negative.
            #[must_use]
            pub const fn errno(self) -> i32 {
                match self { $(Self::$code => -$number,)* }
            }

            /// What libuv says of it.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$code => $text,)* }
            }
        }
    };
}

codes! {
    EPERM = 1, "operation not permitted";
    ENOENT = 2, "no such file or directory";
    EBADF = 9, "bad file descriptor";
    EACCES = 13, "permission denied";
    EBUSY = 16, "resource busy or locked";
    EEXIST = 17, "file already exists";
    EXDEV = 18, "cross-device link not permitted";
    ENOTDIR = 20, "not a directory";
    EISDIR = 21, "illegal operation on a directory";
    EINVAL = 22, "invalid argument";
    EMFILE = 24, "too many open files";
    EFBIG = 27, "file too large";
    ENOSPC = 28, "no space left on device";
    EROFS = 30, "read-only file system";
    ENAMETOOLONG = 36, "name too long";
    ENOTEMPTY = 39, "directory not empty";
    ELOOP = 40, "too many symbolic links encountered";
}

/// A failed operation. [`Display`] is the message that Node.js gives:
/// `ENOENT: no such file or directory, open '/x'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FsError {
    /// Why it failed.
    pub code: Code,
    /// What Node.js calls the operation, such as `open`.
    pub syscall: &'static str,
    /// The path it was for; none for an operation on a descriptor.
    pub path: Option<String>,
    /// The second path, of an operation that has two.
    pub dest: Option<String>,
}

impl FsError {
    pub(super) fn of(code: Code, syscall: &'static str) -> Self {
        Self { code, syscall, path: None, dest: None }
    }

    pub(super) fn at(code: Code, syscall: &'static str, path: &str) -> Self {
        Self { path: Some(path.into()), ..Self::of(code, syscall) }
    }

    pub(super) fn between(code: Code, syscall: &'static str, path: &str, dest: &str) -> Self {
        Self { dest: Some(dest.into()), ..Self::at(code, syscall, path) }
    }
}

impl Display for FsError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        write!(formatter, "{}: {}, {}", self.code.name(), self.code.text(), self.syscall)?;
        if let Some(path) = &self.path {
            write!(formatter, " '{path}'")?;
        }
        if let Some(dest) = &self.dest {
            write!(formatter, " -> '{dest}'")?;
        }
        Ok(())
    }
}

impl core::error::Error for FsError {}
