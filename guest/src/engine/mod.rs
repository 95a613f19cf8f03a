//! QuickJS with its limits, modules and values, in terms of the wire.
//!
//! An [`Engine`] is one realm. It runs one [`Job`] at a time and hands out one
//! reply for each; what guest code does, also running out of heap or stack, is at
//! worst an error in that reply.
//!
//! ```text
//! job ─► mod ─┬─► configure                    limits, host modules
//!             ├─► evaluate, handler ─► settle  guest code runs, promises settle
//!             ├─► program ─► node              programs, their process and files
//!             │      │    decode ▲ ▼ encode    values
//!             │      ├─► event_loop          timers and asynchronous host calls
//!             │      └─► loader ─► host_module ─► host_call
//!             └─► error                        what guest code threw
//! ```

mod builtin;
mod classes;
mod configure;
mod console;
mod decode;
mod disk;
mod encode;
mod error;
mod evaluate;
mod event_loop;
mod files;
mod function;
mod generator;
mod handler;
mod host_call;
mod host_module;
mod inspect;
mod intrinsics;
mod job;
mod loader;
mod modules;
mod node;
mod output;
mod program;
mod random;
mod registry;
mod rejections;
mod reports;
mod revive;
mod scripts;
mod settle;
mod shared;
mod text;
mod url_class;
mod web;
mod wtf8;

pub use job::Job;

use crate::{platform::Platform, sys::permanent};
use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    rc::Rc,
    string::{String, ToString as _},
};
use core::fmt;
use encode::Encoded;
use function::Evaluated;
use generator::Generator;
use hypercell_common::{Kind, Message, body::Thrown, call_flags};
use intrinsics::Intrinsics;
use program::Exit;
use rquickjs::{Context, Function, Persistent, Runtime};
use shared::Shared;

/// A JavaScript realm with its handlers.
pub struct Engine {
    handlers: BTreeMap<String, Persistent<Function<'static>>>,
    evaluated: Evaluated,
    /// The one whose yields the host takes, if it does.
    generator: Option<Generator>,
    imports: Rc<loader::Imports>,
    shared: Rc<Shared>,
    /// Bytes of stack that JavaScript may use.
    stack: usize,
    context: Context,
    runtime: Runtime,
}

/// Why there is no [`Engine`].
#[derive(Debug)]
pub struct EngineError(String);

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the JavaScript engine could not start: {}", self.0)
    }
}

impl core::error::Error for EngineError {}

/// What a request gives when it succeeds.
enum Reply {
    Done(Option<Encoded>),
    Yield(Option<Encoded>),
    Exit(Exit),
}

/// What a request comes to.
type Outcome = Result<Reply, Thrown>;

impl Engine {
    /// An engine with a fresh realm and default limits.
    ///
    /// Its stack limit counts from the stack depth of this call.
    ///
    /// # Errors
    /// When there is not enough memory.
    pub fn new(platform: Rc<dyn Platform>) -> Result<Self, EngineError> {
        let start = |error: rquickjs::Error| EngineError(format!("{error}"));
        let runtime = Runtime::new().map_err(start)?;
        configure::defaults(&runtime);
        let shared = Rc::new(Shared::new(platform));
        let polled = Rc::clone(&shared);
        runtime.set_interrupt_handler(Some(Box::new(move || polled.poll())));
        let tracked = Rc::clone(&shared);
        runtime.set_host_promise_rejection_tracker(Some(Box::new(move |ctx, promise, reason, handled| {
            tracked.rejections.track(&ctx, promise, reason, handled)
        })));
        let imports = loader::install(&runtime, &shared);
        let context = Context::full(&runtime).map_err(start)?;
        let engine = Self {
            handlers: BTreeMap::new(),
            evaluated: Evaluated::new(),
            generator: None,
            imports,
            shared,
            stack: configure::STACK,
            context,
            runtime,
        };
        engine
            .context
            .with(|ctx| {
                let intrinsics = Intrinsics::take(&ctx, &engine.shared)?;
                engine.shared.intrinsics.replace(Some(Rc::new(intrinsics)));
                random::install(&ctx, &engine.shared)?;
                console::install(&ctx, &engine.shared)?;
                event_loop::install(&ctx, &engine.shared)
            })
            .map_err(start)?;
        engine.context.with(|ctx| web::install(&ctx, &engine.shared)).map_err(EngineError)?;
        engine.context.with(|ctx| node::install(&ctx, &engine.shared)).map_err(start)?;
        Ok(engine)
    }

