//! What is asked and what is answered.

use std::fmt;

/// Headers in order, names as they were given, values as bytes.
pub(super) type Headers = Vec<(String, Vec<u8>)>;

/// A request, as guest code makes it: nothing of it has been checked.
#[derive(Clone)]
#[non_exhaustive]
pub struct FetchRequest {
    /// The method, e.g. `GET`.
    pub method: String,
    /// The URL: absolute, with the scheme `http` or `https`.
    pub url: String,
    /// Headers in order; a name may occur again.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, in one piece.
    pub body: Option<Vec<u8>>,
    /// What becomes of a redirect.
    pub redirect: RedirectMode,
}

/// What becomes of a redirect: the Fetch standard's
/// [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RedirectMode {
    /// It is followed.
    #[default]
    Follow,
    /// The fetch fails.
    Error,
    /// It is the response, with its status and its headers.
    Manual,
}

/// A response, in one piece.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchResponse {
    /// The status, e.g. 200. A closure's answer has one of 200 to 599.
    pub status: u16,
    /// The status line's text; empty where the protocol has none, as HTTP/2.
    pub status_text: String,
    /// The URL that answered, after redirects, without its fragment. A closure can leave it empty.
    pub url: String,
    /// Whether a redirect was followed.
    pub redirected: bool,
    /// Headers in order, names in lower case; a name may occur again, as `set-cookie` does.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, decoded. `content-encoding` and `content-length` of a body that came compressed are
    /// not among the headers.
    pub body: Vec<u8>,
}

impl FetchRequest {
    /// A request without headers and body that follows redirects.
    #[must_use]
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: None,
            redirect: RedirectMode::Follow,
        }
    }

    /// A `GET`, see [`FetchRequest::new`].
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self::new("GET", url)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets what becomes of a redirect.
    #[must_use]
    pub fn redirect(mut self, mode: RedirectMode) -> Self {
        self.redirect = mode;
        self
    }
}

impl FetchResponse {
    /// A response without headers.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            status_text: String::new(),
            url: String::new(),
            redirected: false,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

// Values of headers and bodies are the guest's business and may be secret: logs have their names and
// their sizes.
impl fmt::Debug for FetchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("headers", &names(&self.headers))
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .field("redirect", &self.redirect)
            .finish()
    }
}

impl fmt::Debug for FetchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchResponse")
            .field("status", &self.status)
            .field("url", &self.url)
            .field("redirected", &self.redirected)
            .field("headers", &names(&self.headers))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn names(headers: &Headers) -> Vec<&str> {
    headers.iter().map(|(name, _)| name.as_str()).collect()
}
