//! The guest's engine in this process, without a VM.

use crate::limits;
use anyhow::{Context as _, bail};
use hypercell_common::{Frame, Kind, Message, Section, body::Configure, call_flags};
use hypercell_guest::{
    engine::{Engine, Job},
    platform::{Platform, SendError},
};
use std::rc::Rc;

/// The one host function of a native engine: module, and function.
pub const HOST_FUNCTION: (&str, &str) = ("bench", "next");

/// An engine that gets its requests and gives its answers as frames, as in a VM.
#[derive(Debug)]
pub struct Native {
    engine: Engine,
    calls: u64,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// A request that leaves its garbage to the next collection.
fn message<'a>(
    kind: Kind,
    call: u64,
    target: &'a str,
    body: &'a str,
    sections: &'a [Section<'a>],
) -> Message<'a> {
    Message { value: call_flags::NO_GC, body, sections, ..Message::new(kind, call, target) }
}

impl Native {
    /// An engine with the limits that sandboxes have in these benchmarks, and the host
    /// function `host:bench` `next`, which adds one to a number.
    ///
    /// # Errors
    /// When the engine does not start.
    pub fn new() -> anyhow::Result<Self> {
        let engine = Engine::new(Rc::new(Process))?;
        let mut native = Self { engine, calls: 0, request: Vec::new(), answer: Vec::new() };
        let (module, function) = HOST_FUNCTION;
        let host_modules = [(module.to_owned(), vec![function.to_owned()])].into();
        let configure = Configure { host_modules, ..limits::native() };
        native.request(Kind::Configure, "", &serde_json::to_string(&configure)?, &[])?;
        Ok(native)
    }

    /// Loads a handler.
    ///
    /// # Errors
    /// When the source fails.
    pub fn add_handler(&mut self, key: &str, source: &str) -> anyhow::Result<()> {
        self.request(Kind::Handler, key, source, &[]).map(drop)
    }

    /// Calls a handler with JSON text, and gives its result as JSON text.
    ///
    /// # Errors
    /// When the handler throws.
    pub fn call_json(&mut self, handler: &str, event: &str) -> anyhow::Result<String> {
        Ok(self.request(Kind::Call, handler, event, &[])?.body.to_owned())
    }

    /// Calls a handler with bytes, and gives its result as JSON text.
    ///
    /// # Errors
    /// When the handler throws.
    pub fn give_bytes(&mut self, handler: &str, event: &[u8]) -> anyhow::Result<String> {
        // As a sandbox does it, which has to own what it serialises.
        let owned = event.to_vec();
        let sections = [Section { path: "[]", data: &owned }];
        Ok(self.request(Kind::Call, handler, "null", &sections)?.body.to_owned())
    }

    /// Calls a handler with `null`, and gives the bytes that it returns.
    ///
    /// # Errors
    /// When the handler throws, or returns something else.
    pub fn take_bytes(&mut self, handler: &str) -> anyhow::Result<Vec<u8>> {
        let frame = self.request(Kind::Call, handler, "null", &[])?;
        let section = frame.sections().next().context("the result has no bytes in it")?;
        Ok(section.data.to_vec())
    }

    /// Runs a classic script, and gives its completion value as JSON text.
    ///
    /// # Errors
    /// When the script throws.
    pub fn script(&mut self, name: &str, source: &str) -> anyhow::Result<String> {
        Ok(self.request(Kind::Script, name, source, &[])?.body.to_owned())
    }

    /// Frame in, frame out. The frames are built and checked as on the way into a VM
    /// and back.
    fn request(
        &mut self,
        kind: Kind,
        target: &str,
        body: &str,
        sections: &[Section<'_>],
    ) -> anyhow::Result<Frame<'_>> {
        let Self { engine, calls, request, answer } = self;
        *calls += 1;
        request.clear();
        message(kind, *calls, target, body, sections).encode(|part| request.extend_from_slice(part))?;
        let job = Job::read(request)?;
        answer.clear();
        let mut written = Ok(0);
        engine.run(job, &mut |reply| written = reply.encode(|part| answer.extend_from_slice(part)));
        written.context("the engine's answer does not fit a frame")?;
        let frame = Frame::decode(answer)?;
        match frame.kind {
            Kind::Done => Ok(frame),
            _ => bail!("{kind:?} failed: {}", frame.body),
        }
    }
}

/// A process as the engine's platform: nobody interrupts it, and no snapshot of it
/// is ever restored.
struct Process;

impl Platform for Process {
    fn host_call(&self, message: &Message<'_>, reply: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
        // Through the wire's bytes, which is what a call over the boundary costs too.
        let mut sent = Vec::new();
        message.encode(|part| sent.extend_from_slice(part)).map_err(SendError::Frame)?;
        let frame = Frame::decode(&sent).map_err(SendError::Frame)?;
        let body = match serde_json::from_str::<[f64; 1]>(frame.body) {
            Ok([number]) => (number + 1.0).to_string(),
            Err(_) => String::new(),
        };
        let mut answer = Vec::new();
        Message { body: &body, ..Message::new(Kind::HostReturn, frame.call, "") }
            .encode(|part| answer.extend_from_slice(part))
            .map_err(SendError::Frame)?;
        reply(&answer);
        Ok(())
    }

    fn fresh_entropy(&self) -> Option<[u8; 32]> {
        None
    }

    fn interrupted(&self) -> bool {
        false
    }

    fn heap_peak(&self) -> u64 {
        0
    }
}
