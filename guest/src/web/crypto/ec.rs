//! ECDSA and ECDH on the NIST curves (FIPS 186-5, SP 800-56A), with keys in SEC1 and
//! DER (RFC 5480, RFC 5915).

use super::{
    Answer, Key, Native, Plain, asn1::no_key, copy, handle, hash::digest, malformed, mistake,
    random::generator,
};
use alloc::vec::Vec;
use p256::elliptic_curve::{Generate as _, sec1::ToSec1Point as _, zeroize::Zeroizing};
use p256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use rsa::signature::hazmat::{PrehashVerifier as _, RandomizedPrehashSigner as _};

pub(super) const NATIVES: &[(&str, Native)] =
    &[("ecGenerate", generate), ("ecPrivate", import_private), ("ecPublic", import_public)];

/// `(curve, seed)` to a private key.
fn generate(arguments: &[Plain]) -> Answer {
    let [Plain::Text(curve), Plain::Bytes(seed)] = arguments else { return Err(mistake("ecGenerate")) };
    let mut random = generator(seed)?;
    Ok(match curve.as_str() {
        "P-256" => handle(p256::SecretKey::generate_from_rng(&mut random)),
        "P-384" => handle(p384::SecretKey::generate_from_rng(&mut random)),
        "P-521" => handle(p521::SecretKey::generate_from_rng(&mut random)),
        curve => return Err(mistake(curve)),
    })
}

/// `(curve, format, bytes)` to a private key.
fn import_private(arguments: &[Plain]) -> Answer {
    let [Plain::Text(curve), Plain::Text(format), Plain::Bytes(bytes)] = arguments else {
        return Err(mistake("ecPrivate"));
    };
    match curve.as_str() {
        "P-256" => p256_curve::private(format, bytes),
        "P-384" => p384_curve::private(format, bytes),
        "P-521" => p521_curve::private(format, bytes),
        curve => Err(mistake(curve)),
    }
}

/// `(curve, format, bytes)` to a public key.
fn import_public(arguments: &[Plain]) -> Answer {
    let [Plain::Text(curve), Plain::Text(format), Plain::Bytes(bytes)] = arguments else {
        return Err(mistake("ecPublic"));
    };
    match curve.as_str() {
        "P-256" => p256_curve::public(format, bytes),
        "P-384" => p384_curve::public(format, bytes),
        "P-521" => p521_curve::public(format, bytes),
        curve => Err(mistake(curve)),
    }
}

/// The keys of a curve. The crates have the same types by the same names, of one
/// generic type each, with more bounds than methods here.
macro_rules! curve {
    ($module:ident, $curve:ident, $bytes:literal) => {
        mod $module {
            use super::*;
            use $curve::{PublicKey, SecretKey, ecdsa};

            /// Bytes of a coordinate and of a private key.
            const BYTES: usize = $bytes;

            pub(super) fn private(format: &str, bytes: &[u8]) -> Answer {
                if format == "raw" {
                    if bytes.len() != BYTES {
                        return Err(malformed("the private key has not the length of this curve"));
                    }
                    let key = SecretKey::from_slice(bytes);
                    return key.map(handle).map_err(|_| no_key("private key of this curve"));
                }
                let key = SecretKey::from_pkcs8_der(bytes);
                key.map(handle).map_err(|_| no_key("PKCS#8 private key of this curve"))
            }

            pub(super) fn public(format: &str, bytes: &[u8]) -> Answer {
                if format == "raw" {
                    let key = PublicKey::from_sec1_bytes(bytes);
                    return key.map(handle).map_err(|_| no_key("point of this curve"));
                }
                let key = PublicKey::from_public_key_der(bytes);
                key.map(handle).map_err(|_| no_key("SubjectPublicKeyInfo of this curve"))
            }

            impl Key for SecretKey {
                fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
                    match (operation, arguments) {
                        ("raw", []) => copy(&Zeroizing::new(self.to_bytes()), 0).map(Plain::Bytes),
                        ("pkcs8", []) => {
                            let der = self.to_pkcs8_der().map_err(|_| mistake("this key in PKCS#8"))?;
                            copy(der.as_bytes(), 0).map(Plain::Bytes)
                        }
                        ("public", []) => Ok(handle(self.public_key())),
                        ("sign", [Plain::Text(hash), Plain::Bytes(data), Plain::Bytes(seed)]) => {
                            // Of RFC 6979, with random data added: neither the
                            // hash nor the generator must be good by itself.
                            let signature: Result<ecdsa::Signature, _> = ecdsa::SigningKey::from(self)
                                .sign_prehash_with_rng(&mut generator(seed)?, &digest(hash, data)?);
                            let signature = signature.map_err(|_| mistake("this signature"))?;
                            Ok(Plain::Bytes(signature.to_bytes().to_vec()))
                        }
                        ("derive", [Plain::Bytes(public)]) => {
                            let public =
                                PublicKey::from_sec1_bytes(public).map_err(|_| mistake("this public key"))?;
                            let shared = self.diffie_hellman(&public);
                            Ok(Plain::Bytes(shared.raw_secret_bytes().to_vec()))
                        }
                        _ => Err(mistake(operation)),
                    }
                }
            }

            impl Key for PublicKey {
                fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
                    match (operation, arguments) {
                        ("raw", []) => Ok(Plain::Bytes(self.to_sec1_point(false).as_bytes().to_vec())),
                        ("coordinates", []) => {
                            let point = self.to_sec1_point(false);
                            let coordinates = point.as_bytes().get(1..).unwrap_or_default().chunks(BYTES);
                            Ok(Plain::List(coordinates.map(|c| Plain::Bytes(c.to_vec())).collect::<Vec<_>>()))
                        }
                        ("spki", []) => {
                            let der = self.to_public_key_der().map_err(|_| mistake("this key in DER"))?;
                            Ok(Plain::Bytes(der.into_vec()))
                        }
                        ("verify", [Plain::Text(hash), Plain::Bytes(signature), Plain::Bytes(data)]) => {
                            let hash = digest(hash, data)?;
                            let verified = ecdsa::Signature::from_slice(signature).and_then(|signature| {
                                ecdsa::VerifyingKey::from(self).verify_prehash(&hash, &signature)
                            });
                            Ok(Plain::Bool(verified.is_ok()))
                        }
                        _ => Err(mistake(operation)),
                    }
                }
            }
        }
    };
}

curve!(p256_curve, p256, 32);
curve!(p384_curve, p384, 48);
curve!(p521_curve, p521, 66);
