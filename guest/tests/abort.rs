//! AbortController and AbortSignal.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

fn value(source: &str) -> String {
    guest().value(&format!("export default await (async () => {{ {source} }})()"))
}

#[test]
fn a_controller_aborts_its_signal_once() {
    assert_eq!(
        value(
            "const controller = new AbortController(), { signal } = controller, seen = [];
             signal.onabort = event => seen.push([event.type, event.isTrusted, event.target === signal, event.bubbles, event.cancelable, signal.aborted]);
             const before = [signal.aborted, signal.reason === undefined, controller.signal === signal];
             controller.abort('why'); controller.abort('again');
             return [before, seen, signal.reason, signal.aborted]"
        ),
        r#"[[false,true,true],[["abort",true,true,false,false,true]],"why",true]"#
    );
}

#[test]
fn the_reason_is_an_abort_error_unless_one_is_given() {
    assert_eq!(
        value(
            "const controller = new AbortController(); controller.abort();
             const { reason } = controller.signal;
             let thrown; try { controller.signal.throwIfAborted() } catch (error) { thrown = error }
             new AbortController().signal.throwIfAborted();
             return [reason instanceof DOMException, reason.name, reason.code, thrown === reason, AbortSignal.abort(undefined).reason.name, AbortSignal.abort(null).reason, AbortSignal.abort(0).aborted]"
        ),
        r#"[true,"AbortError",20,true,"AbortError",null,true]"#
    );
}

#[test]
fn guest_code_makes_no_signal_itself() {
    for source in [
        "new AbortSignal()",
        "Reflect.construct(EventTarget, [], AbortSignal).aborted",
        "AbortSignal.any()",
        "AbortSignal.any(1)",
        "AbortSignal.any([{}])",
        "AbortController()",
        "AbortSignal.prototype.onabort",
        "AbortSignal.prototype.onabort = null",
    ] {
        assert_eq!(guest().error(&format!("export default {source}")).name, "TypeError", "{source}");
    }
}

#[test]
fn a_dependent_signal_follows_the_first_source_that_aborts() {
    assert_eq!(
        value(
            "const a = new AbortController(), b = new AbortController(), any = AbortSignal.any([a.signal, b.signal]); let events = 0;
             any.onabort = () => events++;
             b.abort('b'); a.abort('a');
             return [any.aborted, any.reason, events, AbortSignal.any([]).aborted, AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]).reason]"
        ),
        r#"[true,"b",1,false,1]"#
    );
}

#[test]
fn dependents_of_dependents_follow_the_sources_themselves() {
    assert_eq!(
        value(
            "const controller = new AbortController(), order = [];
             const one = AbortSignal.any([controller.signal]), two = AbortSignal.any([one]), three = AbortSignal.any([two, one, controller.signal]);
             for (const [name, signal] of Object.entries({ three, two, one, source: controller.signal })) signal.onabort = () => order.push(name + [one, two, three].every(s => s.aborted));
             controller.abort();
             return order"
        ),
        r#"["sourcetrue","onetrue","twotrue","threetrue"]"#
    );
}

#[test]
fn a_dependent_signal_is_kept_for_as_long_as_someone_listens() {
    assert_eq!(
        value(
            "const controller = new AbortController(), seen = [];
             for (let i = 0; i < 100; i++) AbortSignal.any([controller.signal]);
             AbortSignal.any([controller.signal]).onabort = () => seen.push('handler');
             AbortSignal.any([controller.signal]).addEventListener('abort', () => seen.push('listener'));
             const target = new EventTarget(); target.addEventListener('x', () => seen.push('x'), { signal: AbortSignal.any([controller.signal]) });
             await null;
             controller.abort(); target.dispatchEvent(new Event('x'));
             return seen"
        ),
        r#"["handler","listener"]"#
    );
}

#[test]
fn handlers_keep_their_place_and_false_means_prevent_default() {
    assert_eq!(
        value(
            "const { signal } = new AbortController(), seen = [];
             signal.onabort = () => seen.push('old');
             signal.addEventListener('abort', () => seen.push('listener'));
             signal.onabort = () => { seen.push('new'); return false };
             const event = new Event('abort', { cancelable: true });
             const went = signal.dispatchEvent(event);
             signal.onabort = null; signal.onabort = () => { seen.push('last') };
             signal.dispatchEvent(new Event('abort'));
             return [seen, went, event.defaultPrevented]"
        ),
        r#"[["new","listener","listener","last"],false,true]"#
    );
}

#[test]
fn a_timeout_aborts_when_its_time_is_over() {
    let mut guest = guest();
    let source = "
        const signal = AbortSignal.timeout(5), before = signal.aborted;
        const event = await new Promise(resolve => { signal.onabort = resolve });
        const { name, code } = signal.reason;
        export default [before, event.isTrusted, signal.aborted, signal.reason instanceof DOMException, name, code]";
    assert_eq!(guest.value(source), r#"[false,true,true,true,"TimeoutError",23]"#);
    assert_eq!(guest.platform.waits.take(), [5_000]);
}

#[test]
fn timeouts_end_in_the_order_of_their_times_and_of_their_making() {
    let mut guest = guest();
    let source = "
        const order = [], any = AbortSignal.any([AbortSignal.timeout(20), AbortSignal.timeout(10)]);
        const note = (name, signal) => { signal.onabort = () => order.push(name) };
        note('late', AbortSignal.timeout(20)); note('any', any); note('soon', AbortSignal.timeout(0));
        setTimeout(() => order.push('timer'), 20);
        order.push('now'); await null; order.push('job');
        await new Promise(resolve => setTimeout(resolve, 30));
        export default order.join()";
    assert_eq!(guest.value(source), r#""now,job,soon,any,late,timer""#);
}

#[test]
fn guest_code_cannot_reach_the_timer_of_a_timeout() {
    let mut guest = guest();
    let source = "
        const wait = setTimeout, signal = AbortSignal.timeout(5), id = setTimeout(() => {}, 1);
        for (let i = -10; i < 10; i++) clearTimeout(i), clearInterval(i);
        clearTimeout(2 ** 63); clearTimeout(-(2 ** 31));
        globalThis.setTimeout = globalThis.clearTimeout = () => { throw new Error('patched') };
        AbortSignal.timeout(6);
        await new Promise(resolve => wait(resolve, 10));
        export default [id, signal.aborted]";
    assert_eq!(guest.value(source), "[1,true]");
}

#[test]
fn a_timeout_takes_whole_milliseconds_from_zero() {
    for argument in ["", "-1", "NaN", "Infinity", "2 ** 53", "'x'", "Symbol()", "1n", "{}"] {
        let thrown = guest().error(&format!("export default AbortSignal.timeout({argument}).aborted"));
        assert_eq!(thrown.name, "TypeError", "{argument}");
    }
    let most = "AbortSignal.timeout(2 ** 53 - 1).onabort = () => { throw 'too soon' };
                AbortSignal.timeout(2 ** 32).onabort = () => { throw 'too soon' };
                AbortSignal.timeout(-0.9); AbortSignal.timeout('3');
                await new Promise(resolve => setTimeout(resolve, 2 ** 31 - 1)); export default 'no'";
    assert_eq!(guest().value(most), r#""no""#);
}

#[test]
fn timeouts_count_among_the_timers_that_there_may_be() {
    let mut guest = guest();
    guest.configure(&support::configuration(&[]));
    let source = "
        let made = 0, refused;
        try { for (;;) { AbortSignal.timeout(1000); made++ } } catch (error) { refused = error }
        export default [made, refused.name]";
    assert_eq!(guest.value(source), r#"[100,"QuotaExceededError"]"#);
}
