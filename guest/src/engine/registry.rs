//! The modules that guest code may import, by specifier.
//!
//! QuickJS keeps every module that it ever compiled, found by its name. Two
//! things make a second name for one specifier necessary: host modules that were
//! configured anew, and what [`super::loader`] calls tainted modules. Such a name
//! is the specifier, [`SUFFIX`] and a generation; the suffix never leaves the
//! engine.

use super::{job::terminable, scripts::SUFFIX};
use crate::{node::NAMESPACE as NODE, web::NAMESPACE as WEB};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::cell::{Cell, RefCell};
use hypercell_common::{ENV, TOOLS, body::HostFunctions};

/// Namespace of host modules.
pub(super) const HOST: &str = "host";
/// Namespace in which handlers are compiled, so that their names are nobody
/// else's.
pub(super) const HANDLER: &str = "handler";

#[derive(Debug)]
struct Registered {
    source: Vec<u8>,
    generation: u32,
}

/// What can be imported.
#[derive(Debug, Default)]
pub(super) struct Registry {
    modules: RefCell<BTreeMap<String, Registered>>,
    hosts: RefCell<BTreeMap<String, HostFunctions>>,
    host_generation: Cell<u32>,
    /// Names of evaluated files that look like a specifier.
    files: RefCell<BTreeSet<String>>,
}

/// Whether a namespace is the engine's own.
fn is_reserved(namespace: &str) -> bool {
    [HOST, HANDLER, NODE, WEB].contains(&namespace)
}

/// Whether a host module is for the guest's own modules, and nobody imports it.
fn is_hidden(name: &str) -> bool {
    name == TOOLS || name.starts_with(ENV)
}

impl Registry {
    /// Registers a module.
    ///
    /// # Errors
    /// A sentence, when the specifier is malformed, reserved or taken.
    pub(super) fn add(&self, specifier: &str, source: Vec<u8>) -> Result<(), String> {
        let (namespace, name) = specifier.split_once(':').unwrap_or_default();
        if namespace.is_empty() || name.is_empty() || specifier.contains(char::is_control) {
            return Err(format!(
                "the module specifier {specifier:?} is not of the form `namespace:name`, without control characters"
            ));
        }
        if is_reserved(namespace) {
            return Err(format!("the namespace of the module '{specifier}' is reserved"));
        }
        if self.modules.borrow().contains_key(specifier) {
            return Err(format!("the module '{specifier}' is registered already"));
        }
        if self.files.borrow().contains(specifier) {
            return Err(format!("the module '{specifier}' has the name of a file that was evaluated"));
        }
        self.modules.borrow_mut().insert(String::from(specifier), Registered { source, generation: 0 });
        Ok(())
    }

    /// Notes that a file of this name gets evaluated as a module.
    ///
    /// # Errors
    /// A sentence, when the name is malformed or that of a module.
    pub(super) fn use_file(&self, file: &str) -> Result<(), String> {
        check_name(file)?;
        let Some((namespace, _)) = file.split_once(':') else { return Ok(()) };
        if is_reserved(namespace) {
            return Err(format!("the file name '{file}' starts with a reserved namespace"));
        }
        if self.modules.borrow().contains_key(file) {
            return Err(format!("the file name '{file}' is that of a registered module"));
        }
        self.files.borrow_mut().insert(String::from(file));
        Ok(())
    }

    /// Replaces the host modules.
    pub(super) fn set_hosts(&self, hosts: BTreeMap<String, HostFunctions>) {
        if *self.hosts.borrow() != hosts {
            self.hosts.replace(hosts);
            self.host_generation.set(self.host_generation.get().wrapping_add(1));
        }
    }

    /// The name under which the engine knows the module, if there is one.
    pub(super) fn resolve(&self, specifier: &str) -> Option<String> {
        let generation = match specifier.split_once(':') {
            Some((HOST, name)) if !is_hidden(name) && self.hosts.borrow().contains_key(name) => {
                self.host_generation.get()
            }
            _ => self.modules.borrow().get(specifier)?.generation,
        };
        Some(if generation == 0 {
            String::from(specifier)
        } else {
            format!("{specifier}{SUFFIX}{generation}")
        })
    }

    /// The source of a resolved module.
    pub(super) fn source(&self, resolved: &str) -> Option<Vec<u8>> {
        let modules = self.modules.borrow();
        let source = &modules.get(specifier(resolved))?.source;
        // The sources came in as text, so this never loses a character.
        Some(terminable(core::str::from_utf8(source).unwrap_or_default()))
    }

    /// The functions of a resolved host module.
    pub(super) fn host_functions(&self, resolved: &str) -> Option<HostFunctions> {
        let (namespace, name) = specifier(resolved).split_once(':')?;
        if namespace == HOST { self.hosts.borrow().get(name).cloned() } else { None }
    }

    /// All host modules with their functions.
    pub(super) fn hosts(&self) -> BTreeMap<String, HostFunctions> {
        self.hosts.borrow().clone()
    }

    /// The host modules, for an error message.
    pub(super) fn host_names(&self) -> String {
        let hosts = self.hosts.borrow();
        let importable = hosts.keys().filter(|name| !is_hidden(name));
        let names: Vec<String> = importable.map(|name| format!("'{HOST}:{name}'")).collect();
        if names.is_empty() {
            return "there are none".to_string();
        }
        format!("there are {}", names.join(", "))
    }

    /// Makes the next import of a resolved module compile it anew.
    pub(super) fn renew(&self, resolved: &str) {
        if resolved.split_once(':').is_some_and(|(namespace, _)| namespace == HOST) {
            self.host_generation.set(self.host_generation.get().wrapping_add(1));
        } else if let Some(module) = self.modules.borrow_mut().get_mut(specifier(resolved)) {
            module.generation = module.generation.wrapping_add(1);
        }
    }
}

/// The specifier of a resolved name.
pub(super) fn specifier(resolved: &str) -> &str {
    resolved.split_once(SUFFIX).map_or(resolved, |(specifier, _)| specifier)
}

/// Checks the name of a file or handler: it ends up in stacks.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("the name is empty".to_string());
    }
    if name.contains(char::is_control) {
        return Err(format!("the name {name:?} contains a control character"));
    }
    Ok(())
}
