//! Paths in a tree.

/// The longest path, in bytes, as Linux has it.
const MAX_PATH: usize = 4095;
/// The longest name, in bytes.
const MAX_NAME: usize = 255;

/// A path without `/` at its beginning and without `.`; empty for the root.
///
/// # Errors
/// What is wrong with it, to be said after the path.
pub(super) fn normal(path: &str) -> Result<String, String> {
    if path.contains('\0') {
        return Err("has a NUL".into());
    }
    if path.len() > MAX_PATH {
        return Err(format!("has {} bytes, and {MAX_PATH} are allowed", path.len()));
    }
    let mut normal = String::with_capacity(path.len());
    let names = path.strip_prefix('/').unwrap_or(path);
    for name in names.split('/').filter(|_| !names.is_empty()) {
        match name {
            "" => return Err("has an empty name".into()),
            ".." => return Err("has `..` in it, which a tree does not follow".into()),
            "." => continue,
            name if name.len() > MAX_NAME => {
                return Err(format!("has a name of {} bytes, and {MAX_NAME} are allowed", name.len()));
            }
            name => {
                if !normal.is_empty() {
                    normal.push('/');
                }
                normal.push_str(name);
            }
        }
    }
    Ok(normal)
}

/// Whether a link at `path` that says `target` stays in its tree, whatever else is there.
///
/// It may go up as far as the tree does, then down: after a name, `..` would go up from
/// wherever a link of that name leads.
pub(super) fn stays_inside(path: &str, target: &str) -> bool {
    let depth = path.split('/').count().saturating_sub(1);
    let names = || target.split('/').filter(|name| !matches!(*name, "" | "."));
    let up = names().take_while(|name| *name == "..").count();
    !target.starts_with('/') && up <= depth && names().skip(up).all(|name| name != "..")
}

/// Checks what a link says.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_target(target: &str) -> Result<(), String> {
    if target.is_empty() || target.contains('\0') || target.len() > MAX_PATH {
        return Err(format!("is a link to {target:.100?}; 1 to {MAX_PATH} bytes without NUL are allowed"));
    }
    Ok(())
}

/// The folders above a path, the outermost first.
pub(super) fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_root_and_never_go_up() {
        let same = |path: &str| normal(path).ok();
        assert_eq!(same("/src/./index.ts"), Some("src/index.ts".into()));
        assert_eq!(same("./a"), Some("a".into()));
        assert_eq!(same("/"), Some(String::new()));
        assert_eq!(same("..."), Some("...".into()));
        for wrong in ["a//b", "a/", "//a", "..", "a/../b", "/..", "a\0b"] {
            assert_eq!(same(wrong), None, "{wrong:?}");
        }
        assert!(normal(&"a".repeat(256)).is_err_and(|why| why.contains("256")));
    }

    #[test]
    fn a_link_goes_up_no_further_than_the_root_and_only_at_its_beginning() {
        for (path, target) in
            [("a", "b"), ("a/b", "../c"), ("a/b/c", "../../d/e"), ("a", "./b//c"), ("a", ".")]
        {
            assert!(stays_inside(path, target), "{path} -> {target}");
        }
        for (path, target) in
            [("a", ".."), ("a/b", "../../c"), ("a", "/b"), ("a", "b/../c"), ("a/b", "./../..")]
        {
            assert!(!stays_inside(path, target), "{path} -> {target}");
        }
    }
}
