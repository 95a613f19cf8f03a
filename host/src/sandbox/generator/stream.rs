//! A generator's yields as a stream, which owns the sandbox.

use super::{Steps, not_returned};
use crate::{
    error::{Error, Result},
    options::CallOptions,
    runtime::Runtime,
    sandbox::{FunctionName, Sandbox},
};
use futures_core::{FusedStream, Stream};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// What a generator of the guest yields, without a thread that waits for it.
///
/// The guest runs on a thread for blocking work of the engine's runtime
/// ([`EngineBuilder::runtime`](crate::EngineBuilder::runtime)), and only between a poll
/// and the item that it asked for. Dropping the stream ends the generator there, and its
/// `finally` blocks run: at once, or when the step that is under way has come to its
/// `yield`. [`finish`](YieldStream::finish) waits for that and gives the sandbox back.
#[must_use = "the generator runs when its yields are asked for"]
pub struct YieldStream<Y> {
    runtime: Arc<Runtime>,
    desk: Arc<Desk<Y>>,
    over: bool,
}

/// A sandbox whose generator runs in steps.
#[derive(Debug)]
struct Running {
    sandbox: Sandbox,
    steps: Steps,
}

/// Where the stream and the thread that runs a step hand things over.
struct Desk<Y> {
    place: Mutex<Place<Y>>,
}

enum Place<Y> {
    /// The stream's turn; with the item of the last step, if nobody has taken it.
    Here(Box<Running>, Option<Step<Y>>),
    /// A thread runs a step. The waker is for its end.
    Away(Option<Waker>),
    /// The stream is gone, or the sandbox is.
    Gone,
}

/// What a step came to.
type Step<Y> = Option<Result<Y>>;

impl Sandbox {
    /// [`Sandbox::stream`] as a [`Stream`], which takes the sandbox with it.
    ///
    /// # Errors
    /// As [`Sandbox::stream`].
    pub fn into_stream<'f, Y: DeserializeOwned + Send + 'static>(
        self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
    ) -> Result<YieldStream<Y>> {
        self.into_stream_with(function, arguments, &CallOptions::default())
    }

    /// [`Sandbox::into_stream`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::stream_with`].
    pub fn into_stream_with<'f, Y: DeserializeOwned + Send + 'static>(
        mut self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<YieldStream<Y>> {
        let steps = Steps::new(&mut self, function, arguments, options)?;
        let runtime = Arc::clone(self.engine.runtime());
        let place = Place::Here(Box::new(Running { sandbox: self, steps }), None);
        Ok(YieldStream { runtime, desk: Arc::new(Desk { place: Mutex::new(place) }), over: false })
    }
}

impl<Y> Desk<Y> {
    fn place(&self) -> MutexGuard<'_, Place<Y>> {
        // It is only ever replaced as a whole.
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the sandbox back after a step, or ends its generator when nobody waits.
    fn put(&self, mut running: Box<Running>, step: Option<Step<Y>>) {
        let mut place = self.place();
        match &mut *place {
            Place::Away(waker) => {
                let waker = waker.take();
                *place = Place::Here(running, step);
                drop(place);
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            Place::Here(..) | Place::Gone => {
                drop(place);
                running.close();
            }
        }
    }
}

impl Running {
    fn close(&mut self) {
        // Who wants to know how it went calls `finish`.
        let _ = self.steps.close(&mut self.sandbox);
    }
}

impl<Y: Send + 'static> YieldStream<Y> {
    /// What the generator returned, once the stream is at its end; `None` when that is
    /// `undefined`.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when it has not returned, or the value does not fit `R`.
    pub fn returned<R: DeserializeOwned>(&self) -> Result<Option<R>> {
        match &*self.desk.place() {
            Place::Here(running, _) => running.steps.returned(&running.sandbox),
            Place::Away(_) | Place::Gone => Err(not_returned()),
        }
    }

