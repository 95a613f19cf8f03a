//! Compiles the modules of the web platform, and those of Node.js, to QuickJS bytecode.
//!
//! The compiler is the release of QuickJS that the guest has: both are one entry of
//! the lock file. Names, lines and columns stay in the bytecode, for stacks; the
//! source does not, so that functions of the platform read as native code.

use rquickjs::{
    CaughtError, Context, Ctx, Module, Runtime, WriteOptions,
    loader::{ImportAttributes, Loader, Resolver},
    module::Declared,
};
use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// Where modules are, from the crate's folder on, and their namespaces.
pub(crate) const FOLDERS: [(&str, &str); 2] = [("node", "src/node"), ("web", "src/web")];

/// Writes the bytecode of each module, and a table of all, to `OUT_DIR`.
///
/// # Errors
/// When a module cannot be read or does not compile, with its file and line.
pub(crate) fn compile() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let files = modules()?;

    let runtime = Runtime::new()?;
    runtime.set_loader(Imports, Imports);
    let context = Context::full(&runtime)?;
    let mut table = String::from("&[\n");
    for (index, (name, file)) in files.iter().enumerate() {
        let source = fs::read(file)?;
        let bytecode = context.with(|ctx| bytecode(&ctx, name, source)).map_err(|fault| {
            // A stack names the module.
            fault.replace(&format!("{name}:"), &format!("guest/{}:", file.display()))
        })?;
        fs::write(out.join(format!("{index}.bytecode")), bytecode)?;
        writeln!(table, "    ({name:?}, include_bytes!(\"{index}.bytecode\")),")?;
    }
    table.push(']');
    fs::write(out.join("bytecode.rs"), table)?;
    Ok(())
}

/// The specifiers of all modules, in order, with their files.
pub(crate) fn modules() -> Result<Vec<(String, PathBuf)>, Box<dyn Error>> {
    let mut files = Vec::new();
    for (namespace, folder) in FOLDERS {
        println!("cargo:rerun-if-changed={folder}");
        scripts(namespace, Path::new(folder), Path::new(folder), &mut files)?;
    }
    // The table is searched, and the same on every machine.
    files.sort();
    Ok(files)
}

/// The JavaScript files of a folder and those below.
fn scripts(
    namespace: &str,
    root: &Path,
    folder: &Path,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            scripts(namespace, root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            let name = path.with_extension("");
            let name = name.strip_prefix(root)?.to_str().ok_or("a file name is not UTF-8")?;
            files.push((format!("{namespace}:{name}"), path));
        }
    }
    Ok(())
}

pub(crate) fn bytecode(ctx: &Ctx<'_>, name: &str, source: Vec<u8>) -> Result<Vec<u8>, String> {
    let options = WriteOptions { strip_source: true, ..WriteOptions::default() };
    Module::declare(ctx.clone(), name, source)
        .and_then(|module| module.write(options))
        .map_err(|error| CaughtError::from_error(ctx, error).to_string())
}

/// Stands for every import: the bytecode of a module has the specifiers of its
/// imports and nothing else of them.
const STUB: &str = "import";

pub(crate) struct Imports;

impl Resolver for Imports {
    fn resolve<'js>(
        &mut self,
        _ctx: &Ctx<'js>,
        _base: &str,
        _name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        Ok(STUB.into())
    }
}

impl Loader for Imports {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        Module::declare(ctx.clone(), name, "")
    }
}
