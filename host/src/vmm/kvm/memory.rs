//! The memory of one guest, as the host sees it.
//!
//! Nothing hands out a reference into guest memory: bytes are copied in and
//! out, with every range checked. The range is one private mapping for the life
//! of the VM, so that its memslot never changes; what lies *in* it is replaced
//! by mapping over it.
#![expect(unsafe_code, reason = "maps guest memory and copies in and out of it")]

use super::failure::{Failure, kvm, os};
use kvm_bindings::{KVM_MEM_READONLY, kvm_userspace_memory_region};
use kvm_ioctls::VmFd;
use nix::sys::mman::{MapFlags, MmapAdvise, ProtFlags, madvise, mmap, mmap_anonymous, munmap};
use std::{
    ffi::c_void,
    num::NonZeroUsize,
    ops::Range,
    os::fd::AsFd,
    ptr::{self, NonNull},
};

/// Guest memory is aligned to large pages on the host too, so that the kernel
/// can back the guest's large pages with its own.
const ALIGN: usize = 2 << 20;

/// Guest physical memory `0..len`, mapped into the host.
#[derive(Debug)]
pub(super) struct GuestMemory {
    /// Where guest physical address 0 is mapped.
    base: NonNull<u8>,
    len: usize,
    /// The whole reservation: `base..base+len` plus what alignment left over.
    reserved: NonNull<c_void>,
    reserved_len: usize,
}

// SAFETY: the mapping belongs to this value alone, and the VM that runs on it is
// owned by the same thread at any time.
unsafe impl Send for GuestMemory {}

/// Access that every mapping of guest memory gets.
const READ_WRITE: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);

