//! The YAML in the comment at the top of a file.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::fmt;

/// What a file says about itself, as far as it says how to run it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Frontmatter {
    /// Harness files to load before.
    pub(super) includes: Vec<String>,
    flags: Vec<String>,
    /// Names from test262's features.txt.
    pub(super) features: Vec<String>,
    /// The exception that it must end with.
    pub(super) negative: Option<Negative>,
}

/// An expected exception.
#[derive(Debug, Deserialize)]
pub(super) struct Negative {
    pub(super) phase: Phase,
    /// The name of its constructor.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// When an exception is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    Parse,
    Early,
    Resolution,
    Runtime,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parse => "parse",
            Self::Early => "early",
            Self::Resolution => "resolution",
            Self::Runtime => "runtime",
        })
    }
}

/// How a file's text is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Sloppy,
    Strict,
    Module,
    Raw,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sloppy => "sloppy",
            Self::Strict => "strict",
            Self::Module => "module",
            Self::Raw => "raw",
        })
    }
}

impl Frontmatter {
    /// # Errors
    /// When there is none, or it is not as it must be.
    pub(super) fn parse(source: &str) -> Result<Self> {
        let (_, rest) = source.split_once("/*---").context("it has no frontmatter")?;
        let (yaml, _) = rest.split_once("---*/").context("its frontmatter has no end")?;
        // Some tests are about line terminators, and have them here, too.
        let yaml = yaml.replace("\r\n", "\n").replace('\r', "\n");
        serde_saphyr::from_str(&yaml).context("its frontmatter is not as it must be")
    }

    pub(super) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|known| known == flag)
    }

    pub(super) fn is_async(&self) -> bool {
        self.has("async")
    }

    /// The modes that it is run in.
    pub(super) fn modes(&self) -> &'static [Mode] {
        let modes: [(&str, &[Mode]); 4] = [
            ("raw", &[Mode::Raw]),
            ("module", &[Mode::Module]),
            ("onlyStrict", &[Mode::Strict]),
            ("noStrict", &[Mode::Sloppy]),
        ];
        let found = modes.into_iter().find(|(flag, _)| self.has(flag));
        found.map_or(&[Mode::Sloppy, Mode::Strict], |(_, modes)| modes)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_says_how_to_run_a_file_is_read_and_the_rest_left() {
        let read = Frontmatter::parse(
            "// Copyright\n/*---\nesid: sec-x\ndescription: >\n  Two lines: of text\ninfo: |\n    1. If _x_ is *true*, then\n\
             includes: [compareArray.js, propertyHelper.js]\nflags:\n  - onlyStrict\n  - async\nfeatures: [BigInt]\n\
             negative:\n  phase: early\n  type: SyntaxError\n---*/\nx\n",
        )
        .unwrap();

        assert_eq!(read.includes, ["compareArray.js", "propertyHelper.js"]);
        assert_eq!(read.features, ["BigInt"]);
        assert_eq!(read.modes(), [Mode::Strict]);
        assert!(read.is_async());
        let negative = read.negative.unwrap();
        assert_eq!((negative.phase, negative.kind.as_str()), (Phase::Early, "SyntaxError"));
    }

    #[test]
    fn files_run_in_both_modes_unless_they_say_otherwise() {
        let modes =
            |flags: &str| Frontmatter::parse(&format!("/*---\nflags: [{flags}]\n---*/")).unwrap().modes();

        assert_eq!(modes("generated"), [Mode::Sloppy, Mode::Strict]);
        assert_eq!(modes("noStrict"), [Mode::Sloppy]);
        assert_eq!(modes("module, async"), [Mode::Module]);
        assert_eq!(modes("raw"), [Mode::Raw]);
    }

    #[test]
    fn any_line_terminators_will_do() {
        let read = Frontmatter::parse("/*---\rflags: [raw]\r\nfeatures: [a]\r---*/").unwrap();

        assert!(read.has("raw"));
        assert_eq!(read.features, ["a"]);
    }

    #[test]
    fn a_file_without_frontmatter_says_so() {
        let error = Frontmatter::parse("throw 1").unwrap_err();

        assert_eq!(error.to_string(), "it has no frontmatter");
    }
}
