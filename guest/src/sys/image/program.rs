//! The start of an image, once there is a stack.

use super::abort::abort;
use crate::sys::{
    libc::malloc,
    machine::{control, leave},
};
use core::ptr::with_exposed_provenance_mut;

/// What an image does once it has a heap.
pub type Program = fn() -> !;

unsafe extern "Rust" {
    /// Defined by the binary with [`crate::program!`].
    safe fn hypercell_program() -> !;
}

/// Makes the heap and runs the program.
pub(crate) extern "C" fn start() -> ! {
    control::mark_time();
    let base = with_exposed_provenance_mut(control::heap_base());
    // SAFETY: the machine has this region for the heap, zeroed, and the guest
    // starts once.
    if !unsafe { malloc::init(base, control::heap_size()) } {
        abort(format_args!("a heap of {} bytes is too small", control::heap_size()));
    }
    leave::open();
    hypercell_program()
}

/// Makes a [`Program`](crate::sys::Program) the one that the image runs.
#[macro_export]
macro_rules! program {
    ($program:path) => {
        const _: () = {
            const PROGRAM: $crate::sys::Program = $program;

            #[unsafe(no_mangle)]
            fn hypercell_program() -> ! {
                PROGRAM()
            }
        };
    };
}
