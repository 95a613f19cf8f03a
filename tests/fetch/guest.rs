//! Guest code fetches by the host's policy, and learns of nothing else.

use crate::{
    policy,
    server::{Request, Server, Stream, ok, redirect, response, wait_until_gone},
};
use flate2::{Compression, write::GzEncoder};
use hypercell::{CallOptions, ErrorKind, FetchPolicy, FetchResponse, Fetcher, HostModule, Limits, Sandbox};
use hypercell_tests::{engine, fails, sandbox, says, throws, works};
use serde_json::{Value, json};
use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};
use tokio::sync::{Mutex, mpsc::unbounded_channel};

/// A sandbox that may fetch from these servers.
fn fetching(servers: &[&Server]) -> Option<Sandbox> {
    let fetcher = Fetcher::new(policy(servers)).unwrap();
    Some(engine()?.sandbox().fetch(&fetcher).build().unwrap())
}

/// What a module exports that knows the server as `base`.
fn value(sandbox: &mut Sandbox, server: &Server, source: &str) -> Value {
    let source = format!("const base = '{}'; {source}", server.url("a.test", ""));
    sandbox.eval::<Value>(source.as_str()).unwrap().unwrap()
}

#[test]
fn without_a_fetcher_it_is_denied_and_the_error_says_how_to_allow_it() {
    let Some(mut sandbox) = sandbox() else { return };
    let error = throws(sandbox.eval::<()>("await fetch('https://example.com/')"));
    assert_eq!(error.name, "TypeError");
    says(&error.message, &["fetch is not allowed", "SandboxBuilder::fetch"]);

    let code = "export default await fetch('https://example.com/').catch(error => error.cause.code)";
    assert_eq!(sandbox.eval::<String>(code).unwrap().unwrap(), "ERR_FETCH_DENIED");
    works(&mut sandbox);
}

#[test]
fn requests_arrive_as_they_were_made_and_responses_as_they_were_sent() {
    let server = Server::answering(response(
        "201 Made So",
        &["content-type: application/json", "set-cookie: a=1", "set-cookie: b=2", "x-latin: \u{e9}"],
        r#"{"made":true}"#,
    ));
    let Some(mut sandbox) = fetching(&[&server]) else { return };
    let result = value(
        &mut sandbox,
        &server,
        "const answer = await fetch(base + '/things?n=1#part', {
             method: 'post', headers: { 'X-Own': 'yes' }, body: new URLSearchParams({ a: 'b c' }),
         });
         const { status, statusText, ok, url, redirected, type, headers } = answer;
         export default {
             status, statusText, ok, redirected, type, path: new URL(url).pathname,
             cookies: headers.getSetCookie(), made: (await answer.json()).made, used: answer.bodyUsed,
         }",
    );
    assert_eq!(
        result,
        json!({
            "status": 201, "statusText": "Made So", "ok": true, "redirected": false, "type": "basic",
            "path": "/things", "cookies": ["a=1", "b=2"], "made": true, "used": true,
        })
    );
    let request = server.request();
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/things?n=1"));
    assert_eq!(request.header("x-own"), Some("yes"));
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded;charset=UTF-8"));
    assert_eq!(request.body, b"a=b+c");
}

#[test]
fn a_plain_object_is_sent_as_json() {
    let server = Server::answering(ok("done"));
    let Some(mut sandbox) = fetching(&[&server]) else { return };
    value(
        &mut sandbox,
        &server,
        "await fetch(base, { method: 'PUT', body: { n: [1, 2] } }); export default 1",
    );
    let request = server.request();
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.body, br#"{"n":[1,2]}"#);
}

#[test]
fn redirects_compressed_and_large_bodies_are_what_the_standard_says() {
    let large: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&large).unwrap();
    let zipped = response("200 OK", &["content-encoding: gzip"], gzip.finish().unwrap());
    let server = Server::start(move |request: &Request, stream: &mut dyn Stream| {
        let answer = if request.path == "/from" { redirect(302, "/to") } else { zipped.clone() };
        stream.write_all(&answer).unwrap_or_default();
    });
    let Some(mut sandbox) = fetching(&[&server]) else { return };
    let result = value(
        &mut sandbox,
        &server,
        "const answer = await fetch(base + '/from');
         const bytes = await answer.bytes();
         const refused = await fetch(base + '/from', { redirect: 'error' }).catch(e => e.cause.code);
         export default [
             answer.redirected, new URL(answer.url).pathname, answer.headers.get('content-encoding'), bytes.length,
             bytes.every((byte, i) => byte === i % 256), refused,
         ]",
    );
    assert_eq!(result, json!([true, "/to", null, 3 << 20, true, "ERR_FETCH_REDIRECT"]));
}

