//! Asynchronous host functions: promises in the guest, futures on the host.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use hypercell::{CallOptions, ErrorKind, HostError, HostModule, Limits, SandboxBuilder, Termination};
use hypercell_tests::{engine, fails, thrown, works};
use serde_json::{Value, json};
use std::{
    future::{pending, ready},
    sync::{
        Arc, Mutex,
        mpsc::{Sender, channel},
    },
    thread,
    time::Duration,
};
use tokio::sync::{Barrier, oneshot};

fn builder() -> Option<SandboxBuilder> {
    engine().map(|engine| engine.sandbox())
}

/// Says that it was dropped.
struct Dropped(Sender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

#[test]
fn a_future_is_a_promise_in_the_guest() {
    let Some(builder) = builder() else { return };
    let module = HostModule::new("m")
        .async_function("add", |a: f64, b: f64| async move { a + b })
        .async_function("fail", |what: String| async move {
            Err::<(), _>(HostError::new(what).with_name("RangeError").with_code("E_NO"))
        });
    let mut sandbox = builder.host_module(module).build().unwrap();
    let source = "
        import { add, fail } from 'host:m';
        const promise = add(1, 2);
        export default [promise instanceof Promise, await promise, await fail('no').catch(e => [e instanceof RangeError, e.message, e.code])]";
    let result = sandbox.eval::<Value>(source).unwrap().unwrap();
    assert_eq!(result, json!([true, 3, [true, "no", "E_NO"]]));
    assert_eq!(sandbox.stats().host_calls, 2);
}

#[test]
fn several_run_at_once() {
    let Some(builder) = builder() else { return };
    // Each waits for the others.
    let barrier = Arc::new(Barrier::new(3));
    let meet = move |name: String| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            name
        }
    };
    let mut sandbox = builder.host_module(HostModule::new("m").async_function("meet", meet)).build().unwrap();
    let source =
        "import { meet } from 'host:m'; export default await Promise.all(['a', 'b', 'c'].map(n => meet(n)))";
    assert_eq!(sandbox.eval::<Value>(source).unwrap(), Some(json!(["a", "b", "c"])));
}

#[test]
fn answers_come_in_the_order_in_which_functions_end() {
    let Some(builder) = builder() else { return };
    let (open, opened) = oneshot::channel::<()>();
    let (open, opened) = (Mutex::new(Some(open)), Mutex::new(Some(opened)));
    let module = HostModule::new("m")
        .async_function("slow", move || {
            let opened = opened.lock().unwrap().take().unwrap();
            async move { opened.await.is_ok() }
        })
        .async_function("quick", || ready("quick"))
        .function("open", move || open.lock().unwrap().take().unwrap().send(()).is_ok());
    let mut sandbox = builder.host_module(module).build().unwrap();
    let source = "
        import { slow, quick, open } from 'host:m';
        const order = [];
        const all = [slow().then(() => order.push('slow')), quick().then(() => { order.push('quick'); open() })];
        await Promise.all(all);
        export default order";
    assert_eq!(sandbox.eval::<Value>(source).unwrap(), Some(json!(["quick", "slow"])));
}

#[test]
fn hostcall_reaches_what_is_registered_for_its_type() {
    let Some(builder) = builder() else { return };
    let mut sandbox =
        builder.hostcall("upper", |text: String| async move { text.to_uppercase() }).build().unwrap();
    assert_eq!(sandbox.eval::<String>("export default hostcall('upper', 'loud')").unwrap().unwrap(), "LOUD");
    assert_eq!(
        thrown(sandbox.eval::<Value>("export default hostcall('lower', 'x')")),
        "ReferenceError: there is no host function \".lower\""
    );
}

#[test]
fn a_panic_rejects_the_promise_and_says_nothing_of_the_host() {
    let Some(builder) = builder() else { return };
    let module = HostModule::new("m").async_function("burst", |_: Value| async move {
        assert!(std::env::var_os("NOT_SET_ANYWHERE").is_some(), "a secret of the host");
    });
    let mut sandbox = builder.host_module(module).build().unwrap();
    let source =
        "import { burst } from 'host:m'; export default await burst(1).catch(e => [e.code, e.message])";
    let told = sandbox.eval::<Value>(source).unwrap().unwrap();
    assert_eq!(told, json!(["ERR_HOST_PANIC", "the host function m.burst failed"]));
    works(&mut sandbox);
}

