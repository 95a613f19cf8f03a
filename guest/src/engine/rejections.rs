//! Promises that were rejected and that nobody handled yet.
//!
//! A promise can be rejected first and handled later, so the verdict falls at
//! the end of a turn (HTML 8.1.4.7).

use alloc::collections::BTreeMap;
use core::cell::{Cell, RefCell};
use rquickjs::{Ctx, Persistent, Value};

use super::intrinsics::identity;

struct Rejection {
    order: u64,
    reason: Persistent<Value<'static>>,
    /// Keeps the promise alive, and with it its identity taken.
    _promise: Persistent<Value<'static>>,
}

/// The unhandled rejections of the running request.
#[derive(Default)]
pub(super) struct Rejections {
    by_promise: RefCell<BTreeMap<u64, Rejection>>,
    next: Cell<u64>,
}

impl Rejections {
    /// The engine's rejection tracker.
    pub(super) fn track<'js>(&self, ctx: &Ctx<'js>, promise: Value<'js>, reason: Value<'js>, handled: bool) {
        let key = identity(&promise);
        // What leaves the map is dropped after the borrow: freeing values can
        // come back here.
        let _left = if handled {
            self.by_promise.borrow_mut().remove(&key)
        } else {
            let order = self.next.get();
            self.next.set(order.wrapping_add(1));
            let rejection = Rejection {
                order,
                reason: Persistent::save(ctx, reason),
                _promise: Persistent::save(ctx, promise),
            };
            self.by_promise.borrow_mut().insert(key, rejection)
        };
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.by_promise.borrow().is_empty()
    }

    /// The reason of the first unhandled rejection; forgets all of them.
    pub(super) fn take_first<'js>(&self, ctx: &Ctx<'js>) -> Option<Value<'js>> {
        let all = self.by_promise.take();
        let first = all.into_values().min_by_key(|rejection| rejection.order)?;
        first.reason.restore(ctx).ok()
    }

    pub(super) fn clear(&self) {
        let all = self.by_promise.take();
        drop(all);
    }
}