    /// Makes the engine one that is never dropped, as that of an image: what the realm began
    /// with is kept from the garbage collector, which then walks nothing but what guest code
    /// makes.
    ///
    /// # Errors
    /// When QuickJS keeps its objects in another way than is known here.
    pub fn permanent(self) -> Result<&'static mut Self, EngineError> {
        // What the boot left behind would stay otherwise.
        self.runtime.run_gc();
        if self.context.with(|ctx| permanent::set_aside(&ctx)) {
            Ok(Box::leak(Box::new(self)))
        } else {
            let message = "QuickJS keeps its objects in another way than is known here";
            Err(EngineError(String::from(message)))
        }
    }

    /// Runs one job and hands its reply to `reply`, exactly once.
    pub fn run(&mut self, job: Job, reply: &mut dyn FnMut(&Message<'_>)) {
        let call = job.call;
        self.shared.begin(call);
        if !matches!(job.kind, Kind::Next | Kind::Return) {
            // The host does not take its yields any more.
            self.generator = None;
            self.cancel();
        }
        let outcome = self.dispatch(job);
        // An interrupt can be swallowed on its way, but it always fails the job.
        let outcome = if self.shared.interrupted() { Err(error::interrupted()) } else { outcome };
        self.shared.reports.clear();
        self.shared.rejections.clear();
        if !matches!(outcome, Ok(Reply::Yield(_))) {
            self.generator = None;
            self.cancel();
        }
        let value = self.shared.platform.heap_peak();
        let mut target = String::new();
        let (kind, encoded) = match outcome {
            Ok(Reply::Exit(exit)) => {
                target = exit.code.to_string();
                (Kind::Done, Ok(exit.value))
            }
            Ok(Reply::Done(encoded)) => (Kind::Done, Ok(encoded)),
            Ok(Reply::Yield(encoded)) => (Kind::Yield, Ok(encoded)),
            Err(thrown) => (Kind::Thrown, Err(thrown)),
        };
        match encoded {
            Ok(None) => reply(&Message { value, ..Message::new(kind, call, &target) }),
            Ok(Some(encoded)) => {
                let sections = encoded.sections();
                let body = encoded.text();
                reply(&Message { value, body, sections: &sections, ..Message::new(kind, call, &target) });
                drop(sections);
                self.shared.give_scratch(encoded.into_buffer());
            }
            Err(thrown) => {
                // A struct of strings always serialises.
                let body = serde_json::to_string(&thrown)
                    .unwrap_or_else(|_| String::from("{\"name\":\"\",\"message\":\"\"}"));
                reply(&Message { value, body: &body, ..Message::new(kind, call, "") });
            }
        }
    }

    fn dispatch(&mut self, job: Job) -> Outcome {
        match job.kind {
            Kind::Configure => self.configure(&job).map(|()| Reply::Done(None)),
            Kind::Module => {
                self.shared.registry.add(&job.target, job.body).map_err(error::request)?;
                Ok(Reply::Done(None))
            }
            Kind::Handler => self.add_handler(job).map(|()| Reply::Done(None)),
            Kind::RemoveHandler => self.remove_handler(&job.target).map(|()| Reply::Done(None)),
            Kind::Call => collecting(self, job, Self::call_handler),
            Kind::Eval => collecting(self, job, Self::evaluate),
            Kind::Exec => collecting(self, job, Self::exec),
            Kind::Script => collecting(self, job, Self::run_script),
            Kind::CallFunction => collecting(self, job, Self::call_function),
            Kind::Generate => collecting(self, job, Self::generate),
            Kind::Next => collecting(self, job, |engine, _| engine.next()),
            Kind::Return => collecting(self, job, |engine, _| engine.finish()),
            Kind::PutFiles => self.put_files(job),
            Kind::ListFiles => self.list_files(job),
            Kind::ReadFile => self.read_file(job),
            Kind::Validate => self.validate(job).map(|()| Reply::Done(None)),
            kind => Err(error::request(format!("a frame of kind {kind:?} is not a request"))),
        }
    }
}

/// Runs `job` and collects garbage behind it, unless its flags say otherwise.
fn collecting(engine: &mut Engine, job: Job, run: fn(&mut Engine, Job) -> Outcome) -> Outcome {
    let collect = job.value & call_flags::NO_GC == 0;
    let outcome = run(engine, job);
    if collect {
        engine.runtime.run_gc();
    }
    outcome
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Guest values outside the runtime must be gone before it goes.
        self.handlers.clear();
        self.evaluated.clear();
        self.generator = None;
        self.shared.release();
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("handlers", &self.handlers.keys()).finish_non_exhaustive()
    }
}
