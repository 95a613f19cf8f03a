//! `[Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect)`: an object
//! says itself how it is shown.

use super::{Inspector, Options, Shared, identity, inspect, property::Chain, wtf8};
use alloc::{format, rc::Rc, string::String};
use rquickjs::{
    Coerced, Ctx, Function, Object, Value,
    atom::PredefinedAtom,
    function::{Opt, This},
};

/// The symbol's key in the registry of all symbols.
pub(super) const NAME: &str = "nodejs.util.inspect.custom";

/// Most bytes that the function which hooks get gives.
const MAX_TEXT: usize = 64 << 10;

/// The function that hooks get to show what they hold: `inspect(value, options)`.
pub(in crate::engine) fn function<'js>(
    ctx: &Ctx<'js>,
    shared: &Rc<Shared>,
) -> rquickjs::Result<Function<'js>> {
    let shared = Rc::clone(shared);
    let show = move |ctx: Ctx<'js>, value: Opt<Value<'js>>, options: Opt<Value<'js>>| {
        let value = value.0.unwrap_or_else(|| Value::new_undefined(ctx.clone()));
        let options = match options.0.as_ref().and_then(Value::as_object) {
            Some(options) => Options::default().with(options)?,
            None => Options::default(),
        };
        rquickjs::Result::Ok(inspect(&ctx, &shared, &value, &options, MAX_TEXT))
    };
    Function::new(ctx.clone(), show)?.with_name("inspect")?.with_length(2)
}

impl<'js> Inspector<'_, 'js> {
    /// What the object says of itself, when it has a hook.
    pub(super) fn hook(
        &mut self,
        original: &Object<'js>,
        object: &Object<'js>,
        level: i64,
    ) -> rquickjs::Result<Option<String>> {
        let symbol = self.builtins.hook.clone().restore(self.ctx)?.into_value();
        let chain = Chain::of(object);
        let hook = self.lookup(&chain, &symbol)?.and_then(super::Slot::value);
        let Some(hook) = hook.as_ref().and_then(Value::as_function) else { return Ok(None) };
        if self.is_prototype(object)? {
            return Ok(None);
        }
        let options = self.described_options()?;
        let inspect = self.intrinsics.inspect.clone().restore(self.ctx)?;
        let depth = levels(self.options.depth.saturating_sub(level));
        let answer = hook.call::<_, Value<'js>>((This(original.clone()), depth, options, inspect));
        let Ok(answer) = answer else {
            let thrown = self.ctx.catch();
            let text = if self.shared.interrupted() { String::new() } else { self.thrown(&thrown) };
            return Ok(Some(self.spend(format!("<inspection threw: {text}>"))));
        };
        if answer.is_object() && identity(&answer) == identity(original) {
            return Ok(None);
        }
        Ok(Some(match wtf8::text_of(&answer, self.left.saturating_add(1)) {
            Some(text) => {
                let text = text.replace('\n', &format!("\n{}", " ".repeat(self.indentation)));
                self.spend(text)
            }
            None => self.nested(&answer, level),
        }))
    }

    /// What a hook gave instead of a text. Each can give another.
    fn nested(&mut self, answer: &Value<'js>, level: i64) -> String {
        self.ancestors.push(0);
        let text = if self.ancestors.len() > super::MAX_NESTING {
            self.spend(String::from("[Object]"))
        } else {
            self.value(answer, level)
        };
        self.ancestors.pop();
        text
    }

    /// Whether the object is the prototype of its own constructor.
    fn is_prototype(&self, object: &Object<'js>) -> rquickjs::Result<bool> {
        let constructor = self.own_value(object, PredefinedAtom::Constructor)?;
        let Some(constructor) = constructor.as_ref().and_then(Value::as_object).filter(|c| !c.is_proxy())
        else {
            return Ok(false);
        };
        let prototype = self.own_value(constructor, PredefinedAtom::Prototype)?;
        Ok(prototype
            .is_some_and(|prototype| prototype.is_object() && identity(&prototype) == identity(object)))
    }

    fn described_options(&self) -> rquickjs::Result<Object<'js>> {
        let described = Object::new_proto(self.ctx.clone(), None)?;
        #[expect(clippy::cast_precision_loss, reason = "limits beyond 2^53 are no limits")]
        let number = |limit: usize| if limit == usize::MAX { f64::INFINITY } else { limit as f64 };
        described.set("depth", levels(self.options.depth))?;
        described.set("showHidden", self.options.show_hidden)?;
        described.set("showProxy", self.options.show_proxy)?;
        described.set("customInspect", self.options.custom)?;
        described.set("maxArrayLength", number(self.options.max_array))?;
        described.set("maxStringLength", number(self.options.max_string))?;
        described.set("breakLength", number(self.options.break_length))?;
        described.set("compact", number(self.options.compact))?;
        described.set("colors", false)?;
        let stylize = |text: Coerced<rquickjs::String<'js>>| text.0;
        described.set("stylize", Function::new(self.ctx.clone(), stylize)?.with_name("stylize")?)?;
        Ok(described)
    }
}

/// Levels as guest code has them.
#[expect(clippy::cast_precision_loss, reason = "more levels than there can be")]
fn levels(depth: i64) -> f64 {
    // What is left of no limit is no limit.
    if depth > i64::MAX / 2 { f64::INFINITY } else { depth as f64 }
}
