//! Virtual machines without content: a VM, its memory and its vCPU.
//!
//! Creating one takes the kernel several hundred microseconds, at times
//! milliseconds, and closing one likewise. So a thread of the VMM does what can be
//! done ahead or afterwards. What a sandbox leaves behind it restores to the snapshot
//! that it came from, for the next sandbox of that; after each spawn it makes another
//! machine of the snapshot; and what cannot be used so it cleans, for any sandbox.

use super::{
    dirty::DirtyScan,
    elf::{Access, GuestImage},
    failure::{Failure, kvm},
    features::Features,
    layout::address,
    memory::{GuestMemory, SharedPages},
    snapshot::State,
    vcpu::{self, Vcpu},
    working_set::WorkingSet,
};
use kvm_bindings::CpuId;
use kvm_ioctls::{Kvm, VmFd};
use std::{
    collections::{HashMap, VecDeque},
    ops::Range,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

/// Clean shells that wait for a sandbox, per size of memory.
const READY: usize = 4;
/// Restored shells that wait for a sandbox of their snapshot, of all snapshots.
const RESTORED: usize = 8;

/// A VM, its memory and its vCPU. The fields are dropped in this order.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) vcpu: Vcpu,
    _vm: VmFd,
    pub(super) memory: GuestMemory,
    pub(super) working_set: WorkingSet,
    /// What the VM has mapped beside its own memory.
    _sealed: Arc<Sealed>,
}

/// The part of an image that all its guests share.
#[derive(Debug)]
pub(super) struct Sealed {
    pages: SharedPages,
    range: Range<usize>,
}

impl Sealed {
    /// Loads the sealed segments of `image`.
    pub(super) fn load(image: &GuestImage) -> Result<Self, Failure> {
        let range = address(image.sealed().start)..address(image.sealed().end);
        let pages = SharedPages::new(range.len(), |memory| {
            let sealed = image.segments.iter().filter(|segment| segment.access != Access::ReadWrite);
            for segment in sealed {
                memory.write(address(segment.address) - range.start, &segment.bytes)?;
            }
            Ok(())
        })?;
        Ok(Self { pages, range })
    }
}

impl Shell {
    /// Creates a VM with `memory_len` bytes of zeros, but for the image's sealed part.
    fn create(kvm_fd: &Kvm, cpuid: &CpuId, memory_len: usize, sealed: &Arc<Sealed>) -> Result<Self, Failure> {
        let memory = GuestMemory::reserve(memory_len)?;
        let vm = kvm_fd.create_vm().map_err(|e| kvm("create a VM", e))?;
        // The vCPU first: the kernel is quicker while the VM has no memory.
        let vcpu = Vcpu::create(&vm, cpuid)?;
        memory.attach_to(&vm, 0, 0..sealed.range.start)?;
        sealed.pages.attach_to(&vm, 1, sealed.range.start)?;
        memory.attach_to(&vm, 2, sealed.range.end..memory_len)?;
        Ok(Self { vcpu, _vm: vm, memory, working_set: WorkingSet::new(), _sealed: Arc::clone(sealed) })
    }

    /// Forgets everything that a guest left in it.
    fn clean(&mut self) -> Result<(), Failure> {
        self.memory.clear_from(0)?;
        self.working_set = WorkingSet::new();
        self.vcpu.forget()
    }
}

/// Makes shells and takes them back.
#[derive(Debug)]
pub(super) struct ShellPool {
    shared: Arc<Shared>,
    /// Dropped first when the pool goes, which ends the thread.
    work: Option<mpsc::Sender<Work>>,
    keeper: Option<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    kvm: Kvm,
    cpuid: CpuId,
    ready: Mutex<HashMap<usize, Vec<Shell>>>,
    restored: Mutex<VecDeque<Restored>>,
    scan: DirtyScan,
    sealed: Arc<Sealed>,
    /// Set when the pool goes.
    closing: AtomicBool,
}

/// A shell in the state of a snapshot, but for its registers.
#[derive(Debug)]
struct Restored {
    /// Does not keep the snapshot alive.
    state: Weak<State>,
    shell: Shell,
}

impl Restored {
    fn holds(&self, state: &Arc<State>) -> bool {
        self.state.as_ptr() == Arc::as_ptr(state)
    }
}

#[derive(Debug)]
enum Work {
    /// Make a shell that holds this state and has its pages mapped, unless one is there.
    Warm(Weak<State>),
    /// Restore this shell to the state that it was mapped from, or clean it, and keep
    /// it, if there is room.
    Recycle(Shell, Option<Arc<State>>),
    /// Close this shell.
    Discard(Shell),
}

impl ShellPool {
    /// Loads what guests of `image` share and starts the thread.
    pub(super) fn start(kvm_fd: Kvm, image: &GuestImage) -> Result<Self, Failure> {
        let cpuid = vcpu::cpuid(&kvm_fd)?;
        let shared = Arc::new(Shared {
            kvm: kvm_fd,
            cpuid,
            ready: Mutex::default(),
            restored: Mutex::default(),
            scan: DirtyScan::open()?,
            sealed: Arc::new(Sealed::load(image)?),
            closing: AtomicBool::new(false),
        });
        let (work, orders) = mpsc::channel();
        let keeper = thread::Builder::new().name("hypercell-vms".into()).spawn({
            let shared = Arc::clone(&shared);
            move || {
                for order in orders {
                    shared.carry_out(order);
                }
            }
        });
        let keeper = keeper.map_err(|source| Failure::Os { what: "start a thread".into(), source })?;
        Ok(Self { shared, work: Some(work), keeper: Some(keeper) })
    }

