//! The folder that a suite lies in: which files it has, and their text.

use anyhow::{Context, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
};
use walkdir::{DirEntry, WalkDir};

/// The folder of a suite. Files in it are named by their path from there, with `/`.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// # Errors
    /// When there is no such folder.
    pub fn open(path: &Path) -> Result<Self> {
        // Without links, so that what lies outside is seen.
        let root =
            path.canonicalize().with_context(|| format!("cannot open the folder {}", path.display()))?;
        if !root.is_dir() {
            bail!("{} is no folder", path.display());
        }
        Ok(Self { root })
    }

    /// The folder's own path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// All files below `start`, in order; hidden ones are left out.
    pub(crate) fn files(&self, start: &str) -> Result<Vec<String>> {
        let is_hidden = |entry: &DirEntry| {
            entry.depth() > 0 && entry.file_name().to_str().is_none_or(|name| name.starts_with('.'))
        };
        let mut files = Vec::new();
        for entry in WalkDir::new(self.root.join(start)).into_iter().filter_entry(|entry| !is_hidden(entry)) {
            let entry = entry.with_context(|| format!("cannot read the folder {}", self.root.display()))?;
            let name = entry.path().strip_prefix(&self.root).ok().and_then(Path::to_str);
            match name {
                Some(name) if entry.file_type().is_file() => files.push(name.to_owned()),
                _ => {}
            }
        }
        // By text and not by component, as the report sorts.
        files.sort();
        Ok(files)
    }

    /// Whether there is a file or folder of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.root.join(name).exists()
    }

    /// The text of a file. What is not UTF-8 in it is replaced: some files have other
    /// encodings on purpose.
    ///
    /// # Errors
    /// When there is no such file in the folder.
    pub(crate) fn read(&self, name: &str) -> Result<String> {
        let find = || -> Result<Vec<u8>> {
            let path = self.root.join(name).canonicalize()?;
            if !path.starts_with(&self.root) {
                bail!("it lies outside of the folder");
            }
            Ok(fs::read(path)?)
        };
        let bytes =
            find().with_context(|| format!("cannot read the file {name} of {}", self.root.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}

/// The folder that a file lies in; empty at the top.
pub(crate) fn parent(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a file means by a reference to another one: relative to itself, or to the top
/// when it starts with `/`. Query and fragment do not name files.
pub(crate) fn resolve(file: &str, reference: &str) -> String {
    let path = reference.split(['?', '#']).next().unwrap_or_default();
    let (mut parts, path) = match path.strip_prefix('/') {
        Some(path) => (Vec::new(), path),
        None => (parent(file).split('/').filter(|part| !part.is_empty()).collect(), path),
    };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_their_file_and_never_leave_the_folder() {
        assert_eq!(resolve("url/a.any.js", "resources/b.json?pipe=sub"), "url/resources/b.json");
        assert_eq!(resolve("url/a.any.js", "/common/c.js"), "common/c.js");
        assert_eq!(resolve("url/deep/a.any.js", "./../d.js#e"), "url/d.js");
        assert_eq!(resolve("a.js", "../../../etc/passwd"), "etc/passwd");
    }
}
