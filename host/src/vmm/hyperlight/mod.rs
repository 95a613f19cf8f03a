//! The VMM through the unmodified `hyperlight-host`: nothing else in the project
//! names it. It runs where hyperlight does, on KVM and on MSHV.
//!
//! The guest is this project's own, with its program at CPL3 (`guest/src/sys/hyperlight`);
//! it and this folder share `hypercell_common::hyperlight`. See `docs/vmm.md`.

mod bridge;
mod clock;
mod failure;
mod folder;
mod geometry;
mod machine;
mod saved;
mod state;
mod tables;

use super::{Floor, Machine, MachineSnapshot, MemorySize, Vmm, elf::GuestImage};
use crate::error::{Error, ErrorKind};
use clock::Clock;
use failure::boot_failure;
use geometry::Geometry;
use hypercell_common::hyperlight::IMAGE;
use hyperlight_host::{SandboxBuilder, mem::memory_region::MemoryRegionFlags};
use machine::HyperlightMachine;
use state::State;
use std::{
    io::{Read, Write},
    sync::Arc,
};
use zerocopy::IntoBytes;

/// Virtual machines of hyperlight.
pub(crate) struct HyperlightVmm {
    image: Vec<u8>,
    clock: Arc<Clock>,
}

impl std::fmt::Debug for HyperlightVmm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HyperlightVmm").field("image", &self.image.len()).finish_non_exhaustive()
    }
}

impl HyperlightVmm {
    /// Looks for a hypervisor and checks the guest image.
    ///
    /// # Errors
    /// `ERR_NO_HYPERVISOR` when hyperlight finds none, `ERR_INVALID_ARG` when the
    /// image cannot be loaded.
    pub(crate) fn open(image: &[u8]) -> Result<Self, Error> {
        let image = GuestImage::parse(image, IMAGE)?.to_elf();
        if !hyperlight_host::is_hypervisor_present() {
            return Err(Error::new(
                ErrorKind::NoHypervisor,
                "hyperlight finds no hypervisor that it can use; see `hypercell doctor`",
            ));
        }
        Ok(Self { image, clock: Arc::new(Clock::start()) })
    }
}

impl Vmm for HyperlightVmm {
    fn boot(&self, size: &MemorySize) -> Result<Box<dyn Machine>, Error> {
        let geometry = Geometry::new(self.image.len() as u64, size)?;
        let builder = SandboxBuilder::from_bytes(self.image.clone())
            .init_data(geometry.settings.as_bytes(), MemoryRegionFlags::READ)
            // The guest's heap is in scratch; this is hyperlight's, which nothing uses.
            .heap_size(geometry::PAGE)
            .scratch_size(geometry.scratch)
            .h2g_queue_size(geometry::QUEUE)
            .h2g_buffer_size(geometry.in_buffer)
            .h2g_pool_pages(geometry.in_pages)
            .g2h_queue_size(geometry::QUEUE)
            .g2h_pool_pages(geometry.out_pages);
        let sandbox = bridge::connect(builder).build().map_err(boot_failure)?;
        let machine = HyperlightMachine::new(sandbox, Arc::new(geometry), Arc::clone(&self.clock), None);
        Ok(Box::new(machine))
    }

    fn spawn(&self, snapshot: &MachineSnapshot) -> Result<Box<dyn Machine>, Error> {
        let state = snapshot.downcast::<State>()?;
        let sandbox = state.spawn()?;
        let geometry = Arc::clone(&state.geometry);
        let machine = HyperlightMachine::new(sandbox, geometry, Arc::clone(&self.clock), Some(state));
        Ok(Box::new(machine))
    }

    fn save(&self, snapshot: &MachineSnapshot, out: &mut dyn Write) -> Result<(), Error> {
        snapshot.downcast::<State>()?.save(out)
    }

    fn load(
        &self,
        booted: &MachineSnapshot,
        payload: &mut dyn Read,
        length: u64,
    ) -> Result<MachineSnapshot, Error> {
        let booted = booted.downcast::<State>()?;
        Ok(MachineSnapshot::new(Arc::new(State::load(&booted, payload, length)?)))
    }

    fn floor(&self) -> Result<Option<Floor>, Error> {
        // hyperlight lets nobody at the virtual CPU.
        Ok(None)
    }
}
