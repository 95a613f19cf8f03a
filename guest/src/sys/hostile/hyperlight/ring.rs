//! Descriptors that are not what they say.
//!
//! `ring:WHAT` spoils the answer to the order itself: `id:N`, `address:N`, `len:N`,
//! `frame-len:N`, `indirect`, `hidden`, `loop`, `writable`, `twice`, `none`, and
//! `garbage:N` for random bytes all over. `requests:WHAT` spoils the buffers for
//! requests, which the next one meets.

use super::{
    super::{
        control::native,
        layout::{IN_PAGES, IN_QUEUE, OUT_PAGES, OUT_QUEUE, SCRATCH_DELTA, TRANSPORT},
    },
    word,
};
use alloc::vec::Vec;
use core::{
    ops::Range,
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
    sync::atomic::{AtomicUsize, Ordering},
};
use hyperlight_common::layout::{QueueDims, TransportArena};

/// Flags of a descriptor.
const NEXT: u16 = 1;
const WRITE: u16 = 1 << 1;
const INDIRECT: u16 = 1 << 2;
const AVAILABLE: u16 = 1 << 7;
const USED: u16 = 1 << 15;

/// Descriptors that the honest guest has sent since the rings were new.
static SENT: AtomicUsize = AtomicUsize::new(0);
/// Descriptors that were sent besides, of which it knows nothing.
static BESIDES: AtomicUsize = AtomicUsize::new(0);

/// A descriptor of a packed virtqueue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(super) struct Descriptor {
    pub(super) address: u64,
    pub(super) len: u32,
    pub(super) id: u16,
    pub(super) flags: u16,
}

/// A table of descriptors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    address: usize,
    len: usize,
}

fn arena() -> Option<TransportArena> {
    let dims = |size, pages| QueueDims::new(native(word(size)), native(word(pages)));
    TransportArena::new(word(TRANSPORT), dims(OUT_QUEUE, OUT_PAGES)?, dims(IN_QUEUE, IN_PAGES)?)
}

fn at(physical: u64) -> usize {
    native(physical.wrapping_add(SCRATCH_DELTA))
}

/// Rings and buffers.
pub(super) fn transport() -> Range<usize> {
    arena().map_or(0..0, |arena| at(arena.base_addr())..at(arena.end_addr()))
}

/// The word in which a guest says that it is ready for a snapshot.
pub(super) fn mailbox() -> *mut u64 {
    with_exposed_provenance_mut(arena().map_or(0, |arena| at(arena.mbx_addr())))
}

impl Ring {
    /// The one to the host.
    pub(super) fn out() -> Self {
        let address = arena().map_or(0, |arena| at(arena.g2h_ring_addr()));
        Self { address, len: native(word(OUT_QUEUE)) }
    }

    /// The one from the host.
    pub(super) fn requests() -> Self {
        let address = arena().map_or(0, |arena| at(arena.h2g_ring_addr()));
        Self { address, len: native(word(IN_QUEUE)) }
    }

    pub(super) const fn address(&self) -> usize {
        self.address
    }

    fn get(&self, index: usize) -> Descriptor {
        let place = with_exposed_provenance::<Descriptor>(self.address + index % self.len * 16);
        // SAFETY: the ring is mapped, and any bytes are a descriptor.
        unsafe { place.read_volatile() }
    }

    fn set(&self, index: usize, descriptor: Descriptor) {
        let place = with_exposed_provenance_mut::<Descriptor>(self.address + index % self.len * 16);
        // SAFETY: the ring is mapped for writing.
        unsafe { place.write_volatile(descriptor) };
    }

    /// The flags with which the descriptor of that number, counted from the start, is
    /// the host's.
    const fn available(&self, index: usize) -> u16 {
        if (index / self.len).is_multiple_of(2) { AVAILABLE } else { USED }
    }

    fn change(&self, index: usize, change: impl FnOnce(&mut Descriptor)) {
        let mut descriptor = self.get(index);
        change(&mut descriptor);
        self.set(index, descriptor);
    }

    /// Random bytes in all descriptors and the words behind them.
    pub(super) fn scramble(&self, seed: u64) {
        let mut random = Random::new(seed);
        for word in 0..=self.len * 2 {
            let place = with_exposed_provenance_mut::<u64>(self.address + word * 8);
            // SAFETY: the ring is mapped for writing.
            unsafe { place.write_volatile(random.next()) };
        }
    }

    /// Random fields in all descriptors, each one valid on its own.
    pub(super) fn shuffle(&self, seed: u64) {
        let mut random = Random::new(seed);
        let places = transport();
        for index in 0..self.len {
            let of = |random: &mut Random, range: u64| random.next() % range.max(1);
            let address = places.start as u64 + of(&mut random, places.len() as u64);
            let len = u32::try_from(of(&mut random, 1 << 16)).unwrap_or(0);
            let id = u16::try_from(of(&mut random, self.len as u64)).unwrap_or(0);
            let flags = random.next().to_le_bytes();
            let flags = u16::from_le_bytes([flags[0], flags[1]]) & (NEXT | WRITE) | AVAILABLE;
            self.set(index, Descriptor { address, len, id, flags });
        }
    }
}

/// Numbers that look random (xorshift64).
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Descriptors of one message.
#[derive(Debug)]
pub(super) struct Chain {
    start: usize,
    count: usize,
}

