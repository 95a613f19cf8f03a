//! Why a primitive failed, as the error that Node.js gives.

use super::super::super::{intrinsics::ErrorClass, shared::Shared};
use crate::files::FsError;
use alloc::{format, string::String};
use hypercell_common::mount::Errno;
use rquickjs::{Ctx, Error, Object, object::Property};

/// Why a primitive failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The sandbox has no files.
    NoFiles(&'static str),
    /// The file system refused, or the host.
    Refused(Refused),
    /// The engine threw.
    Thrown(Error),
}

/// What an error of the file system says.
#[derive(Debug)]
pub(super) struct Refused {
    code: &'static str,
    /// Negative.
    errno: i32,
    text: &'static str,
    syscall: &'static str,
    path: Option<String>,
    dest: Option<String>,
}

impl Fault {
    /// An error of the host, without paths.
    pub(super) fn of(errno: Errno, syscall: &'static str) -> Self {
        let (code, text) = (errno.code(), errno.text());
        Self::Refused(Refused { code, errno: -errno.number(), text, syscall, path: None, dest: None })
    }

    /// The same, at a path.
    pub(super) fn at(self, given: &str) -> Self {
        match self {
            Self::Refused(refused) => Self::Refused(Refused { path: Some(given.into()), ..refused }),
            other => other,
        }
    }

    /// The same, at two paths.
    pub(super) fn between(self, given: &str, dest: &str) -> Self {
        match self.at(given) {
            Self::Refused(refused) => Self::Refused(Refused { dest: Some(dest.into()), ..refused }),
            other => other,
        }
    }

    /// Puts the path as it was given in the place of the one that was used, if there is one.
    pub(super) fn shown(self, given: &str) -> Self {
        match self {
            Self::Refused(Refused { path: Some(_), .. }) => self.at(given),
            other => other,
        }
    }

    /// The same error of another operation.
    pub(super) fn during(self, syscall: &'static str) -> Self {
        match self {
            Self::Refused(refused) => Self::Refused(Refused { syscall, ..refused }),
            Self::NoFiles(_) => Self::NoFiles(syscall),
            thrown @ Self::Thrown(_) => thrown,
        }
    }

    /// The same error of an operation on a descriptor.
    pub(super) fn without_path(self) -> Self {
        match self {
            Self::Refused(refused) => Self::Refused(Refused { path: None, ..refused }),
            other => other,
        }
    }

    /// The file system's code, if it refused.
    pub(super) fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refused) => Some(refused.code),
            _ => None,
        }
    }

    /// Throws it.
    pub(super) fn throw(self, ctx: &Ctx<'_>, shared: &Shared) -> Error {
        let thrown = match self {
            Self::Thrown(error) => return error,
            Self::NoFiles(syscall) => no_files(ctx, shared, syscall),
            Self::Refused(refused) => refused.error(ctx, shared),
        };
        match thrown {
            Ok(error) => ctx.throw(error.into_value()),
            Err(error) => error,
        }
    }
}

impl From<FsError> for Fault {
    fn from(error: FsError) -> Self {
        let FsError { code, syscall, path, dest } = error;
        Self::Refused(Refused {
            code: code.name(),
            errno: code.errno(),
            text: code.text(),
            syscall,
            path,
            dest,
        })
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Thrown(error)
    }
}

impl Refused {
    fn error<'js>(self, ctx: &Ctx<'js>, shared: &Shared) -> rquickjs::Result<Object<'js>> {
        let Self { code, errno, text, syscall, path, dest } = self;
        let mut message = format!("{code}: {text}, {syscall}");
        for (between, path) in [(" ", &path), (" -> ", &dest)] {
            if let Some(path) = path {
                message.push_str(between);
                message.push('\'');
                message.push_str(path);
                message.push('\'');
            }
        }
        let error = shared.intrinsics()?.foreign(ctx, "Error", &message)?;
        let own = |key: &str, text: &str| error.prop(key, enumerable(Property::from(text)));
        error.prop("errno", enumerable(Property::from(errno)))?;
        own("code", code)?;
        own("syscall", syscall)?;
        for (key, path) in [("path", path), ("dest", dest)] {
            if let Some(path) = path {
                own(key, &path)?;
            }
        }
        Ok(error)
    }
}

fn no_files<'js>(ctx: &Ctx<'js>, shared: &Shared, syscall: &str) -> rquickjs::Result<Object<'js>> {
    let message =
        format!("ERR_NO_FILES: the sandbox has no file system, {syscall}: give it one when it is built");
    let error = shared.intrinsics()?.foreign(ctx, "Error", &message)?;
    error.prop("code", enumerable(Property::from("ERR_NO_FILES")))?;
    error.prop("syscall", enumerable(Property::from(syscall)))?;
    Ok(error)
}

fn enumerable<T>(property: Property<T>) -> Property<T> {
    property.writable().configurable().enumerable()
}

/// The error of a heap that is full.
pub(super) fn out_of_memory(ctx: &Ctx<'_>, shared: &Shared) -> Error {
    match shared.intrinsics() {
        Ok(intrinsics) => intrinsics.throw(ctx, ErrorClass::Range, "out of memory"),
        Err(error) => error,
    }
}
