//! swc, which strips.

use super::Refusal;
use std::sync::{Arc, Mutex, PoisonError};
use swc_common::{
    SourceMap, Span,
    errors::{DiagnosticBuilder, Emitter, Handler},
    sync::Lrc,
};
use swc_ecma_parser::TsSyntax;
use swc_ts_fast_strip::{Mode, Options};

/// What takes a source, of which a survey found that it is safe, apart.
pub(super) fn strip(source: &str) -> Result<String, Refusal> {
    let found = Diagnostics::default();
    let handler = Handler::with_emitter(false, false, Box::new(found.clone()));
    let options = Options {
        module: Some(true),
        mode: Mode::StripOnly,
        // Decorators are refused by the survey.
        parser: TsSyntax { decorators: true, ..TsSyntax::default() },
        ..Options::default()
    };
    let map = Lrc::new(SourceMap::default());
    match swc_ts_fast_strip::operate(&map, &handler, source.to_owned(), options) {
        Ok(output) => Ok(output.code),
        Err(error) => {
            let first = found.first();
            let (offset, message) = first.unwrap_or((0, error.message));
            Err(Refusal { offset, message: explained(source, &message) })
        }
    }
}

/// What swc found, in place of its text on standard error.
#[derive(Clone, Default)]
struct Diagnostics(Arc<Mutex<Vec<(usize, String)>>>);

impl Diagnostics {
    fn first(&self) -> Option<(usize, String)> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.iter().min_by_key(|(offset, _)| *offset).cloned()
    }
}

impl Emitter for Diagnostics {
    fn emit(&mut self, diagnostic: &mut DiagnosticBuilder<'_>) {
        let offset = diagnostic.span.primary_span().map_or(0, start);
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.push((offset, diagnostic.message()));
    }
}

/// Where a span starts, in bytes. swc counts from 1.
pub(super) fn start(span: Span) -> usize {
    usize::try_from(span.lo.0).unwrap_or(usize::MAX).saturating_sub(1)
}

/// What is to be written instead of what stripping cannot do, by how swc's message begins.
const INSTEAD: &[(&str, &str)] = &[
    (
        "TypeScript enum ",
        "an enum is more than a type, and cannot be stripped: write `const Name = { A: 0, B: 1 }` (and `as const`), or a union of literals",
    ),
    (
        "TypeScript namespace declaration",
        "a namespace with values is more than a type, and cannot be stripped: write a module, or an object",
    ),
    (
        "TypeScript import equals declaration",
        "`import =` cannot be stripped: write `import name from 'module'`, or `const name = other.name`",
    ),
    ("TypeScript export assignment", "`export =` cannot be stripped: write `export default`"),
    (
        "TypeScript parameter property",
        "a parameter property is more than a type, and cannot be stripped: declare the field, and assign it in the constructor",
    ),
    ("The angle-bracket syntax", "`<T>value` cannot be stripped: write `value as T`"),
    (
        "A unary or await expression on the left-hand side of `**`",
        "what is left of `**` would change its meaning without the type: put it in parentheses",
    ),
];

/// swc's message with what to write instead, where there is something to say.
pub(super) fn explained(source: &str, message: &str) -> String {
    if let Some((_, instead)) = INSTEAD.iter().find(|(start, _)| message.starts_with(start)) {
        return (*instead).to_owned();
    }
    // What JSX looks like without being parsed as such differs from case to case.
    if source.contains("</") || source.contains("/>") {
        return format!("{message} (JSX cannot be stripped: if this is some, compile it to function calls)");
    }
    message.to_owned()
}
