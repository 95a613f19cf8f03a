//! AES in the modes CBC and CTR (SP 800-38A), and its key wrap (RFC 3394).

use super::{Answer, Plain, Refusal, copy, failed, mistake, zeros};
use ::aes::cipher::{
    BlockModeDecrypt as _, BlockModeEncrypt as _, InnerIvInit as _, KeyInit, StreamCipherCore as _,
    block_padding::Pkcs7,
};
use aes_kw::{IV_LEN, KwAes128, KwAes192, KwAes256};
use ctr::{CtrCore, flavors::Ctr128BE};
use zeroize::Zeroizing;

/// Bytes of a block.
pub(super) const BLOCK: usize = 16;

/// Evaluates `$body` with the cipher for a key of this length as `$cipher`.
macro_rules! with_aes {
    ($key:expr, $cipher:ident => $body:expr) => {{
        let key: &[u8] = $key;
        let wrong = |_| $crate::web::crypto::mistake("an AES key of this length");
        match key.len() {
            16 => {
                let $cipher =
                    <::aes::Aes128 as ::aes::cipher::KeyInit>::new_from_slice(key).map_err(wrong)?;
                $body
            }
            24 => {
                let $cipher =
                    <::aes::Aes192 as ::aes::cipher::KeyInit>::new_from_slice(key).map_err(wrong)?;
                $body
            }
            _ => {
                let $cipher =
                    <::aes::Aes256 as ::aes::cipher::KeyInit>::new_from_slice(key).map_err(wrong)?;
                $body
            }
        }
    }};
}
pub(super) use with_aes;

fn block(bytes: &[u8], what: &str) -> Result<[u8; BLOCK], Refusal> {
    bytes.try_into().map_err(|_| mistake(what))
}

/// With the padding of PKCS#7.
pub(super) fn encrypt_cbc(key: &[u8], iv: &[u8], data: &[u8]) -> Answer {
    let iv = block(iv, "an initialization vector of this length")?;
    let mut output = zeros((data.len() / BLOCK + 1) * BLOCK)?;
    with_aes!(key, cipher => cbc::Encryptor::inner_iv_init(cipher, &iv.into())
        .encrypt_padded_b2b::<Pkcs7>(data, &mut output)
        .map(<[u8]>::len))
    .map_err(|_| mistake("a padding that does not fit"))?;
    Ok(Plain::Bytes(output))
}

/// With the padding of PKCS#7.
pub(super) fn decrypt_cbc(key: &[u8], iv: &[u8], data: &[u8]) -> Answer {
    let iv = block(iv, "an initialization vector of this length")?;
    let mut output = zeros(data.len())?;
    let length = with_aes!(key, cipher => cbc::Decryptor::inner_iv_init(cipher, &iv.into())
        .decrypt_padded_b2b::<Pkcs7>(data, &mut output)
        .map(<[u8]>::len))
    .map_err(|_| failed("the data is not what this key and initialization vector encrypted"))?;
    output.truncate(length);
    Ok(Plain::Bytes(output))
}

/// Encrypts and decrypts: of the counter block, the last `bits` count.
pub(super) fn apply_ctr(key: &[u8], counter: &[u8], bits: usize, data: &[u8]) -> Answer {
    let first = u128::from_be_bytes(block(counter, "a counter of this length")?);
    let mask = u32::try_from(bits).ok().and_then(|bits| u128::MAX.checked_shr(128_u32.checked_sub(bits)?));
    let mask = mask.ok_or_else(|| mistake("a counter of so many bits"))?;
    let blocks = data.len().div_ceil(BLOCK) as u128;
    if blocks.saturating_sub(1) > mask {
        return Err(failed("the counter would come back to a value: it has too few bits for the data"));
    }
    let mut output = copy(data, 0)?;
    // Blocks until the counting bits are all zero again, which must not carry over.
    let until_wrap = (mask - (first & mask)).saturating_add(1);
    let split = usize::try_from(until_wrap.saturating_mul(BLOCK as u128)).unwrap_or(usize::MAX);
    let (before, after) = output.split_at_mut(split.min(data.len()));
    with_aes!(key, cipher => {
        for (start, part) in [(first, before), (first & !mask, after)] {
            CtrCore::<_, Ctr128BE>::inner_iv_init(&cipher, &start.to_be_bytes().into())
                .apply_keystream_partial(part.into());
        }
    });
    Ok(Plain::Bytes(output))
}

/// `key` wrapped by `wrapping`.
pub(super) fn wrap(wrapping: &[u8], key: &[u8]) -> Answer {
    // Two halves of a block at least: the construction is not defined for less.
    if key.len() < BLOCK || !key.len().is_multiple_of(IV_LEN) {
        return Err(failed("AES-KW wraps 16 bytes or more, in multiples of 8"));
    }
    let mut output = zeros(key.len() + IV_LEN)?;
    let wrapped = match wrapping.len() {
        16 => wrapper::<KwAes128>(wrapping)?.wrap_key(key, &mut output).is_ok(),
        24 => wrapper::<KwAes192>(wrapping)?.wrap_key(key, &mut output).is_ok(),
        _ => wrapper::<KwAes256>(wrapping)?.wrap_key(key, &mut output).is_ok(),
    };
    if wrapped { Ok(Plain::Bytes(output)) } else { Err(mistake("a key that cannot be wrapped")) }
}

/// The key in `data`, which `wrapping` wrapped.
pub(super) fn unwrap(wrapping: &[u8], data: &[u8]) -> Answer {
    let refused = || failed("the data is not a key that this key wrapped");
    if data.len() < BLOCK + IV_LEN || !data.len().is_multiple_of(IV_LEN) {
        return Err(refused());
    }
    let mut output = Zeroizing::new(zeros(data.len() - IV_LEN)?);
    let unwrapped = match wrapping.len() {
        16 => wrapper::<KwAes128>(wrapping)?.unwrap_key(data, &mut output).is_ok(),
        24 => wrapper::<KwAes192>(wrapping)?.unwrap_key(data, &mut output).is_ok(),
        _ => wrapper::<KwAes256>(wrapping)?.unwrap_key(data, &mut output).is_ok(),
    };
    if unwrapped { copy(&output, 0).map(Plain::Bytes) } else { Err(refused()) }
}

fn wrapper<W: KeyInit>(key: &[u8]) -> Result<W, Refusal> {
    W::new_from_slice(key).map_err(|_| mistake("an AES key of this length"))
}
