//! The input and output regions as slices.

use crate::{platform::SendError, sys::machine::control};
use core::{
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
    slice,
};
use hypercell_common::Message;

/// The frame that the host left in the input region.
///
/// # Safety
/// The slice must not be used after the next exit, when the host writes there
/// again.
pub(crate) unsafe fn input<'a>() -> &'a [u8] {
    let length = control::input_len().min(control::input_size());
    // SAFETY: the host maps the region, and writes to it during exits only.
    unsafe { slice::from_raw_parts(with_exposed_provenance(control::input_base()), length) }
}

/// The output region.
///
/// # Safety
/// There must be one such slice at a time.
pub(crate) unsafe fn output<'a>() -> &'a mut [u8] {
    let base = with_exposed_provenance_mut(control::output_base());
    // SAFETY: the host maps the region and reads it during exits only.
    unsafe { slice::from_raw_parts_mut(base, control::output_size()) }
}

/// Encodes `message` into the output region and gives the frame's length.
pub(crate) fn write(message: &Message<'_>) -> Result<u32, SendError> {
    // SAFETY: encoding copies bytes and calls nothing that comes here again.
    let output = unsafe { output() };
    let limit = output.len();
    let bytes = message.encoded_len().map_err(SendError::Frame)?;
    let too_long = SendError::OutputLimit { bytes, limit };
    if bytes > limit {
        return Err(too_long);
    }
    let mut rest = output;
    message
        .encode(|part| {
            // The length was checked, so that each part fits.
            if let Some((place, after)) = core::mem::take(&mut rest).split_at_mut_checked(part.len()) {
                place.copy_from_slice(part);
                rest = after;
            }
        })
        .map_err(SendError::Frame)?;
    u32::try_from(bytes).map_err(|_| too_long)
}
