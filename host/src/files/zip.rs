//! A tree from a zip archive: the one place that names zip.

use super::{
    archive::{Unpacking, unreadable},
    limits::FileLimits,
    tree::FileTree,
};
use crate::error::{Error, Result};
use std::io::{Read, Seek, SeekFrom};
use zip::{ZipArchive, read::ZipFile, result::ZipError};

/// Most bytes that a link may say.
const MAX_TARGET: u64 = 4096;

impl FileTree {
    /// Reads a zip archive: what is stored or deflated, and not encrypted.
    ///
    /// # Errors
    /// As those of [`FileTree::from_tar`].
    pub fn from_zip(archive: impl Read + Seek, limits: &FileLimits) -> Result<Self> {
        read(archive, limits).map_err(|error| error.during("cannot take the zip archive"))
    }
}

fn read(mut archive: impl Read + Seek, limits: &FileLimits) -> Result<FileTree> {
    // Its directory is read to memory whole.
    let bytes = archive.seek(SeekFrom::End(0)).map_err(|e| unreadable("its end", e))?;
    if bytes > limits.archive_bytes() {
        let most = limits.archive_bytes();
        return Err(Error::limit(format!(
            "it has {bytes} bytes, and {most} are allowed; `FileLimits` raises the limit"
        )));
    }
    let mut archive = ZipArchive::new(archive).map_err(|error| damaged("its directory", error))?;
    if archive.has_duplicate_names() {
        return Err(Error::invalid_argument("a path is there twice"));
    }
    let mut unpacking = Unpacking::new(limits);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|error| damaged(&format!("entry {index}"), error))?;
        add(&mut unpacking, entry)?;
    }
    Ok(unpacking.tree)
}

fn add(unpacking: &mut Unpacking<'_>, mut entry: ZipFile<'_, impl Read + Seek>) -> Result<()> {
    let path = entry.name().map_err(|error| damaged("a path", error))?.into_owned();
    if entry.is_dir() {
        return unpacking.folder(&path);
    }
    if entry.is_symlink() {
        let mut target = String::new();
        let read = entry.take(MAX_TARGET).read_to_string(&mut target);
        read.map_err(|error| unreadable(&path, error))?;
        return unpacking.symlink(&path, target);
    }
    let executable = entry.unix_mode().is_some_and(|mode| mode & 0o100 != 0);
    unpacking.file(&path, &mut entry, executable)
}

fn damaged(what: &str, error: ZipError) -> Error {
    Error::invalid_argument(format!("{what} cannot be read")).with_source(error)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use std::io::{Cursor, Write};
    use zip::{ZipWriter, write::SimpleFileOptions};

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in files {
            writer.start_file(*path, SimpleFileOptions::default().unix_permissions(0o644)).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Puts other bytes where these are: the writer makes no wrong paths.
    fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        for at in 0..=bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
        bytes
    }

    fn refused(archive: &[u8], limits: &FileLimits) -> (ErrorKind, String) {
        let error = FileTree::from_zip(Cursor::new(archive), limits).unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn an_archive_is_read_with_folders_links_and_executables() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        writer.add_directory("empty/", options).unwrap();
        writer.start_file("bin/run", options.unix_permissions(0o755)).unwrap();
        writer.write_all(&[7; 5000]).unwrap();
        writer.add_symlink("bin/link", "../empty", options).unwrap();
        let bytes = writer.finish().unwrap();
        let tree = FileTree::from_zip(bytes, &FileLimits::new()).unwrap();
        let expected =
            FileTree::new().dir("empty").executable("bin/run", [7; 5000]).symlink("bin/link", "../empty");
        assert!(tree.entries().eq(expected.entries()));
    }

    #[test]
    fn what_leads_out_or_is_there_twice_is_refused() {
        let one = archive(&[("aa/bb", b"1")]);
        for (path, why) in [("../bb", "`..`"), ("/a/bb", "absolute"), ("aa//b", "empty name")] {
            let (kind, message) =
                refused(&replaced(one.clone(), b"aa/bb", path.as_bytes()), &FileLimits::new());
            assert_eq!(kind, ErrorKind::InvalidArg);
            assert!(message.contains(why), "{message} does not say {why}");
        }
        let two = archive(&[("one", b"1"), ("two", b"2")]);
        let (_, message) = refused(&replaced(two, b"two", b"one"), &FileLimits::new());
        assert!(message.contains("twice"), "{message}");
        for target in ["/etc", "..", "a/../b"] {
            let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
            writer.add_symlink("link", target, SimpleFileOptions::default()).unwrap();
            let (_, message) = refused(&writer.finish().unwrap().into_inner(), &FileLimits::new());
            assert!(message.contains("leads out"), "{message}");
        }
    }

    #[test]
    fn a_small_archive_does_not_become_a_large_tree() {
        let limits = FileLimits::new().bytes(100_000).entries(20);
        let bomb = archive(&[("zeros", &vec![0; 64 << 20])]);
        assert!(bomb.len() < 1 << 20);
        let (kind, message) = refused(&bomb, &limits);
        assert_eq!(kind, ErrorKind::Limit);
        assert!(message.contains("100000 bytes with \"zeros\""), "{message}");
        let many: Vec<_> = (0..30).map(|number| format!("file{number}")).collect();
        let many: Vec<_> = many.iter().map(|path| (path.as_str(), b"".as_slice())).collect();
        assert_eq!(refused(&archive(&many), &limits).0, ErrorKind::Limit);
        assert_eq!(refused(&vec![0; 4 << 20], &limits).0, ErrorKind::Limit);
    }

    #[test]
    fn damaged_bytes_are_errors() {
        let whole = archive(&[("a", &[7; 500]), ("b", b"text")]);
        assert_eq!(refused(&whole[..whole.len() / 2], &FileLimits::new()).0, ErrorKind::InvalidArg);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            // Whatever comes of it, it is a tree within the limits or an error.
            if let Ok(tree) = FileTree::from_zip(Cursor::new(damaged), &FileLimits::new().bytes(10_000)) {
                assert!(tree.bytes() <= 10_000);
            }
        }
    }
}
