//! The outer layers of keys in DER: PKCS#8 (RFC 5208) and `SubjectPublicKeyInfo`
//! (RFC 5280 4.1).

use super::{Plain, Refusal, malformed};
use pkcs8::{
    AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef,
    der::{Encode as _, asn1::BitStringRef, asn1::OctetStringRef},
};
use zeroize::Zeroizing;

/// A `DataError` for what is no such key.
pub(super) fn no_key(what: &str) -> Refusal {
    malformed(&alloc::format!("the data is no {what}"))
}

/// The bytes inside of a PKCS#8 key of an algorithm without parameters.
pub(super) fn private_key<'a>(der: &'a [u8], oid: ObjectIdentifier, what: &str) -> Result<&'a [u8], Refusal> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| no_key(what))?;
    if info.algorithm.oid != oid || info.algorithm.parameters.is_some() {
        return Err(no_key(what));
    }
    Ok(info.private_key.as_bytes())
}

/// The bytes inside of a public key of an algorithm without parameters.
pub(super) fn public_key<'a>(der: &'a [u8], oid: ObjectIdentifier, what: &str) -> Result<&'a [u8], Refusal> {
    let info = SubjectPublicKeyInfoRef::try_from(der).map_err(|_| no_key(what))?;
    if info.algorithm.oid != oid || info.algorithm.parameters.is_some() {
        return Err(no_key(what));
    }
    info.subject_public_key.as_bytes().ok_or_else(|| no_key(what))
}

/// The other way of [`private_key`].
pub(super) fn encode_private_key(key: &[u8], oid: ObjectIdentifier) -> Result<Plain, Refusal> {
    let encoded = OctetStringRef::new(key).and_then(|key| {
        let algorithm = AlgorithmIdentifierRef { oid, parameters: None };
        PrivateKeyInfoRef::new(algorithm, key).to_der()
    });
    let encoded = Zeroizing::new(encoded.map_err(|_| malformed("the key cannot be encoded"))?);
    Ok(Plain::Bytes(encoded.to_vec()))
}

/// The other way of [`public_key`].
pub(super) fn encode_public_key(key: &[u8], oid: ObjectIdentifier) -> Result<Plain, Refusal> {
    let encoded = BitStringRef::from_bytes(key).and_then(|subject_public_key| {
        let algorithm = AlgorithmIdentifierRef { oid, parameters: None };
        SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der()
    });
    Ok(Plain::Bytes(encoded.map_err(|_| malformed("the key cannot be encoded"))?))
}
