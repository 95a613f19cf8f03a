//! Frames that are not what they say.

use super::{
    Order, attacks, control, regions,
    state::{Exit, Way},
};
use alloc::{format, string::String, vec, vec::Vec};
use hypercell_common::{Frame, HEADER_LEN, Kind, MAX_SECTIONS, Message, Section, Tag};

/// Offsets in the header.
const MAGIC: usize = 0;
const VERSION: usize = 4;
const KIND: usize = 6;
const TOTAL: usize = 24;
const BODY: usize = 32;
const SECTIONS: usize = 36;

/// Bytes of a section's header.
const SECTION: u32 = 10;

/// Most bytes of a host's answer that are passed on.
const ANSWER: usize = 1000;

fn patch(at: usize, bytes: &[u8]) {
    // SAFETY: the slice is gone before the next one is made.
    let output = unsafe { regions::output() };
    if let Some(place) = output.get_mut(at..).and_then(|rest| rest.get_mut(..bytes.len())) {
        place.copy_from_slice(bytes);
    }
}

/// A reply with one thing wrong.
pub(super) fn lie(order: &Order) -> Exit {
    let body = "{\"honest\":false}";
    let mut exit = Exit::of(&order.done(body));
    let exact = exit.length;
    let region = u32::try_from(control::output_size()).unwrap_or(u32::MAX);
    match (order.what.as_str(), order.how.as_str()) {
        ("length", "exact+1") => exit.length = exact + 1,
        ("length", "region") => exit.length = region,
        ("length", "max") => exit.length = u32::MAX,
        ("length", _) => exit.length = u32::try_from(order.number(0)).unwrap_or(u32::MAX),
        ("kind", "wrong") => patch(KIND, &(Kind::HostReturn as u16).to_le_bytes()),
        ("kind", _) => patch(KIND, &u16::try_from(order.number(999)).unwrap_or(u16::MAX).to_le_bytes()),
        ("total", how) => {
            let off = how.parse::<i32>().unwrap_or(1);
            patch(TOTAL, &exact.wrapping_add_signed(off).to_le_bytes());
        }
        // More sections than the frame can hold, or than are allowed.
        ("sections", "overflow") => patch(SECTIONS, &u32::MAX.to_le_bytes()),
        ("sections", "many") => many_sections(&mut exit),
        // Bytes after the last section, counted in the total.
        ("sections", "trailing") => {
            exit.length = exact + 8;
            patch(TOTAL, &exit.length.to_le_bytes());
        }
        // Of a type that is none, with data that its type does not have, and with data
        // longer than memory.
        ("sections", "tag") => one_section(&mut exit, u16::MAX, 0),
        ("sections", "data") => one_section(&mut exit, Tag::Map as u16, 1),
        ("sections", _) => one_section(&mut exit, Tag::Uint8Array as u16, u32::MAX),
        // Sections that are in order, and say what is not so.
        ("values", how) => exit = values(order, how),
        ("utf8", _) => patch(HEADER_LEN + 2, &[0xff, 0xc0, 0x80]),
        ("version", _) => patch(VERSION, &u16::MAX.to_le_bytes()),
        ("magic", _) => patch(MAGIC, b"HCF0"),
        ("old-call", _) => {
            let mut stale = order.done(body);
            stale.call = order.call.wrapping_sub(1);
            exit = Exit::of(&stale);
        }
        _ => exit = Exit::of(&Message::new(Kind::Ready, order.call, "")),
    }
    exit
}

/// An answer whose sections lie about its body. The order is the body's JSON, then for each
/// section its tag, a number, and its path, with a space in front of each.
fn values(order: &Order, how: &str) -> Exit {
    let mut words = how.split(' ');
    let body = words.next().unwrap_or_default();
    let mut sections = Vec::new();
    while let (Some(tag), Some(path)) = (words.next(), words.next()) {
        let Some(tag) = tag.parse().ok().and_then(|number: u16| Tag::try_from(number).ok()) else { break };
        let data: &[u8] = if tag.fits(0) { &[] } else { &[0xff; 8] };
        sections.push(Section { path, tag, data });
    }
    let mut message = order.done(body);
    message.sections = &sections;
    Exit::of(&message)
}

