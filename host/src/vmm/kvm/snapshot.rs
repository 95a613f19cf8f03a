//! A guest's state between two requests, and the ways back to it.
//!
//! The pages lie in a sealed memfd, run after run without the holes between
//! them. A new machine maps the runs privately, so that it shares every page
//! until it writes to it. A machine that already does gets just those pages
//! copied back that became private: that faults nothing and flushes nothing.

use super::{
    dirty::DirtyScan,
    failure::{Failure, os},
    layout::{Layout, address},
    memory::{GuestMemory, Template},
    registers::Registers,
    working_set::WorkingSet,
};
use hypercell_common::{
    body::Touch,
    machine::{CONTROL, PAGE},
};
use nix::{
    fcntl::{FcntlArg, SealFlag, fcntl},
    sys::memfd::{MFdFlags, memfd_create},
};
use std::{
    fs::File,
    ops::Range,
    os::unix::fs::FileExt,
    sync::{Arc, OnceLock},
};

const PAGE_LEN: usize = address(PAGE);

/// Runs that are this close are stored as one: a mapping more costs each new
/// sandbox more than a few pages of zeros cost all of them together.
const MERGE_GAP: usize = 64 * PAGE_LEN;

/// Private pages that are made present in a new machine at most.
const MAX_HOT: usize = 128 * PAGE_LEN;

/// Pages that are read in a new machine before it is needed.
const MAX_READ: usize = 256;

/// Pages that lie together in guest memory and in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    guest: Range<usize>,
    file: usize,
}

/// A captured guest.
#[derive(Debug)]
pub(super) struct State {
    pub(super) registers: Registers,
    pub(super) layout: Arc<Layout>,
    file: File,
    template: Template,
    /// In ascending order of guest addresses; what lies in none is zero.
    runs: Vec<Run>,
    /// Pages that calls from this state were seen to write.
    hot: OnceLock<Vec<Range<usize>>>,
}

impl State {
    /// Captures the guest in `memory`. `base` is the state that the memory was
    /// mapped from, if it was.
    pub(super) fn capture(
        memory: &GuestMemory,
        layout: Arc<Layout>,
        registers: Registers,
        base: Option<&Self>,
        scan: &DirtyScan,
    ) -> Result<Self, Failure> {
        // Frames are not state: the I/O regions lie behind the heap and are left out.
        let saved = 0..address(layout.heap.end);
        let mut private = private_pages(memory, scan, saved)?;
        let inherited = base.map_or(&[][..], |base| &base.runs);
        // A page of zeros that covers one of the base is state.
        let inherited_end = inherited.last().map_or(0, |run| run.guest.end);
        trim_zero_tail(memory, &mut private, inherited_end)?;
        let runs = merge(private.iter().cloned().chain(inherited.iter().map(|run| run.guest.clone())));
        let len = runs.last().map_or(0, |run| run.file + run.guest.len());

        let name = c"hypercell-snapshot";
        let fd = memfd_create(name, MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING)
            .map_err(|e| os("create a file in memory", e))?;
        let file = File::from(fd);
        file.set_len(len as u64).map_err(write_failure)?;
        let mut writer = Writer { file: &file, runs: &runs, page: Vec::new() };
        if let Some(base) = base {
            for run in inherited {
                writer.write(run.guest.clone(), |part, into| base.read_into(part, into))?;
            }
        }
        for range in private {
            writer.write(range, |part, into| memory.read_into(part.start, part.len(), into))?;
        }
        let seals =
            SealFlag::F_SEAL_WRITE | SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW | SealFlag::F_SEAL_SEAL;
        fcntl(&file, FcntlArg::F_ADD_SEALS(seals)).map_err(|e| os("seal a snapshot", e))?;
        let template = Template::map(&file, len)?;
        Ok(Self { registers, layout, file, template, runs, hot: OnceLock::new() })
    }

    /// What is state and a guest can write, the control page apart: frames are not state,
    /// and the I/O regions lie behind the heap.
    pub(super) fn saved_range(&self) -> Range<usize> {
        address(self.layout.writable_from)..address(self.layout.heap.end)
    }

