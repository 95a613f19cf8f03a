//! The `hypercell` command.

mod args;
mod bench;
mod doctor;
mod environment;
mod exit;
mod generate;
mod program;
mod repl;
mod report;
mod run;

use args::{Cli, Command};
use clap::Parser;
use exit::ExitStatus;
use std::process::ExitCode;

fn main() -> ExitCode {
    // Wrong arguments end here: clap explains them and exits with status 2.
    let status = match Cli::parse().command {
        Command::Call(call) => run::call(&call),
        Command::Eval(eval) => run::eval(&eval),
        Command::Script(script) => run::script(&script),
        Command::Run(program) => program::run(&program),
        Command::Repl(options) => repl::run(&options),
        Command::Completions { shell } => generate::completions(shell),
        Command::Man { folder } => generate::manual(&folder),
        Command::Doctor(options) => doctor::run(&options),
        Command::Bench(options) => bench::run(&options),
    };
    ExitStatus::into(status)
}
