//! What the engine made an object as. The class is a number inside of the object:
//! unlike the prototype, guest code cannot change it. rquickjs tells it for some
//! classes only.
#![expect(unsafe_code, reason = "rquickjs has no safe way to an object's class")]

use rquickjs::{Object, Proxy, qjs};

/// The number of the object's class. Numbers are the engine's own, and the same in
/// all realms.
pub(crate) fn class_id(object: &Object<'_>) -> u32 {
    // SAFETY: the object is alive while it is borrowed, and QuickJS reads one field
    // of it.
    unsafe { qjs::JS_GetClassID(object.as_raw()) }
}

/// The object as a proxy, also when it is a proxy of a function, which rquickjs takes
/// for a function only.
pub(crate) fn as_proxy<'a, 'js>(object: &'a Object<'js>) -> Option<&'a Proxy<'js>> {
    // SAFETY: it was just found to be one.
    object.is_proxy().then(|| unsafe { object.ref_proxy() })
}
