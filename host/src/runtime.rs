//! Where asynchronous host functions and streams run: the one place that names tokio's
//! runtime.

use crate::error::{Error, Result};
use std::{
    fmt,
    future::Future,
    sync::{Mutex, PoisonError},
};
use tokio::{
    runtime::{Builder, Handle},
    task::AbortHandle,
};

/// Threads of a runtime that an engine makes itself. Host functions wait most of the time.
const WORKERS: usize = 2;

/// The runtime of an engine: one that it was given, or its own, made when it is first
/// needed.
pub(crate) struct Runtime {
    given: Option<Handle>,
    own: Mutex<Option<tokio::runtime::Runtime>>,
}

impl Runtime {
    pub(crate) fn new(given: Option<Handle>) -> Self {
        Self { given, own: Mutex::default() }
    }

    /// Runs a future until it ends or is aborted.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the runtime cannot be made.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> Result<AbortHandle> {
        Ok(self.handle()?.spawn(future).abort_handle())
    }

    /// Runs a function on a thread that may wait. It is dropped unrun when a runtime that
    /// was given has been shut down.
    ///
    /// # Errors
    /// `ERR_INTERNAL` when the runtime cannot be made.
    pub(crate) fn spawn_blocking(&self, function: impl FnOnce() + Send + 'static) -> Result<()> {
        self.handle()?.spawn_blocking(function);
        Ok(())
    }

    fn handle(&self) -> Result<Handle> {
        if let Some(handle) = &self.given {
            return Ok(handle.clone());
        }
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let runtime = match own.take() {
            Some(runtime) => runtime,
            None => Builder::new_multi_thread()
                .worker_threads(WORKERS)
                .thread_name("hypercell-async")
                .enable_all()
                .build()
                .map_err(|e| Error::internal("cannot start threads for host functions").with_source(e))?,
        };
        Ok(own.insert(runtime).handle().clone())
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(own) = self.own.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            // An engine may be dropped where nothing may wait.
            own.shutdown_background();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("given", &self.given.is_some()).finish_non_exhaustive()
    }
}