impl GuestMemory {
    /// Reserves `len` bytes (a multiple of the page size) of zeros. Untouched
    /// pages cost nothing.
    pub(super) fn reserve(len: usize) -> Result<Self, Failure> {
        let reserved_len = len + ALIGN;
        let size = NonZeroUsize::new(reserved_len).ok_or(Failure::NoMemory { bytes: len })?;
        let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping at an address of the kernel's choice.
        let reserved = unsafe { mmap_anonymous(None, size, READ_WRITE, flags) }
            .map_err(|e| os("reserve guest memory", e))?;
        let skip = reserved.cast::<u8>().align_offset(ALIGN);
        // SAFETY: `skip < ALIGN`, and the reservation is `ALIGN` longer than `len`.
        let base = unsafe { reserved.cast::<u8>().add(skip) };
        let memory = Self { base, len, reserved, reserved_len };
        memory.keep_to_this_process(0..len)?;
        Ok(memory)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Makes `range` of this the memory of `vm` at the same guest physical addresses,
    /// as memslot `slot`. The memory must be dropped after the VM.
    pub(super) fn attach_to(&self, vm: &VmFd, slot: u32, range: Range<usize>) -> Result<(), Failure> {
        let at = self.checked(range.start, range.len())?;
        set_memslot(vm, slot, range.start, at, range.len(), 0)
    }

    /// Host address of guest physical address 0, for scans.
    pub(super) fn host_address(&self) -> usize {
        self.base.as_ptr() as usize
    }

    /// Copies `bytes` to guest address `at`.
    pub(super) fn write(&mut self, at: usize, bytes: &[u8]) -> Result<(), Failure> {
        let to = self.checked(at, bytes.len())?;
        // SAFETY: `checked` made sure that `to..to+len` lies in the mapping, which
        // is writable; `bytes` is memory of the host and cannot overlap it.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), to.as_ptr(), bytes.len()) };
        Ok(())
    }

    /// Appends the `len` bytes at guest address `at` to `out`.
    pub(super) fn read_into(&self, at: usize, len: usize, out: &mut Vec<u8>) -> Result<(), Failure> {
        let from = self.checked(at, len)?;
        out.reserve(len);
        let start = out.len();
        let to = out.spare_capacity_mut().as_mut_ptr().cast::<u8>();
        // SAFETY: `checked` made sure of the source range; `reserve` made sure of
        // the destination, which the source cannot overlap.
        unsafe { ptr::copy_nonoverlapping(from.as_ptr(), to, len) };
        // SAFETY: the `len` bytes after `start` were just initialised.
        unsafe { out.set_len(start + len) };
        Ok(())
    }

    /// Copies the bytes at `from` in `template` to the guest addresses `range`.
    pub(super) fn copy_from(
        &mut self,
        template: &Template,
        from: usize,
        range: Range<usize>,
    ) -> Result<(), Failure> {
        let to = self.checked(range.start, range.len())?;
        let from = template.checked(from, range.len())?;
        // SAFETY: both ranges were checked against their mappings, which are
        // distinct.
        unsafe { ptr::copy_nonoverlapping(from.as_ptr(), to.as_ptr(), range.len()) };
        Ok(())
    }

    /// Writes zeros over `range`.
    pub(super) fn zero(&mut self, range: Range<usize>) -> Result<(), Failure> {
        let at = self.checked(range.start, range.len())?;
        // SAFETY: `checked` made sure that the range lies in the writable mapping.
        unsafe { ptr::write_bytes(at.as_ptr(), 0, range.len()) };
        Ok(())
    }

    /// Replaces `range` by a private mapping of `file` from `offset` on.
    pub(super) fn map_over(
        &mut self,
        range: Range<usize>,
        file: impl AsFd,
        offset: usize,
    ) -> Result<(), Failure> {
        let at = self.checked(range.start, range.len())?;
        let Some(size) = NonZeroUsize::new(range.len()) else { return Ok(()) };
        let offset = i64::try_from(offset).map_err(|_| Failure::NoMemory { bytes: offset })?;
        let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_FIXED | MapFlags::MAP_NORESERVE;
        // SAFETY: the range was checked to lie in this value's own reservation, so
        // `MAP_FIXED` replaces nothing else.
        unsafe { mmap(NonZeroUsize::new(at.as_ptr() as usize), size, READ_WRITE, flags, file, offset) }
            .map_err(|e| os("map a snapshot", e))?;
        self.keep_to_this_process(range)
    }

    /// The guest's memory is nobody's business after a fork, nor in a core dump.
    fn keep_to_this_process(&self, range: Range<usize>) -> Result<(), Failure> {
        self.advise(range.clone(), MmapAdvise::MADV_DONTFORK)?;
        self.advise(range, MmapAdvise::MADV_DONTDUMP)
    }

    /// Replaces all from guest address `from` on by zeros and gives the pages
    /// back to the kernel.
    pub(super) fn clear_from(&mut self, from: usize) -> Result<(), Failure> {
        let Some(size) = NonZeroUsize::new(self.len.saturating_sub(from)) else { return Ok(()) };
        let at = self.checked(from, size.get())?;
        let flags = MapFlags::MAP_PRIVATE | MapFlags::MAP_FIXED | MapFlags::MAP_NORESERVE;
        let address = NonZeroUsize::new(at.as_ptr() as usize);
        // SAFETY: as in `map_over`.
        unsafe { mmap_anonymous(address, size, READ_WRITE, flags) }
            .map_err(|e| os("clear guest memory", e))?;
        self.keep_to_this_process(from..self.len)
    }

    /// Gives the pages of `range` back: they read as the mapped file, or as
    /// zeros, from then on.
    pub(super) fn discard(&mut self, range: Range<usize>) -> Result<(), Failure> {
        self.advise(range, MmapAdvise::MADV_DONTNEED)
    }

    /// Makes the pages of `range` present and writable, so that the guest's first
    /// write does not fault.
    pub(super) fn populate_write(&mut self, range: Range<usize>) -> Result<(), Failure> {
        self.advise(range, MmapAdvise::MADV_POPULATE_WRITE)
    }

    /// Lets the kernel back `range` with large pages, if it can.
    pub(super) fn allow_large_pages(&mut self, range: Range<usize>) {
        // A kernel without them refuses, and everything works as well, if not as fast.
        let _ = self.advise(range, MmapAdvise::MADV_HUGEPAGE);
    }

    fn advise(&self, range: Range<usize>, advice: MmapAdvise) -> Result<(), Failure> {
        if range.is_empty() {
            return Ok(());
        }
        let at = self.checked(range.start, range.len())?;
        // SAFETY: the range lies in this value's own mapping, to which no reference
        // exists; of the advices used here only `MADV_DONTNEED` changes content,
        // and its caller wants that.
        unsafe { madvise(at.cast(), range.len(), advice) }
            .map_err(|e| os("advise the kernel about guest memory", e))
    }

    /// Host address of `at`, if `at..at + len` lies in guest memory.
    fn checked(&self, at: usize, len: usize) -> Result<NonNull<u8>, Failure> {
        match at.checked_add(len) {
            Some(end) if end <= self.len => {
                // SAFETY: `at <= self.len`, so the result is within the mapping.
                Ok(unsafe { self.base.add(at) })
            }
            _ => Err(Failure::OutOfRange { at, len, size: self.len }),
        }
    }
}

impl Drop for GuestMemory {
    fn drop(&mut self) {
        // SAFETY: the reservation is this value's own and nothing refers to it any
        // more. An error would mean a wrong range: there is nothing to do about it.
        let _ = unsafe { munmap(self.reserved, self.reserved_len) };
    }
}

/// What all guests of one image share and none can write: its code and constants.
///
/// It is one mapping for all VMs, so that no sandbox has page tables of its own for
/// it. The host's mapping is writable although nothing writes to it: KVM maps the
/// neighbours of a page that a guest touches only if the host could write to them.
/// What keeps the guest from it are its own page tables and the read-only memslot.
#[derive(Debug)]
pub(super) struct SharedPages {
    memory: GuestMemory,
}

impl SharedPages {
    /// Pages with the content that `fill` writes.
    pub(super) fn new(
        len: usize,
        fill: impl FnOnce(&mut GuestMemory) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let mut memory = GuestMemory::reserve(len)?;
        memory.allow_large_pages(0..len);
        memory.populate_write(0..len)?;
        fill(&mut memory)?;
        Ok(Self { memory })
    }

