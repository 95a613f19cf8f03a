//! The state of a guest between two requests.

use super::{bridge, failure::host_failure, folder::Documents, geometry::Geometry};
use crate::error::Error;
use hypercell_common::{Frame, hyperlight::MAX_PAGES};
use hyperlight_host::{Sandbox, SandboxBuilder, sandbox::snapshot::Snapshot};
use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// How soon hyperlight signals a thread again that has not left its guest.
const RETRY: Duration = Duration::from_micros(100);

/// A captured guest.
pub(super) struct State {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) geometry: Arc<Geometry>,
    /// Pages that the first request from this state was seen to copy, see
    /// `hypercell_common::hyperlight`. They are the guest's word, and only go back to
    /// guests of this state.
    pub(super) copied: OnceLock<Vec<u8>>,
    /// What hyperlight writes about a booted guest, for files that are compared with it.
    pub(super) documents: OnceLock<Documents>,
}

impl State {
    pub(super) fn new(snapshot: Arc<Snapshot>, geometry: Arc<Geometry>) -> Self {
        Self { snapshot, geometry, copied: OnceLock::new(), documents: OnceLock::new() }
    }

    /// Takes the pages off the end of an answer that a request from this state copied.
    pub(super) fn note_copied(&self, answer: &mut Vec<u8>) {
        let frame = Frame::alleged_len(answer).filter(|len| *len < answer.len());
        if let Some(pages) = frame.map(|len| answer.split_off(len)) {
            let whole = pages.len() % size_of::<u32>() == 0 && pages.len() <= size_of::<u32>() * MAX_PAGES;
            if whole {
                // Another sandbox may have been quicker; its lesson is as good.
                let _ = self.copied.set(pages);
            }
        }
    }

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
