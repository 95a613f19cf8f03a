//! What a call cost.

use std::{fmt, time::Duration};

/// What ended a call before it returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Termination {
    /// The limit on wall clock time.
    WallClock,
    /// The limit on CPU time.
    CpuTime,
    /// An [`InterruptHandle`](crate::InterruptHandle).
    Killed,
    /// A monitor that could not be kept running.
    MonitorFailed,
}

impl Termination {
    /// The name for machines: `wall-clock`, `cpu-time`, `killed`,
    /// `monitor-failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WallClock => "wall-clock",
            Self::CpuTime => "cpu-time",
            Self::Killed => "killed",
            Self::MonitorFailed => "monitor-failed",
        }
    }
}

impl fmt::Display for Termination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a call cost, also when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CallStats {
    /// Wall clock time from entry to exit.
    pub wall: Duration,
    /// CPU time of the calling thread, host functions included.
    pub cpu: Duration,
    /// What ended the call before it returned, if anything did.
    pub terminated_by: Option<Termination>,
    /// Host functions that were called.
    pub host_calls: u64,
    /// Most bytes of the guest's heap ever in use, as the guest says; 0 when the
    /// call did not return.
    pub peak_heap_bytes: u64,
}
