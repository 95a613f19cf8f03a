//! Compression formats (Compression 3 to 5): DEFLATE by itself, in zlib's frame and in gzip's.

mod compress;
mod decompress;
mod gzip;

use super::{Answer, Native, Plain, Refusal};
use alloc::{format, rc::Rc};
use compress::Compressor;
use core::cell::RefCell;
use decompress::Decompressor;

pub(super) const NATIVES: &[(&str, Native)] =
    &[("newCompressor", new_compressor), ("newDecompressor", new_decompressor)];

/// What is around a DEFLATE stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    Gzip,
    Zlib,
    None,
}

impl Frame {
    fn of(arguments: &[Plain]) -> Result<Self, Refusal> {
        match arguments {
            [Plain::Text(format)] => match format.as_str() {
                "gzip" => Ok(Self::Gzip),
                "deflate" => Ok(Self::Zlib),
                "deflate-raw" => Ok(Self::None),
                _ => Err(Refusal::type_error(format!("there is no compression format '{format}'"))),
            },
            _ => Err(Refusal::type_error("no compression format")),
        }
    }
}

/// (format) to a function of (bytes, or nothing to finish) that gives bytes.
fn new_compressor(arguments: &[Plain]) -> Answer {
    // Made for the first bytes, and gone after the last: it is large.
    let state = RefCell::new(None);
    let frame = Frame::of(arguments)?;
    Ok(Plain::Function(Rc::new(move |arguments| {
        let mut state = state.borrow_mut();
        let compressor = state.get_or_insert_with(|| Compressor::new(frame));
        match arguments {
            [Plain::Bytes(input)] => compressor.write(input).map(Plain::Bytes),
            _ => {
                let rest = compressor.finish();
                *state = None;
                rest.map(Plain::Bytes)
            }
        }
    })))
}

/// (format) to a function that gives at most [`decompress::OUTPUT`] bytes:
/// of (bytes) for new input, of (undefined) for what is left of it, and of (null)
/// at the end of input, which must then have been whole.
fn new_decompressor(arguments: &[Plain]) -> Answer {
    let state = RefCell::new(None);
    let frame = Frame::of(arguments)?;
    Ok(Plain::Function(Rc::new(move |arguments| {
        let mut state = state.borrow_mut();
        let decompressor = state.get_or_insert_with(|| Decompressor::new(frame));
        let output = match arguments {
            [Plain::Bytes(input)] => decompressor.give(input).and_then(|()| decompressor.read()),
            [Plain::Null] => {
                let whole = decompressor.finish();
                *state = None;
                return whole.map(|()| Plain::Undefined);
            }
            _ => decompressor.read(),
        };
        if output.is_err() {
            *state = None;
        }
        output.map(Plain::Bytes)
    })))
}
