//! Programs: an ES module that runs until nothing is left to run, as Node.js runs one.
//!
//! What it writes leaves while it runs, and what it ends with is an exit code: that of
//! `process.exit`, 1 for an error that nobody caught, 13 when its top level waits for what
//! never comes. `process` itself is JavaScript (`node:process`), loaded when a program first
//! asks for it.

use super::{
    Engine, Outcome, Reply,
    encode::{self, Encoded},
    error::{self, caught, uncompiled},
    files::{self, Unreadable},
    job::{Job, terminable},
    output::{self, Stream},
    shared::Shared,
};
use alloc::{
    format,
    rc::Rc,
    string::{String, ToString as _},
};
use core::cell::{Cell, RefCell};
use hypercell_common::body::{self, Cause, Thrown};
use rquickjs::{
    Ctx, Function, Module, Persistent, Value, function::Opt, object::Property, promise::PromiseState,
};

/// The exit code of a program that ends with an error that nobody caught.
const UNCAUGHT: i32 = 1;
/// The exit code of a program whose top level waits for what never comes.
const UNSETTLED: i32 = 13;

/// How a program ended.
pub(super) struct Exit {
    pub(super) code: i32,
    /// What it gave to `__return`.
    pub(super) value: Option<Encoded>,
}

/// What `process` is told of the running program, or of the sandbox when none runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// Absolute path of the program's file; empty when none runs.
    pub(super) file: String,
    pub(super) args: alloc::vec::Vec<String>,
    pub(super) cwd: String,
    /// JSON objects, the later over the earlier: of the sandbox and of the program.
    pub(super) env: [String; 2],
}

/// Functions of `node:process`, which it gives when it is loaded.
pub(super) struct ProcessHooks {
    /// `()`: another program begins.
    pub(super) begin: Persistent<Function<'static>>,
    /// `()`: there is nothing left to run.
    pub(super) before_exit: Persistent<Function<'static>>,
    /// `(code)` to the exit code: the program ends, with the one given unless it is undefined.
    pub(super) exit: Persistent<Function<'static>>,
    /// `(error, origin)` to whether it was handled.
    pub(super) uncaught: Persistent<Function<'static>>,
}

/// The running program.
#[derive(Default)]
pub(super) struct Programs {
    settings: RefCell<Settings>,
    /// What a sandbox starts programs with.
    defaults: RefCell<(String, String)>,
    exited: Cell<Option<i32>>,
    returned: RefCell<Option<Persistent<Value<'static>>>>,
    hooks: RefCell<Option<Rc<ProcessHooks>>>,
}

impl Programs {
    /// Sets `env`, JSON text of an object, and the working directory for all programs.
    pub(super) fn configure(&self, env: String, cwd: String) {
        let cwd = if cwd.is_empty() { "/".to_string() } else { cwd };
        self.settings.replace(Settings {
            cwd: cwd.clone(),
            env: [env.clone(), String::new()],
            ..Settings::default()
        });
        self.defaults.replace((env, cwd));
    }

    fn begin(&self, file: &str, program: &mut body::Program) {
        let (env, cwd) = self.defaults.borrow().clone();
        let given = core::mem::take(&mut program.cwd);
        self.settings.replace(Settings {
            file: file.to_string(),
            args: core::mem::take(&mut program.args),
            cwd: if given.is_empty() { cwd } else { given },
            env: [env, core::mem::take(&mut program.env)],
        });
        self.exited.set(None);
    }

    fn end(&self) {
        let (env, cwd) = self.defaults.borrow().clone();
        self.settings.replace(Settings { cwd, env: [env, String::new()], ..Settings::default() });
        self.exited.set(None);
        drop(self.returned.take());
    }

    pub(super) fn settings(&self) -> Settings {
        self.settings.borrow().clone()
    }

    /// The working directory changed.
    pub(super) fn set_cwd(&self, cwd: &str) {
        self.settings.borrow_mut().cwd = cwd.to_string();
    }

    /// Whether a program runs.
    pub(super) fn is_running(&self) -> bool {
        !self.settings.borrow().file.is_empty()
    }

    /// The code with which the running program ended itself, if it did.
    pub(super) fn exited(&self) -> Option<i32> {
        self.exited.get()
    }

    /// The running program ends itself.
    pub(super) fn exit(&self, code: i32) {
        self.exited.set(Some(code));
    }

    /// Takes note of what the program gives its host.
    pub(super) fn give(&self, value: Persistent<Value<'static>>) {
        let before = self.returned.replace(Some(value));
        drop(before);
    }

    pub(super) fn connect(&self, hooks: ProcessHooks) {
        let before = self.hooks.replace(Some(Rc::new(hooks)));
        drop(before);
    }

