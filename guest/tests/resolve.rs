//! Resolution of modules: the files that specifiers stand for, and Node.js' errors.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use hypercell_guest::files::{
    FileSystem, Flags, Limits,
    resolve::{Format, Mode, Resolved, Resolver},
};

/// A tree of files by their paths and contents; folders come with them.
fn tree(files: &[(&str, &str)]) -> FileSystem {
    let mut tree = FileSystem::new(Limits::default(), 0).unwrap();
    for (path, text) in files {
        write(&mut tree, path, text);
    }
    tree
}

fn write(tree: &mut FileSystem, path: &str, text: &str) {
    tree.mkdir_all(path.rsplit_once('/').unwrap().0, 0o755).ok();
    tree.write(path, text.as_bytes(), Flags::parse("w").unwrap(), 0o644).unwrap();
}

fn resolver() -> Resolver {
    Resolver::new(|name| matches!(name, "fs" | "path"))
}

/// The path that is found, with its suffix, or the error's message.
fn found(tree: &FileSystem, importer: &str, specifier: &str, mode: Mode) -> String {
    match resolver().resolve(tree, importer, specifier, mode) {
        Ok(Resolved::File { path, suffix, .. }) => path + &suffix,
        Ok(Resolved::Builtin(name)) => format!("builtin {name}"),
        Ok(Resolved::Url(url)) => format!("url {url}"),
        Err(error) => error.message,
    }
}

fn imported(tree: &FileSystem, specifier: &str) -> String {
    found(tree, "/app/main.js", specifier, Mode::Import)
}

fn required(tree: &FileSystem, specifier: &str) -> String {
    found(tree, "/app/main.js", specifier, Mode::Require)
}

fn code(tree: &FileSystem, specifier: &str) -> &'static str {
    resolver().resolve(tree, "/app/main.js", specifier, Mode::Import).unwrap_err().code
}

/// How a file is read: its format, and whether it has types.
fn read_as(tree: &FileSystem, path: &str) -> (Format, bool) {
    resolver().format(tree, path).unwrap()
}

#[test]
fn paths_are_taken_from_the_importers_folder_and_the_root() {
    let tree = tree(&[("/app/a.js", ""), ("/app/lib/b.js", ""), ("/c.js", "")]);
    assert_eq!(imported(&tree, "./a.js"), "/app/a.js");
    assert_eq!(imported(&tree, "./lib/../lib//b.js"), "/app/lib/b.js");
    assert_eq!(imported(&tree, "../c.js"), "/c.js");
    assert_eq!(imported(&tree, "../../../c.js"), "/c.js");
    assert_eq!(imported(&tree, "/app/lib/b.js"), "/app/lib/b.js");
    assert_eq!(imported(&tree, "file:///app/lib/../a.js"), "/app/a.js");
    assert_eq!(
        imported(&tree, "file://host/app/a.js"),
        "File URL host must be \"localhost\" or empty on linux"
    );
}

#[test]
fn a_specifier_of_import_is_a_url_and_one_of_require_a_path() {
    let tree = tree(&[("/app/a b.js", ""), ("/app/a%20b.js", ""), ("/app/q.js", ""), ("/app/q.js?x", "")]);
    assert_eq!(imported(&tree, "./a%20b.js"), "/app/a b.js");
    assert_eq!(required(&tree, "./a%20b.js"), "/app/a%20b.js");
    assert_eq!(imported(&tree, "./q.js?x#y"), "/app/q.js?x#y");
    assert_eq!(required(&tree, "./q.js?x"), "/app/q.js?x");
    assert_eq!(
        imported(&tree, "./a%2fb.js"),
        "Invalid module \"/app/a%2fb.js\" must not include encoded \"/\" or \"\\\" characters imported from /app/main.js"
    );
}