    /// Finds dirty pages of this process.
    pub(super) fn scan(&self) -> &DirtyScan {
        &self.shared.scan
    }

    /// What its guests find by CPUID.
    pub(super) fn features(&self) -> Features {
        Features::of(&self.shared.cpuid)
    }

    /// A clean shell with `memory_len` bytes: one that is ready, or else a new one.
    pub(super) fn take(&self, memory_len: usize) -> Result<Shell, Failure> {
        let ready = self.shared.pop(memory_len);
        match ready {
            Some(shell) => Ok(shell),
            None => self.shared.create(memory_len),
        }
    }

    /// A shell that holds `state` and only lacks its registers: one that waits for it, or
    /// else a clean one that it is mapped into.
    pub(super) fn take_holding(&self, state: &Arc<State>) -> Result<Shell, Failure> {
        if let Some(restored) = self.shared.pop_restored(state) {
            return Ok(restored);
        }
        let mut shell = self.take(address(state.layout.memory_len()))?;
        state.map_into(&mut shell.memory)?;
        Ok(shell)
    }

    /// Has the thread make a shell of `state` for the next sandbox of it.
    pub(super) fn warm(&self, state: &Arc<State>) {
        self.order(Work::Warm(Arc::downgrade(state)));
    }

    /// Takes back a shell whose vCPU can be used again, with the state that its memory
    /// is mapped from.
    pub(super) fn recycle(&self, shell: Shell, based_on: Option<Arc<State>>) {
        self.order(Work::Recycle(shell, based_on));
    }

    /// Takes back a shell that must not be used again.
    pub(super) fn discard(&self, shell: Shell) {
        self.order(Work::Discard(shell));
    }

    fn order(&self, work: Work) {
        if let Some(sender) = &self.work {
            // The thread ends only after the sender is gone; were it otherwise, the
            // shell in the returned error is simply dropped here.
            let _ = sender.send(work);
        }
    }
}

impl Drop for ShellPool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        drop(self.work.take());
        if let Some(keeper) = self.keeper.take() {
            // It has nothing to say: a panic there was reported by the hook.
            let _ = keeper.join();
        }
    }
}

impl Shared {
    fn carry_out(&self, order: Work) {
        match order {
            // Nobody will want what is made now.
            _ if self.closing.load(Ordering::Relaxed) => {}
            Work::Warm(state) => {
                if let Some(state) = state.upgrade() {
                    self.warm(&state);
                }
            }
            Work::Recycle(shell, based_on) => self.recycle(shell, based_on),
            Work::Discard(shell) => drop(shell),
        }
    }

    fn warm(&self, state: &Arc<State>) {
        let is_there = self.restored().iter().any(|it| it.holds(state));
        if is_there || !state.is_observed() {
            return;
        }
        let memory_len = address(state.layout.memory_len());
        // Whoever needs a shell makes one, and meets the failure again.
        let Some(mut shell) = self.pop(memory_len).or_else(|| self.create(memory_len).ok()) else { return };
        if state.warm(&mut shell).is_ok() {
            self.recycle(shell, Some(Arc::clone(state)));
        }
    }

    fn recycle(&self, mut shell: Shell, based_on: Option<Arc<State>>) {
        // A snapshot that nobody else holds will have no more sandboxes.
        let wanted = based_on.filter(|state| Arc::strong_count(state) > 1);
        if let Some(state) = wanted {
            let restored = shell
                .vcpu
                .forget()
                .and_then(|()| state.copy_back(&mut shell.memory, &self.scan, &mut shell.working_set));
            if restored.is_ok() {
                self.keep_restored(Restored { state: Arc::downgrade(&state), shell });
            }
        } else {
            self.clean(shell);
        }
    }

    /// Keeps a restored shell, in place of one whose snapshot is gone, or else of the
    /// oldest.
    fn keep_restored(&self, it: Restored) {
        let mut restored = self.restored();
        restored.push_back(it);
        let stale = restored.iter().position(|it| it.state.strong_count() == 0);
        let surplus = match stale {
            Some(at) => restored.remove(at),
            None if restored.len() > RESTORED => restored.pop_front(),
            None => None,
        };
        drop(restored);
        if let Some(it) = surplus {
            self.clean(it.shell);
        }
    }

    fn clean(&self, mut shell: Shell) {
        if self.ready(shell.memory.len()) < READY && shell.clean().is_ok() {
            self.push(shell);
        }
    }

    fn pop_restored(&self, state: &Arc<State>) -> Option<Shell> {
        let mut restored = self.restored();
        let at = restored.iter().position(|it| it.holds(state))?;
        restored.remove(at).map(|it| it.shell)
    }

    fn restored(&self) -> MutexGuard<'_, VecDeque<Restored>> {
        // Each change of the queue is a single step.
        self.restored.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(&self, memory_len: usize) -> Result<Shell, Failure> {
        Shell::create(&self.kvm, &self.cpuid, memory_len, &self.sealed)
    }

    fn ready(&self, memory_len: usize) -> usize {
        self.shells().get(&memory_len).map_or(0, Vec::len)
    }

    fn pop(&self, memory_len: usize) -> Option<Shell> {
        self.shells().get_mut(&memory_len)?.pop()
    }

    fn push(&self, shell: Shell) {
        self.shells().entry(shell.memory.len()).or_default().push(shell);
    }

    fn shells(&self) -> MutexGuard<'_, HashMap<usize, Vec<Shell>>> {
        // Pushing and popping leave the map whole at every point.
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
