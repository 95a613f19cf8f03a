//! The shared part: guest image, hypervisor, defaults, and the booted guest that
//! every sandbox starts from.

use crate::{
    error::Result,
    image,
    limits::Limits,
    sandbox::SandboxBuilder,
    vmm::{Floor, Machine, MachineSnapshot, MemorySize, Vmm, kvm::KvmVmm},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What sandboxes share. Cloning it is cheap, and the clones are one engine.
///
/// An engine opens the hypervisor and checks the guest image when it is built. The
/// guest is booted when the first sandbox is, once for each size of guest memory;
/// all others start from its snapshot.
///
/// ```no_run
/// use hypercell::{Engine, Limits};
/// use std::time::Duration;
///
/// let engine = Engine::builder().limits(Limits::default().wall(Duration::from_secs(1))).build()?;
/// let sandbox = engine.sandbox().build()?;
/// # Ok::<(), hypercell::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    vmm: Box<dyn Vmm>,
    limits: Limits,
    /// Booted guests, by the size of their memory.
    booted: Mutex<HashMap<MemorySize, MachineSnapshot>>,
}

/// Configures an [`Engine`].
#[derive(Debug, Clone, Default)]
pub struct EngineBuilder {
    limits: Limits,
    image: Option<Vec<u8>>,
}

impl EngineBuilder {
    /// The limits of sandboxes that set none of their own.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Another guest image than the built-in one: the content of an ELF file, see
    /// `docs/guest-image.md`. The sandbox's promises hold for any image, as nothing
    /// in a VM is trusted; but only this project's image runs JavaScript.
    #[must_use]
    pub fn guest_image(mut self, elf: impl Into<Vec<u8>>) -> Self {
        self.image = Some(elf.into());
        self
    }

    /// Opens the hypervisor.
    ///
    /// # Errors
    /// `ERR_NO_HYPERVISOR` when there is none that can be used, `ERR_INVALID_ARG`
    /// when a limit is out of its bounds or the image cannot be loaded.
    pub fn build(self) -> Result<Engine> {
        self.limits.check()?;
        let vmm = KvmVmm::open(self.image.as_deref().unwrap_or(image::BUILT_IN))?;
        let shared = Shared { vmm: Box::new(vmm), limits: self.limits, booted: Mutex::default() };
        Ok(Engine { shared: Arc::new(shared) })
    }
}

impl Engine {
    /// An engine with the defaults.
    ///
    /// # Errors
    /// As [`EngineBuilder::build`].
    pub fn new() -> Result<Self> {
        Self::builder().build()
    }

    /// Configures an engine.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Configures a sandbox of this engine.
    #[must_use]
    pub fn sandbox(&self) -> SandboxBuilder {
        SandboxBuilder::new(self.clone())
    }

    /// The limits of sandboxes that set none of their own.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// What this host's hypervisor costs, whatever the guest does. Takes about a
    /// hundred milliseconds.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the measuring guest cannot be made.
    #[doc(hidden)]
    pub fn floor(&self) -> Result<Floor> {
        self.shared.vmm.floor()
    }

    /// A machine with a booted guest, and the snapshot to come back to.
    pub(crate) fn booted(&self, size: &MemorySize) -> Result<(Box<dyn Machine>, MachineSnapshot)> {
        let mut booted = self.shared.booted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = booted.get(size) {
            let snapshot = snapshot.clone();
            drop(booted);
            return Ok((self.shared.vmm.spawn(&snapshot)?, snapshot));
        }
        // Held while the guest boots, so that nobody else boots the same. The machine
        // that booted becomes the first sandbox's.
        let mut machine = self.shared.vmm.boot(size)?;
        let snapshot = machine.snapshot()?;
        booted.insert(size.clone(), snapshot.clone());
        Ok((machine, snapshot))
    }

    /// A machine in the state of a snapshot.
    pub(crate) fn spawn(&self, snapshot: &MachineSnapshot) -> Result<Box<dyn Machine>> {
        self.shared.vmm.spawn(snapshot)
    }

    /// Whether both are clones of one engine.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}
