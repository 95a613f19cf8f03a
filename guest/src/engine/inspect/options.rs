//! How much of a value is shown.

use rquickjs::{Object, Value};

/// Options of an inspection, with the meaning that Node.js documents for
/// `util.inspect`. The default is what `console.log` uses.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Options {
    /// Levels of nesting that are shown below the outermost; none of it when
    /// negative.
    pub(in crate::engine) depth: i64,
    /// Shows properties that are not enumerable, too.
    pub(in crate::engine) show_hidden: bool,
    /// Shows a proxy's target and handler, and not the target as if it were no proxy.
    pub(in crate::engine) show_proxy: bool,
    /// Lets objects speak for themselves, see [`super::hook`].
    pub(in crate::engine) custom: bool,
    /// Most elements shown of an array, a typed array, a `Map` or a `Set`, and bytes
    /// of a buffer.
    pub(in crate::engine) max_array: usize,
    /// Most characters shown of a string inside of an object.
    pub(in crate::engine) max_string: usize,
    /// Columns that a line has before it is broken.
    pub(in crate::engine) break_length: usize,
    /// Innermost levels that may share a line; 0 for a line for each entry.
    pub(in crate::engine) compact: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            depth: 2,
            show_hidden: false,
            show_proxy: false,
            custom: true,
            max_array: 100,
            max_string: 10_000,
            break_length: 80,
            compact: 3,
        }
    }
}

impl Options {
    /// Takes what `object` says over the options: `depth`, `showHidden`, `showProxy`,
    /// `customInspect`, `maxArrayLength`, `maxStringLength`, `breakLength`, `compact`.
    ///
    /// # Errors
    /// What a getter of the object throws.
    pub(in crate::engine) fn with(mut self, object: &Object<'_>) -> rquickjs::Result<Self> {
        if let Some(depth) = limit(object, "depth")? {
            self.depth = i64::try_from(depth).unwrap_or(i64::MAX);
            if object.get::<_, Value<'_>>("depth")?.as_number().is_some_and(|depth| depth < 0.0) {
                self.depth = -1;
            }
        }
        self.show_hidden = flag(object, "showHidden")?.unwrap_or(self.show_hidden);
        self.show_proxy = flag(object, "showProxy")?.unwrap_or(self.show_proxy);
        self.custom = flag(object, "customInspect")?.unwrap_or(self.custom);
        self.max_array = limit(object, "maxArrayLength")?.unwrap_or(self.max_array);
        self.max_string = limit(object, "maxStringLength")?.unwrap_or(self.max_string);
        self.break_length = limit(object, "breakLength")?.unwrap_or(self.break_length);
        self.compact = match flag(object, "compact")? {
            Some(false) => 0,
            Some(true) => self.compact,
            None => limit(object, "compact")?.unwrap_or(self.compact),
        };
        Ok(self)
    }
}

fn flag(object: &Object<'_>, key: &str) -> rquickjs::Result<Option<bool>> {
    Ok(object.get::<_, Value<'_>>(key)?.as_bool())
}

/// A number as a limit: `null` and `Infinity` are none, what is below zero is zero.
fn limit(object: &Object<'_>, key: &str) -> rquickjs::Result<Option<usize>> {
    let value: Value<'_> = object.get(key)?;
    if value.is_null() {
        return Ok(Some(usize::MAX));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
    Ok(value.as_number().filter(|number| !number.is_nan()).map(|number| number as usize))
}