    /// Ends the generator, and gives the sandbox back: the `finally` blocks run.
    ///
    /// # Errors
    /// `ERR_JS` when they throw, and else as [`Sandbox::call`]; the sandbox is gone then.
    /// `ERR_INTERNAL` when the engine's runtime has been shut down.
    pub async fn finish(self) -> Result<Sandbox> {
        let closed = Arc::new(Mutex::new(None));
        poll_fn(|context| self.poll_here(context)).await?;
        let slot = Arc::clone(&closed);
        self.send(move |running| {
            let outcome = running.steps.close(&mut running.sandbox);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            None
        })?;
        poll_fn(|context| self.poll_here(context)).await?;
        if let Some(outcome) = closed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            outcome?;
        }
        match std::mem::replace(&mut *self.desk.place(), Place::Gone) {
            Place::Here(running, _) => Ok(running.sandbox),
            Place::Away(_) | Place::Gone => Err(lost()),
        }
    }

    /// Waits until no thread runs a step.
    fn poll_here(&self, context: &Context<'_>) -> Poll<Result<()>> {
        match &mut *self.desk.place() {
            Place::Here(..) => Poll::Ready(Ok(())),
            Place::Away(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            Place::Gone => Poll::Ready(Err(lost())),
        }
    }

    /// Lets a thread work on the sandbox, which is here.
    fn send(&self, work: impl FnOnce(&mut Running) -> Option<Step<Y>> + Send + 'static) -> Result<()> {
        let mut place = self.desk.place();
        let mut running = match std::mem::replace(&mut *place, Place::Away(None)) {
            Place::Here(running, _) => running,
            other => {
                *place = other;
                return Err(lost());
            }
        };
        drop(place);
        let back = Back(Some(Arc::clone(&self.desk)));
        self.runtime.spawn_blocking(move || {
            let step = work(&mut running);
            back.put(running, step);
        })
    }
}

/// The way back of a sandbox. The stream is told when there is none: the thread ended
/// before, or never began.
struct Back<Y>(Option<Arc<Desk<Y>>>);

impl<Y> Back<Y> {
    fn put(mut self, running: Box<Running>, step: Option<Step<Y>>) {
        if let Some(desk) = self.0.take() {
            desk.put(running, step);
        }
    }
}

impl<Y> Drop for Back<Y> {
    fn drop(&mut self) {
        let Some(desk) = &self.0 else { return };
        let mut place = desk.place();
        if let Place::Away(waker) = &mut *place {
            let waker = waker.take();
            *place = Place::Gone;
            drop(place);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

fn lost() -> Error {
    Error::internal("the engine's runtime was shut down while a generator ran")
}

impl<Y: DeserializeOwned + Send + 'static> Stream for YieldStream<Y> {
    type Item = Result<Y>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Y>>> {
        let this = self.get_mut();
        loop {
            if this.over {
                return Poll::Ready(None);
            }
            let taken = match &mut *this.desk.place() {
                Place::Here(_, step) => step.take(),
                Place::Away(waker) => {
                    *waker = Some(context.waker().clone());
                    return Poll::Pending;
                }
                Place::Gone => {
                    this.over = true;
                    Some(Some(Err(lost())))
                }
            };
            if let Some(step) = taken {
                this.over |= step.is_none();
                return Poll::Ready(step);
            }
            if let Err(error) = this.send(|running| Some(running.steps.step(&mut running.sandbox))) {
                this.over = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<Y: DeserializeOwned + Send + 'static> FusedStream for YieldStream<Y> {
    fn is_terminated(&self) -> bool {
        self.over
    }
}

impl<Y> Drop for YieldStream<Y> {
    fn drop(&mut self) {
        let place = std::mem::replace(&mut *self.desk.place(), Place::Gone);
        if let Place::Here(mut running, _) = place {
            // Not here, where nothing may wait. Without a runtime the sandbox just goes.
            let _ = self.runtime.spawn_blocking(move || running.close());
        }
    }
}

impl<Y> fmt::Debug for YieldStream<Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YieldStream").field("over", &self.over).finish_non_exhaustive()
    }
}
