//! The one frame that crosses the boundary.
//!
//! ```text
//! offset  size  field
//!      0     4  magic           "HCF1"
//!      4     2  version
//!      6     2  kind
//!      8     8  call            number of the request that this belongs to
//!     16     8  value           meaning by kind
//!     24     4  total           bytes of the whole frame, this header included
//!     28     4  target          bytes of the target
//!     32     4  body            bytes of the body
//!     36     4  sections        number of sections
//!     40     …  target (UTF-8), body (UTF-8), sections
//!
//! section: path bytes (4), data bytes (4), tag (2), path (UTF-8 JSON array), data
//! ```
//!
//! All integers are little-endian. A section carries what JSON cannot: its path
//! says where in the body's JSON it belongs (`["args",0,"data"]`), its [`Tag`] what
//! is there. A section comes after those inside of its value. The path is written by
//! the glue that builds the frame, never derived from user data that merely looks
//! like a marker.

use crate::{Kind, MAGIC, Tag, WIRE_VERSION};
use core::{fmt, mem::size_of};
use zerocopy::{
    FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned,
    little_endian::{U16, U32, U64},
};

/// Bytes of the header.
pub const HEADER_LEN: usize = size_of::<Header>();

/// Most sections in one frame: bounds the work that a frame can cause before
/// its data is looked at.
pub const MAX_SECTIONS: usize = 65_536;

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Header {
    magic: U32,
    version: U16,
    kind: U16,
    call: U64,
    value: U64,
    total: U32,
    target: U32,
    body: U32,
    sections: U32,
}

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct SectionHeader {
    path: U32,
    data: U32,
    tag: U16,
}

const _: () = assert!(size_of::<Header>() == 40);
const _: () = assert!(size_of::<SectionHeader>() == 10);

/// What belongs at `path` in a frame's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// JSON array of object keys and array indices, from the body's root.
    pub path: &'a str,
    /// What is there.
    pub tag: Tag,
    /// What the body cannot say of it, see [`Tag`].
    pub data: &'a [u8],
}

/// A frame to be sent: the parts are written one after the other, so that large
/// bodies and sections are copied once, into their destination.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What the frame means.
    pub kind: Kind,
    /// Number of the request that it belongs to.
    pub call: u64,
    /// Meaning by kind.
    pub value: u64,
    /// Meaning by kind.
    pub target: &'a str,
    /// JSON or source text.
    pub body: &'a str,
    /// What the body cannot say.
    pub sections: &'a [Section<'a>],
}

impl<'a> Message<'a> {
    /// A message of this kind with no value, no body and no sections.
    #[must_use]
    pub const fn new(kind: Kind, call: u64, target: &'a str) -> Self {
        Self { kind, call, value: 0, target, body: "", sections: &[] }
    }

    /// Length in bytes of the encoded frame.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] when a length does not fit the header, and
    /// [`FrameError::TooManySections`].
    pub fn encoded_len(&self) -> Result<usize, FrameError> {
        if self.sections.len() > MAX_SECTIONS {
            return Err(FrameError::TooManySections { count: self.sections.len() });
        }
        let mut total = (HEADER_LEN as u64)
            .saturating_add(self.target.len() as u64)
            .saturating_add(self.body.len() as u64);
        for section in self.sections {
            total = total
                .saturating_add(size_of::<SectionHeader>() as u64)
                .saturating_add(section.path.len() as u64)
                .saturating_add(section.data.len() as u64);
        }
        match u32::try_from(total) {
            // A `u32` fits a `usize` on every target that this crate supports.
            Ok(total) => Ok(total as usize),
            Err(_) => Err(FrameError::TooLong { bytes: total }),
        }
    }

