//! Answers what a guest asks of its host during one call.

use super::{
    error::HostError,
    module::Registry,
    pending::{Pending, panicked},
    typed::Arguments,
};
use crate::{
    console::Console,
    interrupt::CallSlot,
    monitor::Watch,
    program::{Input, Outputs},
    runtime::Runtime,
    source::javascript,
    value::Payload,
    vmm::HostCalls,
};
use hypercell_common::{
    FETCH, Frame, Kind, Message, STDIN, Section, TOOLS, Tag,
    body::{Cause, Thrown},
    mount::{Errno, MountRequest},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

/// The limits of one call that the dispatch keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DispatchLimits {
    /// Host functions that may be called.
    pub(crate) host_calls: u64,
    /// Asynchronous ones at a time.
    pub(crate) async_calls: u64,
    /// Bytes of a frame into the guest.
    pub(crate) input: usize,
    /// Bytes of a frame out of the guest.
    pub(crate) output: usize,
}

/// Frames out of the guest whose bytes the arguments of asynchronous functions may have.
const ARGUMENTS: usize = 4;

/// The host's side of one call, of one request or of several.
#[derive(Debug)]
pub(crate) struct Dispatch {
    registry: Arc<Registry>,
    console: Console,
    pending: Pending,
    runtime: Arc<Runtime>,
    limits: DispatchLimits,
    host_calls: u64,
    /// The streams of the program that runs, if one does.
    program: Option<(Input, Outputs)>,
    /// The number of the last read of standard input: there is one at a time.
    reading: Option<u64>,
}

/// The number of an asynchronous function that the guest waits for without a number of its
/// own: it takes them from 1.
const DIRECT: u64 = u64::MAX;

/// The host's side of one request.
#[derive(Debug)]
pub(crate) struct Serving<'a> {
    dispatch: &'a mut Dispatch,
    watch: &'a Watch<'a>,
    /// Number of the request.
    call: u64,
}

impl Dispatch {
    /// For a call that nothing was served of.
    pub(crate) fn new(
        registry: Arc<Registry>,
        console: Console,
        runtime: Arc<Runtime>,
        limits: DispatchLimits,
    ) -> Self {
        let most = usize::try_from(limits.async_calls).unwrap_or(usize::MAX);
        let pending = Pending::new(Arc::clone(&runtime), (most, limits.output.saturating_mul(ARGUMENTS)));
        Self { registry, console, pending, runtime, limits, host_calls: 0, program: None, reading: None }
    }

    /// Serves the request numbered `call`, which `watch` watches.
    pub(crate) fn serving<'a>(&'a mut self, call: u64, watch: &'a Watch<'a>) -> Serving<'a> {
        Serving { dispatch: self, watch, call }
    }

    /// Host functions that were called so far.
    pub(crate) fn host_calls(&self) -> u64 {
        self.host_calls
    }

    /// Serves a program with these streams.
    pub(crate) fn serve_program(&mut self, input: Input, outputs: Outputs) {
        self.program = Some((input, outputs));
    }

    /// What the program wrote.
    pub(crate) fn into_outputs(self) -> Outputs {
        self.program.map(|(_, outputs)| outputs).unwrap_or_default()
    }

    fn count(&mut self) -> Result<(), HostError> {
        if self.host_calls >= self.limits.host_calls {
            let limit = self.limits.host_calls;
            let message = format!("this call has used up its limit of {limit} host calls");
            return Err(HostError::new(message).with_code("ERR_LIMIT"));
        }
        self.host_calls += 1;
        Ok(())
    }

    fn host_call(&mut self, frame: &Frame<'_>) -> Result<Payload, HostError> {
        self.count()?;
        let call = self.registry.find_direct(frame.target).ok_or_else(|| unknown(frame.target))?;
        let arguments = Arguments { json: frame.body, sections: frame.sections() };
        let outcome = catch_unwind(AssertUnwindSafe(|| call(&arguments)));
        outcome.unwrap_or_else(|_| Err(panicked(frame.target)))
    }

    /// Starts the function that the frame names, by this number, for the call in `slot`.
    fn start(
        &mut self,
        frame: &Frame<'_>,
        number: u64,
        bytes: usize,
        slot: Arc<CallSlot>,
    ) -> Result<Payload, HostError> {
        if frame.target == STDIN {
            return self.read_input(number, slot);
        }
        self.count()?;
        self.pending.check(bytes)?;
        let start = self.registry.find_promised(frame.target).ok_or_else(|| unknown(frame.target))?;
        let arguments = Arguments { json: frame.body, sections: frame.sections() };
        let started = catch_unwind(AssertUnwindSafe(|| start(&arguments)));
        let future = started.unwrap_or_else(|_| Err(panicked(frame.target)))?;
        self.pending.run(number, (frame.target, bytes), future, slot)?;
        Ok(Payload::default())
    }
}

