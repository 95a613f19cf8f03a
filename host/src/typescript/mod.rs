//! TypeScript without its types: each becomes white space, so that every line and column stays.
//!
//! The parser reads hostile text in the process of the embedding program. Before it does, a
//! survey of the tokens bounds how deep it recurses and how often it reads a token again;
//! then it runs on a thread of its own whose stack is sized for that bound.

mod error;
#[cfg(test)]
mod hostile;
mod limits;
#[cfg(test)]
mod patterns;
mod place;
mod strip;
mod survey;
#[cfg(test)]
mod tests;
mod worker;

pub use error::TypeScriptError;
use limits::MAX_SOURCE;

/// Replaces the types of a TypeScript module by white space, so that what is left is JavaScript
/// with every line and column where it was. JavaScript comes back as it is.
///
/// `file` is the name that errors carry. The source may have 1 MiB; docs/typescript.md lists
/// what else is refused, and what to write instead.
///
/// It blocks for as long as parsing takes, some fifteen milliseconds for 100 KiB of ordinary code,
/// and up to a second or so for the most ambiguous source that is taken.
///
/// # Errors
///
/// What is wrong, with its line and column: the source does not parse, has syntax that
/// is more than types (`enum`, for one), is too long, or is nested too deeply.
///
/// ```
/// let javascript = hypercell::typescript::strip("let x: number = 1;", "x.ts").unwrap();
/// assert_eq!(javascript, "let x         = 1;");
///
/// let error = hypercell::typescript::strip("enum A { B }", "a.ts").unwrap_err();
/// assert_eq!((error.line(), error.column()), (1, 1));
/// ```
pub fn strip(source: &str, file: &str) -> Result<String, TypeScriptError> {
    strip_within(source, file, MAX_SOURCE)
}

/// The same with a limit of one's own on the source, in bytes: not above [`MAX_SOURCE`], for
/// which stack, memory and time were measured.
pub(crate) fn strip_within(source: &str, file: &str, max_source: usize) -> Result<String, TypeScriptError> {
    let max_source = max_source.min(MAX_SOURCE);
    if source.len() > max_source {
        let length = source.len();
        let message =
            format!("the source has {length} bytes, and may have {max_source}: split it into modules");
        return Err(TypeScriptError::new(file, (1, 1), message));
    }
    // swc takes a byte order mark off, and counts without it.
    let (mark, text) = match source.strip_prefix('\u{feff}') {
        Some(text) => ("\u{feff}", text),
        None => ("", source),
    };
    match worker::run(text) {
        Ok(stripped) if mark.is_empty() => Ok(stripped),
        Ok(stripped) => Ok(format!("{mark}{stripped}")),
        Err(refusal) => {
            let offset = refusal.offset.saturating_add(mark.len());
            Err(TypeScriptError::new(file, place::of(source, offset), refusal.message))
        }
    }
}

/// Why a source is not taken.
#[derive(Debug)]
struct Refusal {
    /// Where in the source, in bytes.
    offset: usize,
    message: String,
}

impl Refusal {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}
