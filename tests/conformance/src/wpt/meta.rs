//! The `// META:` lines at the top of a file.

use std::iter;

/// Globals that the sandbox can stand for: it has neither a document nor what is a
/// service worker's or a worklet's alone.
const GLOBALS: [&str; 7] =
    ["window", "worker", "dedicatedworker", "sharedworker", "jsshell", "shadowrealm", "default"];

/// What a file says about itself.
/// <https://web-platform-tests.org/writing-tests/testharness.html#specifying-metadata-in-auto-generated-tests>
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Meta {
    /// The name of tests that have none; empty when it is not given.
    pub(super) title: String,
    /// Scripts to load before, in order.
    pub(super) scripts: Vec<String>,
    pub(super) is_long: bool,
    globals: Vec<String>,
    variants: Vec<String>,
}

impl Meta {
    /// Reads the lines up to the first that is none.
    pub(super) fn parse(source: &str) -> Self {
        let mut meta = Self::default();
        for line in source.lines() {
            let Some(line) = line.strip_prefix("//").map(str::trim_start) else { break };
            let Some((key, value)) = line.strip_prefix("META:").and_then(|pair| pair.split_once('=')) else {
                break;
            };
            let value = value.trim();
            match key.trim() {
                "title" => value.clone_into(&mut meta.title),
                "script" => meta.scripts.push(value.to_owned()),
                "timeout" => meta.is_long = value == "long",
                "global" => meta.globals.extend(value.split(',').map(|name| name.trim().to_owned())),
                "variant" => meta.variants.push(value.to_owned()),
                _ => {}
            }
        }
        meta
    }

    /// The queries that the file is run with.
    pub(super) fn variants(&self) -> impl Iterator<Item = &str> {
        let none = self.variants.is_empty().then_some("");
        self.variants.iter().map(String::as_str).chain(iter::once(none).flatten())
    }

    /// Why the file cannot be run in any global, if so.
    pub(super) fn unsupported(&self) -> Option<String> {
        let runs = |name: &String| GLOBALS.contains(&name.as_str()) || name.starts_with("shadowrealm");
        if self.globals.is_empty() || self.globals.iter().any(runs) {
            return None;
        }
        Some(format!("it is for {} only", self.globals.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_at_the_top_are_read_and_no_others() {
        let meta = Meta::parse(
            "// META: title=A title: with = in it\n//META:script=/common/a.js\n// META: script=b.js\n// META: \
             timeout=long\n// META: variant=?1-10\n// META: variant=?11-last\n// META: global=window,worker\n\n// \
             META: script=late.js\n",
        );

        assert_eq!(meta.title, "A title: with = in it");
        assert_eq!(meta.scripts, ["/common/a.js", "b.js"]);
        assert_eq!(meta.variants().collect::<Vec<_>>(), ["?1-10", "?11-last"]);
        assert!(meta.is_long);
        assert_eq!(meta.unsupported(), None);
    }

    #[test]
    fn a_file_without_metadata_is_run_once() {
        let meta = Meta::parse("test(() => {})");

        assert_eq!(meta.variants().collect::<Vec<_>>(), [""]);
        assert_eq!(meta.unsupported(), None);
    }

    #[test]
    fn a_file_for_service_workers_only_says_so() {
        let meta = Meta::parse("// META: global=serviceworker");

        assert_eq!(meta.unsupported().as_deref(), Some("it is for serviceworker only"));
    }
}
