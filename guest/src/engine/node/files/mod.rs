//! What `node:fs` is made of: one function for each primitive, on the files in memory and on
//! those of the host's folders that are mounted among them.
//!
//! A path that resolves into a mount is the host's: its primitive has a second half here that
//! asks the host, see [`Shared::mount`].

mod attributes;
mod content;
mod copy;
mod entries;
mod fault;
mod mounted;
mod open;
mod value;

use super::super::shared::Shared;
use crate::files::{FileSystem, FsError, MountPath, Where};
use alloc::rc::Rc;
use fault::Fault;
use hypercell_common::mount::Errno;
use rquickjs::{Ctx, Function, IntoJs, Object, Value, function::IntoJsFunc};

/// What a new file or directory is not allowed to anybody but its owner.
const UMASK: u32 = 0o022;

/// Defines the functions on `target`. Paths are relative to the working directory, times are
/// in microseconds since 1970, `stat` is a list of numbers (see `value::Numbers`).
///
/// - `fsStat(path, follow)`, `fsFstat(fd)`, `fsStatfs(path)`
/// - `fsAccess(path, bits)`, `fsChmod(path, mode)`, `fsFchmod(fd, mode)`
/// - `fsUtimes(path, atime, mtime, follow)`, `fsFutimes(fd, atime, mtime)`
/// - `fsRealpath(path)`, `fsReadlink(path)`
/// - `fsReadFile(path, text)`: its bytes, or its text
/// - `fsWriteFile(path, data, flags, mode)`, `fsTruncate(path, length)`
/// - `fsCopyFile(from, to, exclusive)`
/// - `fsOpen(path, flags, mode)`, `fsClose(fd)`, `fsFtruncate(fd, length)`
/// - `fsRead(fd, length, position)`: bytes; `fsWrite(fd, data, position)`: how many. Without
///   a position, where the last read or write ended
/// - `fsReaddir(path)`: a list of names and one of kinds
/// - `fsMkdir(path, mode, recursive)`: the first path that was made, of a recursive one
/// - `fsMkdtemp(prefix, suffix)`, `fsSymlink(target, path)`, `fsRename(from, to)`
/// - `fsRmdir(path)`, `fsUnlink(path)`, `fsRemove(path, recursive, force)`
/// - `timersEpoch()`: a number that is another one once all timers were forgotten
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    attributes::install(target, shared)?;
    content::install(target, shared)?;
    copy::install(target, shared)?;
    entries::install(target, shared)?;
    open::install(target, shared)?;
    let s = Rc::clone(shared);
    define(target, "timersEpoch", move || s.timers.epoch())
}

/// Defines a function.
fn define<'js, P>(
    target: &Object<'js>,
    name: &str,
    function: impl IntoJsFunc<'js, P> + 'js,
) -> rquickjs::Result<()> {
    target.set(name, Function::new(target.ctx().clone(), function)?)
}

/// Gives guest code what came of a primitive, or throws why nothing did.
fn give<'js, T: IntoJs<'js>>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    done: Result<T, Fault>,
) -> rquickjs::Result<Value<'js>> {
    match done {
        Ok(value) => value.into_js(ctx),
        Err(fault) => Err(fault.throw(ctx, shared)),
    }
}

impl Shared {
    /// Does something at a path: in memory, or in the mount that it leads to.
    fn at<T>(
        &self,
        syscall: &'static str,
        given: &str,
        here: impl FnOnce(&mut FileSystem, &str) -> Result<Where<T>, FsError>,
        there: impl FnOnce(&MountPath) -> Result<T, Errno>,
    ) -> Result<T, Fault> {
        let path = self.absolute(given);
        match self.files(|files| here(files, &path)).ok_or(Fault::NoFiles(syscall))? {
            Ok(Where::Here(done)) => Ok(done),
            Ok(Where::Mount(at)) => there(&at).map_err(|errno| Fault::of(errno, syscall).at(given)),
            Err(error) => Err(Fault::from(error).shown(given)),
        }
    }
}
