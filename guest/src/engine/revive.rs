//! What a section of the host says about a value, made so. The values inside of it
//! have been through here before.

use super::{intrinsics::define, shared::Shared};
use alloc::string::String;
use hypercell_common::Tag;
use rquickjs::{
    Ctx, Object, Value,
    function::This,
    object::{Filter, Property},
};

/// Elements between two polls.
const POLL_EVERY: usize = 1024;

/// The value of this tag and data, of which `json` is the JSON form; `None` when that
/// is none of such a value.
pub(super) fn value<'js>(
    ctx: &Ctx<'js>,
    shared: &Shared,
    (tag, data): (Tag, &[u8]),
    json: Value<'js>,
) -> rquickjs::Result<Option<Value<'js>>> {
    let intrinsics = shared.intrinsics()?;
    let classes = &intrinsics.classes;
    let double = || data.try_into().map_or(f64::NAN, f64::from_le_bytes);
    Ok(Some(match tag {
        Tag::Undefined => Value::new_undefined(ctx.clone()),
        Tag::Number => Value::new_number(ctx.clone(), double()),
        Tag::Date => classes.date(ctx, double())?,
        Tag::BigInt if json.is_string() => classes.bigint(json)?,
        Tag::URL if json.is_string() => match shared.url() {
            Some(url) => url.construct(json)?,
            None => json,
        },
        Tag::Map => {
            let Some(entries) = json.as_array() else { return Ok(None) };
            let (map, set) = (classes.map.empty(ctx)?, classes.map.inserter(ctx)?);
            for index in 0..entries.len() {
                poll(ctx, shared, index)?;
                let entry: Value<'js> = entries.get(index)?;
                let Some(entry) = entry.as_array() else { return Ok(None) };
                let (key, value): (Value<'js>, Value<'js>) = (entry.get(0)?, entry.get(1)?);
                let _: Value<'js> = set.call((This(map.clone()), key, value))?;
            }
            map.into_value()
        }
        Tag::Set => {
            let Some(elements) = json.as_array() else { return Ok(None) };
            let (collection, add) = (classes.set.empty(ctx)?, classes.set.inserter(ctx)?);
            for index in 0..elements.len() {
                poll(ctx, shared, index)?;
                let element: Value<'js> = elements.get(index)?;
                let _: Value<'js> = add.call((This(collection.clone()), element))?;
            }
            collection.into_value()
        }
        Tag::Error => {
            let Some(told) = json.as_object() else { return Ok(None) };
            error(ctx, shared, told)?.into_value()
        }
        tag if tag.element_len().is_some() => classes.typed_array(ctx, tag, data)?,
        _ => return Ok(None),
    }))
}

/// The members of an error, of which only its own count: guest code may have put
/// others into the prototype.
fn error<'js>(ctx: &Ctx<'js>, shared: &Shared, told: &Object<'js>) -> rquickjs::Result<Object<'js>> {
    let (mut name, mut message) = (String::new(), String::new());
    let mut more = alloc::vec::Vec::new();
    for member in told.own_props::<String, Value<'js>>(Filter::new().string()) {
        let (key, value) = member?;
        match key.as_str() {
            "name" => name = value.get()?,
            "message" => message = value.get()?,
            "code" => more.push(("code", value)),
            "cause" => more.push(("cause", value)),
            "stack" => more.push(("stack", value)),
            _ => {}
        }
    }
    let error = shared.intrinsics()?.foreign(ctx, &name, &message)?;
    for (key, value) in more {
        define(&error, key, value)?;
    }
    Ok(error)
}

/// Puts a value into a place of an array or an object, whatever prototypes say.
pub(super) fn put<'js>(
    object: &Object<'js>,
    key: impl rquickjs::IntoAtom<'js>,
    value: Value<'js>,
) -> rquickjs::Result<()> {
    object.prop(key, Property::from(value).writable().configurable().enumerable())
}

fn poll(ctx: &Ctx<'_>, shared: &Shared, index: usize) -> rquickjs::Result<()> {
    if index.is_multiple_of(POLL_EVERY) { shared.check(ctx) } else { Ok(()) }
}
