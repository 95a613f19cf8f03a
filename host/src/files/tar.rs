//! A tree from a tar archive: the one place that names tar and flate2.

use super::{
    archive::{Capped, Unpacking, unreadable},
    limits::FileLimits,
    tree::FileTree,
};
use crate::error::{Error, Result};
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};
use tar::{Archive, Entry, EntryType};

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

impl FileTree {
    /// Reads a tar archive, compressed by gzip or not.
    ///
    /// Folders, files and links that stay inside are taken; hard links become files of their
    /// own. Owners, times and modes are not, but for whether the owner may execute a file.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` when it is damaged, and with the path: of what is absolute, has
    /// `..`, is there twice, is below a file or a link, leads out, or is a device or a fifo.
    /// `ERR_LIMIT` when there is more than `limits` allow, however small it was compressed.
    pub fn from_tar(archive: impl Read, limits: &FileLimits) -> Result<Self> {
        read(archive, limits).map_err(|error| error.during("cannot take the tar archive"))
    }
}

fn read(mut archive: impl Read, limits: &FileLimits) -> Result<FileTree> {
    let mut beginning = Vec::new();
    archive.by_ref().take(2).read_to_end(&mut beginning).map_err(damaged)?;
    let gzip = beginning == GZIP;
    let archive = Cursor::new(beginning).chain(archive);
    let archive: Box<dyn Read + '_> =
        if gzip { Box::new(MultiGzDecoder::new(archive)) } else { Box::new(archive) };
    let mut archive = Archive::new(Capped::new(archive, limits));
    let mut unpacking = Unpacking::new(limits);
    for entry in archive.entries().map_err(damaged)? {
        add(&mut unpacking, entry.map_err(damaged)?)?;
    }
    Ok(unpacking.tree)
}

fn add(unpacking: &mut Unpacking<'_>, mut entry: Entry<'_, impl Read>) -> Result<()> {
    let path = text(&entry.path_bytes())?;
    let executable = entry.header().mode().map_err(|e| unreadable(&path, e))? & 0o100 != 0;
    let target = |entry: &Entry<'_, _>| match entry.link_name_bytes() {
        Some(target) => text(&target),
        None => Err(Error::invalid_argument(format!("the link {path:.300?} says nothing"))),
    };
    match entry.header().entry_type() {
        // Some write a folder as a file with `/` at its end.
        EntryType::Regular | EntryType::Continuous if path.ends_with('/') => unpacking.folder(&path),
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            unpacking.file(&path, &mut entry, executable)
        }
        EntryType::Directory => unpacking.folder(&path),
        EntryType::Symlink => {
            let target = target(&entry)?;
            unpacking.symlink(&path, target)
        }
        EntryType::Link => {
            let target = target(&entry)?;
            unpacking.hard_link(&path, &target)
        }
        // What holds for all entries: a comment, mostly.
        EntryType::XGlobalHeader => Ok(()),
        other => Err(Error::invalid_argument(format!(
            "{path:.300?} is neither file nor folder nor link, but has the type {other:?}"
        ))),
    }
}

fn text(path: &[u8]) -> Result<String> {
    match std::str::from_utf8(path) {
        Ok(path) => Ok(path.to_owned()),
        Err(_) => Err(Error::invalid_argument(format!(
            "the path {:.300?} is not UTF-8",
            String::from_utf8_lossy(path)
        ))),
    }
}