    /// The parts of `range` that are stored, in ascending order; all else in it is zero.
    pub(super) fn stored(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let part = move |run: &Run| run.guest.start.max(range.start)..run.guest.end.min(range.end);
        self.runs.iter().map(part).filter(|part| !part.is_empty())
    }

    /// Appends the bytes of `part`, which must be stored, to `into`.
    pub(super) fn read_into(&self, part: Range<usize>, into: &mut Vec<u8>) -> Result<(), Failure> {
        let run = self.runs.iter().find(|run| run.guest.start <= part.start && part.end <= run.guest.end);
        let Some(run) = run else { return Ok(()) };
        let start = into.len();
        into.resize(start + part.len(), 0);
        let at = run.file + (part.start - run.guest.start);
        let into = into.get_mut(start..).unwrap_or_default();
        self.file.read_exact_at(into, at as u64).map_err(write_failure)
    }

    /// Makes `memory` hold this state and share its pages.
    pub(super) fn map_into(&self, memory: &mut GuestMemory) -> Result<(), Failure> {
        memory.clear_from(0)?;
        self.map_runs(memory)?;
        memory.allow_large_pages(guest_range(&self.layout.large_heap()));
        self.populate(memory)
    }

    /// Maps the pages into memory that is all zeros.
    pub(super) fn map_runs(&self, memory: &mut GuestMemory) -> Result<(), Failure> {
        for run in &self.runs {
            memory.map_over(run.guest.clone(), &self.file, run.file)?;
        }
        Ok(())
    }

    /// Makes the pages present that calls from this state write.
    fn populate(&self, memory: &mut GuestMemory) -> Result<(), Failure> {
        for range in self.hot.get().into_iter().flatten() {
            memory.populate_write(range.clone())?;
        }
        Ok(())
    }

    /// Makes `memory`, which was mapped from this state, equal to it again.
    pub(super) fn copy_back(
        &self,
        memory: &mut GuestMemory,
        scan: &DirtyScan,
        working_set: &mut WorkingSet,
    ) -> Result<(), Failure> {
        let control = address(CONTROL);
        self.reset(memory, control..control + PAGE_LEN)?;
        let dirty = private_pages(memory, scan, self.writable())?;
        let mut budget = working_set.budget(dirty.iter().map(Range::len).sum());
        let gives_back = budget == 0;
        for range in &dirty {
            let keep = range.len().min(budget);
            budget -= keep;
            let middle = range.start + keep;
            self.reset(memory, range.start..middle)?;
            memory.discard(middle..range.end)?;
        }
        if gives_back {
            self.populate(memory)?;
        }
        self.learn(dirty);
        Ok(())
    }

    /// What a guest should touch before it is needed: the pages that calls write, and of
    /// the others that the snapshot holds the lowest. `None` while the first are not known.
    pub(super) fn touch(&self) -> Option<Touch> {
        let hot = self.hot.get()?;
        let pages = |range: &Range<usize>| range.clone().step_by(PAGE_LEN).map(|page| page as u64);
        let write: Vec<u64> = hot.iter().flat_map(pages).collect();
        let stored = self.runs.iter().flat_map(|run| pages(&run.guest));
        let writable = |page: &u64| self.layout.writable_from <= *page && !write.contains(page);
        let read = stored.filter(writable).take(MAX_READ).collect();
        Some(Touch { read, write })
    }

    /// Whether it is known which pages calls write.
    pub(super) fn is_observed(&self) -> bool {
        self.hot.get().is_some()
    }

    /// Learns from a machine that just served its first call from this state which pages
    /// calls write, unless that is known.
    pub(super) fn observe(&self, memory: &GuestMemory, scan: &DirtyScan) -> Result<(), Failure> {
        if self.hot.get().is_none() {
            self.learn(private_pages(memory, scan, self.writable())?);
        }
        Ok(())
    }

    fn learn(&self, dirty: Vec<Range<usize>>) {
        if self.hot.get().is_none() && !dirty.is_empty() {
            let mut room = MAX_HOT;
            let mut hot = dirty;
            hot.retain(|range| {
                let fits = range.len() <= room;
                room -= if fits { range.len() } else { 0 };
                fits
            });
            // Another machine may have been quicker; its lesson is as good.
            let _ = self.hot.set(hot);
        }
    }

