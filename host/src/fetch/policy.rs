//! What guest code may fetch.

use super::resolve::{Lookup, lookup};
use std::{fmt, future::Future, io, net::IpAddr, time::Duration};

/// What guest code may fetch: nothing, until hosts are allowed.
///
/// Setters take any value; [`Fetcher::new`] refuses what is out of bounds and names the field. A
/// redirect is judged like a request: each limit on hosts, schemes, ports, methods and addresses holds
/// for each hop.
///
/// | what | default | bounds |
/// | --- | --- | --- |
/// | hosts | none | names, addresses, `*.` and a name |
/// | schemes, ports | `https` and `http`, 443 and 80 | |
/// | methods | `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS` | not `CONNECT`, `TRACE`, `TRACK` |
/// | private and loopback addresses | refused | |
/// | redirects | 10 | 0 – 20 |
/// | `http` after `https` | refused | |
/// | time, redirects and body included | 30 s | 1 ms – 1 h |
/// | body of a request, of a response | 4 MiB each | 0 – 64 MiB |
/// | rate | 600 requests a minute | 1 – 10⁶ requests in 1 ms – 1 h, or unlimited |
/// | at the same time | 32 | 1 – 1024 |
/// | headers of a request | any but those that only the HTTP client may set | |
///
/// ```
/// use hypercell::{FetchPolicy, Fetcher};
/// use std::time::Duration;
///
/// let policy = FetchPolicy::new()
///     .allow_host("api.example.com")
///     .allow_host("*.cdn.example.com")
///     .schemes(["https"])
///     .methods(["GET"])
///     .timeout(Duration::from_secs(5));
/// let fetcher = Fetcher::new(policy)?;
/// # drop(fetcher);
/// # Ok::<(), hypercell::Error>(())
/// ```
///
/// [`Fetcher::new`]: super::Fetcher::new
#[derive(Clone)]
pub struct FetchPolicy {
    pub(super) any_host: bool,
    pub(super) hosts: Vec<String>,
    pub(super) schemes: Vec<String>,
    pub(super) ports: Vec<u16>,
    pub(super) methods: Vec<String>,
    pub(super) private_addresses: bool,
    pub(super) max_redirects: u32,
    pub(super) insecure_redirects: bool,
    pub(super) timeout: Duration,
    pub(super) max_request_body: u64,
    pub(super) max_response_body: u64,
    pub(super) rate: Option<(u32, Duration)>,
    pub(super) max_concurrent: u32,
    pub(super) headers: Option<Vec<String>>,
    pub(super) allowed_headers: Vec<String>,
    pub(super) denied_headers: Vec<String>,
    pub(super) roots: Vec<Vec<u8>>,
    pub(super) lookup: Option<Lookup>,
}

