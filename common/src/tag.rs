//! What a section of a frame holds.

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// What the value at a section's path is. The body has the form that JSON
        /// gives it there, `null` where there is none, and the section the rest.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Tag { $($(#[$doc])* $name = $number,)* }

        impl Tag {
            /// All tags, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name of the class or type in JavaScript.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }

        impl TryFrom<u16> for Tag {
            type Error = UnknownTag;

            fn try_from(number: u16) -> Result<Self, UnknownTag> {
                match number {
                    $($number => Ok(Self::$name),)*
                    other => Err(UnknownTag(other)),
                }
            }
        }
    };
}

tags! {
    /// Bytes; the body has `null`. Also what an `ArrayBuffer` crosses as.
    Uint8Array = 1,
    /// The array's bytes, little-endian, as for all typed arrays; the body has `null`.
    Int8Array = 2,
    /// See [`Tag::Int8Array`].
    Uint8ClampedArray = 3,
    /// See [`Tag::Int8Array`].
    Int16Array = 4,
    /// See [`Tag::Int8Array`].
    Uint16Array = 5,
    /// See [`Tag::Int8Array`].
    Int32Array = 6,
    /// See [`Tag::Int8Array`].
    Uint32Array = 7,
    /// See [`Tag::Int8Array`].
    Float16Array = 8,
    /// See [`Tag::Int8Array`].
    Float32Array = 9,
    /// See [`Tag::Int8Array`].
    Float64Array = 10,
    /// See [`Tag::Int8Array`].
    BigInt64Array = 11,
    /// See [`Tag::Int8Array`].
    BigUint64Array = 12,
    /// No data; the body has `null`.
    Undefined = 32,
    /// A number that JSON lacks, as an `f64`; the body has `null`.
    Number = 33,
    /// No data; the body has a string of decimal digits, `-` in front of them or not.
    BigInt = 34,
    /// Milliseconds since 1970 as an `f64`, NaN for an invalid date; the body has the
    /// string of `Date.prototype.toISOString`, or `null`.
    Date = 35,
    /// No data; the body has an array of arrays of two, key and value.
    Map = 36,
    /// No data; the body has an array.
    Set = 37,
    /// No data; the body has a string.
    URL = 38,
    /// No data; the body has an object of strings `name` and `message`, and where
    /// there are such, strings `code` and `stack`, and any value as `cause`.
    Error = 39,
}

impl Tag {
    /// Bytes of one element, for typed arrays.
    #[must_use]
    pub const fn element_len(self) -> Option<usize> {
        match self {
            Self::Uint8Array | Self::Int8Array | Self::Uint8ClampedArray => Some(1),
            Self::Int16Array | Self::Uint16Array | Self::Float16Array => Some(2),
            Self::Int32Array | Self::Uint32Array | Self::Float32Array => Some(4),
            Self::Float64Array | Self::BigInt64Array | Self::BigUint64Array => Some(8),
            _ => None,
        }
    }

    /// Whether a section with this tag may have so many bytes of data.
    #[must_use]
    pub const fn fits(self, data: usize) -> bool {
        match (self, self.element_len()) {
            (_, Some(element)) => data.is_multiple_of(element),
            (Self::Number | Self::Date, _) => data == size_of::<f64>(),
            _ => data == 0,
        }
    }
}

/// A number that is no [`Tag`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTag(pub u16);