    /// Hands the frame's bytes to `put`, in order.
    ///
    /// # Errors
    /// As [`Message::encoded_len`]; `put` is then never called.
    pub fn encode(&self, mut put: impl FnMut(&[u8])) -> Result<usize, FrameError> {
        let total = self.encoded_len()?;
        put(Header {
            magic: U32::new(MAGIC),
            version: U16::new(WIRE_VERSION),
            kind: U16::new(self.kind as u16),
            call: U64::new(self.call),
            value: U64::new(self.value),
            total: length(total),
            target: length(self.target.len()),
            body: length(self.body.len()),
            sections: length(self.sections.len()),
        }
        .as_bytes());
        put(self.target.as_bytes());
        put(self.body.as_bytes());
        for section in self.sections {
            put(SectionHeader {
                path: length(section.path.len()),
                data: length(section.data.len()),
                tag: U16::new(section.tag as u16),
            }
            .as_bytes());
            put(section.path.as_bytes());
            put(section.data);
        }
        Ok(total)
    }
}

/// A part of a frame whose total was checked to fit `u32`.
#[expect(clippy::cast_possible_truncation, reason = "encoded_len checked the total, which bounds every part")]
fn length(bytes: usize) -> U32 {
    U32::new(bytes as u32)
}

/// A frame whose every length was checked against the buffer that it lies in.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// What the frame means.
    pub kind: Kind,
    /// Number of the request that it belongs to.
    pub call: u64,
    /// Meaning by kind.
    pub value: u64,
    /// Meaning by kind.
    pub target: &'a str,
    /// JSON or source text.
    pub body: &'a str,
    sections: &'a [u8],
    section_count: usize,
}

impl<'a> Frame<'a> {
    /// How long the frame at the start of `bytes` says it is, header included.
    #[must_use]
    pub fn alleged_len(bytes: &[u8]) -> Option<usize> {
        let (header, _) = Header::read_from_prefix(bytes).ok()?;
        Some(header.total.get() as usize)
    }

    /// Checks `bytes` and gives a view of the frame in it. Nothing is copied.
    ///
    /// `bytes` must be exactly one frame, in memory that cannot change while
    /// the frame is looked at.
    ///
    /// # Errors
    /// The first [`FrameError`] found; the checks are in the order of the
    /// fields.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let (header, rest) = Header::read_from_prefix(bytes).map_err(|_| FrameError::Truncated {
            part: "header",
            needed: HEADER_LEN,
            found: bytes.len(),
        })?;
        if header.magic.get() != MAGIC {
            return Err(FrameError::Magic(header.magic.get()));
        }
        if header.version.get() != WIRE_VERSION {
            return Err(FrameError::Version(header.version.get()));
        }
        let kind = Kind::try_from(header.kind.get()).map_err(|k| FrameError::Kind(k.0))?;
        let total = header.total.get() as usize;
        if total != bytes.len() {
            return Err(FrameError::Total { alleged: total, found: bytes.len() });
        }
        let (target, rest) = split(rest, header.target, "target")?;
        let (body, sections) = split(rest, header.body, "body")?;
        let section_count = header.sections.get() as usize;
        if section_count > MAX_SECTIONS {
            return Err(FrameError::TooManySections { count: section_count });
        }
        let frame = Self {
            kind,
            call: header.call.get(),
            value: header.value.get(),
            target: text(target, "target")?,
            body: text(body, "body")?,
            sections,
            section_count,
        };
        let mut rest = sections;
        for _ in 0..section_count {
            rest = take_section(rest)?.1;
        }
        if !rest.is_empty() {
            return Err(FrameError::Trailing { bytes: rest.len() });
        }
        Ok(frame)
    }

    /// The sections, in the order in which they were written.
    #[must_use]
    pub fn sections(&self) -> SectionIter<'a> {
        SectionIter { rest: self.sections, left: self.section_count }
    }
}

/// Iterates over the sections of a [`Frame`].
#[derive(Debug, Clone)]
pub struct SectionIter<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Iterator for SectionIter<'a> {
    type Item = Section<'a>;

    fn next(&mut self) -> Option<Section<'a>> {
        self.left = self.left.checked_sub(1)?;
        // `Frame::decode` walked the same bytes, so this always succeeds.
        let (section, rest) = take_section(self.rest).ok()?;
        self.rest = rest;
        Some(section)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for SectionIter<'_> {}

