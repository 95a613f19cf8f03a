//! Before a snapshot hyperlight asks the guest to make both rings as new and to say in
//! a mailbox that they are. `checkpoint:WHAT` is what the guest does the next time:
//! `pending`, `value:N`, `unprepared`, `garbage:N`, `shuffle:N`, `call`, `answer`,
//! `fault`, `abort`, `never`.

use super::{
    prepare_snapshot, queue,
    registers::{self, Halt},
    ring::{self, Ring},
    supervisor,
};
use crate::sys::hostile::faults;
use alloc::string::String;
use core::cell::RefCell;

struct Plan(RefCell<String>);

// SAFETY: the machine has one processor.
unsafe impl Sync for Plan {}

static PLAN: Plan = Plan(RefCell::new(String::new()));

/// Takes note of what to do the next time.
pub(super) fn remember(plan: &str) {
    PLAN.0.replace(plan.into());
}

fn say(value: u64) {
    // SAFETY: the mailbox is a word of scratch.
    unsafe { ring::mailbox().write_volatile(value) };
}

/// Does it, and waits for what comes next.
pub(super) fn prepare() {
    let plan = PLAN.0.take();
    let (plan, number) = plan.split_once(':').unwrap_or((&plan, "0"));
    let number = number.parse().unwrap_or(u64::MAX);
    match plan {
        "unprepared" => say(1),
        "call" => {
            queue::call(100);
            supervisor::notify();
        }
        "answer" => drop(queue::answer(100)),
        "fault" => faults::read(0),
        "abort" => super::give_up(5),
        "never" => supervisor::hang(),
        _ => {
            prepare_snapshot();
            ring::reset();
        }
    }
    match plan {
        "pending" => say(0),
        "value" => say(number),
        "garbage" => [Ring::out(), Ring::requests()].iter().for_each(|ring| ring.scramble(number)),
        "shuffle" => [Ring::out(), Ring::requests()].iter().for_each(|ring| ring.shuffle(number)),
        _ => {}
    }
    registers::halt(Halt::ForSnapshot, false);
}
