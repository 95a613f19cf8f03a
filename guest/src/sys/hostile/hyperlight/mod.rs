//! The attacks on hyperlight's machine. They use the honest guest's rings and page
//! tables, and spoil what is in them.
//!
//! | order | what happens |
//! | --- | --- |
//! | `ring:…`, `requests:…` | see [`ring`] |
//! | `message:…`, `host:…`, `log:N` | see [`message`] |
//! | `checkpoint:…` | see [`checkpoint`] |
//! | `tables:…` | see [`tables`] |
//! | `port:N`, `cpl0:…` | see [`supervisor`] |

mod checkpoint;
mod message;
mod registers;
mod ring;
mod supervisor;
mod tables;

pub(crate) use registers::report;

use super::{
    control::{self, native},
    layout::{NEXT_PAGE, SCRATCH_DELTA},
    leave::prepare_snapshot,
    queue,
    tables::read as word,
};
use crate::sys::{
    hostile::{
        Order, faults, memory,
        state::{Exit, Way},
        survived,
    },
    image::regions,
};
use alloc::{string::String, vec, vec::Vec};
use core::{cell::RefCell, iter, ops::Range};
use hypercell_common::hyperlight::{ABORT_GAVE_UP, IMAGE};
use hyperlight_common::layout::scratch_allocator_limit_gpa;
use registers::Halt;

/// What the next message lies about: an order's two words.
struct Lie(RefCell<Option<(String, String)>>);

// SAFETY: the machine has one processor.
unsafe impl Sync for Lie {}

static LIE: Lie = Lie(RefCell::new(None));

/// Leaves, and takes note of the registers when the host comes back.
pub(crate) fn leave(exit: &Exit) {
    let region = u32::try_from(control::output_size()).unwrap_or(u32::MAX);
    let sent = exit.length.min(region);
    let lie = LIE.0.take();
    match exit.way {
        Way::Abort => give_up(sent),
        Way::HostCall => {
            let chain = ring::sent(|| queue::call(sent));
            chain.announce(exit.length, sent);
            message::spoil_call(&chain, lie);
            supervisor::notify();
            queue::receive_reply();
        }
        Way::Return => {
            let mut was_asked = false;
            let chain = ring::sent(|| was_asked = queue::answer(sent));
            if was_asked {
                chain.announce(exit.length, sent);
                if let Some((what, how)) = lie {
                    ring::spoil(&chain, &what, &how);
                    message::spoil_answer(&chain, &what, &how);
                }
                registers::halt(Halt::WithAnswer, exit.secret);
            } else {
                prepare_snapshot();
                ring::reset();
                registers::halt(Halt::ForSnapshot, false);
            }
            while !queue::receive() {
                checkpoint::prepare();
            }
        }
    }
}

fn give_up(length: u32) -> ! {
    const END: u8 = 0xff;
    // SAFETY: the region is not used any more.
    let text: &[u8] = unsafe { regions::output() }.get(..length as usize).unwrap_or_default();
    for byte in iter::once(&ABORT_GAVE_UP).chain(text).chain(iter::repeat(&END)) {
        supervisor::abort_word(u32::from_le_bytes([1, *byte, 0, 0]));
    }
    supervisor::hang()
}

/// The orders that only this machine has.
pub(crate) fn obey(order: &Order) -> Option<Exit> {
    match order.what.as_str() {
        "ring" | "requests" | "message" => {
            LIE.0.replace(Some((order.what.clone(), order.how.clone())));
        }
        "host" => {
            LIE.0.replace(Some((order.what.clone(), order.how.clone())));
            leave(&Exit::of(&order.done("[]")).by(Way::HostCall));
        }
        "log" => message::log(order.number(1), 64),
        "long-log" => message::log(order.number(1), 3000),
        "checkpoint" => checkpoint::remember(&order.how),
        "tables" => tables::change(&order.how),
        "port" => supervisor::out_at_cpl3(order.number(0)),
        "cpl0" => supervisor::execute(&order.how),
        _ => return None,
    }
    Some(survived(order))
}

/// Faults on what only this machine has.
pub(crate) fn fault(name: &str) {
    match name {
        // The image, where hyperlight keeps it for all: not even the guest's own tables
        // make it writable.
        "snapshot-memory" => {
            tables::make_writable(IMAGE);
            faults::write(native(IMAGE));
        }
        "ring" => faults::write(ring::Ring::out().address()),
        _ => {}
    }
}

/// The pages that nobody has asked for yet.
fn free_pages() -> Range<usize> {
    let virtual_address = |physical: u64| native(physical.wrapping_add(SCRATCH_DELTA));
    virtual_address(word(NEXT_PAGE))..virtual_address(scratch_allocator_limit_gpa())
}

/// Where secrets are planted beside heap and stack.
pub(crate) fn hiding_places() -> Vec<usize> {
    const PAGE: usize = 4096;
    let transport = ring::transport();
    vec![
        control::input_base() + control::input_size() - PAGE,
        control::output_base() + control::output_size() - PAGE,
        transport.end - PAGE,
        free_pages().end - PAGE,
    ]
}

/// What a guest can read beside heap and stack.
pub(crate) fn readable() -> Vec<Range<usize>> {
    vec![ring::transport(), native(IMAGE)..memory::end_of_image(), free_pages()]
}
