//! Host folders that guest code reads, and writes where it may, while it runs.

mod error;
mod mount;
mod serve;
#[cfg(test)]
mod tests;

pub use error::MountError;
pub use mount::{Mount, Mounts};
