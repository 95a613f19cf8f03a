//! The same limits for sandboxes and for the native engine.

use hypercell::Limits;
use hypercell_common::body::Configure;
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

/// Bytes of stack that are not JavaScript's, see `host/src/limits.rs`.
const STACK_RESERVE: u64 = 160 << 10;

/// What the host tells the guest of a sandbox with these limits, see
/// `host/src/sandbox/load.rs`: garbage is collected every sixteenth of the heap, or 4 MiB.
#[must_use]
pub fn native() -> Configure {
    Configure {
        heap_bytes: HEAP,
        stack_bytes: STACK - STACK_RESERVE,
        gc_threshold_bytes: (HEAP / 16).min(4 << 20),
        ..Configure::default()
    }
}
