//! Trees: built, copied from a folder, written to one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{FileEntry, FileLimits, FileTree};
use crate::ErrorKind;
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt, fs::symlink},
    path::Path,
};

fn paths(tree: &FileTree) -> Vec<&str> {
    tree.entries().map(|(path, _)| path).collect()
}

/// The message of what `check` refuses.
fn refusal(tree: FileTree) -> String {
    let error = tree.check().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArg);
    error.to_string()
}

#[test]
fn folders_above_a_path_are_made_and_come_first() {
    let tree =
        FileTree::new().file("/a/b/c.txt", "text").dir("a-b").symlink("a/link", "b").file("a/bin", [0, 255]);
    tree.check().unwrap();
    assert_eq!(paths(&tree), ["a", "a-b", "a/b", "a/b/c.txt", "a/bin", "a/link"]);
    assert_eq!(tree.get("./a/bin"), Some([0, 255].as_slice()));
    assert_eq!(tree.bytes(), 1 + 3 + 3 + 9 + 5 + 6 + 4 + 2 + 1);
    let replaced = tree.file("a/bin", "1234");
    assert_eq!(replaced.get("a/bin"), Some(b"1234".as_slice()));
    assert_eq!(replaced.bytes(), 1 + 3 + 3 + 9 + 5 + 6 + 4 + 4 + 1);
}

#[test]
fn trees_come_from_pairs_and_from_other_trees() {
    let tree = FileTree::from([("a", "1"), ("b/c", "2")]);
    let nested = FileTree::new().file("x", "3").tree("/sub/", tree);
    nested.check().unwrap();
    assert_eq!(paths(&nested), ["sub", "sub/a", "sub/b", "sub/b/c", "x"]);
    let collected: FileTree = vec![(String::from("a"), vec![1_u8])].into_iter().collect();
    assert_eq!(paths(&collected), ["a"]);
    assert!(refusal(FileTree::new().tree("s", FileTree::new().dir(".."))).contains("`..`"));
}

