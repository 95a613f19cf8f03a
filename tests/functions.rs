//! Functions called by name, and generators whose yields the host takes one by one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use futures_util::{FutureExt, StreamExt};
use hypercell::{CallOptions, ErrorKind, FunctionName, HostModule, InterruptHandle, Sandbox, Termination};
use hypercell_tests::{engine, fails, sandbox, says, throws, works};
use serde_json::Value;
use std::{
    sync::mpsc::{Receiver, channel},
    time::Duration,
};
use tokio::runtime::Builder;

/// A generator that says when it makes a value and when it ends.
const COUNT: &str = "
    import { tell } from 'host:log';
    export function* count(to = Infinity) {
        try {
            for (let n = 1; n <= to; n++) { tell(`make ${n}`); yield n; }
            return 'all';
        } finally { tell('finally'); }
    }
    export async function* slowly(to = Infinity) {
        try {
            for (let n = 1; n <= to; n++) { await new Promise(r => setTimeout(r, 1)); yield n; }
        } finally { await null; tell('finally'); }
    }";

/// A sandbox with [`COUNT`], and what it tells.
fn counting() -> Option<(Sandbox, Receiver<String>)> {
    let (told, log) = channel();
    let module = HostModule::new("log").function("tell", move |what: String| {
        let _ = told.send(what);
    });
    let mut sandbox = engine()?.sandbox().host_module(module).build().unwrap();
    sandbox.eval::<()>(COUNT).unwrap();
    Some((sandbox, log))
}

fn said(log: &Receiver<String>) -> Vec<String> {
    log.try_iter().collect()
}

#[test]
fn exported_and_global_functions_are_called_with_arguments() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.eval::<()>("export const add = async (a, b) => a + b; globalThis.shout = t => t + '!';").unwrap();
    sandbox.add_module("text", "export const twice = text => text + text; export const n = 1;").unwrap();

    assert_eq!(sandbox.call_function("add", &(1, 2)).unwrap(), Some(3));
    assert_eq!(sandbox.call_function("shout", &["hey"]).unwrap(), Some("hey!".to_owned()));
    assert_eq!(sandbox.call_function(("user:text", "twice"), &("ab",)).unwrap(), Some("abab".to_owned()));
    sandbox.eval::<()>("export const nothing = (...all) => all.length ? all : undefined;").unwrap();
    assert_eq!(sandbox.call_function::<Value>("nothing", &()).unwrap(), None);
}

#[test]
fn what_is_no_function_or_no_arguments_is_told() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox.add_module("text", "export const n = 1;").unwrap();
    let missing: [(FunctionName<'_>, &str); 3] = [
        ("gone".into(), "no function 'gone'"),
        (("user:text", "n").into(), "'user:text' exports no function 'n'"),
        ("".into(), "is not empty"),
    ];
    for (name, part) in missing {
        let error = fails(sandbox.call_function::<Value>(name, &()), ErrorKind::InvalidArg);
        says(error, &[part]);
    }
    let error = fails(sandbox.call_function::<Value>("parseInt", "1"), ErrorKind::InvalidArg);
    says(error, &["write (value,)"]);
    let error = throws(sandbox.call_function::<Value>(("user:none", "f"), &()));
    says(error.message, &["user:none"]);
    works(&mut sandbox);
}

#[test]
fn yields_are_made_when_they_are_asked_for() {
    let Some((mut sandbox, log)) = counting() else { return };
    let mut yields = sandbox.stream::<u32>("count", &[2]).unwrap();
    assert_eq!(said(&log), [""; 0]);

    assert_eq!(yields.next().unwrap().unwrap(), 1);
    assert_eq!(said(&log), ["make 1"]);
    assert_eq!(yields.next().unwrap().unwrap(), 2);
    fails(yields.returned::<String>(), ErrorKind::InvalidArg);
    assert!(yields.next().is_none());

    assert_eq!(said(&log), ["make 2", "finally"]);
    assert_eq!(yields.returned::<String>().unwrap(), Some("all".to_owned()));
    assert!(yields.next().is_none());
    drop(yields);
    assert_eq!(said(&log), [""; 0], "a generator that ended is not ended again");
    works(&mut sandbox);
}

#[test]
fn an_iterator_that_is_dropped_runs_finally() {
    let Some((mut sandbox, log)) = counting() else { return };
    for name in ["count", "slowly"] {
        let first: Vec<u32> = sandbox.stream(name, &()).unwrap().take(2).collect::<Result<_, _>>().unwrap();
        assert_eq!(first, [1, 2]);
        assert_eq!(said(&log).pop().unwrap(), "finally");
    }
    drop(sandbox.stream::<u32>("count", &()).unwrap());
    assert_eq!(said(&log), [""; 0], "what never ran has nothing to end");
}

