//! The VMM on Linux's `/dev/kvm`, through `kvm-ioctls`: nothing else in the
//! project names it.
//!
//! One memslot, addresses that are the same virtually and physically, page
//! tables that only the host writes, the guest's program at CPL3, and no device:
//! a guest leaves by `out` to one of three ports, or by a fault. See
//! `docs/architecture.md`.

mod dirty;
mod elf;
mod exchange;
mod failure;
mod features;
mod floor;
mod layout;
mod machine;
mod memory;
mod paging;
mod registers;
mod saved;
mod shell;
mod snapshot;
mod vcpu;
mod warm;
mod working_set;

use super::{Exit, Floor, Machine, MachineSnapshot, MemorySize, Vmm};
use crate::{
    error::{Error, ErrorKind},
    interrupt::{CallSlot, Kick},
    monitor::{TimeLimits, Watch},
};
use elf::{Access, GuestImage};
use failure::{Failure, kvm};
use hypercell_common::{
    Frame, Kind,
    machine::{CONTROL, Control, IMAGE, PAGE},
};
use kvm_ioctls::{Cap, Kvm};
use layout::{Layout, address};
use machine::KvmMachine;
use shell::ShellPool;
use snapshot::State;
use std::{
    io::{Read, Write},
    sync::Arc,
    time::Duration,
};
use zerocopy::{FromZeros, IntoBytes};

/// How long a guest may take from its first instruction to its first frame.
const BOOT_LIMIT: Duration = Duration::from_secs(10);

/// Bytes of the heap that the guest uses while it boots, or a little more.
const BOOT_HEAP: u64 = 2 << 20;
/// Bytes of the stack that it uses.
const BOOT_STACK: u64 = 32 << 10;

/// The device that this VMM needs.
pub(crate) const DEVICE: &str = "/dev/kvm";

/// What the kernel's KVM must be able to do.
const CAPABILITIES: [(Cap, &str); 5] = [
    (Cap::UserMemory, "KVM_CAP_USER_MEMORY"),
    (Cap::ReadonlyMem, "KVM_CAP_READONLY_MEM"),
    (Cap::ImmediateExit, "KVM_CAP_IMMEDIATE_EXIT"),
    (Cap::SyncRegs, "KVM_CAP_SYNC_REGS"),
    (Cap::Xcrs, "KVM_CAP_XCRS"),
];

/// Virtual machines on `/dev/kvm`.
#[derive(Debug)]
pub(crate) struct KvmVmm {
    pool: Arc<ShellPool>,
    image: GuestImage,
}

impl KvmVmm {
    /// Opens `/dev/kvm` and checks the guest image.
    ///
    /// # Errors
    /// `ERR_NO_HYPERVISOR` when there is no usable KVM, `ERR_INVALID_ARG` when the
    /// image cannot be loaded.
    pub(crate) fn open(image: &[u8]) -> Result<Self, Error> {
        let image = GuestImage::parse(image, IMAGE)?;
        let kvm_fd = Kvm::new().map_err(|e| no_kvm(&std::io::Error::from_raw_os_error(e.errno())))?;
        for (capability, name) in CAPABILITIES {
            if !kvm_fd.check_extension(capability) {
                return Err(Error::new(
                    ErrorKind::NoHypervisor,
                    format!("the kernel's KVM lacks {name}; Linux 6.7 or later has it"),
                ));
            }
        }
        Ok(Self { pool: Arc::new(ShellPool::start(kvm_fd, &image)?), image })
    }