impl Dispatch {
    /// Starts to read from the standard input of the program.
    fn read_input(&mut self, number: u64, slot: Arc<CallSlot>) -> Result<Payload, HostError> {
        self.pending.check(0)?;
        let Some((input, _)) = &self.program else {
            return Err(HostError::new("standard input is a program's, and none runs").with_code("EBADF"));
        };
        if self.reading.is_some_and(|before| self.pending.has(before)) {
            return Err(HostError::new("standard input is being read already").with_code("EAGAIN"));
        }
        let future = Box::pin(input.next(&self.runtime));
        self.reading = Some(number);
        self.pending.run(number, (STDIN, 0), future, slot)?;
        Ok(Payload::default())
    }
}

impl Serving<'_> {
    /// Answers a direct call: one of standard input and one of a tool waits.
    fn direct(&mut self, frame: &Frame<'_>, bytes: usize) -> Result<Payload, HostError> {
        let is_tool = frame.target.strip_prefix(TOOLS).is_some_and(|function| function.starts_with('\0'));
        if frame.target != STDIN && !is_tool {
            return self.dispatch.host_call(frame);
        }
        self.dispatch.start(frame, DIRECT, bytes, self.watch.slot())?;
        // Without an outcome the call must stop, and the guest reads no answer.
        let stopped = || Err(HostError::new("the call was stopped"));
        self.dispatch.pending.wait_for(DIRECT, self.watch).unwrap_or_else(stopped)
    }

    /// Serves an operation in a mount.
    ///
    /// # Errors
    /// A sentence, when the frame asks for none.
    fn mount(&mut self, frame: &Frame<'_>, answer: &mut Vec<u8>) -> Result<(), String> {
        let request: MountRequest = serde_json::from_str(frame.body)
            .map_err(|error| format!("it asked for an operation in a mount badly: {error}"))?;
        let written = frame.sections().next().map_or(&[][..], |section| section.data);
        let room = self.dispatch.limits.input / 2;
        let served = match self.dispatch.count() {
            Ok(()) => self.dispatch.registry.mounts().serve(&request, written, room),
            // The limit on host calls, in the words that there are for it.
            Err(_) => Err(Errno::EDQUOT.into()),
        };
        let (reply, bytes) = match served {
            Ok((reply, bytes)) => (Ok(reply), bytes),
            Err(error) => (Err(error.errno), Vec::new()),
        };
        // Names, numbers and codes: they always have a JSON form.
        let body = serde_json::to_string(&reply).unwrap_or_default();
        let section = [Section { path: "[]", tag: Tag::Uint8Array, data: &bytes }];
        let sections: &[_] = if bytes.is_empty() { &[] } else { &section };
        let message = Message { body: &body, sections, ..Message::new(Kind::HostReturn, self.call, "") };
        let _ = message.encode(|part| answer.extend_from_slice(part));
        Ok(())
    }

    /// Takes the types out of a source text.
    fn javascript(&mut self, frame: &Frame<'_>, answer: &mut Vec<u8>) {
        let counted = self.dispatch.count().map_err(HostError::into_thrown);
        match counted.and_then(|()| javascript(frame.body, frame.target)) {
            Ok(text) => {
                let message = Message { body: &text, ..Message::new(Kind::HostReturn, self.call, "") };
                let limit = self.dispatch.limits.input;
                if !message.encoded_len().is_ok_and(|bytes| bytes <= limit) {
                    let bytes = text.len();
                    let what =
                        format!("JavaScript of {bytes} bytes is above the input limit of {limit} bytes");
                    return self.throw(0, HostError::new(what).with_code("ERR_LIMIT").into_thrown(), answer);
                }
                let _ = message.encode(|part| answer.extend_from_slice(part));
            }
            Err(thrown) => self.throw(0, thrown, answer),
        }
    }

    fn wait(&mut self, microseconds: u64, answer: &mut Vec<u8>) {
        let limit = (microseconds != u64::MAX).then(|| Duration::from_micros(microseconds));
        match self.dispatch.pending.wait(limit, self.watch) {
            Some((number, outcome)) => self.answer(number, outcome, answer),
            None => self.empty(Kind::Elapsed, answer),
        }
    }

    fn empty(&self, kind: Kind, answer: &mut Vec<u8>) {
        let _ = Message::new(kind, self.call, "").encode(|part| answer.extend_from_slice(part));
    }

    /// Encodes the outcome of the asynchronous function of this number, or of a direct
    /// one, which is number 0.
    fn answer(&self, number: u64, outcome: Result<Payload, HostError>, answer: &mut Vec<u8>) {
        let error = match outcome {
            Ok(payload) => {
                let sections = payload.sections();
                let mut message = Message::new(Kind::HostReturn, self.call, "");
                message.value = number;
                message.body = payload.json();
                message.sections = &sections;
                match message.encoded_len() {
                    Ok(bytes) if bytes <= self.dispatch.limits.input => {
                        let _ = message.encode(|part| answer.extend_from_slice(part));
                        return;
                    }
                    Ok(bytes) => {
                        let limit = self.dispatch.limits.input;
                        too_large(&format!("of {bytes} bytes is above the input limit of {limit} bytes"))
                    }
                    Err(error) => too_large(&format!("cannot be sent: {error}")),
                }
            }
            Err(error) => error,
        };
        self.throw(number, error.into_thrown(), answer);
    }

    fn throw(&self, number: u64, thrown: Thrown, answer: &mut Vec<u8>) {
        let encode = |thrown: &Thrown, answer: &mut Vec<u8>| {
            // Strings and an enum: they always have a JSON form.
            let body = serde_json::to_string(thrown).unwrap_or_default();
            let mut message = Message::new(Kind::HostThrow, self.call, "");
            message.value = number;
            message.body = &body;
            let fits = message.encoded_len().is_ok_and(|bytes| bytes <= self.dispatch.limits.input);
            if fits {
                let _ = message.encode(|part| answer.extend_from_slice(part));
            }
            fits
        };
        if !encode(&thrown, answer) {
            let message = "the host function's error is above the input limit".to_owned();
            let short =
                Thrown { cause: Cause::Exception, name: "RangeError".into(), message, ..Thrown::default() };
            encode(&short, answer);
        }
    }
}

