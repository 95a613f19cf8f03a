//! What is garbage goes, and what the realm began with stays, whatever guest code does
//! to it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

#[test]
fn cycles_through_objects_of_the_realm_are_collected() {
    let mut guest = guest();
    guest
        .eval(
            "globalThis.seen = [];
             const make = () => {
                 class Own extends URL { constructor() { super('x:'); this.self = this } }
                 const all = [{}, () => all, new Own(), new EventTarget(), new Map([[URL, () => all]]), Promise.resolve(() => all)];
                 for (const one of all) one.all = all;
                 all[3].addEventListener('event', () => all);
                 return all.map(one => new WeakRef(one));
             };
             globalThis.refs = make();",
        )
        .unwrap();
    assert_eq!(
        guest.value("export default refs.map(ref => ref.deref() === undefined)"),
        "[true,true,true,true,true,true]"
    );
}

#[test]
fn what_is_hung_on_objects_of_the_realm_stays() {
    let mut guest = guest();
    guest
        .eval(
            "const cycle = name => { const it = { name }; it.self = it; return it };
             URL.prototype.own = cycle('prototype'); Array.own = cycle('constructor'); globalThis.own = cycle('global');
             console.own = cycle('namespace'); Object.defineProperty(crypto, 'own', { get: (it => () => it)(cycle('getter')) });",
        )
        .unwrap();
    let names = "[URL.prototype.own, Array.own, own, console.own, crypto.own].map(it => it.self.name)";
    for _ in 0..3 {
        assert_eq!(
            guest.value(&format!("export default {names}")),
            r#"["prototype","constructor","global","namespace","getter"]"#
        );
    }
}

#[test]
fn guest_code_may_let_go_of_all_that_the_realm_began_with() {
    let mut guest = guest();
    guest
        .eval(
            "globalThis.kept = [URL, new Response('text'), crypto.subtle, structuredClone, Map.prototype];
             const all = globalThis, { ownKeys, getOwnPropertyDescriptor } = Reflect;
             for (const key of ownKeys(all)) if (key !== 'kept' && getOwnPropertyDescriptor(all, key).configurable) delete all[key];",
        )
        .unwrap();
    guest.eval("export const nothing = (() => { const it = {}; it.it = it; })()").unwrap();
    guest
        .eval("const [URL] = kept; kept.length = 1; const it = [URL]; it.push(it); delete URL.prototype.href")
        .unwrap();
    guest.eval("kept = null").unwrap();
    for _ in 0..3 {
        assert_eq!(guest.value("export default [1, [2]].flat().map(n => ({ n }))"), r#"[{"n":1},{"n":2}]"#);
    }
}
