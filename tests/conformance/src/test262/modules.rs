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
        Ok(Self { literal: Regex::new(r#"'(\.\.?/[^'"\\\r\n]+\.js)'|"(\.\.?/[^'"\\\r\n]+\.js)""#)? })
    }

    /// The text of a file for the sandbox, and those of all other files that it can
    /// import, by name.
    pub(super) fn graph(
        &self,
        folder: &Folder,
        file: &str,
        source: &str,
    ) -> (String, BTreeMap<String, String>) {
        let mut texts = BTreeMap::new();
        let mut waiting = vec![(file.to_owned(), source.to_owned())];
        while let Some((name, text)) = waiting.pop() {
            let mut found = Vec::new();
            let text = self.literal.replace_all(&text, |literal: &Captures<'_>| {
                let whole = literal.get(0).map_or("", |whole| whole.as_str());
                let specifier = literal.get(1).or_else(|| literal.get(2)).map_or("", |inner| inner.as_str());
                let target = folder::resolve(&name, specifier);
                if !folder.has(&target) {
                    return whole.to_owned();
                }
                found.push(target.clone());
                format!("'{NAMESPACE}:{target}'")
            });
            texts.insert(name.clone(), text.into_owned());
            for target in found {
                if texts.contains_key(&target) || waiting.iter().any(|(name, _)| *name == target) {
                    continue;
                }
                if let Ok(source) = folder.read(&target) {
                    waiting.push((target, source));
                }
            }
        }
        let main = texts.get(file).cloned().unwrap_or_default();
        // A module is registered in its own way; a script that imports itself is one.
        let imports_itself = main.contains(&format!("'{NAMESPACE}:{file}'"));
        if !imports_itself || source.contains("module") {
            texts.remove(file);
        }
        (main, texts)
    }
}
