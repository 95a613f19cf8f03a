//! The guest image as this VMM loads it.

pub(super) use super::super::elf::{Access, GuestImage, Segment};

use hypercell_common::machine::{IMAGE, PAGE};
use std::ops::Range;

impl GuestImage {
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
