//! Exceptions of the processor that guest code caused.

use core::fmt;

/// An exception, as the processor reported it (Intel SDM volume 3, chapter 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Its number.
    pub vector: u8,
    /// Its error code, or zero where there is none.
    pub error_code: u64,
    /// `rip`.
    pub instruction: u64,
    /// `rsp`.
    pub stack: u64,
    /// The address that a page fault was about.
    pub address: u64,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.vector {
            0 => "divide error",
            1 => "debug exception",
            3 => "breakpoint",
            6 => "invalid opcode",
            8 => "double fault",
            12 => "stack fault",
            13 => "general protection fault",
            14 => "page fault",
            16 => "floating point exception",
            17 => "alignment check",
            19 => "SIMD exception",
            _ => "exception",
        };
        let Self { vector, error_code, instruction, stack, address } = self;
        write!(
            f,
            "{name} (vector {vector}, error code {error_code:#x}) at rip {instruction:#x}, rsp {stack:#x}"
        )?;
        if self.vector == 14 { write!(f, ", address {address:#x}") } else { Ok(()) }
    }
}
