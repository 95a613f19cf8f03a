//! Names of newtype structs that tell this module's own serializer and deserializer
//! what a value is. Any other format writes and reads what is inside.

use hypercell_common::Tag;

/// Any value at all.
pub(super) const VALUE: &str = "$hypercell::Value";

/// A typed array of any class.
pub(super) const TYPED_ARRAY: &str = "$hypercell::TypedArray";

macro_rules! tokens {
    ($($tag:ident,)*) => {
        /// The name for what has this tag.
        pub(super) const fn name(tag: Tag) -> &'static str {
            match tag {
                $(Tag::$tag => concat!("$hypercell::", stringify!($tag)),)*
                _ => VALUE,
            }
        }
    };
}

tokens! {
    Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array,
    Float32Array, Float64Array, BigInt64Array, BigUint64Array, Undefined, Number, BigInt, Date, Map, Set, URL, Error,
}

/// The tag of a name of this module's.
pub(super) fn tag(token: &str) -> Option<Tag> {
    let name = token.strip_prefix("$hypercell::")?;
    Tag::ALL.iter().copied().find(|tag| tag.name() == name)
}
