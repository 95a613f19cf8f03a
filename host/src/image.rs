//! The guest images that travel with the crate: one for each VMM, as the guest's
//! lowest layer is made for one machine. `host/build` built them, or they came with
//! the published crate.

/// The ELF file for the VMM `kvm`.
#[cfg(feature = "kvm")]
pub(crate) const KVM: &[u8] = include_bytes!(env!("HYPERCELL_GUEST_IMAGE_KVM"));

/// The ELF file for the VMM `hyperlight`.
#[cfg(feature = "hyperlight")]
pub(crate) const HYPERLIGHT: &[u8] = include_bytes!(env!("HYPERCELL_GUEST_IMAGE_HYPERLIGHT"));
