//! From names to addresses that may be connected to.
//!
//! The HTTP client connects to what this resolver answers and to nothing else, so there is no second
//! lookup between check and use (DNS rebinding). Addresses that stand in URLs never come here:
//! `rules` judges them.

use super::{
    address::{Reach, reach},
    error::{FetchError, FetchErrorKind},
};
use crate::unwinding::unwinding;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

type Addresses = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a name.
pub(super) type Lookup = Arc<dyn Fn(String) -> Addresses + Send + Sync>;

/// Threads that the system's resolver may keep busy: it cannot be cancelled.
const LOOKUPS: usize = 16;

/// A lookup by a closure.
pub(super) fn lookup<F, A>(resolver: F) -> Lookup
where
    F: Fn(String) -> A + Send + Sync + 'static,
    A: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
{
    let resolver = Arc::new(resolver);
    Arc::new(move |name| {
        let resolver = Arc::clone(&resolver);
        Box::pin(async move {
            let answer = unwinding(async move { resolver(name).await }).await;
            answer.unwrap_or_else(|| Err(io::Error::other("the resolver panicked")))
        })
    })
}

/// The system's lookup.
fn system() -> Lookup {
    let threads = Arc::new(Semaphore::new(LOOKUPS));
    lookup(move |name: String| {
        let threads = Arc::clone(&threads);
        async move {
            // Kept by the thread, as the lookup goes on when nobody waits for it any more.
            let permit = threads.acquire_owned().await.map_err(io::Error::other)?;
            let addresses = spawn_blocking(move || {
                let _permit = permit;
                Ok((name.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
            });
            addresses.await.map_err(io::Error::other)?
        }
    })
}

/// Resolves names to addresses that the policy allows.
pub(super) struct Resolver {
    lookup: Lookup,
    private: bool,
}

impl Resolver {
    /// A resolver by `lookup`, or by the system, that keeps private addresses if `private`.
    pub(super) fn new(lookup: Option<Lookup>, private: bool) -> Self {
        Self { lookup: lookup.unwrap_or_else(system), private }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("private", &self.private).finish_non_exhaustive()
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        let host = name.as_str().to_owned();
        let addresses = (self.lookup)(host.clone());
        Box::pin(async move {
            let no_address =
                || FetchError::new(FetchErrorKind::Dns, format!("the host `{host}` has no address"));
            let mut addresses = addresses.await.map_err(|error| no_address().with_source(error))?;
            if addresses.is_empty() {
                return Err(no_address().into());
            }
            let mut refused =
                FetchError::denied(format!("the host `{host}` has no address that fetch may reach"));
            addresses.retain(|address| match judge(*address, private, &host) {
                Ok(()) => true,
                Err(error) => {
                    refused = error;
                    false
                }
            });
            if addresses.is_empty() {
                return Err(refused.into());
            }
            // The client puts in the port.
            let addresses = addresses.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// Judges an address of `host`. The error does not tell the address, as the guest would learn
/// about the host's networks.
pub(super) fn judge(address: IpAddr, private: bool, host: &str) -> Result<(), FetchError> {
    match reach(address) {
        Reach::Public => Ok(()),
        Reach::Private if private => Ok(()),
        Reach::Private => Err(FetchError::denied(format!(
            "fetch may not reach the private or loopback address of the host `{host}`; the embedding program \
             allows those by `FetchPolicy::allow_private_addresses`"
        ))),
        Reach::Never => Err(FetchError::denied(format!(
            "fetch may not reach the host `{host}`: its address is reserved, or the metadata service of a cloud, \
             which no policy allows"
        ))),
    }
}
