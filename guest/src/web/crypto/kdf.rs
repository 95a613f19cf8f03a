//! HKDF (RFC 5869) and PBKDF2 (RFC 8018).

use super::{Answer, Plain, failed, hash::with_hash, mistake, zeros};
use hmac::Hmac;

/// `length` bytes from `key`.
pub(super) fn hkdf(key: &[u8], hash: &str, salt: &[u8], info: &[u8], length: usize) -> Answer {
    let mut bytes = zeros(length)?;
    let expanded =
        with_hash!(hash, D => Ok(::hkdf::Hkdf::<D>::new(Some(salt), key).expand(info, &mut bytes).is_ok()))?;
    if expanded {
        Ok(Plain::Bytes(bytes))
    } else {
        Err(failed("HKDF gives at most 255 times the bytes of its hash function"))
    }
}

/// `length` bytes from `key`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number of iterations is an unsigned long"
)]
pub(super) fn pbkdf2(key: &[u8], hash: &str, salt: &[u8], iterations: f64, length: usize) -> Answer {
    let mut bytes = zeros(length)?;
    with_hash!(hash, D => {
        ::pbkdf2::pbkdf2::<Hmac<D>>(key, salt, iterations as u32, &mut bytes)
            .map_err(|_| mistake("this PBKDF2 key"))
    })?;
    Ok(Plain::Bytes(bytes))
}
