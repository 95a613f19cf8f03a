//! Regular expressions as QuickJS takes them.
//!
//! With the flag `v` it refuses outside of classes, too, what only a class cannot
//! have there: `-`, `/`, and twice the same punctuator, such as `::`.

use alloc::{format, string::String};

/// The punctuators that a class cannot have twice in a row, as far as they have no
/// meaning outside of one.
const NOT_TWICE: &str = "!#%&,:;<=>@`~";

/// The same regular expression with these characters escaped.
pub(super) fn accepted(regexp: &str) -> String {
    let mut result = String::with_capacity(regexp.len());
    let mut classes = 0_usize;
    // `(?i-s:` is the one place where `-` has a meaning.
    let mut modifiers = false;
    let mut previous = None;
    let mut characters = regexp.chars();
    while let Some(c) = characters.next() {
        let repeated = previous == Some(c) && NOT_TWICE.contains(c);
        if classes == 0 && (c == '/' || (c == '-' && !modifiers) || repeated) {
            result.push_str(&format!("\\x{:02x}", u32::from(c)));
        } else {
            result.push(c);
        }
        match c {
            '\\' => result.extend(characters.next()),
            '[' => classes += 1,
            ']' => classes = classes.saturating_sub(1),
            _ => {}
        }
        modifiers =
            (c == '?' && previous == Some('(')) || (modifiers && (c.is_ascii_lowercase() || c == '-'));
        previous = (c != '\\').then_some(c);
    }
    result
}
