//! Events and their targets, as the DOM standard has them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// The value of each expression, all in one realm.
fn values(cases: &[(&str, &str)]) {
    let mut guest = guest();
    for (expression, expected) in cases {
        assert_eq!(guest.value(&format!("export default {expression}")), *expected, "{expression}");
    }
}

/// The name of what an expression throws.
fn throws(cases: &[(&str, &str)]) {
    let mut guest = guest();
    for (expression, expected) in cases {
        let source = format!(
            "let e; try {{ {expression} }} catch (error) {{ e = error }} export default e?.name ?? 'nothing'"
        );
        assert_eq!(guest.value(&source), format!("{expected:?}"), "{expression}");
    }
}

#[test]
fn an_event_has_what_it_was_made_with() {
    values(&[
        (
            "(e => [e.type, e.bubbles, e.cancelable, e.composed, e.target, e.srcElement, e.currentTarget, e.eventPhase, e.isTrusted, e.defaultPrevented, e.returnValue, e.cancelBubble, e.composedPath()])(new Event('x'))",
            r#"["x",false,false,false,null,null,null,0,false,false,true,false,[]]"#,
        ),
        (
            "(e => [e.type, e.bubbles, e.cancelable, e.composed])(new Event(null, { bubbles: 1, cancelable: 'yes', composed: {} }))",
            r#"["null",true,true,true]"#,
        ),
        ("new Event('').timeStamp >= 0", "true"),
        ("new CustomEvent('x', { detail: [1] }).detail", "[1]"),
        ("[new CustomEvent('x').detail, new CustomEvent('x', { detail: undefined }).detail]", "[null,null]"),
        (
            "(e => { e.initCustomEvent('y', true, true, 2); return [e.type, e.bubbles, e.cancelable, e.detail] })(new CustomEvent('x'))",
            r#"["y",true,true,2]"#,
        ),
        (
            "(e => [e.message, e.filename, e.lineno, e.colno, e.error === undefined])(new ErrorEvent('error'))",
            r#"["","",0,0,true]"#,
        ),
        (
            "(e => [e.message, e.filename, e.lineno, e.colno, e.error])(new ErrorEvent('error', { message: 'm', filename: 'f\\ud800', lineno: 4294967297, colno: '2', error: 5 }))",
            "[\"m\",\"f\u{fffd}\",1,2,5]",
        ),
        (
            "(p => (e => [e.promise === p, e.reason])(new PromiseRejectionEvent('x', { promise: p, reason: 1 })))(Promise.resolve())",
            "[true,1]",
        ),
        (
            "[Event.length, CustomEvent.length, PromiseRejectionEvent.length, EventTarget.length, AbortSignal.length]",
            "[1,1,2,0,0]",
        ),
    ]);
}

#[test]
fn dictionary_members_are_read_in_their_order() {
    values(&[(
        "(() => {
            const read = [];
            const init = (names) => Object.defineProperties({}, Object.fromEntries(names.map(name => [name, { get() { read.push(name) } }])));
            new ErrorEvent('x', init(['message', 'lineno', 'filename', 'error', 'composed', 'colno', 'cancelable', 'bubbles']));
            new EventTarget().addEventListener('x', null, init(['signal', 'passive', 'once', 'capture']));
            return read.join(' ');
        })()",
        r#""bubbles cancelable composed colno error filename lineno message capture once passive signal""#,
    )]);
}

