//! What a virtual machine can do for a sandbox, in the project's own types.
//!
//! A [`Vmm`] boots the guest image and spawns machines from snapshots; a
//! [`Machine`] carries one request in and its answer out, serving the guest's
//! host calls in between. What the frames mean is none of its business. Each
//! implementation lives in a folder of its own and is the only one to name its
//! hypervisor library.

mod elf;
#[cfg(feature = "hyperlight")]
mod hyperlight;
mod kind;
#[cfg(feature = "kvm")]
mod kvm;
mod select;

pub use kind::VmmKind;
pub use select::VmmChoice;
pub(crate) use select::choose;

use crate::{
    error::Error,
    image::Image,
    interrupt::{CallSlot, Kick},
    monitor::{TimeLimits, Watch},
};
use hypercell_common::Message;
use std::{
    any::Any,
    fmt,
    io::{Read, Write},
    sync::Arc,
    time::Duration,
};

/// The regions of guest memory whose size can be chosen, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MemorySize {
    /// The guest's heap: what JavaScript may use, and what the allocator and the
    /// glue need on top.
    pub(crate) heap: u64,
    /// The stack.
    pub(crate) stack: u64,
    /// The largest frame into the guest.
    pub(crate) input: u64,
    /// The largest frame out of the guest.
    pub(crate) output: u64,
}

/// Opens a VMM for an image.
///
/// # Errors
/// `ERR_NO_HYPERVISOR` when it cannot be used here, `ERR_INVALID_ARG` when it is not
/// compiled in or the image cannot be loaded.
pub(crate) fn open(kind: VmmKind, image: &Image) -> Result<Box<dyn Vmm>, Error> {
    match kind {
        #[cfg(feature = "kvm")]
        VmmKind::Kvm => Ok(Box::new(kvm::KvmVmm::open(image.elf())?)),
        #[cfg(feature = "hyperlight")]
        VmmKind::Hyperlight => Ok(Box::new(hyperlight::HyperlightVmm::open(image.elf())?)),
        #[cfg(not(all(feature = "kvm", feature = "hyperlight")))]
        _ => Err(select::not_compiled(kind)),
    }
}

/// A way to run virtual machines. Shared by all sandboxes of an engine.
pub(crate) trait Vmm: Send + Sync + fmt::Debug {
    /// Boots the guest image and returns once the guest waits for a request.
    fn boot(&self, size: &MemorySize) -> Result<Box<dyn Machine>, Error>;

    /// A new machine in the state of a snapshot of this VMM.
    fn spawn(&self, snapshot: &MachineSnapshot) -> Result<Box<dyn Machine>, Error>;

    /// Writes a snapshot of this VMM to `out`, so that [`Vmm::load`] makes the same of
    /// it in another process. What it writes is nobody else's business; the caller
    /// notes its length.
    ///
    /// # Errors
    /// `ERR_SNAPSHOT` when `out` takes no more.
    fn save(&self, snapshot: &MachineSnapshot, out: &mut dyn Write) -> Result<(), Error>;

    /// Makes a snapshot of the `length` bytes that `payload` gives: what [`Vmm::save`]
    /// wrote for this guest image, or what somebody made to look like it. `booted` is
    /// this VMM's own snapshot of a guest that just booted, with the memory that the
    /// saved one has.
    ///
    /// Nothing in the payload is trusted: whatever it is, a machine that is spawned of
    /// it can do no more than one whose guest fell to an attacker. The payload is
    /// complete, as its digest was checked; it need not be read to its end when it is
    /// refused.
    ///
    /// # Errors
    /// `ERR_SNAPSHOT` says what is wrong with the payload.
    fn load(
        &self,
        booted: &MachineSnapshot,
        payload: &mut dyn Read,
        length: u64,
    ) -> Result<MachineSnapshot, Error>;

    /// What the host's side costs, without any guest; `None` when this VMM has no way
    /// to tell.
    fn floor(&self) -> Result<Option<Floor>, Error>;
}

/// One virtual machine.
pub(crate) trait Machine: Send + fmt::Debug {
    /// Carries `request` into the guest, lets `host` answer its host calls, and
    /// leaves the frame that the guest returned in `answer`.
    ///
    /// After an [`Exit`] the guest is in the middle of something: only
    /// [`Machine::restore`] makes the machine usable again.
    fn run(
        &mut self,
        request: &Message<'_>,
        host: &mut dyn HostCalls,
        watch: &Watch,
        answer: &mut Vec<u8>,
    ) -> Result<(), Exit>;

