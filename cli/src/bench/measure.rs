//! Samples of times, and the bandwidth of memory.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Times of the same piece of work.
pub(super) struct Samples(Vec<Duration>);

impl Samples {
    /// Times that were taken elsewhere.
    pub(super) fn new(times: Vec<Duration>) -> Self {
        Self(times)
    }

    /// The time that `percent` of the samples do not exceed.
    pub(super) fn percentile(&mut self, percent: usize) -> Duration {
        self.0.sort_unstable();
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * percent / 100).copied().unwrap_or_default()
    }
}

/// Runs `work` `rounds` times, each timed by itself, after a tenth as many that are
/// not.
pub(super) fn sample(rounds: usize, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Samples> {
    for _ in 0..rounds / 10 {
        work()?;
    }
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        times.push(time(&mut work)?);
    }
    Ok(Samples(times))
}

/// How long `work` takes.
pub(super) fn time(work: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed())
}

/// Bandwidth of copying memory, in bytes copied per nanosecond (GB/s).
pub(super) fn copy_bandwidth() -> f64 {
    const LEN: usize = 32 << 20;
    let from = vec![1u8; LEN];
    let mut to = vec![0u8; LEN];
    let mut best = Duration::MAX;
    for _ in 0..8 {
        let started = Instant::now();
        to.copy_from_slice(black_box(&from));
        black_box(&mut to);
        best = best.min(started.elapsed());
    }
    LEN as f64 / best.as_secs_f64() / 1e9
}
