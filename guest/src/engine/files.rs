//! Files as the host puts them there, lists them and reads them, and modules that are files.

use super::{
    Engine, Outcome, Reply,
    encode::Encoded,
    error,
    intrinsics::define,
    job::{Job, Part},
    shared::Shared,
};
use crate::files::{Flags, FsError, Kind as Found, Where, resolve::Tree as _};
use alloc::{format, string::String, string::ToString as _, vec, vec::Vec};
use hypercell_common::{
    Kind, Message,
    body::{FileEntry, FileKind, FileList, ListFiles, ReadFile, Thrown},
};
use rquickjs::{Ctx, Module, module::Declared};

/// Bytes of one answer after which no entry is added: the smallest output region has room.
const PAGE: usize = 24 << 10;
/// Bytes of an entry beside its path and target.
const AROUND: usize = 128;
/// More bytes than a link's target has.
const PATHS: usize = 4096;

impl Engine {
    /// Puts files, directories and links where the host wants them.
    pub(super) fn put_files(&mut self, job: Job) -> Outcome {
        let entries: Vec<FileEntry> = parse(&job.body)?;
        let mut contents = vec![&[][..]; entries.len()];
        for Part { path, data, .. } in &job.sections {
            let at = path.trim_matches(['[', ']']).parse::<usize>().ok();
            if let Some(place) = at.and_then(|at| contents.get_mut(at)) {
                *place = data;
            }
        }
        for (entry, bytes) in entries.iter().zip(contents) {
            self.put(entry, bytes)?;
        }
        Ok(Reply::Done(None))
    }

