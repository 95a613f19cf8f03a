//! The first instructions.

use super::{abort::abort, control};
use crate::sys::libc::malloc;
use core::{arch::global_asm, ptr::with_exposed_provenance_mut};

/// What an image does once it has a heap.
pub type Program = fn() -> !;

unsafe extern "Rust" {
    /// Defined by the binary with [`crate::program!`].
    safe fn hypercell_program() -> !;
}

// The host starts the guest with `rsp` at the top of the stack. A call pushes 8
// bytes, and the System V ABI wants the stack aligned to 16 before it.
global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "and rsp, -16",
    "call {start}",
    "ud2",
    start = sym start,
);

extern "C" fn start() -> ! {
    control::mark_time();
    let base = with_exposed_provenance_mut(control::heap_base());
    // SAFETY: the host made this region for the heap, zeroed, and the guest
    // starts once.
    if !unsafe { malloc::init(base, control::heap_size()) } {
        abort(format_args!("a heap of {} bytes is too small", control::heap_size()));
    }
    hypercell_program()
}

/// Makes a [`Program`](crate::sys::kvm::Program) the one that the image runs.
#[macro_export]
macro_rules! program {
    ($program:path) => {
        const _: () = {
            const PROGRAM: $crate::sys::kvm::Program = $program;

            #[unsafe(no_mangle)]
            fn hypercell_program() -> ! {
                PROGRAM()
            }
        };
    };
}