#[test]
fn interfaces_have_the_shape_of_web_idl() {
    values(&[
        ("Object.prototype.toString.call(new CustomEvent('x'))", r#""[object CustomEvent]""#),
        ("[Event.NONE, Event.CAPTURING_PHASE, Event.prototype.AT_TARGET, Event.BUBBLING_PHASE]", "[0,1,2,3]"),
        (
            "Object.keys(EventTarget.prototype)",
            r#"["addEventListener","removeEventListener","dispatchEvent"]"#,
        ),
        ("Object.keys(AbortSignal)", r#"["abort","timeout","any"]"#),
        (
            "['addEventListener', 'removeEventListener', 'dispatchEvent'].map(name => EventTarget.prototype[name].length)",
            "[2,2,1]",
        ),
        (
            "(d => [typeof d.get, d.get.name, d.set === undefined, d.enumerable, d.configurable])(Object.getOwnPropertyDescriptor(new Event('x'), 'isTrusted'))",
            r#"["function","get isTrusted",true,true,false]"#,
        ),
        (
            "(get => get(new Event('x')) === get(new Event('y')))(e => Object.getOwnPropertyDescriptor(e, 'isTrusted').get)",
            "true",
        ),
        (
            "(d => [d.get.name, d.set.name, d.enumerable, d.configurable])(Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'onabort'))",
            r#"["get onabort","set onabort",true,true]"#,
        ),
    ]);
    throws(&[
        ("new Event()", "TypeError"),
        ("Event('x')", "TypeError"),
        ("new Event('x', 1)", "TypeError"),
        ("new Event(Symbol())", "TypeError"),
        ("Event.prototype.type", "TypeError"),
        ("new PromiseRejectionEvent('x')", "TypeError"),
        ("new PromiseRejectionEvent('x', {})", "TypeError"),
        ("new PromiseRejectionEvent('x', { promise: 1 })", "TypeError"),
        ("new EventTarget().dispatchEvent({})", "TypeError"),
        ("new EventTarget().dispatchEvent(null)", "TypeError"),
        ("new EventTarget().addEventListener('x')", "TypeError"),
        ("new EventTarget().addEventListener('x', 1)", "TypeError"),
        ("new EventTarget().addEventListener('x', null, { signal: null })", "TypeError"),
        ("new EventTarget().addEventListener('x', () => {}, { signal: {} })", "TypeError"),
        ("new EventTarget().addEventListener('x', null)", "nothing"),
        ("EventTarget.prototype.addEventListener.call({}, 'x', null)", "TypeError"),
        ("EventTarget.prototype.dispatchEvent.call(1, new Event('x'))", "TypeError"),
    ]);
}

#[test]
fn listeners_are_called_in_order_once_each_and_capturing_ones_first() {
    values(&[(
        "(() => {
            const target = new EventTarget(), called = [];
            const twice = () => called.push('twice');
            const object = { handleEvent(event) { called.push('object ' + (this === object) + event.eventPhase) } };
            target.addEventListener('x', twice);
            target.addEventListener('x', twice, { passive: true });
            target.addEventListener('x', object);
            target.addEventListener('x', function (event) { called.push('this ' + (this === target && event.currentTarget === target && event.target === target)) });
            target.addEventListener('x', () => called.push('captures'), true);
            target.addEventListener('x', () => called.push('once'), { once: true });
            target.addEventListener('y', () => called.push('other type'));
            target.dispatchEvent(new Event('x'));
            called.push('|');
            target.removeEventListener('x', twice, true);
            target.removeEventListener('x', object);
            target.dispatchEvent(new Event('x'));
            return called.join(', ');
        })()",
        r#""captures, twice, object true2, this true, once, |, captures, twice, this true""#,
    )]);
}

#[test]
fn a_dispatch_ends_when_a_listener_says_so() {
    values(&[
        (
            "(() => {
                const target = new EventTarget(), called = [];
                target.addEventListener('x', event => { called.push('capture'); event.stopPropagation() }, true);
                target.addEventListener('x', () => called.push('capture again'), true);
                target.addEventListener('x', () => called.push('bubble'));
                const event = new Event('x');
                target.dispatchEvent(event);
                return [called, event.cancelBubble];
            })()",
            r#"[["capture","capture again"],false]"#,
        ),
        (
            "(() => {
                const target = new EventTarget(), called = [];
                target.addEventListener('x', event => { called.push(1); event.stopImmediatePropagation() });
                target.addEventListener('x', () => called.push(2));
                target.dispatchEvent(new Event('x'));
                return called;
            })()",
            "[1]",
        ),
        (
            "(() => {
                const target = new EventTarget(); let called = 0;
                target.addEventListener('x', () => called++);
                const event = new Event('x');
                event.cancelBubble = true; event.cancelBubble = false;
                target.dispatchEvent(event);
                target.dispatchEvent(event);
                return called;
            })()",
            "1",
        ),
    ]);
}

#[test]
fn listeners_that_come_and_go_during_a_dispatch() {
    values(&[(
        "(() => {
            const target = new EventTarget(), called = [];
            const late = () => called.push('late'), gone = () => called.push('gone');
            target.addEventListener('x', () => { called.push('first'); target.addEventListener('x', late); target.removeEventListener('x', gone) });
            target.addEventListener('x', gone);
            target.dispatchEvent(new Event('x'));
            called.push('|');
            target.dispatchEvent(new Event('x'));
            return called.join(' ');
        })()",
        r#""first | first late""#,
    )]);
}

#[test]
fn only_a_cancelable_event_is_canceled_and_never_by_a_passive_listener() {
    values(&[
        (
            "[[true, false], [false, false], [true, true]].map(([cancelable, passive]) => {
                const target = new EventTarget(), event = new Event('x', { cancelable });
                target.addEventListener('x', event => event.preventDefault(), { passive });
                return [target.dispatchEvent(event), event.defaultPrevented, event.returnValue];
            })",
            "[[false,true,false],[true,false,true],[true,false,true]]",
        ),
        (
            "(e => { e.returnValue = true; e.returnValue = false; return e.defaultPrevented })(new Event('x', { cancelable: true }))",
            "true",
        ),
    ]);
}