    /// Makes the pages part of `vm`, at guest physical address `at` and read-only, as
    /// memslot `slot`. They must be dropped after the VM.
    pub(super) fn attach_to(&self, vm: &VmFd, slot: u32, at: usize) -> Result<(), Failure> {
        set_memslot(vm, slot, at, self.memory.base, self.memory.len, KVM_MEM_READONLY)
    }
}

// SAFETY: the pages are written before the value exists, and never again.
unsafe impl Sync for SharedPages {}

fn set_memslot(
    vm: &VmFd,
    slot: u32,
    guest: usize,
    host: NonNull<u8>,
    len: usize,
    flags: u32,
) -> Result<(), Failure> {
    let region = kvm_userspace_memory_region {
        slot,
        guest_phys_addr: guest as u64,
        memory_size: len as u64,
        userspace_addr: host.as_ptr() as u64,
        flags,
    };
    // SAFETY: both callers pass a range of a mapping of their own, which is kept
    // longer than the VM, and to which the host holds no references.
    unsafe { vm.set_user_memory_region(region) }.map_err(|e| kvm("give a VM its memory", e))
}

/// A read-only mapping of a snapshot's file, kept present so that copying from it
/// never faults.
#[derive(Debug)]
pub(super) struct Template {
    base: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping is read-only, and its file is sealed against writes.
unsafe impl Send for Template {}
// SAFETY: as above.
unsafe impl Sync for Template {}

impl Template {
    /// Maps the first `len` bytes of `file`.
    pub(super) fn map(file: impl AsFd, len: usize) -> Result<Self, Failure> {
        let size = NonZeroUsize::new(len).ok_or(Failure::NoMemory { bytes: len })?;
        let flags = MapFlags::MAP_SHARED | MapFlags::MAP_POPULATE;
        // SAFETY: a new read-only mapping at an address of the kernel's choice.
        let base = unsafe { mmap(None, size, ProtFlags::PROT_READ, flags, file, 0) }
            .map_err(|e| os("map a snapshot for reading", e))?;
        Ok(Self { base: base.cast(), len })
    }

    fn checked(&self, at: usize, len: usize) -> Result<NonNull<u8>, Failure> {
        match at.checked_add(len) {
            Some(end) if end <= self.len => {
                // SAFETY: `at <= self.len`, so the result is in the mapping.
                Ok(unsafe { self.base.add(at) })
            }
            _ => Err(Failure::OutOfRange { at, len, size: self.len }),
        }
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        // SAFETY: the mapping is this value's own and nothing refers to it any more.
        let _ = unsafe { munmap(self.base.cast(), self.len) };
    }
}
