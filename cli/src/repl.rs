//! `repl`: a sandbox, line by line.

use crate::{
    args::Repl,
    exit::ExitStatus,
    report::{self, Failed},
    run::{is_expression, prepare_with},
};
use hypercell::{ConsoleLevel, Error, ErrorKind, Sandbox, Source, Status, Value};
use rustyline::{DefaultEditor, error::ReadlineError};
use std::{
    env,
    io::{self, Write},
    path::PathBuf,
};

const PROMPT: &str = "> ";
const MORE: &str = "... ";
const HELP: &str = "\
.help     shows this
.reset    begins anew with a fresh sandbox
.exit     leaves, as Ctrl-D does
_         is the value of the last expression; `await` works in expressions";

/// `hypercell repl`.
pub(crate) fn run(arguments: &Repl) -> ExitStatus {
    let opened = prepare_with(&arguments.guest, |builder| Ok(builder.console(console)));
    let explored = opened.and_then(|(_, mut sandbox)| explore(&mut sandbox));
    match explored {
        Ok(()) => ExitStatus::Success,
        Err(failed) => report::print(&Err(failed), None, arguments.guest.output.json),
    }
}

fn explore(sandbox: &mut Sandbox) -> Result<(), Failed> {
    let fault = |error: ReadlineError| Failed::Usage(format!("cannot read a line: {error}"));
    let fresh = sandbox.snapshot()?;
    let mut editor = DefaultEditor::new().map_err(fault)?;
    let history = history();
    if let Some(file) = &history {
        // There is none yet, the first time.
        let _ = editor.load_history(file);
    }
    let mut text = String::new();
    loop {
        let prompt = if text.is_empty() { PROMPT } else { MORE };
        match editor.readline(prompt) {
            Ok(line) => {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&line);
            }
            // Ctrl-C drops what was written so far.
            Err(ReadlineError::Interrupted) => {
                text.clear();
                continue;
            }
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(fault(error)),
        }
        match text.trim() {
            "" => text.clear(),
            ".exit" => break,
            ".help" => {
                say(HELP);
                text.clear();
            }
            ".reset" => {
                sandbox.restore(&fresh)?;
                text.clear();
            }
            _ if is_unfinished(sandbox, &text) => {}
            _ => {
                let _ = editor.add_history_entry(&text);
                if let Err(error) = evaluate(sandbox, &text) {
                    complain(&error);
                }
                text.clear();
                if sandbox.status() == Status::Poisoned {
                    say("the sandbox was stopped; this is a fresh one");
                    sandbox.restore(&fresh)?;
                }
            }
        }
    }
    if let Some(file) = &history {
        // A history that cannot be kept is no failure of the session.
        let _ = editor.save_history(file);
    }
    Ok(())
}

/// Whether more lines are to come: the text ends where its syntax does not.
fn is_unfinished(sandbox: &mut Sandbox, text: &str) -> bool {
    match sandbox.validate(text) {
        Err(error) if error.kind() == ErrorKind::Syntax => {
            let message = error.to_string();
            ["unexpected end", "got end of", "unexpected token in expression: ''", "expecting '}'"]
                .iter()
                .any(|words| message.to_lowercase().contains(words))
        }
        _ => false,
    }
}

/// Runs a text; the value of an expression is printed, and kept in `_`.
fn evaluate(sandbox: &mut Sandbox, text: &str) -> Result<(), Error> {
    if is_declaration(text) || !is_expression(sandbox, text) {
        // Declarations of a script stay, and its value may be what cannot cross.
        let statement = format!("{text}\n;undefined");
        return sandbox.script::<Value>(Source::new(&statement).named("repl")).map(drop);
    }
    let shown = "if (globalThis._ !== undefined) console.dir(globalThis._)";
    let is_async = text.contains("await");
    let code = if is_async {
        format!("globalThis._ = await ({text}\n); {shown}")
    } else {
        format!("globalThis._ = ({text}\n); {shown}; undefined")
    };
    let source = Source::new(&code).named("repl");
    if is_async { sandbox.eval::<Value>(source).map(drop) } else { sandbox.script::<Value>(source).map(drop) }
}

/// Whether a text declares a function or a class, which could be an expression too.
fn is_declaration(text: &str) -> bool {
    ["function", "async function", "class"].iter().any(|word| {
        let rest = text.trim_start().strip_prefix(word);
        rest.is_some_and(|rest| {
            rest.trim_start_matches('*')
                .trim_start()
                .starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
        })
    })
}

/// The file of what was typed in earlier sessions.
fn history() -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".local/state")))?;
    let folder = state.join("hypercell");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

fn console(_: ConsoleLevel, text: &str) {
    say(&report::printable(text));
}

fn say(text: &str) {
    // A closed standard output loses the guest's words and nothing else.
    let _ = writeln!(io::stdout(), "{text}");
}

fn complain(error: &Error) {
    let text = match error.js() {
        Some(js) if js.name == "Uncaught" => format!("Uncaught {}", js.message),
        Some(js) => format!("Uncaught {}: {}\n{}", js.name, js.message, js.stack.trim_end()),
        None => format!("{}: {error}", error.code()),
    };
    let _ = writeln!(io::stderr(), "{}", report::printable(text.trim_end()));
}
