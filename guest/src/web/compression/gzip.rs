//! The frame of gzip (RFC 1952).

use crc32fast::Hasher;

/// DEFLATE, no name, no time, unknown system.
pub(super) const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
/// Flags that a decompressor must not know.
const RESERVED: u8 = 0xe0;

/// CRC-32 and length of the data.
#[derive(Debug, Default)]
pub(super) struct Trailer {
    crc: Hasher,
    length: u32,
}

impl Trailer {
    /// Its bytes.
    pub(super) const LEN: usize = 8;

    pub(super) fn update(&mut self, data: &[u8]) {
        self.crc.update(data);
        #[allow(clippy::cast_possible_truncation, reason = "the field is the length modulo 2^32")]
        let length = data.len() as u32;
        self.length = self.length.wrapping_add(length);
    }

    pub(super) fn bytes(&self) -> [u8; Self::LEN] {
        let [a, b, c, d] = self.crc.clone().finalize().to_le_bytes();
        let [e, f, g, h] = self.length.to_le_bytes();
        [a, b, c, d, e, f, g, h]
    }
}

#[derive(Debug, Clone, Copy)]
enum Field {
    /// The part that all headers have; bytes seen.
    Fixed(usize),
    /// Bytes seen, and what they say.
    ExtraLength(u8, u16),
    /// Bytes left.
    Extra(u16),
    Name,
    Comment,
    /// Bytes seen, and what they say.
    Crc(u8, u16),
    End,
}

/// A header, byte by byte.
#[derive(Debug)]
pub(super) struct Header {
    field: Field,
    flags: u8,
    crc: Hasher,
}

impl Default for Header {
    fn default() -> Self {
        Self { field: Field::Fixed(0), flags: 0, crc: Hasher::new() }
    }
}

impl Header {
    /// Takes the next byte. Whether it was the last.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, &'static str> {
        if !matches!(self.field, Field::Crc(..)) {
            self.crc.update(&[byte]);
        }
        self.field = match self.field {
            Field::Fixed(seen) => self.fixed(seen, byte)?,
            Field::ExtraLength(0, _) => Field::ExtraLength(1, u16::from(byte)),
            Field::ExtraLength(_, low) => match low | u16::from(byte) << 8 {
                0 => self.after(FEXTRA),
                length => Field::Extra(length),
            },
            Field::Extra(left) if left > 1 => Field::Extra(left.saturating_sub(1)),
            Field::Extra(_) => self.after(FEXTRA),
            Field::Name if byte == 0 => self.after(FNAME),
            Field::Comment if byte == 0 => self.after(FCOMMENT),
            Field::Name => Field::Name,
            Field::Comment => Field::Comment,
            Field::Crc(0, _) => Field::Crc(1, u16::from(byte)),
            Field::Crc(_, low) => {
                let [expected, high, ..] = self.crc.clone().finalize().to_le_bytes();
                if low != u16::from(expected) || byte != high {
                    return Err("the gzip header is damaged: its checksum is wrong");
                }
                Field::End
            }
            Field::End => Field::End,
        };
        Ok(matches!(self.field, Field::End))
    }

    fn fixed(&mut self, seen: usize, byte: u8) -> Result<Field, &'static str> {
        match seen {
            0 | 1 if HEADER.get(seen) != Some(&byte) => return Err("the data has no gzip header"),
            2 if byte != 8 => return Err("the gzip data is not compressed by DEFLATE"),
            3 if byte & RESERVED != 0 => return Err("the gzip header has reserved flags"),
            3 => self.flags = byte,
            9 => return Ok(self.after(0)),
            _ => {}
        }
        Ok(Field::Fixed(seen.saturating_add(1)))
    }

    /// The field that follows the one of a flag, 0 for the first of all. They are in
    /// this order.
    fn after(&self, flag: u8) -> Field {
        let fields = [(FEXTRA, Field::ExtraLength(0, 0)), (FNAME, Field::Name), (FCOMMENT, Field::Comment)];
        let next = fields.into_iter().find(|(f, _)| *f > flag && self.flags & f != 0);
        match next {
            Some((_, field)) => field,
            None if self.flags & FHCRC != 0 => Field::Crc(0, 0),
            None => Field::End,
        }
    }
}
