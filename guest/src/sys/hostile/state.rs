//! Exits that leave something behind in registers, and a look at what a request
//! finds there.

use super::{machine, regions};
use alloc::{format, string::String, vec::Vec};
use core::{arch::asm, cell::UnsafeCell};
use hypercell_common::Message;

/// Bytes for any processor's XSAVE area.
const AREA: usize = 16 << 10;
/// First byte of the components beyond x87 and SSE.
const EXTENDED: usize = 576;
/// Components whose every value is allowed: x87, SSE, AVX, MPX, AVX-512.
const FREE_COMPONENTS: u64 = 0xff;
/// What is left behind.
const SECRET: u8 = 0xa5;
/// Null selectors can always be loaded, and differ from what the host set.
const SECRET_SELECTORS: [u16; 4] = [1, 2, 3, 1];

#[repr(C, align(64))]
struct Area(UnsafeCell<[u8; AREA]>);

// SAFETY: the machine has one processor.
unsafe impl Sync for Area {}

impl Area {
    const fn zeroed() -> Self {
        Self(UnsafeCell::new([0; AREA]))
    }

    #[expect(clippy::mut_from_ref, reason = "each borrow ends before the next one starts")]
    fn bytes(&self) -> &mut [u8; AREA] {
        // SAFETY: borrowed for the length of a statement, on one processor.
        unsafe { &mut *self.0.get() }
    }
}

/// What is loaded before an exit.
static LEFT: Area = Area::zeroed();
/// What is loaded after an exit, as in an honest guest. Not in constants, so
/// that its control words can be written here.
static CLEAN: Area = Area::zeroed();
/// What was found after an exit.
static FOUND: Area = Area::zeroed();

fn write(area: &Area, at: usize, bytes: &[u8]) {
    if let Some(place) = area.bytes().get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())) {
        place.copy_from_slice(bytes);
    }
}

fn initial(area: &Area) {
    area.bytes().fill(0);
    write(area, 0, &0x37f_u16.to_le_bytes());
    write(area, 24, &0x1f80_u32.to_le_bytes());
}

fn components() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: the host enables XSAVE for the guest.
    unsafe { asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") high, options(nomem, nostack)) };
    u64::from(high) << 32 | u64::from(low)
}

fn selectors() -> [u16; 4] {
    let (ds, es, fs, gs): (u16, u16, u16, u16);
    // SAFETY: selectors may be read at any level.
    unsafe {
        asm!("mov {0:x}, ds", "mov {1:x}, es", "mov {2:x}, fs", "mov {3:x}, gs",
            out(reg) ds, out(reg) es, out(reg) fs, out(reg) gs, options(nomem, nostack));
    }
    [ds, es, fs, gs]
}

/// An exit to the host that is about to happen.
pub(super) struct Exit {
    /// What `eax` says.
    pub(super) length: u32,
    port: u8,
    secret: bool,
}

impl Exit {
    /// A frame in the output region, to be returned.
    pub(super) fn of(message: &Message<'_>) -> Self {
        Self::of_bytes(regions::write(message).unwrap_or(0))
    }

    /// Bytes in the output region, to be returned.
    pub(super) const fn of_bytes(length: u32) -> Self {
        Self { length, port: machine::PORT_RETURN, secret: false }
    }

    pub(super) const fn through(mut self, port: u8) -> Self {
        self.port = port;
        self
    }

    /// Fills every vector register and selector before it.
    pub(super) const fn with_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Leaves, and takes note of the registers when the host comes back.
    pub(super) fn leave(&self) {
        initial(&CLEAN);
        initial(&LEFT);
        let mut load = selectors();
        if self.secret {
            let filled = components() & FREE_COMPONENTS;
            LEFT.bytes().get_mut(32..416).unwrap_or_default().fill(SECRET);
            LEFT.bytes().get_mut(EXTENDED..).unwrap_or_default().fill(SECRET);
            write(&LEFT, 0, &0x27f_u16.to_le_bytes());
            write(&LEFT, 24, &0x7f80_u32.to_le_bytes());
            write(&LEFT, 512, &filled.to_le_bytes());
            load = SECRET_SELECTORS;
        }
        FOUND.bytes().fill(0);
        // SAFETY: the areas are aligned and large enough, the state that is
        // loaded is valid, and null selectors do not matter in 64-bit mode.
        unsafe {
            asm!(
                "mov eax, -1",
                "mov edx, eax",
                "xrstor64 [{left}]",
                "mov ds, [{load}]",
                "mov es, [{load} + 2]",
                "mov fs, [{load} + 4]",
                "mov gs, [{load} + 6]",
                "mov eax, {length:e}",
                "cmp {port:e}, {host_call}",
                "je 2f",
                "cmp {port:e}, {abort}",
                "je 3f",
                "out {give}, eax",
                "mov eax, -1",
                "mov edx, eax",
                "xrstor64 [{clean}]",
                "jmp 4f",
                "2: out {host_call}, eax",
                "jmp 4f",
                "3: out {abort}, eax",
                "4: mov eax, -1",
                "mov edx, eax",
                "xsave64 [{found}]",
                left = in(reg) LEFT.0.get(),
                found = in(reg) FOUND.0.get(),
                clean = in(reg) CLEAN.0.get(),
                load = in(reg) load.as_ptr(),
                length = in(reg) self.length,
                port = in(reg) u32::from(self.port),
                give = const machine::PORT_RETURN,
                host_call = const machine::PORT_HOST_CALL,
                abort = const machine::PORT_ABORT,
                out("eax") _,
                out("edx") _,
                clobber_abi("sysv64"),
            );
        }
    }
}

/// What the current request found in the registers, as JSON.
pub(super) fn report() -> String {
    let found = FOUND.bytes();
    let word = |at: usize| {
        let bytes = found.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u64::from_le_bytes)
    };
    let count = |bytes: Option<&[u8]>| bytes.unwrap_or_default().iter().filter(|byte| **byte != 0).count();
    let selectors: Vec<_> = selectors().iter().map(|selector| format!("{selector}")).collect();
    format!(
        "{{\"x87\":{},\"sse\":{},\"extended\":{},\"in_use\":{},\"fcw\":{},\"mxcsr\":{},\"selectors\":[{}]}}",
        count(found.get(32..160)),
        count(found.get(160..416)),
        count(found.get(EXTENDED..)),
        word(512),
        word(0) & 0xffff,
        word(24) & 0xffff_ffff,
        selectors.join(","),
    )
}