#[test]
fn extensions_may_be_left_out_and_javascript_may_be_typescript() {
    let tree = tree(&[
        ("/app/a.js", ""),
        ("/app/a.ts", ""),
        ("/app/b.ts", ""),
        ("/app/c.mts", ""),
        ("/app/d.cts", ""),
        ("/app/e.json", "{}"),
        ("/app/f.test.ts", ""),
        ("/app/folder/index.ts", ""),
        ("/app/folder.js", ""),
    ]);
    assert_eq!(imported(&tree, "./a"), "/app/a.js");
    assert_eq!(imported(&tree, "./b"), "/app/b.ts");
    assert_eq!(imported(&tree, "./b.js"), "/app/b.ts");
    assert_eq!(imported(&tree, "./c.mjs"), "/app/c.mts");
    assert_eq!(imported(&tree, "./d.cjs"), "/app/d.cts");
    assert_eq!(imported(&tree, "./e"), "/app/e.json");
    assert_eq!(imported(&tree, "./f.test"), "/app/f.test.ts");
    assert_eq!(imported(&tree, "./folder"), "/app/folder.js");
    assert_eq!(imported(&tree, "./folder/"), "/app/folder/index.ts");
    assert_eq!(imported(&tree, "./a.mjs"), "Cannot find module '/app/a.mjs' imported from /app/main.js");
}

