//! `fetch` as guest code calls it: an asynchronous host function.

use super::{
    error::FetchError,
    fetcher::Fetcher,
    message::{FetchRequest, RedirectMode},
};
use crate::{hostfn::HostError, value::Bytes};
use serde::Serialize;

/// What a request of guest code says: `fetch` of the guest is the only one that makes it,
/// and any code of a hostile guest can.
#[derive(Debug)]
pub(crate) struct GuestRequest {
    pub(crate) method: String,
    pub(crate) url: String,
    /// `follow`, `error` or `manual`.
    pub(crate) redirect: String,
    /// Lines of `name:value`, each character a byte (isomorphic encoding, Infra 4.6).
    pub(crate) headers: String,
    pub(crate) body: Option<Bytes>,
}

/// What guest code gets.
#[derive(Debug, Serialize)]
pub(crate) struct GuestResponse {
    status: u16,
    #[serde(rename = "statusText")]
    status_text: String,
    url: String,
    redirected: bool,
    /// Each character a byte.
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// Fetches what guest code asks for.
pub(crate) async fn answer(fetcher: Fetcher, request: GuestRequest) -> Result<GuestResponse, HostError> {
    let request = read(request).map_err(|error| told(&error))?;
    let response = fetcher.fetch(request).await.map_err(|error| told(&error))?;
    let header = |(name, value): (String, Vec<u8>)| (name, value.into_iter().map(char::from).collect());
    Ok(GuestResponse {
        status: response.status,
        status_text: response.status_text,
        url: response.url,
        redirected: response.redirected,
        headers: response.headers.into_iter().map(header).collect(),
        body: Bytes(response.body),
    })
}

fn read(request: GuestRequest) -> Result<FetchRequest, FetchError> {
    let GuestRequest { method, url, redirect, headers, body } = request;
    let mut read = FetchRequest::new(method, url).redirect(match redirect.as_str() {
        "follow" => RedirectMode::Follow,
        "error" => RedirectMode::Error,
        "manual" => RedirectMode::Manual,
        _ => return Err(FetchError::invalid(format!("the redirect mode {redirect:?} is unknown"))),
    });
    for line in headers.lines() {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| FetchError::invalid(format!("the header {line:?} has no value")))?;
        let bytes: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
        let bytes = bytes.map_err(|_| {
            FetchError::invalid(format!("the header `{name}` has a character that is no byte"))
        })?;
        read = read.header(name, bytes);
    }
    read.body = body.map(|body| body.0);
    Ok(read)
}

/// A network error of the Fetch standard: a `TypeError`, here with what happened and a code.
fn told(error: &FetchError) -> HostError {
    let code = format!("ERR_FETCH_{}", error.kind().as_str().replace('-', "_").to_uppercase());
    HostError::new(error.message()).with_name("TypeError").with_code(code)
}
