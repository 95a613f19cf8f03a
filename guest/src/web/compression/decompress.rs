//! Decompression, some output at a time: a little input can be very much output.

use super::{
    super::Refusal,
    Frame,
    gzip::{Header, Trailer},
};
use alloc::{boxed::Box, vec, vec::Vec};
use miniz_oxide::{
    DataFormat, MZError, MZFlush, MZStatus,
    inflate::stream::{InflateState, inflate},
};

/// Most bytes of output at a time.
pub(super) const OUTPUT: usize = 64 << 10;

enum Stage {
    Header(Box<Header>),
    Data,
    Trailer(Vec<u8>),
    Ended,
}

pub(super) struct Decompressor {
    stage: Stage,
    state: Box<InflateState>,
    /// For gzip.
    expected: Option<Trailer>,
    input: Vec<u8>,
    /// Bytes of `input` that are used up.
    used: usize,
}

impl Decompressor {
    pub(super) fn new(frame: Frame) -> Self {
        let is_gzip = frame == Frame::Gzip;
        Self {
            stage: if is_gzip { Stage::Header(Box::default()) } else { Stage::Data },
            state: InflateState::new_boxed(if frame == Frame::Zlib {
                DataFormat::Zlib
            } else {
                DataFormat::Raw
            }),
            expected: is_gzip.then(Trailer::default),
            input: Vec::new(),
            used: 0,
        }
    }

    /// New input, when what was there gives no more output.
    ///
    /// # Errors
    /// A `RangeError` when there is no memory for it.
    pub(super) fn give(&mut self, input: &[u8]) -> Result<(), Refusal> {
        self.input.clear();
        self.used = 0;
        self.input.try_reserve_exact(input.len()).map_err(|_| Refusal::new("RangeError", "out of memory"))?;
        self.input.extend_from_slice(input);
        Ok(())
    }

    /// More output; nothing when it takes more input.
    ///
    /// # Errors
    /// A `TypeError` for input that is not of the format, or goes on behind its end.
    pub(super) fn read(&mut self) -> Result<Vec<u8>, Refusal> {
        loop {
            match &mut self.stage {
                Stage::Header(header) => {
                    let Some(byte) = self.input.get(self.used) else { return Ok(Vec::new()) };
                    self.used = self.used.saturating_add(1);
                    if header.take(*byte).map_err(Refusal::type_error)? {
                        self.stage = Stage::Data;
                    }
                }
                Stage::Data => {
                    let output = self.inflate()?;
                    if !output.is_empty() || matches!(self.stage, Stage::Data) {
                        return Ok(output);
                    }
                }
                Stage::Trailer(bytes) => {
                    let Some(byte) = self.input.get(self.used) else { return Ok(Vec::new()) };
                    self.used = self.used.saturating_add(1);
                    bytes.push(*byte);
                    let Some(expected) = &self.expected else { return Ok(Vec::new()) };
                    if bytes.len() == Trailer::LEN {
                        if *bytes != expected.bytes() {
                            return Err(Refusal::type_error(
                                "the data is damaged: its checksum or length is not what the gzip trailer says",
                            ));
                        }
                        self.stage = Stage::Ended;
                    }
                }
                Stage::Ended if self.used < self.input.len() => {
                    return Err(Refusal::type_error(
                        "there is more input after the end of the compressed data",
                    ));
                }
                Stage::Ended => return Ok(Vec::new()),
            }
        }
    }

    /// At the end of input.
    ///
    /// # Errors
    /// A `TypeError` when it is not the end of the compressed data.
    pub(super) fn finish(&self) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Ended) {
            return Ok(());
        }
        Err(Refusal::type_error("the input ends before the compressed data does"))
    }

    fn inflate(&mut self) -> Result<Vec<u8>, Refusal> {
        let mut output = vec![0; OUTPUT];
        let input = self.input.get(self.used..).unwrap_or_default();
        let result = inflate(&mut self.state, input, &mut output, MZFlush::None);
        self.used = self.used.saturating_add(result.bytes_consumed);
        output.truncate(result.bytes_written);
        if let Some(expected) = &mut self.expected {
            expected.update(&output);
        }
        match result.status {
            Ok(MZStatus::StreamEnd) => {
                self.stage = if self.expected.is_some() { Stage::Trailer(Vec::new()) } else { Stage::Ended };
            }
            // There is no input left.
            Ok(_) | Err(MZError::Buf) => {}
            Err(_) => return Err(Refusal::type_error("the compressed data is not valid")),
        }
        Ok(output)
    }
}
