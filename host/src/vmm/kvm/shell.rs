//! Virtual machines without content: a VM, its memory and its vCPU.
//!
//! Creating one takes the kernel several hundred microseconds, at times
//! milliseconds, and closing one likewise. So a thread of the VMM keeps a few
//! ready, and cleans those that sandboxes leave behind for the next ones.

use super::{
    dirty::DirtyScan,
    failure::{Failure, kvm},
    memory::GuestMemory,
    vcpu::{self, Vcpu},
};
use kvm_bindings::CpuId;
use kvm_ioctls::{Kvm, VmFd};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

/// Shells that wait for a sandbox, per size of memory.
const READY: usize = 4;

/// A VM, its memory and its vCPU. The fields are dropped in this order.
#[derive(Debug)]
pub(super) struct Shell {
    pub(super) vcpu: Vcpu,
    _vm: VmFd,
    pub(super) memory: GuestMemory,
}

impl Shell {
    /// Creates a VM with `memory_len` bytes of zeros.
    fn create(kvm_fd: &Kvm, cpuid: &CpuId, memory_len: usize) -> Result<Self, Failure> {
        let memory = GuestMemory::reserve(memory_len)?;
        let vm = kvm_fd.create_vm().map_err(|e| kvm("create a VM", e))?;
        // The vCPU first: the kernel is quicker while the VM has no memory.
        let vcpu = Vcpu::create(&vm, cpuid)?;
        memory.attach_to(&vm)?;
        Ok(Self { vcpu, _vm: vm, memory })
    }

    /// Forgets everything that a guest left in it.
    fn clean(&mut self) -> Result<(), Failure> {
        self.memory.clear_from(0)?;
        self.vcpu.forget()
    }
}

/// Makes shells and takes them back.
#[derive(Debug)]
pub(super) struct ShellPool {
    shared: Arc<Shared>,
    scan: DirtyScan,
    /// Dropped first when the pool goes, which ends the thread.
    work: Option<mpsc::Sender<Work>>,
    keeper: Option<thread::JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    kvm: Kvm,
    cpuid: CpuId,
    ready: Mutex<HashMap<usize, Vec<Shell>>>,
}

#[derive(Debug)]
enum Work {
    /// Make sure that a shell of this size is ready.
    Prepare(usize),
    /// Clean this shell and keep it, if there is room.
    Recycle(Shell),
    /// Close this shell.
    Discard(Shell),
}

impl ShellPool {
    /// Opens `/dev/kvm`'s VM factory and starts the thread.
    pub(super) fn start(kvm_fd: Kvm) -> Result<Self, Failure> {
        let cpuid = vcpu::cpuid(&kvm_fd)?;
        let shared = Arc::new(Shared { kvm: kvm_fd, cpuid, ready: Mutex::default() });
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
        Ok(Self { shared, scan: DirtyScan::open()?, work: Some(work), keeper: Some(keeper) })
    }

    /// Finds dirty pages of this process.
    pub(super) fn scan(&self) -> &DirtyScan {
        &self.scan
    }

    /// The factory, for measurements.
    pub(super) fn kvm(&self) -> &Kvm {
        &self.shared.kvm
    }

    /// A clean shell with `memory_len` bytes: one that is ready, or else a new one.
    pub(super) fn take(&self, memory_len: usize) -> Result<Shell, Failure> {
        let ready = self.shared.pop(memory_len);
        match ready {
            Some(shell) => Ok(shell),
            None => self.shared.create(memory_len),
        }
    }

    /// Has the thread make a shell of this size, unless one is ready.
    pub(super) fn prepare(&self, memory_len: usize) {
        self.order(Work::Prepare(memory_len));
    }

    /// Takes back a shell whose vCPU can be used again.
    pub(super) fn recycle(&self, shell: Shell) {
        self.order(Work::Recycle(shell));
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
            Work::Prepare(memory_len) => {
                if self.ready(memory_len) == 0 {
                    // A failure is met again, and reported, by whoever needs the shell.
                    if let Ok(shell) = self.create(memory_len) {
                        self.push(shell);
                    }
                }
            }
            Work::Recycle(mut shell) => {
                if self.ready(shell.memory.len()) < READY && shell.clean().is_ok() {
                    self.push(shell);
                }
            }
            Work::Discard(shell) => drop(shell),
        }
    }

    fn create(&self, memory_len: usize) -> Result<Shell, Failure> {
        Shell::create(&self.kvm, &self.cpuid, memory_len)
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

    fn shells(&self) -> std::sync::MutexGuard<'_, HashMap<usize, Vec<Shell>>> {
        // Pushing and popping leave the map whole at every point.
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
