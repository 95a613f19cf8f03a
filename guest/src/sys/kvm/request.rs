//! Requests of the machine itself: touching pages for a host that wants them
//! mapped before they are needed.

use super::control::native;
use core::ptr::{with_exposed_provenance, with_exposed_provenance_mut};
use hypercell_common::{Frame, Kind, body::Touch};

/// Whether `frame` asks for pages to be touched; then they are.
pub(crate) fn serve(frame: &[u8]) -> bool {
    // Looked at before anything is decoded: every request comes this way.
    let kind = frame.get(6..8).and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
    if kind != Some(Kind::Touch as u16) {
        return false;
    }
    let touch: Option<Touch> =
        Frame::decode(frame).ok().and_then(|frame| serde_json::from_str(frame.body).ok());
    let Touch { read, write } = touch.unwrap_or_default();
    for page in read {
        let byte = with_exposed_provenance::<u8>(native(page));
        // SAFETY: the host names pages that it mapped for the guest.
        let _ = unsafe { byte.read_volatile() };
    }
    for page in write {
        let byte = with_exposed_provenance_mut::<u8>(native(page));
        // SAFETY: the host names pages that the guest has written before; a byte that
        // is written back changes nothing.
        unsafe { byte.write_volatile(byte.read_volatile()) };
    }
    true
}
