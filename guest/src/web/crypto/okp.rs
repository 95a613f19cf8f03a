//! Ed25519 (RFC 8032) and X25519 (RFC 7748), with their keys in DER (RFC 8410).

use super::{
    Answer, Key, Native, Plain, Refusal, asn1, copy, failed, handle, malformed, mistake, random::generator,
};
use alloc::vec;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use pkcs8::ObjectIdentifier;
use rand_core::Rng as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

pub(super) const NATIVES: &[(&str, Native)] =
    &[("okpGenerate", generate), ("okpPrivate", import_private), ("okpPublic", import_public)];

const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// Tag and length of the octet string in which RFC 8410 has a private key.
const OCTETS: [u8; 2] = [4, 32];

enum Private {
    Ed25519(SigningKey),
    X25519(StaticSecret),
}

enum Public {
    /// Bytes that may be no point: what verifies nothing is no less a key.
    Ed25519([u8; 32]),
    X25519([u8; 32]),
}

/// `(name, seed)` to a private key.
fn generate(arguments: &[Plain]) -> Answer {
    let [Plain::Text(name), Plain::Bytes(seed)] = arguments else { return Err(mistake("okpGenerate")) };
    let mut secret = Zeroizing::new([0; 32]);
    generator(seed)?.fill_bytes(secret.as_mut_slice());
    private(name, &secret).map(handle)
}

/// `(name, format, bytes)` to a private key.
fn import_private(arguments: &[Plain]) -> Answer {
    let [Plain::Text(name), Plain::Text(format), Plain::Bytes(bytes)] = arguments else {
        return Err(mistake("okpPrivate"));
    };
    let what = "PKCS#8 private key of this algorithm";
    let bytes = match format.as_str() {
        "raw" => bytes,
        _ => asn1::private_key(bytes, oid(name)?, what)?
            .strip_prefix(&OCTETS)
            .ok_or_else(|| asn1::no_key(what))?,
    };
    let secret = bytes.try_into().map(Zeroizing::<[u8; 32]>::new);
    let secret = secret.map_err(|_| malformed("the private key has not 32 bytes"))?;
    private(name, &secret).map(handle)
}

fn private(name: &str, secret: &[u8; 32]) -> Result<Private, Refusal> {
    match name {
        "Ed25519" => Ok(Private::Ed25519(SigningKey::from_bytes(secret))),
        "X25519" => Ok(Private::X25519(StaticSecret::from(*secret))),
        name => Err(mistake(name)),
    }
}

/// `(name, format, bytes)` to a public key.
fn import_public(arguments: &[Plain]) -> Answer {
    let [Plain::Text(name), Plain::Text(format), Plain::Bytes(bytes)] = arguments else {
        return Err(mistake("okpPublic"));
    };
    let bytes = match format.as_str() {
        "raw" => bytes,
        _ => asn1::public_key(bytes, oid(name)?, "SubjectPublicKeyInfo of this algorithm")?,
    };
    let bytes = bytes.try_into().map_err(|_| malformed("the public key has not 32 bytes"))?;
    Ok(handle(match name.as_str() {
        "Ed25519" => Public::Ed25519(bytes),
        _ => Public::X25519(bytes),
    }))
}

fn oid(name: &str) -> Result<ObjectIdentifier, Refusal> {
    match name {
        "Ed25519" => Ok(ED25519),
        "X25519" => Ok(X25519),
        name => Err(mistake(name)),
    }
}

impl Key for Private {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
        let (secret, oid) = match self {
            Self::Ed25519(key) => (key.as_bytes(), ED25519),
            Self::X25519(key) => (key.as_bytes(), X25519),
        };
        match (operation, arguments) {
            ("raw", []) => copy(secret, 0).map(Plain::Bytes),
            ("pkcs8", []) => {
                let mut octets = Zeroizing::new(vec![0; OCTETS.len() + secret.len()]);
                for (to, from) in octets.iter_mut().zip(OCTETS.iter().chain(secret)) {
                    *to = *from;
                }
                asn1::encode_private_key(&octets, oid)
            }
            ("public", []) => Ok(handle(match self {
                Self::Ed25519(key) => Public::Ed25519(key.verifying_key().to_bytes()),
                Self::X25519(key) => Public::X25519(PublicKey::from(key).to_bytes()),
            })),
            ("sign", [Plain::Bytes(data)]) => match self {
                Self::Ed25519(key) => Ok(Plain::Bytes(key.sign(data).to_bytes().to_vec())),
                Self::X25519(_) => Err(mistake(operation)),
            },
            ("derive", [Plain::Bytes(public)]) => match self {
                Self::X25519(key) => derive(key, public),
                Self::Ed25519(_) => Err(mistake(operation)),
            },
            _ => Err(mistake(operation)),
        }
    }
}

fn derive(key: &StaticSecret, public: &[u8]) -> Answer {
    let public: [u8; 32] = public.try_into().map_err(|_| mistake("a public key of other than 32 bytes"))?;
    let shared = key.diffie_hellman(&PublicKey::from(public));
    if !shared.was_contributory() {
        return Err(failed("the public key is a point of small order: the secret would be zero"));
    }
    Ok(Plain::Bytes(shared.to_bytes().to_vec()))
}

impl Key for Public {
    fn operate(&self, operation: &str, arguments: &[Plain]) -> Answer {
        let (bytes, oid) = match self {
            Self::Ed25519(bytes) => (bytes, ED25519),
            Self::X25519(bytes) => (bytes, X25519),
        };
        match (operation, arguments) {
            ("raw", []) => copy(bytes, 0).map(Plain::Bytes),
            ("spki", []) => asn1::encode_public_key(bytes, oid),
            ("verify", [Plain::Bytes(signature), Plain::Bytes(data)]) => {
                // Refuses points of small order, as the specification says.
                let verified = Signature::from_slice(signature)
                    .and_then(|signature| VerifyingKey::from_bytes(bytes)?.verify_strict(data, &signature));
                Ok(Plain::Bool(verified.is_ok()))
            }
            _ => Err(mistake(operation)),
        }
    }
}
