//! Exits to the host.

use super::control;
use core::arch::asm;
use hypercell_common::machine::{PORT_ABORT, PORT_HOST_CALL, PORT_RETURN};

/// A clean extended state, for `xrstor`: legacy area, then a header without a
/// bit set, which means that every component takes its initial value. Nothing
/// after the header is read. The control words are the initial ones too, since
/// `MXCSR` is loaded in any case.
#[repr(C, align(64))]
struct CleanState {
    x87_control: u16,
    x87: [u8; 22],
    mxcsr: u32,
    rest: [u8; 4096 - 28],
}

static CLEAN_STATE: CleanState =
    CleanState { x87_control: 0x37f, x87: [0; 22], mxcsr: 0x1f80, rest: [0; 4096 - 28] };

const _: () = assert!(core::mem::offset_of!(CleanState, mxcsr) == 24);
const _: () = assert!(size_of::<CleanState>() == 4096);

/// Opens the way out, once there is a heap: the ports are open.
pub(crate) const fn open() {}

/// Ends the request: the frame's first `length` bytes of the output region are
/// its result. Comes back with the next request, in a clean extended state.
///
/// The host rewinds the machine by general registers and memory alone. It is
/// this instruction after the exit, in text that nobody can write, which makes
/// the x87, SSE and AVX state of one request invisible to the next.
#[inline(never)]
pub(crate) fn end_request(length: u32) {
    // SAFETY: the host answers this exit, or never resumes the guest. All that
    // the instructions change is declared; the state has the required alignment.
    unsafe {
        asm!(
            "out {port}, eax",
            "mov eax, -1",
            "mov edx, eax",
            "xrstor64 [{state}]",
            port = const PORT_RETURN,
            state = sym CLEAN_STATE,
            inout("eax") length => _,
            clobber_abi("sysv64"),
        );
    }
    control::mark_time();
}

/// Calls the host: the first `length` bytes of the output region are the call,
/// and what it returned is in the input region afterwards.
#[inline(never)]
pub(crate) fn call_host(length: u32) {
    // SAFETY: the host answers this exit, or never resumes the guest.
    unsafe { asm!("out {port}, eax", port = const PORT_HOST_CALL, in("eax") length, options(nostack)) };
    control::mark_time();
}

/// Gives up: the first `length` bytes of the output region say why.
pub(crate) fn give_up(length: u32) -> ! {
    loop {
        // SAFETY: the host does not resume the guest; if it did, this repeats.
        unsafe { asm!("out {port}, eax", port = const PORT_ABORT, in("eax") length, options(nostack)) };
    }
}