    /// Lets go of every guest value.
    pub(super) fn release(&self) {
        let guest_values = (self.returned.take(), self.hooks.take());
        drop(guest_values);
    }
}

impl Engine {
    /// Runs an ES module as a program.
    pub(super) fn exec(&mut self, job: Job) -> Outcome {
        let mut program: body::Program = serde_json::from_slice(&job.body)
            .map_err(|fault| error::request(format!("the program is malformed: {fault}")))?;
        if !job.target.starts_with('/') {
            let message = format!("the program's file {:?} is not an absolute path", job.target);
            return Err(error::request(message));
        }
        self.shared.registry.use_file(&job.target).map_err(error::request)?;
        self.shared.programs.begin(&job.target, &mut program);
        let open = self.shared.open_files();
        let ended = self
            .offer_return(true)
            .and_then(|()| self.run_program(&job.target, program.source.as_deref(), program.typescript));
        self.cancel();
        self.drop_jobs();
        // Whatever guest code made of it.
        let _ = self.offer_return(false);
        let exit = ended.map(|code| match self.returned() {
            Ok(value) => Reply::Exit(Exit { code, value }),
            // What cannot cross is an error that nobody caught.
            Err(thrown) => {
                output::write(&self.shared, Stream::Error, &uncaught(&thrown));
                Reply::Exit(Exit { code: UNCAUGHT, value: None })
            }
        });
        self.shared.programs.end();
        self.shared.close_files(&open);
        // What comes next finds nothing of this program at `process`.
        let reset = self.hook(|ctx, hooks| hooks.begin.clone().restore(ctx)?.call::<_, ()>(()));
        reset.and(exit)
    }

    fn offer_return(&self, offer: bool) -> Result<(), Thrown> {
        self.context.with(|ctx| {
            offer_return(&ctx, &self.shared, offer).map_err(|error| caught(&ctx, &self.shared, error))
        })
    }

    /// Runs a program to its end and gives its exit code.
    fn run_program(&self, file: &str, source: Option<&str>, typescript: bool) -> Result<i32, Thrown> {
        let shared = &self.shared;
        let began = self.hook(|ctx, hooks| {
            let () = hooks.begin.clone().restore(ctx)?.call(())?;
            Ok(())
        });
        let started = began.and_then(|_| {
            self.context.with(|ctx| {
                let source = program_source(shared, file, source, typescript)?;
                let module = Module::declare(ctx.clone(), file, source);
                let module = module.map_err(|error| uncompiled(&ctx, shared, error))?;
                files::describe(&module, file).map_err(|error| caught(&ctx, shared, error))?;
                self.start(&ctx, module)
            })
        });
        let ran = started.and_then(|(_, promise)| self.run_until_done(promise));
        self.conclude(ran)
    }

    /// Runs turns until there is none left. Gives whether the promise of the top level is
    /// settled then.
    fn run_until_done(&self, promise: Persistent<Value<'static>>) -> Result<bool, Thrown> {
        let mut settled = false;
        loop {
            settled = settled || self.look(promise.clone())?;
            if self.one_more()? {
                continue;
            }
            let more = self.hook(|ctx, hooks| hooks.before_exit.clone().restore(ctx)?.call::<_, ()>(()))?;
            if more.is_none() || !(self.runtime.is_job_pending() || self.shared.has_work()) {
                return Ok(settled);
            }
        }
    }

