//! Errors that nobody caught: guest code hears of them, and what it does not handle fails
//! the request.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use hypercell_common::{Kind, body::Cause};
use support::{guest, told};

#[test]
fn what_nobody_catches_fails_the_request_with_its_stack() {
    for source in [
        "queueMicrotask(() => { throw new TypeError('mine') })",
        "reportError(new TypeError('mine'))",
        "addEventListener('x', () => { throw new TypeError('mine') }); dispatchEvent(new Event('x'))",
        "addEventListener('x', { handleEvent: 1 }); addEventListener('x', () => { throw 'later' }); dispatchEvent(new Event('x')); if (0) throw new TypeError('mine')",
        "Promise.reject(new TypeError('mine'))",
        "addEventListener('unhandledrejection', () => { throw new TypeError('later') }); Promise.reject(new TypeError('mine'))",
        "onerror = () => { throw new RangeError('ignored') }; reportError(new TypeError('mine'))",
        "reportError(new TypeError('mine')); await new Promise(() => {})",
    ] {
        let mut guest = guest();
        let thrown = guest.error(&format!("{source}; export default 1"));
        assert_eq!(thrown.name, "TypeError", "{source}");
        assert!(
            thrown.stack.contains("main.js") || source.contains("handleEvent"),
            "{source}: {}",
            thrown.stack
        );
        assert!(!thrown.stack.contains("web:"), "{source}: {}", thrown.stack);
        // The next request knows nothing of it.
        assert_eq!(guest.value("globalThis.onerror = null; export default 2"), "2");
    }
}

