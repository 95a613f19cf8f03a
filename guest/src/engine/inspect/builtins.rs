//! What the inspector asks objects with: functions of the realm as they were before
//! guest code ran, and the classes that the engine makes objects of.

use crate::sys::class::class_id;
use alloc::{format, vec::Vec};
use rquickjs::{Array, Ctx, Error, FromJs, Function, Object, Persistent, Symbol, Value, function::IntoArgs};

/// Names for the expressions of a table, and the expressions in the same order.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident { $($entry:ident = $expression:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::engine) enum $name { $($entry,)* }

        impl $name {
            /// Each with an expression that gives it, or one like it.
            const ALL: &[(Self, &str)] = &[$((Self::$entry, $expression),)*];
        }
    };
}

table! {
    /// A function that guest code cannot replace here.
    Builtin {
        OwnSymbols = "Object.getOwnPropertySymbols",
        MapEntries = "Map.prototype.entries",
        MapNext = "new Map().entries().next",
        MapSize = "getter(Map.prototype, 'size')",
        SetValues = "Set.prototype.values",
        SetNext = "new Set().values().next",
        SetSize = "getter(Set.prototype, 'size')",
        DateTime = "Date.prototype.getTime",
        DateText = "Date.prototype.toISOString",
        PatternSource = "getter(RegExp.prototype, 'source')",
        PatternIndices = "getter(RegExp.prototype, 'hasIndices')",
        PatternGlobal = "getter(RegExp.prototype, 'global')",
        PatternIgnoreCase = "getter(RegExp.prototype, 'ignoreCase')",
        PatternMultiline = "getter(RegExp.prototype, 'multiline')",
        PatternDotAll = "getter(RegExp.prototype, 'dotAll')",
        PatternUnicode = "getter(RegExp.prototype, 'unicode')",
        PatternUnicodeSets = "getter(RegExp.prototype, 'unicodeSets')",
        PatternSticky = "getter(RegExp.prototype, 'sticky')",
        BooleanValue = "Boolean.prototype.valueOf",
        NumberValue = "Number.prototype.valueOf",
        StringValue = "String.prototype.valueOf",
        BigIntValue = "BigInt.prototype.valueOf",
        SymbolValue = "Symbol.prototype.valueOf",
        SymbolText = "Symbol.prototype.toString",
        ErrorStack = "getter(Error.prototype, 'stack')",
        FunctionText = "Function.prototype.toString",
        TypedName = "getter(typed, Symbol.toStringTag)",
        TypedLength = "getter(typed, 'length')",
        TypedBytes = "getter(typed, 'byteLength')",
        TypedOffset = "getter(typed, 'byteOffset')",
        TypedBuffer = "getter(typed, 'buffer')",
        BufferBytes = "getter(ArrayBuffer.prototype, 'byteLength')",
        ViewBytes = "getter(DataView.prototype, 'byteLength')",
        ViewOffset = "getter(DataView.prototype, 'byteOffset')",
        ViewBuffer = "getter(DataView.prototype, 'buffer')",
        Bytes = "(buffer => new Bytes(buffer))",
        IsView = "ArrayBuffer.isView",
        Text = "String",
        Number = "Number",
        ParseInt = "parseInt",
        ParseFloat = "parseFloat",
        Json = "JSON.stringify",
    }
}

table! {
    /// What the engine made an object as.
    Class {
        Object = "{}",
        Map = "new Map",
        Set = "new Set",
        MapIterator = "new Map().entries()",
        SetIterator = "new Set().values()",
        WeakMap = "new WeakMap",
        WeakSet = "new WeakSet",
        Date = "new Date(0)",
        Pattern = "/x/",
        Buffer = "new ArrayBuffer(0)",
        // Not in every build of the engine.
        SharedBuffer = "typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(0) : null",
        View = "new DataView(new ArrayBuffer(0))",
        Boolean = "Object(false)",
        Number = "Object(0)",
        String = "Object('')",
        BigInt = "Object(0n)",
        Symbol = "Object(Symbol())",
        Arguments = "(function () { 'use strict'; return arguments })()",
        MappedArguments = "Function('return arguments')()",
        Function = "() => {}",
        Generator = "function* () {}",
        Async = "async function () {}",
        AsyncGenerator = "async function* () {}",
    }
}

/// Builtins and classes of one realm.
pub(in crate::engine) struct Builtins {
    functions: Vec<Persistent<Function<'static>>>,
    classes: Vec<Option<u32>>,
    /// `Symbol.toStringTag`.
    pub(super) tag: Persistent<Symbol<'static>>,
    /// See [`super::hook`].
    pub(super) hook: Persistent<Symbol<'static>>,
}

impl Builtins {
    /// Takes them from a realm where no guest code ran.
    pub(in crate::engine) fn take<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Self> {
        let table = |expressions: Vec<&str>| -> rquickjs::Result<Array<'js>> {
            ctx.eval(format!(
                "(() => {{ const own = Reflect.getOwnPropertyDescriptor, getter = (object, key) => own(object, key).get,
                    Bytes = Uint8Array, typed = Reflect.getPrototypeOf(Bytes.prototype); return [{}] }})()",
                expressions.join(",")
            ))
        };
        let mut functions = Vec::new();
        for function in
            table(Builtin::ALL.iter().map(|(_, expression)| *expression).collect())?.iter::<Function<'js>>()
        {
            functions.push(Persistent::save(ctx, function?));
        }
        let mut classes = Vec::new();
        for sample in
            table(Class::ALL.iter().map(|(_, expression)| *expression).collect())?.iter::<Value<'js>>()
        {
            classes.push(sample?.as_object().map(class_id));
        }
        Ok(Self {
            functions,
            classes,
            tag: Persistent::save(ctx, ctx.eval::<Symbol<'js>, _>("Symbol.toStringTag")?),
            hook: Persistent::save(ctx, Symbol::new_global(ctx.clone(), super::hook::NAME)?),
        })
    }

    /// Calls a builtin. None of them runs guest code, except those that convert an
    /// object to a primitive.
    pub(in crate::engine) fn call<'js, A, R>(
        &self,
        ctx: &Ctx<'js>,
        builtin: Builtin,
        arguments: A,
    ) -> rquickjs::Result<R>
    where
        A: IntoArgs<'js>,
        R: FromJs<'js>,
    {
        let function = self.functions.get(builtin as usize).ok_or(Error::Unknown)?;
        function.clone().restore(ctx)?.call(arguments)
    }

    /// The class of an object, when it is one of the known ones.
    pub(super) fn class(&self, object: &Object<'_>) -> Option<Class> {
        let id = class_id(object);
        let at = self.classes.iter().position(|known| *known == Some(id))?;
        Class::ALL.get(at).map(|(class, _)| *class)
    }
}
