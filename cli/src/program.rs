//! `run`: a program whose streams and exit status are the command's own.

use crate::{
    args::{MountArgument, NamedFile, Run},
    environment,
    exit::ExitStatus,
    report::{self, Failed, Ran, Stats},
    run::{prepare_with, read_text},
};
use hypercell::{
    FetchPolicy, Fetcher, FileTree, InterruptHandle, Mount, Output, Program, Returned, Sandbox,
    SandboxBuilder, Termination, Value,
};
use serde::Serialize;
use std::{
    fs::{self, File},
    io::{self, IsTerminal, Write},
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// The exit status of a process that Ctrl-C ended: 128 and the number of SIGINT.
const INTERRUPTED: u8 = 130;
/// The exit status of a process whose output nobody reads: 128 and the number of SIGPIPE.
const BROKEN_PIPE: u8 = 141;

/// Whether Ctrl-C was pressed.
static STOPPED: AtomicBool = AtomicBool::new(false);
/// Whether nobody reads what the program writes.
static UNREAD: AtomicBool = AtomicBool::new(false);

/// `hypercell run`.
pub(crate) fn run(arguments: &Run) -> ExitStatus {
    let as_json = arguments.guest.output.json;
    let prepared = program(arguments).and_then(|program| {
        let (vmm, sandbox) = prepare_with(&arguments.guest, |builder| allow(builder, arguments))?;
        Ok((vmm, sandbox, program))
    });
    let (vmm, mut sandbox, mut program) = match prepared {
        Ok(prepared) => prepared,
        Err(failed) => return report::print(&Err(failed), None, as_json),
    };
    if let Err(failed) = kill_on_interrupt(sandbox.interrupt_handle()) {
        return report::print(&Err(failed), None, as_json);
    }
    if !as_json {
        program = stream(program, &sandbox);
    }
    let ran = sandbox.run::<Value>(program);
    let on = Ran { vmm, stats: sandbox.stats() };
    let ran = match ran {
        Ok(ran) => ran,
        Err(error) => return report::print(&Err(error.into()), Some(on), as_json),
    };
    if let Err(failed) = export(&mut sandbox, arguments, &ran.output) {
        return report::print(&Err(failed), Some(on), as_json);
    }
    if as_json { print_json(&ran, on) } else { conclude(&ran.output) }
}

/// Copies the sandbox's files into the folder that the arguments name.
fn export(sandbox: &mut Sandbox, arguments: &Run, output: &Output) -> Result<(), Failed> {
    let Some(folder) = &arguments.export else { return Ok(()) };
    if let Some(stopped) = output.terminated_by {
        let folder = folder.display();
        // A closed standard error loses these words and nothing else.
        let _ = writeln!(
            io::stderr(),
            "hypercell: nothing is exported to {folder}: the program was stopped ({stopped})"
        );
        return Ok(());
    }
    Ok(sandbox.export_files("/")?.write_to(folder)?)
}

/// What the arguments say of the program.
fn program(arguments: &Run) -> Result<Program, Failed> {
    let source = read_text(&arguments.file)?;
    let mut program = Program::new(source).named(guest_path(arguments)).args(&arguments.arguments);
    for (name, value) in environment::of(arguments)? {
        program = program.env(name, value);
    }
    if let Some(directory) = &arguments.cwd {
        program = program.cwd(directory);
    }
    Ok(match &arguments.stdin {
        Some(file) => {
            let opened = File::open(file).map_err(|error| {
                Failed::Usage(format!("cannot read standard input from {}: {error}", file.display()))
            })?;
            program.stdin_reader(opened)
        }
        None => program.stdin_reader(io::stdin()),
    })
}

/// Where the program's file is in the sandbox: where a mount shows it, or else in `/`.
fn guest_path(arguments: &Run) -> String {
    let file = fs::canonicalize(&arguments.file).unwrap_or_else(|_| arguments.file.clone());
    for MountArgument { host, guest, .. } in &arguments.mounts {
        let inside =
            fs::canonicalize(host).ok().and_then(|host| file.strip_prefix(host).ok().map(Path::to_owned));
        if let Some(inside) = inside {
            return format!("{}/{}", guest.trim_end_matches('/'), inside.to_string_lossy());
        }
    }
    let name = arguments.file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    format!("/{name}")
}

/// What the arguments allow.
fn allow(mut builder: SandboxBuilder, arguments: &Run) -> Result<SandboxBuilder, Failed> {
    for MountArgument { host, guest, writable } in &arguments.mounts {
        let mount = if *writable { Mount::read_write(host, guest) } else { Mount::read_only(host, guest) };
        builder = builder.mount(mount);
    }
    let mut files = FileTree::new();
    for NamedFile { name, file } in &arguments.files {
        let content = fs::read(file)
            .map_err(|error| Failed::Usage(format!("cannot read {}: {error}", file.display())))?;
        files = files.file(name, content);
    }
    builder = builder.files(files);
    if arguments.allow_net.is_empty() {
        return Ok(builder);
    }
    let policy = arguments.allow_net.iter().fold(FetchPolicy::new(), FetchPolicy::allow_host);
    let fetcher = Fetcher::new(policy)?;
    Ok(builder.fetch(&fetcher))
}

/// Lets Ctrl-C stop the guest; another one ends the command, whatever holds it up.
fn kill_on_interrupt(handle: InterruptHandle) -> Result<(), Failed> {
    ctrlc::set_handler(move || {
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        handle.kill();
    })
    .map_err(|error| Failed::Usage(format!("cannot listen for Ctrl-C: {error}")))
}

/// Passes what the program writes on as it comes. It ends when nobody reads that any more.
fn stream(program: Program, sandbox: &Sandbox) -> Program {
    fn pass(mut to: impl Write + IsTerminal, bytes: &[u8], handle: &InterruptHandle) {
        let written = if to.is_terminal() {
            to.write_all(for_terminal(&String::from_utf8_lossy(bytes)).as_bytes())
        } else {
            to.write_all(bytes)
        };
        if written.and_then(|()| to.flush()).is_err() {
            UNREAD.store(true, Ordering::Relaxed);
            handle.kill();
        }
    }
    let (out, err) = (sandbox.interrupt_handle(), sandbox.interrupt_handle());
    program
        .capture(0)
        .on_stdout(move |bytes| pass(io::stdout(), bytes, &out))
        .on_stderr(move |bytes| pass(io::stderr(), bytes, &err))
}

/// The guest's text as a terminal may have it: with colours, and no other control sequences.
fn for_terminal(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        kept.push_str(&report::printable(before));
        let parameters = after.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
        let (parameters, end) = after.split_at_checked(parameters).unwrap_or((after, ""));
        rest = match end.strip_prefix('m') {
            Some(behind) => {
                kept.extend(["\x1b[", parameters, "m"]);
                behind
            }
            None => {
                kept.push_str("\\u{1b}[");
                after
            }
        };
    }
    kept.push_str(&report::printable(rest));
    kept
}

