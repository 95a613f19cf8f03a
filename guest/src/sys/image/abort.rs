//! The end of a guest that cannot go on: a panic, C's `abort`, no heap.

use super::regions;
use crate::sys::machine::leave;
use core::{
    fmt::{self, Write},
    panic::PanicInfo,
    slice,
};

/// Writes text into the output region, as much of it as fits.
struct Reason {
    length: usize,
}

impl Write for Reason {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // SAFETY: whoever used the region before does not continue.
        let output = unsafe { regions::output() };
        let room = output.get_mut(self.length..).unwrap_or_default();
        let fits = text.floor_char_boundary(room.len());
        for (place, byte) in room.iter_mut().zip(text.as_bytes().iter().take(fits)) {
            *place = *byte;
        }
        self.length += fits;
        Ok(())
    }
}

/// Tells the host why the guest cannot go on.
pub(crate) fn abort(reason: fmt::Arguments<'_>) -> ! {
    let mut text = Reason { length: 0 };
    // The writer never fails, and there is nobody to tell of a formatter's error.
    let _ = text.write_fmt(reason);
    leave::give_up(u32::try_from(text.length).unwrap_or(u32::MAX))
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    abort(format_args!("{info}"))
}

/// C's way here, from `abort` and `assert`.
#[unsafe(no_mangle)]
unsafe extern "C" fn hypercell_abort(message: *const u8, length: usize) -> ! {
    // SAFETY: C's promise.
    let message = unsafe { slice::from_raw_parts(message, length) };
    match str::from_utf8(message) {
        Ok(message) => abort(format_args!("{message}")),
        Err(_) => abort(format_args!("C code called abort()")),
    }
}

// The precompiled `core` refers to the unwinder; with `panic = "abort"` it is
// never called.

#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    abort(format_args!("unwinding started in an image that cannot unwind"))
}
