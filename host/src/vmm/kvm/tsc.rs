//! The time stamp counter, which the guest reads as well.
#![expect(unsafe_code, reason = "reads the time stamp counter")]

/// The time stamp counter of this CPU. A guest's counter has the same value, as
/// KVM gives a VM no offset unless it is asked to.
pub(super) fn read() -> u64 {
    // SAFETY: the instruction has no precondition on x86-64 at CPL3 with CR4.TSD
    // clear, which is how Linux runs its processes.
    unsafe { core::arch::x86_64::_rdtsc() }
}
