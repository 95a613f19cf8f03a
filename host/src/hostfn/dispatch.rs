//! Answers what a guest asks of its host during one call.

use super::{error::HostError, module::Registry, typed::Arguments};
use crate::{console::Console, value::Payload, vmm::HostCalls};
use hypercell_common::{
    Frame, Kind, Message,
    body::{Cause, Thrown},
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The limits of one call that the dispatch keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DispatchLimits {
    /// Host functions that may be called.
    pub(crate) host_calls: u64,
    /// Bytes of a frame into the guest.
    pub(crate) input: usize,
}

/// The host's side of one call.
#[derive(Debug)]
pub(crate) struct Dispatch<'a> {
    registry: &'a Registry,
    console: Console<'a>,
    limits: DispatchLimits,
    call: u64,
    host_calls: u64,
}

impl<'a> Dispatch<'a> {
    /// Serves the call numbered `call`.
    pub(crate) fn new(
        registry: &'a Registry,
        console: Console<'a>,
        limits: DispatchLimits,
        call: u64,
    ) -> Self {
        Self { registry, console, limits, call, host_calls: 0 }
    }

    /// Host functions that were called so far.
    pub(crate) fn host_calls(&self) -> u64 {
        self.host_calls
    }

    fn host_call(&mut self, frame: &Frame<'_>) -> Result<Payload, HostError> {
        if self.host_calls >= self.limits.host_calls {
            let limit = self.limits.host_calls;
            let message = format!("this call has used up its limit of {limit} host calls");
            return Err(HostError::new(message).with_code("ERR_LIMIT"));
        }
        self.host_calls += 1;
        let Some((module, function, call)) = self.registry.find(frame.target) else {
            let name = frame.target.replace('\0', ".");
            return Err(
                HostError::new(format!("there is no host function {name:?}")).with_name("ReferenceError")
            );
        };
        let arguments = Arguments { json: frame.body, sections: frame.sections() };
        // What a panic says may speak of the host: it stays here, with the panic hook.
        let outcome = catch_unwind(AssertUnwindSafe(|| call(&arguments)));
        outcome.unwrap_or_else(|_| {
            let message = format!("the host function {module}.{function} failed");
            Err(HostError::new(message).with_code("ERR_HOST_PANIC"))
        })
    }

    fn answer(&self, outcome: Result<Payload, HostError>, answer: &mut Vec<u8>) {
        let error = match outcome {
            Ok(payload) => {
                let sections = payload.sections();
                let mut message = Message::new(Kind::HostReturn, self.call, "");
                message.body = payload.json();
                message.sections = &sections;
                match message.encoded_len() {
                    Ok(bytes) if bytes <= self.limits.input => {
                        let _ = message.encode(|part| answer.extend_from_slice(part));
                        return;
                    }
                    Ok(bytes) => {
                        let limit = self.limits.input;
                        too_large(&format!("of {bytes} bytes is above the input limit of {limit} bytes"))
                    }
                    Err(error) => too_large(&format!("cannot be sent: {error}")),
                }
            }
            Err(error) => error,
        };
        self.throw(error.into_thrown(), answer);
    }

    fn throw(&self, thrown: Thrown, answer: &mut Vec<u8>) {
        let encode = |thrown: &Thrown, answer: &mut Vec<u8>| {
            // Strings and an enum: they always have a JSON form.
            let body = serde_json::to_string(thrown).unwrap_or_default();
            let mut message = Message::new(Kind::HostThrow, self.call, "");
            message.body = &body;
            let fits = message.encoded_len().is_ok_and(|bytes| bytes <= self.limits.input);
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

fn too_large(what: &str) -> HostError {
    HostError::new(format!("the host function's result {what}"))
        .with_name("RangeError")
        .with_code("ERR_LIMIT")
}

impl HostCalls for Dispatch<'_> {
    fn serve(&mut self, request: &[u8], answer: &mut Vec<u8>) -> Result<(), String> {
        let frame = Frame::decode(request).map_err(|error| format!("it called the host badly: {error}"))?;
        if frame.call != self.call {
            let (call, alleged) = (self.call, frame.call);
            return Err(format!("it called the host for call {alleged} during call {call}"));
        }
        match frame.kind {
            Kind::HostCall => {
                let outcome = self.host_call(&frame);
                self.answer(outcome, answer);
            }
            Kind::Console => {
                self.console.write(frame.target, frame.body);
                let _ = Message::new(Kind::HostReturn, self.call, "")
                    .encode(|part| answer.extend_from_slice(part));
            }
            other => return Err(format!("it called the host with a frame of kind {other:?}")),
        }
        Ok(())
    }
}
