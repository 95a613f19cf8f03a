//! What packages of the command bring along: completions and the manual.

use crate::{
    args::Cli,
    exit::ExitStatus,
    report::{self, Failed},
};
use clap::CommandFactory;
use clap_complete::Shell;
use std::{io, path::Path};

/// `hypercell completions`.
pub(crate) fn completions(shell: Shell) -> ExitStatus {
    // Into memory first: a pipe that nobody reads is no failure of the generator.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hypercell", &mut script);
    match io::Write::write_all(&mut io::stdout(), &script) {
        Ok(()) => ExitStatus::Success,
        Err(_) => ExitStatus::Failure,
    }
}

/// `hypercell man`.
pub(crate) fn manual(folder: &Path) -> ExitStatus {
    match clap_mangen::generate_to(Cli::command(), folder) {
        Ok(()) => ExitStatus::Success,
        Err(error) => {
            let message = format!("cannot write the manual to {}: {error}", folder.display());
            report::print(&Err(Failed::Usage(message)), None, false)
        }
    }
}