impl Default for FetchPolicy {
    fn default() -> Self {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Self {
            any_host: false,
            hosts: Vec::new(),
            schemes: owned(&["https", "http"]),
            ports: vec![443, 80],
            methods: owned(&["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
            private_addresses: false,
            max_redirects: 10,
            insecure_redirects: false,
            timeout: Duration::from_secs(30),
            max_request_body: 4 << 20,
            max_response_body: 4 << 20,
            rate: Some((600, Duration::from_secs(60))),
            max_concurrent: 32,
            headers: None,
            allowed_headers: Vec::new(),
            denied_headers: Vec::new(),
            roots: Vec::new(),
            lookup: None,
        }
    }
}

fn owned(words: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    words.into_iter().map(Into::into).collect()
}

impl FetchPolicy {
    /// A policy that allows nothing, with the defaults above for what is then allowed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows a host: a name (`api.example.com`), all names below one (`*.example.com`, which is
    /// not `example.com` itself), or an IP address.
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Allows every host with a public address. Guest code can then send what it knows to anyone.
    #[must_use]
    pub fn allow_any_host(mut self) -> Self {
        self.any_host = true;
        self
    }

    /// The schemes: `https`, `http`, or both.
    #[must_use]
    pub fn schemes(mut self, schemes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.schemes = owned(schemes);
        self
    }

    /// The ports, for each scheme.
    #[must_use]
    pub fn ports(mut self, ports: impl IntoIterator<Item = u16>) -> Self {
        self.ports = ports.into_iter().collect();
        self
    }

    /// The methods, in capitals.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.methods = owned(methods);
        self
    }

    /// Allows addresses of this machine and of the networks around it: loopback, RFC 1918, unique
    /// local, link local, carrier-grade NAT. For development, or together with hosts by name. The
    /// metadata services of clouds stay out of reach, as do multicast and reserved addresses.
    #[must_use]
    pub fn allow_private_addresses(mut self) -> Self {
        self.private_addresses = true;
        self
    }

    /// Redirects that one fetch may follow.
    #[must_use]
    pub fn max_redirects(mut self, count: u32) -> Self {
        self.max_redirects = count;
        self
    }

    /// Allows redirects from `https` to `http`.
    #[must_use]
    pub fn allow_insecure_redirects(mut self) -> Self {
        self.insecure_redirects = true;
        self
    }

    /// Time of one fetch: waiting for its turn, names, connections, redirects and the body.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Bytes of a request's body.
    #[must_use]
    pub fn max_request_body(mut self, bytes: u64) -> Self {
        self.max_request_body = bytes;
        self
    }

    /// Bytes of a response's body, after decompression.
    #[must_use]
    pub fn max_response_body(mut self, bytes: u64) -> Self {
        self.max_response_body = bytes;
        self
    }

    /// `requests` at once, and from then on as many in each `per`, evenly. Redirects that are
    /// followed count. All clones of a [`Fetcher`](super::Fetcher) share the rate.
    #[must_use]
    pub fn rate(mut self, requests: u32, per: Duration) -> Self {
        self.rate = Some((requests, per));
        self
    }

    /// No limit on the rate.
    #[must_use]
    pub fn unlimited_rate(mut self) -> Self {
        self.rate = None;
        self
    }

    /// Fetches at the same time, of all clones of a [`Fetcher`](super::Fetcher); others wait for their
    /// turn. Together with the limits on bodies, this bounds the host's memory.
    #[must_use]
    pub fn max_concurrent(mut self, count: u32) -> Self {
        self.max_concurrent = count;
        self
    }

    /// The only headers that may be sent.
    #[must_use]
    pub fn headers(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.headers = Some(owned(names));
        self
    }

    /// Allows a header that is not sent otherwise: one that is not among [`headers`](Self::headers), or
    /// one that servers behind proxies may trust, such as `x-forwarded-for` and
    /// `x-http-method-override`.
    #[must_use]
    pub fn allow_header(mut self, name: impl Into<String>) -> Self {
        self.allowed_headers.push(name.into());
        self
    }

    /// Denies a header, whatever else allows it.
    #[must_use]
    pub fn deny_header(mut self, name: impl Into<String>) -> Self {
        self.denied_headers.push(name.into());
        self
    }

    /// Trusts a certificate authority besides those that the crate brings along (Mozilla's): a
    /// certificate, DER encoded.
    #[must_use]
    pub fn trust_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots.push(der.into());
        self
    }

    /// Resolves names by a closure instead of by the system. Its addresses are judged like all.
    #[must_use]
    pub fn resolver<F, A>(mut self, resolver: F) -> Self
    where
        F: Fn(String) -> A + Send + Sync + 'static,
        A: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        self.lookup = Some(lookup(resolver));
        self
    }
}

impl fmt::Debug for FetchPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchPolicy")
            .field("any_host", &self.any_host)
            .field("hosts", &self.hosts)
            .field("schemes", &self.schemes)
            .field("ports", &self.ports)
            .field("methods", &self.methods)
            .field("private_addresses", &self.private_addresses)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
