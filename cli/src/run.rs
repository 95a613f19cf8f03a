//! `call`, `eval` and `script`.

use crate::{
    args::{Call, Eval, Guest, NamedFile, Script},
    exit::ExitStatus,
    report::{self, Failed, Outcome, Ran},
};
use hypercell::{Engine, ErrorKind, Sandbox, SandboxBuilder, Source, Value, VmmKind};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Key of the handler in the file that `call` names.
const MAIN: &str = "main";

/// `hypercell call`.
pub(crate) fn call(arguments: &Call) -> ExitStatus {
    run(&arguments.guest, |sandbox| {
        let event = read_event(&arguments.event)?;
        let mut handlers = BTreeMap::from([(MAIN, read_text(&arguments.file)?)]);
        for NamedFile { name, file } in &arguments.handlers {
            if handlers.insert(name, read_text(file)?).is_some() {
                return Err(Failed::Usage(format!(
                    "there are two handlers named {name:?}; FILE's is {MAIN:?}"
                )));
            }
        }
        let name = arguments.call.as_deref().unwrap_or(MAIN);
        if !handlers.contains_key(name) {
            let names: Vec<_> = handlers.keys().collect();
            return Err(Failed::Usage(format!("there is no handler {name:?} to call; there are {names:?}")));
        }
        for (name, text) in handlers {
            sandbox.add_handler(name, &text).map_err(guest_fault)?;
        }
        let result: Value = sandbox.call(name, &event).map_err(guest_fault)?;
        Ok(Some(result))
    })
}

/// `hypercell eval`.
pub(crate) fn eval(arguments: &Eval) -> ExitStatus {
    run(&arguments.guest, |sandbox| match (&arguments.code, &arguments.file) {
        (Some(code), _) => eval_text(sandbox, code),
        (None, Some(file)) => {
            let text = read_text(file)?;
            Ok(sandbox.eval(Source::new(&text).named(&name_of(file)))?)
        }
        (None, None) => {
            Err(Failed::Usage("there is nothing to evaluate: name a file, or use -e CODE".into()))
        }
    })
}

/// Whether text is an expression. Compiling tells, whatever the text looks like: between
/// both kinds of brackets, so that it cannot close one and go on behind it.
pub(crate) fn is_expression(sandbox: &mut Sandbox, code: &str) -> bool {
    let mut compiles =
        |open, close| sandbox.validate(&format!("export default {open}{code}\n{close}")).is_ok();
    compiles('(', ')') && compiles('[', ']')
}

/// Evaluates the text of `-e`: a module, or an expression as its default export.
fn eval_text(sandbox: &mut Sandbox, code: &str) -> Outcome {
    // On the first line, so that line numbers are the user's.
    let expression = format!("export default ({code}\n)");
    let text = if is_expression(sandbox, code) { &expression } else { code };
    Ok(sandbox.eval(Source::new(text).named("-e"))?)
}

/// `hypercell script`.
pub(crate) fn script(arguments: &Script) -> ExitStatus {
    run(&arguments.guest, |sandbox| {
        // All are read before the first runs.
        let read = |file: &PathBuf| Ok((name_of(file), read_text(file)?));
        let scripts = arguments.files.iter().map(read).collect::<Result<Vec<_>, Failed>>()?;
        let mut last = None;
        for (name, text) in &scripts {
            last = sandbox.script::<Value>(Source::new(text).named(name))?;
        }
        Ok(last)
    })
}

fn run(guest: &Guest, work: impl FnOnce(&mut Sandbox) -> Outcome) -> ExitStatus {
    let as_json = guest.output.json;
    let (vmm, mut sandbox) = match prepare(guest) {
        Ok(prepared) => prepared,
        Err(failed) => return report::print(&Err(failed), None, as_json),
    };
    let outcome = work(&mut sandbox);
    report::print(&outcome, Some(Ran { vmm, stats: sandbox.stats() }), as_json)
}

fn prepare(guest: &Guest) -> Result<(VmmKind, Sandbox), Failed> {
    prepare_with(guest, |builder| Ok(builder.console(report::console)))
}

/// A sandbox as the arguments ask for it, with what `more` makes of it.
pub(crate) fn prepare_with(
    guest: &Guest,
    more: impl FnOnce(SandboxBuilder) -> Result<SandboxBuilder, Failed>,
) -> Result<(VmmKind, Sandbox), Failed> {
    let mut engine = Engine::builder().limits(guest.limits());
    if let Some(kind) = guest.vmm {
        engine = engine.vmm(kind);
    }
    let engine = engine.build()?;
    let mut sandbox = more(engine.sandbox())?.build()?;
    for module in &guest.modules {
        let (namespace, name) = module.name.split_once(':').unwrap_or(("user", &module.name));
        sandbox.add_module_in(namespace, name, &read_text(&module.file)?)?;
    }
    Ok((engine.vmm(), sandbox))
}

/// The guest's program decides whether these requests make sense, so that it is its
/// failure and no wrong use of the command.
fn guest_fault(error: hypercell::Error) -> Failed {
    if error.kind() == ErrorKind::InvalidArg { Failed::Guest(error) } else { Failed::Sandbox(error) }
}

pub(crate) fn read_text(file: &Path) -> Result<String, Failed> {
    let bytes = fs::read(file).map_err(|e| Failed::Usage(format!("cannot read {}: {e}", file.display())))?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Failed::Usage(format!("{} is not UTF-8 text after byte {at}", file.display()))
    })
}

fn read_event(event: &str) -> Result<serde_json::Value, Failed> {
    let (what, text) = match event.strip_prefix('@') {
        Some(file) => (file.to_owned(), read_text(Path::new(file))?),
        None if event == "-" => {
            let mut text = String::new();
            io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| Failed::Usage(format!("cannot read the event from standard input: {e}")))?;
            ("standard input".into(), text)
        }
        None => ("--event".into(), event.to_owned()),
    };
    serde_json::from_str(&text).map_err(|e| Failed::Usage(format!("the event in {what} is not JSON: {e}")))
}

/// The name that stacks show for a file.
fn name_of(file: &Path) -> String {
    file.to_string_lossy().into_owned()
}
