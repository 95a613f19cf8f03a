//! The command's exit status: part of its interface.

use hypercell::{Error, ErrorKind};
use std::process::ExitCode;

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// 0.
    Success,
    /// 1: guest code failed, or something on the host.
    Failure,
    /// 2: wrong use.
    Usage,
    /// 3: no usable hypervisor.
    NoHypervisor,
    /// 124: a limit on time, as timeout(1).
    TimeLimit,
    /// That of the program that ran.
    Program(u8),
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Success => 0,
            ExitStatus::Failure => 1,
            ExitStatus::Usage => 2,
            ExitStatus::NoHypervisor => 3,
            ExitStatus::TimeLimit => 124,
            ExitStatus::Program(code) => code,
        })
    }
}

/// The status that an error of the sandbox calls for.
pub(crate) fn status_of(error: &Error) -> ExitStatus {
    match error.kind() {
        ErrorKind::InvalidArg => ExitStatus::Usage,
        ErrorKind::NoHypervisor => ExitStatus::NoHypervisor,
        ErrorKind::Cancelled => ExitStatus::TimeLimit,
        _ => ExitStatus::Failure,
    }
}
