//! The shared part: guest image, hypervisor, defaults, and the booted guest that
//! every sandbox starts from.

use crate::{
    error::Result,
    limits::Limits,
    sandbox::SandboxBuilder,
    vmm::{self, Floor, Machine, MachineSnapshot, MemorySize, Vmm, VmmKind},
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
    kind: VmmKind,
    vmm: Box<dyn Vmm>,
    limits: Limits,
    /// Booted guests, by the size of their memory.
    booted: Mutex<HashMap<MemorySize, MachineSnapshot>>,
}

/// Configures an [`Engine`].
#[derive(Debug, Clone, Default)]
pub struct EngineBuilder {
    limits: Limits,
    vmm: Option<VmmKind>,
    image: Option<Vec<u8>>,
}

impl EngineBuilder {
    /// The limits of sandboxes that set none of their own.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The VMM that runs the sandboxes. Without it, the environment variable
    /// `HYPERCELL_VMM` names it (`kvm` or `hyperlight`), or else it is the one that suits
    /// the machine: see [`VmmKind::chosen`].
    #[must_use]
    pub fn vmm(mut self, kind: VmmKind) -> Self {
        self.vmm = Some(kind);
        self
    }

    /// Another guest image than the VMM's built-in one: the content of an ELF file, see
    /// `docs/guest-image.md`. An image is made for one VMM. The sandbox's promises hold for any image, as nothing
    /// in a VM is trusted; but only this project's image runs JavaScript.
    #[must_use]
    pub fn guest_image(mut self, elf: impl Into<Vec<u8>>) -> Self {
        self.image = Some(elf.into());
        self
    }

    /// Opens the hypervisor.
    ///
    /// # Errors
    /// `ERR_NO_HYPERVISOR` when there is none that the VMM can use, `ERR_INVALID_ARG`
    /// when a limit is out of its bounds, the image cannot be loaded, `HYPERCELL_VMM`
    /// names no VMM, or the VMM is not compiled in.
    pub fn build(self) -> Result<Engine> {
        self.limits.check()?;
        let kind = vmm::choose(self.vmm)?.kind;
        let vmm = vmm::open(kind, self.image.as_deref())?;
        let shared = Shared { kind, vmm, limits: self.limits, booted: Mutex::default() };
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

    /// The VMM that runs the sandboxes.
    #[must_use]
    pub fn vmm(&self) -> VmmKind {
        self.shared.kind
    }

    /// What this host's hypervisor costs, whatever the guest does; `None` when the VMM
    /// has no way to tell. Takes about a hundred milliseconds.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the measuring guest cannot be made.
    #[doc(hidden)]
    pub fn floor(&self) -> Result<Option<Floor>> {
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
