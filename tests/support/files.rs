//! Files of snapshots, taken apart and put together by the tables in
//! `docs/snapshots.md` and nothing else.

use sha2::{Digest, Sha256};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Bytes of a file's header.
pub const HEADER_LEN: usize = 168;

/// A folder of the test's own, which goes with this value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a folder is no default of anything")]
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("hypercell-tests-{}-{count}", process::id()));
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    /// The path of a file in it.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Makes a file in it.
    #[must_use]
    pub fn with(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.file(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// The names of all files in it.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over in a folder for such things harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The parts of a snapshot's file, each of which a test may change.
#[derive(Debug, Clone)]
pub struct SnapshotFile {
    /// Bytes 0–103 without the lengths, which follow from the parts: the field of each
    /// is overwritten.
    pub header: Vec<u8>,
    /// JSON text.
    pub description: String,
    /// The VMM's own.
    pub payload: Vec<u8>,
}

impl SnapshotFile {
    /// Reads a good file.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let (header, rest) = bytes.split_at(HEADER_LEN);
        let length = u32::from_le_bytes(header[12..16].try_into().unwrap());
        let (description, payload) = rest.split_at(length.try_into().unwrap());
        Self {
            header: header.to_vec(),
            description: String::from_utf8(description.to_vec()).unwrap(),
            payload: payload.to_vec(),
        }
    }

    /// The file with these parts, and with digests that are right.
    #[must_use]
    pub fn sealed(&self) -> Vec<u8> {
        let mut header = self.header.clone();
        let description_len = u32::try_from(self.description.len()).unwrap();
        header[12..16].copy_from_slice(&description_len.to_le_bytes());
        header[96..104].copy_from_slice(&(self.payload.len() as u64).to_le_bytes());
        header[104..136].copy_from_slice(&Sha256::digest(&self.payload));
        let digest = Sha256::new().chain_update(&header[..136]).chain_update(&self.description).finalize();
        header[136..168].copy_from_slice(&digest);
        [&header, self.description.as_bytes(), &self.payload].concat()
    }
}
