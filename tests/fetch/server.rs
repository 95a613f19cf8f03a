//! HTTP servers on loopback, in plain bytes: what they answer need not be HTTP.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// A connection, with or without TLS.
pub(crate) trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The number of its connection.
    pub(crate) connection: usize,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Reads a request; `None` if the client leaves, or speaks something else.
    fn read(stream: &mut dyn Stream, connection: usize) -> Option<Self> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).ok()?;
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let mut request =
            Self { method: first.next()?.into(), path: first.next()?.into(), connection, ..Self::default() };
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ")?;
            request.headers.push((name.to_lowercase(), value.into()));
        }
        let bytes = request.header("content-length").map_or(0, |bytes| bytes.parse().unwrap());
        request.body = vec![0; bytes];
        stream.read_exact(&mut request.body).ok()?;
        Some(request)
    }
}

/// What makes an answer.
type Answer = dyn Fn(&Request, &mut dyn Stream) + Send + Sync;

/// A server. Each connection has a thread, and serves one request or, if it is kept, all that come.
#[derive(Debug)]
pub(crate) struct Server {
    port: u16,
    secure: bool,
    certificate: Vec<u8>,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    /// A server that gives each request to `answer`, with the connection.
    pub(crate) fn start(answer: impl Fn(&Request, &mut dyn Stream) + Send + Sync + 'static) -> Self {
        Self::serve(None, Vec::new(), false, Arc::new(answer))
    }

    /// A server that keeps its connections, and answers each request with these bytes.
    pub(crate) fn keeping(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let write = move |_: &Request, stream: &mut dyn Stream| stream.write_all(&answer).unwrap_or_default();
        Self::serve(None, Vec::new(), true, Arc::new(write))
    }

    /// A server that answers each request with these bytes.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |_, stream| stream.write_all(&answer).unwrap_or_default())
    }

    /// The same with TLS, and a certificate of its own for `a.test`.
    pub(crate) fn secure(answer: impl Fn(&Request, &mut dyn Stream) + Send + Sync + 'static) -> Self {
        let (config, certificate) = identity();
        Self::serve(Some(Arc::new(config)), certificate, false, Arc::new(answer))
    }

    fn serve(tls: Option<Arc<ServerConfig>>, certificate: Vec<u8>, keep: bool, answer: Arc<Answer>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            secure: tls.is_some(),
            certificate,
            requests: Arc::default(),
            stop: Arc::default(),
        };
        let (requests, stop) = (server.requests.clone(), server.stop.clone());
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (mut stream, tls) = (stream.unwrap(), tls.clone());
                let (requests, answer) = (requests.clone(), answer.clone());
                let serve = move |stream: &mut dyn Stream| {
                    while let Some(request) = Request::read(stream, number) {
                        requests.lock().unwrap().push(request.clone());
                        answer(&request, stream);
                        if !keep {
                            break;
                        }
                    }
                };
                thread::spawn(move || match tls {
                    None => serve(&mut stream),
                    Some(tls) => {
                        let mut stream = StreamOwned::new(ServerConnection::new(tls).unwrap(), stream);
                        serve(&mut stream);
                        stream.conn.send_close_notify();
                        stream.flush().unwrap_or_default();
                    }
                });
            }
        });
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A URL of this server, known as `host`.
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.port)
    }

    /// The server's certificate, DER encoded.
    pub(crate) fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// What has come so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The only request that has come.
    #[track_caller]
    pub(crate) fn request(&self) -> Request {
        let [request] = self.requests().try_into().unwrap();
        request
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// TLS as `a.test`, and its certificate, DER encoded.
pub(crate) fn identity() -> (ServerConfig, Vec<u8>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["a.test".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (config, cert.der().to_vec())
}

/// The bytes of a response: its status and reason, more header lines, its body.
pub(crate) fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for line in headers {
        head += line;
        head += "\r\n";
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// The bytes of a response with the status 200.
pub(crate) fn ok(body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK", &[], body)
}

/// The bytes of a redirect.
pub(crate) fn redirect(status: u16, location: &str) -> Vec<u8> {
    response(&format!("{status} Elsewhere"), &[&format!("location: {location}")], "")
}

/// Waits until the client has closed the connection.
pub(crate) fn wait_until_gone(stream: &mut dyn Stream) {
    let mut rest = [0; 64];
    while matches!(stream.read(&mut rest), Ok(1..)) {}
}
