//! Source text on its way into a guest: TypeScript becomes JavaScript here.

use hypercell_common::body::{Cause, Thrown};

/// Whether a file of this name has TypeScript in it.
pub(crate) fn is_typescript(name: &str) -> bool {
    let name = name.split(['?', '#']).next().unwrap_or(name);
    [".ts", ".mts", ".cts"].iter().any(|extension| name.ends_with(extension))
}

/// JavaScript from TypeScript, with every line and column where it was.
///
/// # Errors
/// A `SyntaxError` with its place in the file.
#[cfg(feature = "typescript")]
pub(crate) fn javascript(source: &str, file: &str) -> Result<String, Thrown> {
    crate::typescript::strip(source, file).map_err(|error| Thrown {
        cause: Cause::Syntax,
        name: "SyntaxError".to_owned(),
        message: error.message().to_owned(),
        stack: format!("    at {file}:{}:{}\n", error.line(), error.column()),
        code: None,
    })
}

/// What there is without the feature.
///
/// # Errors
/// Always: it says so.
#[cfg(not(feature = "typescript"))]
pub(crate) fn javascript(_: &str, file: &str) -> Result<String, Thrown> {
    Err(Thrown {
        cause: Cause::Syntax,
        name: "SyntaxError".to_owned(),
        message: "TypeScript needs the cargo feature `typescript` of the crate `hypercell`".to_owned(),
        stack: format!("    at {file}:1:1\n"),
        code: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_says_what_a_file_is() {
        for (name, expected) in [
            ("a.ts", true),
            ("/x/a.mts", true),
            ("a.cts?x", true),
            ("a.js", false),
            ("ts", false),
            ("a.tsx", false),
        ] {
            assert_eq!(is_typescript(name), expected, "{name}");
        }
    }
}
