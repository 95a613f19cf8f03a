//! `console.count` and `console.time`: what the realm remembers by label.

use super::{Console, ErrorClass, Shared, duration::duration};
use crate::engine::{inspect::Builtin, wtf8};
use alloc::{collections::BTreeMap, format, string::String};
use core::cell::RefCell;
use rquickjs::{Ctx, Value};

/// Most labels of each sort: they are kept outside of the heap that guest code may
/// fill.
const MAX_LABELS: usize = 1000;
/// Most bytes of a label.
const MAX_LABEL: usize = 1 << 10;

/// Counters, and the times in milliseconds at which timers were started. Nothing is
/// borrowed while guest code runs.
#[derive(Default)]
pub(super) struct Labels {
    counters: RefCell<BTreeMap<String, u64>>,
    timers: RefCell<BTreeMap<String, f64>>,
}

impl Console {
    pub(super) fn count<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let label = self.label(ctx, values)?;
        let count = self.labels.counters.borrow().get(&label).copied().unwrap_or_default().saturating_add(1);
        if count == 1 && self.labels.counters.borrow().len() >= MAX_LABELS {
            self.warn(&format!("Count for '{label}' is not kept: there are {MAX_LABELS} labels already"));
            return Ok(());
        }
        self.printer.print("info", &format!("{label}: {count}"));
        self.labels.counters.borrow_mut().insert(label, count);
        Ok(())
    }

    pub(super) fn count_reset<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let label = self.label(ctx, values)?;
        let known = self.labels.counters.borrow_mut().remove(&label).is_some();
        if !known {
            self.warn(&format!("Count for '{label}' does not exist"));
        }
        Ok(())
    }

    pub(super) fn time<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<()> {
        let label = self.label(ctx, values)?;
        let (known, count) = {
            let timers = self.labels.timers.borrow();
            (timers.contains_key(&label), timers.len())
        };
        if known {
            self.warn(&format!("Label '{label}' already exists for console.time()"));
        } else if count >= MAX_LABELS {
            self.warn(&format!("Timer '{label}' is not kept: there are {MAX_LABELS} labels already"));
        } else {
            let now = now(&self.shared);
            self.labels.timers.borrow_mut().insert(label, now);
        }
        Ok(())
    }

    /// `console.timeLog`, and `console.timeEnd` with `ends`.
    pub(super) fn time_log<'js>(
        &self,
        ctx: &Ctx<'js>,
        values: &[Value<'js>],
        ends: bool,
    ) -> rquickjs::Result<()> {
        let label = self.label(ctx, values)?;
        let now = now(&self.shared);
        let started = self.labels.timers.borrow().get(&label).copied();
        let Some(started) = started else {
            let method = if ends { "timeEnd" } else { "timeLog" };
            self.warn(&format!("No such label '{label}' for console.{method}()"));
            return Ok(());
        };
        let text = format!("{label}: {}", duration(now - started));
        if ends {
            self.labels.timers.borrow_mut().remove(&label);
            self.printer.print("info", &text);
        } else {
            self.log_after(ctx, "log", &text, values.get(1..).unwrap_or_default());
        }
        Ok(())
    }

    fn warn(&self, text: &str) {
        self.printer.print("warn", text);
    }

    /// The first argument as a string, which runs guest code when it is an object.
    fn label<'js>(&self, ctx: &Ctx<'js>, values: &[Value<'js>]) -> rquickjs::Result<String> {
        let Some(label) = values.first().filter(|label| !label.is_undefined()) else {
            return Ok(String::from("default"));
        };
        let intrinsics = self.shared.intrinsics()?;
        if label.is_symbol() {
            return Err(intrinsics.throw(ctx, ErrorClass::Type, "a symbol cannot be a label of the console"));
        }
        let label: Value<'js> = intrinsics.builtins.call(ctx, Builtin::Text, (label.clone(),))?;
        Ok(wtf8::text_of(&label, MAX_LABEL).unwrap_or_default())
    }
}

/// Milliseconds of a clock that starts with the realm.
#[expect(clippy::cast_precision_loss, reason = "2^53 microseconds are centuries")]
fn now(shared: &Shared) -> f64 {
    shared.now() as f64 / 1000.0
}
