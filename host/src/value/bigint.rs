//! Integers of any size.

use super::token;
use crate::error::{Error, Result};
use hypercell_common::Tag;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use std::{fmt, str::FromStr};

/// A `BigInt`: an integer of any size, kept as its decimal digits.
///
/// It crosses as a `BigInt`. Other formats, such as `serde_json`, write its digits as a
/// string; and read such a string, or an integer.
///
/// ```
/// use hypercell::BigInt;
///
/// let large: BigInt = "123456789012345678901234567890".parse()?;
/// assert_eq!(BigInt::from(-5).to_i128(), Some(-5));
/// assert_eq!(large.to_string(), "123456789012345678901234567890");
/// # Ok::<(), hypercell::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BigInt(
    /// Without leading zeros; `-` in front of what is below zero.
    String,
);

impl BigInt {
    /// Its decimal digits, with `-` in front when it is below zero.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same number, where it fits.
    #[must_use]
    pub fn to_i128(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    /// The same number, where it fits.
    #[must_use]
    pub fn to_u128(&self) -> Option<u128> {
        self.0.parse().ok()
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// Takes digits; `None` when they are anything else.
    pub(super) fn from_digits(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = digits.trim_start_matches('0');
        Some(Self(if digits.is_empty() { "0".into() } else { format!("{sign}{digits}") }))
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BigInt {
    type Err = Error;

    /// Reads decimal digits, with `-` in front or not.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` for any other text.
    fn from_str(text: &str) -> Result<Self> {
        Self::from_digits(text).ok_or_else(|| {
            Error::invalid_argument(format!("{text:?} is not a whole number in decimal digits"))
        })
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for BigInt {
            fn from(value: $integer) -> Self {
                Self(value.to_string())
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128);

impl Serialize for BigInt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(token::name(Tag::BigInt), &self.0)
    }
}

impl<'de> Deserialize<'de> for BigInt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BigIntVisitor;
        impl<'de> Visitor<'de> for BigIntVisitor {
            type Value = BigInt;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a BigInt, its decimal digits or an integer")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<BigInt, D::Error> {
                inner.deserialize_any(self)
            }

            fn visit_i64<E>(self, value: i64) -> Result<BigInt, E> {
                Ok(value.into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<BigInt, E> {
                Ok(value.into())
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<BigInt, E> {
                BigInt::from_digits(text)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_newtype_struct(token::name(Tag::BigInt), BigIntVisitor)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_text() {
        for (text, digits) in [
            ("0", "0"),
            ("-0", "0"),
            ("007", "7"),
            ("-010", "-10"),
            ("18446744073709551616", "18446744073709551616"),
        ] {
            assert_eq!(text.parse::<BigInt>().unwrap().as_str(), digits);
        }
        for text in ["", "-", "+1", "1.0", "1n", "0x1", " 1", "--1", "١"] {
            assert!(text.parse::<BigInt>().unwrap_err().to_string().contains("decimal"), "{text}");
        }
    }

    #[test]
    fn integers_convert_where_they_fit() {
        assert_eq!(BigInt::from(i128::MIN).to_i128(), Some(i128::MIN));
        assert_eq!(BigInt::from(u128::MAX).to_u128(), Some(u128::MAX));
        assert_eq!((BigInt::from(u128::MAX).to_i128(), BigInt::from(-1).to_u128()), (None, None));
    }
}
