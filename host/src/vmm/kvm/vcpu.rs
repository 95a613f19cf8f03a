//! The one vCPU of a guest: its registers, and how it leaves the guest.
#![expect(unsafe_code, reason = "announces the flag that a kick sets")]

use super::{
    failure::{Failure, kvm},
    layout::{FAULT_STACK_TOP, GDT, IDT, PML4, TSS, address},
    memory::GuestMemory,
    paging::{GDT_LIMIT, IDT_LIMIT, TASK, TSS_LIMIT, USER_CODE, USER_DATA, VECTORS},
    registers::{RFLAGS, Registers},
};
use crate::sys::{KickTarget, is_kicked};
use hypercell_common::{
    Fault,
    machine::{CONTROL, PORT_ABORT, PORT_HOST_CALL, PORT_RETURN},
};
use kvm_bindings::{CpuId, KVM_MAX_CPUID_ENTRIES, kvm_dtable, kvm_regs, kvm_segment, kvm_vcpu_events};
use kvm_ioctls::{Kvm, SyncReg, VcpuExit, VcpuFd, VmFd};

/// Protected mode, monitor coprocessor, extension type, numeric error, write
/// protect, alignment mask, paging (SDM 3A, 2.5).
const CR0: u64 = 1 | 1 << 1 | 1 << 4 | 1 << 5 | 1 << 16 | 1 << 18 | 1 << 31;
/// PAE, PGE, OSFXSR, OSXMMEXCPT, OSXSAVE. Not FSGSBASE: the guest's program has
/// no need to write segment bases.
const CR4: u64 = 1 << 5 | 1 << 7 | 1 << 9 | 1 << 10 | 1 << 18;
/// Long mode enabled and active, no-execute. Not SCE: `syscall` is undefined.
const EFER: u64 = 1 << 8 | 1 << 10 | 1 << 11;
/// x87, SSE and AVX state: what a guest may use, and what XRSTOR resets.
const XCR0: u64 = 0b111;
/// CPUID.1:ECX bit of AVX.
const CPUID_AVX: u32 = 1 << 28;

/// How the vCPU left the guest.
#[derive(Debug)]
pub(super) enum Left {
    /// `out` to [`PORT_RETURN`], with the frame's length.
    Return(u32),
    /// `out` to [`PORT_HOST_CALL`], with the frame's length.
    HostCall(u32),
    /// `out` to [`PORT_ABORT`], with the message's length.
    Abort(u32),
    /// An exception that guest code caused.
    Fault(Fault),
    /// A signal to the thread, or `immediate_exit`.
    Interrupted,
    /// Any other way, all of which a well-behaved guest never takes.
    Unexpected(String),
}

/// What the guest sees as its CPU.
pub(super) fn cpuid(kvm_fd: &Kvm) -> Result<CpuId, Failure> {
    kvm_fd.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES).map_err(|e| kvm("ask KVM for its CPUID", e))
}

/// The vCPU of one VM.
#[derive(Debug)]
pub(super) struct Vcpu {
    fd: VcpuFd,
}

impl Vcpu {
    /// Creates the vCPU. Its registers are set by [`Vcpu::start`] or
    /// [`Vcpu::load`].
    pub(super) fn create(vm: &VmFd, cpuid: &CpuId) -> Result<Self, Failure> {
        let fd = vm.create_vcpu(0).map_err(|e| kvm("create a vCPU", e))?;
        fd.set_cpuid2(cpuid).map_err(|e| kvm("set the CPUID of a vCPU", e))?;
        let avx = cpuid.as_slice().iter().any(|leaf| leaf.function == 1 && leaf.ecx & CPUID_AVX != 0);
        let mut xcrs = fd.get_xcrs().map_err(|e| kvm("read the extended control registers", e))?;
        if let Some(xcr0) = xcrs.xcrs.first_mut() {
            xcr0.value = if avx { XCR0 } else { XCR0 & 0b011 };
        }
        xcrs.nr_xcrs = 1;
        fd.set_xcrs(&xcrs).map_err(|e| kvm("set the extended control registers", e))?;
        Ok(Self { fd })
    }

    /// Frequency of the guest's time stamp counter in kHz, 0 when unknown.
    pub(super) fn tsc_khz(&self) -> u64 {
        self.fd.get_tsc_khz().map_or(0, u64::from)
    }

    /// Sets the registers to the start of a program.
    pub(super) fn start(&mut self, entry: u64, stack_top: u64) -> Result<(), Failure> {
        let mut system = self.fd.get_sregs().map_err(|e| kvm("read the system registers", e))?;
        system.cr0 = CR0;
        system.cr3 = PML4;
        system.cr4 = CR4;
        system.efer = EFER;
        let data = user_segment(USER_DATA, 3, 0, 1);
        system.cs = user_segment(USER_CODE, 11, 1, 0);
        (system.ds, system.es, system.fs, system.gs, system.ss) = (data, data, data, data, data);
        system.gdt = kvm_dtable { base: GDT, limit: GDT_LIMIT, ..Default::default() };
        system.idt = kvm_dtable { base: IDT, limit: IDT_LIMIT, ..Default::default() };
        system.tr = kvm_segment {
            base: TSS,
            limit: TSS_LIMIT.into(),
            selector: TASK,
            type_: 11,
            present: 1,
            ..Default::default()
        };
        let general = kvm_regs {
            rip: entry,
            // As after a `call`: the System V ABI's alignment at function entry.
            rsp: stack_top - 8,
            rdi: CONTROL,
            rflags: RFLAGS,
            ..Default::default()
        };
        self.fd.set_sregs(&system).map_err(|e| kvm("set the system registers", e))?;
        self.fd.set_regs(&general).map_err(|e| kvm("set the registers", e))
    }

