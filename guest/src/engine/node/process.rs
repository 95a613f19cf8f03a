//! What `node:process` is made of.

use super::{
    super::{
        builtin,
        event_loop::start_call,
        host_call, host_module,
        intrinsics::ErrorClass,
        output::{self, Stream},
        program::ProcessHooks,
        shared::Shared,
        wtf8,
    },
    require,
};
use crate::sys::{buffer, uncatchable};
use alloc::{rc::Rc, string::String, vec::Vec};
use hypercell_common::{ENV, STDIN, TOOLS};
use rquickjs::{Ctx, Function, Object, Persistent, TypedArray, Value, function::Rest};

/// Defines the functions on `target`:
///
/// - `settings()`: `[file, args, cwd, env, env]`, see `program::Settings`.
/// - `environmentFunctions()`: host functions that are members of `env`, by the names of the
///   objects that hold them; those of the name `""` are members themselves.
/// - `connectProcess(begin, beforeExit, exit, uncaught)`.
/// - `isProgram()`: whether a program runs.
/// - `exitProgram(code)`: ends it, with an error that nothing catches.
/// - `writeOutput(fd, text or bytes)`: to standard output (1) or standard error (2).
/// - `readInput()`: a promise of the next bytes of standard input, or of `null`.
/// - `readInputNow()`: the same at once.
/// - `runTool(name, args, input)`: a promise of how a tool of the host ended, see
///   `hypercell_common::TOOLS`.
/// - `runToolNow(name, args, input)`: the same at once.
/// - `requireBuiltin(name)`: the namespace of a module of the guest's own.
/// - `isBuiltinName(name)`: whether guest code may import `node:name`.
/// - `setDirectory(path)`: the working directory.
/// - `heapPeak()`: most bytes of the heap ever in use.
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let told = Rc::clone(shared);
    let settings = move || {
        let settings = told.programs.settings();
        let [of_sandbox, of_program] = settings.env;
        (settings.file, settings.args, settings.cwd, of_sandbox, of_program)
    };
    target.set("settings", Function::new(ctx.clone(), move || rquickjs::convert::List(settings()))?)?;
    let hosts = Rc::clone(shared);
    let functions = move |ctx: Ctx<'js>| environment(&ctx, &hosts);
    target.set("environmentFunctions", Function::new(ctx.clone(), functions)?)?;
    let connected = Rc::clone(shared);
    let connect = move |ctx: Ctx<'js>,
                        begin: Function<'js>,
                        before_exit: Function<'js>,
                        exit: Function<'js>,
                        uncaught: Function<'js>| {
        connected.programs.connect(ProcessHooks {
            begin: Persistent::save(&ctx, begin),
            before_exit: Persistent::save(&ctx, before_exit),
            exit: Persistent::save(&ctx, exit),
            uncaught: Persistent::save(&ctx, uncaught),
        });
    };
    target.set("connectProcess", Function::new(ctx.clone(), connect)?)?;
    let running = Rc::clone(shared);
    target.set("isProgram", Function::new(ctx.clone(), move || running.programs.is_running())?)?;
    let exiting = Rc::clone(shared);
    let exit = move |ctx: Ctx<'js>, code: i32| -> rquickjs::Result<()> {
        exiting.programs.exit(code);
        Err(uncatchable::throw(&ctx, "the program exits"))
    };
    target.set("exitProgram", Function::new(ctx.clone(), exit)?)?;
    let moved = Rc::clone(shared);
    let set_directory = move |path: String| moved.programs.set_cwd(&path);
    target.set("setDirectory", Function::new(ctx.clone(), set_directory)?)?;
    let requiring = Rc::clone(shared);
    let loading = move |ctx: Ctx<'js>, name: String| require(&ctx, &requiring, &name);
    target.set("requireBuiltin", Function::new(ctx.clone(), loading)?)?;
    let known = |name: String| builtin::is_public(&name);
    target.set("isBuiltinName", Function::new(ctx.clone(), known)?)?;
    let measured = Rc::clone(shared);
    #[expect(clippy::cast_precision_loss, reason = "no heap has so many bytes")]
    let peak = move || measured.platform.heap_peak() as f64;
    target.set("heapPeak", Function::new(ctx.clone(), peak)?)?;
    tools(target, shared)?;
    streams(target, shared)
}

fn tools<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let running = Rc::clone(shared);
    let run = move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
        start_call(&ctx, &running, &tool(), arguments.into_inner()).map(|(promise, _)| promise)
    };
    target.set("runTool", Function::new(ctx.clone(), run)?)?;
    let running = Rc::clone(shared);
    let run = move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
        host_call::call(&ctx, &running, &tool(), arguments.into_inner())
    };
    target.set("runToolNow", Function::new(ctx.clone(), run)?)
}

/// The host function that runs tools.
fn tool() -> String {
    alloc::format!("{TOOLS}\0run")
}

fn streams<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let writing = Rc::clone(shared);
    let write = move |ctx: Ctx<'js>, fd: u32, data: Value<'js>| write(&ctx, &writing, fd, &data);
    target.set("writeOutput", Function::new(ctx.clone(), write)?)?;
    let reading = Rc::clone(shared);
    let read = move |ctx: Ctx<'js>| start_call(&ctx, &reading, STDIN, Vec::new()).map(|(promise, _)| promise);
    target.set("readInput", Function::new(ctx.clone(), read)?)?;
    let reading = Rc::clone(shared);
    let read = move |ctx: Ctx<'js>| host_call::call(&ctx, &reading, STDIN, Vec::new());
    target.set("readInputNow", Function::new(ctx.clone(), read)?)
}

/// Writes to a stream of the program, or a line to the console when none runs.
fn write<'js>(ctx: &Ctx<'js>, shared: &Shared, fd: u32, data: &Value<'js>) -> rquickjs::Result<()> {
    let stream = if fd == 2 { Stream::Error } else { Stream::Output };
    if let Some(text) = wtf8::text_of(data, usize::MAX) {
        output::write(shared, stream, &text);
    } else if let Ok(array) = TypedArray::<u8>::from_value(data.clone()) {
        match buffer::copy(&array) {
            Some(Ok(bytes)) => output::write_bytes(shared, stream, &bytes),
            Some(Err(_)) => {
                return Err(shared.intrinsics()?.throw(ctx, ErrorClass::Range, "out of memory"));
            }
            None => {}
        }
    }
    shared.check(ctx)
}

/// The members of `env` that are host functions.
fn environment<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Object<'js>> {
    let objects = Object::new_proto(ctx.clone(), None)?;
    for (module, functions) in shared.registry.hosts() {
        let Some(name) = module.strip_prefix(ENV) else { continue };
        let name = name.strip_prefix('/').unwrap_or(name);
        objects.set(name, host_module::functions(ctx, shared, &module, &functions)?)?;
    }
    Ok(objects)
}
