//! The guest image: a static ELF executable, checked before any of it is mapped.
//! The rules are the same for every VMM; where an image lies is not.

use crate::error::{Error, ErrorKind};
use object::{
    Endianness,
    elf::{EM_X86_64, ET_EXEC, FileHeader64, PF_R, PF_W, PF_X, PT_DYNAMIC, PT_INTERP, PT_LOAD},
    read::elf::{FileHeader, ProgramHeader},
};

/// Bytes of a page.
const PAGE: u64 = 4096;
/// The largest image that is accepted, in bytes of memory.
const MAX_IMAGE: u64 = 64 << 20;

/// What guest code may do with a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Constants.
    Read,
    /// Variables.
    ReadWrite,
    /// Code.
    ReadExecute,
}

/// A loadable segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Guest address.
    pub(super) address: u64,
    /// Bytes in memory; those beyond `bytes` are zero.
    pub(super) memory_len: u64,
    /// Content from the file.
    pub(super) bytes: Vec<u8>,
    /// What guest code may do with it.
    pub(super) access: Access,
}

impl Segment {
    /// One past its last byte in memory.
    pub(super) fn end(&self) -> u64 {
        self.address + self.memory_len
    }
}

/// A checked guest image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GuestImage {
    /// Address of the first instruction.
    pub(super) entry: u64,
    /// Segments in ascending order; no two share a page.
    pub(super) segments: Vec<Segment>,
}

impl GuestImage {
    /// Reads and checks an ELF file for a machine that has its image from `base` on.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` with what the file breaks: it must be a static x86-64
    /// executable from `base` on, whose segments do not share pages and are not both
    /// writable and executable, with an entry point in code and all writable segments
    /// last.
    pub(super) fn parse(file: &[u8], base: u64) -> Result<Self, Error> {
        Self::read(file, base).and_then(Self::checked).map_err(|what| {
            Error::new(ErrorKind::InvalidArg, format!("the guest image cannot be loaded: {what}"))
        })
    }

    fn read(file: &[u8], base: u64) -> Result<Self, String> {
        let broken = |e: object::Error| format!("it is no valid ELF file: {e}");
        let header = FileHeader64::<Endianness>::parse(file).map_err(broken)?;
        let endian = header.endian().map_err(broken)?;
        if header.e_machine(endian) != EM_X86_64 || header.e_type(endian) != ET_EXEC {
            return Err("it is no static x86-64 executable".into());
        }
        let mut segments: Vec<Segment> = Vec::new();
        for program in header.program_headers(endian, file).map_err(broken)? {
            match program.p_type(endian) {
                PT_INTERP | PT_DYNAMIC => return Err("it is dynamically linked".into()),
                PT_LOAD if program.p_memsz(endian) > 0 => {}
                _ => continue,
            }
            let address = program.p_vaddr(endian);
            let memory_len = program.p_memsz(endian);
            let bytes = program
                .data(endian, file)
                .map_err(|()| format!("the segment at {address:#x} lies outside of the file"))?;
            if bytes.len() as u64 > memory_len {
                return Err(format!("the segment at {address:#x} is longer in the file than in memory"));
            }
            let flags = program.p_flags(endian);
            let access = match (flags.0 & PF_R.0 != 0, flags.0 & PF_W.0 != 0, flags.0 & PF_X.0 != 0) {
                (_, true, true) => {
                    return Err(format!("the segment at {address:#x} is writable and executable"));
                }
                (_, true, false) => Access::ReadWrite,
                (_, false, true) => Access::ReadExecute,
                (true, false, false) => Access::Read,
                (false, false, false) => continue,
            };
            let floor = segments.last().map_or(base, |before| before.end().next_multiple_of(PAGE));
            let fits =
                memory_len <= MAX_IMAGE && address >= floor && address <= base + MAX_IMAGE - memory_len;
            if !fits {
                return Err(format!(
                    "the segment at {address:#x} of {memory_len:#x} bytes lies below {floor:#x} or above {:#x}",
                    base + MAX_IMAGE
                ));
            }
            segments.push(Segment { address, memory_len, bytes: bytes.to_vec(), access });
        }
        Ok(Self { entry: header.e_entry(endian), segments })
    }

    fn checked(self) -> Result<Self, String> {
        let code = |s: &&Segment| s.access == Access::ReadExecute;
        let entry_in_code =
            self.segments.iter().filter(code).any(|s| (s.address..s.end()).contains(&self.entry));
        if !entry_in_code {
            return Err(format!("its entry point {:#x} is not in code", self.entry));
        }
        let writable_first = self.segments.iter().position(|s| s.access == Access::ReadWrite);
        let sealed_after = writable_first
            .and_then(|first| self.segments.get(first..))
            .and_then(|rest| rest.iter().find(|s| s.access != Access::ReadWrite));
        match sealed_after {
            Some(segment) => Err(format!(
                "the segment at {:#x} lies behind a writable one, and writable ones must come last",
                segment.address
            )),
            None => Ok(self),
        }
    }
}

/// For a loader that is not this project's.
#[cfg(feature = "hyperlight")]
impl GuestImage {
    /// An ELF file with this content and nothing else: no sections, no notes, nothing
    /// that nobody has checked. All memory is in the file, so that its length is about
    /// what the image takes.
    pub(super) fn to_elf(&self) -> Vec<u8> {
        const HEADER: u64 = 64;
        const PROGRAM_HEADER: u64 = 56;
        let count = self.segments.len() as u64;
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        // Type, machine; version; entry, program headers, no section headers; flags.
        file.extend([ET_EXEC.0, EM_X86_64.0].iter().flat_map(|half| half.to_le_bytes()));
        file.extend(1_u32.to_le_bytes());
        file.extend([self.entry, HEADER, 0].iter().flat_map(|word| word.to_le_bytes()));
        file.extend(0_u32.to_le_bytes());
        let halves = [HEADER, PROGRAM_HEADER, count, 64, 0, 0];
        file.extend(halves.iter().flat_map(|half| u16::try_from(*half).unwrap_or(u16::MAX).to_le_bytes()));
        let mut offset = (HEADER + PROGRAM_HEADER * count).next_multiple_of(PAGE);
        for segment in &self.segments {
            let access = match segment.access {
                Access::Read => PF_R.0,
                Access::ReadWrite => PF_R.0 | PF_W.0,
                Access::ReadExecute => PF_R.0 | PF_X.0,
            };
            file.extend([PT_LOAD.0, access].iter().flat_map(|word| word.to_le_bytes()));
            let (address, len) = (segment.address, segment.memory_len);
            file.extend(
                [offset, address, address, len, len, PAGE].iter().flat_map(|word| word.to_le_bytes()),
            );
            offset = (offset + len).next_multiple_of(PAGE);
        }
        for segment in &self.segments {
            file.resize(file.len().next_multiple_of(native(PAGE)), 0);
            let end = file.len() + native(segment.memory_len);
            file.extend_from_slice(&segment.bytes);
            file.resize(end, 0);
        }
        file
    }
}

/// A length that was checked, as the host counts.
#[cfg(feature = "hyperlight")]
#[expect(clippy::cast_possible_truncation, reason = "x86-64 hosts only: usize is 64 bits wide")]
const fn native(len: u64) -> usize {
    len as usize
}
