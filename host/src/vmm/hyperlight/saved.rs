//! A captured guest as bytes: the payload of a snapshot's file.
//!
//! hyperlight saves a snapshot as a folder, an OCI image layout of five files. They
//! follow one another here. All integers are little-endian.
//!
//! ```text
//! size  field
//!    8  number of files
//!       each file:
//!    8  bytes of its name
//!    8  bytes of its content
//!    …  name, a path in the folder
//!    …  content
//! ```
//!
//! Nothing in it is trusted. Names are the few that the layout has, and the folder
//! that hyperlight then reads holds nothing else. What hyperlight takes over from it
//! beside the guest's memory (sizes, where the guest is entered, special registers)
//! must be what a guest has that the loading engine booted itself.

use super::{failure::saved_failure, state::State};
use crate::error::{Error, Result};
use hyperlight_host::sandbox::snapshot::{OciTag, Snapshot};
use serde_json::Value;
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::PathBuf,
    sync::Arc,
};
use tempfile::TempDir;

/// Name of the one snapshot in a folder.
const TAG: &str = "hypercell";
/// Folder of the layout in the temporary one.
const LAYOUT: &str = "layout";
/// Where the layout keeps its blobs, each named by its digest.
const BLOBS: &str = "blobs/sha256";
/// Its other files.
const FIXED: [&str; 2] = ["oci-layout", "index.json"];
/// Hexadecimal digits of a blob's name.
const DIGEST_LEN: usize = 64;
/// More files than a layout with one snapshot has.
const MAX_FILES: u64 = 16;
/// Number of the time stamp counter among the model-specific registers (Intel SDM
/// volume 4).
const TIME_STAMP_COUNTER: u64 = 0x10;
/// The longest JSON document that is looked into.
const MAX_JSON: u64 = 1 << 20;

impl State {
    /// Writes the files of the snapshot's folder.
    pub(super) fn save(&self, out: &mut dyn Write) -> Result<()> {
        let folder = Folder::of(&self.snapshot)?;
        let mut files: Vec<String> = FIXED.map(Into::into).into();
        for blob in fs::read_dir(folder.path(BLOBS)).map_err(disk)? {
            files.push(format!("{BLOBS}/{}", blob.map_err(disk)?.file_name().to_string_lossy()));
        }
        files.sort();
        put(out, &(files.len() as u64).to_le_bytes())?;
        for name in files {
            let mut file = File::open(folder.path(&name)).map_err(disk)?;
            let length = file.metadata().map_err(disk)?.len();
            put(out, &(name.len() as u64).to_le_bytes())?;
            put(out, &length.to_le_bytes())?;
            put(out, name.as_bytes())?;
            io::copy(&mut file, out).map_err(disk)?;
        }
        Ok(())
    }

    /// Reads what [`State::save`] wrote, or somebody else. `booted` is a guest of this
    /// engine that just booted, with the memory that the saved one has.
    pub(super) fn load(booted: &Self, payload: &mut dyn Read, length: u64) -> Result<Self> {
        let folder = Folder::unpack(payload, length)?;
        folder.check_against(&Folder::of(&booted.snapshot)?)?;
        let tag = OciTag::new(TAG).map_err(saved_failure)?;
        // Once it is mapped, its folder can go.
        let snapshot = Snapshot::checked_load(folder.path(""), tag).map_err(saved_failure)?;
        Ok(Self::new(Arc::new(snapshot), Arc::clone(&booted.geometry)))
    }
}

/// A layout on disk, which is deleted when this is dropped. Only this user may read
/// it.
struct Folder {
    temporary: TempDir,
}

impl Folder {
    fn new() -> Result<Self> {
        Ok(Self { temporary: tempfile::Builder::new().prefix("hypercell-").tempdir().map_err(disk)? })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(LAYOUT).join(name)
    }

    fn of(snapshot: &Snapshot) -> Result<Self> {
        let folder = Self::new()?;
        let tag = OciTag::new(TAG).map_err(saved_failure)?;
        snapshot.save(folder.path(""), &tag).map_err(saved_failure)?;
        Ok(folder)
    }

