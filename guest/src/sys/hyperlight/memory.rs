//! Scratch memory as hyperlight's rings want to see it.

use super::{control::native, layout::SCRATCH_TOP};
use core::{
    ptr::{self, with_exposed_provenance, with_exposed_provenance_mut},
    slice,
    sync::atomic::{AtomicU16, Ordering},
};
use hyperlight_common::virtq::MemOps;

/// All of scratch, by virtual addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scratch {
    /// Its lowest address.
    pub(super) base: u64,
}

/// An address outside of scratch.
#[derive(Debug)]
pub(super) struct OutOfScratch;

impl Scratch {
    fn check(self, address: u64, len: usize) -> Result<usize, OutOfScratch> {
        let end = address.checked_add(len as u64).ok_or(OutOfScratch)?;
        if address < self.base || end > SCRATCH_TOP { Err(OutOfScratch) } else { Ok(native(address)) }
    }

    fn atomic(self, address: u64) -> Result<&'static AtomicU16, OutOfScratch> {
        let address = self.check(address, size_of::<AtomicU16>())?;
        let word = with_exposed_provenance_mut::<AtomicU16>(address);
        if word.is_aligned() {
            // SAFETY: scratch is always mapped, and the word is aligned.
            Ok(unsafe { &*word })
        } else {
            Err(OutOfScratch)
        }
    }
}

// SAFETY: every address is checked to lie in scratch, which is mapped for reading
// and writing for as long as the guest lives, and any bytes are valid there.
unsafe impl MemOps for Scratch {
    type Error = OutOfScratch;

    fn read(&self, address: u64, into: &mut [u8]) -> Result<(), OutOfScratch> {
        let from = with_exposed_provenance::<u8>(self.check(address, into.len())?);
        // SAFETY: the range was checked. The two may overlap.
        unsafe { ptr::copy(from, into.as_mut_ptr(), into.len()) };
        Ok(())
    }

    fn write(&self, address: u64, from: &[u8]) -> Result<(), OutOfScratch> {
        let to = with_exposed_provenance_mut::<u8>(self.check(address, from.len())?);
        // SAFETY: the range was checked. The two may overlap.
        unsafe { ptr::copy(from.as_ptr(), to, from.len()) };
        Ok(())
    }

    fn load_acquire(&self, address: u64) -> Result<u16, OutOfScratch> {
        Ok(self.atomic(address)?.load(Ordering::Acquire))
    }

    fn store_release(&self, address: u64, value: u16) -> Result<(), OutOfScratch> {
        self.atomic(address)?.store(value, Ordering::Release);
        Ok(())
    }

    unsafe fn as_slice(&self, address: u64, len: usize) -> Result<&[u8], OutOfScratch> {
        let from = with_exposed_provenance(self.check(address, len)?);
        // SAFETY: the range was checked, and the caller excludes writes.
        Ok(unsafe { slice::from_raw_parts(from, len) })
    }

    unsafe fn as_mut_slice(&self, address: u64, len: usize) -> Result<&mut [u8], OutOfScratch> {
        let from = with_exposed_provenance_mut(self.check(address, len)?);
        // SAFETY: the range was checked, and the caller excludes other uses.
        Ok(unsafe { slice::from_raw_parts_mut(from, len) })
    }
}
