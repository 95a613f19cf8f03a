//! What the engine needs from whatever it runs on: a micro-VM, or a native
//! process in tests.

use hypercell_common::{FrameError, Message};

/// The engine's way out.
pub trait Platform {
    /// Sends `message` to the host and hands the frame that answers it to
    /// `reply`, which must not run guest code: the bytes lie in memory that the
    /// next message overwrites.
    ///
    /// # Errors
    /// When the message does not fit the way out; `reply` is then not called.
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError>;

    /// A seed for the guest's random numbers, each time the host supplied a new
    /// one since the last call.
    fn fresh_entropy(&self) -> Option<[u8; 32]>;

    /// Microseconds since some moment before.
    fn now_us(&self) -> u64;

    /// Whether the running request should stop. Polled by the engine.
    fn interrupted(&self) -> bool;

    /// Most heap bytes ever in use.
    fn heap_peak(&self) -> u64;
}

/// Why a message could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// It breaks a rule of the frame.
    Frame(FrameError),
    /// It is longer than the output limit.
    OutputLimit {
        /// Length of the encoded frame in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl core::fmt::Display for SendError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::OutputLimit { bytes, limit } => {
                write!(f, "a message of {bytes} bytes is above the output limit of {limit} bytes")
            }
        }
    }
}

impl core::error::Error for SendError {}
