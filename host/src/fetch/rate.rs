//! How often.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// At most `requests` at once, and after that one for each `per / requests` that goes by: the
/// generic cell rate algorithm (ITU-T I.371), which needs one instant of state.
#[derive(Debug)]
pub(super) struct Rate {
    /// Time that one request uses up.
    each: Duration,
    /// Time that may be used up ahead.
    ahead: Duration,
    /// Until when time is used up.
    used: Mutex<Option<Instant>>,
}

impl Rate {
    /// `requests` is at least one.
    pub(super) fn new(requests: u32, per: Duration) -> Self {
        Self { each: per / requests.max(1), ahead: per, used: Mutex::new(None) }
    }

    /// Takes one request at `now`, or tells how long it is until there is one.
    pub(super) fn take(&self, now: Instant) -> Result<(), Duration> {
        // One store of a plain value: there is no state in between that a panic could leave.
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let start = used.map_or(now, |used| used.max(now));
        let after = start + self.each;
        let ahead = after.saturating_duration_since(now);
        if ahead > self.ahead {
            return Err(ahead - self.ahead);
        }
        *used = Some(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn as_many_as_allowed_go_at_once_and_then_one_by_one() {
        let rate = Rate::new(4, 4 * SECOND);
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(rate.take(start), Ok(()));
        }
        assert_eq!(rate.take(start), Err(SECOND));
        assert_eq!(rate.take(start + SECOND / 2), Err(SECOND / 2), "a refusal uses nothing up");
        assert_eq!(rate.take(start + SECOND), Ok(()));
        assert_eq!(rate.take(start + SECOND), Err(SECOND));
    }

    #[test]
    fn time_that_went_unused_is_not_saved_beyond_the_burst() {
        let rate = Rate::new(2, SECOND);
        let later = Instant::now() + 100 * SECOND;
        assert_eq!(rate.take(Instant::now()), Ok(()));
        assert_eq!((rate.take(later), rate.take(later)), (Ok(()), Ok(())));
        assert_eq!(rate.take(later), Err(SECOND / 2));
    }
}
