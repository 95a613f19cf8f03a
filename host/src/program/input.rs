//! What a program reads: bytes that are there, or a reader that may wait.

use super::NextInput;
use crate::{hostfn::HostError, runtime::Runtime, value::Bytes, value::Payload};
use std::{
    fmt,
    future::Future,
    io::{self, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot;

/// Most bytes of one piece: the smallest input region has room for it.
const PIECE: usize = 48 << 10;

type Reader = Box<dyn Read + Send>;

/// Standard input.
#[derive(Clone)]
pub(crate) struct Input(Arc<Mutex<Reader>>);

impl Input {
    pub(super) fn empty() -> Self {
        Self::bytes(Vec::new())
    }

    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self::reader(io::Cursor::new(bytes))
    }

    pub(super) fn reader(reader: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Box::new(reader))))
    }

    /// Reads the next piece on a thread that may wait: bytes, or `null` at the end.
    pub(crate) fn next(&self, runtime: &Runtime) -> impl Future<Output = NextInput> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        let reader = Arc::clone(&self.0);
        let started = runtime.spawn_blocking(move || {
            // Whoever asked may be gone.
            let _ = sender.send(read(&reader));
        });
        async move {
            started.map_err(|error| HostError::new(error.to_string()))?;
            let gone = |_| HostError::new("the host's threads were shut down");
            receiver.await.map_err(gone)?
        }
    }
}

fn read(reader: &Mutex<Reader>) -> NextInput {
    let mut piece = vec![0; PIECE];
    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
    let read = loop {
        match catch_unwind(AssertUnwindSafe(|| reader.read(&mut piece))) {
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other,
        }
    };
    drop(reader);
    let failed =
        |what: String| Err(HostError::new(format!("reading standard input failed: {what}")).with_code("EIO"));
    match read {
        Ok(Ok(0)) => Ok(Payload::encode(&None::<Bytes>)?),
        Ok(Ok(len)) => {
            piece.truncate(len);
            Ok(Payload::encode(&Bytes(piece))?)
        }
        Ok(Err(error)) => failed(error.kind().to_string()),
        Err(_) => failed("the host's reader panicked".to_owned()),
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Input")
    }
}
