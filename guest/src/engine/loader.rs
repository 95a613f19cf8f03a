//! How imports find their modules.
//!
//! A module is compiled when it is first imported, and its imports with it. When
//! one of those fails, QuickJS frees the importing module, but modules that were
//! compiled meanwhile and import it back (a cycle) keep pointing to it. Those are
//! *tainted*: they must never be linked, so they get a new name, and the next
//! import compiles them anew.

use super::{
    builtin, host_module,
    intrinsics::ErrorClass,
    modules,
    registry::{self, HANDLER, HOST},
    shared::Shared,
    wtf8::clip,
};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::cell::{Cell, RefCell};
use rquickjs::{
    Ctx, Module, Runtime,
    loader::{ImportAttributes, Loader, Resolver},
    module::Declared,
};

/// Stands for every import while a module is only validated.
const STUB: &str = "\u{1}";

/// Most bytes of a name in an error message.
const SHOWN: usize = 200;

/// What an import says of the module that it wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Nothing: any module.
    Module,
    /// That it is JSON.
    Json,
    /// What nobody here knows.
    Unknown,
}

impl Wanted {
    fn of(attributes: Option<ImportAttributes<'_>>) -> rquickjs::Result<Self> {
        let Some(attributes) = attributes else { return Ok(Self::Module) };
        let is_json = attributes.get_type()?.is_some_and(|wanted| wanted == "json");
        Ok(if is_json && attributes.keys().count() == 1 { Self::Json } else { Self::Unknown })
    }
}

/// What resolver and loader have in common.
pub(super) struct Imports {
    shared: Rc<Shared>,
    validating: Cell<bool>,
    /// Resolved names of modules compiled since the outermost load began.
    compiled: RefCell<Vec<String>>,
    depth: Cell<usize>,
}

/// Gives `runtime` its module loader.
pub(super) fn install(runtime: &Runtime, shared: &Rc<Shared>) -> Rc<Imports> {
    let imports = Rc::new(Imports {
        shared: Rc::clone(shared),
        validating: Cell::new(false),
        compiled: RefCell::default(),
        depth: Cell::new(0),
    });
    runtime.set_loader(Handle(Rc::clone(&imports)), Handle(Rc::clone(&imports)));
    imports
}

impl Imports {
    /// Compiles a module without looking at what it imports.
    pub(super) fn validate(&self, ctx: &Ctx<'_>, file: &str, source: Vec<u8>) -> rquickjs::Result<()> {
        self.validating.set(true);
        let module = Module::declare(ctx.clone(), file, source);
        self.validating.set(false);
        module.map(drop)
    }

    fn resolve(
        &self,
        ctx: &Ctx<'_>,
        importer: &str,
        specifier: &str,
        wanted: Wanted,
    ) -> rquickjs::Result<String> {
        if self.validating.get() {
            return Ok(String::from(STUB));
        }
        if wanted == Wanted::Module
            && let Some(own) = builtin::resolve(importer, specifier)
        {
            return Ok(own);
        }
        let shown = clip(specifier, SHOWN);
        let base = importer;
        let importer = self.importer(importer);
        let intrinsics = self.shared.intrinsics()?;
        if wanted == Wanted::Unknown {
            let message =
                format!("the import of '{shown}' from {importer} has attributes, which are not supported");
            return Err(intrinsics.throw(ctx, ErrorClass::Type, &message));
        }
        let found = match self.shared.registry.resolve(specifier) {
            Some(registered) => Some(registered),
            None => modules::resolve(ctx, &self.shared, base, specifier)?,
        };
        if let Some(found) = found {
            if wanted == Wanted::Json && !modules::is_json(&found) {
                let message = format!("the import of '{shown}' from {importer} is of JSON, which it is not");
                return Err(intrinsics.throw(ctx, ErrorClass::Type, &message));
            }
            return Ok(found);
        }
        let message = match specifier.split_once(':') {
            Some((HOST, _)) => {
                let names = self.shared.registry.host_names();
                format!("cannot find host module '{shown}' imported from {importer}: {names}")
            }
            _ => format!("cannot find module '{shown}' imported from {importer}"),
        };
        Err(intrinsics.throw(ctx, ErrorClass::Reference, &message))
    }

    /// The importer as its author knows it.
    fn importer(&self, name: &str) -> String {
        let name = registry::specifier(name);
        if let Some((HANDLER, key)) = name.split_once(':') {
            return format!("handler '{}'", clip(key, SHOWN));
        }
        let scripts = self.shared.scripts.borrow();
        let name = if name == "eval_script" { scripts.last().unwrap_or(name) } else { name };
        format!("'{}'", clip(name, SHOWN))
    }

    fn load<'js>(&self, ctx: &Ctx<'js>, resolved: &str) -> rquickjs::Result<Module<'js, Declared>> {
        if self.validating.get() {
            return Module::declare(ctx.clone(), resolved, "");
        }
        if builtin::is_own(resolved) {
            return builtin::load(ctx, &self.shared, resolved);
        }
        if let Some(functions) = self.shared.registry.host_functions(resolved) {
            let module = host_module::declare(ctx, &self.shared, resolved, &functions);
            if module.is_err() {
                // The heap is full, and what is half declared must not be found.
                self.shared.registry.renew(resolved);
            }
            return module;
        }
        let declared = modules::read(ctx, &self.shared, resolved)?;
        if self.depth.get() == 0 {
            self.compiled.borrow_mut().clear();
        }
        let before = self.compiled.borrow().len();
        self.depth.set(self.depth.get().saturating_add(1));
        let module = declared.declare(ctx, resolved);
        self.depth.set(self.depth.get().saturating_sub(1));
        match &module {
            Ok(_) => self.compiled.borrow_mut().push(String::from(resolved)),
            Err(_) => {
                for tainted in self.compiled.borrow_mut().drain(before..) {
                    self.shared.registry.renew(&tainted);
                }
            }
        }
        module
    }
}

/// The engine calls back while it is in a call of the same loader, so the state
/// is behind a shared reference.
struct Handle(Rc<Imports>);

impl Resolver for Handle {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<String> {
        let imports = Rc::clone(&self.0);
        imports.resolve(ctx, base, name, Wanted::of(attributes)?)
    }
}

impl Loader for Handle {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> rquickjs::Result<Module<'js, Declared>> {
        let imports = Rc::clone(&self.0);
        imports.load(ctx, name)
    }
}
