//! Generators of the guest, whose yields the host takes one by one.

mod iterator;
mod stream;

pub use iterator::Yields;
pub use stream::YieldStream;

use super::{
    Sandbox,
    call::{Call, Request},
    function::{FunctionName, arguments},
};
use crate::{
    error::{Error, Result},
    options::CallOptions,
    value::Payload,
};
use hypercell_common::Kind;
use serde::{Serialize, de::DeserializeOwned};

/// The requests of one generator, which are one call with one set of limits.
#[derive(Debug)]
struct Steps {
    call: Call,
    at: At,
}

/// How far a generator is.
#[derive(Debug)]
enum At {
    /// It was not asked for anything.
    Start { target: String, arguments: Payload },
    /// It stopped at a `yield`.
    Yielded,
    /// It returned, and the answer that says so is the sandbox's last.
    Returned,
    /// It failed, or was ended.
    Over,
}

impl Steps {
    fn new<'f>(
        sandbox: &mut Sandbox,
        function: impl Into<FunctionName<'f>>,
        given: &(impl Serialize + ?Sized),
        options: &CallOptions,
    ) -> Result<Self> {
        let target = function.into().target()?;
        let arguments = arguments(given)?;
        Ok(Self { call: sandbox.start(options)?, at: At::Start { target, arguments } })
    }

    /// Runs the generator to its next yield; `None` when there is none any more.
    fn step<Y: DeserializeOwned>(&mut self, sandbox: &mut Sandbox) -> Option<Result<Y>> {
        let answer = match std::mem::replace(&mut self.at, At::Over) {
            At::Start { target, arguments } => {
                let sections = arguments.sections();
                let body = arguments.json();
                let request = Request { kind: Kind::Generate, target: &target, body, sections: &sections };
                sandbox.exchange(&mut self.call, request)
            }
            At::Yielded => sandbox.exchange(&mut self.call, Request::bare(Kind::Next)),
            over @ (At::Returned | At::Over) => {
                self.at = over;
                return None;
            }
        };
        match answer {
            Ok(answer) if answer.is_yield() => {
                self.at = At::Yielded;
                Some(answer.read_nullish())
            }
            Ok(_) => {
                self.at = At::Returned;
                None
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// What the generator returned.
    fn returned<R: DeserializeOwned>(&self, sandbox: &Sandbox) -> Result<Option<R>> {
        match self.at {
            At::Returned => sandbox.last_answer()?.read_optional(),
            At::Start { .. } | At::Yielded | At::Over => Err(not_returned()),
        }
    }

    /// Ends the generator where it is: its `finally` blocks run.
    fn close(&mut self, sandbox: &mut Sandbox) -> Result<()> {
        match std::mem::replace(&mut self.at, At::Over) {
            At::Yielded => sandbox.exchange(&mut self.call, Request::bare(Kind::Return)).map(drop),
            At::Start { .. } | At::Returned | At::Over => Ok(()),
        }
    }
}

fn not_returned() -> Error {
    Error::invalid_argument("the generator has not returned: take all that it yields first")
}
