//! The tables that the CPU reads: page tables, descriptor tables and the fault
//! stubs, written once by the host before the guest first runs.
//!
//! No guest code ever edits them. Everything in them is supervisor-only; the
//! guest's program runs at CPL3 and the only code at CPL0 is one stub per
//! exception vector, `out vector, al; hlt`, which reports the fault to the host.
//! Sources: Intel SDM volume 3A, 4.5 (paging), 6.14 (64-bit IDT), 8.7 (TSS).

use super::{
    elf::{Access, GuestImage},
    failure::Failure,
    layout::{
        FAULT_STACK_TOP, FAULT_STUB_LEN, FAULT_STUBS, GDT, IDT, Layout, PAGE_DIRECTORIES,
        PAGE_DIRECTORY_COUNT, PAGE_TABLES, PAGE_TABLES_END, PDPT, PML4, SYSTEM_END, TSS, address,
    },
    memory::GuestMemory,
};
use hypercell_common::machine::{CONTROL, LARGE_PAGE, PAGE, PORT_ABORT, PORT_HOST_CALL, PORT_RETURN};
use std::ops::Range;

const PRESENT: u64 = 1;
const WRITE: u64 = 1 << 1;
const USER: u64 = 1 << 2;
/// Accessed and dirty, preset so that page walks never write to the tables.
const ACCESSED_DIRTY: u64 = 1 << 5 | 1 << 6;
const LARGE: u64 = 1 << 7;
const NO_EXECUTE: u64 = 1 << 63;

/// Code segment of the fault stubs, CPL0.
const KERNEL_CODE: u16 = 0x08;
/// Data and stack segment of the guest's program, CPL3.
pub(super) const USER_DATA: u16 = 0x18 | 3;
/// Code segment of the guest's program, CPL3.
pub(super) const USER_CODE: u16 = 0x20 | 3;
/// Task state segment.
pub(super) const TASK: u16 = 0x28;
/// Last byte of the GDT.
pub(super) const GDT_LIMIT: u16 = 0x37;
/// Exception vectors of the architecture, each with a stub.
pub(super) const VECTORS: u64 = 32;
/// Last byte of the IDT.
pub(super) const IDT_LIMIT: u16 = 0x1ff;

/// Bytes of a 64-bit TSS before the I/O bitmap.
const TSS_LEN: usize = 0x68;
/// Bytes of the I/O bitmap: the ports up to 0x4f, and the closing byte of ones.
const IO_BITMAP_LEN: usize = 11;
/// Last byte of the TSS and its bitmap.
#[expect(clippy::cast_possible_truncation, reason = "a constant that is well below 65536")]
pub(super) const TSS_LIMIT: u16 = (TSS_LEN + IO_BITMAP_LEN - 1) as u16;

/// Writes all tables into fresh (zero) guest memory.
pub(super) fn write_tables(
    memory: &mut GuestMemory,
    image: &GuestImage,
    layout: &Layout,
) -> Result<(), Failure> {
    let mut tables = PageTables { memory, next_table: PAGE_TABLES };
    tables.write_upper_levels()?;
    // The CPU reads the descriptors and enters the stubs as supervisor. The page
    // tables are walked by physical address and are not mapped at all.
    tables.map(GDT..SYSTEM_END, NO_EXECUTE | WRITE, Owner::Supervisor)?;
    tables.map(FAULT_STUBS..FAULT_STUBS + PAGE, 0, Owner::Supervisor)?;
    tables.map(CONTROL..CONTROL + PAGE, WRITE | NO_EXECUTE, Owner::User)?;
    for (segment, next) in image.with_next() {
        let flags = match segment.access {
            Access::Read => NO_EXECUTE,
            Access::ReadWrite => WRITE | NO_EXECUTE,
            Access::ReadExecute => 0,
        };
        let range = segment.address..segment.end();
        // A segment that has large pages to itself is mapped by them.
        let large_end = range.end.next_multiple_of(LARGE_PAGE);
        if range.start.is_multiple_of(LARGE_PAGE) && next.is_some_and(|next| next >= large_end) {
            tables.map_large(range.start..large_end, flags)?;
        } else {
            tables.map(range, flags, Owner::User)?;
        }
    }
    tables.map(layout.stack.clone(), WRITE | NO_EXECUTE, Owner::User)?;
    for region in [&layout.input, &layout.output, &layout.heap] {
        tables.map_large(region.clone(), WRITE | NO_EXECUTE)?;
    }
    write_descriptors(memory)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Supervisor,
    User,
}

struct PageTables<'m> {
    memory: &'m mut GuestMemory,
    /// Where the next page table goes.
    next_table: u64,
}