#[test]
fn a_folder_is_its_main_file_or_its_index() {
    let tree = tree(&[
        ("/app/one/package.json", r#"{ "main": "./lib/start" }"#),
        ("/app/one/lib/start.js", ""),
        ("/app/two/package.json", r#"{ "main": "gone.js" }"#),
        ("/app/two/index.cjs", ""),
        ("/app/three/package.json", r#"{ "main": "lib" }"#),
        ("/app/three/lib/index.js", ""),
        ("/app/index.js", ""),
        ("/app/empty/note.txt", ""),
    ]);
    assert_eq!(imported(&tree, "./one"), "/app/one/lib/start.js");
    assert_eq!(imported(&tree, "./two"), "/app/two/index.cjs");
    assert_eq!(required(&tree, "./three/"), "/app/three/lib/index.js");
    assert_eq!(imported(&tree, "."), "/app/index.js");
    assert_eq!(
        imported(&tree, "./empty"),
        "Directory import '/app/empty' is not supported resolving ES modules imported from /app/main.js"
    );
    assert_eq!(code(&tree, "./empty"), "ERR_UNSUPPORTED_DIR_IMPORT");
}

#[test]
fn what_is_not_there_is_said_in_the_words_of_node() {
    let tree = tree(&[("/app/node_modules/p/index.js", "")]);
    assert_eq!(imported(&tree, "./x.js"), "Cannot find module '/app/x.js' imported from /app/main.js");
    assert_eq!(imported(&tree, "q/sub"), "Cannot find package 'q' imported from /app/main.js");
    assert_eq!(imported(&tree, "@s/q"), "Cannot find package '@s/q' imported from /app/main.js");
    assert_eq!(
        imported(&tree, "p/sub.js"),
        "Cannot find module '/app/node_modules/p/sub.js' imported from /app/main.js"
    );
    assert_eq!(code(&tree, "q"), "ERR_MODULE_NOT_FOUND");
    let error = resolver().resolve(&tree, "/app/main.js", "q", Mode::Require).unwrap_err();
    assert_eq!(error.code, "MODULE_NOT_FOUND");
    assert_eq!(error.message, "Cannot find module 'q'\nRequire stack:\n- /app/main.js");
    assert_eq!(
        imported(&tree, "@s"),
        "Invalid module \"@s\" is not a valid package name imported from /app/main.js"
    );
    for specifier in ["", "@s", ".p", "p%41", "a\\b"] {
        assert_eq!(code(&tree, specifier), "ERR_INVALID_MODULE_SPECIFIER", "{specifier}");
    }
}

#[test]
fn packages_are_looked_for_in_all_folders_above() {
    let tree = tree(&[
        ("/app/node_modules/near/index.js", ""),
        ("/node_modules/far/package.json", r#"{ "main": "far.js" }"#),
        ("/node_modules/far/far.js", ""),
        ("/node_modules/near/index.js", ""),
        ("/app/node_modules/@scope/p/lib/x.js", ""),
        ("/app/node_modules/near/node_modules/own/index.js", ""),
        ("/app/node_modules/single.js", ""),
    ]);
    assert_eq!(imported(&tree, "near"), "/app/node_modules/near/index.js");
    assert_eq!(imported(&tree, "far"), "/node_modules/far/far.js");
    assert_eq!(imported(&tree, "@scope/p/lib/x"), "/app/node_modules/@scope/p/lib/x.js");
    assert_eq!(imported(&tree, "single"), "/app/node_modules/single.js");
    let within = "/app/node_modules/near/lib/deep.js";
    assert_eq!(found(&tree, within, "own", Mode::Import), "/app/node_modules/near/node_modules/own/index.js");
    assert_eq!(found(&tree, within, "far", Mode::Import), "/node_modules/far/far.js");
}

#[test]
fn modules_of_the_runtime_come_before_packages() {
    let tree = tree(&[
        ("/app/package.json", r##"{ "imports": { "#fs": "fs", "#path": "node:path" } }"##),
        ("/app/node_modules/fs/index.js", ""),
    ]);
    assert_eq!(imported(&tree, "fs"), "builtin fs");
    assert_eq!(imported(&tree, "node:path"), "builtin node:path");
    assert_eq!(imported(&tree, "node:none"), "url node:none");
    assert_eq!(imported(&tree, "https://example.com/x.js"), "url https://example.com/x.js");
    assert_eq!(imported(&tree, "#fs"), "builtin fs");
    assert_eq!(imported(&tree, "#path"), "builtin node:path");
}

const PACKAGE: &str = r##"{
    "name": "p",
    "exports": {
        ".": { "require": "./main.cjs", "import": "./main.mjs" },
        "./order": { "default": "./main.cjs", "import": "./main.mjs" },
        "./nested": { "browser": "./b.js", "node": { "worker": "./w.js", "module": "./module.js" }, "default": "./main.cjs" },
        "./features/*": "./src/features/*.js",
        "./features/private/*": null,
        "./assets/*.json": "./src/*.json",
        "./list": ["outside.js", { "worker": "./w.js" }, "./main.mjs"],
        "./bad": "../outside.js",
        "./bad-modules": "./node_modules/x.js",
        "./number": 3,
        "./none": [],
        "./gone": "./gone.js",
        "./typed": "./typed.js",
        "./loose": "./main"
    }
}"##;

fn with_package() -> FileSystem {
    let mut files = vec![("/app/node_modules/p/package.json", PACKAGE)];
    let paths = ["main.mjs", "main.cjs", "module.js", "typed.ts", "src/features/a/b.js", "src/data.json"];
    let paths = paths.map(|path| format!("/app/node_modules/p/{path}"));
    files.extend(paths.iter().map(|path| (path.as_str(), "")));
    tree(&files)
}

#[test]
fn exports_are_chosen_by_conditions_in_their_order() {
    let tree = with_package();
    let inside = |path: &str| format!("/app/node_modules/p/{path}");
    assert_eq!(imported(&tree, "p"), inside("main.mjs"));
    assert_eq!(required(&tree, "p"), inside("main.cjs"));
    assert_eq!(imported(&tree, "p/order"), inside("main.cjs"));
    assert_eq!(imported(&tree, "p/nested"), inside("module.js"));
    assert_eq!(required(&tree, "p/nested"), inside("main.cjs"));
    assert_eq!(imported(&tree, "p/list"), inside("main.mjs"));
    assert_eq!(imported(&tree, "p/features/a/b"), inside("src/features/a/b.js"));
    assert_eq!(imported(&tree, "p/assets/data.json"), inside("src/data.json"));
    assert_eq!(imported(&tree, "p/typed"), inside("typed.ts"));
}

#[test]
fn what_a_package_does_not_export_cannot_be_imported() {
    let tree = with_package();
    let config = "/app/node_modules/p/package.json imported from /app/main.js";
    for subpath in ["main.mjs", "features/private/x", "none", "features/", "assets/data.txt"] {
        assert_eq!(
            imported(&tree, &format!("p/{subpath}")),
            format!("Package subpath './{subpath}' is not defined by \"exports\" in {config}")
        );
    }
    assert_eq!(code(&tree, "p/main.mjs"), "ERR_PACKAGE_PATH_NOT_EXPORTED");
    assert_eq!(
        imported(&tree, "p/bad"),
        format!(
            "Invalid \"exports\" target \"../outside.js\" defined for './bad' in the package config {config}; \
             targets must start with \"./\""
        )
    );
    assert_eq!(
        imported(&tree, "p/bad-modules"),
        format!(
            "Invalid \"exports\" target \"./node_modules/x.js\" defined for './bad-modules' in the package config {config}"
        )
    );
    assert_eq!(
        imported(&tree, "p/number"),
        format!(
            "Invalid \"exports\" target \"3\" defined for './number' in the package config {config}; targets \
             must start with \"./\""
        )
    );
    assert_eq!(code(&tree, "p/number"), "ERR_INVALID_PACKAGE_TARGET");
    assert_eq!(code(&tree, "p/features/../x"), "ERR_INVALID_MODULE_SPECIFIER");
    assert_eq!(
        imported(&tree, "p/gone"),
        "Cannot find module '/app/node_modules/p/gone.js' imported from /app/main.js"
    );
    // A package says what it exports: nothing is tried beside it.
    assert_eq!(code(&tree, "p/loose"), "ERR_MODULE_NOT_FOUND");
}

#[test]
fn exports_may_be_one_path_and_a_main_may_be_missing() {
    let tree = tree(&[
        ("/app/node_modules/one/package.json", r#"{ "exports": "./x.js" }"#),
        ("/app/node_modules/one/x.js", ""),
        ("/app/node_modules/two/package.json", r#"{ "exports": { "./sub": "./x.js" } }"#),
        (
            "/app/node_modules/three/package.json",
            r#"{ "exports": { "./sub": "./x.js", "import": "./x.js" } }"#,
        ),
        ("/app/node_modules/four/package.json", "{ no json"),
        ("/app/node_modules/five/package.json", r#"{ "exports": null, "main": "m.js" }"#),
        ("/app/node_modules/five/m.js", ""),
        ("/app/node_modules/six/package.json", r#"{ "exports": { "1": "./x.js" } }"#),
    ]);
    assert_eq!(imported(&tree, "one"), "/app/node_modules/one/x.js");
    assert_eq!(code(&tree, "one/x.js"), "ERR_PACKAGE_PATH_NOT_EXPORTED");
    assert_eq!(
        imported(&tree, "two"),
        "No \"exports\" main defined in /app/node_modules/two/package.json imported from /app/main.js"
    );
    for package in ["three", "four", "six"] {
        assert_eq!(code(&tree, package), "ERR_INVALID_PACKAGE_CONFIG", "{package}");
    }
    assert_eq!(imported(&tree, "five"), "/app/node_modules/five/m.js");
}

#[test]
fn a_package_imports_itself_by_its_name_and_its_own_names() {
    let imports = r##"{ "name": "me", "exports": { "./x": "./src/x.js" }, "imports": {
        "#x": "./src/x.js", "#dir/*.js": "./src/*.js", "#dep": { "require": "dep/sub", "default": "dep" },
        "#null": null, "#bad": "/etc/passwd", "#url": "https://example.com/" } }"##;
    let tree = tree(&[
        ("/app/package.json", imports),
        ("/app/src/x.js", ""),
        ("/app/node_modules/dep/index.js", ""),
        ("/app/node_modules/dep/sub.js", ""),
    ]);
    assert_eq!(imported(&tree, "me/x"), "/app/src/x.js");
    assert_eq!(imported(&tree, "#x"), "/app/src/x.js");
    assert_eq!(imported(&tree, "#dir/x.js"), "/app/src/x.js");
    assert_eq!(imported(&tree, "#dep"), "/app/node_modules/dep/index.js");
    assert_eq!(required(&tree, "#dep"), "/app/node_modules/dep/sub.js");
    assert_eq!(
        imported(&tree, "#null"),
        "Package import specifier \"#null\" is not defined in package /app/package.json imported from /app/main.js"
    );
    assert_eq!(
        imported(&tree, "me"),
        "No \"exports\" main defined in /app/package.json imported from /app/main.js"
    );
    assert_eq!(code(&tree, "#none"), "ERR_PACKAGE_IMPORT_NOT_DEFINED");
    assert_eq!(code(&tree, "#bad"), "ERR_INVALID_PACKAGE_TARGET");
    assert_eq!(code(&tree, "#url"), "ERR_INVALID_PACKAGE_TARGET");
    assert_eq!(code(&tree, "#"), "ERR_INVALID_MODULE_SPECIFIER");
    // Another package's names are not its own.
    let other = found(&tree, "/app/node_modules/dep/index.js", "#x", Mode::Import);
    assert_eq!(
        other,
        "Package import specifier \"#x\" is not defined imported from /app/node_modules/dep/index.js"
    );
}

#[test]
fn a_file_is_read_by_its_extension_or_its_packages_type() {
    let tree = tree(&[
        ("/app/package.json", r#"{ "type": "module" }"#),
        ("/app/lib/package.json", r#"{ "type": "commonjs" }"#),
        ("/app/node_modules/p/index.js", ""),
        ("/other/package.json", "{}"),
    ]);
    assert_eq!(read_as(&tree, "/app/src/a.js"), (Format::Module, false));
    assert_eq!(read_as(&tree, "/app/src/a.ts"), (Format::Module, true));
    assert_eq!(read_as(&tree, "/app/lib/a.js"), (Format::CommonJs, false));
    assert_eq!(read_as(&tree, "/app/lib/a.mjs"), (Format::Module, false));
    assert_eq!(read_as(&tree, "/app/lib/a.mts"), (Format::Module, true));
    assert_eq!(read_as(&tree, "/app/a.cjs"), (Format::CommonJs, false));
    assert_eq!(read_as(&tree, "/app/a.cts"), (Format::CommonJs, true));
    assert_eq!(read_as(&tree, "/app/a.json"), (Format::Json, false));
    assert_eq!(read_as(&tree, "/app/node_modules/p/index.js"), (Format::Detect, false));
    assert_eq!(read_as(&tree, "/other/a.ts"), (Format::Detect, true));
}

#[test]
fn links_are_resolved_to_what_they_lead_to() {
    let mut tree = tree(&[("/store/p/index.js", ""), ("/store/p/package.json", r#"{ "type": "module" }"#)]);
    tree.mkdir_all("/app/node_modules", 0o755).unwrap();
    tree.symlink("../../store/p", "/app/node_modules/p").unwrap();
    let resolved = resolver().resolve(&tree, "/app/main.js", "p", Mode::Import).unwrap();
    let path = "/store/p/index.js".to_owned();
    let (suffix, format, typescript) = (String::new(), Format::Module, false);
    assert_eq!(resolved, Resolved::File { path, suffix, format, typescript });
}

#[test]
fn a_package_that_changes_is_read_again() {
    let mut tree = tree(&[
        ("/app/node_modules/p/package.json", r#"{ "main": "a.js" }"#),
        ("/app/node_modules/p/a.js", ""),
        ("/app/node_modules/p/b.js", ""),
    ]);
    let mut resolver = resolver();
    let mut path = |tree: &FileSystem| {
        let resolved = resolver.resolve(tree, "/app/main.js", "p", Mode::Import).unwrap();
        let Resolved::File { path, .. } = resolved else { return format!("{resolved:?}") };
        path
    };
    assert_eq!(path(&tree), "/app/node_modules/p/a.js");
    assert_eq!(path(&tree), "/app/node_modules/p/a.js");
    write(&mut tree, "/app/node_modules/p/package.json", r#"{ "main": "b.js" }"#);
    assert_eq!(path(&tree), "/app/node_modules/p/b.js");
}
