//! How many private pages a machine keeps from call to call.
//!
//! A kept page costs every later restore a copy; one that was given back costs the
//! next call that touches it a fault, which is dearer by two orders. So pages are kept,
//! but not for ever: one large call must not make all later restores slow. Now and
//! then a machine that holds many gives them all back, less and less often as long as
//! they keep coming back.

/// Bytes that are kept in any case.
const SMALL: usize = 1 << 20;
/// Bytes that are kept at most.
const LARGE: usize = 4 << 20;
/// Restores after which many pages are given back for the first time.
const FIRST_INTERVAL: u32 = 16;
/// The most restores between giving back and giving back.
const LAST_INTERVAL: u32 = 1024;

/// What one machine's restores have shown so far.
#[derive(Debug)]
pub(super) struct WorkingSet {
    /// Restores of many pages until they are given back.
    left: u32,
    interval: u32,
}

impl WorkingSet {
    /// Nothing was seen yet.
    pub(super) fn new() -> Self {
        Self { left: FIRST_INTERVAL, interval: FIRST_INTERVAL }
    }

    /// Bytes to keep, at a restore that finds `private` bytes.
    pub(super) fn budget(&mut self, private: usize) -> usize {
        if private <= SMALL {
            // Whatever was large is gone, so the next that is large is something new.
            *self = Self::new();
            return private;
        }
        self.left -= 1;
        if self.left > 0 {
            return LARGE;
        }
        self.interval = (self.interval * 2).min(LAST_INTERVAL);
        self.left = self.interval;
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Restores until one that gives everything back.
    fn restores_until_given_back(set: &mut WorkingSet, private: usize) -> u32 {
        (1..).find(|_| set.budget(private) == 0).unwrap_or(0)
    }

    #[test]
    fn a_small_working_set_is_kept_for_ever() {
        let mut set = WorkingSet::new();

        assert!((0..5000).all(|_| set.budget(SMALL) == SMALL));
    }

    #[test]
    fn a_large_one_is_given_back_soon_and_then_ever_less_often() {
        let mut set = WorkingSet::new();

        let intervals = [(); 8].map(|()| restores_until_given_back(&mut set, 3 * SMALL));

        assert_eq!(intervals, [16, 32, 64, 128, 256, 512, 1024, 1024]);
    }

    #[test]
    fn one_that_was_large_once_is_forgotten() {
        let mut set = WorkingSet::new();
        restores_until_given_back(&mut set, 3 * SMALL);

        set.budget(SMALL);

        assert_eq!(restores_until_given_back(&mut set, 3 * SMALL), 16);
    }
}