fn damaged(error: io::Error) -> Error {
    unreadable("the next entry", error)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    use tar::{Builder, Header};

    /// Type, path, link's target, content.
    type Made<'a> = (EntryType, &'a str, &'a str, &'a [u8]);

    /// An archive of entries with any path.
    fn archive(entries: &[Made<'_>]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (kind, path, target, content) in entries {
            let mut header = Header::new_gnu();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.as_old_mut().linkname[..target.len()].copy_from_slice(target.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(content.len().try_into().unwrap());
            header.set_mode(0o755);
            header.set_cksum();
            builder.append(&header, *content).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn refused(archive: &[u8], limits: &FileLimits) -> (ErrorKind, String) {
        let error = FileTree::from_tar(archive, limits).unwrap_err();
        (error.kind(), error.to_string())
    }

    const FILE: EntryType = EntryType::Regular;
    const LINK: EntryType = EntryType::Symlink;

    #[test]
    fn an_archive_is_read_compressed_or_not() {
        let long = "long/".repeat(30);
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_size(1);
        header.set_mode(0o644);
        builder.append_data(&mut header, format!("{long}name"), b"1".as_slice()).unwrap();
        let mut bytes = builder.into_inner().unwrap();
        bytes.truncate(bytes.len() - 1024);
        bytes.extend(archive(&[
            (EntryType::Directory, "./", "", b""),
            (EntryType::XGlobalHeader, "pax_global_header", "", b"15 comment=abc\n"),
            (FILE, "./bin/run", "", b"#!"),
            (EntryType::Directory, "bin/", "", b""),
            (LINK, "bin/link", "../bin/run", b""),
            (EntryType::Link, "copy", "bin/run", b""),
        ]));
        let expected = FileTree::new()
            .file(format!("{long}name"), "1")
            .executable("bin/run", "#!")
            .symlink("bin/link", "../bin/run")
            .executable("copy", "#!");
        for bytes in [gzip(&bytes), bytes] {
            let tree = FileTree::from_tar(bytes.as_slice(), &FileLimits::new()).unwrap();
            assert!(tree.entries().eq(expected.entries()));
        }
    }

    #[test]
    fn what_leads_out_or_is_there_twice_is_refused() {
        let cases: &[(&[Made<'_>], &str)] = &[
            (&[(FILE, "../a", "", b"")], "`..`"),
            (&[(FILE, "a/../../b", "", b"")], "`..`"),
            (&[(FILE, "/etc/passwd", "", b"")], "absolute"),
            (&[(FILE, "a//b", "", b"")], "empty name"),
            (&[(LINK, "a", "/etc", b"")], "leads out"),
            (&[(LINK, "a/b", "../../c", b"")], "leads out"),
            (&[(LINK, "a/././b", "../../c", b"")], "leads out"),
            (&[(LINK, "a", "b", b""), (FILE, "a/c", "", b"")], "is a link"),
            (&[(FILE, "a", "", b""), (FILE, "./a", "", b"")], "twice"),
            (&[(LINK, "a", "b", b""), (FILE, "a", "", b"")], "twice"),
            (&[(EntryType::Directory, "a/", "", b""), (FILE, "a", "", b"")], "twice"),
            (&[(EntryType::Link, "a", "../../etc/passwd", b"")], "no file that came before"),
            (&[(LINK, "a", "b", b""), (EntryType::Link, "c", "a", b"")], "no file that came before"),
            (&[(EntryType::Fifo, "a", "", b"")], "neither file nor folder"),
            (&[(EntryType::Char, "a", "", b"")], "neither file nor folder"),
        ];
        for (entries, why) in cases {
            let (kind, message) = refused(&archive(entries), &FileLimits::new());
            assert_eq!(kind, ErrorKind::InvalidArg);
            assert!(message.contains(why), "{message} does not say {why}");
        }
    }

    #[test]
    fn a_small_archive_does_not_become_a_large_tree() {
        let limits = FileLimits::new().bytes(10_000).entries(20);
        let zeros = vec![0; 64 << 20];
        let bomb = gzip(&archive(&[(FILE, "zeros", "", &zeros)]));
        assert!(bomb.len() < 1 << 20);
        let (kind, message) = refused(&bomb, &limits);
        assert_eq!(kind, ErrorKind::Limit);
        assert!(message.contains("10000 bytes with \"zeros\""), "{message}");

        // A path of megabytes: nothing of it is an entry yet.
        let name = vec![b'n'; 64 << 20];
        let bomb = gzip(&archive(&[(EntryType::GNULongName, "long", "", &name), (FILE, "a", "", b"")]));
        let (kind, message) = refused(&bomb, &limits);
        assert_eq!(kind, ErrorKind::Limit, "{message}");

        let many: Vec<_> = (0..30).map(|number| format!("file{number}")).collect();
        let many: Vec<_> = many.iter().map(|path| (FILE, path.as_str(), "", b"".as_slice())).collect();
        assert_eq!(refused(&archive(&many), &limits).0, ErrorKind::Limit);
        let deep = "a/".repeat(40);
        assert_eq!(refused(&archive(&[(EntryType::Directory, &deep, "", b"")]), &limits).0, ErrorKind::Limit);
        // Other names of one file count as files.
        let names: Vec<_> = (0..9).map(|number| format!("link{number}")).collect();
        let mut links = vec![(FILE, "a", "", [0; 2000].as_slice())];
        links.extend(names.iter().map(|path| (EntryType::Link, path.as_str(), "a", b"".as_slice())));
        assert_eq!(refused(&archive(&links), &limits).0, ErrorKind::Limit);
    }

    #[test]
    fn false_sizes_and_damaged_bytes_are_errors() {
        let mut lying = archive(&[(FILE, "a", "", b"content")]);
        let mut header = Header::new_gnu();
        header.as_mut_bytes().copy_from_slice(&lying[..512]);
        header.set_size(1 << 60);
        header.set_cksum();
        lying[..512].copy_from_slice(header.as_bytes());
        assert!(FileTree::from_tar(lying.as_slice(), &FileLimits::new()).is_err());

        let whole = gzip(&archive(&[(FILE, "a", "", &[7; 5000]), (LINK, "b", "a", b"")]));
        assert_eq!(refused(&whole[..whole.len() / 2], &FileLimits::new()).0, ErrorKind::InvalidArg);
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            // Whatever comes of it, it is a tree within the limits or an error.
            if let Ok(tree) = FileTree::from_tar(damaged.as_slice(), &FileLimits::new().bytes(10_000)) {
                assert!(tree.bytes() <= 10_000);
            }
        }
        assert_eq!(refused(&[9; 600], &FileLimits::new()).0, ErrorKind::InvalidArg);
    }
}
