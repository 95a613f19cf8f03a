//! Exits to the host.

use super::{entry::PORT_NOTIFY, queue, tables};
use crate::sys::image::{abort::abort, regions};
use core::{
    arch::asm,
    fmt::{self, Write},
};
use hypercell_common::hyperlight::{ABORT_GAVE_UP, MAX_ABORT_MESSAGE};

unsafe extern "C" {
    /// Ends the request, and comes back with the next one. See `user.s`.
    safe fn hypercell_halt();
    /// The same, in the state that a snapshot starts from.
    safe fn hypercell_halt_for_snapshot();
    /// Writes a word to the port of aborts.
    safe fn hypercell_abort_word(word: u32);
}

/// Opens the way out, once there is a heap.
pub(crate) fn open() {
    queue::open();
}

/// Ends the request: the frame's first `length` bytes of the output region are
/// its result. Comes back with the next request.
#[inline(never)]
pub(crate) fn end_request(length: u32) {
    if queue::answer(length) {
        hypercell_halt();
    } else {
        // The first one, which nobody asked for: the guest has started.
        checkpoint();
    }
    while !queue::receive() {
        checkpoint();
    }
}

/// Halts in the state that a snapshot is taken of.
fn checkpoint() {
    prepare_snapshot();
    hypercell_halt_for_snapshot();
}

/// Brings rings and mirror into the state that a snapshot is taken of.
pub(super) fn prepare_snapshot() {
    queue::reset();
    if !tables::mirror() {
        abort(format_args!("the guest has no memory left for a snapshot"));
    }
}

/// Calls the host: the first `length` bytes of the output region are the call,
/// and what it returned is in the input region afterwards.
#[inline(never)]
pub(crate) fn call_host(length: u32) {
    queue::call(length);
    // SAFETY: the host serves the call and resumes the guest.
    unsafe { asm!("out {port}, al", port = const PORT_NOTIFY, in("al") 0_u8, options(nostack)) };
    queue::receive_reply();
}

/// Gives up: the first `length` bytes of the output region say why.
pub(crate) fn give_up(length: u32) -> ! {
    // SAFETY: whoever used the region before does not continue.
    let text = unsafe { regions::output() }.get(..length as usize).unwrap_or_default();
    last_words(ABORT_GAVE_UP, |words| {
        // The text was written from a `str`, and cut at a character.
        words.write_str(str::from_utf8(text).unwrap_or("(no text)"))
    })
}

/// Sends text to the port of aborts, three bytes at a time.
#[derive(Debug)]
pub(super) struct LastWords {
    /// How many bytes lie in the word, and the bytes.
    word: [u8; 4],
    room: usize,
}

impl LastWords {
    fn send(&mut self, byte: u8) {
        let [filled, bytes @ ..] = &mut self.word;
        if let Some(place) = bytes.get_mut(usize::from(*filled)) {
            *place = byte;
        }
        *filled += 1;
        if *filled == 3 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        hypercell_abort_word(u32::from_le_bytes(self.word));
        self.word = [0; 4];
    }
}

impl Write for LastWords {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let fits = text.floor_char_boundary(self.room);
        self.room -= fits;
        text.bytes().take(fits).for_each(|byte| self.send(byte));
        Ok(())
    }
}

/// Ends the guest with a code and what `say` writes.
pub(super) fn last_words(code: u8, say: impl FnOnce(&mut LastWords) -> fmt::Result) -> ! {
    const END: u8 = 0xff;
    let mut words = LastWords { word: [0; 4], room: MAX_ABORT_MESSAGE };
    words.send(code);
    // The writer never fails, and there is nobody to tell of a formatter's error.
    let _ = say(&mut words);
    words.send(END);
    loop {
        // The host does not resume the guest; if it did, this repeats.
        words.flush();
    }
}
