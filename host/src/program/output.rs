//! What a program writes: passed on as it comes, and kept up to a limit.

use super::Output;
use hypercell_common::Frame;
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

type Sink = Box<dyn FnMut(&[u8]) + Send>;

/// One stream of a program.
#[derive(Default)]
pub(crate) struct Stream {
    kept: Vec<u8>,
    truncated: bool,
    sink: Option<Sink>,
}

impl Stream {
    pub(super) fn set_sink(&mut self, sink: impl FnMut(&[u8]) + Send + 'static) {
        self.sink = Some(Box::new(sink));
    }

    fn write(&mut self, bytes: &[u8], limit: usize) {
        let room = limit.saturating_sub(self.kept.len());
        self.truncated |= bytes.len() > room;
        self.kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        if let Some(sink) = &mut self.sink {
            // A sink that panics loses these bytes and nothing else.
            let _ = catch_unwind(AssertUnwindSafe(|| sink(bytes)));
        }
    }
}

/// The streams of a program.
#[derive(Default)]
pub(crate) struct Outputs {
    pub(super) stdout: Stream,
    pub(super) stderr: Stream,
    limit: usize,
}

impl Outputs {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    pub(super) fn set_limit(&mut self, bytes: usize) {
        self.limit = bytes;
    }

    /// Takes what the guest wrote.
    ///
    /// # Errors
    /// A sentence, when it names another stream.
    pub(crate) fn write(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        let section = frame.sections().next();
        let bytes = section.map_or(frame.body.as_bytes(), |section| section.data);
        match frame.target {
            "stdout" => self.stdout.write(bytes, self.limit),
            "stderr" => self.stderr.write(bytes, self.limit),
            other => return Err(format!("it wrote to the stream {other:?}")),
        }
        Ok(())
    }

    /// What was kept.
    pub(crate) fn finish(self, exit_code: i32) -> Output {
        Output {
            stdout: self.stdout.kept,
            stderr: self.stderr.kept,
            stdout_truncated: self.stdout.truncated,
            stderr_truncated: self.stderr.truncated,
            exit_code,
            terminated_by: None,
        }
    }
}

impl fmt::Debug for Outputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outputs").field("limit", &self.limit).finish_non_exhaustive()
    }
}