#[test]
fn an_error_ends_a_generator_and_a_misfit_does_not() {
    let Some(mut sandbox) = sandbox() else { return };
    let source = "
        export function* mixed() { yield 'no number'; yield; yield 3; throw new RangeError('enough'); }
        export function* stuck() { try { yield 1 } finally { throw new Error('in finally') } }";
    sandbox.eval::<()>(source).unwrap();

    let mut yields = sandbox.stream::<Option<u32>>("mixed", &()).unwrap();
    fails(yields.next().unwrap(), ErrorKind::InvalidArg);
    assert_eq!(yields.next().unwrap().unwrap(), None, "a bare yield is null");
    assert_eq!(yields.next().unwrap().unwrap(), Some(3));
    assert_eq!(throws(yields.next().unwrap()).name, "RangeError");
    assert!(yields.next().is_none());
    drop(yields);

    let mut yields = sandbox.stream::<u32>("stuck", &()).unwrap();
    assert_eq!(yields.next().unwrap().unwrap(), 1);
    assert_eq!(throws(yields.close()).message, "in finally");
    let mut plain = sandbox.stream::<u32>("parseInt", &["7"]).unwrap();
    assert!(plain.next().is_none());
    assert_eq!(plain.returned::<u32>().unwrap(), Some(7), "what is no generator has a result alone");
}

#[test]
fn all_steps_together_have_the_limits_of_one_call() {
    let Some(mut sandbox) = sandbox() else { return };
    sandbox
        .eval::<()>("export function* work() { for (;;) { for (let i = 0; i < 1e6; i++); yield 1; } }")
        .unwrap();
    let options = CallOptions::new().cpu(Duration::from_millis(200));
    let yields = sandbox.stream_with::<u32>("work", &(), &options).unwrap();

    let last = yields.last().unwrap();

    fails(last, ErrorKind::Cancelled);
    assert_eq!(sandbox.stats().terminated_by, Some(Termination::CpuTime));
    fails(sandbox.eval::<()>("1"), ErrorKind::Poisoned);
}

#[test]
fn a_stream_gives_the_same_yields_and_the_sandbox_back() {
    let Some((sandbox, log)) = counting() else { return };
    let all = async {
        let mut stream = sandbox.into_stream::<u32>("slowly", &[3]).unwrap();
        let yields: Vec<u32> = stream.by_ref().map(Result::unwrap).collect().await;
        assert_eq!(stream.returned::<Value>().unwrap(), None);
        let mut sandbox = stream.finish().await.unwrap();
        works(&mut sandbox);

        let mut stream = sandbox.into_stream::<u32>("count", &()).unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), 1);
        let mut sandbox = stream.finish().await.unwrap();
        works(&mut sandbox);
        yields
    };
    assert_eq!(Builder::new_current_thread().build().unwrap().block_on(all), [1, 2, 3]);
    assert_eq!(said(&log), ["finally", "make 1", "finally"]);
}

#[test]
fn nothing_runs_between_two_items_of_a_stream() {
    let Some((sandbox, log)) = counting() else { return };
    Builder::new_current_thread().build().unwrap().block_on(async {
        let mut stream = sandbox.into_stream::<u32>("count", &()).unwrap();
        stream.next().await.unwrap().unwrap();
        assert_eq!(said(&log), ["make 1"]);
        let mut sandbox = stream.finish().await.unwrap();
        assert_eq!(said(&log), ["finally"]);
        works(&mut sandbox);
    });
}

#[test]
fn a_stream_that_is_dropped_runs_finally_whether_a_step_is_under_way_or_not() {
    for under_way in [false, true] {
        let Some((sandbox, log)) = counting() else { return };
        Builder::new_current_thread().build().unwrap().block_on(async {
            let mut stream = sandbox.into_stream::<u32>("slowly", &()).unwrap();
            assert_eq!(stream.next().await.unwrap().unwrap(), 1);
            if under_way {
                assert!(stream.next().now_or_never().is_none());
            }
        });
        assert_eq!(log.recv().unwrap(), "finally");
        assert!(log.recv().is_err(), "the sandbox is gone");
    }
}

#[test]
fn a_stream_is_killed_by_its_sandboxs_handle() {
    let Some((sandbox, log)) = counting() else { return };
    sandbox_killed(sandbox.interrupt_handle(), sandbox);
    assert_eq!(said(&log), [""; 0], "a killed generator has no finally");
}

fn sandbox_killed(handle: InterruptHandle, mut sandbox: Sandbox) {
    sandbox.eval::<()>("export async function* forever() { yield 1; await new Promise(() => setTimeout(() => {}, 1e9)); }").unwrap();
    Builder::new_current_thread().build().unwrap().block_on(async {
        let mut stream = sandbox.into_stream::<u32>("forever", &()).unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap(), 1);
        let mut step = stream.next();
        assert!((&mut step).now_or_never().is_none());
        while !handle.kill() {
            std::thread::yield_now();
        }
        fails(step.await.unwrap(), ErrorKind::Cancelled);
        assert!(stream.next().await.is_none());
    });
}
