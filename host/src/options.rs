//! Options of a single call.

use crate::{
    error::Result,
    limits::{Limits, check_time},
    monitor::TimeLimits,
};
use hypercell_common::call_flags;
use std::time::Duration;

/// Options of a single call; what is not set comes from the sandbox's
/// [`Limits`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallOptions {
    wall: Option<Duration>,
    cpu: Option<Duration>,
    flags: u64,
}

impl CallOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wall clock time of this call: 1 ms to 1 h.
    #[must_use]
    pub fn wall(mut self, limit: Duration) -> Self {
        self.wall = Some(limit);
        self
    }

    /// CPU time of this call: 1 ms to 1 h.
    #[must_use]
    pub fn cpu(mut self, limit: Duration) -> Self {
        self.cpu = Some(limit);
        self
    }

    /// Does not collect garbage after this call. Right for a sandbox that is
    /// restored after each call: the garbage goes with the rest.
    #[must_use]
    pub fn without_gc(mut self) -> Self {
        self.flags |= call_flags::NO_GC;
        self
    }

    pub(crate) fn flags(&self) -> u64 {
        self.flags
    }

    /// The call's limits on time, checked.
    pub(crate) fn time(&self, limits: &Limits) -> Result<TimeLimits> {
        check_time("wall", self.wall)?;
        check_time("cpu", self.cpu)?;
        Ok(TimeLimits { wall: self.wall.or(limits.wall), cpu: self.cpu.or(limits.cpu) })
    }
}
