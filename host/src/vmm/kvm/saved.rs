//! A captured guest as bytes: the payload of a snapshot's file. All integers are
//! little-endian.
//!
//! ```text
//! offset  size  field
//!      0     8  start      first guest address that a guest can write, but the control page
//!      8     8  end        one past the last address of the heap
//!     16    12  features   of the processor: CPUID leaf 1 ecx, leaf 7 ebx and ecx, some bits
//!     28     4  zero
//!     32   144  registers  rax rbx rcx rdx rsi rdi rsp rbp r8 … r15 rip rflags, 8 bytes each
//!    176     8  runs       their number
//!    184     …  runs, in ascending order: address (8), bytes (8), content
//! ```
//!
//! Only what guest code can write is in it. Page tables, descriptors, the control
//! page, code, constants and system registers are those of a guest that the loading
//! engine booted itself; addresses are compared, and never taken over. So a payload,
//! whoever made it, describes a state that guest code could have brought about.

use super::{
    features::{Features, WORDS},
    layout::address,
    memory::GuestMemory,
    registers::GENERAL,
    shell::ShellPool,
    snapshot::State,
};
use crate::error::{Error, Result};
use hypercell_common::machine::PAGE;
use std::{
    io::{Read, Write},
    mem::{offset_of, size_of},
    ops::Range,
    sync::Arc,
};
use zerocopy::{
    FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout, Unaligned,
    little_endian::{U32, U64},
};

/// Bytes that are copied at a time.
const CHUNK: usize = 128 << 10;

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct Head {
    start: U64,
    end: U64,
    features: [U32; WORDS],
    zero: U32,
    registers: [U64; GENERAL],
    runs: U64,
}

#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
struct RunHead {
    address: U64,
    bytes: U64,
}

const _: () = assert!(size_of::<Head>() == 184);
const _: () = assert!(offset_of!(Head, registers) == 32);
const _: () = assert!(size_of::<RunHead>() == 16);

impl State {
    /// Writes what a guest can write, and its registers.
    pub(super) fn save(&self, features: Features, out: &mut dyn Write) -> Result<()> {
        let saved = self.saved_range();
        let runs: Vec<_> = self.stored(saved.clone()).collect();
        let head = Head {
            start: (saved.start as u64).into(),
            end: (saved.end as u64).into(),
            features: features.0.map(U32::new),
            zero: U32::ZERO,
            registers: self.registers.to_saved().map(U64::new),
            runs: (runs.len() as u64).into(),
        };
        put(out, head.as_bytes())?;
        let mut chunk = Vec::with_capacity(CHUNK);
        for run in runs {
            let head = RunHead { address: (run.start as u64).into(), bytes: (run.len() as u64).into() };
            put(out, head.as_bytes())?;
            for part in chunks(run) {
                chunk.clear();
                self.read_into(part, &mut chunk)?;
                put(out, &chunk)?;
            }
        }
        Ok(())
    }

    /// Reads what [`State::save`] wrote, or somebody else. `booted` is a guest of this
    /// engine that just booted, with the memory that the saved one has.
    pub(super) fn load(
        booted: &Self,
        pool: &ShellPool,
        features: Features,
        payload: &mut dyn Read,
        length: u64,
    ) -> Result<Self> {
        let mut payload = Payload { reader: payload, left: length };
        let head: Head = payload.take()?;
        let saved = booted.saved_range();
        let (start, end) = (head.start.get(), head.end.get());
        if (start, end) != (saved.start as u64, saved.end as u64) {
            return Err(wrong(format!(
                "it is of a guest that could write to {start:#x}–{end:#x}, and one of this engine with the same \
                 limits can write to {:#x}–{:#x}",
                saved.start, saved.end
            )));
        }
        let missing = Features(head.features.map(U32::get)).missing_in(features);
        if !missing.is_empty() {
            return Err(Error::snapshot(format!(
                "it was saved on a processor with instructions that this one does not offer to guests: {}",
                missing.join(", ")
            )));
        }
        if head.zero != U32::ZERO {
            return Err(wrong("its head does not end in zeros".into()));
        }
        let registers = booted.registers.with_saved(head.registers.map(U64::get)).map_err(wrong)?;

        let mut memory = GuestMemory::reserve(address(booted.layout.memory_len()))?;
        // Without large pages: each would make the snapshot large.
        booted.map_runs(&mut memory)?;
        for run in booted.stored(saved.clone()) {
            memory.zero(run)?;
        }
        let mut floor = saved.start;
        for _ in 0..head.runs.get() {
            let run = payload.take_run(floor..saved.end)?;
            floor = run.end;
            payload.copy_into(&mut memory, run)?;
        }
        if payload.left > 0 {
            return Err(wrong(format!("{} bytes follow its last run of pages", payload.left)));
        }
        let layout = Arc::clone(&booted.layout);
        Ok(Self::capture(&memory, layout, registers, Some(booted), pool.scan())?)
    }
}

/// What is left of a payload.
struct Payload<'a> {
    reader: &'a mut dyn Read,
    left: u64,
}

impl Payload<'_> {
    fn fill(&mut self, into: &mut [u8]) -> Result<()> {
        let Some(left) = self.left.checked_sub(into.len() as u64) else {
            return Err(wrong(format!("it goes on where its last {} bytes end", self.left)));
        };
        self.left = left;
        self.reader.read_exact(into).map_err(|e| Error::snapshot(format!("cannot read it: {e}")))
    }

    fn take<T: FromZeros + FromBytes + IntoBytes>(&mut self) -> Result<T> {
        let mut value = T::new_zeroed();
        self.fill(value.as_mut_bytes())?;
        Ok(value)
    }

    /// The head of the next run, which must lie in `room`.
    fn take_run(&mut self, room: Range<usize>) -> Result<Range<usize>> {
        let head: RunHead = self.take()?;
        let (start, bytes) = (head.address.get(), head.bytes.get());
        let end = start.checked_add(bytes).filter(|end| *end <= room.end as u64);
        match end {
            Some(end)
                if start >= room.start as u64
                    && bytes > 0
                    && start.is_multiple_of(PAGE)
                    && bytes.is_multiple_of(PAGE) =>
            {
                Ok(address(start)..address(end))
            }
            _ => Err(wrong(format!(
                "it has {bytes:#x} bytes at {start:#x}, where whole pages in {:#x}–{:#x} are expected",
                room.start, room.end
            ))),
        }
    }

    fn copy_into(&mut self, memory: &mut GuestMemory, run: Range<usize>) -> Result<()> {
        let mut chunk = vec![0; run.len().min(CHUNK)];
        for part in chunks(run) {
            let chunk = chunk.get_mut(..part.len()).unwrap_or_default();
            self.fill(chunk)?;
            memory.write(part.start, chunk)?;
        }
        Ok(())
    }
}

fn chunks(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    range.step_by(CHUNK).map(move |start| start..end.min(start + CHUNK))
}

fn put(out: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes).map_err(|e| Error::snapshot(format!("cannot write it: {e}")))
}

/// A payload whose digest is right, and which no guest's state is.
fn wrong(what: String) -> Error {
    Error::snapshot(format!("its state is no guest's: {what}"))
}
