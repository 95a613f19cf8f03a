//! Redirects: the Fetch standard's
//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch).

use super::{
    error::{FetchError, FetchErrorKind},
    headers::{remove_credentials, remove_of_body},
    rules::{Hop, Rules},
};
use reqwest::{
    Method,
    header::{HeaderMap, LOCATION},
};

fn wrong(message: String) -> FetchError {
    FetchError::new(FetchErrorKind::Redirect, message)
}

/// Whether a status is a redirect.
pub(super) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The hop after a redirect, judged like a first one; `None` if the response names no other place, and
/// so is the answer.
///
/// # Errors
/// When the place is no URL, or the policy does not allow it.
pub(super) fn next(
    rules: &Rules,
    hop: &Hop,
    status: u16,
    headers: &HeaderMap,
) -> Result<Option<Hop>, FetchError> {
    let mut places = headers.get_all(LOCATION).iter();
    let Some(place) = places.next() else { return Ok(None) };
    let host = hop.url.host_str().unwrap_or_default();
    if places.any(|other| other != place) {
        return Err(wrong(format!("the host `{host}` redirects to more than one place")));
    }
    let no_url = || wrong(format!("the host `{host}` redirects to what is not a URL"));
    let place = std::str::from_utf8(place.as_bytes()).map_err(|_| no_url())?;
    let mut url = hop.url.join(place).map_err(|_| no_url())?;
    url.set_fragment(None);
    if !matches!(url.scheme(), "https" | "http") {
        return Err(wrong(format!("the host `{host}` redirects to the scheme `{}`", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(format!("the host `{host}` redirects to a URL with a user name or a password")));
    }
    if hop.url.scheme() == "https" && url.scheme() == "http" && !rules.insecure_redirects {
        return Err(wrong(format!(
            "the host `{host}` redirects from https to http; the embedding program allows that by \
             `FetchPolicy::allow_insecure_redirects`"
        )));
    }
    let mut next = Hop { url, ..hop.clone() };
    let becomes_get = match status {
        301 | 302 => next.method == Method::POST,
        303 => !matches!(next.method, Method::GET | Method::HEAD),
        _ => false,
    };
    if becomes_get {
        next.method = Method::GET;
        next.body = None;
        remove_of_body(&mut next.headers);
    }
    if next.url.origin() != hop.url.origin() {
        remove_credentials(&mut next.headers);
    }
    rules.judge(&next)?;
    Ok(Some(next))
}
