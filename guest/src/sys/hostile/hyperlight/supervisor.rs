//! Attacks from CPL0, where a guest of hyperlight's machine can bring itself: its
//! page tables are its own, so that the page with the shim becomes one that it may
//! write.
//!
//! `cpl0:WHAT` executes there: `out:N`, `outs:N`, `in:N`, and what [`execute`] names.

use super::{
    super::{control::native, entry::PORT_NOTIFY},
    tables,
};
use core::{
    arch::{asm, global_asm},
    ptr::with_exposed_provenance_mut,
    sync::atomic::{AtomicU64, AtomicUsize, Ordering},
};
use hypercell_common::hyperlight::IMAGE;

/// The vector that then leads to CPL0: undefined instructions, as in the shim.
const VECTOR: usize = 6;
const PAGE: usize = 4096;

// The gate runs on one of the stacks for faults, with what the processor pushed.
global_asm!(
    ".globl hypercell_hostile_gate",
    "hypercell_hostile_gate:",
    "cmp qword ptr [rsp], offset hypercell_hostile_call",
    "jne 2f",
    "add qword ptr [rsp], 2",
    "sub rsp, 8",
    "call rax",
    "add rsp, 8",
    "iretq",
    "2: jmp qword ptr [rip + {honest}]",
    ".globl hypercell_hostile_call",
    "hypercell_hostile_call:",
    "ud2",
    "ret",
    honest = sym HONEST,
);

/// The handler that was there before.
static HONEST: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" {
    safe fn hypercell_hostile_gate();
    /// Has the function whose address is in `rax` called at CPL0.
    fn hypercell_hostile_call();
    /// See `user.s`.
    safe fn hypercell_abort_word(word: u32);
}

/// Writes to the port of aborts, as the honest guest does.
pub(super) fn abort_word(word: u32) {
    hypercell_abort_word(word);
}

/// Runs for ever.
pub(super) fn hang() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// Tells the host to look at the ring.
pub(super) fn notify() {
    // SAFETY: the host may resume the guest or not.
    unsafe { asm!("out {port}, al", port = const PORT_NOTIFY, in("al") 0_u8, options(nostack)) };
}

/// `out` where the bitmap of the shim decides.
pub(super) fn out_at_cpl3(port: u64) {
    let port = u16::try_from(port).unwrap_or(u16::MAX);
    // SAFETY: none. The host must survive it.
    unsafe { asm!("out dx, al", in("dx") port, in("al") 0_u8, options(nostack)) };
}

/// Opens the way: the shim's page becomes a copy of itself that can be written, and one
/// of its gates leads to `hypercell_hostile_gate`.
fn open() {
    if HONEST.load(Ordering::Relaxed) != 0 {
        return;
    }
    let Some((table, index)) = tables::find(IMAGE) else { return };
    let copy = tables::take_page();
    (0..PAGE as u64 / 8).for_each(|word| {
        let from = with_exposed_provenance_mut::<u64>(native(IMAGE + word * 8));
        // SAFETY: the shim's page can be read.
        tables::set(copy, word, unsafe { from.read_volatile() });
    });
    tables::set(table, index, copy | 0x67);
    let mut register = [0_u16; 5];
    // SAFETY: ten bytes are written.
    unsafe { asm!("sidt [{}]", in(reg) register.as_mut_ptr(), options(nostack)) };
    let base = register.iter().skip(1).rev().fold(0, |base, part| base << 16 | usize::from(*part));
    let gate = with_exposed_provenance_mut::<u64>(base + VECTOR * 16);
    let target = (hypercell_hostile_gate as unsafe extern "C" fn()) as usize as u64;
    // SAFETY: the page can be read.
    let honest = unsafe { gate.read_volatile() };
    HONEST.store(honest & 0xffff | (honest >> 48) << 16, Ordering::Relaxed);
    // SAFETY: the page can be written now.
    unsafe {
        let kept = honest & 0x0000_ffff_ffff_0000;
        gate.write_volatile(kept | target & 0xffff | (target >> 16 & 0xffff) << 48);
    }
}

/// Runs a function at CPL0. It must not touch memory that is not there yet.
pub(super) fn call(function: extern "C" fn()) {
    open();
    // SAFETY: none beyond the clobbers. The host must survive it.
    unsafe {
        asm!("call {call}", call = sym hypercell_hostile_call, in("rax") function, clobber_abi("sysv64"))
    };
}