    /// Copies `range` from the state; what no run holds becomes zero.
    fn reset(&self, memory: &mut GuestMemory, range: Range<usize>) -> Result<(), Failure> {
        let mut at = range.start;
        for run in &self.runs {
            if run.guest.end <= at {
                continue;
            }
            if run.guest.start >= range.end {
                break;
            }
            if run.guest.start > at {
                memory.zero(at..run.guest.start)?;
                at = run.guest.start;
            }
            let end = run.guest.end.min(range.end);
            memory.copy_from(&self.template, run.file + (at - run.guest.start), at..end)?;
            at = end;
        }
        memory.zero(at.min(range.end)..range.end)
    }

    /// What guest code can write, the control page apart.
    fn writable(&self) -> Range<usize> {
        address(self.layout.writable_from)..address(self.layout.memory_len())
    }
}

/// Runs of private pages of `memory` in `range`, as guest addresses in ascending order.
fn private_pages(
    memory: &GuestMemory,
    scan: &DirtyScan,
    range: Range<usize>,
) -> Result<Vec<Range<usize>>, Failure> {
    let base = memory.host_address();
    let mut runs = Vec::new();
    scan.private_pages(base + range.start..base + range.end, |host| {
        runs.push(host.start - base..host.end - base);
    })?;
    Ok(runs)
}

/// Drops the zero pages at the end, down to `floor`: a heap that was large once does not
/// make its snapshots large.
fn trim_zero_tail(
    memory: &GuestMemory,
    private: &mut Vec<Range<usize>>,
    floor: usize,
) -> Result<(), Failure> {
    let mut page = Vec::with_capacity(PAGE_LEN);
    while let Some(last) = private.last_mut().filter(|last| last.end > floor) {
        page.clear();
        memory.read_into(last.end - PAGE_LEN, PAGE_LEN, &mut page)?;
        if page.iter().any(|byte| *byte != 0) {
            break;
        }
        last.end -= PAGE_LEN;
        if last.start >= last.end {
            private.pop();
        }
    }
    Ok(())
}

/// Sorts the ranges, joins those that are close, and gives each its place in the
/// file.
fn merge(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Run> {
    let mut sorted: Vec<_> = ranges.collect();
    sorted.sort_by_key(|range| range.start);
    let mut runs: Vec<Run> = Vec::new();
    for range in sorted {
        match runs.last_mut() {
            Some(run) if range.start <= run.guest.end + MERGE_GAP => {
                run.guest.end = run.guest.end.max(range.end);
            }
            _ => runs.push(Run { guest: range, file: 0 }),
        }
    }
    let mut file = 0;
    for run in &mut runs {
        run.file = file;
        file += run.guest.len();
    }
    runs
}

/// Writes guest pages to their places in the file.
struct Writer<'a> {
    file: &'a File,
    runs: &'a [Run],
    page: Vec<u8>,
}

impl Writer<'_> {
    fn write(
        &mut self,
        range: Range<usize>,
        read: impl FnOnce(Range<usize>, &mut Vec<u8>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let run = self.runs.iter().find(|run| run.guest.start <= range.start && range.end <= run.guest.end);
        let Some(run) = run else { return Ok(()) };
        let at = run.file + (range.start - run.guest.start);
        self.page.clear();
        read(range, &mut self.page)?;
        self.file.write_all_at(&self.page, at as u64).map_err(write_failure)
    }
}

fn write_failure(source: std::io::Error) -> Failure {
    Failure::Os { what: "write a snapshot".into(), source }
}

fn guest_range(range: &Range<u64>) -> Range<usize> {
    address(range.start)..address(range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_ranges_share_a_run_and_distant_ones_do_not() {
        let page = PAGE_LEN;
        let far = MERGE_GAP + 10 * page;

        let runs = merge([far..far + page, 0..page, 2 * page..3 * page].into_iter());

        assert_eq!(
            runs,
            [Run { guest: 0..3 * page, file: 0 }, Run { guest: far..far + page, file: 3 * page }]
        );
    }
}