impl PageTables<'_> {
    /// PML4 and PDPT; the directories' entries come with what is mapped.
    fn write_upper_levels(&mut self) -> Result<(), Failure> {
        let flags = PRESENT | WRITE | USER | ACCESSED_DIRTY;
        write_u64(self.memory, PML4, PDPT | flags)?;
        for gib in 0..PAGE_DIRECTORY_COUNT {
            write_u64(self.memory, PDPT + gib * 8, (PAGE_DIRECTORIES + gib * PAGE) | flags)?;
        }
        Ok(())
    }

    /// Maps `range` by 4 KiB pages.
    fn map(&mut self, range: Range<u64>, flags: u64, owner: Owner) -> Result<(), Failure> {
        let user = if owner == Owner::User { USER } else { 0 };
        let mut page = range.start / PAGE * PAGE;
        while page < range.end {
            let table = self.table_of(page)?;
            let entry = page | flags | user | PRESENT | ACCESSED_DIRTY;
            write_u64(self.memory, table + page / PAGE % 512 * 8, entry)?;
            page += PAGE;
        }
        Ok(())
    }

    /// Maps `range`, which starts and ends on large pages, for the guest's program.
    fn map_large(&mut self, range: Range<u64>, flags: u64) -> Result<(), Failure> {
        let flags = flags | PRESENT | USER | ACCESSED_DIRTY | LARGE;
        let mut page = range.start;
        while page < range.end {
            write_u64(self.memory, directory_entry(page), page | flags)?;
            page += LARGE_PAGE;
        }
        Ok(())
    }

    /// The page table that covers `address`, made if there is none yet.
    fn table_of(&mut self, address: u64) -> Result<u64, Failure> {
        let entry = directory_entry(address);
        let present = read_u64(self.memory, entry)?;
        if present & PRESENT != 0 {
            return Ok(present & 0x000f_ffff_ffff_f000);
        }
        let table = self.next_table;
        if table >= PAGE_TABLES_END {
            return Err(Failure::Image(
                "image and stack need more page tables than there is room for".into(),
            ));
        }
        self.next_table += PAGE;
        write_u64(self.memory, entry, table | PRESENT | WRITE | USER | ACCESSED_DIRTY)?;
        Ok(table)
    }
}

fn directory_entry(address: u64) -> u64 {
    PAGE_DIRECTORIES + address / LARGE_PAGE * 8
}

fn write_descriptors(memory: &mut GuestMemory) -> Result<(), Failure> {
    // Flat 64-bit segments with the accessed bit preset, so that loading them
    // writes nothing: null, kernel code, null, user data, user code, task (two).
    let task = 0x0000_8b00_0000_0000 | u64::from(TSS_LIMIT) | TSS << 16;
    let gdt = [0, 0x00af_9b00_0000_ffff, 0, 0x00cf_f300_0000_ffff, 0x00af_fb00_0000_ffff, task, 0];
    for (at, descriptor) in (GDT..).step_by(8).zip(gdt) {
        write_u64(memory, at, descriptor)?;
    }

    let mut tss = [0u8; TSS_LEN + IO_BITMAP_LEN];
    // RSP0 and IST1: where the CPU pushes a fault's frame.
    for stack in [0x04, 0x24] {
        put(&mut tss, stack, &FAULT_STACK_TOP.to_le_bytes());
    }
    put(&mut tss, 0x66, &u16::try_from(TSS_LEN).unwrap_or(u16::MAX).to_le_bytes());
    let mut bitmap = [0xffu8; IO_BITMAP_LEN];
    for first in [PORT_RETURN, PORT_HOST_CALL, PORT_ABORT] {
        // The four bytes of a 32-bit `out`.
        for port in usize::from(first)..usize::from(first) + 4 {
            if let Some(byte) = bitmap.get_mut(port / 8) {
                *byte &= !(1 << (port % 8));
            }
        }
    }
    put(&mut tss, TSS_LEN, &bitmap);
    memory.write(address(TSS), &tss)?;

    for vector in 0..VECTORS {
        let stub = FAULT_STUBS + vector * FAULT_STUB_LEN;
        // Present 64-bit interrupt gate, DPL 0, on IST1.
        let gate = (stub & 0xffff) | u64::from(KERNEL_CODE) << 16 | 1 << 32 | 0x8e << 40 | (stub >> 16) << 48;
        write_u64(memory, IDT + vector * 16, gate)?;
        let number = u8::try_from(vector).unwrap_or(u8::MAX);
        // out vector, al; hlt
        memory.write(address(stub), &[0xe6, number, 0xf4])?;
    }
    Ok(())
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(to) = bytes.get_mut(at..at + value.len()) {
        to.copy_from_slice(value);
    }
}

fn write_u64(memory: &mut GuestMemory, at: u64, value: u64) -> Result<(), Failure> {
    memory.write(address(at), &value.to_le_bytes())
}

fn read_u64(memory: &GuestMemory, at: u64) -> Result<u64, Failure> {
    let mut bytes = Vec::with_capacity(8);
    memory.read_into(address(at), 8, &mut bytes)?;
    Ok(bytes.try_into().map_or(0, u64::from_le_bytes))
}
