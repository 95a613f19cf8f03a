//! The attacks on the machine of `hypercell_common::machine`.

use super::{
    Order,
    faults::{read, write},
    memory,
    state::{Area, Exit, SECRET_SELECTORS, Way, components, selectors},
};
use crate::sys::kvm::control::{self, native};
use alloc::{string::String, vec, vec::Vec};
use core::{arch::asm, ops::Range};
use hypercell_common::machine::{CONTROL, IMAGE, PAGE, PORT_ABORT, PORT_HOST_CALL, PORT_RETURN};

/// What is loaded before an exit.
static LEFT: Area = Area::zeroed();
/// What is loaded after an exit, as in an honest guest. Not in constants, so
/// that its control words can be written here.
static CLEAN: Area = Area::zeroed();
/// What was found after an exit.
static FOUND: Area = Area::zeroed();

/// Leaves, and takes note of the registers when the host comes back.
pub(crate) fn leave(exit: &Exit) {
    CLEAN.clear();
    LEFT.clear();
    let mut load = selectors();
    if exit.secret {
        LEFT.fill(components());
        load = SECRET_SELECTORS;
    }
    let port = match exit.way {
        Way::Return => PORT_RETURN,
        Way::HostCall => PORT_HOST_CALL,
        Way::Abort => PORT_ABORT,
    };
    FOUND.bytes().fill(0);
    // SAFETY: the areas are aligned and large enough, the state that is
    // loaded is valid, and null selectors do not matter in 64-bit mode.
    unsafe {
        asm!(
            "mov eax, -1",
            "mov edx, eax",
            "xrstor64 [{left}]",
            "mov ds, [{load}]",
            "mov es, [{load} + 2]",
            "mov fs, [{load} + 4]",
            "mov gs, [{load} + 6]",
            "mov eax, {length:e}",
            "cmp {port:e}, {host_call}",
            "je 2f",
            "cmp {port:e}, {abort}",
            "je 3f",
            "out {give}, eax",
            "mov eax, -1",
            "mov edx, eax",
            "xrstor64 [{clean}]",
            "jmp 4f",
            "2: out {host_call}, eax",
            "jmp 4f",
            "3: out {abort}, eax",
            "4: mov eax, -1",
            "mov edx, eax",
            "xsave64 [{found}]",
            left = in(reg) LEFT.address(),
            found = in(reg) FOUND.address(),
            clean = in(reg) CLEAN.address(),
            load = in(reg) load.as_ptr(),
            length = in(reg) exit.length,
            port = in(reg) u32::from(port),
            give = const PORT_RETURN,
            host_call = const PORT_HOST_CALL,
            abort = const PORT_ABORT,
            out("eax") _,
            out("edx") _,
            clobber_abi("sysv64"),
        );
    }
}

/// What the current request found in the registers, as JSON.
pub(crate) fn report() -> String {
    FOUND.report()
}

/// The orders that only this machine has: none.
pub(crate) fn obey(_order: &Order) -> Option<Exit> {
    None
}

/// Faults on what only this machine has.
pub(crate) fn fault(name: &str) {
    match name {
        "control" => write(native(CONTROL)),
        // The host's page tables start above address 0, in its system pages.
        "pagetable" => write(0x1000),
        "pagetable-read" => read(0x1000),
        _ => {}
    }
}

/// Where secrets are planted beside heap and stack.
pub(crate) fn hiding_places() -> Vec<usize> {
    vec![
        control::input_base() + control::input_size() - native(PAGE),
        control::output_base() + control::output_size() - native(PAGE),
    ]
}

/// What a guest can read beside heap and stack.
pub(crate) fn readable() -> Vec<Range<usize>> {
    let region = |base: usize, size: usize| base..base + size;
    vec![
        region(control::input_base(), control::input_size()),
        region(control::output_base(), control::output_size()),
        native(IMAGE)..memory::end_of_image(),
    ]
}
