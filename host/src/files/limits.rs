//! How much a tree may hold.

/// How much is taken from a folder or an archive, at most.
///
/// ```
/// use hypercell::FileLimits;
///
/// let limits = FileLimits::new().bytes(8 << 20).entries(1000);
/// # drop(limits);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLimits {
    pub(super) bytes: u64,
    pub(super) entries: usize,
}

impl FileLimits {
    /// 64 MiB in 20 000 entries.
    #[must_use]
    pub fn new() -> Self {
        Self { bytes: 64 << 20, entries: 20_000 }
    }

    /// Bytes of all contents and paths, decompressed.
    #[must_use]
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Files, folders and links, those folders included that only a path tells of.
    #[must_use]
    pub fn entries(mut self, entries: usize) -> Self {
        self.entries = entries;
        self
    }

    /// Bytes of an archive with so much in it that is not compressed: contents, and headers
    /// with padding.
    pub(super) fn archive_bytes(&self) -> u64 {
        const HEADERS: u64 = 4096;
        const SLACK: u64 = 1 << 20;
        let entries = u64::try_from(self.entries).unwrap_or(u64::MAX);
        self.bytes.saturating_add(entries.saturating_mul(HEADERS)).saturating_add(SLACK)
    }
}

impl Default for FileLimits {
    fn default() -> Self {
        Self::new()
    }
}
