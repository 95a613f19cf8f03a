//! What the engine made an object as. The class is a number inside of the object:
//! unlike the prototype, guest code cannot change it. rquickjs tells it for some
//! classes only.
#![expect(unsafe_code, reason = "rquickjs has no safe way to an object's class")]

use rquickjs::{Object, qjs};

/// The number of the object's class. Numbers are the engine's own, and the same in
/// all realms.
pub(crate) fn class_id(object: &Object<'_>) -> u32 {
    // SAFETY: the object is alive while it is borrowed, and QuickJS reads one field
    // of it.
    unsafe { qjs::JS_GetClassID(object.as_raw()) }
}
