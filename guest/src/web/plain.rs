//! Values between the web platform's JavaScript and its native functions.

use alloc::{rc::Rc, string::String, vec::Vec};
use core::{fmt, mem};

/// What native functions take and give.
#[derive(Clone)]
pub(crate) enum Plain {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    /// A string, with U+FFFD for each lone surrogate: what Web IDL calls a
    /// `USVString`.
    Text(String),
    /// A copy of a `Uint8Array`'s bytes; given back, a new `Uint8Array`.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Plain>),
    /// A function with state, such as a decoder in the middle of a stream. Natives
    /// give it, and never get it.
    Function(State),
}

/// A native function with state.
pub(crate) type State = Rc<dyn Fn(&[Plain]) -> Answer>;

/// What a native function comes to.
pub(crate) type Answer = Result<Plain, Refusal>;

/// A function for the web platform's own modules. They pass what it expects, so
/// that an argument of another type is a mistake of theirs.
pub(crate) type Native = fn(&[Plain]) -> Answer;

impl Plain {
    /// The text, of a string.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Overwrites the bytes and texts in it: a copy of a secret must not stay behind.
    pub(crate) fn wipe(&mut self) {
        let mut bytes = match self {
            Self::Bytes(bytes) => mem::take(bytes),
            Self::Text(text) => mem::take(text).into_bytes(),
            Self::List(list) => return list.iter_mut().for_each(Self::wipe),
            _ => return,
        };
        // Of the crate's two ways the one that is as fast as any other.
        bytes.fill(0);
        zeroize::optimization_barrier(bytes.as_slice());
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => f.write_str("Undefined"),
            Self::Null => f.write_str("Null"),
            Self::Bool(truth) => truth.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::List(list) => list.fmt(f),
            Self::Function(_) => f.write_str("Function"),
        }
    }
}

/// What a native function throws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `TypeError`, `RangeError`, `SyntaxError`, or the name of a `DOMException`.
    pub(crate) name: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, message: message.into() }
    }

    /// A `TypeError`.
    pub(crate) fn type_error(message: impl Into<String>) -> Self {
        Self::new("TypeError", message)
    }
}
