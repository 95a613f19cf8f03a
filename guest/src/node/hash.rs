//! Hash functions that get their data in pieces.

use crate::web::{Answer, Native, Plain, Refusal};
use alloc::{boxed::Box, format, rc::Rc};
use core::cell::RefCell;
use sha2::digest::DynDigest;

pub(super) const NATIVES: &[(&str, Native)] = &[("newHash", new_hash)];

/// `(name)` to a function: of bytes, that it adds; of nothing, for the digest of what it
/// has; of `null`, for another such function that goes on from here.
fn new_hash(arguments: &[Plain]) -> Answer {
    let [Plain::Text(name)] = arguments else { return Err(Refusal::type_error("no hash function")) };
    let state: Box<dyn DynDigest> = match name.as_str() {
        "sha1" => Box::<sha1::Sha1>::default(),
        "sha224" => Box::<sha2::Sha224>::default(),
        "sha256" => Box::<sha2::Sha256>::default(),
        "sha384" => Box::<sha2::Sha384>::default(),
        "sha512" => Box::<sha2::Sha512>::default(),
        _ => return Err(Refusal::type_error(format!("there is no hash function '{name}'"))),
    };
    Ok(function(state))
}

fn function(state: Box<dyn DynDigest>) -> Plain {
    let state = RefCell::new(state);
    Plain::Function(Rc::new(move |arguments| match arguments {
        [Plain::Bytes(data)] => {
            state.borrow_mut().update(data);
            Ok(Plain::Undefined)
        }
        [Plain::Null] => Ok(function(state.borrow().box_clone())),
        _ => Ok(Plain::Bytes(state.borrow().box_clone().finalize().into_vec())),
    }))
}
