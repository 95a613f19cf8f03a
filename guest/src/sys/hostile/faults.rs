//! Memory that the guest must not touch.

use super::{Order, attacks, control, control::native, machine};
use core::{
    arch::asm,
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
};

pub(crate) fn read(address: usize) {
    // SAFETY: none. That is the point: the host must survive it.
    unsafe { with_exposed_provenance::<u8>(address).read_volatile() };
}

pub(crate) fn write(address: usize) {
    // SAFETY: none, as above.
    unsafe { with_exposed_provenance_mut::<u8>(address).write_volatile(0x90) }
}

fn jump(address: usize) {
    // SAFETY: none, as above.
    unsafe { asm!("call {}", in(reg) address, clobber_abi("sysv64")) };
}

/// Base of a table that `sgdt` or `sidt` names.
fn descriptor_table() -> usize {
    let mut table = [0_u16; 5];
    // SAFETY: ten bytes are written.
    unsafe { asm!("sgdt [{}]", in(reg) table.as_mut_ptr(), options(nostack)) };
    table.iter().skip(1).rev().fold(0, |base, part| base << 16 | usize::from(*part))
}

/// Writes to the stack, page by page, until it ends.
fn overflow() {
    let mut at: usize;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rsp", out(reg) at, options(nomem, nostack)) };
    for _ in 0..=control::stack_size() / native(machine::PAGE) + 2 {
        at -= native(machine::PAGE);
        write(at);
    }
}

/// `read:`, `write:` and `jump:` take an address; `fault:` a name.
pub(super) fn commit(order: &Order) {
    match (order.what.as_str(), order.how.as_str()) {
        ("read", _) => read(native(order.number(0))),
        ("write", _) => write(native(order.number(0))),
        ("jump", _) => jump(native(order.number(0))),
        (_, "null") => read(0),
        (_, "text") => write(commit as fn(&Order) as usize),
        (_, "constants") => write(b"constant".as_ptr().addr()),
        (_, "nx") => jump(control::heap_base() + control::heap_size() - 64),
        (_, "nx-stack") => jump((&raw const order).addr()),
        (_, "guard") => overflow(),
        (_, "gdt") => write(descriptor_table()),
        (_, "noncanonical") => read(1 << 63),
        (_, "kernel") => read(0xffff_8000_0000_0000),
        (_, "unbacked") => write(0x3f_0000_0000),
        (_, "mmio-read") => read(0xfee0_0030),
        (_, "heap-end") => write(control::heap_base() + control::heap_size()),
        (_, "output-end") => write(control::output_base() + control::output_size()),
        (_, "input-before") => write(control::input_base() - 1),
        (_, name) => attacks::fault(name),
    }
}
