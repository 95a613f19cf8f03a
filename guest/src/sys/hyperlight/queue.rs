//! The two rings to the host, and the buffers that frames lie in.
//!
//! Each buffer has one place and one purpose, so that frames are read and written
//! where they lie:
//!
//! - requests arrive in one of two buffers of the ring from the host;
//! - a message to the host is two parts, a prefix, and the output region with the
//!   frame;
//! - the answer to a host call arrives where the request was, which has been read by
//!   then.
//!
//! Source: `hyperlight_common::virtq` (packed virtqueues of VIRTIO 1.1) and
//! `hyperlight_common::layout::TransportArena`.

use super::{
    control,
    layout::{
        COPIED_PAGES, COPIES, IN_BUFFER, IN_PAGES, IN_QUEUE, OUT_PAGES, OUT_QUEUE, PAGE, SCRATCH_DELTA,
        TABLE_SPAN, TRANSPORT, Word,
    },
    memory::Scratch,
    message::{self, Prefix},
    tables,
};
use crate::sys::image::abort::abort;
use alloc::boxed::Box;
use core::{
    cell::UnsafeCell,
    ptr::{with_exposed_provenance, with_exposed_provenance_mut},
    slice,
};
use hypercell_common::hyperlight::Entry;
use hyperlight_common::{
    layout::{QueueDims, TransportArena},
    transport::{MailboxValue, MsgKind},
    virtq::{BufferChain, BufferChainBuilder, Layout, MemOps, Readable, RingError, RingProducer},
};
use zerocopy::{FromBytes, little_endian::U32};

/// Bytes that a prefix may have.
const PREFIX: u64 = 1024;

/// A buffer for requests, and the descriptor that it was given to the host with.
#[derive(Debug, Clone, Copy)]
struct InBuffer {
    address: u64,
    descriptor: u16,
}

struct Queues {
    out: RingProducer<Scratch>,
    input: RingProducer<Scratch>,
    in_buffers: [InBuffer; 2],
    in_buffer_len: u32,
    prefix: u64,
    output: u64,
    mailbox: u64,
    /// The request that is being served: its buffer and its number.
    request: Option<(usize, u32)>,
    /// The host call under way: its descriptor.
    host_call: u16,
    host_calls: u32,
}

/// On the heap, as each page of variables costs every restore a copy.
struct Cell(UnsafeCell<Option<Box<Queues>>>);

// SAFETY: the machine has one processor, and the fault handlers, which interrupt
// other code, do not come here.
unsafe impl Sync for Cell {}

static QUEUES: Cell = Cell(UnsafeCell::new(None));

fn queues() -> &'static mut Queues {
    // SAFETY: only the functions of this module that others call get this reference,
    // none calls another, and it ends with them.
    let queues = unsafe { &mut *QUEUES.0.get() };
    queues.as_mut().unwrap_or_else(|| broken("they are not open"))
}

/// Where they lie.
pub(super) fn address() -> u64 {
    core::ptr::from_ref(queues()).addr() as u64
}

/// What the rings may find wrong cannot happen between an honest host and guest.
fn broken(what: &str) -> ! {
    abort(format_args!("the queues to the host are broken: {what}"))
}