#[test]
fn listeners_go_on_after_one_that_throws() {
    let mut guest = guest();
    let value = guest.value(
        "const target = new EventTarget(), seen = [];
         onerror = (...args) => { seen.push(args.length, args[4]); return true };
         target.addEventListener('x', () => { throw 'thrown' });
         target.addEventListener('x', () => seen.push('next'));
         export default [target.dispatchEvent(new Event('x')), seen]",
    );
    assert_eq!(value, r#"[true,[5,"thrown","next"]]"#);
}

#[test]
fn an_error_event_says_what_was_thrown_and_where() {
    let mut guest = guest();
    let value = guest.value(
        "const seen = [];
         addEventListener('error', event => {
             seen.push([event.message, event.filename, event.lineno, event.colno > 0, event.cancelable, event.isTrusted, event.target === globalThis]);
             event.preventDefault();
         });
         reportError(new RangeError('far'));
         reportError(1);
         reportError(undefined);
         reportError(Symbol('s'));
         reportError(new DOMException('m', 'AbortError'));
         reportError({ get name() { seen.push('ran') }, get message() { seen.push('ran') }, get stack() { seen.push('ran') }, toString() { seen.push('ran') } });
         reportError(new Proxy({}, { get() { seen.push('ran') }, getPrototypeOf() { seen.push('ran') }, getOwnPropertyDescriptor() { seen.push('ran') } }));
         export default seen",
    );
    let expected: Vec<String> = [
        ("Uncaught RangeError: far", 6),
        ("Uncaught 1", 7),
        ("Uncaught undefined", 8),
        ("Uncaught Symbol(s)", 9),
        ("Uncaught AbortError: m", 10),
        ("Uncaught an object", 11),
        ("Uncaught an object", 12),
    ]
    .iter()
    .map(|(message, line)| format!("[{message:?},\"main.js\",{line},true,true,true,true]"))
    .collect();
    assert_eq!(value, format!("[{}]", expected.join(",")));
    assert_eq!(guest.error("export default reportError()").name, "TypeError");
}

#[test]
fn stacks_that_guest_code_makes_itself_change_no_error() {
    for stack in
        ["({ toString() { throw 'taken' } })", "null", "'not a frame'", "(() => { throw 'thrown' })()"]
    {
        let mut guest = guest();
        let value = guest.value(&format!(
            "Error.prepareStackTrace = () => {stack};
             const seen = [];
             onerror = (message, file, line) => {{ seen.push(message, line); return true }};
             reportError(1); reportError(new TypeError('mine'));
             try {{ atob('a') }} catch (error) {{ seen.push(error.name) }}
             export default seen"
        ));
        assert_eq!(
            value, r#"["Uncaught 1",0,"Uncaught TypeError: mine",0,"InvalidCharacterError"]"#,
            "{stack}"
        );
    }
}

#[test]
fn an_error_in_a_script_has_the_scripts_name() {
    let mut guest = guest();
    guest.request(Kind::Script, "first.js", "1").unwrap();
    let place = guest.request(
        Kind::Script,
        "second.js",
        "let place; onerror = (message, file, line) => { place = [file, line]; return true };\nreportError(new Error('x'));\nplace",
    );
    assert_eq!(place.unwrap().body, r#"["second.js",2]"#);
}

#[test]
fn onerror_handles_with_true_and_other_handlers_with_false() {
    for (handler, handled) in [
        ("onerror = () => true", true),
        ("onerror = () => false", false),
        ("onerror = () => 1", false),
        ("onerror = event => event.preventDefault?.()", false),
        ("addEventListener('error', event => event.preventDefault())", true),
        ("addEventListener('error', () => true)", false),
    ] {
        let outcome = guest().eval(&format!("{handler}; reportError(new Error('x')); export default 1"));
        assert_eq!(outcome.is_ok(), handled, "{handler}");
    }
}

#[test]
fn a_rejection_is_told_of_at_the_end_of_the_turn() {
    for (source, expected) in [
        // Handled in time.
        ("const p = Promise.reject(1); queueMicrotask(() => p.catch(() => {}))", "[]"),
        (
            "addEventListener('unhandledrejection', event => { seen.push(event.promise === p, event.reason, event.cancelable, event.isTrusted); event.preventDefault() }); const p = Promise.reject('r')",
            r#"[true,"r",true,true]"#,
        ),
        (
            "onunhandledrejection = event => { seen.push(event.reason); return false }; Promise.reject(1); Promise.reject(2)",
            "[1,2]",
        ),
        // Handled by the listener itself.
        (
            "onunhandledrejection = event => { event.promise.catch(reason => seen.push('caught', reason)) }; onrejectionhandled = () => seen.push('late'); Promise.reject(1)",
            r#"["caught",1]"#,
        ),
        // Handled by the listener of another one.
        (
            "onunhandledrejection = event => { seen.push(event.reason); two.catch(() => {}); return false }; const one = Promise.reject(1), two = Promise.reject(2)",
            "[1]",
        ),
        // Handled afterwards.
        (
            "onunhandledrejection = event => { event.preventDefault(); Promise.resolve().then(() => event.promise.catch(() => {})) }; onrejectionhandled = event => { seen.push(event.type, event.promise === p, event.reason, event.cancelable) }; const p = Promise.reject('r')",
            r#"["rejectionhandled",true,"r",false]"#,
        ),
        // What a listener rejects is told of in the next turn.
        (
            "onunhandledrejection = event => { seen.push(event.reason); event.preventDefault(); if (event.reason < 3) Promise.reject(event.reason + 1) }; Promise.reject(1)",
            "[1,2,3]",
        ),
    ] {
        let mut guest = guest();
        let outcome = guest.eval(&format!("globalThis.seen = []; {source}; export default 1"));
        assert!(outcome.is_ok(), "{source}: {outcome:?}");
        assert_eq!(guest.value("export default seen"), expected, "{source}");
    }
}

#[test]
fn a_rejection_that_no_listener_handles_fails_the_request() {
    let mut guest = guest();
    guest.value("globalThis.seen = []; addEventListener('unhandledrejection', event => seen.push(event.reason)); export default 1");
    let thrown = guest.error("Promise.reject('first'); Promise.reject('second'); export default 1");
    assert!(told(&thrown).1.contains("first"), "{thrown:?}");
    assert_eq!(guest.value("export default seen"), r#"["first","second"]"#);
}

#[test]
fn an_awaited_promise_can_settle_in_a_listener() {
    let mut guest = guest();
    assert_eq!(
        guest.value("onunhandledrejection = event => { event.preventDefault(); resolve('settled') }; let resolve; Promise.reject(1); export default await new Promise(r => { resolve = r })"),
        r#""settled""#
    );
}

#[test]
fn microtasks_run_in_order_and_take_functions_only() {
    let mut guest = guest();
    assert_eq!(
        guest.value(
            "const order = []; queueMicrotask(() => order.push(1)); Promise.resolve().then(() => order.push(2)); queueMicrotask(function () { order.push(this === undefined, arguments.length) });
             order.push(0); await null; await null; export default [order, queueMicrotask.length, queueMicrotask(() => {}) === undefined]"
        ),
        "[[0,1,2,true,0],1,true]"
    );
    for source in ["queueMicrotask()", "queueMicrotask({})", "queueMicrotask('f')"] {
        assert_eq!(guest.error(&format!("export default {source}")).name, "TypeError", "{source}");
    }
}

#[test]
fn a_call_goes_on_after_an_error_of_a_timer_that_guest_code_handles() {
    let mut guest = guest();
    let value = guest.value(
        "const seen = [];
         onerror = message => { seen.push(message); return true };
         setTimeout(() => { throw new Error('once') }, 1);
         const id = setInterval(() => { if (seen.length === 3) clearInterval(id); throw 'again' }, 2);
         AbortSignal.timeout(1).onabort = () => { throw 'aborted' };
         await new Promise(resolve => setTimeout(resolve, 20));
         export default seen",
    );
    assert_eq!(value, r#"["Uncaught Error: once","Uncaught aborted","Uncaught again","Uncaught again"]"#);
}

#[test]
fn what_nobody_catches_in_a_later_turn_fails_the_request_then() {
    for source in [
        "setTimeout(() => { throw new TypeError('mine') })",
        "setTimeout(() => queueMicrotask(() => { throw new TypeError('mine') }))",
        "setTimeout(() => Promise.reject(new TypeError('mine')))",
        "setTimeout(() => reportError(new TypeError('mine')))",
        "AbortSignal.timeout(1).onabort = () => { throw new TypeError('mine') }",
        "onerror = () => 'not handled'; setTimeout(() => { throw new TypeError('mine') })",
    ] {
        let mut guest = guest();
        let thrown = guest.error(&format!(
            "globalThis.later = false; setTimeout(() => {{ later = true }}, 10);
             {source}; await new Promise(resolve => setTimeout(resolve, 20)); export default 1"
        ));
        assert_eq!((thrown.name.as_str(), thrown.message.as_str()), ("TypeError", "mine"), "{source}");
        assert!(thrown.stack.contains("main.js") && !thrown.stack.contains("web:"), "{}", thrown.stack);
        assert_eq!(guest.value("export default later"), "false", "{source}");
    }
}

#[test]
fn a_rejection_can_be_handled_some_turns_after_it_was_told_of() {
    let mut guest = guest();
    let value = guest.value(
        "const order = [];
         onunhandledrejection = event => { order.push(event.type); event.preventDefault() };
         onrejectionhandled = event => order.push(event.type, event.promise === promise, event.reason);
         const promise = Promise.reject('r');
         setTimeout(() => { order.push('timer'); promise.catch(() => order.push('caught')) }, 5);
         await new Promise(resolve => setTimeout(resolve, 10));
         export default order",
    );
    assert_eq!(value, r#"["unhandledrejection","timer","caught","rejectionhandled",true,"r"]"#);
}

#[test]
fn a_listener_that_never_ends_is_interrupted() {
    for source in [
        "onerror = () => { for (;;); }; setTimeout(() => { throw 1 }); await new Promise(() => {})",
        "onunhandledrejection = () => { for (;;); }; Promise.reject(1)",
        "onunhandledrejection = event => { event.preventDefault(); Promise.reject(1) }; Promise.reject(1)",
    ] {
        let mut guest = guest();
        guest.platform.polls_left.set(Some(20));
        let thrown = guest.error(&format!("{source}; export default 1"));
        assert_eq!(thrown.cause, Cause::Interrupted, "{source}");
    }
}
