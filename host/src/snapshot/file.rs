//! Files with a snapshot in them: written whole or not at all, read with nothing
//! taken on trust.

use super::header::{HEADER_LEN, Header, Identity, MAX_DESCRIPTION};
use crate::error::{Error, Result};
use rand::RngCore;
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Bytes that are read or written at a time.
const BUFFER: usize = 128 << 10;

/// Writes a file with this description and what `payload` writes, in place of the one
/// at `path`, if there is one. Whoever reads meanwhile sees either the old or the new.
pub(super) fn write(
    path: &Path,
    identity: &Identity,
    description: &[u8],
    payload: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    if description.len() > MAX_DESCRIPTION {
        return Err(Error::snapshot(format!(
            "the names of its host functions take {} bytes, and a file has room for {MAX_DESCRIPTION}",
            description.len()
        )));
    }
    let temporary = Temporary::beside(path)?;
    let failed = |e: io::Error| os(&format!("write {:?}", temporary.path), &e);
    // The header comes last, as it holds the payload's digest.
    let start = [&[0; HEADER_LEN][..], description].concat();
    temporary.file.write_all_at(&start, 0).map_err(failed)?;
    (&temporary.file).seek(SeekFrom::End(0)).map_err(failed)?;
    let mut out = Digesting::new(BufWriter::with_capacity(BUFFER, &temporary.file));
    payload(&mut out)?;
    out.inner.flush().map_err(failed)?;
    let (payload_len, payload_digest) = out.finish();
    let header = Header::new(identity, description, payload_len, payload_digest)?;
    temporary.file.write_all_at(zerocopy::IntoBytes::as_bytes(&header), 0).map_err(failed)?;
    temporary.file.sync_all().map_err(failed)?;
    temporary.rename_to(path)
}

/// A file under another name, which goes away unless it is renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    folder: PathBuf,
}

impl Temporary {
    /// Creates a file for its owner alone: it will hold what guests hold.
    fn beside(path: &Path) -> Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(Error::snapshot("the path names no file"));
        };
        // The parent of a bare name is empty.
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{:016x}.tmp", rand::rng().next_u64()));
        let path = folder.join(hidden);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(|e| os(&format!("create {path:?}"), &e))?;
        Ok(Self { file, path, folder })
    }

    /// Gives the file its name, also after a crash of the machine.
    fn rename_to(self, path: &Path) -> Result<()> {
        fs::rename(&self.path, path).map_err(|e| os(&format!("rename {:?} to it", self.path), &e))?;
        let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
        synced.map_err(|e| os(&format!("write the folder {:?}", self.folder), &e))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It has another name by now, or is of no use.
        let _ = fs::remove_file(&self.path);
    }
}

/// A file whose header and description are as they were written.
#[derive(Debug)]
pub(super) struct SavedFile {
    file: File,
    header: Header,
    description: Vec<u8>,
}

impl SavedFile {
    /// Opens a file and checks what there is but the payload.
    ///
    /// # Errors
    /// What is wrong, in a sentence about "it".
    pub(super) fn open(path: &Path) -> Result<Self> {
        // Opening a pipe would else wait for its writer.
        let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path);
        let file = file.map_err(|e| os("open it", &e))?;
        let metadata = file.metadata().map_err(|e| os("open it", &e))?;
        if !metadata.is_file() {
            return Err(Error::snapshot("it is no regular file"));
        }
        let file_len = metadata.len();
        let mut start = Vec::with_capacity(HEADER_LEN);
        (&file).take(HEADER_LEN as u64).read_to_end(&mut start).map_err(|e| os("read it", &e))?;
        let header = Header::read(&start, file_len)?;
        let mut description = vec![0; header.description_len()];
        file.read_exact_at(&mut description, HEADER_LEN as u64).map_err(|e| os("read it", &e))?;
        header.check_digest(&description)?;
        Ok(Self { file, header, description })
    }

    /// Checks that the file was written for `wanted`.
    pub(super) fn check_identity(&self, wanted: &Identity) -> Result<()> {
        self.header.check_identity(wanted)
    }

    /// The description.
    pub(super) fn description(&self) -> &[u8] {
        &self.description
    }

    /// Checks that the payload is as it was written.
    pub(super) fn check_payload(&self) -> Result<()> {
        let mut payload = self.payload()?;
        io::copy(&mut payload, &mut io::sink()).map_err(|e| os("read it", &e))?;
        self.check_digest(payload, "it is damaged: the digest of its payload does not match")
    }

    /// Has `load` read the payload, with its length.
    pub(super) fn load_payload<T>(&self, load: impl FnOnce(&mut dyn Read, u64) -> Result<T>) -> Result<T> {
        let mut payload = self.payload()?;
        let loaded = load(&mut payload, self.header.payload_len())?;
        // What was checked and what was used are two readings.
        self.check_digest(payload, "it was changed while it was read")?;
        Ok(loaded)
    }

    fn payload(&self) -> Result<Digesting<io::Take<BufReader<&File>>>> {
        let start = HEADER_LEN as u64 + self.description.len() as u64;
        (&self.file).seek(SeekFrom::Start(start)).map_err(|e| os("read it", &e))?;
        let reader = BufReader::with_capacity(BUFFER, &self.file);
        Ok(Digesting::new(reader.take(self.header.payload_len())))
    }

    fn check_digest<R>(&self, payload: Digesting<R>, otherwise: &str) -> Result<()> {
        let as_written = (self.header.payload_len(), self.header.payload_digest());
        if payload.finish() == as_written { Ok(()) } else { Err(Error::snapshot(otherwise)) }
    }
}

/// Counts and digests what passes.
struct Digesting<T> {
    inner: T,
    bytes: u64,
    digest: Sha256,
}

impl<T> Digesting<T> {
    fn new(inner: T) -> Self {
        Self { inner, bytes: 0, digest: Sha256::new() }
    }

    fn note(&mut self, passed: &[u8]) {
        self.bytes += passed.len() as u64;
        self.digest.update(passed);
    }

    fn finish(self) -> (u64, [u8; 32]) {
        (self.bytes, self.digest.finalize().into())
    }
}

impl<T: Write> Write for Digesting<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.note(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Digesting<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.note(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

fn os(what: &str, error: &io::Error) -> Error {
    Error::snapshot(format!("cannot {what}: {error}"))
}
