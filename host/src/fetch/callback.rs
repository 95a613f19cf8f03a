//! A closure that answers instead of the network.

use super::{
    error::{FetchError, FetchErrorKind},
    message::{FetchRequest, FetchResponse},
};
use crate::{hostfn::HostError, unwinding::unwinding};
use std::{fmt, future::Future, pin::Pin};

type Answer = Pin<Box<dyn Future<Output = Result<FetchResponse, HostError>> + Send>>;

/// The closure.
pub(super) struct Callback(Box<dyn Fn(FetchRequest) -> Answer + Send + Sync>);

impl Callback {
    pub(super) fn new<F, A>(answer: F) -> Self
    where
        F: Fn(FetchRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<FetchResponse, HostError>> + Send + 'static,
    {
        Self(Box::new(move |request| Box::pin(answer(request))))
    }

    /// The closure's answer to a request that the policy allows.
    pub(super) async fn answer(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        let failed = |message| FetchError::new(FetchErrorKind::Callback, message);
        // What a panic says may speak of the host: it stays here, with the panic hook.
        let Some(answer) = unwinding(async { (self.0)(request).await }).await else {
            return Err(failed("the host's function for fetch failed".to_owned()));
        };
        answer.map_err(|error| failed(error.to_string()))
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Callback")
    }
}
