//! Promises that were rejected and that nobody handled yet (HTML 8.1.4.7).
//!
//! A promise can be rejected first and handled later, so guest code is told of it at
//! the end of a turn.

use super::intrinsics::identity;
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use core::cell::RefCell;
use rquickjs::{Ctx, Persistent, Value};

/// Most promises whose late handling guest code is told of. HTML lets one forget some.
const MAX_TOLD: usize = 4096;

/// A promise that was rejected while nobody had asked for its result.
pub(super) struct Rejection {
    pub(super) promise: Persistent<Value<'static>>,
    pub(super) reason: Persistent<Value<'static>>,
}

/// The unhandled rejections of the running request. Promises go by their [`identity`].
#[derive(Default)]
pub(super) struct Rejections {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// Those that guest code is yet to be told of, in the order in which they came.
    /// They keep their promises alive, and with them their identities taken.
    waiting: BTreeMap<u64, (u64, Rejection)>,
    /// Places in `waiting`, by promise.
    places: BTreeMap<u64, u64>,
    next: u64,
    /// The promise that guest code is being told of, until that is handled.
    telling: Option<u64>,
    /// Promises that guest code was told of. They may be gone; another one with the same
    /// identity then leaves the set when it is rejected itself.
    told: BTreeSet<u64>,
    /// Promises out of `told` that were handled after all.
    late: Vec<Persistent<Value<'static>>>,
}

impl Rejections {
    /// The engine's rejection tracker.
    pub(super) fn track<'js>(&self, ctx: &Ctx<'js>, promise: Value<'js>, reason: Value<'js>, handled: bool) {
        let key = identity(&promise);
        let rejection =
            Rejection { promise: Persistent::save(ctx, promise), reason: Persistent::save(ctx, reason) };
        // What is left here is dropped after the borrow: freeing values can come back.
        let _left = {
            let mut state = self.state.borrow_mut();
            let told = state.told.remove(&key);
            if state.telling == Some(key) {
                state.telling = None;
            }
            if handled {
                if told {
                    state.late.push(rejection.promise.clone());
                }
                let place = state.places.remove(&key);
                (place.and_then(|place| state.waiting.remove(&place)), Some(rejection))
            } else {
                let place = state.next;
                state.next = place.wrapping_add(1);
                state.places.insert(key, place);
                (state.waiting.insert(place, (key, rejection)), None)
            }
        };
    }

    /// Whether there is nothing to tell guest code.
    pub(super) fn is_empty(&self) -> bool {
        let state = self.state.borrow();
        state.waiting.is_empty() && state.late.is_empty()
    }

    /// A number that rejections from now on are not below, for [`Self::next_before`].
    pub(super) fn mark(&self) -> u64 {
        self.state.borrow().next
    }

    /// The first rejection that guest code is yet to be told of, if it came before the
    /// mark, to tell it of that now. Then comes [`Self::is_outstanding`].
    pub(super) fn next_before(&self, mark: u64) -> Option<Rejection> {
        let mut state = self.state.borrow_mut();
        let first = state.waiting.first_entry().filter(|first| *first.key() < mark)?;
        let (key, rejection) = first.remove();
        state.places.remove(&key);
        state.telling = Some(key);
        Some(rejection)
    }

    /// Whether the promise that guest code was told of was not handled meanwhile. If it
    /// is handled later, that is late.
    pub(super) fn is_outstanding(&self) -> bool {
        let mut state = self.state.borrow_mut();
        let Some(key) = state.telling.take() else { return false };
        if state.told.len() >= MAX_TOLD {
            state.told.pop_first();
        }
        state.told.insert(key);
        true
    }

    /// The promises that were handled after guest code was told of them.
    pub(super) fn take_late(&self) -> Vec<Persistent<Value<'static>>> {
        core::mem::take(&mut self.state.borrow_mut().late)
    }

    /// Forgets all: the request ended.
    pub(super) fn clear(&self) {
        let all = self.state.take();
        drop(all);
    }
}
