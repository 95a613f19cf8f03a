//! Sandboxes in new VMs and in recycled ones, told apart.
//!
//! An engine keeps VMs that sandboxes left behind, restored on a thread of its own,
//! for the next sandboxes of the same snapshot. A loop that drops each sandbox before
//! it spawns the next one only ever sees those, with their restore off the clock.

use hypercell::{Result, Sandbox, Snapshot};
use std::{thread, time::Duration};

/// More VMs than an engine keeps: four that are clean and eight that are restored,
/// see `host/src/vmm/kvm/shell.rs`. After each spawn it makes one more, which takes it
/// longer than a spawn: a tight loop seldom finds it.
const KEPT: usize = 16;

/// Longer than an engine takes to be done with the VMs that were dropped before: one
/// takes it about half a millisecond.
const BACKLOG: Duration = Duration::from_millis(300);

/// Takes every VM that the engine keeps for this snapshot. As long as the sandboxes
/// live, and those that are spawned after them, further ones in a tight loop get new VMs.
///
/// # Errors
/// As [`Snapshot::spawn`].
pub fn drain(snapshot: &Snapshot) -> Result<Vec<Sandbox>> {
    // Else it would restore VMs of the backlog after the drain, and spawns find those.
    thread::sleep(BACKLOG);
    (0..KEPT).map(|_| snapshot.spawn()).collect()
}
