//! Guest values as text for people, as `util.inspect` of Node.js has it.
//!
//! Getters do not run, nor do a proxy's traps; the only guest code that does is an
//! object's own [`hook`]. Whatever is met, the result is a text: nothing throws, and
//! nothing that guest code replaced is asked.
//!
//! ```text
//! value ─► mod ─┬─► primitive ─► quote
//!               ├─► hook                        the object speaks for itself
//!               └─► object ─┬─► naming          class, tag
//!                           ├─► array, buffer, collection, error, function, wrapper
//!                           ├─► member          properties
//!                           └─► layout          entries to lines
//! ```

mod array;
mod buffer;
mod builtins;
mod collection;
mod error;
mod function;
mod hook;
mod layout;
mod member;
mod naming;
mod object;
mod options;
mod primitive;
mod property;
mod quote;
mod text;
mod wrapper;

use builtins::Class;
pub(super) use builtins::{Builtin, Builtins};
pub(super) use hook::function;
pub(super) use options::Options;
pub(super) use primitive::number_text;
pub(super) use property::{Keys, Slot};
pub(super) use text::has_own_text;

use super::{
    intrinsics::{Intrinsics, identity},
    shared::Shared,
    wtf8,
};
use crate::sys::class::as_proxy;
use alloc::{rc::Rc, string::String, vec::Vec};
use rquickjs::{Ctx, Object, Value};

/// Most levels of nesting, whatever the options say: each takes stack.
const MAX_NESTING: usize = 100;

/// `value` in at most `limit` bytes and the truncation mark.
pub(super) fn inspect<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    value: &Value<'js>,
    options: &Options,
    limit: usize,
) -> String {
    match Inspector::new(ctx, shared, *options, limit) {
        Some(mut inspector) => {
            let text = inspector.value(value, 0);
            inspector.finish(text)
        }
        None => String::from("<no realm to ask>"),
    }
}

/// One inspection.
pub(super) struct Inspector<'a, 'js> {
    ctx: &'a Ctx<'js>,
    shared: &'a Shared,
    builtins: Rc<Builtins>,
    intrinsics: Rc<Intrinsics>,
    options: Options,
    limit: usize,
    /// Bytes that may still be written.
    left: usize,
    full: bool,
    /// Columns before the current entry.
    indentation: usize,
    /// Level of the object that was begun last.
    current_depth: i64,
    /// Objects around the current value.
    ancestors: Vec<u64>,
    /// Those of them that something inside refers to.
    referred: Vec<u64>,
}

impl<'a, 'js> Inspector<'a, 'js> {
    /// An inspection of at most `limit` bytes; `None` outside of a realm's life.
    pub(super) fn new(ctx: &'a Ctx<'js>, shared: &'a Shared, options: Options, limit: usize) -> Option<Self> {
        let intrinsics = shared.intrinsics().ok()?;
        Some(Self {
            ctx,
            shared,
            builtins: Rc::clone(&intrinsics.builtins),
            intrinsics,
            options,
            limit,
            left: limit,
            full: false,
            indentation: 0,
            current_depth: 0,
            ancestors: Vec::new(),
            referred: Vec::new(),
        })
    }

    /// Cuts a finished text that is too long, with the mark.
    pub(super) fn finish(&self, mut text: String) -> String {
        let fits = wtf8::clip(&text, self.limit).len();
        if fits < text.len() || self.full {
            text.truncate(fits);
            text.push_str(wtf8::TRUNCATED);
        }
        text
    }

    /// Takes `text` off what may still be written.
    fn spend(&mut self, text: String) -> String {
        if text.len() > self.left {
            self.full = true;
            self.left = 0;
        } else {
            self.left -= text.len();
        }
        text
    }

    /// Whether to add nothing more.
    pub(super) fn stopped(&self) -> bool {
        self.full || self.shared.poll()
    }

    /// Entries that are surely too many: each takes some bytes.
    fn most_entries(&self) -> usize {
        self.left / 4 + 1
    }

    /// The text of a value that is `level` levels below the outermost.
    pub(super) fn value(&mut self, value: &Value<'js>, level: i64) -> String {
        if self.stopped() {
            return String::new();
        }
        let Some(object) = value.as_object() else {
            let text = self.primitive(value);
            return self.spend(text);
        };
        let (indentation, depth) = (self.indentation, self.ancestors.len());
        self.visit(object, level).unwrap_or_else(|_| {
            // No stack or no memory left, or stopped.
            self.ctx.catch();
            self.indentation = indentation;
            self.ancestors.truncate(depth);
            self.spend(String::from("<cannot be inspected: no stack or memory left>"))
        })
    }

    fn visit(&mut self, original: &Object<'js>, level: i64) -> rquickjs::Result<String> {
        let Some(object) = self.behind_proxies(original)? else {
            return Ok(self.spend(String::from("<Revoked Proxy>")));
        };
        if original.is_proxy() && self.options.show_proxy {
            return self.proxy(original, level);
        }
        if self.options.custom
            && let Some(text) = self.hook(original, &object, level)?
        {
            return Ok(text);
        }
        let identity = identity(&object);
        if self.ancestors.contains(&identity) {
            let known = self.referred.iter().position(|referred| *referred == identity);
            let at = known.unwrap_or_else(|| {
                self.referred.push(identity);
                self.referred.len() - 1
            });
            return Ok(self.spend(alloc::format!("[Circular *{}]", at + 1)));
        }
        self.object(&object, level, false)
    }

    /// The first object behind proxies that is none; `None` when one was revoked.
    pub(super) fn behind_proxies(&self, object: &Object<'js>) -> rquickjs::Result<Option<Object<'js>>> {
        let mut target = object.clone();
        while let Some(proxy) = as_proxy(&target) {
            self.shared.check(self.ctx)?;
            let Ok(next) = proxy.target() else {
                self.ctx.catch();
                return Ok(None);
            };
            target = next;
        }
        Ok(Some(target))
    }
}
