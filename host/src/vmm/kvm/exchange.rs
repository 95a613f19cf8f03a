//! What host and guest leave for each other between two entries: frames, the time,
//! randomness.

use super::{
    failure::Failure,
    layout::{Layout, address},
    shell::Shell,
};
use hypercell_common::{
    Message,
    machine::{CONTROL, Control},
};
use rand::RngCore;
use std::{
    mem::{offset_of, size_of},
    time::{SystemTime, UNIX_EPOCH},
};

impl Shell {
    /// Gives the guest randomness that no other guest has, nor this one had.
    pub(super) fn seed(&mut self) -> Result<(), Failure> {
        // The generation is random as well: a count would repeat in machines that are
        // spawned from one snapshot, and the guest would take their seeds for old ones.
        let mut seed = [0u8; size_of::<u64>() + 32];
        rand::rng().fill_bytes(&mut seed);
        self.memory.write(address(CONTROL) + offset_of!(Control, entropy_generation), &seed)
    }

    /// Puts an encoded frame, which must fit, into the input region.
    pub(super) fn put_frame(&mut self, layout: &Layout, frame: &[u8]) -> Result<(), Failure> {
        self.memory.write(address(layout.input.start), frame)?;
        self.enter_with(frame.len())
    }

    /// Encodes a message, which must fit, into the input region.
    pub(super) fn put_message(&mut self, layout: &Layout, message: &Message<'_>) -> Result<(), Failure> {
        let start = address(layout.input.start);
        let mut at = start;
        let mut outcome = Ok(());
        let encoded = message.encode(|part| {
            if outcome.is_ok() {
                outcome = self.memory.write(at, part);
                at += part.len();
            }
        });
        outcome?;
        encoded.map_err(|error| Failure::Os {
            what: "encode a request".into(),
            source: std::io::Error::other(error),
        })?;
        self.enter_with(at - start)
    }

    /// Tells the guest the length of its input, and the time: it goes on from there by
    /// its own time stamp counter.
    fn enter_with(&mut self, input_len: usize) -> Result<(), Failure> {
        let field = address(CONTROL) + offset_of!(Control, input_len);
        self.memory.write(field, &(input_len as u64).to_le_bytes())?;
        self.put_time()
    }

    /// Tells the guest the time.
    pub(super) fn put_time(&mut self) -> Result<(), Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let wall_us = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        self.memory.write(address(CONTROL) + offset_of!(Control, wall_us), &wall_us.to_le_bytes())
    }

    /// Copies a frame of `len` bytes, the guest's word, out of the output region.
    pub(super) fn take_output(&self, layout: &Layout, len: u32, into: &mut Vec<u8>) -> Result<(), String> {
        let limit = layout.frames.output;
        let len = address(u64::from(len));
        if len > limit {
            return Err(format!("it announced a frame of {len} bytes, and its output region has {limit}"));
        }
        into.clear();
        self.memory.read_into(address(layout.output.start), len, into).map_err(|e| e.to_string())
    }
}
