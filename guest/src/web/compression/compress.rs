//! Compression.

use super::{
    super::Refusal,
    Frame,
    gzip::{self, Trailer},
};
use alloc::{boxed::Box, vec::Vec};
use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    deflate::{core::CompressorOxide, stream::deflate},
};

/// Of 0 to 10: what zlib's own default is.
const LEVEL: u8 = 6;

/// Bytes by which output grows.
const STEP: usize = 8 << 10;

pub(super) struct Compressor {
    state: Box<CompressorOxide>,
    /// What of a gzip frame is not written yet.
    header: &'static [u8],
    trailer: Option<Trailer>,
}

impl Compressor {
    pub(super) fn new(frame: Frame) -> Self {
        let mut state = Box::<CompressorOxide>::default();
        let format = if frame == Frame::Zlib { DataFormat::Zlib } else { DataFormat::Raw };
        state.set_format_and_level(format, LEVEL);
        let is_gzip = frame == Frame::Gzip;
        Self {
            state,
            header: if is_gzip { &gzip::HEADER } else { &[] },
            trailer: is_gzip.then(Trailer::default),
        }
    }

    /// Takes all of `input`. Gives what is ready.
    pub(super) fn write(&mut self, input: &[u8]) -> Result<Vec<u8>, Refusal> {
        if let Some(trailer) = &mut self.trailer {
            trailer.update(input);
        }
        self.run(input, MZFlush::None)
    }

    /// Gives the rest.
    pub(super) fn finish(&mut self) -> Result<Vec<u8>, Refusal> {
        let mut output = self.run(&[], MZFlush::Finish)?;
        if let Some(trailer) = self.trailer.take() {
            output.extend_from_slice(&trailer.bytes());
        }
        Ok(output)
    }

    fn run(&mut self, mut input: &[u8], flush: MZFlush) -> Result<Vec<u8>, Refusal> {
        let mut output = Vec::from(core::mem::take(&mut self.header));
        loop {
            let written = output.len();
            output.resize(written.saturating_add(STEP), 0);
            let room = output.get_mut(written..).unwrap_or_default();
            let result = deflate(&mut self.state, input, room, flush);
            output.truncate(written.saturating_add(result.bytes_written));
            input = input.get(result.bytes_consumed..).unwrap_or_default();
            match result.status {
                Ok(MZStatus::StreamEnd) => return Ok(output),
                // All is taken, and room is left.
                Ok(_) if flush == MZFlush::None && input.is_empty() && result.bytes_written < STEP => {
                    return Ok(output);
                }
                Ok(_) => {}
                // Nothing to do, which is how no input at all ends.
                Err(miniz_oxide::MZError::Buf) if flush == MZFlush::None && input.is_empty() => {
                    return Ok(output);
                }
                Err(_) => return Err(Refusal::type_error("the data could not be compressed")),
            }
        }
    }
}
