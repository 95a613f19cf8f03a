//! The state of a guest between two requests.

use super::{bridge, failure::host_failure, geometry::Geometry};
use crate::error::Error;
use hyperlight_host::{Sandbox, SandboxBuilder, sandbox::snapshot::Snapshot};
use std::{fmt, sync::Arc, time::Duration};

/// How soon hyperlight signals a thread again that has not left its guest.
const RETRY: Duration = Duration::from_micros(100);

/// A captured guest.
pub(super) struct State {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) geometry: Arc<Geometry>,
}

impl State {
    /// A sandbox in this state.
    pub(super) fn spawn(&self) -> Result<Sandbox, Error> {
        let builder = SandboxBuilder::from_snapshot(Arc::clone(&self.snapshot)).interrupt_retry_delay(RETRY);
        bridge::connect(builder).build().map_err(|error| host_failure("make a guest from a snapshot", error))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("geometry", &self.geometry).finish_non_exhaustive()
    }
}
