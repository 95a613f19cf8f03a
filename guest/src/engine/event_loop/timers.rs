//! setTimeout, setInterval and their like (HTML 8.6).

use super::super::{intrinsics::ErrorClass, shared::Shared};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    rc::Rc,
    vec::Vec,
};
use core::cell::{Cell, RefCell};
use hypercell_common::body::Thrown;
use rquickjs::{
    Coerced, Ctx, Function, IntoJs as _, Persistent, Value,
    function::{Args, Opt, Rest},
    object::Property,
};

/// Timers that a timer set that a timer set… are not due at once beyond this depth.
const MAX_NESTING: u32 = 5;
/// What they wait at least, in milliseconds.
const MIN_NESTED: f64 = 4.0;
/// The longest time in milliseconds; what is longer, or no number, is 0.
const MAX_DELAY: f64 = 2_147_483_647.0;
/// In the numbers of timers that guest code did not set: above all that it can name.
const INTERNAL: u64 = 1 << 63;

#[derive(Clone)]
struct Timer {
    /// When it is due, in microseconds.
    due: u64,
    /// Those that are due at the same time run in this order.
    order: u64,
    /// Microseconds between two runs, of an interval.
    every: Option<u64>,
    /// How deep in callbacks of timers it was set.
    nesting: u32,
    callback: Persistent<Function<'static>>,
    arguments: Vec<Persistent<Value<'static>>>,
}

/// The timers of a request.
pub(in super::super) struct Timers {
    timers: RefCell<BTreeMap<u64, Timer>>,
    /// Time, order and number of each.
    queue: RefCell<BTreeSet<(u64, u64, u64)>>,
    next_id: Cell<u32>,
    next_order: Cell<u64>,
    nesting: Cell<u32>,
    /// How often all were forgotten.
    epoch: Cell<u32>,
    /// Most timers at a time.
    limit: Cell<usize>,
}

impl Timers {
    pub(in super::super) fn new() -> Self {
        Self {
            timers: RefCell::default(),
            queue: RefCell::default(),
            next_id: Cell::new(1),
            next_order: Cell::new(0),
            nesting: Cell::new(0),
            epoch: Cell::new(0),
            limit: Cell::new(usize::MAX),
        }
    }

    pub(in super::super) fn set_limit(&self, limit: u64) {
        self.limit.set(usize::try_from(limit).unwrap_or(usize::MAX));
    }

    /// Whether there is none.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.next_due().is_none()
    }

    /// When the first is due, in microseconds.
    pub(super) fn next_due(&self) -> Option<u64> {
        self.queue.borrow().first().map(|(due, _, _)| *due)
    }

    /// Forgets all, and starts counting anew.
    pub(in super::super) fn clear(&self) {
        self.queue.borrow_mut().clear();
        self.nesting.set(0);
        self.next_id.set(1);
        self.epoch.set(self.epoch.get().wrapping_add(1));
        // Dropped after the borrow: freeing values can run code of the engine.
        let all = self.timers.take();
        drop(all);
    }

    /// A number that is another one once the timers that there are were forgotten.
    pub(in super::super) fn epoch(&self) -> u32 {
        self.epoch.get()
    }

    fn queue(&self, id: u64, timer: Timer) {
        self.queue.borrow_mut().insert((timer.due, timer.order, id));
        let before = self.timers.borrow_mut().insert(id, timer);
        drop(before);
    }

    fn remove(&self, id: u64) -> Option<Timer> {
        let timer = self.timers.borrow_mut().remove(&id)?;
        self.queue.borrow_mut().remove(&(timer.due, timer.order, id));
        Some(timer)
    }

    /// The number of the first timer.
    fn first(&self) -> Option<u64> {
        self.queue.borrow().first().map(|(_, _, id)| *id)
    }

    fn number(counter: &Cell<u64>) -> u64 {
        counter.replace(counter.get().wrapping_add(1))
    }
}

/// Defines the global functions.
pub(in super::super) fn install<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    for (name, repeats) in [("setTimeout", false), ("setInterval", true)] {
        let shared = Rc::clone(shared);
        let set = move |ctx: Ctx<'js>,
                        callback: Opt<Value<'js>>,
                        delay: Opt<Value<'js>>,
                        rest: Rest<Value<'js>>| {
            start(&ctx, &shared, name, repeats, callback.0, delay.0, rest.into_inner())
        };
        global(name, Function::new(ctx.clone(), set)?, 1)?;
    }
    for name in ["clearTimeout", "clearInterval"] {
        let shared = Rc::clone(shared);
        let clear = move |id: Opt<Coerced<i32>>| {
            let id = id.0.and_then(|id| u64::try_from(id.0).ok());
            drop(id.and_then(|id| shared.timers.remove(id)));
        };
        global(name, Function::new(ctx.clone(), clear)?, 0)?;
    }
    Ok(())
}

