//! Which script a stack frame belongs to.
//!
//! Without the standard library rquickjs gives every classic script the same
//! file name. So all scripts of a realm are compiled as consecutive lines of one
//! virtual file, and the stacks that leave the engine get the true name and line
//! back.

use super::builtin;
use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

/// The name that rquickjs gives to scripts.
const VIRTUAL: &str = "eval_script:";

/// Marks what follows as an internal suffix of a module's name, see
/// [`super::registry`].
pub(super) const SUFFIX: char = '\u{1}';

/// Lines of the virtual file before old scripts lose their names: the padding
/// is scanned for each script.
const MAX_LINES: usize = 1 << 20;

/// The scripts of a realm in the order in which they ran.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    /// First line in the virtual file, counted from 0, and the script's name.
    known: Vec<(usize, String)>,
    lines: usize,
}

impl Scripts {
    /// Adds a script and gives its source with the padding that puts it on its
    /// own lines.
    pub(super) fn add(&mut self, name: &str, source: &[u8]) -> Vec<u8> {
        if self.lines > MAX_LINES {
            *self = Self::default();
        }
        let padding = self.lines;
        self.known.push((padding, String::from(name)));
        self.lines = padding.saturating_add(source.split(|&byte| byte == b'\n').count());
        let mut padded = Vec::with_capacity(padding.saturating_add(source.len()).saturating_add(1));
        padded.resize(padding, b'\n');
        match source {
            // A hashbang is one only at the very start.
            [b'#', b'!', rest @ ..] if padding > 0 => {
                padded.extend_from_slice(b"//");
                padded.extend_from_slice(rest);
            }
            _ => padded.extend_from_slice(source),
        }
        padded
    }

    /// Name of the script that runs or ran last.
    pub(super) fn last(&self) -> Option<&str> {
        self.known.last().map(|(_, name)| name.as_str())
    }

    /// Whether the first frame of `stack` says that a script does not parse.
    pub(super) fn is_parse_error(stack: &str) -> bool {
        stack.trim_start().strip_prefix("at ").is_some_and(|frame| frame.starts_with(VIRTUAL))
    }

    /// `stack` as it leaves the engine: true names, no internal suffixes, no frames
    /// of the engine's own modules, nor of built-in functions that these called.
    pub(super) fn clean(&self, stack: &str) -> String {
        let mut clean = String::with_capacity(stack.len());
        // Where the built-in functions begin that the next frame called.
        let mut called = None;
        for line in stack.split_inclusive('\n') {
            if is_internal(line) {
                clean.truncate(called.take().unwrap_or(clean.len()));
            } else {
                let start = clean.len();
                self.clean_line(line, &mut clean);
                called = is_native(line).then(|| called.unwrap_or(start));
            }
        }
        clean
    }

    fn clean_line(&self, stack: &str, clean: &mut String) {
        let mut rest = stack;
        while let Some(at) = rest.find([SUFFIX, 'e']) {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            clean.push_str(before);
            if let Some(after) = from.strip_prefix(SUFFIX) {
                rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
            } else if let Some((name, line, after)) =
                from.strip_prefix(VIRTUAL).and_then(|after| self.find(after))
            {
                clean.push_str(name);
                clean.push(':');
                clean.push_str(&line.to_string());
                rest = after;
            } else {
                clean.push('e');
                rest = from.get(1..).unwrap_or_default();
            }
        }
        clean.push_str(rest);
    }

    /// Name and line for the virtual line at the start of `text`, and what
    /// follows that line.
    fn find<'a>(&self, text: &'a str) -> Option<(&str, usize, &'a str)> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = text.split_at_checked(digits)?;
        let line: usize = number.parse().ok()?;
        let before = self.known.partition_point(|&(start, _)| start < line);
        let (start, name) = self.known.get(before.checked_sub(1)?)?;
        Some((name, line.saturating_sub(*start), after))
    }
}

/// Whether a line of a stack is a frame of a built-in function.
fn is_native(line: &str) -> bool {
    place_of(line) == Some("native")
}

/// Whether a line of a stack is a frame in a module of the guest's own.
fn is_internal(line: &str) -> bool {
    place_of(line).is_some_and(builtin::is_own)
}

/// Where a frame is: `file:line:column`, or `native`. `None` for a line that is no frame.
pub(super) fn place_of(line: &str) -> Option<&str> {
    let frame = line.trim().strip_prefix("at ")?;
    Some(frame.rsplit_once(" (").map_or(frame, |(_, place)| place.trim_end_matches(')')))
}