fn unknown(target: &str) -> HostError {
    if target.starts_with(TOOLS) {
        return HostError::new("there is no such tool: the host has none").with_code("ENOENT");
    }
    if target == FETCH {
        let message = "fetch is not allowed: the host allows it by `SandboxBuilder::fetch`, host by host";
        return HostError::new(message).with_name("TypeError").with_code("ERR_FETCH_DENIED");
    }
    let name = target.replace('\0', ".");
    HostError::new(format!("there is no host function {name:?}")).with_name("ReferenceError")
}

fn too_large(what: &str) -> HostError {
    HostError::new(format!("the host function's result {what}"))
        .with_name("RangeError")
        .with_code("ERR_LIMIT")
}

impl HostCalls for Serving<'_> {
    fn serve(&mut self, request: &[u8], answer: &mut Vec<u8>) -> Result<(), String> {
        let frame = Frame::decode(request).map_err(|error| format!("it called the host badly: {error}"))?;
        if frame.call != self.call {
            let (call, alleged) = (self.call, frame.call);
            return Err(format!("it called the host for call {alleged} during call {call}"));
        }
        match frame.kind {
            Kind::HostCall => {
                let outcome = self.direct(&frame, request.len());
                self.answer(0, outcome, answer);
            }
            Kind::HostStart => {
                if matches!(frame.value, 0 | DIRECT) || self.dispatch.pending.has(frame.value) {
                    return Err(format!("it started a host function with the number {}", frame.value));
                }
                let outcome = self.dispatch.start(&frame, frame.value, request.len(), self.watch.slot());
                self.answer(0, outcome, answer);
            }
            Kind::HostCancel => {
                self.dispatch.pending.cancel(frame.value);
                self.empty(Kind::HostReturn, answer);
            }
            Kind::Wait => self.wait(frame.value, answer),
            Kind::Console => {
                self.dispatch.console.write(frame.target, frame.body);
                self.empty(Kind::HostReturn, answer);
            }
            Kind::Output => {
                let Some((_, outputs)) = &mut self.dispatch.program else {
                    return Err("it wrote to a stream, and no program runs".to_owned());
                };
                outputs.write(&frame)?;
                self.empty(Kind::HostReturn, answer);
            }
            Kind::Mount => {
                self.mount(&frame, answer)?;
            }
            Kind::TypeScript => self.javascript(&frame, answer),
            other => return Err(format!("it called the host with a frame of kind {other:?}")),
        }
        Ok(())
    }
}
