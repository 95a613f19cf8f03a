//! Keys that are a string of bytes: those of AES, HMAC, HKDF and PBKDF2.

use super::{Answer, Key, Native, Plain, aes, copy, gcm, handle, hash::with_hash, kdf, mistake, size};
use alloc::vec::Vec;
use hmac::{Hmac, KeyInit as _, Mac as _};
use zeroize::Zeroizing;

pub(super) const NATIVES: &[(&str, Native)] = &[("secretKey", secret_key)];

/// `(bytes)` to a key.
fn secret_key(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(bytes)] = arguments else { return Err(mistake("secretKey")) };
    Ok(handle(Secret(Zeroizing::new(copy(bytes, 0)?))))
}

struct Secret(Zeroizing<Vec<u8>>);

impl Key for Secret {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
        let key = self.0.as_slice();
        match (operation, arguments) {
            ("raw", []) => copy(key, 0).map(Plain::Bytes),
            ("sign", [Plain::Text(hash), Plain::Bytes(data)]) => with_hash!(hash.as_str(), D => {
                let mac = Hmac::<D>::new_from_slice(key).map_err(|_| mistake("this HMAC key"))?;
                Ok(Plain::Bytes(mac.chain_update(data).finalize().into_bytes().to_vec()))
            }),
            ("verify", [Plain::Text(hash), Plain::Bytes(signature), Plain::Bytes(data)]) => {
                with_hash!(hash.as_str(), D => {
                    let mac = Hmac::<D>::new_from_slice(key).map_err(|_| mistake("this HMAC key"))?;
                    Ok(Plain::Bool(mac.chain_update(data).verify_slice(signature).is_ok()))
                })
            }
            ("AES-CBC encrypt", [Plain::Bytes(iv), Plain::Bytes(data)]) => aes::encrypt_cbc(key, iv, data),
            ("AES-CBC decrypt", [Plain::Bytes(iv), Plain::Bytes(data)]) => aes::decrypt_cbc(key, iv, data),
            ("AES-CTR", [Plain::Bytes(counter), Plain::Number(bits), Plain::Bytes(data)]) => {
                aes::apply_ctr(key, counter, size(*bits), data)
            }
            (
                "AES-GCM encrypt",
                [Plain::Bytes(iv), Plain::Bytes(more), Plain::Number(tag), Plain::Bytes(data)],
            ) => gcm::encrypt(key, iv, more, size(*tag), data),
            (
                "AES-GCM decrypt",
                [Plain::Bytes(iv), Plain::Bytes(more), Plain::Number(tag), Plain::Bytes(data)],
            ) => gcm::decrypt(key, iv, more, size(*tag), data),
            ("AES-KW wrap", [Plain::Bytes(data)]) => aes::wrap(key, data),
            ("AES-KW unwrap", [Plain::Bytes(data)]) => aes::unwrap(key, data),
            ("HKDF", [Plain::Text(hash), Plain::Bytes(salt), Plain::Bytes(info), Plain::Number(length)]) => {
                kdf::hkdf(key, hash, salt, info, size(*length))
            }
            (
                "PBKDF2",
                [Plain::Text(hash), Plain::Bytes(salt), Plain::Number(iterations), Plain::Number(length)],
            ) => kdf::pbkdf2(key, hash, salt, *iterations, size(*length)),
            _ => Err(mistake(operation)),
        }
    }
}
