//! The mathematics of Web Cryptography (<https://w3c.github.io/webcrypto/>), by
//! the crates of RustCrypto and dalek. What may be done with which key, and in
//! which order it is checked, is in the JavaScript beside.
//!
//! A key is a [`Plain::Function`]: JavaScript names what the key shall do and never
//! has the key itself, unless it exports it. A dropped key's bytes are wiped.
//!
//! There is no source of randomness here. Natives that need some take a seed of 32
//! bytes, which the engine draws from the generator that the host seeds.

mod aes;
mod asn1;
mod ec;
mod gcm;
mod hash;
mod kdf;
mod okp;
mod random;
mod rsa;
mod secret;
mod text;

use super::{Answer, Native, Plain, Refusal};
use alloc::{format, rc::Rc, vec::Vec};

pub(super) fn natives() -> impl Iterator<Item = &'static (&'static str, Native)> {
    [hash::NATIVES, secret::NATIVES, ec::NATIVES, okp::NATIVES, rsa::NATIVES, text::NATIVES]
        .into_iter()
        .flatten()
}

/// A key and what it can do.
trait Key {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer;
}

/// The function that stands for a key: `(operation, …arguments)`.
fn handle(key: impl Key + 'static) -> Plain {
    Plain::Function(Rc::new(move |arguments| match arguments {
        [Plain::Text(operation), arguments @ ..] => key.operate(operation, arguments),
        _ => Err(mistake("an operation without a name")),
    }))
}

/// What only the platform's own JavaScript can cause.
fn mistake(what: &str) -> Refusal {
    Refusal::type_error(format!("cryptography was asked for what there is not: {what}"))
}

/// An `OperationError`.
fn failed(message: &str) -> Refusal {
    Refusal::new("OperationError", message)
}

/// A `DataError`.
fn malformed(message: &str) -> Refusal {
    Refusal::new("DataError", message)
}

/// As many zeros, or an `OperationError`: guest code says how many.
fn zeros(length: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| failed(&format!("there is no memory for {length} bytes")))?;
    bytes.resize(length, 0);
    Ok(bytes)
}

/// A copy of `bytes` with room for as many more, or an `OperationError`.
fn copy(bytes: &[u8], more: usize) -> Result<Vec<u8>, Refusal> {
    let length = bytes.len().saturating_add(more);
    let mut copy = Vec::new();
    copy.try_reserve_exact(length).map_err(|_| failed(&format!("there is no memory for {length} bytes")))?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

/// A number of bytes, as JavaScript gives it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are integers up to 2^32; the cast saturates"
)]
fn size(number: f64) -> usize {
    number as usize
}
