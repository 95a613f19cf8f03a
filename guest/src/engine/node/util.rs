//! What `node:util`, `node:buffer` and `node:crypto` are made of.

use super::super::{
    console,
    inspect::{Options, inspect},
    shared::Shared,
    web::native,
};
use crate::node;
use alloc::rc::Rc;
use rquickjs::{
    Ctx, Function, Object, Value,
    function::{Opt, Rest},
};

/// Most bytes of an inspected value. The heap's limit is met before.
const MAX_TEXT: usize = 64 << 20;

/// Defines the functions on `target`:
///
/// - `inspect(value, options)`: text, see [`Options::with`].
/// - `format(…values)`: the text that `console.log` prints.
/// - those of [`node::natives`].
pub(super) fn install<'js>(target: &Object<'js>, shared: &Rc<Shared>) -> rquickjs::Result<()> {
    let ctx = target.ctx();
    let inspecting = Rc::clone(shared);
    let show = move |ctx: Ctx<'js>, value: Opt<Value<'js>>, options: Opt<Value<'js>>| {
        let value = value.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
        let options = match options.0.as_ref().and_then(Value::as_object) {
            Some(options) => Options::default().with(options)?,
            None => Options::default(),
        };
        rquickjs::Result::Ok(inspect(&ctx, &inspecting, &value, &options, MAX_TEXT))
    };
    target.set("inspect", Function::new(ctx.clone(), show)?)?;
    let formatting = Rc::clone(shared);
    let format = move |ctx: Ctx<'js>, values: Rest<Value<'js>>| console::line(&ctx, &formatting, &values);
    target.set("format", Function::new(ctx.clone(), format)?)?;
    for (name, native) in node::natives() {
        target.set(*name, native::function(ctx, shared, Rc::new(*native))?)?;
    }
    Ok(())
}
