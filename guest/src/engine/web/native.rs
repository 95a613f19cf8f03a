//! Native functions as guest code's engine calls them.

use super::super::{intrinsics::ErrorClass, random, shared::Shared, wtf8};
use crate::{
    sys::buffer,
    web::{Plain, Refusal, State, natives},
};
use alloc::{format, rc::Rc, vec::Vec};
use rquickjs::{
    Array, Ctx, Function, IntoJs as _, Object, TypedArray, Value, function::Rest, object::Property,
};

/// Most bytes of a string or buffer that goes in: more than a heap has.
const MAX_BYTES: usize = usize::MAX;

/// Defines the native functions on `target`.
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    for (name, native) in natives() {
        let function = function(target.ctx(), shared, Rc::new(*native))?;
        target.set(*name, function)?;
    }
    let drawn = Rc::clone(shared);
    let random = move |arguments: &[Plain]| random::bytes(&drawn, arguments);
    target.set("randomBytes", function(target.ctx(), shared, Rc::new(random))?)
}

/// A native function as one of the engine.
pub(in crate::engine) fn function<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
    native: State,
) -> rquickjs::Result<Function<'js>> {
    let shared = Rc::clone(shared);
    Function::new(ctx.clone(), move |ctx: Ctx<'js>, arguments: Rest<Value<'js>>| {
        let arguments: Result<Vec<Plain>, _> =
            arguments.into_inner().iter().map(|value| plain(&ctx, &shared, value)).collect();
        let mut arguments = arguments?;
        let answer = native(&arguments);
        arguments.iter_mut().for_each(Plain::wipe);
        match answer {
            Ok(answer) => value(&ctx, &shared, answer),
            Err(refusal) => Err(throw(&ctx, &shared, &refusal)),
        }
    })
}

/// A value of the engine as natives see it.
fn plain<'js>(ctx: &Ctx<'js>, shared: &Shared, value: &Value<'js>) -> rquickjs::Result<Plain> {
    if value.is_undefined() {
        return Ok(Plain::Undefined);
    }
    if value.is_null() {
        return Ok(Plain::Null);
    }
    if let Some(truth) = value.as_bool() {
        return Ok(Plain::Bool(truth));
    }
    if let Some(number) = value.as_number() {
        return Ok(Plain::Number(number));
    }
    if let Some(text) = wtf8::text_of(value, MAX_BYTES) {
        return Ok(Plain::Text(text));
    }
    if let Some(array) = value.as_array() {
        let items: rquickjs::Result<Vec<Plain>> = (0..array.len())
            .map(|index| array.get::<Value<'js>>(index).and_then(|item| plain(ctx, shared, &item)))
            .collect();
        return items.map(Plain::List);
    }
    if let Ok(array) = TypedArray::<u8>::from_value(value.clone()) {
        return match buffer::copy(&array) {
            Some(Ok(bytes)) => Ok(Plain::Bytes(bytes)),
            Some(Err(_)) => Err(throw(ctx, shared, &Refusal::new("RangeError", "out of memory"))),
            // Detached: it has no bytes.
            None => Ok(Plain::Bytes(Vec::new())),
        };
    }
    let what = format!("a native function was given {}", value.type_name());
    Err(throw(ctx, shared, &Refusal::type_error(what)))
}

/// What a native function gave, as a value of the engine.
pub(super) fn value<'js>(ctx: &Ctx<'js>, shared: &Rc<Shared>, plain: Plain) -> rquickjs::Result<Value<'js>> {
    match plain {
        Plain::Undefined => Ok(Value::new_undefined(ctx.clone())),
        Plain::Null => Ok(Value::new_null(ctx.clone())),
        Plain::Bool(truth) => Ok(Value::new_bool(ctx.clone(), truth)),
        Plain::Number(number) => Ok(Value::new_number(ctx.clone(), number)),
        Plain::Text(text) => text.into_js(ctx),
        Plain::Bytes(bytes) => {
            let array = TypedArray::<u8>::new_copy(ctx.clone(), &bytes);
            Plain::Bytes(bytes).wipe();
            Ok(array?.into_value())
        }
        Plain::List(items) => {
            let list = Array::new(ctx.clone())?;
            for (index, item) in (0_u32..).zip(items) {
                list.prop(
                    index,
                    Property::from(value(ctx, shared, item)?).writable().configurable().enumerable(),
                )?;
            }
            Ok(list.into_value())
        }
        Plain::Function(native) => Ok(function(ctx, shared, native)?.into_value()),
    }
}

fn throw(ctx: &Ctx<'_>, shared: &Shared, refusal: &Refusal) -> rquickjs::Error {
    let class = match refusal.name {
        "TypeError" => ErrorClass::Type,
        "RangeError" => ErrorClass::Range,
        "SyntaxError" => ErrorClass::Syntax,
        name => return shared.throw_dom_exception(ctx, name, &refusal.message),
    };
    match shared.intrinsics() {
        Ok(intrinsics) => intrinsics.throw(ctx, class, &refusal.message),
        Err(error) => error,
    }
}
