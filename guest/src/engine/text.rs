//! A growing buffer that says no instead of aborting: the length of what guest
//! code makes the glue write is guest code's choice.

use alloc::vec::Vec;

/// Bytes with a limit on their number.
#[derive(Debug)]
pub(super) struct Text {
    bytes: Vec<u8>,
    limit: usize,
}

/// Why a [`Text`] does not take more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// It would be longer than this many bytes.
    Limit(usize),
    /// There is no memory.
    Memory,
}

impl Text {
    /// Writes behind nothing, into `buffer`'s memory.
    pub(super) fn reusing(mut buffer: Vec<u8>, limit: usize) -> Self {
        buffer.clear();
        Self { bytes: buffer, limit }
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), Full> {
        if self.bytes.capacity().wrapping_sub(self.bytes.len()) < bytes.len() {
            self.grow(bytes.len())?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn push(&mut self, byte: u8) -> Result<(), Full> {
        if self.bytes.capacity() == self.bytes.len() {
            self.grow(1)?;
        }
        self.bytes.push(byte);
        Ok(())
    }

    #[cold]
    fn grow(&mut self, more: usize) -> Result<(), Full> {
        let room = self.limit.saturating_sub(self.bytes.len());
        if more > room {
            return Err(Full::Limit(self.limit));
        }
        // Double, but not beyond the limit: it is enforced here and nowhere else.
        let amortised = more.max(self.bytes.len()).max(256).min(room);
        if self.bytes.try_reserve_exact(amortised).is_ok() {
            return Ok(());
        }
        self.bytes.try_reserve_exact(more).map_err(|_| Full::Memory)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Puts a JSON string. `wtf8` is what QuickJS gives for a string: UTF-8 in
    /// which lone surrogates are encoded too; those become U+FFFD.
    pub(super) fn put_json_string(&mut self, wtf8: &[u8]) -> Result<(), Full> {
        self.push(b'"')?;
        let mut rest = wtf8;
        while let Some(at) = first_needing_care(rest) {
            let Some((plain, from)) = rest.split_at_checked(at) else { break };
            self.put(plain)?;
            let Some((&byte, after)) = from.split_first() else { break };
            rest = after;
            match byte {
                b'"' => self.put(b"\\\"")?,
                b'\\' => self.put(b"\\\\")?,
                b'\n' => self.put(b"\\n")?,
                b'\r' => self.put(b"\\r")?,
                b'\t' => self.put(b"\\t")?,
                0x08 => self.put(b"\\b")?,
                0x0c => self.put(b"\\f")?,
                0x00..0x20 => self.put(&[b'\\', b'u', b'0', b'0', hex(byte >> 4), hex(byte & 15)])?,
                // 0xED starts U+D000 to U+DFFF; the upper half is surrogates.
                _ => match after {
                    [0xa0..=0xbf, _, tail @ ..] => {
                        self.put("\u{fffd}".as_bytes())?;
                        rest = tail;
                    }
                    _ => self.push(byte)?,
                },
            }
        }
        self.put(rest)?;
        self.push(b'"')
    }
}

/// Where the first byte is that [`needs_care`]. Most text has none, so whole
/// blocks are asked at once, without a branch per byte.
fn first_needing_care(bytes: &[u8]) -> Option<usize> {
    const BLOCK: usize = 32;
    let mut passed = 0;
    for block in bytes.chunks(BLOCK) {
        let care = block.len() < BLOCK || block.iter().fold(false, |care, &byte| care | needs_care(byte));
        if care && let Some(at) = block.iter().position(|&byte| needs_care(byte)) {
            return Some(passed + at);
        }
        passed += block.len();
    }
    None
}

/// Whether a byte cannot be copied into a JSON string as it is, or may start an
/// encoded surrogate.
const fn needs_care(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\' || byte == 0xed
}

fn hex(nibble: u8) -> u8 {
    if nibble < 10 { b'0' + nibble } else { b'a' + (nibble - 10) }
}
