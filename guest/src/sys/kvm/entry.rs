//! The first instructions.

use crate::sys::image::start;
use core::arch::global_asm;

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
