//! A look at a guest's page tables before hyperlight follows them.
//!
//! hyperlight takes a snapshot by walking the tables, which the guest wrote. Tables
//! that name each other in circles would keep it busy for years, and one page under
//! many addresses would fill the host's memory.

use hyperlight_common::{
    layout::scratch_base_gpa,
    vmem::{PAGE_PRESENT, PAGE_SIZE, PTE_ADDR_MASK},
};
use hyperlight_host::Sandbox;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Where hyperlight's snapshot memory starts in physical memory.
const SNAPSHOT_BASE: u64 = PAGE_SIZE as u64;
/// Bytes of an entry.
const ENTRY: usize = 8;
/// A table that is in no memory: nothing is mapped.
const NOTHING: u64 = 0;

/// Whether the tables of a sandbox were in order at its last snapshot.
#[derive(Debug, Clone, Default)]
pub(super) struct TableCheck {
    refused: Arc<AtomicBool>,
}

impl TableCheck {
    /// Has each snapshot of `sandbox` start with a look at its tables: they must map
    /// `max_pages` pages at most.
    pub(super) fn install(sandbox: &mut Sandbox, max_pages: u64) -> Self {
        let check = Self::default();
        let refused = Arc::clone(&check.refused);
        sandbox.set_pt_root_finder(Box::new(move |snapshot, scratch, root| {
            let mut walk = Walk { snapshot, scratch, pages_left: max_pages, tables_left: max_pages };
            if walk.follow(root, 3) {
                vec![root]
            } else {
                refused.store(true, Ordering::Relaxed);
                vec![NOTHING]
            }
        }));
        check
    }

    /// Whether a snapshot found tables that it did not follow.
    pub(super) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }
}

struct Walk<'a> {
    snapshot: &'a [u8],
    scratch: &'a [u8],
    pages_left: u64,
    tables_left: u64,
}

impl Walk<'_> {
    /// The bytes of the table at a physical address.
    fn table(&self, address: u64) -> Option<&[u8]> {
        let scratch = scratch_base_gpa(self.scratch.len());
        let (memory, base) =
            if address >= scratch { (self.scratch, scratch) } else { (self.snapshot, SNAPSHOT_BASE) };
        let from = usize::try_from(address.checked_sub(base)?).ok()?;
        memory.get(from..from.checked_add(PAGE_SIZE)?)
    }

    /// Follows a table of a level, 3 for the top, and tells whether all is in order.
    fn follow(&mut self, address: u64, level: u32) -> bool {
        if self.tables_left == 0 {
            return false;
        }
        self.tables_left -= 1;
        // A table in no memory maps nothing.
        let Some(table) = self.table(address & PTE_ADDR_MASK) else { return true };
        let entries: Vec<u64> = table
            .chunks_exact(ENTRY)
            .filter_map(|entry| entry.try_into().ok().map(u64::from_le_bytes))
            // Entries that are not present may still tell hyperlight something.
            .filter(|entry| *entry != 0)
            .collect();
        if level == 0 {
            let pages = entries.len() as u64;
            let fits = pages <= self.pages_left;
            self.pages_left = self.pages_left.saturating_sub(pages);
            return fits;
        }
        entries.iter().filter(|entry| *entry & PAGE_PRESENT != 0).all(|entry| self.follow(*entry, level - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scratch with one table per page, whose entries are (index, value).
    fn scratch(tables: &[&[(usize, u64)]]) -> Vec<u8> {
        let mut memory = vec![0; tables.len() * PAGE_SIZE];
        for (table, page) in tables.iter().zip(memory.chunks_exact_mut(PAGE_SIZE)) {
            for (index, value) in *table {
                let entry = page.chunks_exact_mut(ENTRY).nth(*index);
                entry.into_iter().for_each(|entry| entry.copy_from_slice(&value.to_le_bytes()));
            }
        }
        memory
    }

    fn in_order(memory: &[u8], max_pages: u64) -> bool {
        let mut walk = Walk { snapshot: &[], scratch: memory, pages_left: max_pages, tables_left: max_pages };
        walk.follow(scratch_base_gpa(memory.len()), 3)
    }

    #[test]
    fn tables_that_map_what_they_may_are_in_order() {
        let at = |page: u64| (scratch_base_gpa(4 * PAGE_SIZE) + page * PAGE_SIZE as u64) | PAGE_PRESENT;
        let memory = scratch(&[&[(0, at(1))], &[(1, at(2))], &[(2, at(3))], &[(0, at(0)), (5, at(1))]]);

        assert!(in_order(&memory, 4));
        assert!(!in_order(&memory, 1), "it maps two pages");
    }

    #[test]
    fn a_table_that_names_itself_is_not_followed_for_ever() {
        let own = scratch_base_gpa(PAGE_SIZE) | PAGE_PRESENT;
        let entries: Vec<_> = (0..512).map(|index| (index, own)).collect();

        assert!(!in_order(&scratch(&[&entries]), 10_000));
    }
}
