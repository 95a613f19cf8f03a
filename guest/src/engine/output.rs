//! What a program writes to its standard output and standard error.

use super::{shared::Shared, wtf8};
use alloc::string::String;
use hypercell_common::{Kind, Message, Section, Tag};

/// Bytes of one message: the smallest output region has room for it.
const CHUNK: usize = 48 << 10;

/// Where a program writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Output,
    Error,
}

impl Stream {
    const fn name(self) -> &'static str {
        match self {
            Self::Output => "stdout",
            Self::Error => "stderr",
        }
    }
}

/// Sends text, in pieces; as a line of the console when no program runs.
pub(super) fn write(shared: &Shared, stream: Stream, text: &str) {
    if !shared.programs.is_running() {
        return print(shared, stream, text);
    }
    let mut rest = text;
    while !rest.is_empty() && !shared.interrupted() {
        let piece = wtf8::clip(rest, CHUNK);
        let message = Message { body: piece, ..Message::new(Kind::Output, shared.call.get(), stream.name()) };
        send(shared, &message);
        rest = rest.get(piece.len()..).unwrap_or_default();
    }
}

/// Sends bytes, in pieces.
pub(super) fn write_bytes(shared: &Shared, stream: Stream, bytes: &[u8]) {
    if let Ok(text) = core::str::from_utf8(bytes) {
        return write(shared, stream, text);
    }
    if !shared.programs.is_running() {
        return print(shared, stream, &String::from_utf8_lossy(bytes));
    }
    for data in bytes.chunks(CHUNK) {
        if shared.interrupted() {
            return;
        }
        let sections = [Section { path: "[]", tag: Tag::Uint8Array, data }];
        let message = Message {
            body: "null",
            sections: &sections,
            ..Message::new(Kind::Output, shared.call.get(), stream.name())
        };
        send(shared, &message);
    }
}

/// What is no program has no streams: its console takes the text.
fn print(shared: &Shared, stream: Stream, text: &str) {
    let level = if stream == Stream::Error { "error" } else { "log" };
    let line = text.strip_suffix('\n').unwrap_or(text);
    let body = wtf8::clip(line, CHUNK);
    send(shared, &Message { body, ..Message::new(Kind::Console, shared.call.get(), level) });
}

fn send(shared: &Shared, message: &Message<'_>) {
    // The answer is empty, and what the host does not take is lost.
    let _ = shared.platform.host_call(message, &mut |_| ());
    shared.poll();
}