#[test]
fn wrong_paths_are_told_when_the_tree_is_checked() {
    let empty = FileTree::new;
    assert!(refusal(empty().file("a/../b", "")).contains(r#""a/../b" has `..`"#));
    assert!(refusal(empty().file("a\0", "")).contains("NUL"));
    assert!(refusal(empty().dir("a//b")).contains("empty name"));
    assert!(refusal(empty().file("/", "")).contains("is the root"));
    assert!(refusal(empty().symlink("a", "")).contains("link to"));
    assert!(refusal(empty().file("a", "").file("a/b", "")).contains(r#"below "a", which is a file"#));
    assert!(refusal(empty().symlink("a", "b").file("a/b", "")).contains("which is a link"));
    assert!(refusal(empty().file("a/b", "").file("a", "")).contains("is a folder and a file"));
    assert!(refusal(empty().file("a", "").dir("a")).contains("is a file and a folder"));
}

#[test]
fn a_folder_is_copied_with_its_links_and_executables() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("src/deep")).unwrap();
    fs::write(root.path().join("src/deep/a.bin"), [0, 1, 2]).unwrap();
    fs::write(root.path().join("run"), "#!").unwrap();
    fs::set_permissions(root.path().join("run"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("../run", root.path().join("src/link")).unwrap();
    let tree = FileTree::from_folder(root.path(), &FileLimits::new()).unwrap();
    let expected = FileTree::new()
        .executable("run", "#!")
        .file("src/deep/a.bin", [0, 1, 2])
        .symlink("src/link", "../run");
    assert!(tree.entries().eq(expected.entries()));
}

#[test]
fn what_cannot_be_copied_is_named() {
    let refused = |make: &dyn Fn(&Path)| {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("sub")).unwrap();
        make(&root.path().join("sub"));
        let error = FileTree::from_folder(root.path(), &FileLimits::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArg);
        error.to_string()
    };
    for target in ["/etc/passwd", "../../out", "x/../../../out", "x/../y"] {
        let message = refused(&|sub| symlink(target, sub.join("link")).unwrap());
        assert!(message.contains("`sub/link`") && message.contains(target), "{message}");
    }
    let fifo = refused(&|sub| nix::unistd::mkfifo(&sub.join("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap());
    assert!(fifo.contains("`sub/fifo` is a device, a fifo or a socket"), "{fifo}");
    let latin = refused(&|sub| fs::write(sub.join(OsStr::from_bytes(b"\xe4")), "").unwrap());
    assert!(latin.contains("sub/\\xE4") && latin.contains("not UTF-8"), "{latin}");
    let missing = FileTree::from_folder("/nowhere/at/all", &FileLimits::new()).unwrap_err();
    assert!(missing.to_string().contains("`/nowhere/at/all`"), "{missing}");
}

#[test]
fn a_folder_that_is_too_large_is_refused_before_it_is_read_whole() {
    let root = tempfile::tempdir().unwrap();
    let large = fs::File::create(root.path().join("large")).unwrap();
    large.set_len(1 << 40).unwrap();
    let error = FileTree::from_folder(root.path(), &FileLimits::new().bytes(1000)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(error.to_string().contains("more than 1000 bytes with \"large\""), "{error}");

    large.set_len(0).unwrap();
    fs::write(root.path().join("another"), "").unwrap();
    let error = FileTree::from_folder(root.path(), &FileLimits::new().entries(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert!(FileTree::from_folder(root.path(), &FileLimits::new().entries(2).bytes(12)).is_ok());
}

#[test]
fn a_tree_that_is_written_comes_back_the_same_also_the_second_time() {
    let root = tempfile::tempdir().unwrap();
    let tree = FileTree::new()
        .file("src/a.txt", "text")
        .executable("bin/run", "#!")
        .symlink("bin/again", "../src/a.txt")
        .dir("empty");
    let folder = root.path().join("made/here");
    for _time in 0..2 {
        tree.write_to(&folder).unwrap();
        let back = FileTree::from_folder(&folder, &FileLimits::new()).unwrap();
        assert!(back.entries().eq(tree.entries()));
    }
    fs::write(folder.join("kept"), "").unwrap();
    FileTree::from([("src/a.txt", "new")]).write_to(&folder).unwrap();
    assert_eq!(fs::read(folder.join("src/a.txt")).unwrap(), b"new");
    assert!(folder.join("kept").exists());
}

#[test]
fn links_of_the_tree_that_lead_out_are_refused_before_anything_is_written() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("out");
    for target in ["/etc/passwd", "..", "a/../../b"] {
        let tree = FileTree::new().file("a/first", "").symlink("z", target);
        let error = tree.write_to(&folder).unwrap_err();
        assert!(
            error.to_string().contains("\"z\"") && error.to_string().contains("nothing was written"),
            "{error}"
        );
        assert!(!folder.exists());
    }
    assert!(FileTree::new().file("../x", "").write_to(&folder).is_err());
}

#[test]
fn links_in_the_destination_are_not_followed() {
    let root = tempfile::tempdir().unwrap();
    let (folder, outside) = (root.path().join("out"), root.path().join("outside"));
    fs::create_dir(&folder).unwrap();
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "precious").unwrap();
    symlink("../outside", folder.join("up")).unwrap();
    symlink("../outside/file", folder.join("file")).unwrap();
    fs::hard_link(outside.join("file"), folder.join("hard")).unwrap();

    // A link is replaced by the file, and so is another name of one.
    FileTree::from([("file", "mine"), ("hard", "mine")]).write_to(&folder).unwrap();
    assert_eq!(fs::read(folder.join("file")).unwrap(), b"mine");
    // A link in the place of a folder ends the writing.
    for tree in [FileTree::new().file("before", "").file("up/file", "mine"), FileTree::new().dir("up")] {
        let error = tree.write_to(&folder).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
        assert!(error.to_string().contains("\"up\" failed after"), "{error}");
    }
    assert!(folder.join("before").exists());
    // Also one that leads to another folder in the destination.
    fs::create_dir(folder.join("inner")).unwrap();
    symlink("inner", folder.join("alias")).unwrap();
    assert!(FileTree::from([("alias/file", "mine")]).write_to(&folder).is_err());
    assert_eq!(fs::read_dir(folder.join("inner")).unwrap().count(), 0);
    assert_eq!(fs::read(outside.join("file")).unwrap(), b"precious");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn an_entry_tells_what_it_is() {
    let tree = FileTree::new().executable("a", "x").symlink("b", "/a").dir("c");
    let entries: Vec<_> = tree.entries().map(|(_, entry)| entry).collect();
    let file = FileEntry::File { content: b"x", executable: true };
    assert_eq!(entries, [file, FileEntry::Symlink { target: "/a" }, FileEntry::Dir]);
}
