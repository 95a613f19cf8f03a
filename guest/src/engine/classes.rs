//! The built-in classes whose objects cross as what they are: constructors and
//! methods, taken before guest code could replace them.

use super::intrinsics::identity;
use alloc::{string::String, vec::Vec};
use hypercell_common::Tag;
use rquickjs::{
    ArrayBuffer, Constructor, Ctx, Error, Function, Object, Persistent, TypedArray, Value, function::This,
};

type Method = Persistent<Function<'static>>;
type Class = Persistent<Constructor<'static>>;

/// A collection: how to make one, fill it and go over it.
pub(super) struct Collection {
    class: Class,
    insert: Method,
    iterate: Method,
    next: Method,
}

/// See the module.
pub(super) struct Classes {
    pub(super) map: Collection,
    pub(super) set: Collection,
    /// Identity of `Date.prototype.toJSON`.
    pub(super) date_to_json: u64,
    /// Identity of `TypeError.prototype`.
    type_error: u64,
    date: Class,
    date_time: Method,
    date_text: Method,
    bigint: Method,
    bigint_text: Method,
    typed_arrays: Vec<(Tag, Class)>,
    bytes: Class,
    view_class: Method,
    view_buffer: Method,
    view_offset: Method,
    view_length: Method,
}

impl Classes {
    pub(super) fn take<'js>(ctx: &Ctx<'js>) -> rquickjs::Result<Self> {
        let globals = ctx.globals();
        let class = |name: &str| -> rquickjs::Result<Class> {
            Ok(Persistent::save(ctx, globals.get::<_, Constructor<'js>>(name)?))
        };
        let prototype = |name: &str| -> rquickjs::Result<Object<'js>> {
            globals.get::<_, Object<'js>>(name)?.get("prototype")
        };
        let method = |class: &str, name: &str| -> rquickjs::Result<Method> {
            Ok(Persistent::save(ctx, prototype(class)?.get::<_, Function<'js>>(name)?))
        };
        let collection = |name: &str, insert: &str, iterate: &str| -> rquickjs::Result<Collection> {
            let empty: Object<'js> = globals.get::<_, Constructor<'js>>(name)?.construct(())?;
            let iterator: Object<'js> = empty.get::<_, Function<'js>>(iterate)?.call((This(empty),))?;
            Ok(Collection {
                class: class(name)?,
                insert: method(name, insert)?,
                iterate: method(name, iterate)?,
                next: Persistent::save(ctx, iterator.get::<_, Function<'js>>("next")?),
            })
        };
        let view = prototype("Uint8Array")?.get_prototype().ok_or(Error::Unknown)?;
        let descriptor: Function<'js> =
            globals.get::<_, Object<'js>>("Object")?.get("getOwnPropertyDescriptor")?;
        let getter = |key: Value<'js>| -> rquickjs::Result<Method> {
            let found: Object<'js> = descriptor.call((view.clone(), key))?;
            Ok(Persistent::save(ctx, found.get::<_, Function<'js>>("get")?))
        };
        let named = |name: &str| {
            getter(rquickjs::String::from_str(ctx.clone(), name).map(rquickjs::String::into_value)?)
        };
        let class_tag: Value<'js> = globals.get::<_, Object<'js>>("Symbol")?.get("toStringTag")?;
        let typed_arrays = Tag::ALL.iter().filter(|tag| tag.element_len().is_some());
        Ok(Self {
            map: collection("Map", "set", "entries")?,
            set: collection("Set", "add", "values")?,
            date_to_json: identity(&prototype("Date")?.get::<_, Value<'js>>("toJSON")?),
            type_error: identity(prototype("TypeError")?.as_value()),
            date: class("Date")?,
            date_time: method("Date", "getTime")?,
            date_text: method("Date", "toISOString")?,
            bigint: Persistent::save(ctx, globals.get::<_, Function<'js>>("BigInt")?),
            bigint_text: method("BigInt", "toString")?,
            typed_arrays: typed_arrays
                .map(|tag| Ok((*tag, class(tag.name())?)))
                .collect::<rquickjs::Result<_>>()?,
            bytes: class("Uint8Array")?,
            view_class: getter(class_tag)?,
            view_buffer: named("buffer")?,
            view_offset: named("byteOffset")?,
            view_length: named("byteLength")?,
        })
    }

    /// What a built-in method gave, and `None` where it threw a `TypeError`: it was then
    /// called on an object of another class. What else it threw is passed on.
    pub(super) fn own<'js, T>(
        &self,
        ctx: &Ctx<'js>,
        result: rquickjs::Result<T>,
    ) -> rquickjs::Result<Option<T>> {
        let error = match result {
            Ok(value) => return Ok(Some(value)),
            Err(Error::Exception) => ctx.catch(),
            Err(error) => return Err(error),
        };
        // The engine made it, so that its prototype is no lie.
        let prototype = error.as_object().and_then(Object::get_prototype);
        if prototype.is_some_and(|prototype| identity(&prototype) == self.type_error) {
            Ok(None)
        } else {
            Err(ctx.throw(error))
        }
    }

    /// Goes over a `Map` or a `Set`; `None` when the object is no such collection.
    pub(super) fn iterate<'js>(
        &self,
        collection: &Collection,
        object: &Object<'js>,
    ) -> rquickjs::Result<Option<Items<'js>>> {
        let ctx = object.ctx();
        let called = collection.iterate.clone().restore(ctx)?.call((This(object.clone()),));
        let next = collection.next.clone().restore(ctx)?;
        Ok(self.own(ctx, called)?.map(|iterator| Items { iterator, next }))
    }

    /// A `Date` of so many milliseconds since 1970.
    pub(super) fn date<'js>(&self, ctx: &Ctx<'js>, milliseconds: f64) -> rquickjs::Result<Value<'js>> {
        self.date.clone().restore(ctx)?.construct((milliseconds,))
    }

    /// Milliseconds since 1970, when the object is a `Date`.
    pub(super) fn time<'js>(&self, date: &Object<'js>) -> rquickjs::Result<Option<f64>> {
        let ctx = date.ctx();
        self.own(ctx, self.date_time.clone().restore(ctx)?.call((This(date.clone()),)))
    }

    /// The text of a `Date` that is valid.
    pub(super) fn date_text<'js>(&self, date: &Object<'js>) -> rquickjs::Result<rquickjs::String<'js>> {
        self.date_text.clone().restore(date.ctx())?.call((This(date.clone()),))
    }

    /// A `BigInt` of decimal digits.
    pub(super) fn bigint<'js>(&self, digits: Value<'js>) -> rquickjs::Result<Value<'js>> {
        let ctx = digits.ctx().clone();
        self.bigint.clone().restore(&ctx)?.call((digits,))
    }

    /// The decimal digits of a `BigInt`.
    pub(super) fn bigint_text<'js>(&self, bigint: Value<'js>) -> rquickjs::Result<rquickjs::String<'js>> {
        let ctx = bigint.ctx().clone();
        self.bigint_text.clone().restore(&ctx)?.call((This(bigint),))
    }

    /// A typed array with a copy of these bytes.
    pub(super) fn typed_array<'js>(
        &self,
        ctx: &Ctx<'js>,
        tag: Tag,
        data: &[u8],
    ) -> rquickjs::Result<Value<'js>> {
        if tag == Tag::Uint8Array {
            return Ok(TypedArray::<u8>::new_copy(ctx.clone(), data)?.into_value());
        }
        let (_, class) = self.typed_arrays.iter().find(|(of, _)| *of == tag).ok_or(Error::Unknown)?;
        let buffer = ArrayBuffer::new_copy(ctx.clone(), data)?;
        class.clone().restore(ctx)?.construct((buffer,))
    }

    /// Which typed array the object is, when it is one. Guest code has no say in it.
    pub(super) fn typed_array_tag<'js>(&self, view: &Object<'js>) -> rquickjs::Result<Option<Tag>> {
        let ctx = view.ctx();
        let name: Value<'js> = self.view_class.clone().restore(ctx)?.call((This(view.clone()),))?;
        let Some(name) = name.as_string() else { return Ok(None) };
        let name: String = name.to_string()?;
        Ok(self.typed_arrays.iter().map(|(tag, _)| *tag).find(|tag| tag.name() == name))
    }

    /// The bytes that a typed array shows; `None` when it is detached.
    pub(super) fn bytes_of<'js>(&self, view: &Object<'js>) -> rquickjs::Result<Option<TypedArray<'js, u8>>> {
        let ctx = view.ctx();
        let read = |getter: &Method| -> rquickjs::Result<Value<'js>> {
            getter.clone().restore(ctx)?.call((This(view.clone()),))
        };
        let (buffer, offset, length) =
            (read(&self.view_buffer)?, read(&self.view_offset)?, read(&self.view_length)?);
        self.own(ctx, self.bytes.clone().restore(ctx)?.construct((buffer, offset, length)))
    }
}

impl Collection {
    /// An empty one.
    pub(super) fn empty<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        self.class.clone().restore(ctx)?.construct(())
    }

    /// `set` with a key and a value, `add` with a value.
    pub(super) fn inserter<'js>(&self, ctx: &Ctx<'js>) -> rquickjs::Result<Function<'js>> {
        self.insert.clone().restore(ctx)
    }
}

/// Goes over a collection as it is at each moment, as `for … of` does. What the
/// engine's own iterators return are objects with own properties, and arrays.
pub(super) struct Items<'js> {
    iterator: Object<'js>,
    next: Function<'js>,
}

impl<'js> Items<'js> {
    pub(super) fn next(&self) -> rquickjs::Result<Option<Value<'js>>> {
        let result: Object<'js> = self.next.call((This(self.iterator.clone()),))?;
        if result.get("done")? { Ok(None) } else { result.get("value").map(Some) }
    }
}

impl core::fmt::Debug for Classes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Classes").finish_non_exhaustive()
    }
}