/// What `send` put into the ring to the host, where the host will look for it.
pub(super) fn sent(send: impl FnOnce()) -> Chain {
    let ring = Ring::out();
    let before: Vec<_> = (0..ring.len).map(|index| ring.get(index)).collect();
    send();
    let count = before.iter().enumerate().filter(|(index, before)| ring.get(*index) != **before).count();
    let from = SENT.fetch_add(count, Ordering::Relaxed);
    let start = from + BESIDES.load(Ordering::Relaxed);
    if start != from {
        let moved: Vec<_> = (from..from + count).map(|index| ring.get(index)).collect();
        (from..from + count).for_each(|index| ring.change(index, |it| it.flags = 0));
        for (index, it) in (start..).zip(moved) {
            let flags = it.flags & !(AVAILABLE | USED) | ring.available(index);
            ring.set(index, Descriptor { flags, ..it });
        }
    }
    Chain { start, count }
}

/// Puts a message of one descriptor into the ring, besides what the honest guest does.
pub(super) fn send_besides(bytes: &[u8]) {
    let ring = Ring::out();
    let Some(place) = arena().map(|arena| at(arena.g2h_pool_addr())) else { return };
    let bytes = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    // SAFETY: the page is the one that messages start in, and none is under way.
    unsafe {
        core::ptr::copy_nonoverlapping(bytes.as_ptr(), with_exposed_provenance_mut(place), bytes.len())
    };
    let index = SENT.load(Ordering::Relaxed) + BESIDES.fetch_add(1, Ordering::Relaxed);
    let id = u16::try_from(index % ring.len).unwrap_or(0);
    let len = u32::try_from(bytes.len()).unwrap_or(0);
    ring.set(index, Descriptor { address: place as u64, len, id, flags: ring.available(index) });
}

/// Both rings are as new.
pub(super) fn reset() {
    SENT.store(0, Ordering::Relaxed);
    BESIDES.store(0, Ordering::Relaxed);
}

impl Chain {
    /// Changes one of the descriptors: 0 for the message's start, 1 for the frame, 2 for
    /// the room for an answer.
    pub(super) fn change(&self, index: usize, change: impl FnOnce(&mut Descriptor)) {
        if index < self.count {
            Ring::out().change(self.start + index, change);
        }
    }

    /// Changes the bytes at the message's start, which are `len` then.
    pub(super) fn rewrite(&self, change: impl FnOnce(&mut Vec<u8>)) {
        self.change(0, |head| {
            let from = with_exposed_provenance_mut::<u8>(native(head.address));
            // SAFETY: the honest guest put the message there, in a page of its own.
            let mut bytes = unsafe { core::slice::from_raw_parts(from, head.len as usize) }.to_vec();
            change(&mut bytes);
            bytes.truncate(4096);
            // SAFETY: as above.
            unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), from, bytes.len()) };
            head.len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        });
    }

    /// Announces a frame of `length` bytes where `sent` were sent.
    pub(super) fn announce(&self, length: u32, sent: u32) {
        if length == sent {
            return;
        }
        self.change(1, |frame| frame.len = length);
        self.rewrite(|bytes| {
            if let Some(field) = bytes.get_mut(8..12) {
                let payload = field.try_into().map_or(0, u32::from_le_bytes);
                field.copy_from_slice(&payload.wrapping_add(length.wrapping_sub(sent)).to_le_bytes());
            }
        });
    }
}

fn number(text: &str) -> u64 {
    text.strip_prefix("0x")
        .map_or_else(|| text.parse(), |digits| u64::from_str_radix(digits, 16))
        .unwrap_or(0)
}

/// Spoils the ring in which `chain` is the answer, or the one with the buffers for
/// requests.
pub(super) fn spoil(chain: &Chain, what: &str, how: &str) {
    let ring = match what {
        "ring" => Ring::out(),
        "requests" => Ring::requests(),
        _ => return,
    };
    let (how, number) = how.split_once(':').map_or((how, 0), |(how, text)| (how, number(text)));
    let low = number.to_le_bytes();
    let (half, whole) =
        (u16::from_le_bytes([low[0], low[1]]), u32::from_le_bytes([low[0], low[1], low[2], low[3]]));
    let change = |of: usize, change: &dyn Fn(&mut Descriptor)| {
        if what == "ring" {
            chain.change(of, change);
        } else {
            (0..ring.len).for_each(|index| ring.change(index, change));
        }
    };
    match how {
        "id" => change(0, &|it| it.id = half),
        "address" => change(0, &|it| it.address = number),
        "len" => change(0, &|it| it.len = whole),
        "frame-len" => change(1, &|it| it.len = whole),
        "frame-address" => change(1, &|it| it.address = number),
        "indirect" => change(0, &|it| it.flags |= INDIRECT),
        "hidden" => change(0, &|it| it.flags ^= AVAILABLE | USED),
        "writable" => change(0, &|it| it.flags ^= WRITE),
        "frame-writable" => change(1, &|it| it.flags ^= WRITE),
        "cut" => change(0, &|it| it.flags &= !NEXT),
        "loop" => (0..ring.len).for_each(|index| ring.change(index, |it| it.flags |= NEXT | AVAILABLE)),
        "twice" => {
            let first = ring.get(chain.start);
            (0..ring.len)
                .for_each(|index| ring.set(index, Descriptor { flags: first.flags & !NEXT, ..first }));
        }
        "none" => (0..ring.len).for_each(|index| ring.change(index, |it| it.flags = 0)),
        "garbage" => ring.scramble(number),
        _ => ring.shuffle(number),
    }
}