#[test]
fn a_future_is_dropped_when_its_call_ends() {
    let Some(builder) = builder() else { return };
    let (said, hears) = channel();
    let said = Mutex::new(said);
    let forever = move || {
        let dropped = Dropped(said.lock().unwrap().clone());
        async move {
            let _dropped = dropped;
            pending::<()>().await;
        }
    };
    let mut sandbox =
        builder.host_module(HostModule::new("m").async_function("forever", forever)).build().unwrap();

    let left = "import { forever } from 'host:m'; forever(); export default 1";
    assert_eq!(sandbox.eval::<u32>(left).unwrap(), Some(1));
    hears.recv().unwrap();

    // Also when the call is stopped.
    let awaited = "import { forever } from 'host:m'; await forever()";
    let options = CallOptions::new().wall(Duration::from_millis(50));
    fails(sandbox.eval_with::<Value>(awaited, &options), ErrorKind::Cancelled);
    hears.recv().unwrap();
}

#[test]
fn a_kill_ends_a_call_that_waits_for_a_function() {
    let Some(builder) = builder() else { return };
    let (started, starts) = channel();
    let started = Mutex::new(started);
    let forever = move || {
        started.lock().unwrap().send(()).unwrap();
        pending::<()>()
    };
    let mut sandbox =
        builder.host_module(HostModule::new("m").async_function("forever", forever)).build().unwrap();
    let handle = sandbox.interrupt_handle();
    let killer = thread::spawn(move || {
        starts.recv().unwrap();
        assert!(handle.kill());
    });

    let source = "import { forever } from 'host:m'; await forever()";
    fails(sandbox.eval::<Value>(source), ErrorKind::Cancelled);

    assert_eq!(sandbox.stats().terminated_by, Some(Termination::Killed));
    killer.join().unwrap();
    sandbox.unload().unwrap();
    works(&mut sandbox);
}

#[test]
fn the_number_of_functions_at_a_time_is_limited() {
    let Some(builder) = builder() else { return };
    let module =
        HostModule::new("m").async_function("forever", pending::<()>).async_function("quick", || ready(1));
    let limits = Limits::default().async_calls(2);
    let mut sandbox = builder.host_module(module).limits(limits).build().unwrap();
    let one_too_many = "
        import { forever } from 'host:m';
        forever(); forever();
        export default await forever().catch(e => e.code)";
    assert_eq!(sandbox.eval::<String>(one_too_many).unwrap().unwrap(), "ERR_LIMIT");
    let in_turn = "
        import { quick } from 'host:m';
        let n = 0;
        for (let i = 0; i < 50; i++) n += await quick();
        export default n";
    assert_eq!(sandbox.eval::<u32>(in_turn).unwrap(), Some(50));
}

#[test]
fn arguments_of_functions_under_way_do_not_pile_up_on_the_host() {
    let Some(builder) = builder() else { return };
    let module = HostModule::new("m").async_function("keep", |bytes: hypercell::Value| async move {
        pending::<()>().await;
        drop(bytes);
    });
    let limits = Limits::default().output(1 << 20);
    let mut sandbox = builder.host_module(module).limits(limits).build().unwrap();
    let source = "
        import { keep } from 'host:m';
        const kept = [];
        for (let i = 0; i < 10; i++) {
            let refused = false;
            keep(new Uint8Array(900_000)).catch(e => { refused = e.code });
            await null; await null;
            kept.push(refused);
        }
        export default kept";
    let kept = sandbox.eval::<Vec<Value>>(source).unwrap().unwrap();
    let refused = kept.iter().filter(|refused| **refused == json!("ERR_LIMIT")).count();
    assert_eq!(refused, 6, "{kept:?}");
}

#[test]
fn functions_run_on_the_runtime_that_the_engine_was_handed() {
    if engine().is_none() {
        return;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("given").build().unwrap();
    let engine = hypercell::Engine::builder().runtime(runtime.handle().clone()).build().unwrap();
    let name = || async { thread::current().name().map(str::to_owned) };
    let mut sandbox =
        engine.sandbox().host_module(HostModule::new("m").async_function("name", name)).build().unwrap();
    let source = "import { name } from 'host:m'; export default await name()";
    assert_eq!(sandbox.eval::<String>(source).unwrap().unwrap(), "given");
}
