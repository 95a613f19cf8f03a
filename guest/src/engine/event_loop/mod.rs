//! Turns: what runs when nothing else is left to run, until a promise settles.
//!
//! A turn is one timer's callback or one answer of an asynchronous host function, with
//! the jobs that it left (HTML 8.1.7). Between turns the guest may have nothing to do:
//! then it waits in the host, where no CPU time passes. What is left when a request ends
//! is forgotten.

mod calls;
mod timers;

pub(super) use calls::{Calls, cancel as cancel_call, start as start_call};
pub(super) use timers::{Timers, after};

use super::{
    Engine,
    error::{self, caught},
    host_call::{self, Answer},
    shared::Shared,
};
use alloc::rc::Rc;
use hypercell_common::{Kind, Message, body::Thrown};
use rquickjs::Ctx;

/// The value of a [`Kind::Wait`] without a limit.
const FOR_EVER: u64 = u64::MAX;
/// How long timers run, in microseconds, before the answers of host functions get a turn.
const PATIENCE: u64 = 4000;

/// Defines the global functions.
pub(super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    timers::install(ctx, shared)?;
    calls::install(ctx, shared)
}

impl Engine {
    /// Runs one turn; tells whether there was one. Jobs that it left are not run.
    pub(super) fn turn(&self) -> Result<bool, Thrown> {
        let shared = &self.shared;
        let now = shared.now();
        let due = shared.timers.next_due();
        let calls = !shared.calls.is_empty();
        let is_due = due.is_some_and(|due| due <= now);
        if is_due && !(calls && shared.calls.since_look(now) > PATIENCE) {
            return self.context.with(|ctx| timers::run(&ctx, shared)).map(|()| true);
        }
        if due.is_none() && !calls {
            return Ok(false);
        }
        let limit = due.map_or(FOR_EVER, |due| due.saturating_sub(now));
        let answer = self.context.with(|ctx| wait(&ctx, shared, limit))?;
        shared.calls.looked(shared.now());
        match answer {
            Some(answer) => self.context.with(|ctx| calls::settle(&ctx, shared, answer)).map(|()| true),
            // A timer's turn comes next.
            None => Ok(true),
        }
    }

    /// Forgets timers and calls: their request ended.
    pub(super) fn cancel(&self) {
        self.shared.timers.clear();
        self.shared.calls.clear();
    }
}

/// Waits in the host for an answer, for this many microseconds at most.
fn wait(ctx: &Ctx<'_>, shared: &Shared, microseconds: u64) -> Result<Option<Answer>, Thrown> {
    let message = Message { value: microseconds, ..Message::new(Kind::Wait, shared.call.get(), "") };
    let answer =
        host_call::send(ctx, shared, "the wait", &message).map_err(|error| caught(ctx, shared, error))?;
    Ok((answer.kind != Kind::Elapsed).then_some(answer))
}
