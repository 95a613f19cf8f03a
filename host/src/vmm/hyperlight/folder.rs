//! The folder in which hyperlight saves a snapshot, and from which it loads one: an
//! OCI image layout. Its index leads to a manifest, that to a configuration and to two
//! layers, the guest's memory and the state of its rings. hyperlight has no other way
//! to give or take them.

use super::failure::saved_failure;
use crate::error::{Error, Result};
use hyperlight_host::sandbox::snapshot::{OciTag, Snapshot};
use serde_json::Value;
use std::{
    fs::{self, File, Permissions},
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
};
use tempfile::TempDir;

/// Name of the one snapshot in a folder.
const TAG: &str = "hypercell";
/// The layout, in the temporary folder: hyperlight creates it.
const LAYOUT: &str = "layout";
/// Where a layout keeps what its documents name by digests.
const BLOBS: &str = "blobs/sha256";
const MARKER: &str = "oci-layout";
const INDEX: &str = "index.json";
/// Where the index describes the manifest.
const FIRST: &str = "/manifests/0";
/// Where the manifest describes the configuration.
const CONFIG: &str = "/config";
/// Where it describes the guest's memory, its page tables last.
const MEMORY: &str = "/layers/0";
/// Where it describes the state of the rings.
const RINGS: &str = "/layers/1";

/// The documents of a layout that hyperlight wrote.
#[derive(Debug, Clone)]
pub(super) struct Documents {
    marker: Vec<u8>,
    index: Value,
    manifest: Value,
    rings: Vec<u8>,
    /// What hyperlight knows of the guest beside its memory and rings.
    pub(super) config: Value,
}

/// A temporary folder, for this user alone, which is deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    temporary: TempDir,
}

impl Folder {
    /// An empty one.
    pub(super) fn new() -> Result<Self> {
        let mut folder = tempfile::Builder::new();
        // What guests know will be in it.
        folder.prefix("hypercell-").permissions(Permissions::from_mode(0o700));
        Ok(Self { temporary: folder.tempdir().map_err(disk)? })
    }

    /// One that hyperlight saved a snapshot to, with its documents.
    pub(super) fn of(snapshot: &Snapshot) -> Result<(Self, Documents)> {
        let folder = Self::new()?;
        let tag = OciTag::new(TAG).map_err(saved_failure)?;
        snapshot.save(folder.path(""), &tag).map_err(saved_failure)?;
        let index = folder.json(INDEX)?;
        let manifest = folder.json(&blob(&index, FIRST)?)?;
        let config = folder.json(&blob(&manifest, CONFIG)?)?;
        let marker = fs::read(folder.path(MARKER)).map_err(disk)?;
        let rings = fs::read(folder.path(&blob(&manifest, RINGS)?)).map_err(disk)?;
        Ok((folder, Documents { marker, index, manifest, rings, config }))
    }

    /// The memory that hyperlight saved.
    pub(super) fn memory(&self, documents: &Documents) -> Result<File> {
        File::open(self.path(&blob(&documents.manifest, MEMORY)?)).map_err(disk)
    }

    /// Has hyperlight load a guest with this memory and this configuration, and with the
    /// other documents of another one. The memory stays mapped; the folder can go.
    pub(super) fn load(
        &self,
        documents: &Documents,
        config: &Value,
        memory: &mut dyn Read,
    ) -> Result<Snapshot> {
        fs::create_dir_all(self.path(BLOBS)).map_err(disk)?;
        let mut manifest = documents.manifest.clone();
        self.put(Label::Memory, memory, &mut manifest, MEMORY)?;
        self.put(Label::Rings, &mut &*documents.rings, &mut manifest, RINGS)?;
        self.put(Label::Config, &mut &*text(config)?, &mut manifest, CONFIG)?;
        let mut index = documents.index.clone();
        self.put(Label::Manifest, &mut &*text(&manifest)?, &mut index, FIRST)?;
        fs::write(self.path(INDEX), text(&index)?).map_err(disk)?;
        fs::write(self.path(MARKER), &documents.marker).map_err(disk)?;
        let tag = OciTag::new(TAG).map_err(saved_failure)?;
        // Without a look at digests, which the labels are not: all this was just written,
        // where nobody else can write.
        Snapshot::load(self.path(""), tag).map_err(saved_failure)
    }

    /// Writes a blob, and describes it at a place of a document.
    fn put(&self, label: Label, from: &mut dyn Read, document: &mut Value, place: &str) -> Result<()> {
        let digits = format!("{:064x}", label as u8);
        let mut file = File::create_new(self.path(&format!("{BLOBS}/{digits}"))).map_err(disk)?;
        let bytes = io::copy(from, &mut file).map_err(disk)?;
        let described = document.pointer_mut(place).and_then(Value::as_object_mut);
        let described = described.ok_or_else(|| missing(place))?;
        described.insert("digest".into(), format!("sha256:{digits}").into());
        described.insert("size".into(), bytes.into());
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(LAYOUT).join(name)
    }

    fn json(&self, name: &str) -> Result<Value> {
        serde_json::from_slice(&fs::read(self.path(name)).map_err(disk)?).map_err(unexpected)
    }
}

/// Stands for the digest of a blob that this module writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Manifest,
    Config,
    Memory,
    Rings,
}

/// The file that a document describes at a place.
fn blob(document: &Value, place: &str) -> Result<String> {
    let digest = document.pointer(place).and_then(|described| described.get("digest"));
    let digits = digest.and_then(Value::as_str).and_then(|digest| digest.strip_prefix("sha256:"));
    digits.map(|digits| format!("{BLOBS}/{digits}")).ok_or_else(|| missing(place))
}

fn text(document: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec(document).map_err(unexpected)
}

fn missing(place: &str) -> Error {
    Error::internal(format!("hyperlight wrote a document without {place}"))
}

fn unexpected(error: serde_json::Error) -> Error {
    Error::internal("hyperlight wrote a document that is none").with_source(error)
}

/// The error of the temporary folder.
fn disk(error: io::Error) -> Error {
    Error::snapshot("cannot copy it by way of a temporary folder").with_source(error)
}
