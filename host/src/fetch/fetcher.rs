//! One fetch, from the request to the response.

use super::{
    callback::Callback,
    error::{FetchError, FetchErrorKind},
    headers::check_size,
    message::{FetchRequest, FetchResponse, Headers, RedirectMode},
    network::{self, Network},
    policy::FetchPolicy,
    rate::Rate,
    redirect,
    rules::{Hop, Rules},
};
use crate::{error::Result, hostfn::HostError};
use hyper::ext::ReasonPhrase;
use reqwest::{
    Method, Response, Version,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use std::{future::Future, sync::Arc, time::Instant};
use tokio::{runtime::Handle, sync::Semaphore, time::timeout};

/// Fetches what a [`FetchPolicy`] allows.
///
/// Clones are cheap and share everything: connections, rate, and how many fetches run at the same
/// time. Two fetchers share nothing, even with equal policies.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    rules: Rules,
    rate: Option<Rate>,
    turns: Semaphore,
    transport: Transport,
}

#[derive(Debug)]
enum Transport {
    Network(Box<Network>),
    Callback(Callback),
}

/// The head of a response, and where its body comes from.
struct Answer {
    status: u16,
    status_text: String,
    headers: HeaderMap,
    body: Body,
}

enum Body {
    Ready(Vec<u8>),
    Coming(Response),
}

impl Fetcher {
    /// A fetcher on the network. Nothing is opened before the first fetch.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when a value of the policy is out of its bounds.
    pub fn new(policy: FetchPolicy) -> Result<Self> {
        let network = Network::new(&policy)?;
        Self::over(Transport::Network(Box::new(network)), &policy)
    }

