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

/// Which layer is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// The guest's memory, its page tables last.
    Memory,
    /// The state of the rings.
    Transport,
}

/// The documents of a layout that hyperlight wrote.
#[derive(Debug, Clone)]
pub(super) struct Documents {
    marker: Vec<u8>,
    index: Value,
    manifest: Value,
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
        let manifest = folder.json(&blob(&index, "/manifests/0")?)?;
        let config = folder.json(&blob(&manifest, "/config")?)?;
        let marker = fs::read(folder.path(MARKER)).map_err(disk)?;
        Ok((folder, Documents { marker, index, manifest, config }))
    }

    /// A layer of what hyperlight saved.
    pub(super) fn open(&self, documents: &Documents, layer: Layer) -> Result<File> {
        File::open(self.path(&blob(&documents.manifest, layer.place())?)).map_err(disk)
    }

    /// Takes a layer from `from`, of `bytes` bytes, for [`Folder::load`].
    pub(super) fn put(&self, layer: Layer, from: &mut dyn Read, bytes: u64) -> Result<()> {
        fs::create_dir_all(self.path(BLOBS)).map_err(disk)?;
        let mut file = File::create_new(self.path(&layer.label().blob())).map_err(disk)?;
        let copied = io::copy(&mut from.take(bytes), &mut file).map_err(disk)?;
        if copied == bytes { Ok(()) } else { Err(disk(io::ErrorKind::UnexpectedEof.into())) }
    }

    /// Has hyperlight load the layers that were put here, with the documents of another
    /// snapshot and this configuration. The memory stays mapped; the folder can go.
    pub(super) fn load(&self, documents: &Documents, config: &Value) -> Result<Snapshot> {
        let mut manifest = documents.manifest.clone();
        for layer in [Layer::Memory, Layer::Transport] {
            let bytes = fs::metadata(self.path(&layer.label().blob())).map_err(disk)?.len();
            describe(&mut manifest, layer.place(), layer.label(), bytes)?;
        }
        let bytes = self.write(&Label::Config.blob(), config)?;
        describe(&mut manifest, "/config", Label::Config, bytes)?;
        let bytes = self.write(&Label::Manifest.blob(), &manifest)?;
        let mut index = documents.index.clone();
        describe(&mut index, "/manifests/0", Label::Manifest, bytes)?;
        self.write(INDEX, &index)?;
        fs::write(self.path(MARKER), &documents.marker).map_err(disk)?;
        let tag = OciTag::new(TAG).map_err(saved_failure)?;
        // Without a look at digests, which the labels are not: all this was just written,
        // where nobody else can write.
        Snapshot::load(self.path(""), tag).map_err(saved_failure)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temporary.path().join(LAYOUT).join(name)
    }

    fn json(&self, name: &str) -> Result<Value> {
        serde_json::from_slice(&fs::read(self.path(name)).map_err(disk)?).map_err(unexpected)
    }

    fn write(&self, name: &str, document: &Value) -> Result<u64> {
        let text = serde_json::to_vec(document).map_err(unexpected)?;
        fs::write(self.path(name), &text).map_err(disk)?;
        Ok(text.len() as u64)
    }
}

impl Layer {
    /// Where the manifest describes it.
    const fn place(self) -> &'static str {
        match self {
            Self::Memory => "/layers/0",
            Self::Transport => "/layers/1",
        }
    }

    const fn label(self) -> Label {
        match self {
            Self::Memory => Label::Memory,
            Self::Transport => Label::Transport,
        }
    }
}

/// Stands for the digest of a blob that this module writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Manifest,
    Config,
    Memory,
    Transport,
}

impl Label {
    fn digits(self) -> String {
        format!("{:064x}", self as u8)
    }

    fn blob(self) -> String {
        format!("{BLOBS}/{}", self.digits())
    }
}

/// The file that a document describes at a place.
fn blob(document: &Value, place: &str) -> Result<String> {
    let digest = document.pointer(place).and_then(|described| described.get("digest"));
    let digits = digest.and_then(Value::as_str).and_then(|digest| digest.strip_prefix("sha256:"));
    digits.map(|digits| format!("{BLOBS}/{digits}")).ok_or_else(|| missing(place))
}

/// Describes another file there.
fn describe(document: &mut Value, place: &str, label: Label, bytes: u64) -> Result<()> {
    let described = document.pointer_mut(place).and_then(Value::as_object_mut);
    let described = described.ok_or_else(|| missing(place))?;
    described.insert("digest".into(), format!("sha256:{}", label.digits()).into());
    described.insert("size".into(), bytes.into());
    Ok(())
}

fn missing(place: &str) -> Error {
    Error::internal(format!("hyperlight wrote a document without {place}"))
}

fn unexpected(error: serde_json::Error) -> Error {
    Error::internal(format!("hyperlight wrote a document that is none: {error}")).with_source(error)
}

/// The error of the temporary folder.
fn disk(error: io::Error) -> Error {
    Error::snapshot(format!("cannot copy it by way of a temporary folder: {error}")).with_source(error)
}