    fn unpack(payload: &mut dyn Read, length: u64) -> Result<Self> {
        let folder = Self::new()?;
        fs::create_dir_all(folder.path(BLOBS)).map_err(disk)?;
        let mut payload = payload.take(length);
        let count = take_number(&mut payload)?;
        if count > MAX_FILES {
            return Err(wrong(format!("it holds {count} files, and at most {MAX_FILES} are possible")));
        }
        for _ in 0..count {
            let name_len = take_number(&mut payload)?;
            let content_len = take_number(&mut payload)?;
            let longest = (BLOBS.len() + 1 + DIGEST_LEN) as u64;
            if name_len > longest {
                return Err(wrong(format!(
                    "a file's name has {name_len} bytes, and at most {longest} are possible"
                )));
            }
            let mut name = String::new();
            (&mut payload).take(name_len).read_to_string(&mut name).map_err(payload_failure)?;
            if !is_of_layout(&name) {
                return Err(wrong(format!("it holds a file {name:?}, which does not belong there")));
            }
            // Sparse nor larger than the payload: what is written was read.
            let mut file = File::create_new(folder.path(&name)).map_err(disk)?;
            let copied =
                io::copy(&mut (&mut payload).take(content_len), &mut file).map_err(payload_failure)?;
            if copied != content_len {
                return Err(wrong(format!("the file {name:?} has {copied} of {content_len} bytes")));
            }
        }
        match payload.limit() {
            0 => Ok(folder),
            left => Err(wrong(format!("{left} bytes follow its last file"))),
        }
    }

    /// Compares what hyperlight takes over beside the guest's memory.
    fn check_against(&self, booted: &Self) -> Result<()> {
        let (own, expected) = (self.config()?, booted.config()?);
        for field in ["arch", "entrypoint_addr", "original_entrypoint_addr", "stack_top_gva"] {
            same(field, own.get(field), expected.get(field))?;
        }
        same(
            "msrs",
            without_counter(own.get("msrs")).as_ref(),
            without_counter(expected.get("msrs")).as_ref(),
        )?;
        same_but("sregs", own.get("sregs"), expected.get("sregs"), &["cr2", "cr3"])?;
        same_but("layout", own.get("layout"), expected.get("layout"), &["snapshot_size", "pt_size"])
    }

    /// The description of the snapshot, which the index leads to.
    fn config(&self) -> Result<Value> {
        let index = self.json("index.json")?;
        let manifest = self.blob(index.pointer("/manifests/0/digest"))?;
        self.blob(manifest.pointer("/config/digest"))
    }

    fn blob(&self, digest: Option<&Value>) -> Result<Value> {
        let digest = digest.and_then(Value::as_str).and_then(|digest| digest.strip_prefix("sha256:"));
        let name = digest.map(|digest| format!("{BLOBS}/{digest}")).filter(|name| is_of_layout(name));
        self.json(&name.ok_or_else(|| wrong("its index leads nowhere".into()))?)
    }

    fn json(&self, name: &str) -> Result<Value> {
        let missing = |error: io::Error| wrong(format!("its file {name:?} cannot be read: {error}"));
        let file = File::open(self.path(name)).map_err(missing)?;
        serde_json::from_reader(file.take(MAX_JSON))
            .map_err(|error| wrong(format!("its file {name:?} is no JSON document: {error}")))
    }
}

/// Whether a path is one of the layout's files.
fn is_of_layout(name: &str) -> bool {
    let is_digest = |name: &str| {
        name.len() == DIGEST_LEN && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    match name.strip_prefix(BLOBS).and_then(|name| name.strip_prefix('/')) {
        Some(digest) => is_digest(digest),
        None => FIXED.contains(&name),
    }
}

fn same(field: &str, own: Option<&Value>, expected: Option<&Value>) -> Result<()> {
    if own == expected {
        return Ok(());
    }
    Err(wrong(format!("its `{field}` is not that of a guest of this engine with the same limits")))
}

/// Compares two objects field by field, but for some of them.
fn same_but(field: &str, own: Option<&Value>, expected: Option<&Value>, but: &[&str]) -> Result<()> {
    let without = |value: Option<&Value>| {
        let mut fields = value.and_then(Value::as_object).cloned();
        for name in but {
            fields.as_mut().and_then(|fields| fields.remove(*name));
        }
        fields.map(Value::Object)
    };
    same(field, without(own).as_ref(), without(expected).as_ref())
}

/// The model-specific registers without the value of the time stamp counter.
fn without_counter(registers: Option<&Value>) -> Option<Value> {
    let mut registers = registers.cloned();
    for register in registers.as_mut().and_then(Value::as_array_mut).into_iter().flatten() {
        if register.get("index").and_then(Value::as_u64) == Some(TIME_STAMP_COUNTER) {
            register.as_object_mut().and_then(|register| register.remove("value"));
        }
    }
    registers
}

fn take_number(payload: &mut dyn Read) -> Result<u64> {
    let mut bytes = [0; 8];
    payload.read_exact(&mut bytes).map_err(payload_failure)?;
    Ok(u64::from_le_bytes(bytes))
}

fn put(out: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes).map_err(disk)
}

fn wrong(what: String) -> Error {
    Error::snapshot(format!("its payload is not one that this VMM wrote: {what}"))
}

fn payload_failure(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
            wrong(format!("it ends or breaks off: {error}"))
        }
        _ => disk(error),
    }
}

fn disk(error: io::Error) -> Error {
    Error::snapshot(format!("reading or writing failed: {error}")).with_source(error)
}
