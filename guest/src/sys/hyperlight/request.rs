//! Requests of the machine itself: this one has none.

/// Whether `frame` was such a request.
pub(crate) const fn serve(_frame: &[u8]) -> bool {
    false
}