    /// Whether the promise of the top level is settled.
    fn look(&self, promise: Persistent<Value<'static>>) -> Result<bool, Thrown> {
        let shared = &self.shared;
        self.context.with(|ctx| {
            let value = promise.restore(&ctx).map_err(|error| caught(&ctx, shared, error))?;
            let Some(promise) = value.as_promise() else { return Ok(true) };
            if promise.state() != PromiseState::Rejected {
                return Ok(promise.state() != PromiseState::Pending);
            }
            // Throws the reason.
            drop(promise.result::<Value<'_>>());
            let error = ctx.catch();
            // It is told of here, and not as a rejection.
            shared.rejections.track(&ctx, value, Value::new_undefined(ctx.clone()), true);
            match shared.survives(&ctx, &error, "uncaughtException") {
                Ok(true) => Ok(true),
                Ok(false) => Err(error::describe(&ctx, shared, &error)),
                Err(failed) => Err(caught(&ctx, shared, failed)),
            }
        })
    }

    /// Runs jobs, ends the turn, or runs another one; tells whether there was one.
    fn one_more(&self) -> Result<bool, Thrown> {
        if self.runtime.is_job_pending() {
            return self.drain().map(|()| true);
        }
        Ok(self.end_turn()? || self.turn()?)
    }

    /// The exit code of a program that ran.
    fn conclude(&self, ran: Result<bool, Thrown>) -> Result<i32, Thrown> {
        let programs = &self.shared.programs;
        if self.shared.interrupted() {
            return Err(error::interrupted());
        }
        let code = match ran {
            // `process.exit` told its listeners itself.
            _ if programs.exited().is_some() => return Ok(programs.exited().unwrap_or_default()),
            Ok(true) => None,
            Ok(false) => {
                let text = "Warning: Detected unsettled top-level await\n";
                output::write(&self.shared, Stream::Error, text);
                Some(UNSETTLED)
            }
            Err(Thrown { cause: Cause::Interrupted, .. }) => return Err(error::interrupted()),
            Err(thrown) => {
                output::write(&self.shared, Stream::Error, &uncaught(&thrown));
                Some(UNCAUGHT)
            }
        };
        let told = self.hook(|ctx, hooks| hooks.exit.clone().restore(ctx)?.call::<_, i32>((code,)));
        match (programs.exited(), told) {
            (Some(exited), _) => Ok(exited),
            (None, Ok(told)) => Ok(told.or(code).unwrap_or_default()),
            (None, Err(thrown)) => {
                output::write(&self.shared, Stream::Error, &uncaught(&thrown));
                Ok(UNCAUGHT)
            }
        }
    }

    /// Calls a function of `node:process`, if that is loaded.
    fn hook<R>(
        &self,
        call: impl for<'js> FnOnce(&Ctx<'js>, &ProcessHooks) -> rquickjs::Result<R>,
    ) -> Result<Option<R>, Thrown> {
        let Some(hooks) = self.shared.programs.hooks.borrow().clone() else { return Ok(None) };
        self.context
            .with(|ctx| call(&ctx, &hooks).map(Some).map_err(|error| caught(&ctx, &self.shared, error)))
    }

    /// What the program gave to `__return`.
    fn returned(&self) -> Result<Option<Encoded>, Thrown> {
        let Some(value) = self.shared.programs.returned.take() else { return Ok(None) };
        self.shared.programs.exited.set(None);
        self.context.with(|ctx| {
            let value = value.restore(&ctx);
            value
                .and_then(|value| encode::value(&ctx, &self.shared, value))
                .map_err(|error| caught(&ctx, &self.shared, error))
        })
    }
}

impl Shared {
    /// Asks the running program whether it handles an error that nobody caught.
    pub(super) fn survives<'js>(
        &self,
        ctx: &Ctx<'js>,
        error: &Value<'js>,
        origin: &str,
    ) -> rquickjs::Result<bool> {
        let hooks = self.programs.hooks.borrow().clone();
        match hooks {
            Some(hooks) if self.programs.is_running() => {
                hooks.uncaught.clone().restore(ctx)?.call((error.clone(), origin))
            }
            _ => Ok(false),
        }
    }

    /// Whether timers or asynchronous calls are under way.
    fn has_work(&self) -> bool {
        !(self.timers.is_empty() && self.calls.is_empty())
    }
}

/// The source text of a program: given, or in its file.
fn program_source(
    shared: &Shared,
    file: &str,
    given: Option<&str>,
    typescript: bool,
) -> Result<alloc::vec::Vec<u8>, Thrown> {
    let found = match given {
        Some(text) if typescript => files::strip(shared, file, text),
        Some(text) => Ok(text.to_string()),
        None => return files::source(shared, file, typescript).map_err(Unreadable::into_thrown),
    };
    found.map(|text| terminable(&text)).map_err(Unreadable::into_thrown)
}

/// An error as a program's standard error has it.
fn uncaught(thrown: &Thrown) -> String {
    let Thrown { name, message, stack, .. } = thrown;
    let separator = if name.is_empty() || message.is_empty() { "" } else { ": " };
    let stack = stack.trim_end();
    let line_break = if stack.is_empty() { "" } else { "\n" };
    if name == "Uncaught" {
        return format!("Uncaught {message}{line_break}{stack}\n");
    }
    format!("Uncaught {name}{separator}{message}{line_break}{stack}\n")
}

/// Defines `globalThis.__return(value)`, or removes it.
fn offer_return<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, offer: bool) -> rquickjs::Result<()> {
    let globals = ctx.globals();
    if !offer {
        return globals.remove("__return");
    }
    let given = Rc::clone(shared);
    let give = move |ctx: Ctx<'js>, value: Opt<Value<'js>>| {
        let value = value.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
        given.programs.give(Persistent::save(&ctx, value));
    };
    let function = Function::new(ctx.clone(), give)?.with_name("__return")?;
    globals.prop("__return", Property::from(function).writable().configurable())
}

impl core::fmt::Debug for Programs {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Programs").field("settings", &self.settings).finish_non_exhaustive()
    }
}
