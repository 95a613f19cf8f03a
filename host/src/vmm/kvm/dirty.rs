//! Which pages of a guest became private to it: the dirty set, found by the host
//! in its own page tables and never reported by the guest.
//!
//! A page of the snapshot's private file mapping is shared until it is written,
//! and an anonymous page is absent until it is touched. Both then show up as
//! "present or swapped, not of a file, not the zero page" in `PAGEMAP_SCAN` (Linux
//! 6.7, `Documentation/admin-guide/mm/pagemap.rst`). "Swapped" is also what the kernel
//! calls a page that it is moving: leaving it out would leave a guest's page behind.
#![expect(unsafe_code, reason = "PAGEMAP_SCAN is not in a safe crate")]

use super::failure::{Failure, os};
use std::{fs::File, ops::Range, os::fd::AsRawFd};

/// `PAGE_IS_FILE`, `PAGE_IS_PRESENT`, `PAGE_IS_SWAPPED` and `PAGE_IS_PFNZERO` of
/// `linux/fs.h`.
const FILE: u64 = 1 << 2;
const PRESENT: u64 = 1 << 3;
const SWAPPED: u64 = 1 << 4;
const ZERO_PAGE: u64 = 1 << 5;

/// Ranges that one system call can report; a sandbox with more takes several.
const MAX_RANGES: usize = 128;

/// `struct page_region` of `linux/fs.h`.
#[repr(C)]
#[derive(Debug, Clone, Copy, Default)]
struct PageRegion {
    start: u64,
    end: u64,
    categories: u64,
}

/// `struct pm_scan_arg` of `linux/fs.h`.
#[repr(C)]
struct ScanArgument {
    size: u64,
    flags: u64,
    start: u64,
    end: u64,
    walk_end: u64,
    vec: u64,
    vec_len: u64,
    max_pages: u64,
    category_inverted: u64,
    category_mask: u64,
    category_anyof_mask: u64,
    return_mask: u64,
}

const _: () = assert!(size_of::<ScanArgument>() == 96);
const _: () = assert!(size_of::<PageRegion>() == 24);

nix::ioctl_readwrite!(pagemap_scan, b'f', 16, ScanArgument);

/// Finds private pages of this process.
#[derive(Debug)]
pub(super) struct DirtyScan {
    pagemap: File,
}

impl DirtyScan {
    pub(super) fn open() -> Result<Self, Failure> {
        let pagemap = File::open("/proc/self/pagemap")
            .map_err(|source| Failure::Os { what: "open /proc/self/pagemap".into(), source })?;
        Ok(Self { pagemap })
    }

    /// Calls `found` with each run of private pages in `range`, as host
    /// addresses, in ascending order.
    pub(super) fn private_pages(
        &self,
        range: Range<usize>,
        mut found: impl FnMut(Range<usize>),
    ) -> Result<(), Failure> {
        let mut regions = [PageRegion::default(); MAX_RANGES];
        let mut start = range.start;
        while start < range.end {
            let mut argument = ScanArgument {
                size: size_of::<ScanArgument>() as u64,
                flags: 0,
                start: start as u64,
                end: range.end as u64,
                walk_end: 0,
                vec: regions.as_mut_ptr() as u64,
                vec_len: MAX_RANGES as u64,
                max_pages: 0,
                category_inverted: FILE | ZERO_PAGE,
                category_mask: FILE | ZERO_PAGE,
                category_anyof_mask: PRESENT | SWAPPED,
                // Nothing but the ranges is asked for, so that neighbours are one.
                return_mask: 0,
            };
            // SAFETY: the argument is laid out as the kernel's, and `vec` points to
            // `vec_len` regions that outlive the call.
            let count = unsafe { pagemap_scan(self.pagemap.as_raw_fd(), &raw mut argument) }
                .map_err(|e| os("scan guest memory for dirty pages (PAGEMAP_SCAN needs Linux 6.7)", e))?;
            let count = usize::try_from(count).unwrap_or(0).min(MAX_RANGES);
            for region in regions.iter().take(count) {
                let (start, end) = (usize::try_from(region.start), usize::try_from(region.end));
                if let (Ok(start), Ok(end)) = (start, end) {
                    found(start..end);
                }
            }
            let walked = usize::try_from(argument.walk_end).unwrap_or(range.end);
            if walked <= start {
                break;
            }
            start = walked;
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::vmm::kvm::memory::GuestMemory;
    use nix::sys::mman::{MmapAdvise, madvise};
    use std::ptr::NonNull;

    #[test]
    fn a_page_that_was_written_is_found_wherever_the_kernel_keeps_it() {
        let page = 4096;
        let mut memory = GuestMemory::reserve(4 * page).unwrap();
        memory.write(page, &[1]).unwrap();
        let base = memory.host_address();
        // Into the swap, where there is one.
        let start = NonNull::new(base as *mut std::ffi::c_void).unwrap();
        // SAFETY: the range is the memory's own, and paging it out changes no content.
        unsafe { madvise(start, 4 * page, MmapAdvise::MADV_PAGEOUT) }.unwrap();

        let mut found = Vec::new();
        let scan = DirtyScan::open().unwrap();
        scan.private_pages(base..base + 4 * page, |range| found.push((range.start, range.end))).unwrap();

        assert_eq!(found, [(base + page, base + 2 * page)]);
    }
}
