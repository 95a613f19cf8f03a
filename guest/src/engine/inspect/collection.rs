//! What `Map`, `Set` and promises hold.

use super::{Builtin, Class, Inspector, primitive::more_items};
use alloc::{format, string::String, vec, vec::Vec};
use rquickjs::{Object, Value, atom::PredefinedAtom, promise::PromiseState};

impl<'js> Inspector<'_, 'js> {
    pub(super) fn map(&mut self, map: &Object<'js>, level: i64) -> rquickjs::Result<Vec<String>> {
        let entries = self.items(map, (Builtin::MapEntries, Builtin::MapNext), |inspector, entry| {
            // The engine just made this array of two.
            let Some(entry) = entry.as_object() else { return Ok(String::new()) };
            let (key, value): (Value<'js>, Value<'js>) = (entry.get(0)?, entry.get(1)?);
            let key = inspector.value(&key, level);
            let value = inspector.value(&value, level);
            Ok(format!("{key} => {value}"))
        })?;
        self.with_rest(map, Builtin::MapSize, entries)
    }

    pub(super) fn set(&mut self, set: &Object<'js>, level: i64) -> rquickjs::Result<Vec<String>> {
        let entries = self.items(set, (Builtin::SetValues, Builtin::SetNext), |inspector, value| {
            Ok(inspector.value(&value, level))
        })?;
        self.with_rest(set, Builtin::SetSize, entries)
    }

    /// Each item of a collection, as far as the options go.
    pub(in crate::engine) fn items(
        &mut self,
        collection: &Object<'js>,
        (iterate, next): (Builtin, Builtin),
        mut text: impl FnMut(&mut Self, Value<'js>) -> rquickjs::Result<String>,
    ) -> rquickjs::Result<Vec<String>> {
        let iterator: Object<'js> = self.ask(iterate, collection)?;
        let mut entries = Vec::new();
        self.indentation += 2;
        while entries.len() < self.options.max_array && !self.stopped() {
            let step: Object<'js> = self.ask(next, &iterator)?;
            if step.get(PredefinedAtom::Done)? {
                break;
            }
            let item = step.get(PredefinedAtom::Value)?;
            entries.push(text(self, item)?);
        }
        self.indentation -= 2;
        Ok(entries)
    }

    fn with_rest(
        &mut self,
        collection: &Object<'js>,
        size: Builtin,
        mut entries: Vec<String>,
    ) -> rquickjs::Result<Vec<String>> {
        let size: usize = self.ask(size, collection)?;
        let rest = size.saturating_sub(entries.len());
        if rest > 0 && !self.stopped() {
            entries.push(self.spend(more_items(rest)));
        }
        Ok(entries)
    }

    /// Whether the object is a `Map` (`true`) or a `Set` (`false`).
    pub(in crate::engine) fn is_map_or_set(&self, object: &Object<'js>) -> Option<bool> {
        match self.builtins.class(object) {
            Some(Class::Map) => Some(true),
            Some(Class::Set) => Some(false),
            _ => None,
        }
    }

    /// Stands for items that cannot be looked at without taking or keeping them.
    pub(super) fn unknown_items(&mut self) -> Vec<String> {
        vec![self.spend(String::from("<items unknown>"))]
    }

    pub(super) fn promise(&mut self, object: &Object<'js>, level: i64) -> Vec<String> {
        let Some(promise) = object.as_promise() else { return Vec::new() };
        let (mark, value) = match promise.state() {
            PromiseState::Pending => return vec![self.spend(String::from("<pending>"))],
            PromiseState::Resolved => ("", promise.result::<Value<'js>>().and_then(Result::ok)),
            PromiseState::Rejected => {
                // The reason is told by throwing it.
                let _ = promise.result::<Value<'js>>();
                ("<rejected> ", Some(self.ctx.catch()))
            }
        };
        self.indentation += 2;
        let text = value.map(|value| self.value(&value, level)).unwrap_or_default();
        self.indentation -= 2;
        vec![format!("{mark}{text}")]
    }

    /// A proxy as what it is: its target and its handler.
    pub(super) fn proxy(&mut self, proxy: &Object<'js>, level: i64) -> rquickjs::Result<String> {
        if level > self.options.depth || self.ancestors.len() >= super::MAX_NESTING {
            return Ok(self.spend(String::from("Proxy [Array]")));
        }
        let Some(proxy) = super::as_proxy(proxy) else { return Ok(String::new()) };
        let (target, handler) = (proxy.target()?.into_value(), proxy.handler()?.into_value());
        let identity = super::identity(proxy);
        // Two proxies can be each other's handlers.
        if self.ancestors.contains(&identity) {
            return Ok(self.spend(String::from("[Circular Proxy]")));
        }
        self.ancestors.push(identity);
        self.indentation += 2;
        let level = level.saturating_add(1);
        let entries = vec![self.value(&target, level), self.value(&handler, level)];
        self.indentation -= 2;
        self.ancestors.pop();
        let list = super::layout::List { numeric: false, cut: false };
        Ok(self.join(entries, &super::layout::Braces::new("Proxy [", "]"), Some(&list), level))
    }
}
