//! The guest image that travels with the crate.

/// The ELF file that `build.rs` built, or that came with the published crate.
pub(crate) const BUILT_IN: &[u8] = include_bytes!(env!("HYPERCELL_GUEST_IMAGE"));
