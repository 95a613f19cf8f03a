//! The same limits for sandboxes and for the native engine.

use hypercell::Limits;
use std::time::Duration;

/// Bytes of heap.
const HEAP: u64 = 64 << 20;
/// Bytes of stack.
const STACK: u64 = 1 << 20;

/// Limits of a sandbox whose calls may take long.
#[must_use]
pub fn sandbox() -> Limits {
    Limits::default().heap(HEAP).stack(STACK).wall(Duration::from_secs(600)).cpu(Duration::from_secs(600))
}

/// The same limits for a native engine.
#[must_use]
pub fn native() -> hypercell_native::Limits {
    hypercell_native::Limits { heap: HEAP, stack: STACK }
}
