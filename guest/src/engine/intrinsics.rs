//! The built-in objects that the glue relies on, taken before guest code could
//! replace them.

use super::classes::Classes;
use super::inspect::{self, Builtins};
use super::shared::Shared;
use alloc::{rc::Rc, string::String};
use core::hash::{Hash as _, Hasher};
use rquickjs::{Constructor, Ctx, Error, Function, IntoJs, Object, Persistent, Value, object::Property};

/// A built-in class of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorClass {
    Error,
    Type,
    Range,
    Reference,
    Syntax,
}

const ERROR_CLASSES: [(ErrorClass, &str); 5] = [
    (ErrorClass::Error, "Error"),
    (ErrorClass::Type, "TypeError"),
    (ErrorClass::Range, "RangeError"),
    (ErrorClass::Reference, "ReferenceError"),
    (ErrorClass::Syntax, "SyntaxError"),
];

/// Prototypes by [`identity`]. They live as long as the realm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prototypes {
    pub(super) object: u64,
    pub(super) array_buffer: u64,
    pub(super) shared_array_buffer: Option<u64>,
    pub(super) typed_array: u64,
    pub(super) data_view: u64,
    pub(super) date: u64,
    pub(super) map: u64,
    pub(super) set: u64,
    pub(super) reg_exp: u64,
    pub(super) weak: [u64; 4],
    pub(super) boolean: u64,
    pub(super) number: u64,
    pub(super) string: u64,
    pub(super) bigint: u64,
    pub(super) symbol: u64,
}

/// Built-in objects as they were when the realm was made.
pub(super) struct Intrinsics {
    pub(super) prototypes: Prototypes,
    pub(super) boolean_value: Persistent<Function<'static>>,
    pub(super) number_value: Persistent<Function<'static>>,
    pub(super) string_value: Persistent<Function<'static>>,
    pub(super) bigint_value: Persistent<Function<'static>>,
    pub(super) bigint_prototype: Persistent<Object<'static>>,
    pub(super) builtins: Rc<Builtins>,
    /// Shows guest values to guest code, see [`inspect::function`].
    pub(super) inspect: Persistent<Function<'static>>,
    pub(super) classes: Classes,
    errors: [Persistent<Constructor<'static>>; 5],
}

impl Intrinsics {
    pub(super) fn take<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>) -> rquickjs::Result<Self> {
        let prototype = |class: &str| -> rquickjs::Result<Object<'js>> {
            ctx.globals().get::<_, Object<'js>>(class)?.get("prototype")
        };
        let method = |class: &str, name: &str| -> rquickjs::Result<Persistent<Function<'static>>> {
            Ok(Persistent::save(ctx, prototype(class)?.get::<_, Function<'js>>(name)?))
        };
        let error = |name: &str| -> rquickjs::Result<Persistent<Constructor<'static>>> {
            Ok(Persistent::save(ctx, ctx.globals().get::<_, Constructor<'js>>(name)?))
        };
        let named = |class: &str| prototype(class).map(|prototype| identity(&prototype));
        let typed_array = prototype("Uint8Array")?.get_prototype().ok_or(Error::Unknown)?;
        let [e0, e1, e2, e3, e4] = ERROR_CLASSES.map(|(_, name)| error(name));
        Ok(Self {
            prototypes: Prototypes {
                object: named("Object")?,
                array_buffer: named("ArrayBuffer")?,
                // Not in every build of the engine.
                shared_array_buffer: named("SharedArrayBuffer").ok(),
                typed_array: identity(&typed_array),
                data_view: named("DataView")?,
                date: named("Date")?,
                map: named("Map")?,
                set: named("Set")?,
                reg_exp: named("RegExp")?,
                weak: [
                    named("WeakMap")?,
                    named("WeakSet")?,
                    named("WeakRef")?,
                    named("FinalizationRegistry")?,
                ],
                boolean: named("Boolean")?,
                number: named("Number")?,
                string: named("String")?,
                bigint: named("BigInt")?,
                symbol: named("Symbol")?,
            },
            boolean_value: method("Boolean", "valueOf")?,
            number_value: method("Number", "valueOf")?,
            string_value: method("String", "valueOf")?,
            bigint_value: method("BigInt", "valueOf")?,
            classes: Classes::take(ctx)?,
            bigint_prototype: Persistent::save(ctx, prototype("BigInt")?),
            builtins: Rc::new(Builtins::take(ctx)?),
            inspect: Persistent::save(ctx, inspect::function(ctx, shared)?),
            errors: [e0?, e1?, e2?, e3?, e4?],
        })
    }

    /// Throws an error of a built-in class.
    pub(super) fn throw(&self, ctx: &Ctx<'_>, class: ErrorClass, message: &str) -> Error {
        match self.error(ctx, class, message) {
            Ok(error) => ctx.throw(error.into_value()),
            Err(error) => error,
        }
    }

    /// Throws an error as it came from the host.
    pub(super) fn throw_foreign(
        &self,
        ctx: &Ctx<'_>,
        name: &str,
        message: &str,
        code: Option<&str>,
    ) -> Error {
        let thrown = self.foreign(ctx, name, message).and_then(|error| {
            if let Some(code) = code {
                define(&error, "code", String::from(code))?;
            }
            Ok(ctx.throw(error.into_value()))
        });
        thrown.unwrap_or_else(|error| error)
    }

    /// An error of the class of this name, or of `Error` with an own name.
    pub(super) fn foreign<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        message: &str,
    ) -> rquickjs::Result<Object<'js>> {
        let known = ERROR_CLASSES.iter().find(|(_, class)| *class == name);
        let error = self.error(ctx, known.map_or(ErrorClass::Error, |(class, _)| *class), message)?;
        if known.is_none() && !name.is_empty() {
            define(&error, "name", String::from(name))?;
        }
        Ok(error)
    }

    fn error<'js>(&self, ctx: &Ctx<'js>, class: ErrorClass, message: &str) -> rquickjs::Result<Object<'js>> {
        let [error, type_, range, reference, syntax] = &self.errors;
        let constructor = match class {
            ErrorClass::Error => error,
            ErrorClass::Type => type_,
            ErrorClass::Range => range,
            ErrorClass::Reference => reference,
            ErrorClass::Syntax => syntax,
        };
        constructor.clone().restore(ctx)?.construct((message,))
    }
}

impl core::fmt::Debug for Intrinsics {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Intrinsics").finish_non_exhaustive()
    }
}

/// Defines an own property as built-ins have them, whatever the prototype says.
pub(super) fn define<'js, V: IntoJs<'js>>(object: &Object<'js>, key: &str, value: V) -> rquickjs::Result<()> {
    object.prop(key, Property::from(value).writable().configurable())
}

/// A number that two values share exactly when they are the same object, as
/// long as both live.
pub(super) fn identity(value: &Value<'_>) -> u64 {
    /// Keeps the payload that a value hashes, and nothing else.
    struct Payload(u64);
    impl Hasher for Payload {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, _: &[u8]) {}
        fn write_i32(&mut self, _: i32) {}
        fn write_u64(&mut self, bits: u64) {
            self.0 = bits;
        }
    }
    let mut payload = Payload(0);
    value.hash(&mut payload);
    payload.finish()
}