/// Defines an operation of the global object (Web IDL 3.7.7).
pub(super) fn global(name: &str, function: Function<'_>, length: usize) -> rquickjs::Result<()> {
    let globals = function.ctx().globals();
    let function = function.with_name(name)?.with_length(length)?;
    globals.prop(name, Property::from(function).writable().configurable().enumerable())
}

fn start<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    name: &str,
    repeats: bool,
    callback: Option<Value<'js>>,
    delay: Option<Value<'js>>,
    arguments: Vec<Value<'js>>,
) -> rquickjs::Result<u32> {
    let Some(callback) = callback.and_then(Value::into_function) else {
        let message = format!("{name} takes a function, and was given something else");
        return Err(shared.intrinsics()?.throw(ctx, ErrorClass::Type, &message));
    };
    let delay = match delay {
        Some(delay) => delay.get::<Coerced<f64>>()?.0,
        None => 0.0,
    };
    check_room(ctx, shared)?;
    let timers = &shared.timers;
    let nesting = timers.nesting.get();
    let delay = microseconds(delay, nesting);
    let id = timers.next_id.replace(timers.next_id.get().wrapping_add(1).max(1));
    timers.queue(
        u64::from(id),
        Timer {
            due: shared.now().saturating_add(delay),
            order: Timers::number(&timers.next_order),
            every: repeats.then_some(delay),
            nesting: nesting.saturating_add(1),
            callback: Persistent::save(ctx, callback),
            arguments: arguments.into_iter().map(|argument| Persistent::save(ctx, argument)).collect(),
        },
    );
    Ok(id)
}

/// Has a function of the web platform called once, in this many milliseconds (HTML 8.6,
/// run steps after a timeout). Guest code cannot clear it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is out of range saturates")]
pub(in super::super) fn after<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    milliseconds: f64,
    callback: Function<'js>,
) -> rquickjs::Result<()> {
    check_room(ctx, shared)?;
    let timers = &shared.timers;
    let order = Timers::number(&timers.next_order);
    timers.queue(
        INTERNAL | order,
        Timer {
            due: shared.now().saturating_add((milliseconds as u64).saturating_mul(1000)),
            order,
            every: None,
            nesting: 0,
            callback: Persistent::save(ctx, callback),
            arguments: Vec::new(),
        },
    );
    Ok(())
}

/// Throws when there are as many timers as there may be.
fn check_room(ctx: &Ctx<'_>, shared: &Shared) -> rquickjs::Result<()> {
    let limit = shared.timers.limit.get();
    if shared.timers.timers.borrow().len() < limit {
        return Ok(());
    }
    let message = format!("there are {limit} timers, and no more are allowed at a time");
    Err(shared.throw_dom_exception(ctx, "QuotaExceededError", &message))
}

/// A delay in milliseconds as the specification takes it, in microseconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
fn microseconds(delay: f64, nesting: u32) -> u64 {
    let delay = if delay > 0.0 && delay <= MAX_DELAY { libm::trunc(delay) } else { 0.0 };
    let delay = if nesting > MAX_NESTING { delay.max(MIN_NESTED) } else { delay };
    delay as u64 * 1000
}

/// Runs the callback of the first timer, which is due.
pub(super) fn run(ctx: &Ctx<'_>, shared: &Shared) -> Result<(), Thrown> {
    let timers = &shared.timers;
    let Some((id, timer)) = timers.first().and_then(|id| Some((id, timers.remove(id)?))) else {
        return Ok(());
    };
    if let Some(every) = timer.every {
        // Set again first, so that the callback can clear it.
        let nesting = timer.nesting.saturating_add(1);
        let every = if nesting > MAX_NESTING { every.max(microseconds(MIN_NESTED, 0)) } else { every };
        let due = shared.now().saturating_add(every);
        let order = Timers::number(&timers.next_order);
        timers.queue(id, Timer { due, order, nesting, every: Some(every), ..timer.clone() });
    }
    timers.nesting.set(timer.nesting);
    let called = call(ctx, timer);
    timers.nesting.set(0);
    match called {
        Ok(()) => Ok(()),
        Err(rquickjs::Error::Exception) => shared.report(ctx, &ctx.catch()),
        Err(error) => Err(super::caught(ctx, shared, error)),
    }
}

fn call<'js>(ctx: &Ctx<'js>, timer: Timer) -> rquickjs::Result<()> {
    let mut arguments = Args::new(ctx.clone(), timer.arguments.len());
    arguments.this(ctx.globals())?;
    for argument in timer.arguments {
        arguments.push_arg(argument.restore(ctx)?.into_js(ctx)?)?;
    }
    timer.callback.restore(ctx)?.call_arg::<Value<'js>>(arguments).map(drop)
}

impl core::fmt::Debug for Timers {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Timers").field("queue", &self.queue).finish_non_exhaustive()
    }
}
