//! What the command understands.

use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand};
use hypercell::{Limits, VmmKind};
use std::{path::PathBuf, str::FromStr, time::Duration};

/// Runs untrusted JavaScript in a hardware-isolated micro-VM.
#[derive(Debug, Parser)]
#[command(name = "hypercell", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Calls a handler with an event and prints what it returns.
    Call(Call),
    /// Evaluates an ES module and prints its default export.
    Eval(Eval),
    /// Runs classic scripts in one realm and prints the last one's value.
    Script(Script),
    /// Runs an ES module as a program, JavaScript or TypeScript: its streams are the command's, and so is its exit
    /// status.
    Run(Run),
    /// Explores a sandbox line by line.
    Repl(Repl),
    /// Tells which VMMs can run sandboxes on this machine, and what slows them down.
    Doctor(Survey),
    /// Measures this machine's floor and the headline figures, on each usable VMM; takes
    /// about half a minute for one.
    Bench(Survey),
    /// Prints a script that completes this command's arguments in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual's pages into a folder.
    Man {
        /// The folder.
        folder: PathBuf,
    },
}

/// Calls a handler.
#[derive(Debug, Args)]
pub(crate) struct Call {
    /// An ES module with a function named `handler`.
    pub(crate) file: PathBuf,
    /// Loads another handler too; may be given more than once.
    #[arg(long = "handler", value_name = "NAME=FILE")]
    pub(crate) handlers: Vec<NamedFile>,
    /// The handler to call in place of FILE's: one given by --handler.
    #[arg(long, value_name = "NAME")]
    pub(crate) call: Option<String>,
    /// The event: JSON text, @FILE, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-", default_value = "null")]
    pub(crate) event: String,
    #[command(flatten)]
    pub(crate) guest: Guest,
}

/// Evaluates an ES module.
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// The module.
    #[arg(required_unless_present = "code", conflicts_with = "code")]
    pub(crate) file: Option<PathBuf>,
    /// The module's text, in place of a file. A plain expression is its own default
    /// export.
    #[arg(short = 'e', long = "code", value_name = "CODE")]
    pub(crate) code: Option<String>,
    #[command(flatten)]
    pub(crate) guest: Guest,
}

/// Runs classic scripts.
#[derive(Debug, Args)]
pub(crate) struct Script {
    /// The scripts, in the order in which they run.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) guest: Guest,
}

/// Runs a program.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The program: an ES module in JavaScript, or in TypeScript when its name ends in .ts or
    /// .mts. In a folder that --mount names it is that file of the sandbox, and finds its
    /// imports there.
    pub(crate) file: PathBuf,
    /// What follows the program's name in `process.argv`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) arguments: Vec<String>,
    /// A variable of the program's environment; without a value, that of the command's own.
    /// May be given more than once.
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// Variables of the program's environment: a line NAME=VALUE each, the value in quotes
    /// or not; # begins a comment. May be given more than once.
    #[arg(long = "env-file", value_name = "FILE")]
    pub(crate) env_files: Vec<PathBuf>,
    /// What the program reads from its standard input, in place of the command's own.
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin: Option<PathBuf>,
    /// Shows the program a folder of this machine; with :rw it may write there. May be given
    /// more than once.
    #[arg(long = "mount", value_name = "HOST:GUEST[:rw]")]
    pub(crate) mounts: Vec<MountArgument>,
    /// Puts a file into the sandbox; may be given more than once.
    #[arg(long = "file", value_name = "GUEST=HOST")]
    pub(crate) files: Vec<NamedFile>,
    /// Copies what the program left in its file system into this folder, which is made.
    #[arg(long, value_name = "DIR")]
    pub(crate) export: Option<PathBuf>,
    /// A host that `fetch` may reach; may be given more than once.
    #[arg(long = "allow-net", value_name = "HOST", num_args = 1)]
    pub(crate) allow_net: Vec<String>,
    /// The program's working directory in the sandbox, an absolute path.
    #[arg(long, value_name = "PATH")]
    pub(crate) cwd: Option<String>,
    #[command(flatten)]
    pub(crate) guest: Guest,
}

/// Explores a sandbox.
#[derive(Debug, Args)]
pub(crate) struct Repl {
    #[command(flatten)]
    pub(crate) guest: Guest,
}

/// What the guest may use.
#[derive(Debug, Args)]
pub(crate) struct Guest {
    /// Limit on wall clock time, e.g. 500ms or 2s.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    wall: Option<Duration>,
    /// Limit on CPU time, e.g. 500ms or 2s.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    cpu: Option<Duration>,
    /// Limit on the JavaScript heap, e.g. 64MiB.
    #[arg(long, value_name = "SIZE")]
    heap: Option<ByteSize>,
    /// Limit on the stack, e.g. 1MiB.
    #[arg(long, value_name = "SIZE")]
    stack: Option<ByteSize>,
    /// A module that guest code may import as NS:NAME; NS is `user` if left out. May be
    /// given more than once.
    #[arg(long = "module", value_name = "[NS:]NAME=FILE")]
    pub(crate) modules: Vec<NamedFile>,
    /// The VMM that runs the sandbox. Without it the environment variable HYPERCELL_VMM
    /// names it, or else it is the one that suits this machine.
    #[arg(long, value_name = "kvm|hyperlight")]
    pub(crate) vmm: Option<VmmKind>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// What is looked at.
#[derive(Debug, Args)]
pub(crate) struct Survey {
    /// This VMM only, in place of all.
    #[arg(long, value_name = "kvm|hyperlight")]
    pub(crate) vmm: Option<VmmKind>,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl Survey {
    /// The VMMs to look at.
    pub(crate) fn kinds(&self) -> Vec<VmmKind> {
        self.vmm.map_or_else(|| VmmKind::ALL.into(), |kind| vec![kind])
    }
}

/// How results are printed.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// Prints one line of JSON for machines.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Guest {
    /// The limits that the arguments ask for.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        if let Some(time) = self.wall {
            limits = limits.wall(time);
        }
        if let Some(time) = self.cpu {
            limits = limits.cpu(time);
        }
        if let Some(size) = self.heap {
            limits = limits.heap(size.as_u64());
        }
        if let Some(size) = self.stack {
            limits = limits.stack(size.as_u64());
        }
        limits
    }
}

/// `NAME=FILE`.
#[derive(Debug, Clone)]
pub(crate) struct NamedFile {
    pub(crate) name: String,
    pub(crate) file: PathBuf,
}

impl FromStr for NamedFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, file)) if !name.is_empty() && !file.is_empty() => {
                Ok(Self { name: name.into(), file: file.into() })
            }
            _ => Err("it must be NAME=FILE".into()),
        }
    }
}

/// `HOST:GUEST[:rw]`.
#[derive(Debug, Clone)]
pub(crate) struct MountArgument {
    pub(crate) host: PathBuf,
    pub(crate) guest: String,
    pub(crate) writable: bool,
}

impl FromStr for MountArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rest, writable) = match text.strip_suffix(":rw") {
            Some(rest) => (rest, true),
            None => (text.strip_suffix(":ro").unwrap_or(text), false),
        };
        match rest.rsplit_once(':') {
            Some((host, guest)) if !host.is_empty() && guest.starts_with('/') => {
                Ok(Self { host: host.into(), guest: guest.into(), writable })
            }
            _ => Err("it must be HOST:GUEST or HOST:GUEST:rw, and GUEST an absolute path".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
