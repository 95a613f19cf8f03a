//! The guest image: a static ELF executable, checked before any of it is mapped.

use super::failure::Failure;
use hypercell_common::machine::{IMAGE, PAGE};
use object::{
    Endianness,
    elf::{EM_X86_64, ET_EXEC, FileHeader64, PF_R, PF_W, PF_X, PT_DYNAMIC, PT_INTERP, PT_LOAD},
    read::elf::{FileHeader, ProgramHeader},
};
use std::ops::Range;

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
    /// Reads and checks an ELF file.
    ///
    /// # Errors
    /// What the file breaks: it must be a static x86-64 executable above
    /// [`IMAGE`] whose segments do not share pages and are not both writable and
    /// executable, with an entry point in code and all writable segments last.
    pub(super) fn parse(file: &[u8]) -> Result<Self, Failure> {
        let refuse = |what: String| Failure::Image(what);
        let broken = |e: object::Error| refuse(format!("it is no valid ELF file: {e}"));
        let header = FileHeader64::<Endianness>::parse(file).map_err(broken)?;
        let endian = header.endian().map_err(broken)?;
        if header.e_machine(endian) != EM_X86_64 || header.e_type(endian) != ET_EXEC {
            return Err(refuse("it is no static x86-64 executable".into()));
        }
        let mut segments: Vec<Segment> = Vec::new();
        for program in header.program_headers(endian, file).map_err(broken)? {
            match program.p_type(endian) {
                PT_INTERP | PT_DYNAMIC => return Err(refuse("it is dynamically linked".into())),
                PT_LOAD if program.p_memsz(endian) > 0 => {}
                _ => continue,
            }
            let address = program.p_vaddr(endian);
            let memory_len = program.p_memsz(endian);
            let bytes = program
                .data(endian, file)
                .map_err(|()| refuse(format!("the segment at {address:#x} lies outside of the file")))?;
            if bytes.len() as u64 > memory_len {
                return Err(refuse(format!(
                    "the segment at {address:#x} is longer in the file than in memory"
                )));
            }
            let flags = program.p_flags(endian);
            let access = match (flags.0 & PF_R.0 != 0, flags.0 & PF_W.0 != 0, flags.0 & PF_X.0 != 0) {
                (_, true, true) => {
                    return Err(refuse(format!("the segment at {address:#x} is writable and executable")));
                }
                (_, true, false) => Access::ReadWrite,
                (_, false, true) => Access::ReadExecute,
                (true, false, false) => Access::Read,
                (false, false, false) => continue,
            };
            let floor = segments.last().map_or(IMAGE, |before| before.end().next_multiple_of(PAGE));
            let fits =
                memory_len <= MAX_IMAGE && address >= floor && address <= IMAGE + MAX_IMAGE - memory_len;
            if !fits {
                return Err(refuse(format!(
                    "the segment at {address:#x} of {memory_len:#x} bytes lies below {floor:#x} or above {:#x}",
                    IMAGE + MAX_IMAGE
                )));
            }
            segments.push(Segment { address, memory_len, bytes: bytes.to_vec(), access });
        }
        let image = Self { entry: header.e_entry(endian), segments };
        image.check()?;
        Ok(image)
    }

    fn check(&self) -> Result<(), Failure> {
        let code = |s: &&Segment| s.access == Access::ReadExecute;
        let entry_in_code =
            self.segments.iter().filter(code).any(|s| (s.address..s.end()).contains(&self.entry));
        if !entry_in_code {
            return Err(Failure::Image(format!("its entry point {:#x} is not in code", self.entry)));
        }
        let writable_first = self.segments.iter().position(|s| s.access == Access::ReadWrite);
        let sealed_after = writable_first
            .and_then(|first| self.segments.get(first..))
            .and_then(|rest| rest.iter().find(|s| s.access != Access::ReadWrite));
        match sealed_after {
            Some(segment) => Err(Failure::Image(format!(
                "the segment at {:#x} lies behind a writable one, and writable ones must come last",
                segment.address
            ))),
            None => Ok(()),
        }
    }

    /// One past the last byte in memory.
    pub(super) fn end(&self) -> u64 {
        self.segments.last().map_or(IMAGE, Segment::end)
    }

    /// Each segment, with the address of the one behind it.
    pub(super) fn with_next(&self) -> impl Iterator<Item = (&Segment, Option<u64>)> {
        let next = self.segments.iter().skip(1).map(|segment| Some(segment.address)).chain([None]);
        self.segments.iter().zip(next)
    }

    /// What no guest can write, from [`IMAGE`] on: whole pages.
    pub(super) fn sealed(&self) -> Range<u64> {
        IMAGE..self.writable_from()
    }

    /// First address of the writable segments; the end when there is none.
    pub(super) fn writable_from(&self) -> u64 {
        let first = self.segments.iter().find(|s| s.access == Access::ReadWrite);
        first.map_or(self.end().next_multiple_of(PAGE), |s| s.address / PAGE * PAGE)
    }
}
