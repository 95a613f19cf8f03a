//! What the engine and the native functions that it gives to guest code have in
//! common. Nothing in here is borrowed while guest code runs.

use super::{
    disk::Disk,
    event_loop::{Calls, Timers},
    intrinsics::Intrinsics,
    program::Programs,
    random::Random,
    registry::Registry,
    rejections::Rejections,
    reports::Reports,
    scripts::Scripts,
    url_class::UrlClass,
    web::Hooks,
};
use crate::{files::resolve::Resolver, platform::Platform};
use alloc::{collections::BTreeMap, rc::Rc, string::String, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    fmt,
};
use rquickjs::{Ctx, Error, Exception, Object, Persistent};

/// A scratch buffer larger than this is given back to the allocator.
const SCRATCH_KEPT: usize = 256 << 10;

pub(super) struct Shared {
    pub(super) platform: Rc<dyn Platform>,
    /// Number of the running request.
    pub(super) call: Cell<u64>,
    pub(super) registry: Registry,
    pub(super) rejections: Rejections,
    pub(super) reports: Reports,
    pub(super) random: RefCell<Random>,
    pub(super) scripts: RefCell<Scripts>,
    /// Absent before the realm is set up and after it is torn down.
    pub(super) intrinsics: RefCell<Option<Rc<Intrinsics>>>,
    /// Absent while the hooks are, and where the web platform does not have the class.
    pub(super) url: RefCell<Option<Rc<UrlClass>>>,
    /// Absent while the intrinsics are, and while the web platform is evaluated.
    pub(super) hooks: RefCell<Option<Rc<Hooks>>>,
    pub(super) timers: Timers,
    pub(super) calls: Calls,
    pub(super) programs: Programs,
    /// Namespaces of the guest's own modules that were required, by their names.
    pub(super) required: RefCell<BTreeMap<String, Persistent<Object<'static>>>>,
    pub(super) disk: Disk,
    pub(super) resolver: RefCell<Resolver>,
    /// The time that went by since the realm was made, in microseconds.
    now: Cell<u64>,
    /// What the platform's clock said when that was last told.
    clock: Cell<u64>,
    interrupted: Cell<bool>,
    scratch: RefCell<Vec<u8>>,
}

impl Shared {
    pub(super) fn new(platform: Rc<dyn Platform>) -> Self {
        let random = Random::new(platform.fresh_entropy());
        let clock = Cell::new(platform.now_us());
        Self {
            platform,
            call: Cell::new(0),
            registry: Registry::default(),
            rejections: Rejections::default(),
            reports: Reports::default(),
            random: RefCell::new(random),
            scripts: RefCell::default(),
            intrinsics: RefCell::default(),
            url: RefCell::default(),
            hooks: RefCell::default(),
            timers: Timers::new(),
            calls: Calls::default(),
            programs: Programs::default(),
            required: RefCell::default(),
            disk: Disk::default(),
            resolver: RefCell::new(Resolver::new(super::builtin::is_public)),
            now: Cell::new(0),
            clock,
            interrupted: Cell::new(false),
            scratch: RefCell::default(),
        }
    }

    /// Gets ready for a request, before guest code runs.
    pub(super) fn begin(&self, call: u64) {
        self.call.set(call);
        self.interrupted.set(false);
        if let Some(seed) = self.platform.fresh_entropy() {
            *self.random.borrow_mut() = Random::new(Some(seed));
        }
    }

    /// The time in microseconds since the realm was made. It does not go back when the
    /// platform's clock does, as that of a snapshot's next machine can, and does not stand
    /// still until that has caught up either.
    pub(super) fn now(&self) -> u64 {
        let clock = self.platform.now_us();
        let passed = clock.saturating_sub(self.clock.replace(clock));
        self.now.set(self.now.get().saturating_add(passed));
        self.now.get()
    }

    /// Whether to stop: the platform says so, or a program exited. What the platform says
    /// sticks until the next request, so that no `catch` outlives it.
    pub(super) fn poll(&self) -> bool {
        if !self.interrupted.get() && self.platform.interrupted() {
            self.interrupted.set(true);
        }
        self.interrupted.get() || self.programs.exited().is_some()
    }

    /// Whether the running request was stopped.
    pub(super) fn interrupted(&self) -> bool {
        self.interrupted.get()
    }

    /// As [`Self::poll`], for native loops that run on behalf of guest code.
    pub(super) fn check<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<()> {
        if self.poll() { Err(Exception::throw_internal(ctx, "interrupted")) } else { Ok(()) }
    }

    pub(super) fn intrinsics(&self) -> rquickjs::Result<Rc<Intrinsics>> {
        self.intrinsics.borrow().clone().ok_or(Error::Unknown)
    }

    pub(super) fn url(&self) -> Option<Rc<UrlClass>> {
        self.url.borrow().clone()
    }

    /// The scratch buffer. It is taken, not borrowed: writing into it can run
    /// guest code, which can come back for another.
    pub(super) fn take_scratch(&self) -> Vec<u8> {
        self.scratch.take()
    }

    pub(super) fn give_scratch(&self, buffer: Vec<u8>) {
        if buffer.capacity() <= SCRATCH_KEPT {
            self.scratch.replace(buffer);
        }
    }

    /// Lets go of every guest value, which must not outlive the runtime.
    pub(super) fn release(&self) {
        let guest_values = (self.intrinsics.take(), self.url.take(), self.hooks.take());
        drop(guest_values);
        self.rejections.clear();
        self.timers.clear();
        self.calls.clear();
        self.programs.release();
        drop(self.required.take());
        self.reports.clear();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("call", &self.call).finish_non_exhaustive()
    }
}