    /// The machine's state between two requests.
    ///
    /// # Errors
    /// `ERR_GUEST_ABORT` when the guest must get ready for it and does not: only
    /// [`Machine::restore`] makes the machine usable again. `ERR_INTERNAL` when the host
    /// fails, and then nothing is changed.
    fn snapshot(&mut self) -> Result<MachineSnapshot, Error>;

    /// Returns to the state of `snapshot`, whatever happened since.
    fn restore(&mut self, snapshot: &MachineSnapshot) -> Result<(), Error>;

    /// The largest frames into and out of this guest.
    fn limits(&self) -> FrameLimits;

    /// How another thread stops what this machine runs.
    fn kick(&self) -> Kick;
}

/// How long a guest may take to get ready for a snapshot, which is the work of less
/// than a millisecond.
const CAPTURE_LIMITS: TimeLimits =
    TimeLimits { wall: Some(Duration::from_secs(10)), cpu: Some(Duration::from_secs(1)) };

/// Takes a snapshot. A VMM may have to ask the guest to get ready for it; a guest that
/// does not is stopped.
///
/// # Errors
/// As [`Machine::snapshot`].
pub(crate) fn capture(machine: &mut dyn Machine) -> Result<MachineSnapshot, Error> {
    let slot = Arc::new(CallSlot::default());
    let _watch = Watch::start(slot.enter(machine.kick()), CAPTURE_LIMITS)?;
    machine.snapshot()
}

/// The largest frames of a machine, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameLimits {
    /// Into the guest.
    pub(crate) input: usize,
    /// Out of the guest.
    pub(crate) output: usize,
}

/// Answers the guest's host calls.
pub(crate) trait HostCalls {
    /// Reads the frame in `request` and leaves the frame that answers it in
    /// `answer`, which is empty and must stay within the machine's input limit.
    ///
    /// # Errors
    /// A sentence, when the frame is no host call: the guest broke the protocol.
    fn serve(&mut self, request: &[u8], answer: &mut Vec<u8>) -> Result<(), String>;
}

/// Refuses every host call: for requests that can cause none.
#[cfg(feature = "kvm")]
pub(crate) struct NoHostCalls;

#[cfg(feature = "kvm")]
impl HostCalls for NoHostCalls {
    fn serve(&mut self, _request: &[u8], _answer: &mut Vec<u8>) -> Result<(), String> {
        Err("the guest called the host while it was being set up".into())
    }
}

/// How a request ended that did not return.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The watch said stop.
    Stopped,
    /// The request is longer than the input region; nothing ran.
    TooLarge {
        /// Bytes of the request.
        bytes: usize,
        /// Bytes that fit.
        limit: usize,
    },
    /// The guest gave up, with its last words.
    Aborted(String),
    /// The guest faulted, left in a way that it must not, or broke the protocol.
    Faulted(String),
    /// The host's side failed.
    Host(Error),
}

/// The state of a machine, to be shared, restored and spawned from. What it
/// really is only its VMM knows.
#[derive(Clone)]
pub(crate) struct MachineSnapshot(Arc<dyn Any + Send + Sync>);

impl MachineSnapshot {
    /// Wraps a VMM's own type.
    pub(crate) fn new<T: Any + Send + Sync>(state: Arc<T>) -> Self {
        Self(state)
    }

    /// The VMM's own type, if this snapshot is one of its.
    pub(crate) fn downcast<T: Any + Send + Sync>(&self) -> Result<Arc<T>, Error> {
        Arc::clone(&self.0)
            .downcast()
            .map_err(|_| Error::invalid_argument("the snapshot was taken on another kind of virtual machine"))
    }
}

impl fmt::Debug for MachineSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MachineSnapshot")
    }
}

/// What the host's side costs, whatever the guest does: medians.
#[derive(Debug, Clone, Copy)]
pub struct Floor {
    /// Leaving the guest and entering it again.
    pub exit: Duration,
    /// A system call on the vCPU.
    pub ioctl: Duration,
    /// Creating and closing an empty VM.
    pub vm_create: Duration,
}
