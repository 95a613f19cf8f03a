//! Where in a value something is, as one writes it in JavaScript.

use std::fmt::{self, Write as _};

/// Most bytes of a key, and most steps at either end, in an error message.
const SHOWN_KEY: usize = 60;
const SHOWN_STEPS: usize = 8;

/// One step from a value to one inside of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Index(usize),
    Key(String),
    /// The key of an entry of a `Map`.
    EntryKey(usize),
    /// The value of an entry of a `Map`, with its key as JSON where that is short.
    EntryValue(usize, Option<String>),
}

/// The steps from `$`, with the middle of long paths left out.
pub(super) struct Path<'a>(pub(super) &'a [Step]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        let hidden = SHOWN_STEPS..self.0.len().saturating_sub(SHOWN_STEPS);
        for (at, step) in self.0.iter().enumerate() {
            if hidden.contains(&at) {
                if at == hidden.start {
                    f.write_char('…')?;
                }
                continue;
            }
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::EntryKey(index) => write!(f, "[{index}].key")?,
                Step::EntryValue(_, Some(key)) => write!(f, ".get({key})")?,
                Step::EntryValue(index, None) => write!(f, "[{index}].value")?,
                Step::Key(key) if is_identifier(key) => write!(f, ".{key}")?,
                Step::Key(key) => {
                    let shown = key.get(..key.floor_char_boundary(SHOWN_KEY)).unwrap_or_default();
                    let more = if shown.len() < key.len() { "…" } else { "" };
                    write!(f, "[{:?}]", format_args!("{shown}{more}").to_string())?;
                }
            }
        }
        Ok(())
    }
}

fn is_identifier(key: &str) -> bool {
    key.len() <= SHOWN_KEY
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// The key of an entry, when its JSON is a short string or a number.
pub(super) fn shown_key(json: &str) -> Option<String> {
    let is_scalar = !json.starts_with(['[', '{', 'n', 't', 'f']);
    (is_scalar && json.len() <= SHOWN_KEY).then(|| json.to_owned())
}