    fn put(&self, entry: &FileEntry, bytes: &[u8]) -> Result<(), Thrown> {
        let FileEntry { path, kind, mode, target, .. } = entry;
        let put = self.shared.files(|files| {
            if let Some((folder, _)) = path.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
                files.mkdir_all(folder, 0o755)?;
            }
            let done = match kind {
                FileKind::Directory => files.mkdir_all(path, *mode)?.here().map(drop),
                FileKind::Symlink => files.symlink(target, path)?.here(),
                FileKind::File => {
                    let flags = Flags { write: true, create: true, truncate: true, ..Flags::default() };
                    files.write(path, bytes, flags, *mode)?.here()
                }
            };
            Ok::<_, FsError>(done)
        });
        match put {
            None => Err(error::request("the sandbox has no file system")),
            Some(Ok(Some(()))) => Ok(()),
            Some(Ok(None)) => Err(error::request(format!("{path:?} lies in a mount"))),
            Some(Err(fault)) => Err(failed(&FsError { path: Some(path.clone()), ..fault })),
        }
    }

    /// Lists what lies at a path and below it.
    pub(super) fn list_files(&mut self, job: Job) -> Outcome {
        let ListFiles { skip, since } = parse(&job.body)?;
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let listed = self.shared.files(|files| {
            let listed = match since {
                Some(since) => files.changed_since(&job.target, since)?,
                None => files.entries(&job.target)?,
            };
            let mut listed = listed.skip(skip);
            let (mut entries, mut bytes) = (Vec::new(), 0);
            while bytes < PAGE
                && let Some(entry) = listed.next()
            {
                // A link's length is that of its target.
                bytes += AROUND + 2 * (entry.path.len() + usize::try_from(entry.length).unwrap_or(0) % PATHS);
                entries.push(entry);
            }
            let more = listed.next().is_some();
            let entries = entries.into_iter().map(|found| FileEntry {
                kind: kind_of(found.kind),
                target: match found.kind {
                    Found::Link => files.readlink(&found.path).ok().and_then(Where::here).unwrap_or_default(),
                    _ => String::new(),
                },
                path: found.path,
                mode: found.mode,
                len: found.length,
                mtime_us: found.mtime,
            });
            let entries = entries.collect();
            Ok::<_, FsError>(FileList { entries, more, generation: files.generation() })
        });
        let list = there(listed)?;
        let text = serde_json::to_string(&list).map_err(|fault| error::request(fault.to_string()))?;
        Ok(Reply::Done(Some(Encoded::of_text(text))))
    }

    /// Reads from a file.
    pub(super) fn read_file(&mut self, job: Job) -> Outcome {
        let ReadFile { offset, len } = parse(&job.body)?;
        let read = self.shared.files(|files| {
            Ok::<_, FsError>(files.read(&job.target)?.here().map(|bytes| {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let end = start.saturating_add(usize::try_from(len).unwrap_or(usize::MAX)).min(bytes.len());
                Vec::from(bytes.get(start..end).unwrap_or_default())
            }))
        });
        match there(read)? {
            Some(bytes) => Ok(Reply::Done(Some(Encoded::of_bytes(bytes)))),
            None => {
                Err(error::request(format!("{:?} lies in a mount, which the host reads itself", job.target)))
            }
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Thrown> {
    serde_json::from_slice(body).map_err(|fault| error::request(format!("the request is malformed: {fault}")))
}

fn there<T>(done: Option<Result<T, FsError>>) -> Result<T, Thrown> {
    done.ok_or_else(|| error::request("the sandbox has no file system"))?.map_err(|fault| failed(&fault))
}

/// What the file system refused, with its code.
fn failed(fault: &FsError) -> Thrown {
    Thrown { code: Some(fault.code.name().to_string()), ..error::request(fault.to_string()) }
}

const fn kind_of(kind: Found) -> FileKind {
    match kind {
        Found::File => FileKind::File,
        Found::Directory => FileKind::Directory,
        Found::Link => FileKind::Symlink,
    }
}

/// The URL of a file: what cannot stand in a path there is percent-encoded.
fn file_url(file: &str) -> String {
    let mut url = String::from("file://");
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~!$&'()*+,;=:@".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// Sets what a module learns of its file at `import.meta`.
pub(super) fn describe(module: &Module<'_, Declared>, file: &str) -> rquickjs::Result<()> {
    let meta = module.meta()?;
    meta.set("url", file_url(file))?;
    meta.set("filename", file)?;
    let folder =
        file.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder });
    meta.set("dirname", folder)
}

/// The source text of a file, without its types if it has any.
///
/// # Errors
/// Why there is none, as an error's class and message.
pub(super) fn source(shared: &Shared, path: &str, typescript: bool) -> Result<Vec<u8>, Unreadable> {
    let bytes = shared.read(path).ok_or_else(|| Unreadable::file(path, "cannot be read"))?;
    let text = String::from_utf8(bytes).map_err(|fault| {
        let at = fault.utf8_error().valid_up_to();
        Unreadable::file(path, &format!("is not UTF-8 text after byte {at}"))
    })?;
    let text = if typescript { strip(shared, path, &text)? } else { text };
    Ok(super::job::terminable(text.trim_start_matches('\u{feff}')))
}

/// Why a file has no source text.
pub(super) struct Unreadable(Thrown);

impl Unreadable {
    fn file(path: &str, what: &str) -> Self {
        Self::because(format!("the file '{path}' {what}"))
    }

    fn because(message: String) -> Self {
        Self(Thrown { name: "Error".to_string(), message, ..Thrown::default() })
    }

    pub(super) fn into_thrown(self) -> Thrown {
        self.0
    }

    /// Throws it: a `SyntaxError` shows its place in the file.
    pub(super) fn throw(self, ctx: &Ctx<'_>, shared: &Shared) -> rquickjs::Error {
        let Thrown { name, message, stack, .. } = self.0;
        let thrown = shared.intrinsics().and_then(|intrinsics| {
            let error = intrinsics.foreign(ctx, &name, &message)?;
            if !stack.is_empty() {
                define(&error, "stack", stack)?;
            }
            Ok(ctx.throw(error.into_value()))
        });
        thrown.unwrap_or_else(|error| error)
    }
}

/// JavaScript from TypeScript: the host's to make.
pub(super) fn strip(shared: &Shared, path: &str, text: &str) -> Result<String, Unreadable> {
    let message = Message { body: text, ..Message::new(Kind::TypeScript, shared.call.get(), path) };
    let answer = super::host_call::exchange(shared, &message)
        .map_err(|_| Unreadable::file(path, "is too large, or its JavaScript would be"))?;
    match answer.kind {
        Kind::HostReturn => {
            String::from_utf8(answer.body).map_err(|fault| Unreadable::because(fault.to_string()))
        }
        _ => Err(match serde_json::from_slice(&answer.body) {
            Ok(thrown) => Unreadable(thrown),
            Err(fault) => Unreadable::because(fault.to_string()),
        }),
    }
}
