//! The guest's own modules as the build compiled them: QuickJS bytecode, which the
//! engine takes without a look at what it says.
#![expect(unsafe_code, reason = "the engine trusts bytecode")]

use rquickjs::{Ctx, Module};

/// Specifiers in order, each with its module's bytecode: what `build/modules.rs` wrote.
static MODULES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bytecode.rs"));

fn find(specifier: &str) -> Option<&'static [u8]> {
    let index = MODULES.binary_search_by_key(&specifier, |&(name, _)| name).ok()?;
    MODULES.get(index).map(|&(_, bytecode)| bytecode)
}

/// Whether there is a module of this specifier.
pub(crate) fn has(specifier: &str) -> bool {
    find(specifier).is_some()
}

/// Declares the module of this specifier, if there is one, and loads what it imports.
///
/// # Errors
/// For want of memory, and when the bytecode is not of this release of the engine.
pub(crate) fn load<'js>(ctx: &Ctx<'js>, specifier: &str) -> Option<rquickjs::Result<Module<'js>>> {
    let bytecode = find(specifier)?;
    // SAFETY: the bytes are valid bytecode of this engine. The build wrote them by the
    // same release of QuickJS for the same architecture, and they are constants; the
    // engine itself checks their version and checksum.
    Some(unsafe { Module::load(ctx.clone(), bytecode) })
}
