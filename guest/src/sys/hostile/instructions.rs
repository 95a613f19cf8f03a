//! Instructions that a guest has no business executing.

use super::Order;
use core::arch::asm;

/// Executes one; everything that survives may have changed is declared.
macro_rules! execute {
    ($($instruction:literal),+) => {
        // SAFETY: none beyond the clobbers. The host must survive it.
        unsafe {
            asm!($($instruction),+,
                inout("eax") 0 => _, inout("ecx") 0 => _, inout("edx") 0 => _, clobber_abi("sysv64"));
        }
    };
}

/// The one that the order names.
pub(super) fn execute(order: &Order) {
    if order.what == "out-8bit" {
        return execute!("out 0x40, al");
    }
    if order.what == "out-16bit" {
        return execute!("out 0x40, ax");
    }
    match order.how.as_str() {
        "hlt" => execute!("hlt"),
        "cli" => execute!("cli"),
        "sti" => execute!("sti"),
        "rdmsr" => execute!("mov ecx, 0x10", "rdmsr"),
        "wrmsr" => execute!("mov ecx, 0xc0000080", "wrmsr"),
        "mov-cr0" => execute!("mov rax, cr0"),
        "mov-cr3" => execute!("mov rax, cr3"),
        "write-cr3" => execute!("mov cr3, rax"),
        "mov-dr7" => execute!("mov rax, dr7"),
        "int3" => execute!("int3"),
        "int80" => execute!("int 0x80"),
        "int-fault" => execute!("int 14"),
        "syscall" => execute!("syscall"),
        "sysenter" => execute!("sysenter"),
        "vmcall" => execute!("vmcall"),
        "vmmcall" => execute!("vmmcall"),
        "cpuid" => execute!("push rbx", "cpuid", "pop rbx"),
        "lgdt" => execute!("lgdt [rsp]"),
        "lidt" => execute!("lidt [rsp]"),
        "ltr" => execute!("ltr ax"),
        "sgdt" => execute!("sub rsp, 16", "sgdt [rsp]", "add rsp, 16"),
        "invlpg" => execute!("invlpg [rsp]"),
        "swapgs" => execute!("swapgs"),
        "iretq" => execute!("push 0", "push 0", "push 2", "push 8", "push 0", "iretq"),
        "far-jump" => execute!("push 8", "push 0", "retfq"),
        "in" => execute!("in al, 0x60"),
        "in-return" => execute!("in eax, 0x40"),
        "out-other" => execute!("out 0x80, al"),
        "out-fault" => execute!("out 0x0e, al"),
        "out-between" => execute!("out 0x42, eax"),
        "out-last" => execute!("out 0x4a, eax"),
        "outs" => {
            execute!("push rsi", "lea rsi, [rsp]", "mov dx, 0x40", "mov ecx, 4", "rep outsd", "pop rsi")
        }
        "ud2" => execute!("ud2"),
        "div0" => execute!("div ecx"),
        "xsetbv" => execute!("mov eax, 7", "xsetbv"),
        "rdpmc" => execute!("rdpmc"),
        "rdtscp" => execute!("rdtscp"),
        "invd" => execute!("invd"),
        "wbinvd" => execute!("wbinvd"),
        "monitor" => execute!("lea rax, [rsp]", "monitor", "mwait"),
        "mov-ss" => execute!("mov eax, 0x10", "mov ss, eax"),
        "ac" => execute!(
            "pushfq",
            "or dword ptr [rsp], 0x40000",
            "popfq",
            "mov eax, [rsp + 1]",
            "pushfq",
            "and dword ptr [rsp], 0xfffbffff",
            "popfq"
        ),
        "tf" => execute!("pushfq", "or dword ptr [rsp], 0x100", "popfq", "nop", "nop"),
        "nt" => execute!("pushfq", "or dword ptr [rsp], 0x4000", "popfq", "iretq"),
        "iopl" => execute!("pushfq", "or dword ptr [rsp], 0x3000", "popfq", "cli"),
        "df" => execute!("std"),
        "x87" => execute!("fldcw [rsp]", "fldz", "fldz", "fdivp", "fwait"),
        "sse" => execute!("push 0", "ldmxcsr [rsp]", "divss xmm0, xmm0", "pop rax"),
        "rsp0" => execute!("xor esp, esp", "push rax"),
        "rsp-noncanonical" => execute!("mov rsp, 1", "ror rsp, 1", "push rax"),
        _ => {}
    }
}
