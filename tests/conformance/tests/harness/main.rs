//! The harness sees what passes and what does not, and tells it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod command;
mod expectations;
mod suites;
mod support;
mod test262;
mod wpt;
