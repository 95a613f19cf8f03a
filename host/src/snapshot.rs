//! Points in time of a sandbox.

use crate::{
    engine::Engine,
    error::Result,
    sandbox::{Config, Sandbox},
    vmm::MachineSnapshot,
};
use std::sync::Arc;

/// A point in time of one sandbox, between two calls: its memory and registers,
/// with all handlers, modules and JavaScript state.
///
/// Cloning it is cheap. Restoring a sandbox to it takes microseconds, and any
/// number of sandboxes can be spawned from it. What lies on the host is not part of
/// it: state of host functions and statistics stay as they are. Random numbers and
/// clocks are fresh after each restore and in each spawned sandbox.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) engine: Engine,
    pub(crate) config: Arc<Config>,
    pub(crate) machine: MachineSnapshot,
    /// The state right after the runtime was loaded, for `unload`.
    pub(crate) booted: MachineSnapshot,
}

impl Snapshot {
    /// A new sandbox in this state, with the host modules and limits of the sandbox
    /// that the snapshot was taken of.
    ///
    /// To give it other closures for the same host functions, use
    /// [`SandboxBuilder::build_from`](crate::SandboxBuilder::build_from).
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the host has no memory or descriptors left for another
    /// VM.
    pub fn spawn(&self) -> Result<Sandbox> {
        Sandbox::spawn(self, Arc::clone(&self.config))
    }
}
