//! A guest that lies, for the tests of the host.
//!
//! It has no engine. It says that it is ready, and then does to each request
//! what the request's *target* names, as `what` or `what:how`; anything else is
//! answered as an honest guest would. See [`obey`] for the list.
#![expect(unsafe_code, reason = "attacks on the machine are outside what the language allows")]

pub(super) mod faults;
mod instructions;
#[cfg(feature = "kvm")]
mod kvm;
pub(super) mod memory;
pub(super) mod state;
mod wire;

#[cfg(feature = "hyperlight")]
use super::hyperlight::hostile as attacks;
use super::{
    image::regions,
    machine::control::{self, native},
};
use alloc::{
    format,
    string::{String, ToString},
};
use hypercell_common::{Frame, Kind, Message, machine};
#[cfg(feature = "kvm")]
use kvm as attacks;
use state::Exit;

/// What a request asks for, copied out of the input region.
pub(super) struct Order {
    call: u64,
    pub(super) what: String,
    pub(super) how: String,
    body: String,
}

impl Order {
    fn read() -> Self {
        // SAFETY: everything is copied before the next exit.
        let bytes = unsafe { regions::input() };
        match Frame::decode(bytes) {
            Ok(frame) => {
                let (what, how) = frame.target.split_once(':').unwrap_or((frame.target, ""));
                let obeyed = matches!(frame.kind, Kind::Call | Kind::Eval | Kind::Script);
                Self {
                    call: frame.call,
                    what: if obeyed { what.into() } else { String::new() },
                    how: how.into(),
                    body: frame.body.into(),
                }
            }
            Err(error) => {
                let body = format!("\"{error}\"");
                Self { call: 0, what: "echo".into(), how: String::new(), body }
            }
        }
    }

    /// An honest answer with this JSON.
    pub(super) fn done<'a>(&self, body: &'a str) -> Message<'a> {
        let mut message = Message::new(Kind::Done, self.call, "");
        message.body = body;
        message
    }

    pub(super) fn number(&self, otherwise: u64) -> u64 {
        let how = self.how.as_str();
        match how.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16),
            None => how.parse(),
        }
        .unwrap_or(otherwise)
    }
}

/// The program of the hostile image.
pub fn run() -> ! {
    memory::note_stack();
    let mut exit = Exit::of(&Message::new(Kind::Ready, 0, ""));
    loop {
        attacks::leave(&exit);
        exit = obey(&Order::read());
    }
}

/// Does what the order says and gives the exit that answers it.
///
/// | order | what happens |
/// | --- | --- |
/// | `echo` | `Done` with the request's body |
/// | `length:0`, `:exact+1`, `:region`, `:max`, `:N` | a true frame with a false length in `eax` |
/// | `kind:N`, `kind:wrong` | a reply of that kind, of a host-to-guest kind |
/// | `total:+N`, `total:-N` | a header with a false total |
/// | `sections:overflow`, `:trailing`, `:many`, `:tag`, `:data`, `:long` | see `wire` |
/// | `values:JSON TAG PATH…` | `Done` with this body and sections |
/// | `utf8`, `version`, `magic`, `old-call`, `double-ready` | as they say |
/// | `hostcall:unknown`, `:bad-json`, `:huge`, `:full`, `:stale` | a false host call, then `Done` with its answer |
/// | `flood:console`, `flood:host`, `flood:start`, `flood:wait` | messages without end |
/// | `never` | an endless loop |
/// | `abort:long`, `:utf8`, `:rude`, `:plain` | the abort port |
/// | `fault:…`, `read:0x…`, `write:0x…`, `jump:0x…` | see `faults` |
/// | `insn:…`, `out-8bit`, `out-16bit` | see `instructions` |
/// | `regs`, `read-regs` | see `state` |
/// | `dirty:N`, `secret:HEX`, `scan:HEX` | see `memory` |
///
/// What only one machine has is in `kvm` and `hyperlight`.
fn obey(order: &Order) -> Exit {
    match order.what.as_str() {
        "echo" => Exit::of(&order.done(&order.body)),
        "length" | "kind" | "total" | "sections" | "values" | "utf8" | "version" | "magic" | "old-call"
        | "double-ready" => wire::lie(order),
        "hostcall" => wire::host_call(order),
        "flood" => wire::flood(order),
        "abort" => wire::abort(order),
        "never" => loop {
            core::hint::spin_loop();
        },
        "fault" | "read" | "write" | "jump" => {
            faults::commit(order);
            survived(order)
        }
        "insn" | "out-8bit" | "out-16bit" => {
            instructions::execute(order);
            survived(order)
        }
        "regs" => Exit::of(&order.done("null")).with_secret(),
        "read-regs" => Exit::of(&order.done(&attacks::report())),
        "dirty" => {
            memory::dirty(native(order.number(1)));
            Exit::of(&order.done("null"))
        }
        "secret" => {
            let places = memory::plant(&order.how);
            Exit::of(&order.done(&places.to_string()))
        }
        "scan" => {
            let found = memory::scan(&order.how);
            Exit::of(&order.done(&found.to_string()))
        }
        _ => attacks::obey(order).unwrap_or_else(|| Exit::of(&order.done(""))),
    }
}

pub(super) fn survived(order: &Order) -> Exit {
    Exit::of(&order.done("\"survived\""))
}