#[test]
fn what_fails_is_a_type_error_with_a_code_and_tells_nothing_of_the_host() {
    let broken = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort");
    let Some(mut sandbox) = fetching(&[&broken]) else { return };
    let result = value(
        &mut sandbox,
        &broken,
        "const told = error => [error.name, error.cause.code, /127|localhost/.test(error.message)];
         const tries = [base, 'http://b.example/', base.replace(/\\d+$/, '9'), base + '/'];
         const failed = [];
         for (const url of tries) failed.push(await fetch(url).then(() => 'no error', told));
         failed.push(await fetch(base, { headers: { 'X-Forwarded-For': '1.2.3.4' } }).catch(told));
         export default failed",
    );
    let expected = |code: &str| json!(["TypeError", code, false]);
    assert_eq!(
        result,
        json!([
            expected("ERR_FETCH_PROTOCOL"),
            expected("ERR_FETCH_DENIED"),
            expected("ERR_FETCH_DENIED"),
            expected("ERR_FETCH_PROTOCOL"),
            expected("ERR_FETCH_DENIED"),
        ])
    );
}

/// A server that answers nothing, a host function that waits until a request has come to it, and what
/// tells that a client has gone.
fn silent() -> (Server, HostModule, mpsc::Receiver<()>) {
    let (tell_come, come) = unbounded_channel();
    let (tell_gone, gone) = mpsc::channel();
    let server = Server::start(move |_: &Request, stream: &mut dyn Stream| {
        let _ = tell_come.send(());
        wait_until_gone(stream);
        let _ = tell_gone.send(());
    });
    let come = Arc::new(Mutex::new(come));
    let module = HostModule::new("server").async_function("come", move || {
        let come = Arc::clone(&come);
        async move { come.lock().await.recv().await.is_some() }
    });
    (server, module, gone)
}

#[test]
fn an_aborted_fetch_rejects_with_the_reason_and_ends_the_request() {
    let (server, module, gone) = silent();
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    let Some(engine) = engine() else { return };
    let mut sandbox = engine.sandbox().host_module(module).fetch(&fetcher).build().unwrap();
    let result = value(
        &mut sandbox,
        &server,
        "import { come } from 'host:server';
         const controller = new AbortController();
         const aborted = fetch(base, { signal: controller.signal }).catch(error => error.name);
         await come();
         controller.abort();
         const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(1)]);
         const before = await fetch(base, { signal }).catch(error => error.name);
         const late = await fetch(base, { signal: AbortSignal.timeout(1) }).catch(error => error.name);
         export default [await aborted, before, late]",
    );
    assert_eq!(result, json!(["AbortError", "AbortError", "TimeoutError"]));
    gone.recv().unwrap();
}

#[test]
fn a_kill_and_the_end_of_a_call_end_its_fetches() {
    let (server, module, gone) = silent();
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    let Some(engine) = engine() else { return };
    let sent = Arc::new(AtomicBool::new(false));
    let marked = Arc::clone(&sent);
    let module = module.function("mark", move || marked.store(true, Ordering::Release));
    let mut sandbox = engine.sandbox().host_module(module).fetch(&fetcher).build().unwrap();
    let fresh = sandbox.snapshot().unwrap();
    let url = server.url("a.test", "/");
    let source = format!("import {{ come }} from 'host:server'; fetch('{url}'); await come();");
    sandbox.eval::<()>(source.as_str()).unwrap();
    gone.recv().unwrap();

    let handle = sandbox.interrupt_handle();
    let fetching = Arc::clone(&sent);
    let killer = thread::spawn(move || {
        while !(fetching.load(Ordering::Acquire) && handle.kill()) {
            thread::yield_now();
        }
    });
    let source = format!(
        "import {{ come, mark }} from 'host:server'; fetch('{url}'); await come(); mark(); await fetch('{url}')"
    );
    let options = CallOptions::new().wall(Duration::from_secs(60));
    fails(sandbox.eval_with::<()>(source.as_str(), &options), ErrorKind::Cancelled);
    killer.join().unwrap();
    gone.recv().unwrap();
    sandbox.restore(&fresh).unwrap();
    works(&mut sandbox);
}

#[test]
fn a_closure_answers_instead_of_the_network() {
    let Some(engine) = engine() else { return };
    let policy = FetchPolicy::new().allow_host("time.example");
    let fetcher = Fetcher::answered_by(policy, async |request| {
        Ok(FetchResponse::new(200, format!("{} {}", request.method, request.url)).header("x-from", "closure"))
    })
    .unwrap();
    let mut sandbox = engine.sandbox().fetch(&fetcher).build().unwrap();
    let source = "
        const answer = await fetch('https://time.example/now');
        export default [await answer.text(), answer.headers.get('x-from'), (await fetch('https://other.example/').catch(e => e.cause.code))]";
    let expected = json!(["GET https://time.example/now", "closure", "ERR_FETCH_DENIED"]);
    assert_eq!(sandbox.eval::<Value>(source).unwrap(), Some(expected));
}

#[test]
fn fetches_count_as_asynchronous_host_calls() {
    let (server, _, _gone) = silent();
    let fetcher = Fetcher::new(policy(&[&server])).unwrap();
    let Some(engine) = engine() else { return };
    let limits = Limits::default().async_calls(2);
    let mut sandbox = engine.sandbox().limits(limits).fetch(&fetcher).build().unwrap();
    let result = value(
        &mut sandbox,
        &server,
        "fetch(base); fetch(base); export default await fetch(base).catch(error => error.message)",
    );
    says(result, &["2 asynchronous host functions", "limit"]);
}
