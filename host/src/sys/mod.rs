//! The operating system's part of stopping a call: the kick signal and the
//! per-thread timer. The only `unsafe` outside of the VMMs.

mod signal;
mod timer;

#[cfg(feature = "hyperlight")]
pub(crate) use signal::let_real_time_signal_through;
pub(crate) use signal::{KICK, kick_this_thread, prepare_thread, take_kick};
#[cfg(feature = "kvm")]
pub(crate) use signal::{KickTarget, is_kicked};
pub(crate) use timer::{ThreadCpuClock, ThreadTimer, thread_cpu_time, with_thread_timer};
