//! The identity of the wire format.

/// First four bytes of every frame: `HCF` and a format generation.
pub const MAGIC: u32 = u32::from_le_bytes(*b"HCF1");

/// Version of the wire. It is bumped by any change to the header, to the
/// meaning of a [`crate::Kind`] or [`crate::Tag`], or to a body in [`crate::body`]; host and
/// guest image of different versions refuse each other.
pub const WIRE_VERSION: u16 = 3;
