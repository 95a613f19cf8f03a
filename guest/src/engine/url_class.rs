//! The class `URL` of the web platform, as values need it. Without it a URL of the host
//! arrives as a string, and none leaves.

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
    /// Takes the export `URL` of the web platform's main module, where there is one.
    pub(super) fn take<'js>(ctx: &Ctx<'js>, exports: &Object<'js>) -> rquickjs::Result<Option<Self>> {
        let class: Option<Constructor<'js>> = exports.get("URL")?;
        class.map(|class| Self::of(ctx, &class)).transpose()
    }

    /// The class must have the accessor `href` on its prototype, which throws a
    /// `TypeError` for objects that are no URLs.
    fn of<'js>(ctx: &Ctx<'js>, class: &Constructor<'js>) -> rquickjs::Result<Self> {
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::{Engine, Job};
    use super::UrlClass;
    use crate::platform::{Platform, SendError};
    use alloc::{borrow::ToOwned as _, rc::Rc, string::String, vec::Vec};
    use hypercell_common::{Kind, Message, Section, Tag};
    use rquickjs::{Object, Value};

    /// No host, no clock.
    struct Nowhere;

    impl Platform for Nowhere {
        fn host_call(&self, _: &Message<'_>, _: &mut dyn FnMut(&[u8])) -> Result<(), SendError> {
            Ok(())
        }

        fn fresh_entropy(&self) -> Option<[u8; 32]> {
            None
        }

        fn now_us(&self) -> u64 {
            0
        }

        fn interrupted(&self) -> bool {
            false
        }

        fn heap_peak(&self) -> u64 {
            0
        }
    }

    /// Exports with a class that has the outside of `URL`.
    const STAND_IN: &str = "({ URL: class URL {
        #href;
        constructor(href) { this.#href = `${href}/` }
        get href() { return this.#href }
        toJSON() { return this.#href }
    } })";

    fn engine() -> Engine {
        let engine = Engine::new(Rc::new(Nowhere)).unwrap();
        engine
            .context
            .with(|ctx| {
                let exports: Object<'_> = ctx.eval(STAND_IN)?;
                ctx.globals().set("URL", exports.get::<_, Value<'_>>("URL")?)?;
                engine.shared.url.replace(UrlClass::take(&ctx, &exports)?.map(Rc::new));
                rquickjs::Result::Ok(())
            })
            .unwrap();
        engine
    }

    /// The body and the tags of what comes back.
    fn run(
        engine: &mut Engine,
        kind: Kind,
        body: &str,
        sections: &[Section<'_>],
    ) -> (String, Vec<(String, Tag)>) {
        let message = Message { body, sections, ..Message::new(kind, 1, "main") };
        let mut bytes = Vec::new();
        message.encode(|part| bytes.extend_from_slice(part)).unwrap();
        let mut reply = (String::new(), Vec::new());
        engine.run(Job::read(&bytes).unwrap(), &mut |message| {
            let tags =
                message.sections.iter().map(|section| (section.path.to_owned(), section.tag)).collect();
            reply = (message.body.to_owned(), tags);
        });
        reply
    }

    #[test]
    fn an_object_of_the_class_leaves_as_a_url() {
        let mut engine = engine();
        let source =
            "export default [new URL('x:a'), Object.create(URL.prototype, { toJSON: { value: 0 } })]";

        let left = run(&mut engine, Kind::Eval, source, &[]);

        assert_eq!(left, (String::from(r#"["x:a/",{}]"#), [("[0]".to_owned(), Tag::URL)].into()));
    }

    #[test]
    fn a_url_of_the_host_arrives_as_an_object_of_the_class() {
        let mut engine = engine();
        let handler = "export const handler = ([url]) => [url instanceof URL, url.href, url]";
        run(&mut engine, Kind::Handler, handler, &[]);
        run(&mut engine, Kind::Eval, "Object.defineProperty(URL.prototype, 'x', { get() { throw 1 } })", &[]);

        let url = Section { path: "[0]", tag: Tag::URL, data: &[] };
        let back = run(&mut engine, Kind::Call, r#"["x:a"]"#, &[url]);

        assert_eq!(back.0, r#"[true,"x:a/","x:a/"]"#);
        assert_eq!(back.1, [("[2]".to_owned(), Tag::URL)]);
    }

    #[test]
    fn without_a_class_a_url_arrives_as_a_string() {
        let mut engine = Engine::new(Rc::new(Nowhere)).unwrap();
        drop(engine.shared.url.take());
        run(&mut engine, Kind::Handler, "export const handler = url => [typeof url, url]", &[]);

        let url = Section { path: "[]", tag: Tag::URL, data: &[] };
        let back = run(&mut engine, Kind::Call, r#""x:a""#, &[url]);

        assert_eq!(back, (String::from(r#"["string","x:a"]"#), Vec::new()));
    }
}
