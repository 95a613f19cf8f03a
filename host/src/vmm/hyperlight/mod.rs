//! The VMM on Hyperlight, through `hyperlight-host`: nothing else in the project
//! names it. Not there yet: it never opens.

use super::{Floor, Machine, MachineSnapshot, MemorySize, Vmm};
use crate::error::{Error, ErrorKind};
use std::convert::Infallible;

/// Virtual machines on Hyperlight.
#[derive(Debug)]
pub(crate) struct HyperlightVmm(Infallible);

impl HyperlightVmm {
    /// Refuses.
    ///
    /// # Errors
    /// `ERR_NO_HYPERVISOR`, always.
    pub(crate) fn open(_image: &[u8]) -> Result<Self, Error> {
        Err(Error::new(ErrorKind::NoHypervisor, "the VMM `hyperlight` is not implemented yet; use `kvm`"))
    }
}

impl Vmm for HyperlightVmm {
    fn boot(&self, _size: &MemorySize) -> Result<Box<dyn Machine>, Error> {
        match self.0 {}
    }

    fn spawn(&self, _snapshot: &MachineSnapshot) -> Result<Box<dyn Machine>, Error> {
        match self.0 {}
    }

    fn floor(&self) -> Result<Option<Floor>, Error> {
        match self.0 {}
    }
}
