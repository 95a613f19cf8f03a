//! Requests: how a call goes into the guest and its result comes out.

use super::{Sandbox, Status};
use crate::{
    console::Console,
    error::{Error, ErrorKind, Result, printable},
    hostfn::{Dispatch, DispatchLimits},
    monitor::{TimeLimits, Watch},
    options::CallOptions,
    program::{Input, Outputs},
    stats::{CallStats, Termination},
    value::{Payload, decode},
    vmm::Exit,
};
use hypercell_common::{Frame, Kind, Message, Section, body::Thrown};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Bytes of the buffer for the guest's frames that a sandbox keeps between calls.
const KEPT_ANSWER: usize = 1 << 20;

/// What a request carries into the guest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) kind: Kind,
    pub(super) target: &'a str,
    pub(super) body: &'a str,
    pub(super) sections: &'a [Section<'a>],
}

impl Request<'_> {
    /// One that carries nothing but its kind.
    pub(super) fn bare(kind: Kind) -> Self {
        Self { kind, target: "", body: "", sections: &[] }
    }
}

impl Sandbox {
    /// Calls a handler with an event, and returns what it returns, or what its
    /// promise resolves to.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// sandbox.add_handler("double", "export const handler = event => event.n * 2;")?;
    /// let doubled: f64 = sandbox.call("double", &serde_json::json!({ "n": 21 }))?;
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// - `ERR_JS` when the handler throws, or its promise rejects;
    /// - `ERR_INVALID_ARG` when there is no such handler, the event has no JSON form,
    ///   the handler returns `undefined`, or its result does not fit `R`;
    /// - `ERR_CANCELLED` after a kill or a limit on time, and `ERR_GUEST_ABORT`: the
    ///   sandbox is then poisoned;
    /// - `ERR_LIMIT` when the event is above the input limit;
    /// - `ERR_POISONED`.
    pub fn call<R: DeserializeOwned>(
        &mut self,
        handler: &str,
        event: &(impl Serialize + ?Sized),
    ) -> Result<R> {
        self.call_with(handler, event, &CallOptions::default())
    }

    /// [`Sandbox::call`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::call`]; and `ERR_INVALID_ARG` when an option is out of bounds.
    pub fn call_with<R: DeserializeOwned>(
        &mut self,
        handler: &str,
        event: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<R> {
        let event = Payload::encode(event)?;
        self.call_payload(handler, &event, options)?.read()
    }

    /// [`Sandbox::call_with`] on JSON text: the event is not parsed on the host, and
    /// the result is the text that the guest wrote. A result with binary data does
    /// not fit.
    ///
    /// # Errors
    /// As [`Sandbox::call_with`].
    pub fn call_json(&mut self, handler: &str, event: &str, options: &CallOptions) -> Result<String> {
        if event.trim_ascii().is_empty() {
            return Err(Error::invalid_argument("the event is empty, and JSON text is not"));
        }
        let request = Request { kind: Kind::Call, target: handler, body: event, sections: &[] };
        self.request(request, options)?.text()
    }

    fn call_payload(&mut self, handler: &str, event: &Payload, options: &CallOptions) -> Result<Answer<'_>> {
        let sections = event.sections();
        let request = Request { kind: Kind::Call, target: handler, body: event.json(), sections: &sections };
        self.request(request, options)
    }

    /// Carries a request into the guest and returns its answer.
    pub(super) fn request(&mut self, request: Request<'_>, options: &CallOptions) -> Result<Answer<'_>> {
        let mut call = self.start(options)?;
        self.exchange(&mut call, request)
    }

    /// Starts a call of one request or several.
    pub(super) fn start(&mut self, options: &CallOptions) -> Result<Call> {
        self.check_ready()?;
        let limits = &self.config.limits;
        let frames = self.machine.limits();
        let time = options.time(limits)?;
        let dispatch = Dispatch::new(
            Arc::clone(&self.config.hosts),
            Console::new(self.config.console.clone(), limits.console),
            Arc::clone(self.engine.runtime()),
            DispatchLimits {
                host_calls: limits.host_calls,
                async_calls: limits.async_calls,
                input: frames.input,
                output: frames.output,
            },
        );
        Ok(Call { dispatch, time, flags: options.flags(), stats: CallStats::default() })
    }

    /// Carries one request of a call into the guest and returns its answer.
    pub(super) fn exchange(&mut self, call: &mut Call, request: Request<'_>) -> Result<Answer<'_>> {
        self.check_ready()?;
        self.calls += 1;
        let Request { kind, target, body, sections } = request;
        let message = Message { kind, call: self.calls, value: call.flags, target, body, sections };

        let slot = Arc::clone(&self.slot);
        let spent = call.stats;
        let watch = Watch::start(slot.enter(self.machine.kick()), call.time.after(spent.wall, spent.cpu))?;
        self.answer.clear();
        self.answer.shrink_to(KEPT_ANSWER);
        // Until it has returned: should it unwind, the guest is in the middle of something.
        self.status = Status::Poisoned;
        let mut serving = call.dispatch.serving(self.calls, &watch);
        let ended = self.machine.run(&message, &mut serving, &watch, &mut self.answer);
        call.stats = CallStats {
            wall: spent.wall + watch.wall(),
            cpu: spent.cpu + watch.cpu(),
            terminated_by: watch.stopped_by(),
            host_calls: call.dispatch.host_calls(),
            peak_heap_bytes: 0,
        };
        self.stats = call.stats;
        drop(watch);
        if let Err(exit) = ended {
            if matches!(exit, Exit::TooLarge { .. }) {
                // Nothing ran.
                self.status = Status::Ready;
            }
            return Err(error_of(exit, &self.stats));
        }
        let said = check(&self.answer, self.calls, kind)
            .map_err(|what| error_of(Exit::Faulted(what), &self.stats))?;
        self.status = Status::Ready;
        self.stats.peak_heap_bytes = said.peak_heap_bytes;
        said.outcome
    }

    /// The answer to the last request that was answered.
    pub(super) fn last_answer(&self) -> Result<Answer<'_>> {
        let frame = Frame::decode(&self.answer);
        let frame =
            frame.map_err(|e| Error::internal("the last answer is not there any more").with_source(e))?;
        Ok(Answer { frame })
    }
}

/// A call under way.
#[derive(Debug)]
pub(super) struct Call {
    dispatch: Dispatch,
    time: TimeLimits,
    flags: u64,
    /// What its requests cost so far.
    stats: CallStats,
}

impl Call {
    /// Makes it the call of a program with these streams.
    pub(super) fn serve_program(&mut self, input: Input, outputs: Outputs) {
        self.dispatch.serve_program(input, outputs);
    }