#[test]
fn an_event_is_dispatched_one_at_a_time_and_can_be_used_again() {
    values(&[(
        "(() => {
            const target = new EventTarget(), event = new Event('x'); let name;
            target.addEventListener('x', () => {
                try { new EventTarget().dispatchEvent(event) } catch (error) { name = error.name }
                event.initEvent('y', true);
            }, { once: true });
            target.dispatchEvent(event);
            const after = [event.target === target, event.currentTarget, event.eventPhase, event.type];
            event.initEvent('z', true);
            return [name, after, event.type, event.bubbles, event.target];
        })()",
        r#"["InvalidStateError",[true,null,0,"x"],"z",true,null]"#,
    )]);
}

#[test]
fn composed_path_is_the_target_while_an_event_is_dispatched() {
    values(&[(
        "(() => {
            const target = new EventTarget(); let path;
            target.addEventListener('x', event => path = event.composedPath());
            const event = new Event('x');
            target.dispatchEvent(event);
            return [path.length, path[0] === target, event.composedPath().length];
        })()",
        "[1,true,0]",
    )]);
}

#[test]
fn classes_extend_targets_and_events() {
    values(&[
        (
            "(() => {
                class Target extends EventTarget { #n = 0; add() { this.#n++ } get n() { return this.#n } }
                class Mine extends Event { constructor() { super('mine') } isTrusted_ = 1; get type() { return 'theirs' } }
                const target = new Target();
                target.addEventListener('mine', event => { if (event instanceof Mine) target.add() });
                target.dispatchEvent(new Mine());
                return target.n;
            })()",
            "1",
        ),
    ]);
}

#[test]
fn the_global_object_is_a_target() {
    values(&[
        ("[globalThis instanceof EventTarget, self === globalThis]", "[true,true]"),
        (
            "(() => {
                const seen = [];
                addEventListener('x', event => seen.push(event.target === globalThis));
                globalThis.addEventListener('x', function () { seen.push(this === globalThis) });
                dispatchEvent(new Event('x'));
                EventTarget.prototype.dispatchEvent.call(undefined, new Event('x'));
                return seen;
            })()",
            "[true,true,true,true]",
        ),
        ("(() => { self = 1; const was = self; self = globalThis; return was })()", "1"),
        ("[onerror, onunhandledrejection, onrejectionhandled]", "[null,null,null]"),
        (
            "(() => { onerror = 1; const one = onerror; onerror = {}; const object = onerror; onerror = null; return [one, object, onerror] })()",
            "[null,{},null]",
        ),
    ]);
}

#[test]
fn signals_remove_listeners() {
    values(&[
        (
            "(() => {
                const target = new EventTarget(), controller = new AbortController(), { signal } = controller, called = [];
                target.addEventListener('x', () => { called.push('aborts'); controller.abort() }, { signal });
                target.addEventListener('x', () => called.push('later'), { signal });
                target.dispatchEvent(new Event('x'));
                target.dispatchEvent(new Event('x'));
                target.addEventListener('x', () => called.push('never'), { signal });
                target.dispatchEvent(new Event('x'));
                return called;
            })()",
            r#"["aborts"]"#,
        ),
    ]);
}

#[test]
fn patched_intrinsics_take_no_part() {
    let mut guest = guest();
    let source = format!(
        "const log = {{ text: '' }};
         const {{ prototype }} = Array, objectPrototype = Object.prototype, {{ iterator }} = Symbol;
         {PATCHES}
         for (let i = 0; i < 9; i++) {{
             defineProperty(prototype, i, {{ set: taint, get: taint }});
             if (i > 2) defineProperty(objectPrototype, i, {{ set: taint, get: taint }});
         }}
         defineProperty(objectPrototype, 'bubbles', {{ get: taint }});
         defineProperty(objectPrototype, 'signal', {{ get: taint }});
         const target = new EventTarget(), controller = new AbortController();
         const listener = event => {{ log.text += event.type + event.detail + ' ' }};
         target.addEventListener('x', listener, {{ once: true, signal: controller.signal, capture: true }});
         target.addEventListener('x', {{ handleEvent: listener }});
         target.addEventListener('x', listener);
         target.removeEventListener('x', listener);
         target.dispatchEvent(new CustomEvent('x', {{ detail: 1, bubbles: false }}));
         const any = AbortSignal.any({{ [iterator]: () => ({{ n: 0, next() {{ return {{ done: this.n++ > 0, value: controller.signal }} }} }}) }});
         any.onabort = listener;
         controller.abort();
         export default log.text + any.aborted"
    );
    assert_eq!(guest.value(&source), r#""x1 x1 abortundefined true""#);
}
