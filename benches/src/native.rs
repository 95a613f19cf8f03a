//! The native engine with what benchmarks need of it.

use crate::limits;
use anyhow::{Context as _, bail};
use hypercell_common::{Frame, FrameError, Kind, Message, Section, Tag, call_flags};
use std::collections::BTreeMap;

/// The one host function of a native engine: module, and function.
pub const HOST_FUNCTION: (&str, &str) = ("bench", "next");

/// An engine that gets its requests and gives its answers as frames, as in a VM.
#[derive(Debug)]
pub struct Native(hypercell_native::Native);

/// A request that leaves its garbage to the next collection.
fn message<'a>(kind: Kind, target: &'a str, body: &'a str, sections: &'a [Section<'a>]) -> Message<'a> {
    Message { value: call_flags::NO_GC, body, sections, ..Message::new(kind, 0, target) }
}

impl Native {
    /// An engine with the limits that sandboxes have in these benchmarks, and the host
    /// function `host:bench` `next`, which adds one to a number.
    ///
    /// # Errors
    /// When the engine does not start.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(hypercell_native::Native::new(limits::native(), Host)?))
    }

    /// Loads a handler.
    ///
    /// # Errors
    /// When the source fails.
    pub fn add_handler(&mut self, key: &str, source: &str) -> anyhow::Result<()> {
        self.done(message(Kind::Handler, key, source, &[])).map(drop)
    }

    /// Calls a handler with JSON text, and gives its result as JSON text.
    ///
    /// # Errors
    /// When the handler throws.
    pub fn call_json(&mut self, handler: &str, event: &str) -> anyhow::Result<String> {
        Ok(self.done(message(Kind::Call, handler, event, &[]))?.body.to_owned())
    }

    /// Calls a handler with bytes, and gives its result as JSON text.
    ///
    /// # Errors
    /// When the handler throws.
    pub fn give_bytes(&mut self, handler: &str, event: &[u8]) -> anyhow::Result<String> {
        // As a sandbox does it, which has to own what it serialises.
        let owned = event.to_vec();
        let sections = [Section { path: "[]", tag: Tag::Uint8Array, data: &owned }];
        Ok(self.done(message(Kind::Call, handler, "null", &sections))?.body.to_owned())
    }

    /// Calls a handler with `null`, and gives the bytes that it returns.
    ///
    /// # Errors
    /// When the handler throws, or returns something else.
    pub fn take_bytes(&mut self, handler: &str) -> anyhow::Result<Vec<u8>> {
        let frame = self.done(message(Kind::Call, handler, "null", &[]))?;
        let section = frame.sections().next().context("the result has no bytes in it")?;
        Ok(section.data.to_vec())
    }

    /// Runs a classic script, and gives its completion value as JSON text.
    ///
    /// # Errors
    /// When the script throws.
    pub fn script(&mut self, name: &str, source: &str) -> anyhow::Result<String> {
        Ok(self.done(message(Kind::Script, name, source, &[]))?.body.to_owned())
    }

    fn done(&mut self, message: Message<'_>) -> anyhow::Result<Frame<'_>> {
        let frame = self.0.request(message)?;
        match frame.kind {
            Kind::Done => Ok(frame),
            _ => bail!("{:?} failed: {}", message.kind, frame.body),
        }
    }
}

/// Has [`HOST_FUNCTION`].
struct Host;

impl hypercell_native::Host for Host {
    fn modules(&self) -> BTreeMap<String, Vec<String>> {
        let (module, function) = HOST_FUNCTION;
        [(module.to_owned(), vec![function.to_owned()])].into()
    }

    fn serve(&self, request: &Frame<'_>, answer: &mut Vec<u8>) -> Result<(), FrameError> {
        let body = match serde_json::from_str::<[f64; 1]>(request.body) {
            Ok([number]) => (number + 1.0).to_string(),
            Err(_) => String::new(),
        };
        Message { body: &body, ..Message::new(Kind::HostReturn, request.call, "") }
            .encode(|part| answer.extend_from_slice(part))
            .map(drop)
    }
}
