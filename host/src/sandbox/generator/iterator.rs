//! A generator's yields as an iterator, which borrows the sandbox.

use super::Steps;
use crate::{
    error::Result,
    options::CallOptions,
    sandbox::{FunctionName, Sandbox},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt, iter::FusedIterator, marker::PhantomData};

/// What a generator of the guest yields.
///
/// The guest runs only inside [`next`](Iterator::next), so what is not taken is not
/// made. Dropping it ends the generator, and its `finally` blocks run, under what is
/// left of the call's limits; [`close`](Yields::close) does the same and tells how
/// that went. After an item that is an error of the guest there is nothing more; a
/// yielded value that does not fit `Y` is an error too, and the next one may fit.
#[must_use = "the generator runs when its yields are asked for"]
pub struct Yields<'s, Y> {
    sandbox: &'s mut Sandbox,
    steps: Steps,
    yields: PhantomData<fn() -> Y>,
}

impl Sandbox {
    /// Calls a generator function of the guest, or an async one, and gives its yields
    /// as an iterator. A yielded promise is awaited. A function that returns no
    /// generator yields nothing, and [`Yields::returned`] has its result.
    ///
    /// All is one call: its limits on time are for the time that the guest runs, not
    /// for the time between two items.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// sandbox.eval::<()>("export function* count() { let n = 0; for (;;) yield ++n; }")?;
    /// let first: Vec<u32> = sandbox.stream("count", &())?.take(3).collect::<Result<_, _>>()?;
    /// assert_eq!(first, [1, 2, 3]);
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when the arguments are no sequence, `ERR_POISONED`. Whether
    /// there is such a function shows with the first item.
    pub fn stream<'f, Y: DeserializeOwned>(
        &mut self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
    ) -> Result<Yields<'_, Y>> {
        self.stream_with(function, arguments, &CallOptions::default())
    }

    /// [`Sandbox::stream`] with options.
    ///
    /// # Errors
    /// As [`Sandbox::stream`]; and `ERR_INVALID_ARG` when an option is out of bounds.
    pub fn stream_with<'f, Y: DeserializeOwned>(
        &mut self,
        function: impl Into<FunctionName<'f>>,
        arguments: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<Yields<'_, Y>> {
        let steps = Steps::new(self, function, arguments, options)?;
        Ok(Yields { sandbox: self, steps, yields: PhantomData })
    }
}

impl<Y> Yields<'_, Y> {
    /// What the generator returned, once the iterator is at its end; `None` when that
    /// is `undefined`.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when it has not returned, or the value does not fit `R`.
    pub fn returned<R: DeserializeOwned>(&self) -> Result<Option<R>> {
        self.steps.returned(self.sandbox)
    }

    /// Ends the generator: its `finally` blocks run.
    ///
    /// # Errors
    /// `ERR_JS` when they throw; else as [`Sandbox::call`].
    pub fn close(mut self) -> Result<()> {
        self.steps.close(self.sandbox)
    }
}

impl<Y: DeserializeOwned> Iterator for Yields<'_, Y> {
    type Item = Result<Y>;

    fn next(&mut self) -> Option<Result<Y>> {
        self.steps.step(self.sandbox)
    }
}

impl<Y: DeserializeOwned> FusedIterator for Yields<'_, Y> {}

impl<Y> Drop for Yields<'_, Y> {
    fn drop(&mut self) {
        // Who wants to know how it went calls `close`.
        let _ = self.steps.close(self.sandbox);
    }
}

impl<Y> fmt::Debug for Yields<'_, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yields").field("steps", &self.steps).finish_non_exhaustive()
    }
}
