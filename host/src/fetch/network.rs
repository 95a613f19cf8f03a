//! The HTTP client.

use super::{
    error::{FetchError, FetchErrorKind},
    policy::FetchPolicy,
    resolve::Resolver,
    rules::{Hop, refuse},
};
use crate::error::{Error, Result};
use bytes::Bytes;
use reqwest::{
    Client, Method, Request, Response,
    header::{CONTENT_LENGTH, HeaderValue},
    redirect,
};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::CertificateDer};
use std::{
    error, io,
    sync::{Arc, OnceLock},
    time::Duration,
};
use url::Url;

/// Connections that are kept for the next request: so many for each host, for so long.
const IDLE: (usize, Duration) = (4, Duration::from_secs(15));

/// The network behind one policy, with connections of its own.
#[derive(Debug)]
pub(super) struct Network {
    tls: ClientConfig,
    resolver: Arc<Resolver>,
    /// Made by the first request.
    client: OnceLock<Client>,
}

impl Network {
    pub(super) fn new(policy: &FetchPolicy) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() };
        for der in &policy.roots {
            let added = roots.add(CertificateDer::from(der.as_slice()));
            added.map_err(|error| refuse("trust_certificate", format!("is not a certificate: {error}")))?;
        }
        let mut tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal("the TLS library has no protocol").with_source(error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let resolver = Arc::new(Resolver::new(policy.lookup.clone(), policy.private_addresses));
        Ok(Self { tls, resolver, client: OnceLock::new() })
    }

    fn client(&self) -> Result<&Client, FetchError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Arc::clone(&self.resolver))
            // No proxy: it would connect where no rule looks.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            .user_agent(concat!("hypercell/", env!("CARGO_PKG_VERSION")))
            .pool_max_idle_per_host(IDLE.0)
            .pool_idle_timeout(IDLE.1)
            .build();
        let client = client.map_err(|error| {
            FetchError::new(FetchErrorKind::Internal, "there is no HTTP client").with_source(error)
        })?;
        Ok(self.client.get_or_init(|| client))
    }

    /// Sends one request, and reads the response's head.
    pub(super) async fn send(&self, hop: &Hop) -> Result<Response, FetchError> {
        let mut request = Request::new(hop.method.clone(), hop.url.clone());
        *request.headers_mut() = hop.headers.clone();
        // The Fetch standard wants it said; some servers wait for a body otherwise.
        if hop.body.as_ref().is_none_or(Bytes::is_empty) && matches!(hop.method, Method::POST | Method::PUT) {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *request.body_mut() = hop.body.clone().map(Into::into);
        self.client()?.execute(request).await.map_err(|error| failure(error, &hop.url))
    }
}

/// The body of a response, decoded, of at most `most` bytes.
pub(super) async fn read(mut response: Response, most: u64, url: &Url) -> Result<Vec<u8>, FetchError> {
    // What the server says about the length saves the transfer, and is believed for nothing else.
    if let Some(bytes) = response.content_length().filter(|bytes| *bytes > most) {
        return Err(too_large(&bytes.to_string(), most, url));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(error, url))? {
        if (body.len() + chunk.len()) as u64 > most {
            return Err(too_large("more", most, url));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error of a body of `bytes` bytes.
pub(super) fn too_large(bytes: &str, most: u64, url: &Url) -> FetchError {
    let host = url.host_str().unwrap_or_default();
    FetchError::too_large(format!(
        "the response of `{host}` has a body of {bytes} bytes, and {most} are allowed by \
         `FetchPolicy::max_response_body`"
    ))
}

/// What a failure of the client means. The client's own text stays on the host, as it may tell of
/// addresses.
fn failure(error: reqwest::Error, url: &Url) -> FetchError {
    let host = url.host_str().unwrap_or_default();
    let mut told = if error.is_connect() {
        let port = url.port_or_known_default().unwrap_or(0);
        FetchError::new(FetchErrorKind::Connect, format!("there is no connection to port {port} of `{host}`"))
    } else {
        let message = format!("the response of `{host}` is not valid HTTP, or ended too early");
        FetchError::new(FetchErrorKind::Protocol, message)
    };
    let mut cause: Option<&(dyn error::Error + 'static)> = Some(&error);
    while let Some(found) = cause {
        if let Some(own) = found.downcast_ref::<FetchError>() {
            told = FetchError::new(own.kind(), own.message());
        } else if let Some(tls) = found.downcast_ref::<rustls::Error>() {
            let why = match tls {
                rustls::Error::InvalidCertificate(why) => format!("its certificate does not hold: {why}"),
                _ => "it speaks no TLS that both sides know".to_owned(),
            };
            let message = format!("there is no secure connection to `{host}`: {why}");
            told = FetchError::new(FetchErrorKind::Tls, message);
        } else if found.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse) {
            let message = format!("the head of the response of `{host}` is not valid HTTP, or is too large");
            told = FetchError::new(FetchErrorKind::Protocol, message);
        }
        // An I/O error does not count what it wraps as its source.
        let wrapped = found.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => found.source(),
        };
    }
    told.with_source(error.without_url())
}
