//! RSA (RFC 8017): PKCS#1 v1.5 and PSS signatures, OAEP encryption.

use super::{
    Answer, Key, Native, Plain, Refusal,
    asn1::no_key,
    copy, failed, handle,
    hash::{digest, with_hash},
    malformed, mistake,
    random::generator,
    size,
};
use ::rsa::{
    BoxedUint, Oaep, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey,
    pkcs1::ALGORITHM_OID,
    pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, PrivateKeyInfoRef, SubjectPublicKeyInfoRef},
    traits::{PrivateKeyParts as _, PublicKeyParts as _},
};
use alloc::{boxed::Box, vec, vec::Vec};
use zeroize::Zeroizing;

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("rsaGenerate", generate),
    ("rsaPrivate", import_private),
    ("rsaPublic", import_public),
    ("rsaPrivateOf", private_of),
    ("rsaPublicOf", public_of),
];

/// `(bits of the modulus, public exponent, seed)` to a private key.
fn generate(arguments: &[Plain]) -> Answer {
    let [Plain::Number(bits), Plain::Bytes(exponent), Plain::Bytes(seed)] = arguments else {
        return Err(mistake("rsaGenerate"));
    };
    let bits = size(*bits);
    if !(RsaPublicKey::MIN_SIZE..=RsaPublicKey::MAX_SIZE).contains(&bits) {
        return Err(failed("the modulus of an RSA key must have from 1024 to 8192 bits"));
    }
    // No other exponent has an inverse, however long one looks for primes.
    let exponent = exponent
        .iter()
        .try_fold(0_u64, |number, byte| number.checked_mul(256).map(|number| number | u64::from(*byte)));
    let exponent = exponent
        .filter(|exponent| exponent % 2 == 1 && (3..=RsaPublicKey::MAX_PUB_EXPONENT).contains(exponent))
        .ok_or_else(|| failed("the public exponent must be odd, and from 3 to 2^33 - 1"))?;
    let key = RsaPrivateKey::new_with_exp(&mut generator(seed)?, bits, exponent.into());
    key.map(handle).map_err(|_| failed("there is no RSA key with these parameters"))
}

/// `(PKCS#8)` to a private key.
fn import_private(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(der)] = arguments else { return Err(mistake("rsaPrivate")) };
    let info = PrivateKeyInfoRef::try_from(der.as_slice()).ok();
    let key = info.filter(|info| info.algorithm.oid == ALGORITHM_OID).map(RsaPrivateKey::try_from);
    whole(key.and_then(Result::ok)).ok_or_else(|| no_key("PKCS#8 private key of RSA"))
}

/// `(SubjectPublicKeyInfo)` to a public key.
fn import_public(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(der)] = arguments else { return Err(mistake("rsaPublic")) };
    let info = SubjectPublicKeyInfoRef::try_from(der.as_slice()).ok();
    let key = info.filter(|info| info.algorithm.oid == ALGORITHM_OID).map(RsaPublicKey::try_from);
    key.and_then(Result::ok).map(handle).ok_or_else(|| no_key("SubjectPublicKeyInfo of RSA"))
}

/// `(n, e, d, …primes)` to a private key; without primes they are computed.
fn private_of(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(n), Plain::Bytes(e), Plain::Bytes(d), primes @ ..] = arguments else {
        return Err(mistake("rsaPrivateOf"));
    };
    let primes: Result<Vec<BoxedUint>, _> = primes
        .iter()
        .map(|prime| match prime {
            Plain::Bytes(prime) => number(prime),
            _ => Err(mistake("rsaPrivateOf")),
        })
        .collect();
    let (n, e, d) = (number(n)?, number(e)?, number(d)?);
    // The crate looks for primes before it checks anything, and panics where there is none to find.
    let is_possible = RsaPublicKey::new(n.clone(), e.clone()).is_ok() && !bool::from(d.is_zero());
    let primes = primes?;
    let key = is_possible.then(|| RsaPrivateKey::from_components(n, e, d, primes));
    whole(key.and_then(Result::ok))
        .ok_or_else(|| malformed("the values of the JSON Web Key are no RSA private key"))
}

/// A key of two primes that differ: the others have no values of the Chinese remainder theorem.
fn whole(key: Option<RsaPrivateKey>) -> Option<Plain> {
    key.filter(|key| key.dp().is_some()).map(handle)
}

/// `(n, e)` to a public key.
fn public_of(arguments: &[Plain]) -> Answer {
    let [Plain::Bytes(n), Plain::Bytes(e)] = arguments else { return Err(mistake("rsaPublicOf")) };
    let key = RsaPublicKey::new(number(n)?, number(e)?);
    key.map(handle).map_err(|_| malformed("the values of the JSON Web Key are no RSA public key"))
}

/// A big-endian integer.
fn number(bytes: &[u8]) -> Result<BoxedUint, Refusal> {
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let bytes = bytes.get(first..).unwrap_or_default();
    let bits = u32::try_from(bytes.len().saturating_mul(8)).unwrap_or(u32::MAX);
    if bits as usize > RsaPublicKey::MAX_SIZE {
        return Err(malformed("RSA keys of more than 8192 bits are not supported"));
    }
    BoxedUint::from_be_slice(bytes, bits).map_err(|_| malformed("a value of the key is no integer"))
}