/// Makes the rings in the memory that the host set aside.
pub(super) fn open() {
    let word = |word: Word| control::native(tables::read(word));
    let dims = |size: Word, pages: Word| {
        QueueDims::new(word(size), word(pages)).unwrap_or_else(|| broken("their sizes"))
    };
    let (out, input) = (dims(OUT_QUEUE, OUT_PAGES), dims(IN_QUEUE, IN_PAGES));
    let arena =
        TransportArena::new(tables::read(TRANSPORT), out, input).unwrap_or_else(|| broken("where they lie"));
    let at = |physical: u64| physical.wrapping_add(SCRATCH_DELTA);
    let memory = Scratch { base: at(arena.base_addr()) };
    let ring = |physical: u64, dims: QueueDims| {
        // SAFETY: the host reserved the ring's bytes at this address.
        match unsafe { Layout::from_base(at(physical), dims.size()) } {
            Ok(layout) => RingProducer::new(layout, memory),
            Err(_) => broken("their alignment"),
        }
    };
    let in_buffer_len = word(IN_BUFFER);
    let in_buffer = |index: u64| InBuffer {
        address: at(arena.h2g_pool_addr()) + index * in_buffer_len as u64,
        descriptor: u16::MAX,
    };
    // Behind the rings there is room in their page.
    let prefix = at(arena.mbx_addr()) + size_of::<u64>() as u64;
    if prefix + PREFIX > at(arena.g2h_pool_addr()) {
        broken("there is no room for a prefix");
    }
    // Right behind it: rings, prefix and a small frame are one page.
    let output = prefix + PREFIX;
    let queues = Box::new(Queues {
        out: ring(arena.g2h_ring_addr(), out),
        input: ring(arena.h2g_ring_addr(), input),
        in_buffers: [in_buffer(0), in_buffer(1)],
        in_buffer_len: u32::try_from(in_buffer_len).unwrap_or(u32::MAX),
        prefix,
        output,
        mailbox: at(arena.mbx_addr()),
        request: None,
        host_call: u16::MAX,
        host_calls: 0,
    });
    note_tables(memory.base, in_buffer(0).address);
    // SAFETY: nothing else uses the queues yet.
    unsafe { QUEUES.0.get().write(Some(queues)) };
    control::set_output(output);
}

/// Tells the shim which tables and pages the first request after a restore needs.
fn note_tables(rings: u64, buffer: u64) {
    unsafe extern "C" {
        static mut hypercell_rings_entry: u64;
        static mut hypercell_buffer_entry: u64;
        static mut hypercell_buffer_page_entry: u64;
    }
    let offset = |index: u64| index % 512 * 8;
    // SAFETY: a variable of the shim, which it only reads after a restore.
    unsafe { (&raw mut hypercell_rings_entry).write(offset(rings / TABLE_SPAN)) };
    // SAFETY: as above.
    unsafe { (&raw mut hypercell_buffer_entry).write(offset(buffer / TABLE_SPAN)) };
    // SAFETY: as above.
    unsafe { (&raw mut hypercell_buffer_page_entry).write(offset(buffer / PAGE)) };
}

impl Queues {
    /// The frame in the output region.
    fn frame(&self, length: u32) -> &'static [u8] {
        let frame = with_exposed_provenance(control::native(self.output));
        // SAFETY: the region is scratch, and nobody writes there until the message
        // is on its way.
        unsafe { slice::from_raw_parts(frame, length as usize) }
    }

    /// The parts of a message to the host: a prefix, and the frame in the output
    /// region.
    fn parts(&self, prefix: Option<Prefix>, frame: u32) -> BufferChainBuilder<Readable> {
        let prefix = prefix.unwrap_or_else(|| broken("a message cannot be encoded"));
        if prefix.len() as u64 > PREFIX || self.out.mem().write(self.prefix, &prefix).is_err() {
            broken("a prefix is too long");
        }
        let prefix_len = u32::try_from(prefix.len()).unwrap_or(u32::MAX);
        BufferChainBuilder::new().readable(self.prefix, prefix_len).readable(self.output, frame)
    }

    fn send(&mut self, chain: Result<BufferChain, RingError>) -> u16 {
        // What the host is done with makes room.
        while self.out.poll_used().is_ok() {}
        match chain.and_then(|chain| self.out.submit_available(&chain)) {
            Ok(descriptor) => descriptor,
            Err(_) => broken("a message cannot be sent"),
        }
    }

    /// The buffer of the request that is being served.
    fn request_buffer(&self) -> u64 {
        let buffer = self.request.and_then(|(index, _)| self.in_buffers.get(index));
        buffer.map_or_else(|| broken("a host call without a request"), |buffer| buffer.address)
    }

    fn give(&mut self, index: usize) {
        if let Some(buffer) = self.in_buffers.get_mut(index) {
            match self.input.submit_one(buffer.address, self.in_buffer_len, true) {
                Ok(descriptor) => buffer.descriptor = descriptor,
                Err(_) => broken("a buffer cannot be given"),
            }
        }
    }
}