/// A frame with a section of this tag that says how much data it has, and has a byte at most.
fn one_section(exit: &mut Exit, tag: u16, data: u32) {
    let at = exit.length as usize;
    patch(at, &[0; SECTION as usize]);
    patch(at + 4, &data.to_le_bytes());
    patch(at + 8, &tag.to_le_bytes());
    exit.length += SECTION + data.min(1);
    patch(TOTAL, &exit.length.to_le_bytes());
    patch(SECTIONS, &1_u32.to_le_bytes());
}

/// A frame that is right, but for one section too many.
fn many_sections(exit: &mut Exit) {
    let count = u32::try_from(MAX_SECTIONS + 1).unwrap_or(u32::MAX);
    patch(exit.length as usize, &vec![0; (count * SECTION) as usize]);
    exit.length += count * SECTION;
    patch(TOTAL, &exit.length.to_le_bytes());
    patch(SECTIONS, &count.to_le_bytes());
}

/// A host call with one thing wrong; the answer is its result. The order may
/// name the function: `hostcall:bad-json:module:function`.
pub(super) fn host_call(order: &Order) -> Exit {
    let (how, function) = order.how.split_once(':').unwrap_or((&order.how, "missing:missing"));
    let target = function.replacen(':', "\0", 1);
    let mut message = Message::new(Kind::HostCall, order.call, &target);
    message.body = "[1]";
    let region = control::output_size();
    let full;
    match how {
        "bad-json" => message.body = "[1,",
        // As the first of a call's asynchronous functions, and as what none is.
        "start" => (message.kind, message.value) = (Kind::HostStart, 1),
        "start-zero" => message.kind = Kind::HostStart,
        "cancel" => (message.kind, message.value) = (Kind::HostCancel, 77),
        "wait" => (message.kind, message.value) = (Kind::Wait, 1000),
        "stale" => message.call = order.call.wrapping_sub(1),
        "full" => {
            let text = region.saturating_sub(HEADER_LEN + target.len() + 4);
            full = format!("[\"{}\"]", "x".repeat(text));
            message.body = &full;
        }
        _ => {}
    }
    let mut exit = Exit::of(&message);
    if how == "huge" {
        exit.length = u32::try_from(region + 1).unwrap_or(u32::MAX);
        patch(TOTAL, &exit.length.to_le_bytes());
        let body = exit.length - u32::try_from(HEADER_LEN + target.len()).unwrap_or(0);
        patch(BODY, &body.to_le_bytes());
    }
    attacks::leave(&exit.by(Way::HostCall));
    // SAFETY: the answer is copied before the next exit.
    let answer = match Frame::decode(unsafe { regions::input() }) {
        Ok(frame) => {
            // A long answer would not fit into this one.
            let body = &frame.body[..frame.body.floor_char_boundary(ANSWER)];
            let (kind, bytes) = (frame.kind as u16, frame.body.len());
            format!("{{\"kind\":{kind},\"bytes\":{bytes},\"body\":{}}}", quoted(body))
        }
        Err(error) => quoted(&format!("{error}")),
    };
    Exit::of(&order.done(&answer))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| String::new())
}

/// Messages to the host without end.
pub(super) fn flood(order: &Order) -> ! {
    let mut message = match order.how.as_str() {
        "console" => Message::new(Kind::Console, order.call, "log"),
        "wait" => Message::new(Kind::Wait, order.call, ""),
        "start" => Message { value: 1, ..Message::new(Kind::HostStart, order.call, "test\0forever") },
        _ => Message::new(Kind::HostCall, order.call, "missing\0missing"),
    };
    message.body = "[\"flood\"]";
    loop {
        attacks::leave(&Exit::of(&message).by(Way::HostCall));
        message.value = message.value.wrapping_add(u64::from(message.kind == Kind::HostStart));
    }
}

/// Gives up, with a message that is none.
pub(super) fn abort(order: &Order) -> ! {
    let (text, length): (&[u8], _) = match order.how.as_str() {
        "long" => (b"long", u32::MAX),
        "utf8" => (b"bad \xfe\xc0 text", 11),
        "rude" => (b"\x1b[31mred\r\n\x07", 12),
        _ => (b"plain", 5),
    };
    loop {
        patch(0, text);
        let mut exit = Exit::of_bytes(length);
        exit.length = length;
        attacks::leave(&exit.by(Way::Abort));
    }
}
