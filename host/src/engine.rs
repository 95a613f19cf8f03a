//! The shared part: guest image, hypervisor, defaults, and the booted guest that
//! every sandbox starts from.

use crate::{
    error::Result,
    image::Image,
    limits::Limits,
    runtime::Runtime,
    sandbox::SandboxBuilder,
    snapshot::{Identity, Snapshot},
    vmm::{self, Floor, Machine, MachineSnapshot, MemorySize, Vmm, VmmKind},
};
use std::{
    collections::HashMap,
    io::{Read, Write},
    path::Path,
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
    image: Image,
    limits: Limits,
    /// Booted guests, by the size of their memory.
    booted: Mutex<HashMap<MemorySize, MachineSnapshot>>,
    runtime: Arc<Runtime>,
}

/// Configures an [`Engine`].
#[derive(Debug, Clone, Default)]
pub struct EngineBuilder {
    limits: Limits,
    vmm: Option<VmmKind>,
    image: Option<Vec<u8>>,
    runtime: Option<tokio::runtime::Handle>,
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

    /// The tokio runtime that drives asynchronous host functions, with time and I/O enabled
    /// if they or `fetch` need them. Without it the engine starts one of its own, with two
    /// threads, when it is first needed.
    #[must_use]
    pub fn runtime(mut self, handle: tokio::runtime::Handle) -> Self {
        self.runtime = Some(handle);
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
        let image = self.image.map_or_else(|| Image::built_in(kind), Image::new);
        let vmm = vmm::open(kind, &image)?;
        let shared = Shared {
            kind,
            vmm,
            image,
            limits: self.limits,
            booted: Mutex::default(),
            runtime: Arc::new(Runtime::new(self.runtime)),
        };
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

    /// Loads a snapshot that [`Snapshot::save`] wrote, maybe in another process or on
    /// another machine. It works as any other snapshot of this engine, and brings its
    /// own limits along. Host functions and console sinks are closures, which no file
    /// can hold: of a sandbox that had host functions, others are made with
    /// [`SandboxBuilder::build_from`].
    ///
    /// The engine must have the same guest image and the same kind of VMM as the one
    /// that saved it, and run on a processor with the features of that one. The file is
    /// checked for damage before any of it is used. It is not signed: load files only
    /// of those who may decide what your sandboxes do, see `docs/snapshots.md`.
    ///
    /// # Errors
    /// `ERR_SNAPSHOT` when the file cannot be read, is damaged or does not belong to
    /// this engine; `ERR_INTERNAL` when the host has no memory left. Nothing is kept
    /// then.
    pub fn load_snapshot(&self, path: impl AsRef<Path>) -> Result<Snapshot> {
        Snapshot::load(self, path.as_ref())
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

    /// Where asynchronous host functions run.
    pub(crate) fn runtime(&self) -> &Arc<Runtime> {
        &self.shared.runtime
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
        let snapshot = vmm::capture(&mut *machine)?;
        booted.insert(size.clone(), snapshot.clone());
        Ok((machine, snapshot))
    }

    /// The snapshot of a booted guest, for [`Engine::keep_booted`] if it is a new one.
    pub(crate) fn booted_snapshot(&self, size: &MemorySize) -> Result<MachineSnapshot> {
        let known = self.shared.booted.lock().unwrap_or_else(PoisonError::into_inner).get(size).cloned();
        match known {
            Some(snapshot) => Ok(snapshot),
            None => vmm::capture(&mut *self.shared.vmm.boot(size)?),
        }
    }

    /// Starts sandboxes of this memory from `snapshot`, unless there is one already.
    pub(crate) fn keep_booted(&self, size: MemorySize, snapshot: &MachineSnapshot) {
        let mut booted = self.shared.booted.lock().unwrap_or_else(PoisonError::into_inner);
        booted.entry(size).or_insert_with(|| snapshot.clone());
    }

    /// Writes a machine's snapshot, for [`Engine::load_machine`].
    pub(crate) fn save_machine(&self, snapshot: &MachineSnapshot, out: &mut dyn Write) -> Result<()> {
        self.shared.vmm.save(snapshot, out)
    }

    /// Reads a machine's snapshot; see [`Vmm::load`].
    pub(crate) fn load_machine(
        &self,
        booted: &MachineSnapshot,
        payload: &mut dyn Read,
        length: u64,
    ) -> Result<MachineSnapshot> {
        self.shared.vmm.load(booted, payload, length)
    }

    /// What a snapshot's file must have been written for.
    pub(crate) fn identity(&self) -> Identity {
        Identity { vmm: self.shared.kind.as_str(), image: self.shared.image.digest() }
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
