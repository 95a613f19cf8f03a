//! The class `URL` of the web platform, as values need it.

use super::{classes::Classes, intrinsics::identity};
use rquickjs::{Constructor, Ctx, Function, Object, Persistent, Value, function::This};

/// The class `URL`, taken before guest code could change it.
pub(super) struct UrlClass {
    class: Persistent<Constructor<'static>>,
    href: Persistent<Function<'static>>,
    /// Identity of its prototype.
    pub(super) prototype: u64,
    /// Identity of its `toJSON`, when it has one.
    pub(super) to_json: Option<u64>,
}

impl UrlClass {
    /// Takes the export `URL` of the web platform's main module.
    pub(super) fn take<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<Self> {
        let class: Constructor<'js> = exports.get("URL")?;
        let prototype: Object<'js> = class.get("prototype")?;
        let descriptor: Function<'js> =
            ctx.globals().get::<_, Object<'js>>("Object")?.get("getOwnPropertyDescriptor")?;
        let href: Object<'js> = descriptor.call((prototype.clone(), "href"))?;
        let to_json: Value<'js> = prototype.get("toJSON")?;
        Ok(Self {
            class: Persistent::save(ctx, class.clone()),
            href: Persistent::save(ctx, href.get::<_, Function<'js>>("get")?),
            prototype: identity(&prototype),
            to_json: to_json.is_function().then(|| identity(&to_json)),
        })
    }

    /// A `URL` of this text.
    pub(super) fn construct<'js>(&self, text: Value<'js>) -> rquickjs::Result<Value<'js>> {
        let ctx = text.ctx().clone();
        self.class.clone().restore(&ctx)?.construct((text,))
    }

    /// The text of an object; `None` when it is no URL.
    pub(super) fn text<'js>(
        &self,
        classes: &Classes,
        object: &Object<'js>,
    ) -> rquickjs::Result<Option<rquickjs::String<'js>>> {
        let ctx = object.ctx();
        let text = self.href.clone().restore(ctx)?.call((This(object.clone()),));
        classes.own(ctx, text)
    }
}

impl core::fmt::Debug for UrlClass {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("UrlClass").finish_non_exhaustive()
    }
}
