//! Objects that live as long as the engine, kept from its garbage collector.
//!
//! A collection of QuickJS walks every object that it knows, and writes to each: its
//! reference count goes down and up again. With the web platform these are thousands of
//! objects that are never garbage, on hundreds of pages that a restore would have to copy
//! back. So the list of what was there when the realm was complete is taken out of the
//! engine's hands, and a collection walks what guest code made.
//!
//! The collector stays right about all other objects. It takes away the references that the
//! walked objects hold, looks which of these are left without any, and gives the references
//! back to the others (`gc_decref`, `gc_scan` of quickjs.c). A reference of an object that is
//! not walked is never taken away: what it refers to counts as used from outside. An object
//! that is not walked has one more reference, so that it never looks unused itself.
//!
//! Shapes are an exception: one that belongs to a single object (it is not hashed) must have
//! one reference, and the engine may move it, back to its own list. Its object has a
//! reference more, and so the shape is in use as long as it is here.
#![expect(unsafe_code, reason = "the lists and the counts are the engine's own")]

use alloc::boxed::Box;
use rquickjs::{Ctx, qjs};

/// `struct list_head`: a node of a circular list, or its head. What the collector knows
/// begins with its node (`struct JSGCObjectHeader`).
#[repr(C)]
struct Link {
    prev: *mut Link,
    next: *mut Link,
}

/// `struct JSMallocBlockHeader`, which lies before what the collector knows.
#[repr(C)]
struct Block {
    _place: [u8; 3],
    /// `gc_obj_type` and, in the highest bit, `mark`.
    kind: u8,
    count: i32,
}

/// `JS_GC_OBJ_TYPE_SHAPE`, of types from 0 to [`LAST_KIND`].
const SHAPE: u8 = 2;
const LAST_KIND: u8 = 6;
/// More objects than a heap holds.
const MAX_OBJECTS: usize = 1 << 28;
/// Bytes from the start of the engine's `JSRuntime` in which the heads of its lists are.
const HEADS: usize = 4096;

/// Sets aside all objects that there are, for good: the engine must not be freed any more.
/// Tells whether it did, or did nothing as the engine does not keep its objects as described
/// here. Then this is another release of QuickJS.
pub(crate) fn set_aside(ctx: &Ctx<'_>) -> bool {
    let globals = ctx.globals();
    // SAFETY: the context is alive and holds its runtime; the global object is alive, so its
    // node is in the list. No engine code runs meanwhile, so that nothing else looks at nodes
    // and counts. The new head stays where it is, as nobody frees it.
    unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        let object = qjs::JS_VALUE_GET_PTR(globals.as_raw()).cast::<Link>();
        let Some(engines) = head_of(object, runtime.cast::<u8>()) else { return false };
        let mut all_known = true;
        each(engines, |node| {
            let Block { kind, count, .. } = block_of(node).read();
            all_known &= kind <= LAST_KIND && (1..i32::MAX).contains(&count);
        });
        if !all_known {
            return false;
        }
        each(engines, |node| add_reference(node));
        let ours = Box::into_raw(Box::new(Link { prev: (*engines).prev, next: (*engines).next }));
        (*(*ours).next).prev = ours;
        (*(*ours).prev).next = ours;
        (*engines).next = engines;
        (*engines).prev = engines;
    }
    true
}

/// Calls `look` with each node of a list.
///
/// # Safety
/// `head` is the head of a list of QuickJS that is in order, and stays so.
unsafe fn each(head: *mut Link, mut look: impl FnMut(*mut Link)) {
    // SAFETY: by the condition above.
    unsafe {
        let mut at = (*head).next;
        while at != head {
            look(at);
            at = (*at).next;
        }
    }
}

/// The header before a node's object.
fn block_of(node: *mut Link) -> *mut Block {
    node.cast::<Block>().wrapping_sub(1)
}

/// Gives an object one reference more, unless it is a shape of a single object.
///
/// # Safety
/// `node` begins something that the collector knows, and nothing else looks at it.
unsafe fn add_reference(node: *mut Link) {
    let block = block_of(node);
    // SAFETY: by the condition above. `is_hashed` follows the node of a shape.
    unsafe {
        let is_hashed = || *node.wrapping_add(1).cast::<u8>() != 0;
        if (*block).kind != SHAPE || is_hashed() {
            (*block).count += 1;
        }
    }
}

/// The head of the list that `object` is in: it lies in the runtime, and behind it the list
/// of what is being freed, which is empty.
///
/// # Safety
/// `object` is an object of QuickJS that is alive, and `runtime` its runtime.
unsafe fn head_of(object: *mut Link, runtime: *mut u8) -> Option<*mut Link> {
    let heads = runtime.addr()..runtime.addr() + HEADS;
    let mut at = object;
    for _ in 0..MAX_OBJECTS {
        // SAFETY: a node of the list: the object's, or one that was checked.
        let next = unsafe { (*at).next };
        if !next.is_aligned() || next.is_null() {
            return None;
        }
        // SAFETY: nodes lie where pointers of the engine point to.
        if unsafe { (*next).prev } != at {
            return None;
        }
        // An object may lie this close as well, but it is followed by no such list.
        if heads.contains(&next.addr()) {
            let freed = next.wrapping_add(1);
            // SAFETY: an object too is larger than its node and another one.
            if unsafe { (*freed).next == freed && (*freed).prev == freed } {
                return Some(next);
            }
        }
        at = next;
    }
    None
}
