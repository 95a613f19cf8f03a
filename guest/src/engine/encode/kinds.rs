//! What kind of object the encoder has before it.
//!
//! rquickjs tells arrays, proxies and each class of typed arrays apart. For the
//! rest, the prototype chain says what an object may be; guest code can lie
//! there, and then gets its object encoded as a plain one.

use super::super::intrinsics::{Prototypes, identity};
use rquickjs::{ArrayBuffer, Object, TypedArray, Value, atom::PredefinedAtom};

/// The prototype of `URL`, where there is one, beside those that are always there.
pub(super) struct Known<'a> {
    pub(super) prototypes: &'a Prototypes,
    pub(super) url: Option<u64>,
}

pub(super) enum Shape<'js> {
    Plain,
    Array,
    /// Bytes.
    Bytes(TypedArray<'js, u8>),
    /// A typed array of another class.
    View,
    /// An error, which the engine knows for sure.
    Error,
    /// May be what its prototype says.
    Date,
    Map,
    Set,
    Url,
    /// May hold a primitive value.
    Boxed(Boxed),
    /// Cannot be encoded.
    Refused(&'static str),
}

#[derive(Clone, Copy)]
pub(super) enum Boxed {
    Boolean,
    Number,
    String,
    BigInt,
}

/// Prototypes looked at between two polls.
const POLL_EVERY: usize = 1024;

pub(super) fn shape<'js>(
    object: &Object<'js>,
    Known { prototypes: known, url }: Known<'_>,
    poll: &mut dyn FnMut() -> rquickjs::Result<()>,
) -> rquickjs::Result<Shape<'js>> {
    if object.is_array() {
        return Ok(Shape::Array);
    }
    if object.is_proxy() {
        return Ok(if proxies_array(object, poll)? { Shape::Array } else { Shape::Plain });
    }
    if let Ok(array) = TypedArray::<u8>::from_object(object.clone()) {
        return Ok(Shape::Bytes(array));
    }
    if object.is_error() {
        return Ok(Shape::Error);
    }
    if object.is_promise() {
        return Ok(Shape::Refused("a Promise"));
    }
    let mut next = object.get_prototype();
    let mut hops = 0_usize;
    while let Some(prototype) = next {
        let id = identity(&prototype);
        if id == known.object || prototype.is_proxy() {
            break;
        }
        if id == known.array_buffer {
            return buffer(object);
        }
        if Some(id) == known.shared_array_buffer {
            return Ok(Shape::Refused("a SharedArrayBuffer"));
        }
        if id == known.typed_array {
            return Ok(Shape::View);
        }
        if id == known.data_view {
            return Ok(Shape::Refused("a DataView"));
        }
        if id == known.date {
            return Ok(Shape::Date);
        }
        if id == known.map {
            return Ok(Shape::Map);
        }
        if id == known.set {
            return Ok(Shape::Set);
        }
        if Some(id) == url {
            return Ok(Shape::Url);
        }
        if id == known.reg_exp {
            return Ok(Shape::Refused("a RegExp"));
        }
        if known.weak.contains(&id) {
            return Ok(Shape::Refused("a weak reference"));
        }
        if id == known.bigint {
            return Ok(Shape::Boxed(Boxed::BigInt));
        }
        if id == known.symbol {
            return Ok(Shape::Refused("a symbol"));
        }
        if id == known.number {
            return Ok(Shape::Boxed(Boxed::Number));
        }
        if id == known.string {
            return Ok(Shape::Boxed(Boxed::String));
        }
        if id == known.boolean {
            return Ok(Shape::Boxed(Boxed::Boolean));
        }
        hops = hops.wrapping_add(1);
        if hops.is_multiple_of(POLL_EVERY) {
            poll()?;
        }
        next = prototype.get_prototype();
    }
    Ok(Shape::Plain)
}

/// `IsArray` of a proxy: what its innermost target is. Runs no trap.
fn proxies_array(
    object: &Object<'_>,
    poll: &mut dyn FnMut() -> rquickjs::Result<()>,
) -> rquickjs::Result<bool> {
    let mut target = object.clone();
    let mut hops = 0_usize;
    while let Some(proxy) = target.as_proxy() {
        // A revoked proxy has no target, which is an error here as it is there.
        target = proxy.target()?;
        hops = hops.wrapping_add(1);
        if hops.is_multiple_of(POLL_EVERY) {
            poll()?;
        }
    }
    Ok(target.is_array())
}

fn buffer<'js>(object: &Object<'js>) -> rquickjs::Result<Shape<'js>> {
    match ArrayBuffer::from_object(object.clone()) {
        Some(buffer) => Ok(Shape::Bytes(TypedArray::from_arraybuffer(buffer)?)),
        None => {
            // It is detached, or only inherits from the class.
            object.ctx().catch();
            Ok(Shape::Refused("a detached ArrayBuffer"))
        }
    }
}

/// The length of an array, or of a proxy of one, which can be any value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as ToLength does"
)]
pub(super) fn length(array: &Object<'_>) -> rquickjs::Result<usize> {
    let length: Value<'_> = array.get(PredefinedAtom::Length)?;
    Ok(length.as_number().unwrap_or_default() as usize)
}
