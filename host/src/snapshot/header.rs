//! The first bytes of a snapshot's file. All integers are little-endian.
//!
//! ```text
//! offset  size  field
//!      0     8  magic           "HCSNAP", 0x1a, "\n"
//!      8     4  format          1
//!     12     4  description     bytes of the description
//!     16    32  crate version   of the writer: ASCII, padded with zeros
//!     48    16  VMM             its name: ASCII, padded with zeros
//!     64    32  image           SHA-256 of the guest image
//!     96     8  payload         bytes of the payload
//!    104    32  payload digest  SHA-256 of the payload
//!    136    32  header digest   SHA-256 of the bytes 0–135 and of the description
//!    168     …  description, payload; nothing behind them
//! ```

use crate::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::mem::{offset_of, size_of};
use zerocopy::{
    FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned,
    little_endian::{U32, U64},
};

/// Bytes of the header.
pub(super) const HEADER_LEN: usize = size_of::<Header>();

/// The longest description: some thousand host functions with the longest names.
pub(super) const MAX_DESCRIPTION: usize = 1 << 20;

/// The end of the text `HCSNAP` for a terminal, and a line end, so that a transfer
/// that changes line ends is noticed.
const MAGIC: [u8; 8] = *b"HCSNAP\x1a\n";
/// Bumped by any change to the header or the description. A VMM's payload belongs to
/// its guest image, which differs from version to version.
const FORMAT: u32 = 1;
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a file must have been written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The VMM's name.
    pub(crate) vmm: &'static str,
    /// SHA-256 of the guest image.
    pub(crate) image: [u8; 32],
}

/// See the table above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    format: U32,
    description_len: U32,
    crate_version: [u8; 32],
    vmm: [u8; 16],
    image: [u8; 32],
    payload_len: U64,
    payload_digest: [u8; 32],
    digest: [u8; 32],
}

const _: () = assert!(HEADER_LEN == 168);
const _: () = assert!(offset_of!(Header, image) == 64);
const _: () = assert!(offset_of!(Header, digest) == 136);
const _: () = assert!(VERSION.len() <= 32);

impl Header {
    /// The header of a file with this content.
    pub(super) fn new(
        identity: &Identity,
        description: &[u8],
        payload_len: u64,
        payload_digest: [u8; 32],
    ) -> Result<Self> {
        let too_long = |_| Error::internal("a snapshot's description is longer than its header can say");
        let mut header = Self {
            magic: MAGIC,
            format: FORMAT.into(),
            description_len: u32::try_from(description.len()).map_err(too_long)?.into(),
            crate_version: padded(VERSION),
            vmm: padded(identity.vmm),
            image: identity.image,
            payload_len: payload_len.into(),
            payload_digest,
            digest: [0; 32],
        };
        header.digest = header.digest_with(description);
        Ok(header)
    }

    /// Reads the header of a file of `file_len` bytes that starts with `bytes`, which
    /// are all that it has if they are fewer than [`HEADER_LEN`]. The lengths that it
    /// tells are then the file's; nothing else of it was checked.
    ///
    /// # Errors
    /// What is wrong, in a sentence about "it".
    pub(super) fn read(bytes: &[u8], file_len: u64) -> Result<Self> {
        let refuse = |why: String| Err(Error::snapshot(why));
        if bytes.get(..MAGIC.len()) != Some(&MAGIC) {
            return refuse("it is no snapshot of hypercell".into());
        }
        // The format comes first: headers of others may be shorter.
        let format = bytes.get(8..12).and_then(|format| format.try_into().ok()).map(u32::from_le_bytes);
        if let Some(format) = format.filter(|format| *format != FORMAT) {
            return refuse(format!("it has format version {format}, and this build reads version {FORMAT}"));
        }
        let Ok((header, _)) = Self::read_from_prefix(bytes) else {
            return refuse(format!("it is truncated: it has {file_len} of at least {HEADER_LEN} bytes"));
        };
        let description = header.description_len();
        if description > MAX_DESCRIPTION {
            return refuse(format!(
                "it is damaged: its description is said to have {description} bytes, and {MAX_DESCRIPTION} are \
                 allowed"
            ));
        }
        let before_payload = HEADER_LEN as u64 + u64::from(header.description_len.get());
        match before_payload.checked_add(header.payload_len()) {
            Some(expected) if expected == file_len => Ok(header),
            Some(expected) if expected < file_len => refuse(format!(
                "it is damaged: it should have {expected} bytes, and there are {} more",
                file_len - expected
            )),
            Some(expected) => refuse(format!("it is truncated: it has {file_len} of {expected} bytes")),
            None => refuse("it is damaged: its payload is said to be longer than any file".into()),
        }
    }

    /// Checks that the header and its description are as they were written.
    pub(super) fn check_digest(&self, description: &[u8]) -> Result<()> {
        if self.digest == self.digest_with(description) {
            return Ok(());
        }
        Err(Error::snapshot("it is damaged: the digest of its header does not match"))
    }

    /// Checks that the file was written for `wanted`.
    pub(super) fn check_identity(&self, wanted: &Identity) -> Result<()> {
        let Identity { vmm, image } = wanted;
        if self.vmm != padded(vmm) {
            let saved = text(&self.vmm);
            return Err(Error::snapshot(format!(
                "it was saved on the VMM `{saved}`, and this engine runs on `{vmm}`"
            )));
        }
        if self.image != *image {
            let (saved, here) = (hex(&self.image), hex(image));
            let version = text(&self.crate_version);
            return Err(Error::snapshot(format!(
                "it was saved by version {version} with the guest image {saved}…, and this engine, of version \
                 {VERSION}, has the guest image {here}…; take the snapshot anew"
            )));
        }
        Ok(())
    }

    /// Bytes of the description.
    pub(super) fn description_len(&self) -> usize {
        usize::try_from(self.description_len.get()).unwrap_or(usize::MAX)
    }

    /// Bytes of the payload.
    pub(super) fn payload_len(&self) -> u64 {
        self.payload_len.get()
    }

    /// SHA-256 of the payload.
    pub(super) fn payload_digest(&self) -> [u8; 32] {
        self.payload_digest
    }

    fn digest_with(&self, description: &[u8]) -> [u8; 32] {
        let before = self.as_bytes().get(..offset_of!(Self, digest)).unwrap_or_default();
        Sha256::new().chain_update(before).chain_update(description).finalize().into()
    }
}

/// A name of ours in a field: those that exist are shorter than it.
fn padded<const LEN: usize>(name: &str) -> [u8; LEN] {
    let mut field = [0; LEN];
    for (to, from) in field.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    field
}

/// A name in a field, which may be anybody's.
fn text(field: &[u8]) -> String {
    let end = field.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    field.get(..end).unwrap_or_default().escape_ascii().to_string()
}

/// The first bytes of a digest, for people.
fn hex(digest: &[u8; 32]) -> String {
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
