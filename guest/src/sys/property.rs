//! Properties as they are stored. rquickjs reads a property's value only, which runs
//! its getter.
#![expect(unsafe_code, reason = "rquickjs has no safe way to a property's descriptor")]

use core::mem::MaybeUninit;
use rquickjs::{Ctx, Error, Object, Value, qjs};

/// What an own property holds.
pub(crate) enum Slot<'js> {
    Value(Value<'js>),
    Accessor { getter: bool, setter: bool },
}

/// An own property.
pub(crate) struct Property<'js> {
    pub(crate) enumerable: bool,
    /// Of a value: whether it can be replaced.
    pub(crate) writable: bool,
    pub(crate) slot: Slot<'js>,
}

/// An own property; `None` when there is none of that key, and for proxies, whose traps
/// would run. The key is a string or a symbol.
///
/// # Errors
/// When an export of a module is not initialised yet, and for want of memory.
pub(crate) fn own<'js>(
    ctx: &Ctx<'js>,
    object: &Object<'js>,
    key: &Value<'js>,
) -> rquickjs::Result<Option<Property<'js>>> {
    if object.is_proxy() || !(key.is_string() || key.is_symbol()) {
        return Ok(None);
    }
    let raw = ctx.as_raw().as_ptr();
    let mut descriptor = MaybeUninit::<qjs::JSPropertyDescriptor>::uninit();
    // SAFETY: the context, the object and the key are alive and of one realm. An atom
    // is freed once. QuickJS fills the descriptor when it says that it found the
    // property, and gives its three values to the caller, who hands each to a `Value`
    // that frees it.
    unsafe {
        let atom = qjs::JS_ValueToAtom(raw, key.as_raw());
        if atom == qjs::JS_ATOM_NULL {
            return Err(Error::Exception);
        }
        let found = qjs::JS_GetOwnProperty(raw, descriptor.as_mut_ptr(), object.as_raw(), atom);
        qjs::JS_FreeAtom(raw, atom);
        match found {
            0 => return Ok(None),
            ..0 => return Err(Error::Exception),
            _ => {}
        }
        let descriptor = descriptor.assume_init();
        let value = Value::from_raw(ctx.clone(), descriptor.value);
        let getter = Value::from_raw(ctx.clone(), descriptor.getter);
        let setter = Value::from_raw(ctx.clone(), descriptor.setter);
        let has = |flag: u32| u32::try_from(descriptor.flags).is_ok_and(|flags| flags & flag != 0);
        let slot = if has(qjs::JS_PROP_GETSET) {
            Slot::Accessor { getter: getter.is_function(), setter: setter.is_function() }
        } else {
            Slot::Value(value)
        };
        Ok(Some(Property {
            enumerable: has(qjs::JS_PROP_ENUMERABLE),
            writable: has(qjs::JS_PROP_WRITABLE),
            slot,
        }))
    }
}