    /// What the program wrote.
    pub(super) fn outputs(self) -> Outputs {
        self.dispatch.into_outputs()
    }
}

/// What the guest returned: its word, but in a frame that is in order.
struct Said<'a> {
    peak_heap_bytes: u64,
    outcome: Result<Answer<'a>>,
}

/// Checks the frame that the guest returned from `call`, which was a `request`.
///
/// # Errors
/// A sentence, when it is no answer: the guest broke the protocol.
fn check(bytes: &[u8], call: u64, request: Kind) -> Result<Said<'_>, String> {
    let frame = Frame::decode(bytes).map_err(|error| format!("its answer is broken: {error}"))?;
    if frame.call != call {
        return Err(format!("it answered call {} in call {call}", frame.call));
    }
    let outcome = match frame.kind {
        Kind::Done if request == Kind::Exec && frame.target.parse::<i32>().is_err() => {
            return Err(format!("its program exited with {:?}", frame.target));
        }
        Kind::Done => Ok(Answer { frame }),
        Kind::Yield if matches!(request, Kind::Generate | Kind::Next) => Ok(Answer { frame }),
        Kind::Thrown => match serde_json::from_str::<Thrown>(frame.body) {
            Ok(thrown) => Err(Error::thrown(thrown)),
            Err(error) => return Err(format!("its error is broken: {error}")),
        },
        kind => return Err(format!("it answered with a frame of kind {kind:?}")),
    };
    Ok(Said { peak_heap_bytes: frame.value, outcome })
}

/// The error of a request that did not return.
fn error_of(exit: Exit, stats: &CallStats) -> Error {
    match exit {
        Exit::TooLarge { bytes, limit } => {
            Error::limit(format!("a request of {bytes} bytes is above the input limit of {limit} bytes"))
        }
        Exit::Stopped => {
            let by = match stats.terminated_by {
                Some(Termination::WallClock) => "its limit on wall clock time",
                Some(Termination::CpuTime) => "its limit on CPU time",
                Some(Termination::MonitorFailed) => "a monitor that failed",
                Some(Termination::Killed) | None => "an interrupt handle",
            };
            let wall = stats.wall;
            Error::new(ErrorKind::Cancelled, format!("the call was stopped by {by} after {wall:.1?}"))
        }
        Exit::Aborted(words) => {
            Error::new(ErrorKind::GuestAbort, format!("the guest gave up: {}", words.escape_debug()))
        }
        Exit::Faulted(what) => {
            Error::new(ErrorKind::GuestAbort, format!("the guest was stopped: {}", printable(&what)))
        }
        Exit::Host(error) => error,
    }
}

/// A result that still lies in the frame that brought it.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    frame: Frame<'a>,
}

impl Answer<'_> {
    /// Whether it is a value that a generator yielded.
    pub(super) fn is_yield(&self) -> bool {
        self.frame.kind == Kind::Yield
    }

    /// The exit code of a program, which was checked.
    pub(super) fn exit_code(&self) -> i32 {
        self.frame.target.parse().unwrap_or_default()
    }

    /// The result as a Rust value.
    pub(super) fn read<R: DeserializeOwned>(&self) -> Result<R> {
        self.read_body(self.frame.body)
    }

    fn read_body<R: DeserializeOwned>(&self, body: &str) -> Result<R> {
        decode(body, self.frame.sections())
            .map_err(|e| Error::invalid_argument(format!("the result does not fit the type asked for: {e}")))
    }

    /// The result as a Rust value, unless it is `undefined`.
    pub(super) fn read_optional<R: DeserializeOwned>(&self) -> Result<Option<R>> {
        if self.frame.body.is_empty() { Ok(None) } else { self.read().map(Some) }
    }

    /// The result as a Rust value; `undefined` as `null`.
    pub(super) fn read_nullish<R: DeserializeOwned>(&self) -> Result<R> {
        self.read_body(if self.frame.body.is_empty() { "null" } else { self.frame.body })
    }

    /// The result as JSON text.
    pub(super) fn text(&self) -> Result<String> {
        if let Some(bytes) = self.frame.sections().find(|section| section.tag.element_len().is_some()) {
            let (name, path) = (bytes.tag.name(), bytes.path);
            return Err(Error::invalid_argument(format!(
                "the result holds binary data, which JSON text cannot: the path {path} leads to a {name}"
            )));
        }
        Ok(self.frame.body.to_owned())
    }
}
