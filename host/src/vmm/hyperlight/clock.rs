//! How fast the time stamp counter counts, which hyperlight does not tell.
#![expect(unsafe_code, reason = "reads the time stamp counter")]

use std::{
    arch::x86_64::_rdtsc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Measures the counter against the host's clock, from its start on.
#[derive(Debug)]
pub(super) struct Clock {
    started: Instant,
    ticks: u64,
}

fn ticks() -> u64 {
    // SAFETY: the instruction has no preconditions.
    unsafe { _rdtsc() }
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), ticks: ticks() }
    }

    /// Counts per millisecond, the more exact the longer ago the start is: booting a
    /// guest takes a millisecond, reading both clocks less than a tenth of a
    /// microsecond.
    pub(super) fn tsc_khz(&self) -> u64 {
        let counted = u128::from(ticks().saturating_sub(self.ticks));
        let khz = (counted * 1_000_000).checked_div(self.started.elapsed().as_nanos());
        khz.and_then(|khz| khz.try_into().ok()).unwrap_or(0)
    }
}

/// Microseconds since the Unix epoch; 0 before it.
pub(super) fn wall_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