impl Key for RsaPrivateKey {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
        match (operation, arguments) {
            ("pkcs8", []) => {
                let der = self.to_pkcs8_der().map_err(|_| mistake("this key in PKCS#8"))?;
                copy(der.as_bytes(), 0).map(Plain::Bytes)
            }
            ("public", []) => Ok(handle(self.to_public_key())),
            ("components", []) => components(self),
            ("sign PKCS#1", [Plain::Text(hash), Plain::Bytes(data), Plain::Bytes(seed)]) => {
                with_hash!(hash.as_str(), D => {
                    let padding = Pkcs1v15Sign::new::<D>();
                    signed(self.sign_with_rng(&mut generator(seed)?, padding, &digest(hash, data)?))
                })
            }
            (
                "sign PSS",
                [Plain::Text(hash), Plain::Number(salt), Plain::Bytes(data), Plain::Bytes(seed)],
            ) => {
                let hashed = digest(hash, data)?;
                let salt = salt_length(self.size(), &hashed, *salt)
                    .ok_or_else(|| failed("the salt does not fit the modulus"))?;
                with_hash!(hash.as_str(), D => {
                    signed(self.sign_with_rng(&mut generator(seed)?, Pss::<D>::new_with_salt(salt), &hashed))
                })
            }
            ("decrypt", [Plain::Text(hash), Plain::Bytes(label), Plain::Bytes(data), Plain::Bytes(seed)]) => {
                with_hash!(hash.as_str(), D => {
                    let padding = Oaep::<D>::new_with_label(Box::<[u8]>::from(label.as_slice()));
                    let text = self.decrypt_blinded(&mut generator(seed)?, padding, data);
                    text.map(Plain::Bytes).map_err(|_| failed("the data is not what this key and label encrypted"))
                })
            }
            _ => Err(mistake(operation)),
        }
    }
}

impl Key for RsaPublicKey {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
        match (operation, arguments) {
            ("spki", []) => {
                let der = self.to_public_key_der().map_err(|_| mistake("this key in DER"))?;
                Ok(Plain::Bytes(der.into_vec()))
            }
            ("components", []) => Ok(Plain::List(vec![
                Plain::Bytes(self.n_bytes().into_vec()),
                Plain::Bytes(self.e_bytes().into_vec()),
            ])),
            ("bits", []) => Ok(Plain::Number(f64::from(self.n().bits()))),
            ("verify PKCS#1", [Plain::Text(hash), Plain::Bytes(signature), Plain::Bytes(data)]) => {
                with_hash!(hash.as_str(), D => {
                    let padding = Pkcs1v15Sign::new::<D>();
                    Ok(Plain::Bool(self.verify(padding, &digest(hash, data)?, signature).is_ok()))
                })
            }
            (
                "verify PSS",
                [Plain::Text(hash), Plain::Number(salt), Plain::Bytes(signature), Plain::Bytes(data)],
            ) => {
                let hashed = digest(hash, data)?;
                let Some(salt) = salt_length(self.size(), &hashed, *salt) else {
                    return Ok(Plain::Bool(false));
                };
                with_hash!(hash.as_str(), D => {
                    Ok(Plain::Bool(self.verify(Pss::<D>::new_with_salt(salt), &hashed, signature).is_ok()))
                })
            }
            ("encrypt", [Plain::Text(hash), Plain::Bytes(label), Plain::Bytes(data), Plain::Bytes(seed)]) => {
                with_hash!(hash.as_str(), D => {
                    let padding = Oaep::<D>::new_with_label(Box::<[u8]>::from(label.as_slice()));
                    let output = self.encrypt(&mut generator(seed)?, padding, data);
                    output.map(Plain::Bytes).map_err(|_| failed("the data is too long for this key"))
                })
            }
            _ => Err(mistake(operation)),
        }
    }
}

/// A salt's length, if it fits an encoded message beside the hash and two bytes (RFC
/// 8017 9.1.1).
fn salt_length(modulus: usize, hashed: &[u8], salt: f64) -> Option<usize> {
    let room = modulus.checked_sub(hashed.len())?.checked_sub(2)?;
    Some(size(salt)).filter(|salt| *salt <= room)
}

fn signed(signature: Result<Vec<u8>, ::rsa::Error>) -> Answer {
    signature.map(Plain::Bytes).map_err(|_| failed("the modulus is too short for this hash"))
}

/// `[n, e, d, p, q, dp, dq, qi]`, the names of RFC 7518 6.3.
fn components(key: &RsaPrivateKey) -> Answer {
    let missing = || mistake("the primes of this key");
    let [p, q] = key.primes() else { return Err(missing()) };
    let inverse = key.crt_coefficient().ok_or_else(missing)?;
    let secrets = [
        key.d(),
        p.as_ref(),
        q.as_ref(),
        key.dp().ok_or_else(missing)?,
        key.dq().ok_or_else(missing)?,
        &inverse,
    ];
    let mut list = vec![Plain::Bytes(key.n_bytes().into_vec()), Plain::Bytes(key.e_bytes().into_vec())];
    for secret in secrets {
        let bytes = Zeroizing::new(secret.to_be_bytes_trimmed_vartime().into_vec());
        list.push(Plain::Bytes(copy(&bytes, 0)?));
    }
    Ok(Plain::List(list))
}