fn take_section(bytes: &[u8]) -> Result<(Section<'_>, &[u8]), FrameError> {
    let (header, rest) = SectionHeader::read_from_prefix(bytes).map_err(|_| FrameError::Truncated {
        part: "section header",
        needed: size_of::<SectionHeader>(),
        found: bytes.len(),
    })?;
    let tag = Tag::try_from(header.tag.get()).map_err(|unknown| FrameError::Tag(unknown.0))?;
    let (path, rest) = split(rest, header.path, "section path")?;
    let (data, rest) = split(rest, header.data, "section data")?;
    if !tag.fits(data.len()) {
        return Err(FrameError::TagData { tag, bytes: data.len() });
    }
    Ok((Section { path: text(path, "section path")?, tag, data }, rest))
}

fn split<'a>(bytes: &'a [u8], at: U32, part: &'static str) -> Result<(&'a [u8], &'a [u8]), FrameError> {
    let needed = at.get() as usize;
    bytes.split_at_checked(needed).ok_or(FrameError::Truncated { part, needed, found: bytes.len() })
}

fn text<'a>(bytes: &'a [u8], part: &'static str) -> Result<&'a str, FrameError> {
    core::str::from_utf8(bytes).map_err(|e| FrameError::Utf8 { part, valid_up_to: e.valid_up_to() })
}

/// Why bytes are not a frame, or a message does not fit one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// A part is longer than what is left of the buffer.
    Truncated {
        /// Which part.
        part: &'static str,
        /// Its alleged length in bytes.
        needed: usize,
        /// Bytes that are there.
        found: usize,
    },
    /// The first four bytes are not [`MAGIC`].
    Magic(u32),
    /// Another [`WIRE_VERSION`].
    Version(u16),
    /// A number that is no [`Kind`].
    Kind(u16),
    /// A number that is no [`Tag`].
    Tag(u16),
    /// A section's data is not as long as its tag has it.
    TagData {
        /// What the section says it is.
        tag: Tag,
        /// Bytes of its data.
        bytes: usize,
    },
    /// The header's total is not the length of the buffer.
    Total {
        /// What the header says.
        alleged: usize,
        /// Length of the buffer.
        found: usize,
    },
    /// A part that must be UTF-8 is not.
    Utf8 {
        /// Which part.
        part: &'static str,
        /// Bytes before the first fault.
        valid_up_to: usize,
    },
    /// Bytes after the last section.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// More than [`MAX_SECTIONS`] sections.
    TooManySections {
        /// How many.
        count: usize,
    },
    /// The frame would be 4 GiB or longer.
    TooLong {
        /// Its length.
        bytes: u64,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { part, needed, found } => {
                write!(f, "the frame's {part} needs {needed} bytes and {found} are there")
            }
            Self::Magic(found) => write!(f, "the frame starts with {found:#010x} and not with {MAGIC:#010x}"),
            Self::Version(found) => {
                write!(f, "the frame is of wire version {found} and this side speaks {WIRE_VERSION}")
            }
            Self::Kind(found) => write!(f, "the frame's kind {found} is unknown"),
            Self::Tag(found) => write!(f, "a section's tag {found} is unknown"),
            Self::TagData { tag, bytes } => {
                write!(f, "a section with {bytes} bytes of data cannot be a value of the type {}", tag.name())
            }
            Self::Total { alleged, found } => {
                write!(f, "the frame says that it has {alleged} bytes and {found} are there")
            }
            Self::Utf8 { part, valid_up_to } => {
                write!(f, "the frame's {part} is not UTF-8 after byte {valid_up_to}")
            }
            Self::Trailing { bytes } => write!(f, "{bytes} bytes follow the frame's last section"),
            Self::TooManySections { count } => {
                write!(f, "the frame has {count} sections and {MAX_SECTIONS} are allowed")
            }
            Self::TooLong { bytes } => write!(f, "a frame of {bytes} bytes is longer than 4 GiB"),
        }
    }
}

impl core::error::Error for FrameError {}