    fn load(&self, size: &MemorySize) -> Result<KvmMachine, Failure> {
        let layout = Arc::new(Layout::new(&self.image, size)?);
        let mut shell = self.pool.take(address(layout.memory_len()))?;
        let large_heap = layout.large_heap();
        shell.memory.allow_large_pages(address(large_heap.start)..address(large_heap.end));
        for segment in self.image.segments.iter().filter(|segment| segment.access == Access::ReadWrite) {
            shell.memory.write(address(segment.address), &segment.bytes)?;
        }
        paging::write_tables(&mut shell.memory, &self.image, &layout)?;
        // Booting touches all of these. Present in the host, they cost the guest an exit
        // for every eighth; absent, one for each.
        let boot_heap = layout.heap.start..layout.heap.end.min(layout.heap.start + BOOT_HEAP);
        let boot_stack = layout.stack.start.max(layout.stack.end - BOOT_STACK)..layout.stack.end;
        let variables = layout.writable_from..self.image.end();
        for range in [variables, boot_stack, boot_heap] {
            shell.memory.populate_write(address(range.start)..address(range.end.next_multiple_of(PAGE)))?;
        }
        let mut control = Control::new_zeroed();
        (control.input_base, control.input_size) = (layout.input.start, layout.frames.input as u64);
        (control.output_base, control.output_size) = (layout.output.start, layout.frames.output as u64);
        (control.heap_base, control.heap_size) = (layout.heap.start, layout.heap.end - layout.heap.start);
        control.stack_size = layout.stack.end - layout.stack.start;
        control.tsc_khz = shell.vcpu.tsc_khz();
        shell.memory.write(address(CONTROL), control.as_bytes())?;
        shell.vcpu.start(self.image.entry, layout.stack.end)?;
        KvmMachine::new(shell, Arc::clone(&self.pool), layout, None)
    }
}

impl Vmm for KvmVmm {
    fn boot(&self, size: &MemorySize) -> Result<Box<dyn Machine>, Error> {
        let mut machine = self.load(size)?;
        let slot = Arc::new(CallSlot::default());
        let watch = Watch::start(slot.enter(Kick::Signal), TimeLimits { wall: Some(BOOT_LIMIT), cpu: None })?;
        let mut answer = Vec::new();
        let failed = match machine.boot(&watch, &mut answer) {
            Ok(()) => match Frame::decode(&answer).map(|frame| frame.kind) {
                Ok(Kind::Ready) => None,
                Ok(kind) => Some(format!("it said {kind:?} instead of being ready")),
                Err(error) => Some(error.to_string()),
            },
            Err(Exit::Stopped) => Some(format!("it was not ready after {BOOT_LIMIT:?}")),
            Err(Exit::Aborted(what) | Exit::Faulted(what)) => Some(what),
            Err(Exit::TooLarge { .. }) => Some("its first request was refused".into()),
            Err(Exit::Host(error)) => return Err(error),
        };
        if let Some(what) = failed {
            return Err(Error::new(ErrorKind::GuestAbort, format!("the guest image does not boot: {what}")));
        }
        Ok(Box::new(machine))
    }

    fn spawn(&self, snapshot: &MachineSnapshot) -> Result<Box<dyn Machine>, Error> {
        let state = snapshot.downcast::<State>()?;
        let mut shell = self.pool.take_holding(&state)?;
        shell.vcpu.load(&state.registers);
        self.pool.warm(&state);
        let layout = Arc::clone(&state.layout);
        let machine = KvmMachine::new(shell, Arc::clone(&self.pool), layout, Some(state))?;
        Ok(Box::new(machine))
    }

    fn save(&self, snapshot: &MachineSnapshot, out: &mut dyn Write) -> Result<(), Error> {
        snapshot.downcast::<State>()?.save(self.pool.features(), out)
    }

    fn load(
        &self,
        booted: &MachineSnapshot,
        payload: &mut dyn Read,
        length: u64,
    ) -> Result<MachineSnapshot, Error> {
        let booted = booted.downcast::<State>()?;
        let state = State::load(&booted, &self.pool, self.pool.features(), payload, length)?;
        Ok(MachineSnapshot::new(Arc::new(state)))
    }

    fn floor(&self) -> Result<Option<Floor>, Error> {
        let kvm_fd = Kvm::new().map_err(|e| kvm("open /dev/kvm", e))?;
        Ok(Some(floor::measure(kvm_fd)?))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Error::internal("the virtual machine failed").with_source(failure)
    }
}

fn no_kvm(error: &std::io::Error) -> Error {
    let advice = match error.kind() {
        std::io::ErrorKind::NotFound => {
            "load the kvm module (kvm_intel or kvm_amd), and switch on virtualization in the firmware or, in a \
             virtual machine, nested virtualization"
        }
        std::io::ErrorKind::PermissionDenied => {
            "add the user to the group that owns it (`sudo usermod -aG kvm $USER`, then log in again)"
        }
        _ => "see `hypercell doctor`",
    };
    Error::new(ErrorKind::NoHypervisor, format!("cannot open {DEVICE} ({error}): {advice}"))
}
