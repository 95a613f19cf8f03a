//! What hyperlight's errors mean.

use crate::{
    error::{Error, ErrorKind, printable},
    vmm::Exit,
};
use hypercell_common::hyperlight::{ABORT_FAULT, ABORT_GAVE_UP};
use hyperlight_host::HyperlightError;

/// The error of a guest that did not boot.
pub(super) fn boot_failure(error: HyperlightError) -> Error {
    match error {
        HyperlightError::NoHypervisorFound() => Error::new(
            ErrorKind::NoHypervisor,
            "hyperlight finds no hypervisor that it can use; see `hypercell doctor`",
        ),
        error => {
            Error::new(ErrorKind::GuestAbort, format!("the guest image does not boot: {}", text(&error)))
        }
    }
}

/// The error of something that the host could not do.
pub(super) fn host_failure(what: &str, error: HyperlightError) -> Error {
    Error::internal(format!("hyperlight could not {what}: {}", text(&error)))
}

/// The error of a snapshot that hyperlight cannot write or read.
pub(super) fn saved_failure(error: HyperlightError) -> Error {
    Error::snapshot(format!("hyperlight refuses it: {}", text(&error)))
}

/// How a request ended that hyperlight failed.
pub(super) fn exit(error: HyperlightError) -> Exit {
    match error {
        HyperlightError::ExecutionCanceledByHost() => Exit::Stopped,
        HyperlightError::GuestAborted(ABORT_GAVE_UP, words) => Exit::Aborted(words),
        HyperlightError::GuestAborted(ABORT_FAULT, fault) => Exit::Faulted(format!("it caused a {fault}")),
        HyperlightError::IOError(_)
        | HyperlightError::LockAttemptFailed(_)
        | HyperlightError::UnrecoverableSandbox => Exit::Host(host_failure("run a guest", error)),
        // All else that can go wrong in a request depends on what the guest did.
        error => Exit::Faulted(text(&error)),
    }
}

/// The error of a guest that could not be captured.
pub(super) fn capture_failure(error: HyperlightError) -> Error {
    let what = match exit(error) {
        Exit::Stopped => "it was not ready for it in time".into(),
        Exit::Aborted(what) | Exit::Faulted(what) => printable(&what),
        Exit::Host(error) => return error,
        Exit::TooLarge { bytes, limit } => format!("its request of {bytes} bytes is above {limit}"),
    };
    Error::new(ErrorKind::GuestAbort, format!("the guest could not be captured: {what}"))
}

/// An error in one line, with what caused it. The guest may have put in a word.
fn text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Many of hyperlight's errors repeat their cause.
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    printable(&text)
}
