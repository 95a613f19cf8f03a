//! Runs the tests of web-platform-tests and of test262 in Hypercell sandboxes.
//!
//! A [`Suite`] is the format of the tests in a [`Folder`]. [`run`] has one sandbox with
//! what all files need, and returns it to a snapshot before each file; a file that takes
//! the sandbox down is a result like any other. [`Expectations`] say which files are
//! known not to pass, and the [`Report`] what differs from them.
//!
//! Only the public API of `hypercell` is used.

mod expectations;
mod folder;
mod report;
mod run;
mod stage;
mod test262;
mod wpt;

pub use expectations::{Expectations, Surprise};
pub use folder::Folder;
pub use report::{Counts, Report};
pub use run::{Case, CaseStatus, Options, Run, Status, Suite, run};
