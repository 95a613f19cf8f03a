//! The handlers that are called, and what they are called with.

use std::fmt::Write as _;

/// Changes one field of a nested event and returns it.
pub const SMALL: &str = "
    function handler(event) {
        event.user.visits += 1;
        return event;
    }
";

/// An event for [`SMALL`].
pub const SMALL_EVENT: &str = r#"{"user":{"name":"Ada Lovelace","visits":41,"tags":["admin","early"]},"request":{"path":"/","headers":{"accept":"application/json"}}}"#;

/// Calls [`crate::native::HOST_FUNCTION`] as often as the event says.
pub const CALLS_HOST: &str = "
    import { next } from 'host:bench';
    export function handler(calls) {
        let n = 0;
        for (let i = 0; i < calls; i++) n = next(n);
        return n;
    }
";

/// Writes to as many pages of a large array as the event says.
pub const DIRTIES_PAGES: &str = "
    const PAGE = 4096;
    const pages = new Uint8Array(1025 * PAGE).fill(1);
    function handler(count) {
        for (let i = 0; i < count; i++) pages[i * PAGE] += 1;
        return null;
    }
";

/// Reads a document.
pub const READS: &str = "
    function handler(document) {
        return document.length;
    }
";

/// Keeps the document that it is given, and returns it when it is given none.
pub const WRITES: &str = "
    let kept = null;
    function handler(document) {
        if (document === null) return kept;
        kept = document;
        return null;
    }
";

/// Gives the length of bytes, and for `null` a mebibyte.
pub const BINARY: &str = "
    const bytes = new Uint8Array(1 << 20).fill(7);
    function handler(event) {
        return event === null ? bytes : event.length;
    }
";

/// Names and lengths in bytes of the documents.
pub const DOCUMENT_LENGTHS: [(&str, usize); 2] = [("100KB", 100_000), ("1MB", 1_000_000)];

/// A JSON array of small objects, of about `length` bytes.
#[must_use]
pub fn document(length: usize) -> String {
    let mut text = String::from("[");
    let mut id = 0_u32;
    while text.len() < length {
        if id > 0 {
            text.push(',');
        }
        let score = f64::from(id * 37 % 1000) / 8.0;
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            r#"{{"id":{id},"name":"Customer {id}","active":{},"score":{score},"tags":["new","eu"]}}"#,
            id.is_multiple_of(3)
        );
        id += 1;
    }
    text.push(']');
    text
}
