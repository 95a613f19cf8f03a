//! What a guest leaves in registers, and finds there.
//!
//! Guests of hyperlight run without AVX. One that has come to CPL0 switches it on for
//! itself, so that is where these registers are filled and looked at.

use super::supervisor;
use crate::sys::hostile::state::{Area, SECRET_SELECTORS, components, selectors};
use alloc::string::String;
use core::arch::asm;

/// What is loaded before an exit.
static LEFT: Area = Area::zeroed();
/// What was found after an exit: x87 and SSE.
static FOUND: Area = Area::zeroed();
/// The same with all that the processor has.
static FOUND_LATER: Area = Area::zeroed();

unsafe extern "C" {
    /// See `user.s`.
    safe fn hypercell_halt();
    /// See `user.s`.
    safe fn hypercell_halt_for_snapshot();
}

/// How a request ends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Halt {
    WithAnswer,
    ForSnapshot,
}

/// Switches all of AVX on that there is.
extern "C" fn enable_xsave() {
    // SAFETY: runs at CPL0; the bits are those that the processor says it has.
    unsafe {
        asm!(
            "mov rax, cr4",
            "or rax, 0x40000",
            "mov cr4, rax",
            "mov eax, 0xd",
            "xor ecx, ecx",
            "push rbx",
            "cpuid",
            "pop rbx",
            // x87, SSE, AVX, and the three of AVX-512 together or not at all.
            "and eax, 0xe7",
            "mov ecx, eax",
            "and ecx, 0xe0",
            "cmp ecx, 0xe0",
            "je 2f",
            "and eax, 0x07",
            "2: xor ecx, ecx",
            "xor edx, edx",
            "xsetbv",
            out("rax") _, out("rcx") _, out("rdx") _,
        );
    }
}

/// Ends the request, and comes back with the next one.
pub(super) fn halt(halt: Halt, with_secret: bool) {
    FOUND.bytes().fill(0);
    let mut load = selectors();
    if with_secret {
        supervisor::call(enable_xsave);
        LEFT.fill(components());
        load = SECRET_SELECTORS;
        // SAFETY: XSAVE was just enabled, and the state is valid. Nothing that is
        // compiled uses the registers beyond SSE, and those are clobbered below.
        unsafe {
            asm!("mov eax, -1", "mov edx, eax", "xrstor64 [{left}]", left = in(reg) LEFT.address(),
                out("eax") _, out("edx") _, clobber_abi("sysv64"));
        }
    } else {
        LEFT.clear();
    }
    let halt: extern "C" fn() = match halt {
        Halt::WithAnswer => hypercell_halt,
        Halt::ForSnapshot => hypercell_halt_for_snapshot,
    };
    // SAFETY: as the honest guest does it. The areas are aligned and large enough, the
    // state that is loaded is valid, and null selectors do not matter in 64-bit mode.
    unsafe {
        asm!(
            "fxrstor64 [{left}]",
            "mov ds, [{load}]",
            "mov es, [{load} + 2]",
            "mov fs, [{load} + 4]",
            "mov gs, [{load} + 6]",
            "call {halt}",
            // A register that calls keep.
            "fxsave64 [r12]",
            left = in(reg) LEFT.address(),
            load = in(reg) load.as_ptr(),
            halt = in(reg) halt,
            in("r12") FOUND.address(),
            clobber_abi("sysv64"),
        );
    }
}

/// What the current request found in the registers, as JSON.
pub(crate) fn report() -> String {
    FOUND_LATER.bytes().fill(0);
    supervisor::call(enable_xsave);
    // SAFETY: XSAVE was just enabled.
    unsafe {
        asm!("mov eax, -1", "mov edx, eax", "xsave64 [{found}]", found = in(reg) FOUND_LATER.address(),
            out("eax") _, out("edx") _);
    }
    // The first part was used since.
    let first = FOUND.bytes().get(..512).unwrap_or_default();
    if let Some(place) = FOUND_LATER.bytes().get_mut(..512) {
        place.copy_from_slice(first);
    }
    FOUND_LATER.report()
}
