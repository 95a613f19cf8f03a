//! The bytes of the engine's buffers. rquickjs gives them by a slice that is only
//! valid until JavaScript runs again, which no type can express; so they are
//! copied here, where nothing runs.
#![expect(unsafe_code, reason = "rquickjs has no safe way to a buffer's bytes")]

use alloc::{collections::TryReserveError, vec::Vec};
use rquickjs::TypedArray;

/// A copy of the array's bytes, or `None` when it is detached.
///
/// # Errors
/// When there is no memory for the copy.
pub(crate) fn copy(array: &TypedArray<'_, u8>) -> Option<Result<Vec<u8>, TryReserveError>> {
    // SAFETY: no JavaScript runs while the slice is used: copying calls the
    // allocator only.
    let bytes = unsafe { array.as_bytes() }?;
    let mut copy = Vec::new();
    Some(copy.try_reserve_exact(bytes.len()).map(|()| {
        copy.extend_from_slice(bytes);
        copy
    }))
}
