//! The first instructions, and the way between the privilege levels.

use super::{
    control,
    fault::{on_fault, on_page_fault},
    layout::{
        BOOT_STACK_TOP, FRAME_TOP, HANDLER_STACK, HANDLER_STACK_TOP, HEAP, IMAGE, PAGE, SCRATCH_DELTA,
        STACK_TOP, TABLE_SPAN,
    },
    queue, tables,
};
use crate::sys::image::start;
use core::{arch::global_asm, ptr::with_exposed_provenance};
use hypercell_common::hyperlight::{ABORT_FAULT, Settings};
use hyperlight_common::{
    layout::SCRATCH_TOP_RESERVED_PAGES,
    mem::HyperlightPEB,
    outb::{OutBAction, VmAction},
};

/// Port that ends a request.
const PORT_HALT: u16 = VmAction::Halt as u16;
/// Port that tells the host of a host call.
pub(super) const PORT_NOTIFY: u16 = OutBAction::VirtqNotify as u16;
/// Port that takes the words of a guest that gives up.
const PORT_ABORT: u16 = OutBAction::Abort as u16;

global_asm!(
    concat!(include_str!("supervisor.s"), include_str!("user.s")),
    shim = const IMAGE,
    frame_top = const FRAME_TOP.cast_signed(),
    handler_stack = const HANDLER_STACK_TOP.cast_signed(),
    handler_stack_word = const HANDLER_STACK.cast_signed(),
    hot = const (HEAP - IMAGE) / TABLE_SPAN,
    boot_stack = const BOOT_STACK_TOP.cast_signed(),
    delta = const SCRATCH_DELTA.cast_signed(),
    reserved = const SCRATCH_TOP_RESERVED_PAGES,
    port_halt = const PORT_HALT,
    port_notify = const PORT_NOTIFY,
    port_abort = const PORT_ABORT,
    abort_fault = const ABORT_FAULT,
    boot = sym boot,
    prepare = sym prepare,
    start = sym start,
    on_page_fault = sym on_page_fault,
    on_fault = sym on_fault,
);

const _: () = assert!(PORT_NOTIFY == PORT_HALT + 1 && PORT_HALT / 8 == PORT_NOTIFY / 8);

/// Takes note of what the host says, and gives the top of the stack.
extern "C" fn boot(addresses: *const HyperlightPEB) -> u64 {
    // SAFETY: hyperlight passes its block of addresses at the entry point.
    let addresses = unsafe { addresses.read() };
    let settings = with_exposed_provenance::<Settings>(control::native(addresses.init_data.ptr));
    // SAFETY: the host's half of this machine gives these settings as init data.
    let settings = unsafe { settings.read_unaligned() };
    control::settle(&settings);
    tables::protect_image();
    STACK_TOP
}

/// Copies, after a restore, the pages that are written in any case: each costs less
/// than when it faults.
extern "C" fn prepare(stack: u64) {
    tables::copy_early(stack / PAGE);
    tables::variables().for_each(tables::copy_early);
    tables::copy_early(queue::address() / PAGE);
}