    /// A fetcher whose requests an async closure answers, instead of the network. The policy holds as it
    /// does there, but for the addresses of names, which are not looked up: a request comes to the closure
    /// after it was checked, with its method and its URL normalized and the names of its headers in lower
    /// case; a redirect that the closure answers is followed to the closure again.
    ///
    /// What the closure's error says is told to guest code; a panic is the kind
    /// [`Callback`](FetchErrorKind::Callback), and its text stays on the host.
    ///
    /// ```
    /// use hypercell::{FetchPolicy, FetchResponse, Fetcher};
    ///
    /// let policy = FetchPolicy::new().allow_host("time.example");
    /// let fetcher = Fetcher::answered_by(policy, async |request| {
    ///     Ok(FetchResponse::new(200, "noon").header("content-type", "text/plain"))
    /// })?;
    /// # drop(fetcher);
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Fetcher::new`].
    pub fn answered_by<F, A>(policy: FetchPolicy, answer: F) -> Result<Self>
    where
        F: Fn(FetchRequest) -> A + Send + Sync + 'static,
        A: Future<Output = Result<FetchResponse, HostError>> + Send + 'static,
    {
        Self::over(Transport::Callback(Callback::new(answer)), &policy)
    }

    fn over(transport: Transport, policy: &FetchPolicy) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            rules: Rules::new(policy)?,
            rate: policy.rate.map(|(requests, per)| Rate::new(requests, per)),
            turns: Semaphore::new(policy.max_concurrent as usize),
            transport,
        })))
    }

    /// Fetches. It needs a tokio runtime with I/O and time enabled. Who drops the future cancels the
    /// request.
    ///
    /// # Errors
    /// As the kind tells. A response with an error's status is a response.
    pub async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        if Handle::try_current().is_err() {
            return Err(FetchError::new(FetchErrorKind::Internal, "fetch needs a tokio runtime around it"));
        }
        let inner = &*self.0;
        let mode = request.redirect;
        let hop = inner.rules.admit(request)?;
        let host = hop.url.host_str().unwrap_or_default().to_owned();
        let limit = inner.rules.timeout;
        timeout(limit, inner.run(hop, mode)).await.unwrap_or_else(|_| {
            Err(FetchError::new(
                FetchErrorKind::Timeout,
                format!("there was no response of `{host}` within the {limit:?} of `FetchPolicy::timeout`"),
            ))
        })
    }
}

impl Inner {
    async fn run(&self, mut hop: Hop, mode: RedirectMode) -> Result<FetchResponse, FetchError> {
        // Nobody closes the semaphore.
        let _turn = self.turns.acquire().await;
        let mut redirects = 0;
        loop {
            self.take_rate()?;
            let answer = self.transport.send(&hop).await?;
            if !redirect::is_redirect(answer.status) || mode == RedirectMode::Manual {
                return self.finish(answer, &hop, redirects > 0).await;
            }
            let host = hop.url.host_str().unwrap_or_default();
            let refused = |why: String| Err(FetchError::new(FetchErrorKind::Redirect, why));
            if mode == RedirectMode::Error {
                return refused(format!(
                    "the host `{host}` redirects, and the request's redirect mode is `error`"
                ));
            }
            let Some(next) = redirect::next(&self.rules, &hop, answer.status, &answer.headers)? else {
                return self.finish(answer, &hop, redirects > 0).await;
            };
            if redirects == self.rules.max_redirects {
                return refused(format!(
                    "the host `{host}` redirects once more after {redirects} redirects, as many as \
                     `FetchPolicy::max_redirects` allows"
                ));
            }
            redirects += 1;
            hop = next;
        }
    }

    fn take_rate(&self) -> Result<(), FetchError> {
        let Some(rate) = &self.rate else { return Ok(()) };
        rate.take(Instant::now()).map_err(|wait| {
            FetchError::new(
                FetchErrorKind::Rate,
                format!(
                    "there are more requests than `FetchPolicy::rate` allows; the next one may go in {wait:?}"
                ),
            )
        })
    }

    async fn finish(&self, answer: Answer, hop: &Hop, redirected: bool) -> Result<FetchResponse, FetchError> {
        let Answer { status, status_text, headers, body } = answer;
        check_size("response", headers.iter().map(|(name, value)| name.as_str().len() + value.len()))?;
        // There is nothing to decode, whatever the headers of such a response say.
        let without = hop.method == Method::HEAD || matches!(status, 204 | 205 | 304);
        let most = self.rules.max_response_body;
        let body = match body {
            _ if without => Vec::new(),
            Body::Coming(response) => network::read(response, most, &hop.url).await?,
            Body::Ready(body) if body.len() as u64 > most => {
                return Err(network::too_large(&body.len().to_string(), most, &hop.url));
            }
            Body::Ready(body) => body,
        };
        let pair = |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.as_bytes().to_vec());
        let headers = headers.iter().map(pair).collect();
        Ok(FetchResponse { status, status_text, url: hop.url.to_string(), redirected, headers, body })
    }
}

impl Transport {
    async fn send(&self, hop: &Hop) -> Result<Answer, FetchError> {
        match self {
            Self::Network(network) => {
                let mut response = network.send(hop).await?;
                Ok(Answer {
                    status: response.status().as_u16(),
                    status_text: status_text(&response),
                    headers: std::mem::take(response.headers_mut()),
                    body: Body::Coming(response),
                })
            }
            Self::Callback(callback) => from_callback(callback.answer(to_callback(hop)).await?),
        }
    }
}

/// The status line's text. The client keeps it where it is not the usual one.
fn status_text(response: &Response) -> String {
    if response.version() >= Version::HTTP_2 {
        return String::new();
    }
    match response.extensions().get::<ReasonPhrase>() {
        Some(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
        None => response.status().canonical_reason().unwrap_or_default().to_owned(),
    }
}

fn to_callback(hop: &Hop) -> FetchRequest {
    let pair = |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.as_bytes().to_vec());
    FetchRequest {
        method: hop.method.to_string(),
        url: hop.url.to_string(),
        headers: hop.headers.iter().map(pair).collect(),
        body: hop.body.as_ref().map(|body| body.to_vec()),
        redirect: RedirectMode::Manual,
    }
}

fn from_callback(response: FetchResponse) -> Result<Answer, FetchError> {
    let wrong = |what: String| {
        FetchError::new(FetchErrorKind::Callback, format!("the host's function for fetch answered {what}"))
    };
    let FetchResponse { status, status_text, headers, body, .. } = response;
    if !(200..=599).contains(&status) {
        return Err(wrong(format!("with the status {status}, and it must be from 200 to 599")));
    }
    if status_text.contains(|letter: char| letter.is_control()) {
        return Err(wrong("with a control character in its status text".into()));
    }
    check_size("response", headers.iter().map(|(name, value)| name.len() + value.len()))?;
    let headers = map(headers).ok_or_else(|| wrong("with a header that HTTP does not know".into()))?;
    Ok(Answer { status, status_text, headers, body: Body::Ready(body) })
}

fn map(headers: Headers) -> Option<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        map.append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    Some(map)
}
