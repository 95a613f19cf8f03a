//! The operating system's part of stopping a call: the kick signal and the
//! per-thread timer. The only `unsafe` outside of the VMMs.

mod signal;
mod timer;

pub(crate) use signal::{KICK, KickTarget, is_kicked, kick_this_thread, prepare_thread, take_kick};
pub(crate) use timer::{ThreadCpuClock, ThreadTimer, thread_cpu_time, with_thread_timer};
