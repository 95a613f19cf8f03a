//! Where the guest's console goes.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// The level of a line of the guest's console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ConsoleLevel {
    /// `console.debug` and `trace`.
    Debug,
    /// `console.log`, `dir`, `dirxml`, `table`, `group` and `timeLog`, and whatever else
    /// the guest may say.
    Log,
    /// `console.info`, `count` and `timeEnd`.
    Info,
    /// `console.warn`, and labels that there are not.
    Warn,
    /// `console.error` and a failed `console.assert`.
    Error,
}

impl ConsoleLevel {
    /// The level's name: `debug`, `log`, `info`, `warn`, `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Log => "log",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }

    fn alleged(name: &str) -> Self {
        [Self::Debug, Self::Info, Self::Warn, Self::Error]
            .into_iter()
            .find(|level| level.as_str() == name)
            .unwrap_or(Self::Log)
    }
}

impl fmt::Display for ConsoleLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

type Sink = dyn Fn(ConsoleLevel, &str) + Send + Sync;

/// Takes the lines of guests' consoles as they come.
#[derive(Clone)]
pub(crate) struct ConsoleSink(Arc<Sink>);

impl ConsoleSink {
    pub(crate) fn new(sink: impl Fn(ConsoleLevel, &str) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }
}

impl fmt::Debug for ConsoleSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsoleSink")
    }
}

/// The console of one call: a sink and how much it may still get.
#[derive(Debug)]
pub(crate) struct Console {
    sink: Option<ConsoleSink>,
    limit: u64,
    left: u64,
    full: bool,
}

impl Console {
    /// A console that passes `limit` bytes on to `sink`.
    pub(crate) fn new(sink: Option<ConsoleSink>, limit: u64) -> Self {
        Self { sink, limit, left: limit, full: false }
    }

    /// Passes a line on, as far as the limit allows; the first that does not fit is
    /// cut, with a mark, and all others are dropped.
    pub(crate) fn write(&mut self, level: &str, text: &str) {
        let Some(sink) = &self.sink else { return };
        if self.full {
            return;
        }
        let level = ConsoleLevel::alleged(level);
        if let Some(left) = self.left.checked_sub(text.len() as u64) {
            self.left = left;
            pass(sink, level, text);
        } else {
            self.full = true;
            let room = usize::try_from(self.left).unwrap_or(usize::MAX);
            let kept = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
            let limit = self.limit;
            pass(sink, level, &format!("{kept}… [console output limit of {limit} bytes reached]"));
        }
    }
}

fn pass(sink: &ConsoleSink, level: ConsoleLevel, text: &str) {
    // A sink that panics loses its line and nothing else.
    let _ = catch_unwind(AssertUnwindSafe(|| (sink.0)(level, text)));
}
