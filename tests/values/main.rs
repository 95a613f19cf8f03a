//! Values cross as JSON has them, and what JSON has no words for as it is, both ways.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod json;
mod rich;

use hypercell::Sandbox;
use hypercell_tests::sandbox;

/// A sandbox with a handler `echo` that returns its event.
fn echo() -> Option<Sandbox> {
    let mut sandbox = sandbox()?;
    sandbox.add_handler("echo", "const handler = event => event").unwrap();
    Some(sandbox)
}