/// The exit status for a program that was streamed.
fn conclude(output: &Output) -> ExitStatus {
    match output.terminated_by {
        Some(Termination::Killed) if UNREAD.load(Ordering::Relaxed) => ExitStatus::Program(BROKEN_PIPE),
        Some(Termination::Killed) => ExitStatus::Program(INTERRUPTED),
        Some(stopped) => {
            // A closed standard error loses these words and nothing else.
            let _ = writeln!(io::stderr(), "hypercell: ERR_CANCELLED: the program was stopped: {stopped}");
            ExitStatus::TimeLimit
        }
        None => ExitStatus::Program(status_of(output.exit_code)),
    }
}

/// An exit code as the system knows them.
fn status_of(code: i32) -> u8 {
    u8::try_from(code & 0xff).unwrap_or(1)
}

/// The line for machines. The fields are in the order of their declaration.
#[derive(Serialize)]
struct Line<'a> {
    ok: bool,
    exit_code: i32,
    value: &'a Option<Value>,
    stdout: &'a str,
    stderr: &'a str,
    stdout_truncated: bool,
    stderr_truncated: bool,
    terminated_by: Option<&'static str>,
    vmm: &'static str,
    stats: Stats,
}

fn print_json(ran: &Returned<Value>, on: Ran) -> ExitStatus {
    let Returned { value, output, .. } = ran;
    let line = Line {
        ok: output.success(),
        exit_code: output.exit_code,
        value,
        stdout: &output.stdout_text(),
        stderr: &output.stderr_text(),
        stdout_truncated: output.stdout_truncated,
        stderr_truncated: output.stderr_truncated,
        terminated_by: output.terminated_by.map(Termination::as_str),
        vmm: on.vmm.as_str(),
        stats: Stats::of(&on.stats),
    };
    let written = serde_json::to_string(&line)
        .map_err(io::Error::other)
        .and_then(|line| writeln!(io::stdout(), "{line}"));
    match written {
        Ok(()) if output.terminated_by == Some(Termination::Killed) => ExitStatus::Program(INTERRUPTED),
        Ok(()) => ExitStatus::Program(status_of(output.exit_code)),
        Err(_) => ExitStatus::Failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_colours_and_no_other_sequences() {
        assert_eq!(for_terminal("a\x1b[1;31mred\x1b[0m\n"), "a\x1b[1;31mred\x1b[0m\n");
        assert_eq!(
            for_terminal("\x1b[2J\x1b]0;title\x07\x1b[31"),
            "\\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{1b}[31"
        );
    }
}
