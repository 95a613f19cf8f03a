//! SHA-1 and SHA-2 (FIPS 180-4).

use super::{Answer, Native, Plain, Refusal, mistake};
use alloc::vec::Vec;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};

pub(super) const NATIVES: &[(&str, Native)] = &[("hash", hash)];

/// Evaluates `$body` with the hash function of this name as type `$D`.
macro_rules! with_hash {
    ($name:expr, $D:ident => $body:expr) => {
        match $name {
            "SHA-1" => {
                type $D = sha1::Sha1;
                $body
            }
            "SHA-256" => {
                type $D = sha2::Sha256;
                $body
            }
            "SHA-384" => {
                type $D = sha2::Sha384;
                $body
            }
            "SHA-512" => {
                type $D = sha2::Sha512;
                $body
            }
            name => Err($crate::web::crypto::mistake(name)),
        }
    };
}
pub(super) use with_hash;

/// `(name, data)` to the digest.
fn hash(arguments: &[Plain]) -> Answer {
    let [Plain::Text(name), Plain::Bytes(data)] = arguments else { return Err(mistake("hash")) };
    digest(name, data).map(Plain::Bytes)
}

/// The digest of `data` by the hash function of this name.
pub(super) fn digest(name: &str, data: &[u8]) -> Result<Vec<u8>, Refusal> {
    Ok(match name {
        "SHA-1" => Sha1::digest(data).to_vec(),
        "SHA-256" => Sha256::digest(data).to_vec(),
        "SHA-384" => Sha384::digest(data).to_vec(),
        "SHA-512" => Sha512::digest(data).to_vec(),
        name => return Err(mistake(name)),
    })
}
