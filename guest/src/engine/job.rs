//! One request, owned.
//!
//! The frame of a request lies in the input region, which the answer to the
//! first host call overwrites. So everything is copied out before guest code
//! runs.

use alloc::{string::String, vec::Vec};
use hypercell_common::{Frame, FrameError, Kind, SectionIter, Tag};

/// A request that no longer depends on the memory that it arrived in.
#[derive(Debug)]
pub struct Job {
    pub(super) kind: Kind,
    pub(super) call: u64,
    pub(super) value: u64,
    pub(super) target: String,
    pub(super) body: Vec<u8>,
    pub(super) sections: Vec<Part>,
}

/// What belongs at `path` in a body.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) path: String,
    pub(super) tag: Tag,
    pub(super) data: Vec<u8>,
}

impl Job {
    /// Checks `bytes` as one frame and copies it.
    ///
    /// # Errors
    /// What [`Frame::decode`] finds.
    pub fn read(bytes: &[u8]) -> Result<Self, FrameError> {
        let frame = Frame::decode(bytes)?;
        Ok(Self {
            kind: frame.kind,
            call: frame.call,
            value: frame.value,
            target: String::from(frame.target),
            body: terminable(frame.body),
            sections: parts(frame.sections()),
        })
    }

    /// Number of the request, for a reply that [`super::Engine::run`] does not
    /// give.
    #[must_use]
    pub fn call(&self) -> u64 {
        self.call
    }
}

/// Copies text and leaves room for the NUL that QuickJS wants behind it, so that
/// handing it over does not copy it again.
pub(super) fn terminable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len().saturating_add(1));
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// Copies the sections of a frame.
pub(super) fn parts(sections: SectionIter<'_>) -> Vec<Part> {
    sections.map(|s| Part { path: String::from(s.path), tag: s.tag, data: Vec::from(s.data) }).collect()
}