/// A message at an address.
///
/// # Safety
/// `len` bytes at `address` must be the guest's, and unchanged while it looks.
unsafe fn message_at(address: u64, len: u32) -> &'static [u8] {
    let message = with_exposed_provenance(control::native(address));
    // SAFETY: the caller's promise.
    unsafe { slice::from_raw_parts(message, len as usize) }
}

/// Takes note of what came in front of a frame, and of where the frame lies.
fn enter(bytes: &[u8]) {
    let Ok((entry, rest)) = Entry::read_from_prefix(bytes) else { broken("a frame without its entry") };
    let Ok((pages, frame)) = <[U32]>::ref_from_prefix_with_elems(rest, entry.pages as usize) else {
        broken("an entry without its pages")
    };
    pages.iter().for_each(|page| tables::copy_early(page.get().into()));
    control::enter(&entry, frame.as_ptr().addr() as u64, frame.len());
}

/// Sends the frame in the output region as the answer to the request, and gives
/// the request's buffer back; `false` when there is no request.
pub(super) fn answer(length: u32) -> bool {
    let queues = queues();
    let Some((buffer, id)) = queues.request.take() else { return false };
    // The host asks right after a restore: what it is told is what this request
    // copied.
    let copies = if control::wants_pages() { tables::read(COPIES) } else { 0 };
    let list = u32::try_from(copies * 4).unwrap_or(0);
    // Only the length of the bytes is encoded; the list lies elsewhere.
    let prefix = message::of_result(id, queues.frame(length + list));
    let mut chain = queues.parts(prefix, length);
    if list > 0 {
        chain = chain.readable(COPIED_PAGES, list);
    }
    queues.send(chain.build());
    queues.give(buffer);
    true
}

/// Takes the request that arrived; `false` when it asks for a reset, before a
/// snapshot.
pub(super) fn receive() -> bool {
    let queues = queues();
    let Ok(used) = queues.input.poll_used() else { broken("there is no request") };
    let Some(index) = queues.in_buffers.iter().position(|buffer| buffer.descriptor == used.id) else {
        broken("a request in no buffer")
    };
    let address = queues.in_buffers.get(index).map_or(0, |buffer| buffer.address);
    // SAFETY: the host is done with the buffer until it is given back.
    match message::parse(unsafe { message_at(address, used.len) }) {
        Some((MsgKind::Request, id, bytes)) => {
            enter(bytes);
            queues.request = Some((index, id));
            true
        }
        Some((MsgKind::SnapshotCheckpoint, ..)) => false,
        _ => broken("a message that is no request"),
    }
}

/// Sends the frame in the output region as a host call.
pub(super) fn call(length: u32) {
    let queues = queues();
    queues.host_calls = queues.host_calls.checked_add(1).unwrap_or(1);
    let prefix = message::of_host_call(queues.host_calls, queues.frame(length));
    let parts = queues.parts(prefix, length);
    let chain = parts.writable(queues.request_buffer(), queues.in_buffer_len).build();
    queues.host_call = queues.send(chain);
}

/// Takes the answer to the host call.
pub(super) fn receive_reply() {
    let queues = queues();
    loop {
        let Ok(used) = queues.out.poll_used() else { broken("there is no reply") };
        if used.id != queues.host_call {
            continue;
        }
        // SAFETY: the buffer is the guest's until the request is answered, and the host
        // is done with it until the next host call.
        match message::parse(unsafe { message_at(queues.request_buffer(), used.len) }) {
            Some((MsgKind::Response, id, bytes)) if id == queues.host_calls => return enter(bytes),
            _ => broken("a message that is no reply"),
        }
    }
}

/// Makes both rings as new, as the host is about to do: what a snapshot then
/// starts from.
pub(super) fn reset() {
    let queues = queues();
    let mailbox = with_exposed_provenance_mut::<u64>(control::native(queues.mailbox));
    // SAFETY: the mailbox is a word of scratch that both sides know.
    unsafe { mailbox.write_volatile(MailboxValue::CheckpointPending.raw()) };
    queues.request = None;
    if queues.out.reset().is_err() || queues.input.reset().is_err() {
        broken("they cannot be reset");
    }
    queues.give(0);
    queues.give(1);
    // SAFETY: as above.
    unsafe { mailbox.write_volatile(MailboxValue::CheckpointComplete.raw()) };
}