/// The port for what follows.
static PORT: AtomicUsize = AtomicUsize::new(0);

macro_rules! at_cpl0 {
    ($($name:literal => $($instruction:literal),+;)*) => {
        fn named(name: &str) -> Option<extern "C" fn()> {
            match name {
                $($name => {
                    extern "C" fn function() {
                        // SAFETY: none beyond the clobbers. The host must survive it.
                        unsafe {
                            asm!("push rbx", $($instruction),+, "pop rbx", inout("eax") 0 => _, inout("ecx") 0 => _,
                                inout("rdx") PORT.load(Ordering::Relaxed) => _, clobber_abi("sysv64"));
                        }
                    }
                    Some(function)
                })*
                _ => None,
            }
        }
    };
}

at_cpl0! {
    "out" => "out dx, eax";
    "out-8bit" => "out dx, al";
    "outs" => "mov rsi, rsp", "mov ecx, 64", "rep outsb";
    "in" => "in eax, dx";
    "ins" => "sub rsp, 256", "mov rdi, rsp", "mov ecx, 64", "rep insd", "add rsp, 256";
    "hlt" => "hlt";
    "cli-hlt" => "cli", "hlt";
    "sti-hlt" => "sti", "hlt";
    "rdmsr" => "mov ecx, 0x10", "rdmsr";
    "rdmsr-apic" => "mov ecx, 0x1b", "rdmsr";
    "wrmsr-efer" => "mov ecx, 0xc0000080", "wrmsr";
    "wrmsr-kvmclock" => "mov ecx, 0x4b564d01", "mov eax, 1", "wrmsr";
    "wrmsr-lstar" => "mov ecx, 0xc0000082", "mov eax, 1", "wrmsr";
    "wrmsr-any" => "mov ecx, 0x40000001", "wrmsr";
    "cr0" => "mov rax, cr0", "xor rax, 0x60000000", "mov cr0, rax";
    "cr0-wp" => "mov rax, cr0", "xor rax, 0x10000", "mov cr0, rax";
    "cr0-off" => "xor eax, eax", "mov cr0, rax";
    "cr3" => "mov rax, 0xfffffffffff000", "mov cr3, rax";
    "cr3-low" => "mov rax, 0x3f00000000", "mov cr3, rax";
    "cr4" => "mov rax, cr4", "xor rax, 0x100ba4", "mov cr4, rax";
    "cr4-off" => "xor eax, eax", "mov cr4, rax";
    "cr8" => "mov eax, 15", "mov cr8, rax";
    "dr7" => "mov eax, 0x7ff", "mov dr7, rax";
    "lidt" => "push 0", "push 0", "lidt [rsp]", "ud2";
    "lgdt" => "push 0", "push 0", "lgdt [rsp]", "pop rax", "pop rax";
    "lldt" => "xor eax, eax", "lldt ax";
    "int3" => "int3";
    "nmi" => "int 2";
    "vmcall" => "vmcall";
    "vmcall-many" => "mov eax, 1", "vmcall", "mov eax, 5", "vmcall", "mov eax, 10", "vmcall";
    "cpuid" => "mov eax, 0x40000001", "cpuid";
    "wbinvd" => "wbinvd";
    "invd" => "invd";
    "monitor" => "mov rax, rsp", "xor edx, edx", "monitor", "mwait";
    "swapgs" => "swapgs";
    "xsetbv" => "mov eax, 7", "xsetbv";
    "clts" => "mov rax, cr0", "or rax, 8", "mov cr0, rax", "fldz";
    "rsm" => "rsm";
    "vmxon" => "vmxoff";
    "iretq" => "push 0", "push 0", "push 2", "push 0", "push 0", "iretq";
    "real-mode" => "mov rax, cr0", "and rax, 0x7ffffffe", "mov cr0, rax";
}

/// Executes at CPL0 what the order names.
pub(super) fn execute(how: &str) {
    let (name, port) = how.split_once(':').unwrap_or((how, "0"));
    PORT.store(port.parse().unwrap_or(0), Ordering::Relaxed);
    if let Some(function) = named(name) {
        call(function);
    }
}
