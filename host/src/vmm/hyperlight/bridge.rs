//! The one host function that hyperlight knows, and the call that it belongs to.
//!
//! hyperlight wants host functions that live as long as the sandbox, but what
//! answers a guest's host calls is borrowed for one request. hyperlight runs them
//! on the thread of the request, in the middle of it; so the request leaves word
//! for them in a variable of its thread.
#![expect(unsafe_code, reason = "lends a reference to a function that hyperlight calls")]

use crate::{monitor::Watch, vmm::HostCalls};
use hypercell_common::hyperlight::HOST_FUNCTION;
use hyperlight_host::{SandboxBuilder, func::Bytes, hypervisor::InterruptHandle};
use std::{cell::Cell, ptr};

/// What a request lends to its host calls.
pub(super) struct Request<'a> {
    pub(super) host: &'a mut dyn HostCalls,
    pub(super) watch: &'a Watch<'a>,
    pub(super) interrupt: &'a dyn InterruptHandle,
    /// Writes what goes before each frame into the guest.
    pub(super) entry: &'a dyn Fn(&mut Vec<u8>),
    /// Why the guest must not go on, if so.
    pub(super) failed: Option<String>,
}

thread_local! {
    /// The innermost request of this thread, or null.
    static CURRENT: Cell<*mut Request<'static>> = const { Cell::new(ptr::null_mut()) };
}

/// Puts the outer request back when the inner one is over.
struct Restore(*mut Request<'static>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.set(self.0);
    }
}

/// Runs `work`, during which host calls of this thread are `request`'s.
pub(super) fn during<R>(request: &mut Request<'_>, work: impl FnOnce() -> R) -> R {
    let current = ptr::from_mut(request).cast::<Request<'static>>();
    let _restore = Restore(CURRENT.replace(current));
    work()
}

/// Registers the host function, and keeps the guest from hyperlight's own one,
/// which prints.
pub(super) fn connect(builder: SandboxBuilder) -> SandboxBuilder {
    builder
        .host_function(HOST_FUNCTION, |frames: Vec<Bytes>| serve(&frames.concat()))
        .host_print(|_: String| 0)
}

fn serve(frame: &[u8]) -> Vec<u8> {
    let current = CURRENT.get();
    // SAFETY: the pointer is null, or `during` set it, on this thread, to a request
    // that it borrows until it returns; and it has not, as it is hyperlight under it
    // that calls this function. Host calls of one request do not nest: an inner
    // request has set its own pointer.
    let Some(request) = (unsafe { current.as_mut() }) else { return Vec::new() };
    let mut bytes = Vec::new();
    if let Err(what) = request.serve(frame, &mut bytes) {
        request.failed = Some(what);
    }
    if request.failed.is_some() || request.watch.must_stop() {
        // The guest does not run now: it will not again.
        request.interrupt.kill();
    }
    bytes
}

impl Request<'_> {
    fn serve(&mut self, frame: &[u8], bytes: &mut Vec<u8>) -> Result<(), String> {
        let mut answer = Vec::new();
        self.host.serve(frame, &mut answer)?;
        // After the host function, which may have taken its time.
        (self.entry)(bytes);
        bytes.append(&mut answer);
        Ok(())
    }
}
