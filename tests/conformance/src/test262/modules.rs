//! The modules that a file imports.
//!
//! test262 imports by `./name`, relative to the file; the sandbox imports what was
//! registered as `namespace:name`. So each such literal that names a file of the folder is
//! replaced, in the file and in all that it leads to.

use crate::folder::{self, Folder};
use anyhow::Result;
use regex::{Captures, Regex};
use std::collections::BTreeMap;

/// The namespace that the files are registered in.
pub(super) const NAMESPACE: &str = "test262";

/// Finds the specifiers in a file.
#[derive(Debug)]
pub(super) struct Specifiers {
    literal: Regex,
}

impl Specifiers {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { literal: Regex::new(r#"'\.\.?/[^'"\\\r\n]+\.js'|"\.\.?/[^'"\\\r\n]+\.js""#)? })
    }

    /// The text of a file for the sandbox, and those of all files that it can import, by
    /// name; itself, if it does.
    pub(super) fn graph(
        &self,
        folder: &Folder,
        file: &str,
        source: &str,
    ) -> (String, BTreeMap<String, String>) {
        let mut others = BTreeMap::new();
        let (main, mut waiting) = self.point(folder, file, source);
        while let Some(name) = waiting.pop() {
            if others.contains_key(&name) {
                continue;
            }
            let Ok(text) = folder.read(&name) else { continue };
            let (text, found) = self.point(folder, &name, &text);
            others.insert(name, text);
            waiting.extend(found);
        }
        (main, others)
    }

    /// The text of one file with its specifiers replaced, and the files that they name.
    fn point(&self, folder: &Folder, file: &str, source: &str) -> (String, Vec<String>) {
        let mut found = Vec::new();
        let text = self.literal.replace_all(source, |literal: &Captures<'_>| {
            let whole = literal.get(0).map_or("", |whole| whole.as_str());
            let target = folder::resolve(file, whole.trim_matches(['\'', '"']));
            if !folder.has(&target) {
                return whole.to_owned();
            }
            let specifier = format!("'{NAMESPACE}:{target}'");
            found.push(target);
            specifier
        });
        (text.into_owned(), found)
    }
}
