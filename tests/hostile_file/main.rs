//! A file that somebody made to harm the host, with digests that are right, is refused
//! or is one more guest that harms only itself.
//!
//! What can be forged is the VMM's own, so each has its tests, which run on it whichever
//! the environment names.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "hyperlight")]
mod hyperlight;
#[cfg(feature = "hyperlight")]
mod hyperlight_memory;
#[cfg(feature = "kvm")]
mod kvm;

use hypercell::{CallOptions, ErrorKind};
use hypercell_tests::FileTarget;
use serde_json::Value;
use std::time::Duration;

/// Checks that a file which is loaded can be called, whatever comes of it, and that the
/// sandbox is another one after it. Returns how the call failed, if it did.
fn is_contained(target: &mut FileTarget, what: &str, file: &[u8]) -> Option<ErrorKind> {
    println!("{what}");
    let snapshot = target.load(file).unwrap();
    let good = target.engine.load_snapshot(&target.path).unwrap();
    let mut sandbox = snapshot.spawn().unwrap();
    let mut failed = None;
    for _ in 0..2 {
        let options = CallOptions::new().wall(Duration::from_millis(200));
        if let Err(error) = sandbox.call_with::<Value>("count", &(), &options) {
            assert_ne!(error.kind(), ErrorKind::Internal, "{what}: {error}");
            failed = Some(error.kind());
        }
        target.is_unharmed();
        sandbox.restore(&good).unwrap();
        assert_eq!(sandbox.call::<u32>("count", &()).unwrap(), 2);
        sandbox.restore(&snapshot).unwrap();
    }
    drop(sandbox);
    target.is_unharmed();
    failed
}
