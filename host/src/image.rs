//! The guest image: the one that travels with the crate, of which there is one for
//! each VMM, or the program's own.

use crate::vmm::VmmKind;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fmt, sync::OnceLock};

/// The ELF file for a VMM, as `host/build` built it or as it came with the published
/// crate; empty for one that this build has not.
const fn built_in(kind: VmmKind) -> &'static [u8] {
    match kind {
        #[cfg(feature = "kvm")]
        VmmKind::Kvm => include_bytes!(env!("HYPERCELL_GUEST_IMAGE_KVM")),
        #[cfg(feature = "hyperlight")]
        VmmKind::Hyperlight => include_bytes!(env!("HYPERCELL_GUEST_IMAGE_HYPERLIGHT")),
        #[cfg(not(all(feature = "kvm", feature = "hyperlight")))]
        _ => &[],
    }
}

/// An ELF file, not checked yet.
#[derive(Clone)]
pub(crate) struct Image {
    elf: Cow<'static, [u8]>,
    /// Made when it is first asked for: not every engine needs it.
    digest: OnceLock<[u8; 32]>,
}

impl Image {
    /// The crate's own for a VMM.
    pub(crate) fn built_in(kind: VmmKind) -> Self {
        Self { elf: Cow::Borrowed(built_in(kind)), digest: OnceLock::new() }
    }

    /// Another one.
    pub(crate) fn new(elf: Vec<u8>) -> Self {
        Self { elf: Cow::Owned(elf), digest: OnceLock::new() }
    }

    /// The file's bytes.
    pub(crate) fn elf(&self) -> &[u8] {
        &self.elf
    }

    /// SHA-256 of the file.
    pub(crate) fn digest(&self) -> [u8; 32] {
        *self.digest.get_or_init(|| Sha256::digest(&self.elf).into())
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Image").field("bytes", &self.elf.len()).finish()
    }
}
