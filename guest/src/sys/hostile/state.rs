//! Exits, and what a guest leaves behind in registers before one: common to the
//! machines, which differ in how they leave.

use super::regions;
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
pub(crate) const SECRET_SELECTORS: [u16; 4] = [1, 2, 3, 1];

/// Extended state in memory.
#[repr(C, align(64))]
pub(crate) struct Area(UnsafeCell<[u8; AREA]>);

// SAFETY: the machine has one processor.
unsafe impl Sync for Area {}

impl Area {
    pub(crate) const fn zeroed() -> Self {
        Self(UnsafeCell::new([0; AREA]))
    }

    pub(crate) const fn address(&self) -> *mut [u8; AREA] {
        self.0.get()
    }

    #[expect(clippy::mut_from_ref, reason = "each borrow ends before the next one starts")]
    pub(crate) fn bytes(&self) -> &mut [u8; AREA] {
        // SAFETY: borrowed for the length of a statement, on one processor.
        unsafe { &mut *self.0.get() }
    }

    fn write(&self, at: usize, bytes: &[u8]) {
        if let Some(place) = self.bytes().get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())) {
            place.copy_from_slice(bytes);
        }
    }

    /// Makes it the state of a new processor.
    pub(crate) fn clear(&self) {
        self.bytes().fill(0);
        self.write(0, &0x37f_u16.to_le_bytes());
        self.write(24, &0x1f80_u32.to_le_bytes());
    }

    /// Fills all of these components that may have any value.
    pub(crate) fn fill(&self, components: u64) {
        self.clear();
        self.bytes().get_mut(32..416).unwrap_or_default().fill(SECRET);
        self.bytes().get_mut(EXTENDED..).unwrap_or_default().fill(SECRET);
        self.write(0, &0x27f_u16.to_le_bytes());
        self.write(24, &0x7f80_u32.to_le_bytes());
        self.write(512, &(components & FREE_COMPONENTS).to_le_bytes());
    }

    /// What is in it, as JSON, and the selectors as they are now.
    pub(crate) fn report(&self) -> String {
        let found = self.bytes();
        let word = |at: usize| {
            let bytes = found.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, u64::from_le_bytes)
        };
        let count =
            |bytes: Option<&[u8]>| bytes.unwrap_or_default().iter().filter(|byte| **byte != 0).count();
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
}

/// The components that are switched on.
pub(crate) fn components() -> u64 {
    let (low, high): (u32, u32);
    // SAFETY: called where XSAVE is enabled.
    unsafe { asm!("xgetbv", in("ecx") 0, out("eax") low, out("edx") high, options(nomem, nostack)) };
    u64::from(high) << 32 | u64::from(low)
}

/// The data segments.
pub(crate) fn selectors() -> [u16; 4] {
    let (ds, es, fs, gs): (u16, u16, u16, u16);
    // SAFETY: selectors may be read at any level.
    unsafe {
        asm!("mov {0:x}, ds", "mov {1:x}, es", "mov {2:x}, fs", "mov {3:x}, gs",
            out(reg) ds, out(reg) es, out(reg) fs, out(reg) gs, options(nomem, nostack));
    }
    [ds, es, fs, gs]
}

/// What an exit says to the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Here is the answer.
    Return,
    /// Here is a host call.
    HostCall,
    /// I give up.
    Abort,
}

/// An exit to the host that is about to happen.
#[derive(Debug)]
pub(crate) struct Exit {
    /// How many bytes of the output region it claims to be about.
    pub(crate) length: u32,
    pub(crate) way: Way,
    /// Whether every vector register and selector is filled before it.
    pub(crate) secret: bool,
}

impl Exit {
    /// A frame in the output region, to be returned.
    pub(crate) fn of(message: &Message<'_>) -> Self {
        Self::of_bytes(regions::write(message).unwrap_or(0))
    }

    /// Bytes in the output region, to be returned.
    pub(crate) const fn of_bytes(length: u32) -> Self {
        Self { length, way: Way::Return, secret: false }
    }

    pub(crate) const fn by(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    /// Fills every vector register and selector before it.
    pub(crate) const fn with_secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
