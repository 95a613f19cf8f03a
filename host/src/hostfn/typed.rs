//! Rust closures as host functions.

use super::error::HostError;
use crate::value::{Payload, Value, decode, decode_element};
use hypercell_common::SectionIter;
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin};

/// The arguments of a call, as they came out of the guest.
#[derive(Debug)]
pub struct Arguments<'a> {
    /// A JSON array.
    pub(super) json: &'a str,
    /// What it cannot say.
    pub(super) sections: SectionIter<'a>,
}

impl Arguments<'_> {
    /// The arguments, of which there must not be more than `count`.
    fn at_most(&self, count: usize) -> Result<std::vec::IntoIter<Value>, HostError> {
        let values: Vec<Value> = decode(self.json, self.sections.clone()).map_err(type_error)?;
        if values.len() > count {
            let given = values.len();
            return Err(type_error(format!(
                "the function takes {count} arguments at most and was given {given}"
            )));
        }
        Ok(values.into_iter())
    }
}

fn type_error(message: impl Into<String>) -> HostError {
    HostError::new(message).with_name("TypeError")
}

/// What a host function may return: a value that serde can serialize, or a
/// `Result` of one.
///
/// It is sealed by its marker `M`: implementations for other types could
/// contradict these.
pub trait HostOutcome<M> {
    #[doc(hidden)]
    fn encode(self) -> Result<Payload, HostError>;

    /// The value as JSON, for who has no words for more.
    #[doc(hidden)]
    fn into_json(self) -> Result<serde_json::Value, HostError>;
}

/// Marks a plain value. See [`HostOutcome`].
#[derive(Debug)]
pub struct Plain;

/// Marks a `Result`. See [`HostOutcome`].
#[derive(Debug)]
pub struct Fallible;

/// A closure that can be a host function: [`HostModule::function`] takes it.
///
/// `A` stands for the types of its arguments and of its result; it is inferred.
///
/// [`HostModule::function`]: crate::HostModule::function
pub trait HostFunction<A>: Send + Sync + 'static {
    #[doc(hidden)]
    fn call(&self, arguments: &Arguments<'_>) -> Result<Payload, HostError>;
}

impl<T: Serialize> HostOutcome<Plain> for T {
    fn encode(self) -> Result<Payload, HostError> {
        Ok(Payload::encode(&self)?)
    }

    fn into_json(self) -> Result<serde_json::Value, HostError> {
        Ok(serde_json::to_value(&self)?)
    }
}

impl<T: Serialize, E: Into<HostError>> HostOutcome<Fallible> for Result<T, E> {
    fn encode(self) -> Result<Payload, HostError> {
        Ok(Payload::encode(&self.map_err(Into::into)?)?)
    }

    fn into_json(self) -> Result<serde_json::Value, HostError> {
        Ok(serde_json::to_value(self.map_err(Into::into)?)?)
    }
}

/// An asynchronous host function that was started.
pub(crate) type Started = Pin<Box<dyn Future<Output = Result<Payload, HostError>> + Send>>;

/// A closure that can be an asynchronous host function:
/// [`HostModule::async_function`] takes it. It reads its arguments and gives a future,
/// which a runtime drives on other threads.
///
/// `A` stands for the types of its arguments and of its result; it is inferred.
///
/// [`HostModule::async_function`]: crate::HostModule::async_function
pub trait AsyncHostFunction<A>: Send + Sync + 'static {
    #[doc(hidden)]
    fn start(&self, arguments: &Arguments<'_>) -> Result<Started, HostError>;
}

/// The next argument; one that was not given is `null`.
fn argument<T: DeserializeOwned>(
    arguments: &Arguments<'_>,
    values: &mut std::vec::IntoIter<Value>,
    index: usize,
) -> Result<T, HostError> {
    let given = values.len() > 0;
    let value = values.next().unwrap_or_default();
    let again = || decode(arguments.json, arguments.sections.clone());
    decode_element(value, index, again).map_err(|error| {
        let missing = if given { "" } else { " is missing" };
        let number = index + 1;
        type_error(format!("argument {number}{missing}: {error}"))
    })
}

macro_rules! host_functions {
    ($($count:literal: $($argument:ident)*;)*) => {$(
        impl<F, R, M, $($argument,)*> HostFunction<(M, R, $($argument,)*)> for F
        where
            F: Fn($($argument,)*) -> R + Send + Sync + 'static,
            R: HostOutcome<M>,
            $($argument: DeserializeOwned,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments,
                reason = "one body for any number of arguments, none included")]
            fn call(&self, arguments: &Arguments<'_>) -> Result<Payload, HostError> {
                let mut values = arguments.at_most($count)?;
                let mut index = 0;
                $(
                    let $argument: $argument = argument(arguments, &mut values, index)?;
                    index += 1;
                )*
                self($($argument,)*).encode()
            }
        }

        impl<F, U, M, $($argument,)*> AsyncHostFunction<(M, U, $($argument,)*)> for F
        where
            F: Fn($($argument,)*) -> U + Send + Sync + 'static,
            U: Future + Send + 'static,
            U::Output: HostOutcome<M>,
            $($argument: DeserializeOwned,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments,
                reason = "one body for any number of arguments, none included")]
            fn start(&self, arguments: &Arguments<'_>) -> Result<Started, HostError> {
                let mut values = arguments.at_most($count)?;
                let mut index = 0;
                $(
                    let $argument: $argument = argument(arguments, &mut values, index)?;
                    index += 1;
                )*
                let future = self($($argument,)*);
                Ok(Box::pin(async move { future.await.encode() }))
            }
        }
    )*};
}

host_functions! {
    0:;
    1: A1;
    2: A1 A2;
    3: A1 A2 A3;
    4: A1 A2 A3 A4;
    5: A1 A2 A3 A4 A5;
    6: A1 A2 A3 A4 A5 A6;
    7: A1 A2 A3 A4 A5 A6 A7;
    8: A1 A2 A3 A4 A5 A6 A7 A8;
}