    /// The registers, after the exit that the guest is waiting in has completed.
    pub(super) fn save(&mut self) -> Result<Registers, Failure> {
        self.settle()?;
        let general = self.fd.get_regs().map_err(|e| kvm("read the registers", e))?;
        let system = self.fd.get_sregs().map_err(|e| kvm("read the system registers", e))?;
        Ok(Registers { general, system })
    }

    /// Lets KVM finish the last exit without entering the guest.
    fn settle(&mut self) -> Result<(), Failure> {
        self.fd.set_kvm_immediate_exit(1);
        let entered = self.fd.run().map(|exit| format!("{exit:?}"));
        self.fd.set_kvm_immediate_exit(0);
        match entered {
            Err(e) if e.errno() == libc::EINTR => Ok(()),
            Err(e) => Err(kvm("complete the guest's last exit", e)),
            Ok(exit) => Err(Failure::Os {
                what: "complete the guest's last exit".into(),
                source: std::io::Error::other(format!("it left again: {exit}")),
            }),
        }
    }

    /// Sets the registers at the next entry, without a system call of its own:
    /// through the area that KVM shares with user space (`KVM_CAP_SYNC_REGS`).
    pub(super) fn load(&mut self, registers: &Registers) {
        let shared = self.fd.sync_regs_mut();
        shared.regs = registers.general;
        shared.sregs = registers.system;
        self.fd.set_sync_dirty_reg(SyncReg::Register);
        self.fd.set_sync_dirty_reg(SyncReg::SystemRegister);
    }

    /// A vCPU ioctl that does next to nothing, for measurements.
    pub(super) fn probe(&self) -> Result<(), Failure> {
        self.fd.get_mp_state().map(drop).map_err(|e| kvm("read the state of a vCPU", e))
    }

    /// Forgets what an earlier guest left on its way in or out.
    pub(super) fn forget(&mut self) -> Result<(), Failure> {
        self.settle()?;
        self.drop_pending_events()
    }

    /// Drops exceptions and interrupts that were on their way into the guest:
    /// after a stop at any moment, none may reach the restored one.
    pub(super) fn drop_pending_events(&mut self) -> Result<(), Failure> {
        self.fd
            .set_vcpu_events(&kvm_vcpu_events::default())
            .map_err(|e| kvm("clear the pending events of a vCPU", e))
    }

    /// Enters the guest until it leaves.
    pub(super) fn run(&mut self, memory: &GuestMemory) -> Left {
        let flag = &raw mut self.fd.get_kvm_run().immediate_exit;
        self.fd.set_kvm_immediate_exit(0);
        // SAFETY: the flag lies in the mapping that the vCPU holds, and the guard
        // lives no longer than this function's borrow of the vCPU.
        let _target = unsafe { KickTarget::announce(flag) };
        if is_kicked() {
            // Before the flag was announced; every later kick sets the flag.
            return Left::Interrupted;
        }
        let vector = match self.fd.run() {
            Ok(VcpuExit::IoOut(port, data)) => {
                let word = <[u8; 4]>::try_from(data).map(u32::from_le_bytes);
                match (u8::try_from(port), word, data.len()) {
                    (Ok(PORT_RETURN), Ok(len), _) => return Left::Return(len),
                    (Ok(PORT_HOST_CALL), Ok(len), _) => return Left::HostCall(len),
                    (Ok(PORT_ABORT), Ok(len), _) => return Left::Abort(len),
                    // The stubs write to these ports; the program cannot.
                    (Ok(vector), _, 1) if u64::from(vector) < VECTORS => vector,
                    _ => {
                        let bytes = data.len();
                        return Left::Unexpected(format!("it wrote {bytes} bytes to port {port:#x}"));
                    }
                }
            }
            Ok(VcpuExit::MmioRead(at, _)) => {
                return Left::Unexpected(format!("it read {at:#x}, where there is no memory"));
            }
            Ok(VcpuExit::MmioWrite(at, _)) => {
                return Left::Unexpected(format!("it wrote to {at:#x}, where there is no memory"));
            }
            Ok(VcpuExit::Shutdown) => return Left::Unexpected("it caused a triple fault".into()),
            Ok(other) => return Left::Unexpected(format!("its virtual CPU stopped: {other:?}")),
            Err(e) if matches!(e.errno(), libc::EINTR | libc::EAGAIN) => return Left::Interrupted,
            Err(e) => {
                let error = std::io::Error::from_raw_os_error(e.errno());
                return Left::Unexpected(format!("KVM cannot run it any further: {error}"));
            }
        };
        Left::Fault(self.read_fault(vector, memory))
    }

    /// Reads the frame that the CPU pushed (SDM 3A, 6.14.2). Guest code cannot
    /// write there, but what it holds is only ever printed.
    fn read_fault(&self, vector: u8, memory: &GuestMemory) -> Fault {
        let word = |below_top: u64| {
            let mut bytes = Vec::with_capacity(8);
            let read = memory.read_into(address(FAULT_STACK_TOP - below_top), 8, &mut bytes);
            read.ok().and_then(|()| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
        };
        let has_error_code = matches!(vector, 8 | 10..=14 | 17 | 21);
        Fault {
            vector,
            error_code: if has_error_code { word(48) } else { 0 },
            instruction: word(40),
            stack: word(16),
            address: if vector == 14 { self.fd.get_sregs().map_or(0, |s| s.cr2) } else { 0 },
        }
    }
}

fn user_segment(selector: u16, type_: u8, long: u8, big: u8) -> kvm_segment {
    kvm_segment {
        limit: u32::MAX,
        selector,
        type_,
        present: 1,
        dpl: 3,
        db: big,
        s: 1,
        l: long,
        g: 1,
        ..Default::default()
    }
}
