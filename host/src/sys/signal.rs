//! The kick: a signal to the thread that runs a guest, which makes the guest
//! leave, whatever it does.
//!
//! A thread that is in `KVM_RUN` returns from it with `EINTR`. One that is just
//! about to enter would miss the signal, so the handler also sets the
//! `immediate_exit` flag of the vCPU that the thread has announced
//! (`Documentation/virt/kvm/api.rst`, `KVM_RUN`). One that is elsewhere, in a host
//! function say, finds the mark that the handler left when it wants to enter the
//! next time. So no kick is lost.
#![expect(unsafe_code, reason = "installs a signal handler and lets it write one flag")]

#[cfg(feature = "kvm")]
use std::sync::atomic::compiler_fence;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::{
    io, ptr,
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicPtr, AtomicU8, Ordering},
    },
};

/// The signal that kicks a thread. Its default action is to be ignored, and
/// hardly any program uses it (it reports out-of-band socket data, on request).
pub(crate) const KICK: Signal = Signal::SIGURG;

thread_local! {
    /// Whether this thread was kicked since it last asked.
    static KICKED: AtomicBool = const { AtomicBool::new(false) };
    /// The flag to set when this thread is kicked, or null. Both are `const` and
    /// without a destructor, so that the handler may use them at any moment.
    static TARGET: AtomicPtr<u8> = const { AtomicPtr::new(ptr::null_mut()) };
}

extern "C" fn on_kick(_signal: libc::c_int) {
    kick_this_thread();
    let target = TARGET.with(|target| target.load(Ordering::Relaxed));
    if !target.is_null() {
        // SAFETY: `KickTarget::announce` made its caller promise that the flag is
        // valid until the guard clears the target, on this very thread.
        unsafe { AtomicU8::from_ptr(target) }.store(1, Ordering::Relaxed);
    }
}

/// Leaves the mark of a kick, without a signal.
pub(crate) fn kick_this_thread() {
    KICKED.with(|kicked| kicked.store(true, Ordering::Relaxed));
}

/// Whether this thread was kicked and has not yet taken notice.
pub(crate) fn is_kicked() -> bool {
    KICKED.with(|kicked| kicked.load(Ordering::Relaxed))
}

/// Takes notice: whether this thread was kicked since the last time.
pub(crate) fn take_kick() -> bool {
    // Not a read-modify-write: only this thread and its handler touch the mark,
    // and one kick more or less that arrives in between is noticed as one.
    is_kicked() && KICKED.with(|kicked| kicked.swap(false, Ordering::Relaxed))
}

/// Installs the handler for the process, once, and lets the signal through to
/// this thread.
pub(crate) fn prepare_thread() -> io::Result<()> {
    static INSTALLED: OnceLock<Result<(), nix::Error>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| {
        // KVM_RUN returns EINTR all the same; the system calls of host functions
        // are restarted where the kernel can.
        let action = SigAction::new(SigHandler::Handler(on_kick), SaFlags::SA_RESTART, SigSet::empty());
        // SAFETY: the handler only uses constant-initialised thread-local atomics
        // and the flag that one of them points to: all async-signal-safe.
        unsafe { sigaction(KICK, &action) }.map(drop)
    });
    (*installed)?;
    let mut kick = SigSet::empty();
    kick.add(KICK);
    kick.thread_unblock()?;
    Ok(())
}

/// Lets the signal through to this thread by which hyperlight makes a guest leave.
/// Where it is blocked, a kill would wait for the guest to leave by itself.
#[cfg(feature = "hyperlight")]
pub(crate) fn let_real_time_signal_through() -> io::Result<()> {
    let mut signals = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the set is written to.
    unsafe { libc::sigemptyset(signals.as_mut_ptr()) };
    // SAFETY: the set is initialised, and the signal exists.
    unsafe { libc::sigaddset(signals.as_mut_ptr(), libc::SIGRTMIN()) };
    // SAFETY: the set is initialised, and nothing is asked for.
    match unsafe { libc::pthread_sigmask(libc::SIG_UNBLOCK, signals.as_ptr(), ptr::null_mut()) } {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// While it lives, a kick of this thread also sets a flag.
#[cfg(feature = "kvm")]
#[derive(Debug)]
pub(crate) struct KickTarget {
    before: *mut u8,
}

#[cfg(feature = "kvm")]
impl KickTarget {
    /// Announces `flag` on this thread.
    ///
    /// # Safety
    /// `flag` must be valid for writes until the guard is dropped, and the guard
    /// must be dropped, on this thread.
    pub(crate) unsafe fn announce(flag: *mut u8) -> Self {
        let before = TARGET.with(|target| target.swap(flag, Ordering::Relaxed));
        compiler_fence(Ordering::SeqCst);
        Self { before }
    }
}

#[cfg(feature = "kvm")]
impl Drop for KickTarget {
    fn drop(&mut self) {
        compiler_fence(Ordering::SeqCst);
        TARGET.with(|target| target.store(self.before, Ordering::Relaxed));
    }
}
