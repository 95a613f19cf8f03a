//! The registers of a guest between two requests, and what of them a file may set.

use kvm_bindings::{kvm_regs, kvm_sregs};

/// Interrupts enabled (there are none) and the bit that is always set.
pub(super) const RFLAGS: u64 = 1 << 9 | 1 << 1;
/// What a program at CPL3 may leave in RFLAGS (SDM 1, 3.4.3): carry, parity, adjust,
/// zero, sign, direction, overflow, nested task, alignment check, ID. Not the trap
/// flag: no request starts with a trap of the one before.
const PROGRAM_FLAGS: u64 =
    1 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 10 | 1 << 11 | 1 << 14 | 1 << 18 | 1 << 21;

/// General registers in a file: as many as `kvm_regs` has, in its order.
pub(super) const GENERAL: usize = 18;

/// The registers of a vCPU between two requests. Vector and floating point
/// registers are not among them: the guest resumes each request at an XRSTOR in
/// its immutable code, which sets them to their initial state.
#[derive(Clone)]
pub(super) struct Registers {
    pub(super) general: kvm_regs,
    pub(super) system: kvm_sregs,
}

impl Registers {
    /// The general registers: `rax`, `rbx`, `rcx`, `rdx`, `rsi`, `rdi`, `rsp`, `rbp`,
    /// `r8` to `r15`, `rip`, `rflags`.
    pub(super) fn to_saved(&self) -> [u64; GENERAL] {
        let r = &self.general;
        // What the processor itself keeps in the flags is nobody's state.
        let flags = r.rflags & PROGRAM_FLAGS | RFLAGS;
        [
            r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rsp, r.rbp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13,
            r.r14, r.r15, r.rip, flags,
        ]
    }

    /// These registers, of a guest that just booted, with the general registers of a
    /// file in place of its own.
    ///
    /// Segments, control registers and tables stay the host's. The general registers are
    /// the guest's affair but for two: `rip` must be where this image waits for every
    /// request, as the instructions there reset the vector registers that another guest
    /// may have left; and `rflags` must hold what a program can set.
    pub(super) fn with_saved(&self, saved: [u64; GENERAL]) -> Result<Self, String> {
        let [rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags] =
            saved;
        if rip != self.general.rip {
            let waits = self.general.rip;
            return Err(format!("its rip is {rip:#x}, and a guest of this image waits at {waits:#x}"));
        }
        if rflags & !PROGRAM_FLAGS != RFLAGS {
            return Err(format!("its rflags are {rflags:#x}, which no program can set"));
        }
        #[rustfmt::skip]
        let general = kvm_regs {
            rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags,
        };
        Ok(Self { general, system: self.system })
    }
}

impl std::fmt::Debug for Registers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registers").field("rip", &self.general.rip).field("rsp", &self.general.rsp).finish()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn booted() -> Registers {
        let general = kvm_regs { rip: 0x20_1000, rflags: RFLAGS, ..Default::default() };
        Registers { general, system: kvm_sregs { cr3: 0x1000, ..Default::default() } }
    }

    #[test]
    fn what_a_program_can_leave_in_them_comes_back_and_the_system_registers_are_the_hosts() {
        let saved = Registers {
            general: kvm_regs {
                rax: 1,
                r15: u64::MAX,
                rsp: 1 << 63,
                rflags: RFLAGS | PROGRAM_FLAGS,
                ..booted().general
            },
            system: kvm_sregs { cr3: 0xbad, ..Default::default() },
        };

        let loaded = booted().with_saved(saved.to_saved()).unwrap();

        assert_eq!((loaded.general, loaded.system), (saved.general, booted().system));
    }

    #[test]
    fn no_other_flag_can_be_saved_or_loaded() {
        for bit in (0..64).map(|bit| 1_u64 << bit).filter(|bit| PROGRAM_FLAGS & bit == 0) {
            let mut odd = booted();
            odd.general.rflags ^= bit;
            let mut file = odd.to_saved();
            assert_eq!(file[17], RFLAGS, "it is not saved");
            file[17] = odd.general.rflags;

            let refused = booted().with_saved(file).unwrap_err();

            assert!(refused.contains(&format!("{:#x}", odd.general.rflags)), "{refused}");
        }
    }

    #[test]
    fn a_guest_that_does_not_wait_where_all_do_is_refused() {
        for rip in [0, 0x20_1001, 0x9000, 1 << 47, u64::MAX] {
            let mut file = booted().to_saved();
            file[16] = rip;

            assert!(booted().with_saved(file).is_err(), "{rip:#x}");
        }
    }
}
